//! `# hadolint: ignore=…`.

use crate::analysis::lint::prelude::*;

rule! {
    /// A comment was meant to switch off a rule, and is written wrongly.
    ///
    /// It does nothing: the rule goes on to report, or another tool no longer does what you think.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// # hadolint: ignore=DL4000
    /// MAINTAINER me
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// # hadolint ignore=DL4000
    /// MAINTAINER me
    /// ```
    ///
    /// All these are taken: `# dockwright: ignore[rule] why`, `# hadolint ignore=RULE`, `# check=skip=RULE`,
    /// `# tally ignore=RULE` and `# dockerfile-utils: ignore`.
    name: "malformed-suppression",
    aliases: &[],
    url: "https://docs.docker.com/build/checks/#skip-checks",
    check: Check::Suppression,
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn each_notation_has_its_form() {
        check_rule(
            "malformed-suppression",
            "FROM a\n# hadolint ignore DL1\n^^^^^^^^^^^^^^^^^^^^^\n# dockwright: ignore x\n^^^^^^^^^^^^^^^^^^^^^^\n# check=nope\n^^^^^^^^^^^^\n# dockerfile-utils: skip\n^^^^^^^^^^^^^^^^^^^^^^^^\nUSER a\n",
        );
    }
}
