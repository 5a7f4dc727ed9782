//! Several `CMD`, `ENTRYPOINT` or `HEALTHCHECK` in one stage.

use crate::analysis::lint::prelude::*;

rule! {
    /// A stage has several `CMD`, `ENTRYPOINT` or `HEALTHCHECK`; only the last one counts.
    ///
    /// An image has one of each. The earlier ones are built and then forgotten, so whoever reads the file may take the
    /// wrong one for what is run. Several programs in one container need a script that starts them.
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
    name: "overridden-instruction",
    aliases: &["MultipleInstructionsDisallowed", "DL4003", "DL4004", "DL3012", "MULTIPLE_INSTRUCTIONS"],
    buildkit: true,
    hadolint: Some(Severity::Warning),
    fix: FixSafety::Safe,
    tag: Some(Tag::Unnecessary),
    url: "https://docs.docker.com/go/dockerfile/rule/multiple-instructions-disallowed/",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    for keyword in [Keyword::Cmd, Keyword::Entrypoint, Keyword::Healthcheck] {
        let mut earlier: Option<InstructionRef<'_>> = None;
        for later in cx.instructions().filter(|it| it.keyword == Some(keyword)) {
            if let Some(earlier) = earlier.replace(later) {
                found(cx, keyword, earlier, later, report);
            }
        }
    }
}

fn found(
    cx: &StageContext<'_>,
    keyword: Keyword,
    earlier: InstructionRef<'_>,
    later: InstructionRef<'_>,
    report: &mut Report<'_>,
) {
    let ignored = earlier.absolute_range();
    let counts = later.absolute(later.name.range());
    // hadolint complains about the later one.
    let (range, message, related, note) = match cx.cx.profile {
        Profile::Hadolint => (
            counts,
            format!("this stage already has a `{keyword}`; only this one counts"),
            ignored,
            "has no effect",
        ),
        _ => (
            ignored,
            format!("this `{keyword}` has no effect: only the last one of a stage counts"),
            counts,
            "this one comes later",
        ),
    };
    let delete = vec![TextEdit::delete(cx.cx.whole_lines(earlier))];
    report.at(range, message).related(related, note).safe_fix(format!("Remove this `{keyword}`"), delete);
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn all_but_the_last_are_marked() {
        check_rule(
            "overridden-instruction",
            "FROM a\nCMD a\n^^^^^\nENTRYPOINT x\ncmd b\n^^^^^\nCMD c\nFROM b\nCMD d\n",
        );
    }

    #[test]
    fn what_a_base_stage_sets_may_be_replaced() {
        check_rule("overridden-instruction", "FROM a AS b\nCMD a\nFROM b\nCMD c\n");
    }

    #[test]
    fn the_fix_removes_whole_lines() {
        check_fix(
            "overridden-instruction",
            "FROM a\n  HEALTHCHECK \\\n # c\n NONE\nHEALTHCHECK CMD true\n",
            "FROM a\nHEALTHCHECK CMD true\n",
        );
    }
}
