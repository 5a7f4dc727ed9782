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
    /// hadolint takes a reason only behind a second `#`, and no comments between the lines of an instruction:
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// # hadolint ignore=DL4000 we keep it
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
            "FROM a\n# hadolint ignore DL1\n^^^^^^^^^^^^^^^^^^^^^\n# dockwright: ignore x\n^^^^^^^^^^^^^^^^^^^^^^\n# dockwright ignore[DL4000]\n^^^^^^^^^^^^^^^^^^^^^^^^^^^\n# check=nope\n^^^^^^^^^^^^\n# dockerfile-utils: skip\n^^^^^^^^^^^^^^^^^^^^^^^^\nUSER a\n",
        );
    }

    #[test]
    fn a_reason_needs_its_own_mark() {
        check_rule(
            "malformed-suppression",
            "FROM a\n# hadolint ignore=DL4000 # why\n# hadolint ignore=DL4000,DL3006 why\n^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ second `#`\nUSER a\n",
        );
    }

    #[test]
    fn inside_of_an_instruction_it_has_no_effect() {
        check_rule(
            "malformed-suppression",
            "FROM a\nENV a=b \\\n  # hadolint ignore=DL4000\n  ^^^^^^^^^^^^^^^^^^^^^^^^ above\n  # hadolint is great\n  c=d\n",
        );
    }
}
