//! `CMD ["sleep", 10]`.

use crate::analysis::lint::prelude::*;

rule! {
    /// A JSON array holds something else than strings.
    ///
    /// The build stops. Every member needs double quotes, numbers too.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// CMD ["sleep", 10]
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// CMD ["sleep", "10"]
    /// ```
    error,
    name: "json-not-strings",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#exec-form",
    check: Check::Instruction { on: On::Every, deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    for problem in cx.instruction.problems.iter().filter(|it| it.kind == ProblemKind::JsonNotStrings) {
        let member = cx.source(problem.range);
        // The parser stops here even behind ONBUILD.
        let draft = report
            .at(problem.range, format!("`{member}` is no string: every member needs double quotes"))
            .severity(Severity::Error);
        if member.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+')) {
            draft.unsafe_fix(
                format!("Write `\"{member}\"`"),
                vec![TextEdit::new(problem.range, format!("\"{member}\""))],
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, findings};

    #[test]
    fn numbers_get_quotes() {
        check_fix("json-not-strings", "FROM a\nCMD [\"a\", 1.5]\n", "FROM a\nCMD [\"a\", \"1.5\"]\n");
    }

    #[test]
    fn it_stops_the_build_even_when_deferred() {
        assert_eq!(
            findings("json-not-strings", "FROM a\nONBUILD CMD [null]\n")[0].severity.as_str(),
            "error"
        );
    }
}
