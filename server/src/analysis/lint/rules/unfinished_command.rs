//! `RUN a &&` at the end.

use crate::analysis::lint::prelude::*;

rule! {
    /// A command ends with `&&`, `||` or `|`, and nothing follows.
    ///
    /// The shell waits for another command and reports a syntax error. Either a `\` is missing at the end of the line, or
    /// the operator is left over from a line that was deleted.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// RUN apk add --no-cache curl &&
    /// CMD ["curl", "--version"]
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// RUN apk add --no-cache curl && \
    ///     curl --version
    /// ```
    name: "unfinished-command",
    aliases: &[],
    severity: Severity::Error,
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#format",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for instruction in cx.with_keyword(Keyword::Run) {
        let Arguments::Command(Some(Command::Shell(text))) = &instruction.node.arguments else { continue };
        let value = text.as_str();
        let Some(operator) = ["&&", "||", "|"].into_iter().find(|it| value.ends_with(it)) else { continue };
        let next = cx.model.file().instruction(InstructionId(instruction.id.0 + 1));
        // Then the next line is the one to be told of.
        let is_continued = next.is_some_and(|it| it.keyword.is_none());
        if is_continued || !instruction.node.heredocs.is_empty() || value.ends_with("\\|") {
            continue;
        }
        let start = value.len() - operator.len();
        let range = instruction.absolute(text.source_range(start, value.len()));
        let kept = value.get(..start).unwrap_or_default().trim_end().len();
        let waste = instruction.absolute(text.source_range(kept, value.len()));
        report
            .at(
                range,
                format!("nothing follows this `{operator}`: go on with `\\` and a command, or take it away"),
            )
            .unsafe_fix(format!("Remove `{operator}`"), vec![TextEdit::delete(waste)]);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn one_finding_for_one_fault() {
        check_rule(
            "unfinished-command",
            "FROM a\nRUN b ||\n      ^^ nothing follows\n\nRUN c &&\n d\nRUN echo '|'\n",
        );
    }

    #[test]
    fn the_operator_goes() {
        check_fix(
            "unfinished-command",
            "FROM a\nRUN b && \\\n\n# c\nRUN d &&\n",
            "FROM a\nRUN b && \\\n\n# c\nRUN d\n",
        );
    }
}
