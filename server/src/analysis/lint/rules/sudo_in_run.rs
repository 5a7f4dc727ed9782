//! `RUN sudo apt-get install …`.

use crate::analysis::lint::prelude::*;

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
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    let is_strict = cx.setting.profile == Profile::Hadolint;
    // `sudo -u app …` becomes another user for one command: that is of use to root too.
    let has_a_use = |it: &Called<'_>| !is_strict && it.has_any_flag(&["u", "user"]);
    for called in cx.calls(&["sudo"]).filter(|it| !has_a_use(it)) {
        let message = "`sudo` is of no use here: a build runs as root unless `USER` says otherwise";
        let draft = report.at(called.name_range(), message);
        let is_plain = called.arguments.first().filter(|it| !it.as_str().starts_with('-'));
        if let Some(next) = is_plain.filter(|_| called.part.is_editable()) {
            let sudo = TextRange::new(called.name_range().start(), next.range.start());
            draft.unsafe_fix("Leave `sudo` out", vec![TextEdit::delete(sudo)]);
        }
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
    fn to_become_another_user_is_left_alone() {
        check_rule("sudo-in-run", "FROM a\nRUN sudo -u app x; sudo --user=app x\n");
    }

    #[test]
    fn the_fix_takes_the_word() {
        check_fix("sudo-in-run", "FROM a\nRUN a && \\\n  sudo  b c\n", "FROM a\nRUN a && \\\n  b c\n");
    }
}
