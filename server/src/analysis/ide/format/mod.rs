//! The formatter: where a Dockerfile's blanks go, and nothing else.
//!
//! It only ever changes blanks, line breaks of blank lines and, if asked, the case of keywords; the words of a
//! file stay where they are. The invariants, kept by tests over random files: the [`meaning`] is the same
//! before and after, and formatting twice is formatting once. What it decides and why:
//! `server/docs/formatting.md`.
//!
//! * [`between`] — what stands between instructions: blank lines, comments, the file's ends.
//! * [`spacing`] — blanks inside one line: after the keyword, between flags, in JSON arrays.
//! * [`block`] — continuation lines: their indentation, the escape at their end, comments among them.
//! * [`quotes`] — which blanks are part of a value and must stay.

mod between;
mod block;
pub mod meaning;
mod on_type;
mod options;
mod quotes;
mod spacing;

#[cfg(test)]
mod tests;

use std::ops::Range;

use text_size::{TextRange, TextSize};

pub use on_type::on_type;
pub use options::{FormatOptions, IndentStyle, KeywordCase};

use self::meaning::meaning;
use crate::analysis::syntax::ast::Arguments;
use crate::analysis::syntax::{Dockerfile, Instruction};
use crate::analysis::text::{TextEdit, apply_edits};

/// The edits that format the whole file: small ones, each of a run of blanks or a keyword; none when the file
/// is formatted already.
pub fn document(file: &Dockerfile, options: &FormatOptions) -> Vec<TextEdit> {
    only_if_harmless(file, all_edits(file, options))
}

/// The edits that format the lines `range` (bytes) touches. An instruction is formatted whole: its
/// continuation lines are indented together or not at all.
pub fn range(file: &Dockerfile, options: &FormatOptions, range: TextRange) -> Vec<TextEdit> {
    let lines = whole_instructions(file, range);
    let mut edits = all_edits(file, options);
    edits.retain(|edit| lines.contains_range(edit.range));
    only_if_harmless(file, edits)
}

/// A last look: whatever the rules above it overlooked, a file whose meaning would change stays as it is.
fn only_if_harmless(file: &Dockerfile, edits: Vec<TextEdit>) -> Vec<TextEdit> {
    let is_harmless = edits.is_empty()
        || apply_edits(file.text(), &edits)
            .is_some_and(|text| meaning(&Dockerfile::parse(text)) == meaning(file));
    if is_harmless { edits } else { Vec::new() }
}

/// All edits in document order, before the last look.
fn all_edits(file: &Dockerfile, options: &FormatOptions) -> Vec<TextEdit> {
    let outline = between::Outline::new(file);
    let mut edits = between::edits(file, options, &outline);
    edits.extend(block::edits(file, options, &outline));
    edits.retain(|edit| !outline.is_frozen(edit.range));
    edits.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
    edits
}

/// `range` grown to whole lines and whole instructions.
fn whole_instructions(file: &Dockerfile, range: TextRange) -> TextRange {
    let text = file.text();
    let start = line_start(text, usize::from(range.start()).min(text.len()));
    let end = next_line(text, usize::from(range.end()).min(text.len()));
    let mut lines = text_range(start..end.max(start));
    for instruction in file.instructions() {
        let end = next_line(text, instruction.absolute_range().end().into());
        let own = TextRange::new(instruction.start, TextSize::from(end as u32));
        if own.intersect(lines).is_some_and(|common| !common.is_empty()) {
            lines = lines.cover(own);
        }
    }
    lines
}

/// Whether an instruction is left exactly as it is: BuildKit does not accept it, or it is likely that a person
/// is in the middle of typing it.
fn is_left_alone(instruction: &Instruction) -> bool {
    let inner = instruction.innermost();
    let is_unknown = instruction.keyword.is_none() || inner.keyword.is_none();
    let is_incomplete = match &inner.arguments {
        Arguments::Onbuild(None) => true,
        Arguments::Healthcheck(Some(check)) => {
            !["CMD", "NONE"].iter().any(|kind| check.kind.as_str().eq_ignore_ascii_case(kind))
        }
        _ => false,
    };
    let first_line = instruction.joined.pieces().next().map_or(0..0, |(piece, _)| piece);
    let has_split_name =
        instruction.name.as_str().len() > first_line.len() || !instruction.name.is_verbatim();
    is_unknown
        || is_incomplete
        || has_split_name
        || !instruction.problems.is_empty()
        || block::swallows_an_instruction(instruction)
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Whether there is nothing but blanks and tabs in `text`.
fn is_all_blank(text: &str) -> bool {
    text.bytes().all(is_blank)
}

fn text_range(range: Range<usize>) -> TextRange {
    TextRange::new(TextSize::from(range.start as u32), TextSize::from(range.end.max(range.start) as u32))
}

/// The start of the line on which `at` stands; never inside a byte order mark.
fn line_start(text: &str, at: usize) -> usize {
    let start = text.get(..at).unwrap_or_default().rfind('\n').map_or(0, |found| found + 1);
    start.max(bom_len(text))
}

/// The end of the line on which `at` stands, without its line break.
fn line_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let line = rest.split('\n').next().unwrap_or_default();
    at + line.trim_end_matches('\r').len()
}

/// The start of the line after `at`, or the end of the text.
fn next_line(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |found| at + found + 1)
}

fn bom_len(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}
