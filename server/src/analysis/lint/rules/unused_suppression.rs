//! A suppression of nothing.

use crate::analysis::lint::prelude::*;

rule! {
    /// A comment switches off a rule that finds nothing there.
    ///
    /// The fault was repaired, or moved away, and the comment stayed. It would hide the next fault of that kind.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// # hadolint ignore=DL4000
    /// LABEL org.opencontainers.image.authors="me"
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// # hadolint ignore=DL4000
    /// MAINTAINER me
    /// ```
    name: "unused-suppression",
    aliases: &[],
    severity: Severity::Info,
    fix: FixSafety::Safe,
    tag: Some(Tag::Unnecessary),
    url: "https://docs.docker.com/build/checks/#skip-checks",
    check: Check::Suppression,
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn names_are_judged_one_by_one() {
        check_rule(
            "unused-suppression",
            "FROM a\n# hadolint ignore=DL4000,DL3024\n                         ^^^^^^\nMAINTAINER x\n",
        );
    }

    #[test]
    fn what_hadolint_finds_under_this_name_may_be_meant() {
        check_rule(
            "unused-suppression",
            "FROM a\n# hadolint ignore=DL4006\nRUN a | b\n# hadolint ignore=DL3004\nRUN sudo -u a b\n",
        );
    }

    #[test]
    fn the_comment_goes() {
        check_fix("unused-suppression", "FROM a\n# hadolint ignore=DL4000\nUSER b\n", "FROM a\nUSER b\n");
    }
}
