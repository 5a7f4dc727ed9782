//! Tokens as numbers, the way editors take them: five for each token, positions relative to the token before
//! (<https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#textDocument_semanticTokens>).

use super::token::Token;
use crate::analysis::text::PositionEncoding;

/// Line, start, length, kind and modifiers of each token, in units of `encoding`; one walk over `text`.
pub fn encode(tokens: &[Token], text: &str, encoding: PositionEncoding) -> Vec<u32> {
    let mut data = Vec::with_capacity(tokens.len() * 5);
    let mut walk = Walk { text, encoding, at: 0, line: 0, column: 0 };
    let (mut last_line, mut last_column) = (0, 0);
    for token in tokens {
        walk.go_to(token.range.start().into());
        let (line, column) = (walk.line, walk.column);
        walk.go_to(token.range.end().into());
        let start = if line == last_line { column - last_column } else { column };
        data.extend([
            line - last_line,
            start,
            walk.column - column,
            token.kind as u32,
            token.modifiers.bits(),
        ]);
        (last_line, last_column) = (line, column);
    }
    data
}

/// A place in the text that only moves on.
struct Walk<'a> {
    text: &'a str,
    encoding: PositionEncoding,
    at: usize,
    line: u32,
    column: u32,
}

impl Walk<'_> {
    fn go_to(&mut self, offset: usize) {
        let between = self.text.get(self.at..offset).unwrap_or_default();
        let line_breaks = memchr::memchr_iter(b'\n', between.as_bytes()).count() as u32;
        let rest = match memchr::memrchr(b'\n', between.as_bytes()) {
            Some(last) => {
                self.column = 0;
                between.get(last + 1..).unwrap_or_default()
            }
            None => between,
        };
        self.line += line_breaks;
        self.column += self.encoding.length(rest);
        self.at = offset.max(self.at);
    }
}

/// One replacement in a list of encoded tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataEdit {
    /// Index of the first number that changes.
    pub start: u32,
    pub delete_count: u32,
    pub data: Vec<u32>,
}

/// What makes `new` out of `old`; `None` when they are equal. Whole tokens only.
pub fn difference(old: &[u32], new: &[u32]) -> Option<DataEdit> {
    if old == new {
        return None;
    }
    let (old_tokens, new_tokens) = (old.chunks(5), new.chunks(5));
    let before = old_tokens.clone().zip(new_tokens.clone()).take_while(|(a, b)| a == b).count() * 5;
    let shorter = (old.len().min(new.len()) - before) / 5;
    let after = old_tokens.rev().zip(new_tokens.rev()).take(shorter).take_while(|(a, b)| a == b).count() * 5;
    Some(DataEdit {
        start: before as u32,
        delete_count: (old.len() - before - after) as u32,
        data: new.get(before..new.len() - after).unwrap_or_default().to_vec(),
    })
}
