//! `RUN sudo apt-get install …`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::user::{User, user_at};

rule! {
    /// `sudo` is called while the image is built.
    ///
    /// A build runs as root unless `USER` says otherwise, so `sudo` gives nothing; most images do not even have it.
    /// Where it is installed, it stays in the image as a way to become root, and it starts the command as a child that
    /// does not receive signals.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// RUN sudo apt-get update
    /// ```
    ///
    /// Leave `sudo` out. After a `USER`, switch to root and back:
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// USER app
    /// USER root
    /// RUN apt-get update
    /// USER app
    /// ```
    name: "sudo-in-run",
    aliases: &["DL3004"],
    severity: Severity::Warning,
    hadolint: Some(Severity::Error),
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/build/building/best-practices/#user",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    let is_strict = cx.profile == Profile::Hadolint;
    // `sudo -u app …` becomes another user for one command: that is of use to root too.
    let has_a_use = |it: &Called<'_>| !is_strict && it.has_any_flag(&["u", "user"]);
    for (instruction, shell) in cx.runs() {
        for called in shell.calls(&["sudo"]).filter(|it| !has_a_use(it)) {
            found(cx, instruction, called, report);
        }
    }
}

fn found(
    cx: &ModelContext<'_>,
    instruction: InstructionRef<'_>,
    called: Called<'_>,
    report: &mut Report<'_>,
) {
    let user = user_at(cx, instruction.id);
    let (message, severity) = judge(&user);
    let severity = severity.filter(|_| cx.profile != Profile::Hadolint);
    let draft = report.at(instruction.absolute(called.name_range()), message).severity_or_own(severity);
    let is_plain = called.arguments.first().filter(|it| !it.as_str().starts_with('-'));
    let next = is_plain.filter(|_| called.part.is_editable() && !matches!(user, User::Other(..)));
    if let Some(next) = next {
        let sudo = TextRange::new(called.name_range().start(), next.range.start());
        let delete = TextEdit::delete(instruction.absolute(sudo));
        draft.unsafe_fix("Leave `sudo` out", vec![delete]);
    }
}

/// What to say, and how loud when it is less certain than usual.
fn judge(user: &User) -> (String, Option<Severity>) {
    match user {
        User::Root => ("`sudo` is of no use here: this runs as root already".to_owned(), None),
        User::Other(name, _) => (
            format!(
                "`sudo` stays in the image as a way to become root: write `USER root` before this `RUN` and `USER {name}` after it"
            ),
            Some(Severity::Info),
        ),
        User::Unknown => (
            "`sudo` is of no use if the base image runs as root, as most do: leave it out, or write `USER root` before"
                .to_owned(),
            Some(Severity::Hint),
        ),
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn every_call_is_marked() {
        check_rule(
            "sudo-in-run",
            "FROM a\nRUN a && sudo -E b; x=$(sudo c)\n         ^^^^\n                        ^^^^\nONBUILD RUN sudo x\n            ^^^^\nRUN echo sudo; apt-get install sudo\nCMD sudo x\n",
        );
    }

    #[test]
    fn what_another_shell_reads_is_left_alone() {
        check_rule("sudo-in-run", "FROM a\nSHELL [\"pwsh\", \"-c\"]\nRUN sudo x\nRUN if sudo x\n");
    }

    #[test]
    fn it_depends_on_the_user_in_force() {
        check_rule(
            "sudo-in-run",
            "FROM debian:13\nRUN sudo a\n    ^^^^ runs as root already\nUSER app\nRUN sudo a\n    ^^^^ `USER app` after it\nFROM circleci/php\nRUN sudo a\n    ^^^^ if the base image\nUSER 0\nRUN sudo a\n    ^^^^ runs as root already\n",
        );
    }

    #[test]
    fn to_become_another_user_is_left_alone() {
        check_rule("sudo-in-run", "FROM a\nRUN sudo -u app x; sudo --user=app x\n");
    }

    #[test]
    fn the_fix_takes_the_word() {
        check_fix("sudo-in-run", "FROM a\nRUN a && \\\n  sudo  b c\n", "FROM a\nRUN a && \\\n  b c\n");
    }
}
