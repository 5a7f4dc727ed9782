//! `zypper install httpd`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell_rules::prompts::{self, Prompts};

rule! {
    /// `zypper` is not told to go ahead, so it asks, and the build stops.
    ///
    /// `zypper` lists what it is going to do and asks "Continue?". There is nobody to answer in a build, which it takes
    /// for a no.
    ///
    /// ```dockerfile bad
    /// FROM opensuse/leap:15.6
    /// RUN zypper install httpd
    /// ```
    ///
    /// ```dockerfile good
    /// FROM opensuse/leap:15.6
    /// RUN zypper -n install httpd
    /// ```
    name: "zypper-without-yes",
    aliases: &["DL3034"],
    severity: Severity::Warning,
    hadolint: Some(Severity::Warning),
    fix: FixSafety::Safe,
    url: "https://en.opensuse.org/SDB:Zypper_manual",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

const ZYPPER: Prompts = Prompts {
    programs: &["zypper"],
    subcommands: &["install", "in", "remove", "rm", "source-install", "si", "patch"],
    more: &["update", "up", "dist-upgrade", "dup"],
    has_yes: |command| command.has_any_flag(&["n", "non-interactive", "y", "no-confirm"]),
    yes: "-n",
    is_yes_first: true,
};

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    prompts::check(&ZYPPER, cx, report);
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn the_flag_is_a_global_or_a_local_one() {
        check_rule(
            "zypper-without-yes",
            "FROM a\nRUN zypper in a && zypper -n in b && zypper in -y c && zypper --non-interactive patch\n    ^^^^^^^^^\nONBUILD RUN zypper rm d\n            ^^^^^^^^^\n",
        );
    }

    #[test]
    fn the_flag_goes_before_the_subcommand() {
        check_fix("zypper-without-yes", "FROM a\nRUN zypper in a\n", "FROM a\nRUN zypper -n in a\n");
    }
}
