//! In the text of a shell: in the line of a `RUN` and its kin, or in the body of a heredoc.

use smol_str::SmolStr;
use text_size::TextRange;

use super::{Place, place, variables};
use crate::analysis::ide::completion::cursor::Cursor;
use crate::analysis::ide::completion::shell_words::{Spot, spot};
use crate::analysis::ide::completion::site::{Kind, VariableScope};
use crate::analysis::knowledge::{self, Keyword};
use crate::analysis::model::shell::{ShellForm, Shells};
use crate::analysis::syntax::ast::Heredoc;

/// In the shell form that begins at byte `start`.
pub fn in_line(cursor: &Cursor<'_>, start: usize, keyword: Keyword, is_deferred: bool) -> Vec<Place> {
    let shells = Shells::new(cursor.model);
    if !shells.at(cursor.id()).kind.is_posix() {
        return Vec::new();
    }
    let text = cursor.slice(start..cursor.at);
    if text.starts_with("<<") && !text.contains(char::is_whitespace) {
        return Vec::new();
    }
    script(cursor, start, keyword, is_deferred)
}

/// In the body of `heredoc`.
pub fn in_heredoc(cursor: &Cursor<'_>, heredoc: &Heredoc) -> Vec<Place> {
    match cursor.instruction.node.innermost().keyword {
        Some(Keyword::Copy | Keyword::Add) if heredoc.expands => {
            // Quotes mean nothing in the text of a file.
            let start = cursor.at - last_word(cursor.before());
            variables::places(cursor, start, Some(VariableScope::Builder)).unwrap_or_default()
        }
        Some(Keyword::Run) => in_script(cursor, heredoc),
        _ => Vec::new(),
    }
}

/// Length of the piece at the end of `text` that can be part of a variable.
fn last_word(text: &str) -> usize {
    let start = text.rfind('$').map_or(text.len(), |at| {
        // An escape before the dollar counts.
        let head = text.get(..at).unwrap_or_default();
        at - (head.len() - head.trim_end_matches('\\').len())
    });
    text.len() - start
}

fn in_script(cursor: &Cursor<'_>, heredoc: &Heredoc) -> Vec<Place> {
    let shells = Shells::new(cursor.model);
    let texts = shells.texts(cursor.model.file(), cursor.instruction);
    let is_here = |range: TextRange| range == heredoc.body;
    let Some(text) = texts.into_iter().find(|it| is_here(it.text.range())) else { return Vec::new() };
    match text.form {
        ShellForm::Script { .. } if text.kind.is_posix() => script(cursor, 0, Keyword::Run, false),
        ShellForm::Document { .. } => {
            let scope = VariableScope::Shell { own: Vec::new() };
            let start = cursor.at - last_word(cursor.before());
            variables::places(cursor, start, Some(scope)).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

fn script(cursor: &Cursor<'_>, start: usize, keyword: Keyword, is_deferred: bool) -> Vec<Place> {
    let spot = spot(cursor.slice(start..cursor.at));
    let scope = scope(keyword, is_deferred, &spot);
    if let Some(found) = variables::places(cursor, start, Some(scope)) {
        return found;
    }
    if spot.is_opaque {
        return Vec::new();
    }
    let typed = cursor.typed(start + spot.start, |c| c.is_whitespace() || matches!(c, ';' | '&' | '|' | ')'));
    match words(cursor, start, spot, keyword) {
        Some(kind) => place(kind, typed),
        None => Vec::new(),
    }
}

fn scope(keyword: Keyword, is_deferred: bool, spot: &Spot) -> VariableScope {
    match keyword {
        _ if is_deferred => VariableScope::Deferred,
        Keyword::Run => VariableScope::Shell { own: spot.assigned.clone() },
        _ => VariableScope::RunTime,
    }
}

fn words(cursor: &Cursor<'_>, start: usize, spot: Spot, keyword: Keyword) -> Option<Kind> {
    let typed = cursor.slice(start + spot.start..cursor.at);
    if typed.contains(['$', '"', '\'', '\\', '/', '=']) {
        return None;
    }
    let Some((name, rest)) = spot.command.split_first() else {
        // CMD and ENTRYPOINT start the program of the image: nothing is known of it.
        let is_known = matches!(keyword, Keyword::Run | Keyword::Healthcheck);
        return is_known.then_some(Kind::ShellCommand { keyword });
    };
    let command = knowledge::command(name.text.rsplit('/').next()?)?;
    let subcommand = rest.iter().find_map(|word| command.subcommand(&word.text));
    let given: Vec<SmolStr> = rest.iter().map(|word| word.text.clone()).collect();
    Some(Kind::ShellArgument { command, subcommand, given })
}
