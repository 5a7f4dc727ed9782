//! `RUN <<EOF` to `RUN a && b`.

use text_size::TextRange;

use super::segments::{Join, Segment, segments};
use super::{Answer, Context, Kind, Recipe, Refactoring, Refusal};
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::shell::{ShellForm, ShellScript};
use crate::analysis::syntax::InstructionRef;
use crate::analysis::text::TextEdit;

pub static RECIPE: Recipe = Recipe {
    name: "heredoc-to-run",
    kind: Kind::Rewrite,
    summary: "Writes a heredoc script as a list in the instruction itself. With `set -e` and plain commands it becomes an \
`&&` list; else the commands are joined by `;`, which means the same as the line breaks did. Comments become comment \
lines of the instruction. Refused for a script with a `#!` line, and for commands that reach over several lines.",
    before: "\
FROM debian:13
RUN <<EOF<|>
set -e
apt-get update
# for the health check
apt-get install -y \\
  curl
EOF
",
    after: "\
FROM debian:13
RUN apt-get update && \\
    # for the health check
    apt-get install -y \\
  curl
",
    offer,
};

const TITLE: &str = "Write as a list of commands";

fn offer(cx: &Context<'_>) -> Answer {
    let run = cx.only_of(Keyword::Run)?;
    let [heredoc] = run.node.heredocs.as_slice() else { return None };
    let terminator = heredoc.terminator?;
    let texts = cx.texts(run);
    let [text] = texts.as_slice() else { return None };
    let is_script = matches!(text.form, ShellForm::Script { .. }) && text.kind.is_posix();
    if !is_script || heredoc.marker != run.arguments_text.range() || !run.problems.is_empty() {
        return None;
    }
    let script = text.script();
    if let Some(reason) = obstacle(&script, heredoc.strips_tabs) {
        return Some(Err(Refusal::new(TITLE, reason)));
    }
    let parts = segments(&script).filter(|it| !it.is_empty())?;
    if parts.iter().any(|it| it.is_background) {
        return Some(Err(Refusal::new(TITLE, "a command of it goes on in the background")));
    }
    let Some(lines) = lines(cx, run, &script, &parts) else {
        return Some(Err(Refusal::new(
            TITLE,
            "a command, a string or a loop of it reaches over several lines, or a comment ends it",
        )));
    };
    let range = TextRange::new(heredoc.marker.start(), terminator.end());
    let edit = TextEdit::new(run.absolute(range), lines);
    Some(Ok(Refactoring::new(TITLE, vec![edit])))
}

fn obstacle(script: &ShellScript, strips_tabs: bool) -> Option<&'static str> {
    let text = script.text.as_str();
    if text.starts_with("#!") {
        return Some("its `#!` line names the program that reads it");
    }
    if text.contains("<<") || strips_tabs {
        return Some("there is a heredoc in it, or its tabs are cut off");
    }
    (script.has_error || segments(script).is_none()).then_some("its commands cannot be told apart")
}

/// The instruction's text, `None` where a line break stands inside of a command.
fn lines(
    cx: &Context<'_>,
    run: InstructionRef<'_>,
    script: &ShellScript,
    parts: &[Segment],
) -> Option<String> {
    let text = script.text.as_str();
    let is_list = is_list(cx, run, parts);
    let parts = if is_list {
        parts.iter().skip_while(|it| is_errexit_alone(it)).collect()
    } else {
        parts.iter().collect::<Vec<_>>()
    };
    let mut out = String::new();
    let (indent, newline) = (cx.indent(run), cx.newline());
    let mut covered = 0;
    for (index, part) in parts.iter().enumerate() {
        let comments = comments(text.get(covered..part.span.start)?, covered == 0);
        covered = part.span.end;
        let trailing = trailing_comment(text, covered);
        if index > 0 {
            out += &format!("{}{}", joint(part.before, is_list), cx.continuation());
        } else if !comments.is_empty() || trailing.is_some() {
            // Nothing may stand between the name and its first line but a continuation.
            out += cx.continuation().trim_start();
        }
        for comment in comments.iter().copied().chain(trailing) {
            out += &format!("{indent}{comment}{newline}");
        }
        let is_first_on_line = index > 0 || !comments.is_empty() || trailing.is_some();
        out += if is_first_on_line { &indent } else { "" };
        out += &command(cx, text.get(part.span.clone())?)?;
    }
    // A comment behind the last command has no command to stand above.
    comments(text.get(covered..)?, false).iter().all(|it| out.contains(it)).then_some(out)
}

fn joint(before: Join, is_list: bool) -> &'static str {
    match before {
        Join::And => " &&",
        Join::Or => " ||",
        _ if is_list => " &&",
        _ => ";",
    }
}

/// Whether `set -e` can become `&&`: plain commands only, and nothing else set.
fn is_list(cx: &Context<'_>, run: InstructionRef<'_>, parts: &[Segment]) -> bool {
    let has_flag = cx
        .shell(run.id)
        .words
        .iter()
        .any(|it| it.starts_with('-') && !it.starts_with("--") && it.contains('e'));
    let begins = parts.first().is_some_and(is_errexit_alone);
    let is_plain = |it: &Segment| {
        !it.is_compound && !it.is_negated() && matches!(it.before, Join::Start | Join::Sequence)
    };
    let more = parts.iter().skip(1).all(|it| !it.script.commands().any(|it| it.is("set")));
    (begins && parts.len() > 1 && !has_flag && more) && parts.iter().all(is_plain)
}

fn is_errexit_alone(part: &Segment) -> bool {
    matches!(part.script.text.as_str(), "set -e" | "set -o errexit") && !part.has_comment
}

/// The comment lines of what stands between two commands.
fn comments(between: &str, is_start: bool) -> Vec<&str> {
    // Else the first is the rest of the line of the command before.
    let lines = between.split('\n').skip(usize::from(!is_start));
    lines.map(str::trim).filter(|it| it.starts_with('#')).collect()
}

/// `a # comment`
fn trailing_comment(text: &str, from: usize) -> Option<&str> {
    let rest = text.get(from..)?.split('\n').next()?.trim();
    let rest = rest.trim_start_matches(';').trim_start();
    rest.starts_with('#').then_some(rest)
}

/// The text of a command with the file's own continuations.
fn command(cx: &Context<'_>, text: &str) -> Option<String> {
    let mut lines = Vec::new();
    let mut rest = text.split('\n').peekable();
    while let Some(line) = rest.next() {
        let line = line.trim_end_matches('\r');
        if rest.peek().is_none() {
            lines.push(line.to_owned());
            break;
        }
        let kept = line.strip_suffix('\\').or_else(|| line.ends_with('|').then_some(line))?;
        let blank = if line.ends_with('|') { " " } else { "" };
        lines.push(format!("{kept}{blank}{}", cx.file().escape()));
    }
    let is_comment = |it: &String| it.trim_start().starts_with('#');
    (!lines.iter().any(is_comment)).then(|| lines.join(cx.newline()))
}

#[cfg(test)]
mod tests {
    use crate::analysis::ide::refactor::tests::{check, refusal};

    #[test]
    fn without_errexit_the_line_breaks_become_semicolons() {
        check(
            "heredoc-to-run",
            "FROM a\nRUN <<E<|>\na\nb && c\nE\n",
            "FROM a\nRUN a; \\\n    b && \\\n    c\n",
        );
        check(
            "heredoc-to-run",
            "FROM a\nRUN <<E<|>\nset -eux\na # why\n\n(b; c)\nE\n",
            "FROM a\nRUN set -eux; \\\n    # why\n    a; \\\n    (b; c)\n",
        );
    }

    #[test]
    fn what_reaches_over_lines_is_refused() {
        for body in ["if a; then\nb\nfi\n", "a 'x\ny'\n", "#!/bin/sh\na\nb\n", "cat <<F\nF\n"] {
            assert!(
                !refusal("heredoc-to-run", &format!("FROM a\nRUN <<E<|>\n{body}E\n")).is_empty(),
                "{body}"
            );
        }
    }

    #[test]
    fn it_undoes_the_way_there() {
        let (list, script) = ("FROM a\nRUN a && \\\n    b c\n", "FROM a\nRUN <<EOF\nset -e\na\nb c\nEOF\n");
        check("run-to-heredoc", &list.replace("a &&", "a<|> &&"), script);
        check("heredoc-to-run", &script.replace("<<EOF", "<<EOF<|>"), list);
    }
}
