//! `zypper install httpd`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell_rules::pins;

rule! {
    /// `zypper install` does not say which version of a package it wants.
    ///
    /// Two builds of the same file may install different versions, and one of them may not work.
    ///
    /// ```dockerfile bad
    /// FROM opensuse/leap:15.6
    /// RUN zypper -n install apache2
    /// ```
    ///
    /// ```dockerfile good
    /// FROM opensuse/leap:15.6
    /// RUN zypper -n install apache2=2.4.58
    /// ```
    name: "unpinned-zypper-package",
    aliases: &["DL3037"],
    severity: Severity::Info,
    recommended: false,
    hadolint: Some(Severity::Warning),
    url: "https://en.opensuse.org/SDB:Zypper_manual",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    for called in cx.calls(&["zypper"]).filter(|it| it.has_any_argument(&["install", "in"])) {
        let mut packages =
            pins::packages(called.command, &["install", "in"], &["r", "repo", "from", "t", "type"]);
        packages.retain(|it| !it.as_str().contains(['=', '<', '>']) && !it.as_str().ends_with(".rpm"));
        pins::found(&packages, "name=version", report);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn any_comparison_is_a_pin() {
        check_rule(
            "unpinned-zypper-package",
            "FROM a\nRUN zypper -n in b\n                 ^\nRUN zypper install b=1 'c>2' d.rpm; zypper up\nONBUILD RUN zypper in b\n                      ^\n",
        );
    }
}
