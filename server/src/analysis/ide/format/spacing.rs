//! Blanks inside one line, and the case of keywords.
//!
//! Only gaps whose width nobody can have meant are closed: after the keyword, between flags, between the words
//! of `FROM` and `EXPOSE`, around the strings of a JSON array. Columns that people align in `COPY` or `ENV`, and
//! shell text, stay as they are.

use std::ops::Range;

use super::{FormatOptions, KeywordCase, is_blank, text_range};
use crate::analysis::syntax::ast::{Arguments, Command};
use crate::analysis::syntax::{Instruction, SourceText, TextSize};
use crate::analysis::text::TextEdit;

/// Edits local to `instruction`.
pub fn edits(instruction: &Instruction, options: &FormatOptions) -> Vec<TextEdit> {
    let pieces = instruction.joined.pieces().collect();
    let text = instruction.joined.as_str();
    let mut spacing = Spacing { text, pieces, case: options.keyword_case, edits: Vec::new() };
    spacing.instruction(instruction);
    spacing.edits.sort_by_key(|edit| edit.range.start());
    spacing.edits
}

struct Spacing<'a> {
    /// The joined line.
    text: &'a str,
    /// Its pieces: (range of it, first byte in the source).
    pieces: Vec<(Range<usize>, usize)>,
    case: KeywordCase,
    edits: Vec<TextEdit>,
}

impl Spacing<'_> {
    fn instruction(&mut self, instruction: &Instruction) {
        self.recase(&instruction.name);
        self.one_blank_after(&instruction.name);
        for flag in &instruction.flags {
            self.one_blank_at(self.index_after(flag.range.end()));
        }
        match &instruction.arguments {
            Arguments::From(from) => {
                if let Some(image) = &from.image {
                    self.one_blank_after(image.text());
                }
                for word in from.as_keyword.iter().chain(&from.name).chain(&from.rest) {
                    self.one_blank_after(word);
                }
                if let Some(word) =
                    from.as_keyword.as_ref().filter(|it| it.as_str().eq_ignore_ascii_case("as"))
                {
                    self.recase(word);
                }
            }
            Arguments::Command(Some(Command::Exec(exec))) => self.json(exec.range.start()),
            Arguments::Copy(copy) if copy.is_json => self.json(instruction.arguments_text.range().start()),
            Arguments::List(list) if list.is_json => self.json(instruction.arguments_text.range().start()),
            Arguments::List(list) if list.items.len() > 1 && self.is_expose(instruction) => {
                for item in &list.items {
                    self.one_blank_after(item.text());
                }
            }
            Arguments::Healthcheck(Some(check)) => {
                self.recase(&check.kind);
                self.one_blank_after(&check.kind);
                if let Some(Command::Exec(exec)) = &check.command {
                    self.json(exec.range.start());
                }
            }
            Arguments::Onbuild(Some(inner)) => self.instruction(inner),
            _ => {}
        }
    }

    fn is_expose(&self, instruction: &Instruction) -> bool {
        instruction.keyword == Some(crate::analysis::knowledge::Keyword::Expose)
    }

    fn recase(&mut self, word: &SourceText) {
        let new = match self.case {
            KeywordCase::Preserve => return,
            KeywordCase::Upper => word.as_str().to_ascii_uppercase(),
            KeywordCase::Lower => word.as_str().to_ascii_lowercase(),
        };
        if word.is_verbatim() && new != word.as_str() {
            self.edits.push(TextEdit::new(word.range(), new));
        }
    }

    /// The byte of the joined line that stands at source byte `source`.
    fn index(&self, source: TextSize) -> usize {
        let source = usize::from(source);
        let at = self.pieces.partition_point(|&(_, start)| start <= source);
        let piece = at.checked_sub(1).and_then(|at| self.pieces.get(at));
        piece.map_or(0, |(piece, start)| (piece.start + source - start).min(piece.end))
    }

    /// The byte of the joined line behind the source byte before `end`.
    fn index_after(&self, end: TextSize) -> usize {
        let last = end.checked_sub(TextSize::from(1)).unwrap_or_default();
        self.index(last) + 1
    }

    fn one_blank_after(&mut self, word: &SourceText) {
        if !word.as_str().is_empty() {
            self.one_blank_at(self.index_after(word.range().end()));
        }
    }

    /// Makes the blanks at `start` of the joined line one, if there are any.
    fn one_blank_at(&mut self, start: usize) {
        let gap = self.gap_at(start);
        if !gap.is_empty() {
            self.set(gap, " ");
        }
    }

    fn gap_at(&self, start: usize) -> Range<usize> {
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        start..start + rest.iter().take_while(|&&byte| is_blank(byte)).count()
    }

    /// Replaces `gap` of the joined line, unless a line ends or begins there: that is not ours.
    fn set(&mut self, gap: Range<usize>, new: &str) {
        let at = self.pieces.partition_point(|(piece, _)| piece.start < gap.start);
        let piece = at.checked_sub(1).and_then(|at| self.pieces.get(at));
        let Some((piece, source)) = piece.filter(|(piece, _)| gap.end < piece.end) else { return };
        if self.text.get(gap.clone()) != Some(new) {
            let start = source + gap.start - piece.start;
            self.edits.push(TextEdit::new(text_range(start..start + gap.len()), new));
        }
    }

    /// The array whose `[` stands at source byte `start`: one blank after each comma, none before it, and the
    /// brackets as the first one has it: `["a", "b"]` or `[ "a", "b" ]`.
    fn json(&mut self, start: TextSize) {
        let open = self.index(start);
        let padding = if self.gap_at(open + 1).is_empty() { "" } else { " " };
        let mut before = Token::Open;
        let mut at = open + 1;
        loop {
            let gap = self.gap_at(at);
            let Some((token, end)) = self.token(gap.end) else { return };
            match (before, token) {
                (Token::Open, Token::Close) | (_, Token::Comma) => self.set(gap, ""),
                (Token::Open, _) | (_, Token::Close) => self.set(gap, padding),
                (Token::Comma, _) => self.set(gap, " "),
                _ => {}
            }
            if token == Token::Close {
                return;
            }
            (before, at) = (token, end);
        }
    }

    /// The token at byte `at` of the joined line, and its end.
    fn token(&self, at: usize) -> Option<(Token, usize)> {
        let bytes = self.text.as_bytes();
        match bytes.get(at)? {
            b']' => Some((Token::Close, at + 1)),
            b',' => Some((Token::Comma, at + 1)),
            b'"' => Some((Token::Text, string_end(bytes, at)?)),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    Comma,
    Text,
}

/// The byte after the JSON string that starts at `start`.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}
