//! Colours on the bytes of one instruction: later paint covers earlier paint, so tokens never overlap.

use text_size::{TextRange, TextSize};

use super::token::{Modifiers, Token, TokenKind};
use crate::analysis::syntax::Instruction;

pub struct Painter<'a> {
    /// The instruction's text; ranges count from its start.
    source: &'a str,
    /// For each byte the number of the stroke that covers it, 0 for none.
    strokes_at: Vec<u32>,
    strokes: Vec<(TokenKind, Modifiers)>,
}

impl<'a> Painter<'a> {
    pub fn new(source: &'a str) -> Self {
        Painter { source, strokes_at: vec![0; source.len()], strokes: Vec::new() }
    }

    pub fn source(&self) -> &'a str {
        self.source
    }

    pub fn text(&self, range: TextRange) -> &'a str {
        self.source.get(usize::from(range.start())..usize::from(range.end())).unwrap_or_default()
    }

    pub fn paint(&mut self, range: TextRange, kind: TokenKind) {
        self.paint_with(range, kind, Modifiers::NONE);
    }

    pub fn paint_with(&mut self, range: TextRange, kind: TokenKind, modifiers: Modifiers) {
        self.strokes.push((kind, modifiers));
        self.cover(range, self.strokes.len() as u32);
    }

    /// Takes the paint off again.
    pub fn erase(&mut self, range: TextRange) {
        self.cover(range, 0);
    }

    pub fn is_blank(&self, offset: TextSize) -> bool {
        self.strokes_at.get(usize::from(offset)).is_none_or(|&stroke| stroke == 0)
    }

    fn cover(&mut self, range: TextRange, stroke: u32) {
        let range = self.on_boundaries(range);
        if let Some(bytes) = self.strokes_at.get_mut(range) {
            bytes.fill(stroke);
        }
    }

    /// Whole characters, inside the source.
    fn on_boundaries(&self, range: TextRange) -> std::ops::Range<usize> {
        let floor = |offset: TextSize| {
            let mut at = usize::from(offset).min(self.source.len());
            while !self.source.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        floor(range.start())..floor(range.end())
    }

    /// Takes off what lies on continuations and what stands between them.
    pub fn erase_continuations(&mut self, instruction: &Instruction) {
        let mut end: Option<usize> = None;
        for (piece, source) in instruction.joined.pieces() {
            if let Some(end) = end {
                self.erase(range(end, source));
            }
            end = Some(source + piece.len());
        }
        let line_end = usize::from(instruction.line_range.end());
        self.erase(range(end.unwrap_or(line_end), line_end));
    }

    /// The tokens in order, none of them over a line break.
    pub fn finish(self) -> Vec<Token> {
        let mut tokens = Vec::new();
        let mut start = 0;
        for run in self.strokes_at.chunk_by(|a, b| a == b) {
            let end = start + run.len();
            let stroke = run.first().and_then(|&stroke| self.strokes.get((stroke as usize).wrapping_sub(1)));
            if let Some(&(kind, modifiers)) = stroke {
                let text = self.source.get(start..end).unwrap_or_default();
                let lines = lines_of(text, start);
                tokens.extend(lines.map(|range| Token { range, kind, modifiers }));
            }
            start = end;
        }
        tokens
    }
}

/// The lines of `text`, which stands at `start`, without line breaks; empty ones are left out.
fn lines_of(text: &str, start: usize) -> impl Iterator<Item = TextRange> {
    let mut at = start;
    let lines = text.split_inclusive('\n').map(move |line| {
        let from = at;
        at += line.len();
        range(from, from + line.trim_end_matches(['\r', '\n']).len())
    });
    lines.filter(|range| !range.is_empty())
}

/// `start..end`, empty when they are the wrong way round.
pub fn range(start: usize, end: usize) -> TextRange {
    TextRange::new(TextSize::from(start as u32), TextSize::from(end.max(start) as u32))
}
