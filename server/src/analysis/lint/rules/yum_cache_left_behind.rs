//! `yum install` without `yum clean all`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell_rules::leftovers::{self, Leftovers};

rule! {
    /// `yum` leaves what it downloaded in the image.
    ///
    /// A file that is deleted in a later `RUN` is still in the layer that brought it, so everyone who pulls the image loads it.
    /// Delete it in the same `RUN`:
    ///
    /// ```dockerfile bad
    /// FROM centos:7
    /// RUN yum install -y httpd
    /// ```
    ///
    /// ```dockerfile good
    /// FROM centos:7
    /// RUN yum install -y httpd && yum clean all
    /// ```
    name: "yum-cache-left-behind",
    aliases: &["DL3032"],
    severity: Severity::Info,
    hadolint: Some(Severity::Warning),
    fix: FixSafety::Safe,
    url: "https://man7.org/linux/man-pages/man8/yum.8.html",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

const LEFTOVERS: Leftovers = Leftovers {
    programs: &["yum"],
    installs: &["install"],
    cleans: |it| (it.is("yum") && it.has_any_argument(&["clean", "all"])) || removes(it),
    folders: &["/var/cache/yum"],
    message: "`yum` leaves its downloads in the image",
    cleanup: "{} clean all",
};

fn removes(command: &ShellCommand) -> bool {
    command.is("rm") && command.arguments.iter().any(|it| it.as_str().starts_with("/var/cache/yum"))
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    leftovers::check(&LEFTOVERS, cx, report);
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn cleaning_must_come_later() {
        check_rule(
            "yum-cache-left-behind",
            "FROM a\nRUN yum clean all && yum install -y b\n                     ^^^^^^^^^^^^^^^^\nRUN yum install -y b && yum clean all\nRUN yum install -y b && rm -rf /var/cache/yum/*\nONBUILD RUN yum install b\n            ^^^^^^^^^^^^^\n",
        );
    }

    #[test]
    fn the_fix_adds_it_at_the_end() {
        check_fix(
            "yum-cache-left-behind",
            "FROM a\nRUN yum install -y \\\n    b\n",
            "FROM a\nRUN yum install -y \\\n    b \\\n    && yum clean all\n",
        );
    }
}
