//! `# escape=x`.

use crate::analysis::lint::prelude::*;
use crate::analysis::syntax::problem::Problem;

rule! {
    /// A parser directive at the top is given twice, or has a value that it cannot have.
    ///
    /// The build stops. `# syntax=`, `# escape=` and `# check=` may each be given once, and `escape` is `\` or a backtick.
    ///
    /// ```dockerfile bad
    /// # escape=/
    /// FROM alpine:3.22
    /// ```
    ///
    /// ```dockerfile good
    /// # escape=`
    /// FROM alpine:3.22
    /// ```
    error,
    name: "invalid-directive",
    aliases: &["INVALID_ESCAPE_DIRECTIVE", "DUPLICATED_ESCAPE_DIRECTIVE"],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#parser-directives",
    check: Check::Model(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for problem in &cx.model.file().directives().problems {
        found(cx, problem, report);
    }
}

fn found(cx: &ModelContext<'_>, problem: &Problem, report: &mut Report<'_>) {
    match problem.kind {
        ProblemKind::DuplicateDirective(name) => {
            let name = name.as_str();
            let first = cx.model.file().directives().list.iter().find(|it| it.name.as_str() == name);
            let line = problem.range.cover_offset(problem.range.end());
            let draft = report.at(line, format!("`# {name}=` may be given once only"));
            if let Some(first) = first {
                draft.related(first.range, "the first one").unsafe_fix(
                    "Remove the second one",
                    vec![TextEdit::delete(cx.with_line_break(problem.range))],
                );
            }
        }
        ProblemKind::InvalidEscape => {
            let value = cx.source(problem.range);
            report
                .at(
                    problem.range,
                    format!("`{value}` cannot be the escape character: it is `\\` or a backtick"),
                )
                .unsafe_fix("Write a backtick", vec![TextEdit::new(problem.range, "`")]);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn a_value_and_a_repetition() {
        check_rule(
            "invalid-directive",
            "# escape=x\n         ^\n#Syntax=a\n# syntax=b\n^^^^^^^^^^\nFROM a\n# escape=y\n",
        );
    }

    #[test]
    fn the_second_one_goes() {
        check_fix("invalid-directive", "# syntax=a\n# syntax=b\nFROM a\n", "# syntax=a\nFROM a\n");
    }
}
