//! `RUN apt-get update` and the install in another `RUN`.

use crate::analysis::lint::packages::{first_of_list, needs_apt_lists, updates_apt};
use crate::analysis::lint::prelude::*;

rule! {
    /// `apt-get update` stands in another `RUN` than the install that needs it.
    ///
    /// Docker keeps the result of each `RUN` and does not run it again while nothing above has changed. So when you add a
    /// package next month, the install works with the package lists of today: versions that are gone from the server
    /// cannot be downloaded, and security updates are missed.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// RUN apt-get update
    /// RUN apt-get install -y --no-install-recommends curl
    /// ```
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// RUN apt-get update && apt-get install -y --no-install-recommends curl
    /// ```
    name: "apt-get-update-alone",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/build/building/best-practices/#apt-get",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    let mut update: Option<Update<'_>> = None;
    for run in cx.instructions().filter(|it| it.keyword == Some(Keyword::Run)) {
        let Some(shell) = cx.cx.shell(run.id) else { continue };
        if has_kept_lists(&shell) {
            return;
        }
        let mut is_fresh = false;
        for called in shell.commands() {
            if updates_apt(called.command) {
                let is_alone = !shell.commands().any(|it| needs_apt_lists(it.command));
                update = is_alone.then(|| Update::new(run, &shell, called));
                is_fresh = true;
            } else if needs_apt_lists(called.command)
                && !is_fresh
                && let Some(update) = update.take()
            {
                tell(cx.cx, &update, run, called, report);
            }
        }
    }
}

/// An `apt-get update` whose `RUN` installs nothing.
struct Update<'a> {
    run: InstructionRef<'a>,
    range: TextRange,
    /// There is nothing else in the `RUN`.
    is_all: bool,
}

impl<'a> Update<'a> {
    fn new(run: InstructionRef<'a>, shell: &ShellContext<'_>, called: Called<'_>) -> Self {
        let is_plain = run.node.flags.is_empty() && called.part.is_editable();
        let is_all = is_plain && shell.commands().count() == 1 && called.redirections.is_empty();
        Update { run, range: run.absolute(called.words_range()), is_all }
    }
}

fn tell(
    cx: &ModelContext<'_>,
    update: &Update<'_>,
    run: InstructionRef<'_>,
    install: Called<'_>,
    report: &mut Report<'_>,
) {
    let place = run.absolute(install.words_range());
    let message =
        "these package lists are kept and grow old: write `apt-get update && apt-get install …` in one `RUN`";
    let draft = report.at(update.range, message).related(place, "installs from them");
    if let Some(edits) = joined(cx, update, run, install) {
        draft.unsafe_fix("Update the package lists where they are used", edits);
    }
}

/// The update in front of the install, and no longer in a `RUN` of its own.
fn joined(
    cx: &ModelContext<'_>,
    update: &Update<'_>,
    run: InstructionRef<'_>,
    install: Called<'_>,
) -> Option<Vec<TextEdit>> {
    let place = first_of_list(cx, run, install)?;
    let insertion = TextEdit::insert(place, format!("{} && ", cx.source(update.range)));
    let is_one_line = !cx.source(update.range).contains('\n');
    let removal = update.is_all.then(|| TextEdit::delete(cx.whole_lines(update.run)));
    is_one_line.then(|| removal.into_iter().chain([insertion]).collect())
}

/// With a cache mount the lists are no part of the result.
fn has_kept_lists(shell: &ShellContext<'_>) -> bool {
    shell.volatile_targets().iter().any(|it| it.contains("apt"))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn the_update_moves_to_the_install() {
        check_fix(
            "apt-get-update-alone",
            "FROM a\nRUN apt-get update -y\n# tools\nRUN set -e; \\\n    apt-get install -y b\nFROM a\nRUN x && apt-get update\nRUN A=b apt-get install c\n",
            "FROM a\n# tools\nRUN set -e; \\\n    apt-get update -y && apt-get install -y b\nFROM a\nRUN x && apt-get update\nRUN apt-get update && A=b apt-get install c\n",
        );
    }

    #[test]
    fn an_install_needs_the_update_in_its_own_run() {
        check_rule(
            "apt-get-update-alone",
            "FROM a\nRUN apt-get update\n    ^^^^^^^^^^^^^^ in one `RUN`\nRUN x\nRUN apt install b\nFROM a\nRUN apt-get update\nRUN apt-get update && apt-get install b\nFROM a\nRUN apt-get update && apt-get install b\nRUN apt-get install c\nFROM a\nRUN apt-get update\nRUN apt install ./d.deb\n",
        );
    }
}
