//! `# hadolint ignore=DL3OO8`.

use crate::analysis::lint::prelude::*;

rule! {
    /// A comment switches off a rule that does not exist.
    ///
    /// Most often it is a slip, and the rule that was meant goes on to report. In `# check=skip=` only BuildKit's own
    /// names count, in exactly its case.
    ///
    /// ```dockerfile bad
    /// # check=skip=maintainerdeprecated
    /// FROM alpine:3.22
    /// ```
    ///
    /// ```dockerfile good
    /// # check=skip=MaintainerDeprecated
    /// FROM alpine:3.22
    /// MAINTAINER me
    /// ```
    name: "unknown-rule-in-suppression",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/build/checks/#skip-checks",
    check: Check::Suppression,
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn codes_of_other_tools_are_fine() {
        check_rule(
            "unknown-rule-in-suppression",
            "FROM a\n# hadolint ignore=DL3008,SC2086,XY1\n                                ^^^\nUSER b\n# tally ignore=tally/x\nUSER c\n",
        );
    }

    #[test]
    fn a_name_of_ours_becomes_that_of_buildkit() {
        check_fix(
            "unknown-rule-in-suppression",
            "# check=skip=deprecated-maintainer\nFROM a\n",
            "# check=skip=MaintainerDeprecated\nFROM a\n",
        );
    }
}
