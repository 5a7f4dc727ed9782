//! `yum install httpd`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell_rules::pins;

rule! {
    /// `yum install` does not say which version of a package it wants.
    ///
    /// Two builds of the same file may install different versions, and one of them may not work. But old versions leave the
    /// repositories, and then the build fails: name versions only where it matters.
    ///
    /// ```dockerfile bad
    /// FROM centos:7
    /// RUN yum install -y httpd
    /// ```
    ///
    /// ```dockerfile good
    /// FROM centos:7
    /// RUN yum install -y httpd-2.4.6
    /// ```
    name: "unpinned-yum-package",
    aliases: &["DL3033"],
    severity: Severity::Info,
    recommended: false,
    hadolint: Some(Severity::Warning),
    url: "https://man7.org/linux/man-pages/man8/yum.8.html",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    for called in cx.calls(&["yum"]).filter(|it| it.has_argument("install")) {
        let is_module = called.has_argument("module");
        let mut packages = pins::packages(
            called.command,
            &["install", "module"],
            &["c", "repo", "enablerepo", "disablerepo"],
        );
        packages.retain(|it| {
            !if is_module { it.as_str().contains(':') } else { pins::is_rpm_pinned(it.as_str()) }
        });
        pins::found(&packages, "name-version", report);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn a_version_stands_behind_a_dash() {
        check_rule(
            "unpinned-yum-package",
            "FROM a\nRUN yum install -y b-devel c-1.2\n                   ^^^^^^^ `b-devel` comes\nRUN yum install b-1.2 https://x/c.rpm; yum module install d:18; yum update\nONBUILD RUN yum install b\n                        ^\n",
        );
    }
}
