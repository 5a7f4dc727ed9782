//! From a cursor to what is legal there.
//!
//! The text before the cursor decides, not the syntax tree: half-typed text parses as something else, or not at
//! all. The tree gives the instruction and its joined line; from there on this lexes up to the cursor.

mod arguments;
mod comments;
mod flags;
mod images;
mod paths;
mod shell;
mod variables;

use text_size::{TextRange, TextSize};

use super::cursor::{Cursor, Typed};
use super::site::{Kind, Place, Site};
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::Model;
use crate::analysis::syntax::InstructionRef;
use crate::analysis::syntax::problem::ProblemKind;

/// What can stand at `offset` (absolute, clamped into the text), or nothing where nothing is known to fit.
pub fn site(model: &Model, offset: TextSize) -> Option<Site> {
    let offset = clamp(model.file().text(), offset);
    let instruction = model.file().instruction_at(offset);
    let comment = model.file().comment_at(offset).filter(|range| range.start() < offset);
    let places = match (comment, instruction) {
        (Some(comment), _) => comments::places(model, comment, offset),
        (None, Some(instruction)) => in_instruction(model, instruction, offset),
        (None, None) => on_free_line(model, offset),
    };
    let instruction = instruction.map(|it| it.id);
    (!places.is_empty()).then_some(Site { places, instruction, offset })
}

fn clamp(text: &str, offset: TextSize) -> TextSize {
    let mut at = usize::from(offset).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    TextSize::from(at as u32)
}

fn place(kind: Kind, typed: Option<Typed>) -> Vec<Place> {
    typed.into_iter().map(|typed| Place { kind: kind.clone(), typed }).collect()
}

/// A line that belongs to nothing.
fn on_free_line(model: &Model, offset: TextSize) -> Vec<Place> {
    let text = model.file().text();
    let before = text.get(..usize::from(offset)).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.get(start..).unwrap_or_default().trim_start_matches('\u{feff}');
    let is_inside_mark = offset < TextSize::from(bom_len(text));
    if is_inside_mark || !line.trim().is_empty() {
        return Vec::new();
    }
    let kind = Kind::Instruction { is_deferred: false };
    let mut places = place(kind, Some(Typed::nothing(offset)));
    places.extend(heredoc_end(model, offset, Typed::nothing(offset)));
    places
}

fn bom_len(text: &str) -> u32 {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() as u32 } else { 0 }
}

/// The end of a heredoc above that has none: until it is written, its lines read as instructions.
fn heredoc_end(model: &Model, offset: TextSize, typed: Typed) -> Option<Place> {
    let before = model.file().instructions().rev().filter(|it| it.absolute_range().end() < offset);
    let mut problems = before.flat_map(|it| &it.node.problems);
    let delimiter = problems.find_map(|problem| match &problem.kind {
        ProblemKind::UnterminatedHeredoc(name) => Some(name.clone()),
        _ => None,
    })?;
    Some(Place { kind: Kind::HeredocEnd { delimiter }, typed })
}

fn in_instruction(model: &Model, instruction: InstructionRef<'_>, offset: TextSize) -> Vec<Place> {
    let Some(local) = instruction.local(offset) else { return Vec::new() };
    let node = instruction.node;
    let is_inside = |range: &TextRange| range.start() < local && local <= range.end();
    if node.comments.iter().any(is_inside) {
        return Vec::new();
    }
    if let Some(heredoc) = node.heredoc_at(local).filter(|it| it.terminator.is_some()) {
        let is_on_end = heredoc.terminator.is_some_and(|end| local >= end.start());
        let cursor = Cursor::in_body(model, instruction, heredoc, offset).filter(|_| !is_on_end);
        return cursor.map_or_else(Vec::new, |cursor| shell::in_heredoc(&cursor, heredoc));
    }
    if local > node.line_range.end() && node.heredocs.iter().any(|it| it.terminator.is_some()) {
        return Vec::new();
    }
    let cursor = Cursor::in_line(model, instruction, offset);
    cursor.map_or_else(Vec::new, |cursor| line(&cursor, 0, false))
}

/// In the text of an instruction that begins at byte `start` of the joined line.
fn line(cursor: &Cursor<'_>, start: usize, is_deferred: bool) -> Vec<Place> {
    let name = word_at(cursor.text, start);
    if cursor.at <= name.end {
        return instruction_name(cursor, name.start, is_deferred);
    }
    let Some(keyword) = Keyword::parse(cursor.slice(name.clone())) else { return Vec::new() };
    if keyword == Keyword::Onbuild {
        // ONBUILD ONBUILD is refused, and so is anything below it.
        return if is_deferred { Vec::new() } else { line(cursor, name.end, true) };
    }
    let flags = flags::FlagWords::read(cursor.text, name.end);
    let arguments = arguments::Arguments { cursor, keyword, is_deferred, flags: &flags };
    flags::places(&arguments).unwrap_or_else(|| arguments.places())
}

fn instruction_name(cursor: &Cursor<'_>, start: usize, is_deferred: bool) -> Vec<Place> {
    let kind = Kind::Instruction { is_deferred };
    if cursor.at < start {
        // In the indentation, or between ONBUILD and what it defers.
        return place(kind, Some(Typed::nothing(cursor.offset)));
    }
    let typed = cursor.word(start);
    let end = typed.clone().filter(|_| !is_deferred);
    let mut places = place(kind, typed);
    places.extend(end.and_then(|typed| heredoc_end(cursor.model, typed.replace.start(), typed)));
    places
}

/// The words of that part of `text`, separated by blanks.
fn line_words(text: &str, range: std::ops::Range<usize>) -> Vec<std::ops::Range<usize>> {
    let mut words = Vec::new();
    let mut at = range.start;
    loop {
        let word = word_at(text.get(..range.end).unwrap_or_default(), at);
        if word.is_empty() {
            return words;
        }
        at = word.end;
        words.push(word);
    }
}

/// The first word at or behind `start`: blanks skipped, up to the next blank.
fn word_at(text: &str, start: usize) -> std::ops::Range<usize> {
    let rest = text.get(start..).unwrap_or_default();
    let begin = start + (rest.len() - rest.trim_start().len());
    let word = text.get(begin..).unwrap_or_default();
    begin..begin + word.find(char::is_whitespace).unwrap_or(word.len())
}
