//! The text around the cursor: an instruction's joined line or a heredoc's body, with the way back to the file.
//!
//! Continuations are already gone here, so `COPY --fr` over two lines reads as one. What is replaced must all the
//! same lie on the line of the cursor (the protocol asks for it): [`Cursor::typed`] refuses words that begin before.

use std::ops::Range;

use text_size::{TextRange, TextSize};

use crate::analysis::model::Model;
use crate::analysis::syntax::ast::Heredoc;
use crate::analysis::syntax::{InstructionId, InstructionRef};

/// The word being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// The whole word, absolute: on the cursor's line, and the cursor is in it.
    pub replace: TextRange,
    /// From the word's start to the cursor, absolute.
    pub insert: TextRange,
    /// The text of `insert`.
    pub text: String,
    /// What follows `replace` on its line, at most one character.
    pub next: Option<char>,
}

impl Typed {
    /// Nothing is typed yet.
    pub(super) fn nothing(offset: TextSize) -> Self {
        let range = TextRange::empty(offset);
        Typed { replace: range, insert: range, text: String::new(), next: None }
    }
}

/// The cursor in a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    pub model: &'a Model,
    pub instruction: InstructionRef<'a>,
    pub text: &'a str,
    /// Byte of `text`.
    pub at: usize,
    /// The part of `text` that stands on the cursor's line.
    line: (usize, usize),
    /// The cursor in the file.
    pub offset: TextSize,
}

impl<'a> Cursor<'a> {
    /// The cursor in the instruction's line, or nothing behind the escape character that ends a line.
    pub fn in_line(model: &'a Model, instruction: InstructionRef<'a>, offset: TextSize) -> Option<Self> {
        let local = usize::from(instruction.local(offset)?);
        let joined = &instruction.node.joined;
        let piece = joined.pieces().take_while(|(_, source)| *source <= local).last();
        let (at, line) = match piece {
            None => (0, (0, 0)),
            Some((range, source)) if local - source <= range.len() => {
                (range.start + local - source, (range.start, range.end))
            }
            Some((range, source)) => {
                let behind =
                    TextRange::new((source as u32 + range.len() as u32).into(), (local as u32).into());
                let behind = model.file().slice(instruction.absolute(behind));
                behind.contains('\n').then_some((range.end, (range.end, range.end)))?
            }
        };
        let node: &'a crate::analysis::syntax::Instruction = instruction.node;
        Some(Cursor { model, instruction, text: node.joined.as_str(), at, line, offset })
    }

    /// The cursor in the body of a heredoc.
    pub fn in_body(
        model: &'a Model,
        instruction: InstructionRef<'a>,
        heredoc: &Heredoc,
        offset: TextSize,
    ) -> Option<Self> {
        let body = instruction.absolute(heredoc.body);
        let text = model.file().slice(body);
        let at = usize::from(offset.checked_sub(body.start())?);
        let start = text.get(..at)?.rfind('\n').map_or(0, |it| it + 1);
        let end = text.get(at..)?.find(['\n', '\r']).map_or(text.len(), |it| at + it);
        Some(Cursor { model, instruction, text, at, line: (start, end), offset })
    }

    pub fn id(&self) -> InstructionId {
        self.instruction.id
    }

    /// The text before the cursor.
    pub fn before(&self) -> &'a str {
        self.slice(0..self.at)
    }

    pub fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    /// What is typed from byte `start` on; the word goes on after the cursor up to the first character for
    /// which `ends` holds. `None` when it began on an earlier line.
    pub fn typed(&self, start: usize, ends: impl Fn(char) -> bool) -> Option<Typed> {
        if start < self.line.0 || start > self.at {
            return None;
        }
        let rest = self.slice(self.at..self.line.1.max(self.at));
        let len = rest.find(ends).unwrap_or(rest.len());
        let insert = TextRange::new(self.offset - size(self.at - start), self.offset);
        Some(Typed {
            replace: TextRange::new(insert.start(), self.offset + size(len)),
            insert,
            text: self.slice(start..self.at).to_owned(),
            next: rest.get(len..).and_then(|rest| rest.chars().next()),
        })
    }

    /// The same for a word that ends at a blank.
    pub fn word(&self, start: usize) -> Option<Typed> {
        self.typed(start, char::is_whitespace)
    }
}

fn size(len: usize) -> TextSize {
    TextSize::from(len as u32)
}
