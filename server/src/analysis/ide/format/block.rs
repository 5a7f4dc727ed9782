//! One instruction and its continuation lines.
//!
//! The least indented continuation line goes to the configured column and all others keep their distance to
//! it, so nested shell code stays nested. A line is only moved where a blank at its start separates words: text
//! inside quotes stays in its column, and so does a word that goes on over a line break.

use std::ops::Range;

use super::between::{Outline, trailing_blanks};
use super::options::Indentation;
use super::quotes::{Dialects, Kept};
use super::{
    FormatOptions, IndentStyle, is_all_blank, is_blank, is_left_alone, line_end, line_start, next_line,
    spacing, text_range,
};
use crate::analysis::knowledge::Keyword;
use crate::analysis::syntax::{Dockerfile, Instruction, InstructionRef};
use crate::analysis::text::TextEdit;

/// The edits inside all instructions.
pub fn edits(file: &Dockerfile, options: &FormatOptions, outline: &Outline) -> Vec<TextEdit> {
    let dialects = Dialects::new(file);
    let blocks: Vec<Block> = file
        .instructions()
        .filter(|it| !outline.is_frozen(it.absolute_range()) && !is_left_alone(it))
        .filter(|it| !options.ignore_multiline_instructions || it.joined.pieces().count() == 1)
        .map(|it| Block::new(file, it, &dialects))
        .collect();
    let width = options.indent_width();
    let uses_tabs = match options.indent_style {
        IndentStyle::Spaces => false,
        IndentStyle::Tabs => true,
        IndentStyle::Keep => has_more_tabs(&blocks),
    };
    let indentation = Indentation { width, uses_tabs };
    blocks.iter().flat_map(|block| block.edits(options, indentation)).collect()
}

/// Whether more continuation lines begin with a tab than with a blank.
fn has_more_tabs(blocks: &[Block]) -> bool {
    let lines = blocks.iter().flat_map(|block| block.lines.iter().skip(1).filter(|line| line.is_movable));
    let (mut tabs, mut blanks) = (0, 0);
    for line in lines {
        tabs += usize::from(line.indent().starts_with('\t'));
        blanks += usize::from(line.indent().starts_with(' '));
    }
    tabs > blanks
}

/// Whether a continuation line looks like an instruction of its own: an escape too many on the line before, or
/// a line that is still being typed above it.
pub fn swallows_an_instruction(instruction: &Instruction) -> bool {
    let text = instruction.joined.as_str();
    instruction.joined.pieces().skip(1).any(|(piece, _)| {
        let line = text.get(piece).unwrap_or_default();
        let word = line.split([' ', '\t']).next().unwrap_or_default();
        word.bytes().all(|byte| byte.is_ascii_uppercase()) && word.parse::<Keyword>().is_ok()
    })
}

/// One physical line of an instruction that is not a comment and not blank.
#[derive(Debug)]
struct Line<'a> {
    /// Absolute start of the line.
    start: usize,
    /// What the line adds to the instruction: without the escape, with its indentation.
    content: &'a str,
    /// Absolute end, without the line break.
    end: usize,
    /// Whether the blanks at its start only separate words.
    is_movable: bool,
    /// Whether the blanks before its escape only separate words.
    has_free_end: bool,
}

impl<'a> Line<'a> {
    fn indent(&self) -> &'a str {
        let words = self.content.trim_start_matches([' ', '\t']);
        self.content.get(..self.content.len() - words.len()).unwrap_or_default()
    }

    fn is_blank(&self) -> bool {
        is_all_blank(self.content)
    }

    /// From the first word to the end of the last, absolute.
    fn words(&self) -> Range<usize> {
        let start = self.start + self.indent().len();
        start..(self.start + self.content.trim_end_matches([' ', '\t']).len()).max(start)
    }

    /// Absolute offset of the escape, or of the line's end when there is none.
    fn content_end(&self) -> usize {
        self.start + self.content.len()
    }

    fn has_escape(&self) -> bool {
        self.content_end() < self.end
    }

    /// Whether the blanks before its escape may change.
    fn has_own_escape(&self) -> bool {
        self.has_escape() && self.has_free_end
    }

    /// The escape, or `None` for a line whose end stays as it is; `new_column` is that of its first word,
    /// `edits` are those inside lines, in order.
    fn escape(
        &self,
        new_column: Option<usize>,
        edits: &[TextEdit],
        indentation: Indentation,
    ) -> Option<Escape> {
        let width = |text: &str| text.chars().count();
        let indent = indentation.columns(self.indent());
        let words = width(self.content.trim_matches([' ', '\t']));
        if self.is_blank() {
            return self.has_own_escape().then_some(Escape { column: indent, blanks: 0, words_end: 0 });
        }
        let blanks = self.content_end() - self.words().end;
        let inside = text_range(self.words());
        let (mut added, mut removed) = (0, 0);
        let first = edits.partition_point(|edit| edit.range.start() < inside.start());
        for edit in edits.iter().skip(first).take_while(|edit| inside.contains_range(edit.range)) {
            added += edit.new_text.len();
            removed += usize::from(edit.range.len());
        }
        self.has_own_escape().then(|| Escape {
            column: indent + words + blanks,
            blanks,
            words_end: (new_column.unwrap_or(indent) + words + added).saturating_sub(removed),
        })
    }

    /// Closes what an earlier line opened: `}`, `]`, `fi` and the like may stand below the instruction's name.
    fn is_closer(&self) -> bool {
        let words = self.content.trim_matches([' ', '\t']);
        let first = words.split([' ', '\t', ';']).next().unwrap_or_default();
        words.starts_with(['}', ']', ')']) || words == ";" || matches!(first, "fi" | "done" | "esac")
    }
}

struct Block<'a> {
    file: &'a Dockerfile,
    instruction: InstructionRef<'a>,
    /// The first one is the instruction's own.
    lines: Vec<Line<'a>>,
}

impl<'a> Block<'a> {
    fn new(file: &'a Dockerfile, instruction: InstructionRef<'a>, dialects: &Dialects) -> Self {
        let mut block = Block { file, instruction, lines: Vec::new() };
        for (piece, source) in instruction.joined.pieces() {
            let at = usize::from(instruction.start) + source;
            let start = line_start(file.text(), at);
            block.lines.push(Line {
                start,
                content: file.text().get(start..at + piece.len()).unwrap_or_default(),
                end: line_end(file.text(), start),
                is_movable: false,
                has_free_end: false,
            });
        }
        if block.lines.len() > 1 {
            block.find_free_seams(&dialects.kept(instruction.id, &instruction));
        }
        block
    }

    fn text(&self, range: Range<usize>) -> &'a str {
        self.file.text().get(range).unwrap_or_default()
    }

    /// A seam is where a line break was; it is free when the blanks around it only separate words.
    fn find_free_seams(&mut self, kept: &Kept) {
        let text = self.instruction.joined.as_str().as_bytes();
        let seams: Vec<usize> =
            self.instruction.joined.pieces().skip(1).map(|(piece, _)| piece.start).collect();
        // Lines with nothing but an escape share one run.
        let (mut run, mut is_free) = (0..0, false);
        for (at, seam) in seams.into_iter().enumerate() {
            if at == 0 || seam > run.end {
                run = blanks_around(text, seam);
                is_free = !run.is_empty() && !kept.get(run.clone()).unwrap_or(&[true]).contains(&true);
            }
            if let Some(line) = self.lines.get_mut(at) {
                line.has_free_end = is_free;
            }
            if let Some(line) = self.lines.get_mut(at + 1) {
                line.is_movable = is_free;
            }
        }
    }

    /// All edits inside the instruction.
    fn edits(&self, options: &FormatOptions, indentation: Indentation) -> Vec<TextEdit> {
        let mut edits: Vec<TextEdit> = spacing::edits(&self.instruction, options)
            .into_iter()
            .map(|edit| TextEdit::new(self.instruction.absolute(edit.range), edit.new_text))
            .collect();
        let columns = self.columns(indentation);
        let blanks = self.escape_blanks(&columns, &edits, indentation);
        for ((line, &column), &blanks) in self.lines.iter().zip(&columns).zip(&blanks) {
            let is_aligned = line.is_blank() && blanks > 1;
            edits.extend(indent_edit(line, if is_aligned { Some(blanks) } else { column }, indentation));
            edits.extend(self.escape_edit(line, blanks));
            edits.extend(self.end_edit(line, options));
        }
        edits.extend(self.comment_edits(&columns, options, indentation));
        edits.extend(self.blank_line_edits(options));
        edits
    }

    /// The new column of each line's first word; `None` for a line that stays where it is.
    fn columns(&self, indentation: Indentation) -> Vec<Option<usize>> {
        let column = |line: &Line| indentation.columns(line.indent());
        let movable = || self.lines.iter().skip(1).filter(|line| line.is_movable && !line.is_blank());
        // `}` at column 0, with its block indented, belongs to the instruction's own line.
        let mut at_zero = movable().filter(|line| column(line) == 0).peekable();
        let has_outer_closers = at_zero.peek().is_some() && at_zero.all(Line::is_closer);
        let is_outer = |line: &Line| has_outer_closers && column(line) == 0 && !line.is_blank();
        let inner = || movable().filter(|line| !is_outer(line)).map(column);
        let shift = Shift::new(inner().next(), inner().min(), indentation.width);
        let new_column = |line: &Line| {
            line.is_movable.then(|| match is_outer(line) {
                true => 0,
                false => shift.apply(column(line)),
            })
        };
        std::iter::once(Some(0)).chain(self.lines.iter().skip(1).map(new_column)).collect()
    }

    /// How many blanks go before each line's escape: one, but neighbours whose escapes stand below each other
    /// stay so. A line with nothing but an escape has its column here, or 1 when it is not aligned with others.
    fn escape_blanks(
        &self,
        columns: &[Option<usize>],
        edits: &[TextEdit],
        indentation: Indentation,
    ) -> Vec<usize> {
        let lines = self.lines.iter().zip(columns);
        let ends: Vec<_> = lines.map(|(line, &column)| line.escape(column, edits, indentation)).collect();
        ends.chunk_by(|a, b| a.is_some() && a.as_ref().map(|a| a.column) == b.as_ref().map(|b| b.column))
            .flat_map(aligned_blanks)
            .collect()
    }

    /// Sets the blanks before the escape.
    fn escape_edit(&self, line: &Line, blanks: usize) -> Option<TextEdit> {
        if !line.has_own_escape() || line.is_blank() {
            return None;
        }
        let old = line.words().end..line.content_end();
        let new = " ".repeat(blanks);
        (self.text(old.clone()) != new).then(|| TextEdit::new(text_range(old), new))
    }

    /// Removes the blanks at the line's end, behind the escape if there is one.
    fn end_edit(&self, line: &Line, options: &FormatOptions) -> Option<TextEdit> {
        match line.has_escape() {
            true => trailing_blanks(self.file.text(), line.content_end() + 1..line.end, options),
            false => trailing_blanks(self.file.text(), line.words().start..line.end, options),
        }
    }

    /// A comment among continuation lines stands below the line before it if it did so, else above the next.
    fn comment_edits(
        &self,
        columns: &[Option<usize>],
        options: &FormatOptions,
        indentation: Indentation,
    ) -> Vec<TextEdit> {
        let mut edits = Vec::new();
        for &comment in &self.instruction.comments {
            let comment = Range::<usize>::from(self.instruction.absolute(comment));
            let next = self.lines.partition_point(|line| line.start < comment.start);
            // Behind the last line somebody is still typing.
            if next >= self.lines.len() {
                break;
            }
            edits.extend(trailing_blanks(self.file.text(), comment.clone(), options));
            let indent = line_start(self.file.text(), comment.start)..comment.start;
            let blanks = self.text(indent.clone());
            let new = self.comment_column(next, indentation.columns(blanks), columns, indentation);
            if let Some(new) = new.map(|column| indentation.render(column))
                && is_all_blank(blanks)
                && new != blanks
            {
                edits.push(TextEdit::new(text_range(indent), new));
            }
        }
        edits
    }

    fn comment_column(
        &self,
        next: usize,
        old: usize,
        columns: &[Option<usize>],
        indentation: Indentation,
    ) -> Option<usize> {
        let before = next.checked_sub(1).filter(|&before| before > 0);
        let new_before = before.and_then(|before| columns.get(before).copied().flatten());
        let stood_below = before
            .and_then(|before| self.lines.get(before))
            .is_some_and(|line| line.is_movable && indentation.columns(line.indent()) == old);
        let new_next = columns.get(next).copied().flatten();
        if stood_below { new_before } else { new_next.or(new_before) }
    }

    /// Blank lines among continuation lines: emptied, and no more of them than between instructions.
    fn blank_line_edits(&self, options: &FormatOptions) -> Vec<TextEdit> {
        let text = self.file.text();
        let last = self.lines.last().map_or(0, |line| line.start);
        let mut edits = Vec::new();
        let (mut expected, mut count) = (usize::MAX, 0);
        for &blank in &self.instruction.blank_lines {
            let line = Range::<usize>::from(self.instruction.absolute(blank));
            if line.start > last {
                break;
            }
            count = if line.start == expected { count + 1 } else { 1 };
            expected = next_line(text, line.start);
            if count > options.blank_lines() {
                edits.push(TextEdit::delete(text_range(line.start..expected)));
            } else {
                edits.extend(trailing_blanks(text, line, options));
            }
        }
        edits
    }
}

/// The blanks and tabs that touch `at`.
fn blanks_around(text: &[u8], at: usize) -> Range<usize> {
    let before = text.get(..at).unwrap_or_default().iter().rev().take_while(|&&byte| is_blank(byte)).count();
    let after = text.get(at..).unwrap_or_default().iter().take_while(|&&byte| is_blank(byte)).count();
    at - before..at + after
}

fn indent_edit(line: &Line, column: Option<usize>, indentation: Indentation) -> Option<TextEdit> {
    let new = indentation.render(column?);
    let range = text_range(line.start..line.start + line.indent().len());
    (new != line.indent()).then(|| TextEdit::new(range, new))
}

/// How far a block moves.
#[derive(Debug, Clone, Copy)]
struct Shift {
    least: usize,
    from: usize,
    to: usize,
}

impl Shift {
    /// For a block whose first line stands at `first` and whose least indented one at `least`.
    fn new(first: Option<usize>, least: Option<usize>, width: usize) -> Self {
        let least = least.unwrap_or(width);
        // People begin lines left of the first one (` && next`); moving such a block would gain nothing.
        let is_in_place = first == Some(width) && least > 0;
        Shift { least, from: if is_in_place { width } else { least }, to: width }
    }

    /// Only a line with nothing but an escape can be left of the least indented one.
    fn apply(self, column: usize) -> usize {
        if column < self.least { self.to } else { column + self.to - self.from }
    }
}

/// An escape at the end of a line.
#[derive(Debug)]
struct Escape {
    /// Before formatting.
    column: usize,
    /// The blanks before it, before formatting.
    blanks: usize,
    /// Where the words before it end, after formatting.
    words_end: usize,
}

/// One blank each, unless the lines of `group`, whose escapes share a column, were aligned on purpose.
fn aligned_blanks(group: &[Option<Escape>]) -> Vec<usize> {
    let escapes = || group.iter().flatten();
    let is_on_purpose = group.len() > 1 && escapes().any(|escape| escape.blanks > 1);
    let column = escapes().map(|escape| escape.column.max(escape.words_end + 1)).max();
    match column.filter(|_| is_on_purpose) {
        Some(column) => escapes().map(|escape| column - escape.words_end).collect(),
        None => vec![1; group.len()],
    }
}
