//! Adding a command at the end of a shell text.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell::ShellPart;
use crate::analysis::model::shell::{Operator, ShellForm};

/// The edit that makes `command` run when all before it has succeeded, laid out as the text is; `None` where the end
/// of the text is not the end of a plain list of commands.
pub fn append(cx: &ShellContext<'_>, part: &ShellPart, command: &str) -> Option<TextEdit> {
    let last = part.script.commands().last()?;
    let text = part.script.text.as_str();
    let end = part.script.text.source_range(0, text.trim_end().len()).end();
    let is_whole_end = last.range.end() == end && last.place.is_top_level();
    let in_background = last.place.after.is_some_and(|it| it.operator == Operator::Background);
    let never_returns = !last.wrappers.is_empty() || matches!(last.name(), "exit" | "exec" | "return" | "");
    let has_heredoc = part.text.form == ShellForm::Line && !cx.instruction.heredocs.is_empty();
    if !part.is_editable() || !is_whole_end || in_background || never_returns || has_heredoc {
        return None;
    }
    let whole = TextRange::new(part.script.text.range().start(), end);
    let joint = match part.text.form {
        ShellForm::Line => joint(cx.source(whole), cx.setting.escape),
        _ => " && ".to_owned(),
    };
    Some(TextEdit::insert(end, format!("{joint}{command}")))
}

/// How the text joins its commands: in the line, or on a line of its own with `&&` in front or behind.
fn joint(source: &str, escape: char) -> String {
    let mut lines = source.lines().rev();
    let last = lines.next().unwrap_or_default();
    let Some(before) = lines.next() else { return " && ".to_owned() };
    let indent: String = last.chars().take_while(|c| c.is_whitespace()).collect();
    let is_joined_before = before.trim_end().trim_end_matches(escape).trim_end().ends_with("&&");
    if last.trim_start().starts_with("&&") {
        format!(" {escape}\n{indent}&& ")
    } else if is_joined_before {
        format!(" && {escape}\n{indent}")
    } else {
        format!(" {escape}\n{}&& ", if indent.is_empty() { "    " } else { &indent })
    }
}
