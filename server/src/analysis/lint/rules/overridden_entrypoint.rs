//! Several `ENTRYPOINT` in one stage.

use crate::analysis::lint::overridden;
use crate::analysis::lint::prelude::*;

rule! {
    /// A stage has several `ENTRYPOINT`; only the last one counts.
    ///
    /// An image has one. The earlier ones are forgotten, so whoever reads the file may take the wrong one for what is run.
    /// Several programs one after the other need a script.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// ENTRYPOINT ["/bin/prepare"]
    /// ENTRYPOINT ["/bin/serve"]
    /// ```
    ///
    /// Keep one:
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// ENTRYPOINT ["/bin/serve"]
    /// ```
    name: "overridden-entrypoint",
    aliases: &["MultipleInstructionsDisallowed", "DL4004", "MULTIPLE_INSTRUCTIONS"],
    buildkit: true,
    hadolint: Some(Severity::Error),
    fix: FixSafety::Safe,
    tag: Some(Tag::Unnecessary),
    url: "https://docs.docker.com/go/dockerfile/rule/multiple-instructions-disallowed/",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    overridden::check(cx, Keyword::Entrypoint, report);
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn all_but_the_last_of_each_stage_are_marked() {
        check_rule(
            "overridden-entrypoint",
            "FROM a\nENTRYPOINT a\n^^^^^^^^^^^^\nUSER x\nentrypoint b\n^^^^^^^^^^^^\nENTRYPOINT c\nFROM b\nENTRYPOINT d\n",
        );
    }

    #[test]
    fn what_a_base_stage_sets_may_be_replaced() {
        check_rule("overridden-entrypoint", "FROM a AS b\nENTRYPOINT a\nFROM b\nENTRYPOINT c\n");
    }

    #[test]
    fn the_fix_removes_whole_lines() {
        check_fix(
            "overridden-entrypoint",
            "FROM a\n  ENTRYPOINT \\\n # c\n x\nENTRYPOINT y\n",
            "FROM a\nENTRYPOINT y\n",
        );
    }
}
