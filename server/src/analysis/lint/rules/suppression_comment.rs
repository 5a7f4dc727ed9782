//! `# hadolint ignore=…`, where a team wants none.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::suppress::{Notation, Scope};

rule! {
    /// A comment switches rules off for the next instruction.
    ///
    /// Off unless it is selected: for teams that want exceptions in one configuration file, where they can be reviewed, and
    /// not in between.
    ///
    /// ```dockerfile bad
    /// # hadolint ignore=DL3006
    /// FROM alpine
    /// ```
    ///
    /// ```dockerfile good
    /// # The newest image is wanted here.
    /// FROM alpine
    /// ```
    name: "suppression-comment",
    aliases: &["DL1001"],
    severity: Severity::Info,
    recommended: false,
    url: "https://github.com/hadolint/hadolint#inline-ignores",
    check: Check::Model(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for comment in cx.suppressions.list() {
        let is_of_instruction = matches!(comment.scope, Scope::Instruction(_) | Scope::Nothing);
        if is_of_instruction && comment.notation != Notation::Buildkit {
            report.at(comment.range, "rules are switched off here: the configuration is the place for that");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn only_comments_for_one_instruction_are_meant() {
        check_rule(
            "suppression-comment",
            "# hadolint global ignore=DL3000\n# hadolint ignore=DL3000 # why\n^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\nFROM a\n# dockwright: ignore[untagged-image]\n^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n",
        );
    }
}
