//! `yum install httpd`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell_rules::prompts::{self, Prompts};

rule! {
    /// `yum` is not told to go ahead, so it asks, and the build stops.
    ///
    /// `yum` lists what it is going to install and asks "Is this ok?". There is nobody to answer in a build, which it
    /// takes for a no.
    ///
    /// ```dockerfile bad
    /// FROM centos:7
    /// RUN yum install httpd
    /// ```
    ///
    /// ```dockerfile good
    /// FROM centos:7
    /// RUN yum install -y httpd
    /// ```
    name: "yum-without-yes",
    aliases: &["DL3030"],
    severity: Severity::Warning,
    hadolint: Some(Severity::Warning),
    fix: FixSafety::Safe,
    url: "https://man7.org/linux/man-pages/man8/yum.8.html",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

const YUM: Prompts = Prompts {
    programs: &["yum"],
    subcommands: &["install", "groupinstall", "localinstall"],
    more: &["update", "upgrade", "reinstall", "remove", "erase"],
    has_yes: |command| command.has_any_flag(&["y", "assumeyes"]),
    yes: "-y",
    is_yes_first: false,
};

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    prompts::check(&YUM, cx, report);
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn the_flag_may_stand_anywhere() {
        check_rule(
            "yum-without-yes",
            "FROM a\nRUN yum install a && yum -y install b && yum install --assumeyes c\n    ^^^^^^^^^^^\nONBUILD RUN yum -q groupinstall d\n            ^^^^^^^^^^^^^^^^^^^\n",
        );
    }

    #[test]
    fn the_flag_goes_behind_the_subcommand() {
        check_fix("yum-without-yes", "FROM a\nRUN yum install a\n", "FROM a\nRUN yum install -y a\n");
    }
}
