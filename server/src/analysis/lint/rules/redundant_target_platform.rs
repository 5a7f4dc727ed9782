//! `FROM --platform=$TARGETPLATFORM`.

use crate::analysis::lint::prelude::*;
use crate::analysis::syntax::expansion::Operator;

rule! {
    /// `FROM --platform=$TARGETPLATFORM` says what is the default anyway.
    ///
    /// Without the flag a stage is built for the target platform.
    ///
    /// ```dockerfile bad
    /// FROM --platform=$TARGETPLATFORM alpine:3.22
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// ```
    name: "redundant-target-platform",
    aliases: &["RedundantTargetPlatform", "DL3065"],
    severity: Severity::Info,
    buildkit: true,
    hadolint: Some(Severity::Warning),
    fix: FixSafety::Safe,
    tag: Some(Tag::Unnecessary),
    url: "https://docs.docker.com/go/dockerfile/rule/redundant-target-platform/",
    check: Check::Instruction { on: On::Keywords(&[Keyword::From]), deferred: false, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Some(flag) = cx.instruction.flag("platform") else { return };
    let Some(value) = &flag.value else { return };
    let is_redundant = match &*value.parts() {
        [Part::Variable(variable)] => is_target_platform(variable),
        _ => false,
    };
    if is_redundant {
        let rest = cx.source(TextRange::new(flag.range.end(), cx.instruction.line_range.end()));
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let end = flag.range.end() + TextSize::from(blanks as u32);
        report
            .at(flag.range, "the target platform is the default: `--platform` is not needed here")
            .safe_fix("Remove `--platform`", vec![TextEdit::delete(TextRange::new(flag.range.start(), end))]);
    }
}

fn is_target_platform(variable: &crate::analysis::syntax::expansion::Variable) -> bool {
    let keeps_value = variable.modifier.as_ref().is_none_or(|modifier| {
        let is_plain = modifier.word.iter().all(|part| matches!(part, Part::Literal { .. }));
        is_plain && matches!(modifier.operator, Operator::Default { .. } | Operator::Required { .. })
    });
    variable.name == "TARGETPLATFORM" && keeps_value
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn all_spellings_are_found() {
        check_rule(
            "redundant-target-platform",
            "FROM --platform=${TARGETPLATFORM:-linux/amd64} a\n     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\nFROM --platform=$BUILDPLATFORM a\nFROM --platform=$TARGETPLATFORM/v2 a\n",
        );
    }

    #[test]
    fn the_fix_removes_the_flag() {
        check_fix("redundant-target-platform", "FROM  --platform=\"$TARGETPLATFORM\"  a\n", "FROM  a\n");
    }
}
