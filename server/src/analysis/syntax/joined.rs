//! A logical line: what BuildKit sees after it joined continuation lines, with the way back to the source.

use text_size::{TextRange, TextSize};

use super::SourceText;

/// The joined text of one instruction, and the source pieces it was made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JoinedLine {
    text: String,
    /// (first byte in `text`, first byte in the source), ascending; one piece a physical line.
    pieces: Vec<(u32, u32)>,
}

impl JoinedLine {
    /// Adds what one physical line contributes; `source` is the local offset of its first byte.
    pub fn push(&mut self, piece: &str, source: usize) {
        self.pieces.push((self.text.len() as u32, source as u32));
        self.text.push_str(piece);
    }

    /// The whole joined text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The source offset of byte `index` of the joined text.
    pub fn source_offset(&self, index: usize) -> TextSize {
        let index = index as u32;
        let piece = self.pieces.partition_point(|&(joined, _)| joined <= index).saturating_sub(1);
        self.pieces.get(piece).map_or(0, |&(joined, source)| source + (index - joined)).into()
    }

    /// The source range of `start..end` of the joined text.
    pub fn source_range(&self, start: usize, end: usize) -> TextRange {
        let from = self.source_offset(start);
        if end <= start {
            return TextRange::empty(from);
        }
        TextRange::new(from, self.source_offset(end - 1) + TextSize::from(1))
    }

    /// `start..end` of the joined text, with its source.
    pub fn source_text(&self, start: usize, end: usize) -> SourceText {
        let value = self.text.get(start..end).unwrap_or_default();
        let from = self.source_offset(start);
        let range = self.source_range(start, end);
        if usize::from(range.len()) == value.len() {
            return SourceText::verbatim(value, from);
        }
        let offsets = (start..end).map(|index| self.source_offset(index).into()).collect();
        SourceText::mapped(value, offsets, range)
    }

    /// The pieces: (range in the joined text, first byte in the source).
    pub fn pieces(&self) -> impl Iterator<Item = (std::ops::Range<usize>, usize)> + '_ {
        self.pieces.iter().enumerate().map(|(at, &(joined, source))| {
            let end = self.pieces.get(at + 1).map_or(self.text.len(), |next| next.0 as usize);
            (joined as usize..end, source as usize)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_over_a_continuation_keep_their_source() {
        // "RUN ab\⏎cd"
        let mut line = JoinedLine::default();
        line.push("RUN ab", 0);
        line.push("cd", 8);
        assert_eq!(line.as_str(), "RUN abcd");
        let word = line.source_text(4, 8);
        assert_eq!(word.range(), TextRange::new(4.into(), 10.into()));
        assert_eq!(word.source_range(2, 4), TextRange::new(8.into(), 10.into()));
    }
}
