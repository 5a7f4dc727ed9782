//! `RUN a` and `RUN b` to `RUN a && b`.

use std::rc::Rc;

use text_size::TextRange;

use super::context::RunLine;
use super::segments::{Join, Segment};
use super::{Answer, Context, Kind, Recipe, Refactoring, Refusal};
use crate::analysis::knowledge::Keyword;
use crate::analysis::syntax::InstructionRef;
use crate::analysis::text::TextEdit;

pub static RECIPE: Recipe = Recipe {
    name: "merge-runs",
    kind: Kind::Rewrite,
    summary: "Joins `RUN` instructions that follow each other, all around the cursor or those that are selected, into one \
layer. A command that changes the folder or variables of its shell (`cd`, `export`, `set`) is put into parentheses, so \
that it does so for its own commands only; so is a list with `;` or `||`. Refused for different flags, for exec form and \
heredocs among the selected, and where the shell would not see all of it (`set -e` with `;`, a comment at the end).",
    before: "\
FROM debian:13
RUN <|>apt-get update
# what the build needs
RUN apt-get install -y \\
    curl
RUN cd /srv && make
RUN ldconfig
",
    after: "\
FROM debian:13
RUN apt-get update && \\
    # what the build needs
    apt-get install -y \\
    curl && \\
    (cd /srv && make) && \\
    ldconfig
",
    offer,
};

fn offer(cx: &Context<'_>) -> Answer {
    let group = group(cx)?;
    let title = format!("Merge {} `RUN` instructions", group.len());
    let mut lines = Vec::new();
    for run in &group {
        match cx.run_line(*run) {
            Some(line) => lines.push(line),
            None => return Some(Err(Refusal::new(title, "one of them is no list of shell commands"))),
        }
    }
    let (first, last) = (lines.first()?, lines.last()?);
    if lines.iter().any(|it| flags(cx, it) != flags(cx, first)) {
        return Some(Err(Refusal::new(title, "their flags are not the same")));
    }
    let has_errexit = cx.shell(first.instruction.id).words.iter().any(|it| is_errexit(it));
    for line in &lines {
        let is_last = line.instruction.id == last.instruction.id;
        if let Some(reason) = obstacle(line, is_last, has_errexit) {
            return Some(Err(Refusal::new(title, reason)));
        }
    }
    Some(Ok(Refactoring::new(title, edits(cx, &lines)?)))
}

/// The selected `RUN`s, or those around the cursor that can be joined with it.
fn group<'a>(cx: &Context<'a>) -> Option<Vec<InstructionRef<'a>>> {
    let selected = cx.selected();
    if selected.len() > 1 {
        let are_runs = selected.iter().all(|it| it.keyword == Some(Keyword::Run));
        return are_runs.then(|| selected.to_vec());
    }
    let here = cx.only_of(Keyword::Run)?;
    let line = cx.run_line(here)?;
    let fits =
        |it: &InstructionRef<'a>| cx.run_line(*it).is_some_and(|other| flags(cx, &other) == flags(cx, &line));
    let is_near = |it: &InstructionRef<'a>| it.keyword == Some(Keyword::Run) && fits(it);
    let before = (0..here.id.0).rev().map_while(|id| cx.instruction(id)).take_while(is_near);
    let mut group: Vec<_> = before.collect();
    group.reverse();
    group.push(here);
    group.extend((here.id.0 + 1..).map_while(|id| cx.instruction(id)).take_while(is_near));
    (group.len() > 1).then_some(group)
}

/// The flags as written, in any order.
fn flags<'a>(cx: &Context<'a>, line: &RunLine<'a>) -> Vec<&'a str> {
    let flags = line.instruction.node.flags.iter();
    let mut flags: Vec<&str> = flags.map(|it| cx.slice(line.instruction.absolute(it.range))).collect();
    flags.sort_unstable();
    flags
}

fn is_errexit(word: &str) -> bool {
    word == "errexit" || word.starts_with('-') && !word.starts_with("--") && word.contains('e')
}

fn obstacle(line: &RunLine<'_>, is_last: bool, has_errexit: bool) -> Option<&'static str> {
    let has = |test: fn(&Segment) -> bool| line.segments.iter().any(test);
    let is_plain =
        line.segments.iter().all(|it| matches!(it.before, Join::Start | Join::And) && !it.is_compound);
    let stops_itself = has_errexit || has(Segment::sets_errexit);
    if !is_last && has(|it| it.has_comment) {
        return Some("a shell comment at the end of one would hide what follows");
    }
    // A shell does not stop for `set -e` on the left of `&&`.
    (!is_last && stops_itself && !is_plain)
        .then_some("behind `&&`, `set -e` would not stop one of them any more")
}

/// Whether the commands must not be part of another list as they are.
fn needs_parentheses(line: &RunLine<'_>, is_first: bool, is_last: bool) -> bool {
    let is_list = line.segments.iter().all(|it| matches!(it.before, Join::Start | Join::And));
    let has_state = line.segments.iter().any(|it| it.state().is_some());
    let has_background = line.segments.iter().any(|it| it.is_background);
    let text = line.script.text.as_str();
    let ends_in_list = text.ends_with([';', '&']) && !text.ends_with("\\;");
    // The first may be `a || b`, as lists are read from the left.
    let is_or = is_first && line.segments.iter().all(|it| it.before != Join::Sequence);
    (!is_list && !is_or) || (has_state && !is_last) || has_background || ends_in_list
}

fn edits(cx: &Context<'_>, lines: &[Rc<RunLine<'_>>]) -> Option<Vec<TextEdit>> {
    let indent = lines.iter().find_map(|it| cx.own_indent(it.instruction).filter(|it| !it.is_empty()));
    let indent =
        indent.map_or_else(|| lines.first().map(|it| cx.indent(it.instruction)), |it| Some(it.to_owned()))?;
    let mut edits = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let (is_first, is_last) = (index == 0, index + 1 == lines.len());
        let range = line.text_range();
        let is_grouped = needs_parentheses(line, is_first, is_last);
        if is_first && is_grouped {
            edits.push(TextEdit::insert(range.start(), "("));
        }
        if let Some(before) = index.checked_sub(1).and_then(|index| lines.get(index)) {
            let gap = TextRange::new(before.text_range().end(), range.start());
            let closing = if needs_parentheses(before, index == 1, false) { ")" } else { "" };
            let opening = if is_grouped { "(" } else { "" };
            let comments = cx.comments_in(gap).into_iter();
            let comments: String = comments.map(|it| format!("{indent}{it}{}", cx.newline())).collect();
            let text = format!("{closing} &&{}{comments}{indent}{opening}", cx.continuation());
            edits.push(TextEdit::new(gap, text));
        }
        if is_last && is_grouped {
            edits.push(TextEdit::insert(range.end(), ")"));
        }
    }
    Some(edits)
}

#[cfg(test)]
mod tests {
    use crate::analysis::ide::refactor::tests::{check, check_silent, refusal};

    #[test]
    fn comments_and_line_ends_stay() {
        check(
            "merge-runs",
            "# escape=`\r\nFROM --platform=linux a\r\nrun x `\r\n  y\r\n\r\n  # c\r\nRUN z<|>\r\nCMD q\r\n",
            "# escape=`\r\nFROM --platform=linux a\r\nrun x `\r\n  y && `\r\n  # c\r\n  z\r\nCMD q\r\n",
        );
    }

    #[test]
    fn lists_are_kept_apart() {
        check(
            "merge-runs",
            "FROM a\nRUN <|>a || b\nRUN c; d\nRUN e || f\n",
            "FROM a\nRUN a || b && \\\n    (c; d) && \\\n    (e || f)\n",
        );
        check(
            "merge-runs",
            "FROM a\nRUN A=1 && <|>b\nRUN A=2 && c",
            "FROM a\nRUN (A=1 && b) && \\\n    A=2 && c",
        );
    }

    #[test]
    fn an_escaped_semicolon_ends_no_list() {
        check(
            "merge-runs",
            "FROM a\nRUN <|>find b -exec c {} \\;\nRUN d\n",
            "FROM a\nRUN find b -exec c {} \\; && \\\n    d\n",
        );
    }

    #[test]
    fn flags_must_be_the_same() {
        check_silent("merge-runs", "FROM a\nRUN --network=none b<|>\nRUN c\n");
        assert_eq!(
            refusal("merge-runs", "FROM a\n<|>RUN --network=none b\nRUN c<|>\n"),
            "their flags are not the same"
        );
        check(
            "merge-runs",
            "FROM a\nRUN --network=none b<|>\nRUN --network=none c\nRUN d\n",
            "FROM a\nRUN --network=none b && \\\n    c\nRUN d\n",
        );
    }

    #[test]
    fn what_the_shell_would_not_see_is_refused() {
        assert!(refusal("merge-runs", "FROM a\nRUN <|>b # c\nRUN d\n").contains("comment"));
        assert!(refusal("merge-runs", "FROM a\nRUN <|>set -e; b; c\nRUN d\n").contains("set -e"));
        assert!(refusal("merge-runs", "FROM a\n<|>RUN [\"b\"]\nRUN d<|>\n").contains("shell commands"));
        check_silent("merge-runs", "FROM a\nRUN b<|>\nCOPY c .\nRUN d\n");
        check_silent("merge-runs", "FROM a\nRUN b<|>\nFROM c\nRUN d\n");
    }
}
