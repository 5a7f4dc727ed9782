//! `RUN zypper dup`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `zypper dist-upgrade` turns the base image into another release.
    ///
    /// What `FROM` names is then no longer what the image is, and two builds of the same file differ.
    ///
    /// ```dockerfile bad
    /// FROM opensuse/leap:15.5
    /// RUN zypper -n dist-upgrade
    /// ```
    ///
    /// Start from the release you want:
    ///
    /// ```dockerfile good
    /// FROM opensuse/leap:15.6
    /// RUN zypper -n install git
    /// ```
    name: "zypper-dist-upgrade",
    aliases: &["DL3035"],
    severity: Severity::Warning,
    hadolint: Some(Severity::Warning),
    url: "https://en.opensuse.org/SDB:Zypper_manual",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    for called in cx.calls(&["zypper"]) {
        let words = &called.command.arguments;
        if let Some(word) = words.iter().find(|it| matches!(it.as_str(), "dist-upgrade" | "dup")) {
            report.at(
                called.name_range().cover(word.range),
                "this makes another release of the base image: name that release in `FROM`",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn both_names_of_it() {
        check_rule(
            "zypper-dist-upgrade",
            "FROM a\nRUN zypper dup && zypper -n dist-upgrade && zypper up\n    ^^^^^^^^^^\n                  ^^^^^^^^^^^^^^^^^^^^^^\nONBUILD RUN zypper dup\n            ^^^^^^^^^^\n",
        );
    }
}
