//! Several `HEALTHCHECK` in one stage.

use crate::analysis::lint::overridden;
use crate::analysis::lint::prelude::*;

rule! {
    /// A stage has several `HEALTHCHECK`; only the last one counts.
    ///
    /// An image has one. The earlier ones are never run, so what they looked at is not looked at.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// HEALTHCHECK CMD ["wget", "-q", "http://localhost/"]
    /// HEALTHCHECK CMD ["wget", "-q", "http://localhost/health"]
    /// ```
    ///
    /// Keep one:
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// HEALTHCHECK CMD ["wget", "-q", "http://localhost/health"]
    /// ```
    name: "overridden-healthcheck",
    aliases: &["MultipleInstructionsDisallowed", "DL3012", "MULTIPLE_INSTRUCTIONS"],
    buildkit: true,
    hadolint: Some(Severity::Error),
    fix: FixSafety::Safe,
    tag: Some(Tag::Unnecessary),
    url: "https://docs.docker.com/go/dockerfile/rule/multiple-instructions-disallowed/",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    overridden::check(cx, Keyword::Healthcheck, report);
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn all_but_the_last_of_each_stage_are_marked() {
        check_rule(
            "overridden-healthcheck",
            "FROM a\nHEALTHCHECK a\n^^^^^^^^^^^^^\nUSER x\nhealthcheck b\n^^^^^^^^^^^^^\nHEALTHCHECK c\nFROM b\nHEALTHCHECK d\n",
        );
    }

    #[test]
    fn what_a_base_stage_sets_may_be_replaced() {
        check_rule("overridden-healthcheck", "FROM a AS b\nHEALTHCHECK a\nFROM b\nHEALTHCHECK c\n");
    }

    #[test]
    fn the_fix_removes_whole_lines() {
        check_fix(
            "overridden-healthcheck",
            "FROM a\n  HEALTHCHECK \\\n # c\n x\nHEALTHCHECK y\n",
            "FROM a\nHEALTHCHECK y\n",
        );
    }
}
