//! `FROM` here, `run` there.

use crate::analysis::lint::prelude::*;

rule! {
    /// Some instructions are in upper case and others in lower case.
    ///
    /// Docker takes both. Upper case is the custom, as it sets the instructions apart from what they are given.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// run apk add --no-cache curl
    /// CMD ["curl", "--version"]
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// RUN apk add --no-cache curl
    /// CMD ["curl", "--version"]
    /// ```
    name: "inconsistent-keyword-case",
    aliases: &["ConsistentInstructionCasing", "CASING_INSTRUCTION"],
    severity: Severity::Info,
    buildkit: true,
    fix: FixSafety::Safe,
    url: "https://docs.docker.com/go/dockerfile/rule/consistent-instruction-casing/",
    check: Check::Model(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    // As BuildKit counts: what stands before the first FROM has no say, and neither have words in mixed case.
    let Some(first) = cx.model.stages().first().map(|stage| stage.from) else { return };
    let others: Vec<_> = cx.not_upper().filter(|it| it.id >= first).collect();
    if others.is_empty() {
        return;
    }
    let lower = others.iter().filter(|it| is_lower(it)).count();
    let wants_lower = lower > names(cx).count() - others.len();
    let wrong = match wants_lower {
        true => names(cx).filter(|it| !is_lower(it)).collect(),
        false => others,
    };
    for instruction in wrong {
        let name = instruction.node.name.as_str();
        let (wanted, case) = if wants_lower {
            (name.to_lowercase(), "lower case")
        } else {
            (name.to_uppercase(), "upper case")
        };
        let range = instruction.absolute(instruction.node.name.range());
        report
            .at(range, format!("`{name}` is in another case than most instructions: write `{wanted}`"))
            .safe_fix(format!("Write it in {case}"), vec![TextEdit::new(range, wanted)]);
    }
}

fn names<'a>(cx: &ModelContext<'a>) -> impl Iterator<Item = InstructionRef<'a>> + use<'a> {
    let first = cx.model.stages().first().map_or(usize::MAX, |stage| stage.from.index());
    cx.instructions().skip(first).filter(|it| it.keyword.is_some())
}

fn is_lower(instruction: &InstructionRef<'_>) -> bool {
    !instruction.node.name.as_str().bytes().any(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn the_majority_decides_and_a_tie_goes_to_upper_case() {
        check_rule("inconsistent-keyword-case", "FROM a\n^^^^ `from`\nrun b\nrun c\n");
        check_rule("inconsistent-keyword-case", "FROM a\nrun b\n^^^ `RUN`\n");
        check_rule("inconsistent-keyword-case", "arg X\nFROM a\nRun b\n^^^ `RUN`\n");
    }

    #[test]
    fn the_fix_writes_them_alike() {
        check_fix(
            "inconsistent-keyword-case",
            "from a\nRun b\nCMD c\nrun d\n",
            "from a\nrun b\ncmd c\nrun d\n",
        );
    }
}
