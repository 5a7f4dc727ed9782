//! `dnf install httpd`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell_rules::pins;

rule! {
    /// `dnf install` does not say which version of a package it wants.
    ///
    /// Two builds of the same file may install different versions, and one of them may not work. But old versions leave the
    /// repositories, and then the build fails: name versions only where it matters.
    ///
    /// ```dockerfile bad
    /// FROM fedora:43
    /// RUN dnf install -y httpd
    /// ```
    ///
    /// ```dockerfile good
    /// FROM fedora:43
    /// RUN dnf install -y httpd-2.4.65
    /// ```
    name: "unpinned-dnf-package",
    aliases: &["DL3041"],
    severity: Severity::Info,
    recommended: false,
    hadolint: Some(Severity::Warning),
    url: "https://dnf.readthedocs.io/en/latest/command_ref.html",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    for called in
        cx.calls(&["dnf", "microdnf"]).filter(|it| it.has_argument("install") && !it.has_argument("group"))
    {
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
            "unpinned-dnf-package",
            "FROM a\nRUN dnf install -y b-devel c-1.2\n                   ^^^^^^^ `b-devel` comes\nRUN dnf install b-1.2 https://x/c.rpm; dnf module install d:18; dnf update; dnf group install -y x\nONBUILD RUN dnf install b\n                        ^\n",
        );
    }
}
