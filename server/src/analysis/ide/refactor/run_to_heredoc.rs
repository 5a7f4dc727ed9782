//! `RUN a && b` to `RUN <<EOF`.

use super::context::RunLine;
use super::segments::{Join, Segment, segments};
use super::{Answer, Context, Kind, Recipe, Refactoring, Refusal};
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::shell::ShellScript;
use crate::analysis::syntax::SourceText;
use crate::analysis::text::TextEdit;

pub static RECIPE: Recipe = Recipe {
    name: "run-to-heredoc",
    kind: Kind::Rewrite,
    summary: "Writes the commands of a `RUN` as a script, one a line. An `&&` list becomes `set -e` and lines, since a \
heredoc goes on after a command that failed. Where `set -e` would stop at other commands than the list did (groups, \
loops, `!`, `||` behind `&&`), the operators stay at the ends of the lines. Needs Dockerfile syntax 1.4 or newer.",
    before: "\
FROM debian:13
RUN apt-get update && \\
    # for the health check
    apt-get install -y <|>curl \\
        ca-certificates && \\
    rm -rf /var/lib/apt/lists/*
",
    after: "\
FROM debian:13
RUN <<EOF
set -e
apt-get update
# for the health check
apt-get install -y curl \\
        ca-certificates
rm -rf /var/lib/apt/lists/*
EOF
",
    offer,
};

fn offer(cx: &Context<'_>) -> Answer {
    let line = cx.run_line(cx.only_of(Keyword::Run)?)?;
    if line.segments.len() < 2 {
        return None;
    }
    let title = "Write as a heredoc script";
    if cx.is_older_than(4) {
        let reason = "the `# syntax=` line names a version without heredocs: they need 1.4";
        return Some(Err(Refusal::new(title, reason)));
    }
    if cx.newline() == "\r\n" {
        // BuildKit gives the body to the shell as it is (dispatchRun in dockerfile2llb).
        let reason = "the file's lines end in CR LF, and in a heredoc the shell would read the CR: change them to LF first";
        return Some(Err(Refusal::new(title, reason)));
    }
    if line.segments.iter().any(|it| it.is_background || it.has_comment) {
        return Some(Err(Refusal::new(title, "a background command or a shell comment stands in it")));
    }
    let body = body(cx, &line)?;
    let delimiter = delimiter(&body);
    let newline = cx.newline();
    let body = body.iter().flat_map(|it| [it.as_str(), newline]).collect::<String>();
    let text = format!("<<{delimiter}{newline}{body}{delimiter}");
    let edit = TextEdit::new(line.text_range(), text);
    Some(Ok(Refactoring::new(title, vec![edit])))
}

/// A name that no line of the body is.
fn delimiter(body: &[String]) -> String {
    let names = std::iter::once("EOF".to_owned()).chain((2..).map(|number| format!("EOF{number}")));
    let is_free = |name: &String| !body.iter().any(|it| it.lines().any(|line| line.trim() == name));
    names.into_iter().find(is_free).unwrap_or_default()
}

/// The lines of the script.
fn body(cx: &Context<'_>, line: &RunLine<'_>) -> Option<Vec<String>> {
    let is_list = line.segments.iter().all(|it| matches!(it.before, Join::Start | Join::And));
    let is_simple = |it: &Segment| !it.is_compound && !it.is_negated();
    let uses_errexit = is_list && line.segments.iter().all(is_simple);
    let mut lines = Vec::new();
    if uses_errexit && !line.segments.first()?.sets_errexit() {
        lines.push("set -e".to_owned());
    }
    let mut covered = line.text_range().start();
    for (index, segment) in line.segments.iter().enumerate() {
        let range = line.range(segment.span.clone());
        let gap = text_size::TextRange::new(covered, range.end());
        lines.extend(cx.comments_in(gap).into_iter().map(str::to_owned));
        covered = range.end();
        let operator = match line.segments.get(index + 1).map(|it| it.before) {
            Some(Join::And) if !uses_errexit => " &&",
            Some(Join::Or) => " ||",
            _ => "",
        };
        lines.push(format!("{}{operator}", segment_text(line, segment)?));
    }
    Some(lines)
}

/// The command over as many lines as it has, or on one if a line break would mean something there.
fn segment_text(line: &RunLine<'_>, segment: &Segment) -> Option<String> {
    let flat = line.script.text.as_str().get(segment.span.clone())?;
    let joined = &line.instruction.node.joined;
    let base = joined.as_str().len() - joined.as_str().trim_end().len();
    let offset = joined.as_str().len().checked_sub(base + line.script.text.as_str().len())?;
    let (start, end) = (offset + segment.span.start, offset + segment.span.end);
    let pieces = joined.pieces().filter_map(|(piece, _)| {
        let part = joined.as_str().get(piece.start.max(start)..piece.end.min(end))?;
        (!part.trim().is_empty()).then_some(part)
    });
    let folded = pieces.collect::<Vec<_>>().join("\\\n");
    let is_same = commands(&folded).is_some_and(|it| Some(it) == commands(flat));
    Some(if is_same { folded } else { flat.to_owned() })
}

/// The words of each command; `None` if the text is not understood.
fn commands(text: &str) -> Option<Vec<Vec<String>>> {
    let script = ShellScript::parse(&SourceText::verbatim(text, 0.into()));
    segments(&script)?;
    let words = |it: &crate::analysis::model::shell::ShellCommand| {
        let assigned =
            it.assignments.iter().map(|it| format!("{}={:?}", it.name, it.value.as_ref().map(|it| &it.text)));
        let words = it.name.iter().chain(&it.arguments).map(|it| it.as_str().to_owned());
        assigned.chain(words).collect()
    };
    Some(script.commands().map(words).collect())
}

#[cfg(test)]
mod tests {
    use crate::analysis::ide::refactor::tests::{check, check_silent, refusal};

    #[test]
    fn the_operators_stay_where_errexit_would_stop_elsewhere() {
        check(
            "run-to-heredoc",
            "FROM a\nRUN a && (b; c<|>) && d\n",
            "FROM a\nRUN <<EOF\na &&\n(b; c) &&\nd\nEOF\n",
        );
        check(
            "run-to-heredoc",
            "FROM a\nRUN a && b || c<|>; d\n",
            "FROM a\nRUN <<EOF\na &&\nb ||\nc\nd\nEOF\n",
        );
    }

    #[test]
    fn a_list_that_sets_it_itself_keeps_its_line() {
        check(
            "run-to-heredoc",
            "FROM a\nRUN <|>set -eux; a; b\n",
            "FROM a\nRUN <<EOF\nset -eux\na\nb\nEOF\n",
        );
        check("run-to-heredoc", "FROM a\nRUN <|>set -ex && a\n", "FROM a\nRUN <<EOF\nset -ex\na\nEOF\n");
    }

    #[test]
    fn other_escapes_and_line_ends() {
        check(
            "run-to-heredoc",
            "# escape=`\nFROM --platform=linux a\nRUN <|>a `\n  b && `\n c\nCMD d\n",
            "# escape=`\nFROM --platform=linux a\nRUN <<EOF\nset -e\na \\\n  b\nc\nEOF\nCMD d\n",
        );
        assert!(refusal("run-to-heredoc", "FROM a\r\nRUN <|>a && b\r\n").contains("CR LF"));
    }

    #[test]
    fn a_quoted_line_break_is_taken_out() {
        check(
            "run-to-heredoc",
            "FROM a\nRUN <|>a 'b \\\n c' && EOF\n",
            "FROM a\nRUN <<EOF2\nset -e\na 'b  c'\nEOF\nEOF2\n",
        );
    }

    #[test]
    fn one_command_needs_no_script() {
        check_silent("run-to-heredoc", "FROM a\nRUN <|>a\n");
        assert!(
            refusal("run-to-heredoc", "# syntax=docker/dockerfile:1.3\nFROM a\nRUN <|>a && b\n")
                .contains("1.4")
        );
    }
}
