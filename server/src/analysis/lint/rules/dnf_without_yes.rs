//! `dnf install httpd`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell_rules::prompts::{self, Prompts};

rule! {
    /// `dnf` is not told to go ahead, so it asks, and the build stops.
    ///
    /// `dnf` lists what it is going to install and asks "Is this ok?". There is nobody to answer in a build, which it takes
    /// for a no. (`microdnf` does not ask.)
    ///
    /// ```dockerfile bad
    /// FROM fedora:43
    /// RUN dnf install httpd
    /// ```
    ///
    /// ```dockerfile good
    /// FROM fedora:43
    /// RUN dnf install -y httpd
    /// ```
    name: "dnf-without-yes",
    aliases: &["DL3038"],
    severity: Severity::Warning,
    hadolint: Some(Severity::Warning),
    fix: FixSafety::Safe,
    url: "https://dnf.readthedocs.io/en/latest/command_ref.html",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

const DNF: Prompts = Prompts {
    programs: &["dnf", "microdnf"],
    subcommands: &["install", "groupinstall", "localinstall"],
    more: &["update", "upgrade", "reinstall", "remove"],
    has_yes: |command| command.has_any_flag(&["y", "assumeyes"]),
    yes: "-y",
    is_yes_first: false,
};

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    prompts::check(&DNF, cx, report);
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn microdnf_asks_nothing() {
        check_rule(
            "dnf-without-yes",
            "FROM a\nRUN dnf install a && microdnf install b && dnf -qy install c\n    ^^^^^^^^^^^\nONBUILD RUN dnf upgrade\n            ^^^^^^^^^^^\n",
        );
    }

    #[test]
    fn the_flag_goes_behind_the_subcommand() {
        check_fix("dnf-without-yes", "FROM a\nRUN dnf install a\n", "FROM a\nRUN dnf install -y a\n");
    }
}
