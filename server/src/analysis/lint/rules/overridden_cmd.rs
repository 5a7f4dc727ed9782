//! Several `CMD` in one stage.

use crate::analysis::lint::overridden;
use crate::analysis::lint::prelude::*;

rule! {
    /// A stage has several `CMD`; only the last one counts.
    ///
    /// An image has one. The earlier ones are forgotten, so whoever reads the file may take the wrong one for what is run.
    /// Several programs in one container need a script that starts them.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// CMD ["echo", "this is never run"]
    /// CMD ["echo", "hello"]
    /// ```
    ///
    /// Keep one:
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// CMD ["echo", "hello"]
    /// ```
    name: "overridden-cmd",
    aliases: &["MultipleInstructionsDisallowed", "DL4003", "MULTIPLE_INSTRUCTIONS"],
    buildkit: true,
    hadolint: Some(Severity::Warning),
    fix: FixSafety::Safe,
    tag: Some(Tag::Unnecessary),
    url: "https://docs.docker.com/go/dockerfile/rule/multiple-instructions-disallowed/",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    overridden::check(cx, Keyword::Cmd, report);
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn all_but_the_last_of_each_stage_are_marked() {
        check_rule("overridden-cmd", "FROM a\nCMD a\n^^^^^\nUSER x\ncmd b\n^^^^^\nCMD c\nFROM b\nCMD d\n");
    }

    #[test]
    fn what_a_base_stage_sets_may_be_replaced() {
        check_rule("overridden-cmd", "FROM a AS b\nCMD a\nFROM b\nCMD c\n");
    }

    #[test]
    fn the_fix_removes_whole_lines() {
        check_fix("overridden-cmd", "FROM a\n  CMD \\\n # c\n x\nCMD y\n", "FROM a\nCMD y\n");
    }
}
