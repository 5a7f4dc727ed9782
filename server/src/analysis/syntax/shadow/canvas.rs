//! The canvas: blanks at first, as long as the instruction, and the source to copy from.

use text_size::{TextRange, TextSize};

use super::super::ast::{Heredoc, Instruction};
use super::super::expansion::{Part, Variable, Word};
use super::heredocs;

pub struct Canvas<'a> {
    /// The instruction's source, heredoc bodies included.
    pub source: &'a str,
    /// Drawn as heredocs; empty when one of them is beyond the grammar's scanner.
    pub heredocs: &'a [Heredoc],
    pub escape: u8,
    pub bytes: Vec<u8>,
    /// The logical line in place: continuations, and what stands between them, are blanks.
    line: Vec<u8>,
}

impl<'a> Canvas<'a> {
    pub fn new(instruction: &'a Instruction, source: &'a str, escape: char) -> Self {
        let length = usize::from(instruction.range.end());
        let source = source.get(..length).unwrap_or(source);
        Canvas {
            source,
            heredocs: if heredocs::are_plain(instruction, source) { &instruction.heredocs } else { &[] },
            escape: escape as u8,
            bytes: vec![b' '; length],
            line: logical_line(instruction, length),
        }
    }

    /// The byte of the logical line there, a blank when there is none.
    pub fn at(&self, offset: usize) -> u8 {
        self.line.get(offset).copied().unwrap_or(b' ')
    }

    /// The logical line at `range`.
    pub fn slice(&self, range: TextRange) -> &[u8] {
        self.line.get(usize::from(range.start())..usize::from(range.end())).unwrap_or_default()
    }

    pub fn put(&mut self, offset: usize, byte: u8) {
        if let Some(place) = self.bytes.get_mut(offset) {
            *place = byte;
        }
    }

    pub fn put_all(&mut self, start: TextSize, text: &[u8]) {
        for (index, &byte) in text.iter().enumerate() {
            self.put(usize::from(start) + index, byte);
        }
    }

    /// Draws each byte of the line as `map` says.
    pub fn draw(&mut self, range: TextRange, mut map: impl FnMut(u8) -> u8) {
        for offset in offsets(range) {
            self.put(offset, map(self.at(offset)));
        }
    }

    /// Draws `range`, and `filler` for each byte that is not `legal` there.
    pub fn draw_legal(&mut self, range: TextRange, legal: fn(u8) -> bool, filler: u8) {
        self.draw(range, |byte| if legal(byte) { byte } else { filler });
    }

    /// Draws a word of `legal` bytes and variables.
    pub fn word(&mut self, word: &Word, legal: fn(u8) -> bool, filler: u8) {
        self.draw_legal(word.range(), legal, filler);
        self.variables(word);
    }

    /// Draws the variables of `word` over what is there.
    pub fn variables(&mut self, word: &Word) {
        for variable in top_variables(word) {
            self.variable(&variable);
        }
    }

    fn variable(&mut self, variable: &Variable) {
        let (range, name) = (variable.range, variable.name.as_bytes());
        if !variable.is_braced {
            let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
            let starts_well = name.first().is_some_and(|first| !first.is_ascii_digit());
            // A name over a continuation has blanks in it: left as filler.
            let is_verbatim = usize::from(range.len()) == name.len() + 1;
            if starts_well && is_verbatim && name.iter().all(is_name) {
                self.put(range.start().into(), b'$');
                self.put_all(range.start() + TextSize::from(1), name);
            }
        } else if range.len() > TextSize::from(3) {
            // The grammar takes all up to the first `}` for the name.
            self.draw_legal(range, |byte| is_visible(byte) && byte != b'}', b'_');
            self.put_all(range.start(), b"${");
            self.put(usize::from(range.end()) - 1, b'}');
        }
    }

    /// Ends the line after what was drawn before `end`: the grammar takes blanks there for a separator.
    pub fn end_line(&mut self, end: TextSize) {
        let drawn = self.bytes.get(..end.into()).unwrap_or_default();
        if let Some(last) = drawn.iter().rposition(|&byte| byte != b' ')
            && last + 1 < drawn.len()
        {
            self.put(last + 1, b'\n');
        }
    }
}

/// The variables of `word` that do not stand inside another one.
pub fn top_variables(word: &Word) -> Vec<Variable> {
    if !word.has_variables() {
        return Vec::new();
    }
    let parts = word.parts().into_owned();
    parts.into_iter().filter_map(|part| if let Part::Variable(it) = part { Some(it) } else { None }).collect()
}

/// ASCII that is no blank, and nothing the grammar stumbles over anywhere: `#` starts a comment in the middle
/// of a word, `\` a continuation, `<<` a heredoc, `$` an expansion.
pub fn is_visible(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'#' | b'\\' | b'<' | b'$')
}

pub fn offsets(range: TextRange) -> std::ops::Range<usize> {
    range.start().into()..range.end().into()
}

fn logical_line(instruction: &Instruction, length: usize) -> Vec<u8> {
    let mut line = vec![b' '; length];
    let text = instruction.joined.as_str().as_bytes();
    for (piece, source) in instruction.joined.pieces() {
        let piece = text.get(piece).unwrap_or_default();
        for (place, &byte) in line.iter_mut().skip(source).zip(piece) {
            *place = if byte.is_ascii_control() { b' ' } else { byte };
        }
    }
    line
}
