//! What stands between instructions: blank lines, comments, the first and the last line of the file.

use std::ops::Range;

use text_size::{TextRange, TextSize};

use super::{FormatOptions, bom_len, is_all_blank, line_end, line_start, next_line, text_range};
use crate::analysis::syntax::directive::Directives;
use crate::analysis::syntax::problem::ProblemKind;
use crate::analysis::syntax::{Dockerfile, InstructionRef};
use crate::analysis::text::TextEdit;

/// The lines of a file that are not blank, and those of them nobody may touch.
pub struct Outline {
    /// Comments and instructions by their whole lines (absolute bytes, the line break included), in order.
    lines: Vec<Range<usize>>,
    frozen: Vec<Range<usize>>,
    len: usize,
}

/// What a comment between instructions tells the formatter.
enum Mark {
    IgnoreNext,
    Off,
    On,
}

impl Mark {
    fn parse(comment: &str) -> Option<Self> {
        match comment.trim_start_matches('#').trim() {
            "dockerfmt-ignore" => Some(Mark::IgnoreNext),
            "dockwright: format off" => Some(Mark::Off),
            "dockwright: format on" => Some(Mark::On),
            _ => None,
        }
    }
}

enum Item<'a> {
    Comment(TextRange),
    Instruction(InstructionRef<'a>),
}

impl Outline {
    pub fn new(file: &Dockerfile) -> Self {
        let mut outline = Outline { lines: Vec::new(), frozen: Vec::new(), len: file.text().len() };
        let mut off_since = None;
        let mut ignores_next = false;
        for (lines, item) in items(file) {
            match item {
                Item::Comment(comment) => match Mark::parse(file.slice(comment)) {
                    Some(Mark::IgnoreNext) => ignores_next = true,
                    Some(Mark::Off) => off_since = off_since.or(Some(lines.start)),
                    Some(Mark::On) => outline.frozen.extend(off_since.take().map(|start| start..lines.start)),
                    None => {}
                },
                Item::Instruction(instruction) => {
                    if std::mem::take(&mut ignores_next) {
                        outline.frozen.push(lines.clone());
                    }
                    // Where its body ends is a guess, so nothing behind the marker is ours to format.
                    if has_endless_heredoc(instruction) {
                        outline.frozen.push(lines.start..outline.len);
                    }
                }
            }
            outline.lines.push(lines);
        }
        outline.frozen.extend(off_since.map(|start| start..outline.len));
        outline.frozen = merged(outline.frozen);
        outline
    }

    /// Whether any of `range` (or the place itself when it is empty) must stay as it is.
    pub fn is_frozen(&self, range: TextRange) -> bool {
        let (start, end) = (usize::from(range.start()), usize::from(range.end()));
        let at = self.frozen.partition_point(|frozen| frozen.end <= start);
        let is_at_end = start == self.len && self.frozen.last().is_some_and(|last| last.end == self.len);
        let is_inside = |frozen: &Range<usize>| end > frozen.start || (start == end && end == frozen.start);
        is_at_end || self.frozen.get(at).is_some_and(is_inside)
    }
}

/// Ranges in order, none overlapping another.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut().filter(|last| range.start < last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => merged.push(range),
        }
    }
    merged
}

/// Comments and instructions in order, with the lines they stand on.
fn items(file: &Dockerfile) -> Vec<(Range<usize>, Item<'_>)> {
    let text = file.text();
    let lines = |start: usize, end: usize| line_start(text, start)..next_line(text, end);
    let comments = file
        .comments()
        .iter()
        .map(|&range| (lines(range.start().into(), range.end().into()), Item::Comment(range)));
    let instructions = file.instructions().map(|it| {
        let end = it.start + last_byte(it);
        (lines(it.start.into(), end.into()), Item::Instruction(it))
    });
    let mut items: Vec<_> = comments.chain(instructions).collect();
    items.sort_by_key(|(lines, _)| lines.start);
    items
}

/// The end of an instruction, comments and blank lines after a last dangling continuation included.
fn last_byte(instruction: InstructionRef<'_>) -> TextSize {
    let inside = instruction.comments.iter().chain(&instruction.blank_lines).map(|range| range.end());
    inside.fold(instruction.range.end(), |end, other| end.max(other))
}

fn has_endless_heredoc(instruction: InstructionRef<'_>) -> bool {
    instruction.problems.iter().any(|problem| matches!(problem.kind, ProblemKind::UnterminatedHeredoc(_)))
}

/// Edits of blank lines, of comments between instructions, and of the file's end.
pub fn edits(file: &Dockerfile, options: &FormatOptions, outline: &Outline) -> Vec<TextEdit> {
    let text = file.text();
    let mut edits = Vec::new();
    let mut at = bom_len(text);
    for lines in &outline.lines {
        let most = if at == bom_len(text) { leading_blank_lines(text, lines) } else { options.blank_lines() };
        blank_lines(text, at..lines.start, most, options, &mut edits);
        at = lines.end.max(at);
    }
    let most = if options.trim_final_newlines { 0 } else { usize::MAX };
    blank_lines(text, at..text.len(), most, options, &mut edits);
    edits.extend(file.comments().iter().flat_map(|&comment| comment_edits(file, options, comment)));
    edits.extend(final_newline(text, at, options, outline));
    edits
}

/// None, unless what follows would become a directive, or a byte order mark one, by moving to the top.
fn leading_blank_lines(text: &str, first: &Range<usize>) -> usize {
    let rest = text.get(first.start..).unwrap_or_default();
    let is_mark = rest.starts_with('\u{feff}') && bom_len(text) == 0;
    usize::from(is_mark || !Directives::parse(rest).list.is_empty())
}

/// Keeps at most `most` of the blank lines in `gap`.
fn blank_lines(
    text: &str,
    gap: Range<usize>,
    most: usize,
    options: &FormatOptions,
    edits: &mut Vec<TextEdit>,
) {
    let mut at = gap.start;
    let mut kept = 0;
    while at < gap.end && kept < most {
        let line = at..line_end(text, at);
        let content = text.get(line.clone()).unwrap_or_default();
        if options.trim_trailing_whitespace && !content.is_empty() && is_all_blank(content) {
            edits.push(TextEdit::delete(text_range(line)));
        }
        at = next_line(text, at);
        kept += 1;
    }
    if at < gap.end {
        edits.push(TextEdit::delete(text_range(at..gap.end)));
    }
}

/// A comment goes to column 0 and loses the blanks behind it; its text stays.
fn comment_edits(file: &Dockerfile, options: &FormatOptions, comment: TextRange) -> Vec<TextEdit> {
    let text = file.text();
    let start = usize::from(comment.start());
    let indent = line_start(text, start)..start;
    let mut edits = Vec::new();
    if !indent.is_empty() && is_all_blank(text.get(indent.clone()).unwrap_or_default()) {
        edits.push(TextEdit::delete(text_range(indent)));
    }
    edits.extend(trailing_blanks(text, comment.into(), options));
    edits
}

/// Removes the blanks at the end of `range`.
pub fn trailing_blanks(text: &str, range: Range<usize>, options: &FormatOptions) -> Option<TextEdit> {
    let content = text.get(range.clone())?.trim_end_matches([' ', '\t']);
    let blanks = range.start + content.len()..range.end;
    (options.trim_trailing_whitespace && !blanks.is_empty()).then(|| TextEdit::delete(text_range(blanks)))
}

/// A line break behind the last line, in the style of the others. `content_end` is where the last comment or
/// instruction ends.
fn final_newline(
    text: &str,
    content_end: usize,
    options: &FormatOptions,
    outline: &Outline,
) -> Option<TextEdit> {
    let has_break = text.get(..content_end).is_some_and(|text| text.ends_with('\n'));
    let is_missing = !outline.lines.is_empty() && content_end == text.len() && !has_break;
    (options.insert_final_newline && is_missing)
        .then(|| TextEdit::insert((text.len() as u32).into(), line_break(text)))
}

/// The line break that most lines have.
fn line_break(text: &str) -> &'static str {
    let all = text.matches('\n').count();
    let windows = text.matches("\r\n").count();
    if windows * 2 > all { "\r\n" } else { "\n" }
}
