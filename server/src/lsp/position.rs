//! The only place where LSP positions become byte offsets and back.
//!
//! Columns count in what was negotiated in `initialize`. Nothing here fails: positions outside the text are
//! clamped to it, as [`LineIndex`](crate::analysis::text::LineIndex) says.

use ropey::{Rope, RopeSlice};
use text_size::{TextRange, TextSize};
use tower_lsp::lsp_types::{Position, PositionEncodingKind, Range};

use super::documents::Snapshot;
use crate::analysis::text::{LineColumn, PositionEncoding};

/// The first of the client's encodings that we speak; UTF-16 when it names none.
pub fn negotiate(offered: Option<&[PositionEncodingKind]>) -> PositionEncoding {
    let known = |kind: &PositionEncodingKind| match kind.as_str() {
        "utf-8" => Some(PositionEncoding::Utf8),
        "utf-16" => Some(PositionEncoding::Utf16),
        "utf-32" => Some(PositionEncoding::Utf32),
        _ => None,
    };
    offered.unwrap_or_default().iter().find_map(known).unwrap_or_default()
}

/// The name of an encoding in the protocol.
pub fn kind(encoding: PositionEncoding) -> PositionEncodingKind {
    match encoding {
        PositionEncoding::Utf8 => PositionEncodingKind::UTF8,
        PositionEncoding::Utf16 => PositionEncodingKind::UTF16,
        PositionEncoding::Utf32 => PositionEncodingKind::UTF32,
    }
}

impl Snapshot {
    pub fn offset(&self, position: Position) -> TextSize {
        let at = LineColumn { line: position.line, column: position.character };
        self.index.offset(self.text(), at, self.encoding)
    }

    /// A range given the wrong way round is turned.
    pub fn text_range(&self, range: Range) -> TextRange {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        TextRange::new(start.min(end), start.max(end))
    }

    pub fn position(&self, offset: TextSize) -> Position {
        let at = self.index.line_column(self.text(), offset, self.encoding);
        Position::new(at.line, at.column)
    }

    pub fn range(&self, range: TextRange) -> Range {
        Range::new(self.position(range.start()), self.position(range.end()))
    }
}

/// The bytes of `rope` at an LSP range, with the same clamping as in a snapshot.
pub fn rope_range(rope: &Rope, range: Range, encoding: PositionEncoding) -> std::ops::Range<usize> {
    let (start, end) = (rope_offset(rope, range.start, encoding), rope_offset(rope, range.end, encoding));
    start.min(end)..start.max(end)
}

fn rope_offset(rope: &Rope, position: Position, encoding: PositionEncoding) -> usize {
    let line = position.line as usize;
    let Some(content) = rope.get_line(line) else { return rope.len_bytes() };
    rope.line_to_byte(line)
        + column_offset(without_line_break(content), position.character as usize, encoding)
}

fn without_line_break(line: RopeSlice<'_>) -> RopeSlice<'_> {
    let is_break = |character: &char| matches!(character, '\r' | '\n');
    let breaks = line.chars_at(line.len_chars()).reversed().take(2).take_while(is_break).count();
    line.slice(..line.len_chars() - breaks)
}

/// Bytes into `line`; all of ropey's conversions round down inside a character.
fn column_offset(line: RopeSlice<'_>, column: usize, encoding: PositionEncoding) -> usize {
    let character = match encoding {
        PositionEncoding::Utf8 => line.byte_to_char(column.min(line.len_bytes())),
        PositionEncoding::Utf16 => line.utf16_cu_to_char(column.min(line.len_utf16_cu())),
        PositionEncoding::Utf32 => column.min(line.len_chars()),
    };
    line.char_to_byte(character)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::analysis::text::LineIndex;

    fn kinds(names: &[&'static str]) -> Vec<PositionEncodingKind> {
        names.iter().map(|name| PositionEncodingKind::new(name)).collect()
    }

    #[test]
    fn the_clients_first_known_encoding_is_taken() {
        assert_eq!(negotiate(None), PositionEncoding::Utf16);
        assert_eq!(negotiate(Some(&[])), PositionEncoding::Utf16);
        assert_eq!(negotiate(Some(&kinds(&["utf-7", "utf-32", "utf-8"]))), PositionEncoding::Utf32);
        assert_eq!(negotiate(Some(&kinds(&["utf-8", "utf-16"]))), PositionEncoding::Utf8);
    }

    proptest! {
        #[test]
        fn ropes_and_snapshots_agree_on_every_position(
            parts in prop::collection::vec(
                prop::sample::select(vec!["a", "bc", "\n", "\r", "\r\n", "é", "🐳", "\u{b}", "\u{2028}"]), 0..40),
            line in 0u32..20, column in 0u32..20,
        ) {
            let text = parts.concat();
            let (rope, index) = (Rope::from_str(&text), LineIndex::new(&text));
            for encoding in [PositionEncoding::Utf8, PositionEncoding::Utf16, PositionEncoding::Utf32] {
                let expected = index.offset(&text, LineColumn { line, column }, encoding);
                prop_assert_eq!(rope_offset(&rope, Position::new(line, column), encoding), usize::from(expected));
            }
        }
    }
}
