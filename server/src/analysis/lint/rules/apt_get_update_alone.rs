//! `RUN apt-get update` and the install in another `RUN`.

use crate::analysis::lint::packages::{needs_apt_lists, updates_apt};
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
    url: "https://docs.docker.com/build/building/best-practices/#apt-get",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    let mut update: Option<(TextRange, bool)> = None;
    for run in cx.instructions().filter(|it| it.keyword == Some(Keyword::Run)) {
        let Some(shell) = cx.cx.shell(run.id) else { continue };
        if has_kept_lists(&shell) {
            return;
        }
        let mut is_fresh = false;
        for called in shell.commands() {
            if updates_apt(called.command) {
                let is_alone = !shell.commands().any(|it| needs_apt_lists(it.command));
                update = Some((run.absolute(called.words_range()), is_alone));
                is_fresh = true;
            } else if needs_apt_lists(called.command)
                && !is_fresh
                && let Some((range, true)) = update
            {
                let message = "these package lists are kept and grow old: write `apt-get update && apt-get install …` in one `RUN`";
                report.at(range, message).related(run.absolute(called.words_range()), "installs from them");
                update = None;
            }
        }
    }
}

/// With a cache mount the lists are no part of the result.
fn has_kept_lists(shell: &ShellContext<'_>) -> bool {
    shell.volatile_targets().iter().any(|it| it.contains("apt"))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn an_install_needs_the_update_in_its_own_run() {
        check_rule(
            "apt-get-update-alone",
            "FROM a\nRUN apt-get update\n    ^^^^^^^^^^^^^^ in one `RUN`\nRUN x\nRUN apt install b\nFROM a\nRUN apt-get update\nRUN apt-get update && apt-get install b\nFROM a\nRUN apt-get update && apt-get install b\nRUN apt-get install c\nFROM a\nRUN apt-get update\nRUN apt install ./d.deb\n",
        );
    }
}
