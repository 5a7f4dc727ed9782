//! `RUN <<EOF` without `EOF`.

use crate::analysis::lint::prelude::*;

rule! {
    /// The end of a heredoc never comes.
    ///
    /// The build stops. The delimiter must stand alone on a line, without blanks around it and in the same case; only
    /// `<<-` allows tabs before it.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// RUN <<EOF
    /// apk add --no-cache curl
    ///   EOF
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// RUN <<EOF
    /// apk add --no-cache curl
    /// EOF
    /// ```
    error,
    name: "unterminated-heredoc",
    aliases: &[],
    url: "https://docs.docker.com/reference/dockerfile/#here-documents",
    check: Check::Model(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for instruction in cx.with_problems() {
        for problem in &instruction.node.problems {
            if let ProblemKind::UnterminatedHeredoc(name) = &problem.kind {
                found(cx, instruction, problem.range, name, report);
            }
        }
    }
}

/// How far a line is looked for that was meant as the end.
const MAX_LINES: usize = 500;

fn found(
    cx: &ModelContext<'_>,
    instruction: InstructionRef<'_>,
    marker: TextRange,
    name: &str,
    report: &mut Report<'_>,
) {
    let text = cx.model.file().text();
    let end = usize::from(instruction.absolute_range().end());
    let rest = text.get(end..).unwrap_or_default();
    let near = rest.split('\n').take(MAX_LINES).find(|line| line.trim().eq_ignore_ascii_case(name));
    let message = format!("no line with `{name}` alone ends this heredoc");
    let draft = report.at(instruction.absolute(marker), message);
    if let Some(near) = near {
        let start = end + (near.as_ptr() as usize - rest.as_ptr() as usize);
        let range = cx.range(start, start + near.trim_end_matches('\r').len());
        draft.related(range, format!("this line is not exactly `{name}`"));
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::findings;

    #[test]
    fn a_line_that_looks_like_the_end_is_shown() {
        let found = findings("unterminated-heredoc", "FROM a\nRUN <<EOF\nls\n eof\n");
        assert_eq!(u32::from(found[0].range.start()), 11);
        let related: Vec<_> = found[0].related().map(|it| it.0).collect();
        assert_eq!(related, [text_size::TextRange::new(20.into(), 24.into())]);
    }
}
