//! `ENV NAME`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `ENV` or `LABEL` is given a name without a value.
    ///
    /// The build stops. `ARG NAME` may stand without a value, `ENV NAME` may not.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// ENV DEBUG
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// ENV DEBUG=""
    /// ```
    error,
    name: "missing-value",
    aliases: &["ARGUMENT_REQUIRES_TWO"],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#env",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Env, Keyword::Label]), deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    for problem in cx.instruction.problems.iter().filter(|it| it.kind == ProblemKind::MissingValue) {
        let (name, key) = (cx.name(), cx.source(problem.range));
        report
            .at(problem.range, format!("`{key}` has no value: write `{name} {key}=value`"))
            .severity(Severity::Error)
            .unsafe_fix("Set it to nothing", vec![TextEdit::insert(problem.range.end(), "=\"\"")]);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_fix;

    #[test]
    fn an_empty_value_is_offered() {
        check_fix("missing-value", "FROM a\nLABEL x\n", "FROM a\nLABEL x=\"\"\n");
    }
}
