//! Byte offsets to lines and columns and back.
//!
//! Lines end at `\n`, `\r\n` or a lone `\r`
//! (<https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#textDocuments>);
//! form feeds and the Unicode separators do not end one. Every question has an answer: what lies outside
//! the text is clamped to it, what lies inside a character is rounded down to its start.

use text_size::{TextRange, TextSize};

/// The unit in which columns are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PositionEncoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units: what editors assume when nothing is said.
    #[default]
    Utf16,
    /// Characters (Unicode scalar values).
    Utf32,
}

impl PositionEncoding {
    /// The length of `text` in this unit.
    pub fn length(self, text: &str) -> u32 {
        let units = match self {
            PositionEncoding::Utf8 => text.len(),
            PositionEncoding::Utf16 => text.chars().map(char::len_utf16).sum(),
            PositionEncoding::Utf32 => text.chars().count(),
        };
        u32::try_from(units).unwrap_or(u32::MAX)
    }

    fn width(self, character: char) -> u32 {
        let units = match self {
            PositionEncoding::Utf8 => character.len_utf8(),
            PositionEncoding::Utf16 => character.len_utf16(),
            PositionEncoding::Utf32 => 1,
        };
        units as u32
    }
}

/// A place in a text; both counts start at 0, the unit of `column` is a [`PositionEncoding`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct LineColumn {
    pub line: u32,
    pub column: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Line {
    start: TextSize,
    /// All bytes are one unit in every encoding, so columns need no look at the text.
    is_ascii: bool,
}

/// Where the lines of one text begin. The text itself stays with the caller and is handed to each
/// question; asking with another text gives wrong (but safe) answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineIndex {
    /// Never empty: an empty text has one empty line.
    lines: Vec<Line>,
    length: TextSize,
}

impl LineIndex {
    /// Cost: one pass over `text`.
    pub fn new(text: &str) -> Self {
        let mut lines = Vec::new();
        push_lines(text, TextSize::new(0), &mut lines);
        lines.push(last_line(text, TextSize::new(0)));
        LineIndex { lines, length: TextSize::of(text) }
    }

    /// At least 1; a final line break begins one more, empty, line.
    pub fn line_count(&self) -> u32 {
        self.lines.len() as u32
    }

    /// The line (from 0) that holds `offset`; a line break belongs to the line it ends.
    pub fn line_of(&self, offset: TextSize) -> u32 {
        let after = self.lines.partition_point(|line| line.start <= offset);
        after.saturating_sub(1) as u32
    }

    /// Where `line` begins (bytes); the end of the text for a line past the last.
    pub fn line_start(&self, line: u32) -> TextSize {
        self.lines.get(line as usize).map_or(self.length, |it| it.start)
    }

    /// `line` with its line break (bytes); empty at the end of the text for a line past the last.
    pub fn line_range(&self, line: u32) -> TextRange {
        TextRange::new(self.line_start(line), self.line_start(line.saturating_add(1)))
    }

    /// `line` without its line break (bytes).
    pub fn line_content(&self, text: &str, line: u32) -> TextRange {
        let range = self.line_range(line);
        let content = slice(text, range).trim_end_matches(['\r', '\n']);
        TextRange::at(range.start(), TextSize::of(content))
    }

    /// The line and column of `offset` (bytes). An offset within a `\r\n` is a column past the `\r`.
    pub fn line_column(&self, text: &str, offset: TextSize, encoding: PositionEncoding) -> LineColumn {
        let offset = floor_char_boundary(text, offset.min(self.length));
        let line = self.line_of(offset);
        let before = TextRange::new(self.line_start(line).min(offset), offset);
        let column = if self.counts_in_bytes(line, encoding) {
            before.len().into()
        } else {
            encoding.length(slice(text, before))
        };
        LineColumn { line, column }
    }

    /// The offset (bytes) of a line and column; a column past the line's last character is its end (before
    /// the line break), a line past the last is the end of the text.
    pub fn offset(&self, text: &str, at: LineColumn, encoding: PositionEncoding) -> TextSize {
        if at.line as usize >= self.lines.len() {
            return self.length;
        }
        let content = self.line_content(text, at.line);
        if self.counts_in_bytes(at.line, encoding) {
            let offset = content.start() + TextSize::new(at.column).min(content.len());
            return floor_char_boundary(text, offset);
        }
        content.start() + bytes_of_units(slice(text, content), at.column, encoding)
    }

    /// Brings the index from the text before an edit to `new_text`: `old_range` (bytes before) was replaced
    /// by `inserted` bytes. Only the lines that the edit touches are read.
    pub fn edit(&mut self, new_text: &str, old_range: TextRange, inserted: TextSize) {
        let new_length = TextSize::of(new_text);
        let shifts_to_new_text = self.length.checked_sub(old_range.len()).map(|rest| rest + inserted);
        if shifts_to_new_text != Some(new_length) || old_range.end() > self.length {
            *self = LineIndex::new(new_text);
            return;
        }
        // One byte back, since what is inserted after a lone `\r` may begin with `\n`.
        let before = TextSize::new(u32::from(old_range.start()).saturating_sub(1));
        let first = self.line_of(before) as usize;
        let next = self.line_of(old_range.end()) as usize + 1;
        let shift = |old: TextSize| old - old_range.len() + inserted;
        let start = self.line_start(first as u32);
        let end = shift(self.line_start(next as u32));
        let part = slice(new_text, TextRange::new(start, end));

        let mut fresh = Vec::new();
        push_lines(part, start, &mut fresh);
        if next >= self.lines.len() {
            fresh.push(last_line(part, start));
        }
        for line in self.lines.iter_mut().skip(next) {
            line.start = shift(line.start);
        }
        self.lines.splice(first..next.min(self.lines.len()), fresh);
        self.length = new_length;
    }

    fn counts_in_bytes(&self, line: u32, encoding: PositionEncoding) -> bool {
        let is_ascii = self.lines.get(line as usize).is_some_and(|it| it.is_ascii);
        is_ascii || encoding == PositionEncoding::Utf8
    }
}

/// Adds the lines of `part` that are ended by a line break; `start` is where `part` begins in its text.
fn push_lines(part: &str, start: TextSize, lines: &mut Vec<Line>) {
    let bytes = part.as_bytes();
    let mut line_start = 0;
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        let ends_later = bytes.get(at) == Some(&b'\r') && bytes.get(at + 1) == Some(&b'\n');
        if ends_later {
            continue;
        }
        lines.push(line_at(part, line_start, at + 1, start));
        line_start = at + 1;
    }
}

/// The line after the last line break of `part`, perhaps empty.
fn last_line(part: &str, start: TextSize) -> Line {
    let line_start = memchr::memrchr2(b'\n', b'\r', part.as_bytes()).map_or(0, |at| at + 1);
    line_at(part, line_start, part.len(), start)
}

fn line_at(part: &str, from: usize, to: usize, start: TextSize) -> Line {
    let is_ascii = part.as_bytes().get(from..to).is_some_and(<[u8]>::is_ascii);
    Line { start: start + TextSize::new(from as u32), is_ascii }
}

/// The bytes of the first `units` units of `line`; a unit inside a character counts for its start.
fn bytes_of_units(line: &str, units: u32, encoding: PositionEncoding) -> TextSize {
    let mut passed = 0;
    for (at, character) in line.char_indices() {
        passed += encoding.width(character);
        if passed > units {
            return TextSize::new(at as u32);
        }
    }
    TextSize::of(line)
}

fn floor_char_boundary(text: &str, offset: TextSize) -> TextSize {
    let mut at = usize::from(offset).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    TextSize::new(at as u32)
}

fn slice(text: &str, range: TextRange) -> &str {
    text.get(usize::from(range.start())..usize::from(range.end())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use PositionEncoding::{Utf8, Utf16, Utf32};
    use proptest::prelude::*;

    use super::*;

    fn at(line: u32, column: u32) -> LineColumn {
        LineColumn { line, column }
    }

    fn starts(text: &str) -> Vec<u32> {
        LineIndex::new(text).lines.iter().map(|line| line.start.into()).collect()
    }

    #[test]
    fn lines_end_at_all_three_line_breaks_and_nowhere_else() {
        assert_eq!(starts(""), [0]);
        assert_eq!(starts("a\nb\r\nc\rd"), [0, 2, 5, 7]);
        assert_eq!(starts("a\r\n"), [0, 3]);
        assert_eq!(starts("\r\r\n\n\r"), [0, 1, 3, 4, 5]);
        assert_eq!(starts("a\u{b}b\u{c}c\u{85}d\u{2028}e"), [0]);
    }

    #[test]
    fn columns_count_in_the_chosen_unit() {
        let text = "FROM 🐳é\nRUN";
        let index = LineIndex::new(text);
        let after_e = TextSize::new(11);
        assert_eq!(index.line_column(text, after_e, Utf8), at(0, 11));
        assert_eq!(index.line_column(text, after_e, Utf16), at(0, 8));
        assert_eq!(index.line_column(text, after_e, Utf32), at(0, 7));
        for (encoding, column) in [(Utf8, 9), (Utf16, 7), (Utf32, 6)] {
            assert_eq!(index.offset(text, at(0, column), encoding), TextSize::new(9));
        }
    }

    #[test]
    fn columns_past_the_line_stop_before_its_line_break() {
        let text = "ab\r\ncd";
        let index = LineIndex::new(text);
        assert_eq!(index.offset(text, at(0, 99), Utf16), TextSize::new(2));
        assert_eq!(index.offset(text, at(1, 99), Utf16), TextSize::new(6));
        assert_eq!(index.offset(text, at(7, 0), Utf16), TextSize::new(6));
        assert_eq!(index.offset(text, at(u32::MAX, u32::MAX), Utf8), TextSize::new(6));
    }

    #[test]
    fn offsets_inside_a_character_round_down() {
        let text = "é🐳";
        let index = LineIndex::new(text);
        assert_eq!(index.line_column(text, 1.into(), Utf8), at(0, 0));
        assert_eq!(index.line_column(text, 4.into(), Utf16), at(0, 1));
        assert_eq!(index.offset(text, at(0, 2), Utf16), TextSize::new(2));
        assert_eq!(index.line_column(text, 99.into(), Utf32), at(0, 2));
    }

    #[test]
    fn a_line_feed_after_a_lone_carriage_return_joins_it() {
        let mut index = LineIndex::new("a\rb");
        index.edit("a\r\nb", TextRange::empty(2.into()), 1.into());
        assert_eq!(index, LineIndex::new("a\r\nb"));
    }

    #[test]
    fn a_byte_column_inside_a_character_rounds_down() {
        let text = "\né";
        assert_eq!(LineIndex::new(text).offset(text, at(1, 1), Utf8), TextSize::new(1));
    }

    #[test]
    fn an_edit_that_does_not_lead_to_the_text_reads_it_all_again() {
        let mut index = LineIndex::new("a\nb");
        index.edit("x\ny\nz", TextRange::new(0.into(), 1.into()), 1.into());
        assert_eq!(index, LineIndex::new("x\ny\nz"));
    }

    fn text() -> impl Strategy<Value = String> {
        prop::collection::vec(
            prop::sample::select(vec!["a", "\n", "\r", "\r\n", "é", "🐳", "漢", " "]),
            0..40,
        )
        .prop_map(|parts| parts.concat())
    }

    fn boundary(text: &str, at: prop::sample::Index) -> TextSize {
        floor_char_boundary(text, TextSize::new(at.index(text.len() + 1) as u32))
    }

    proptest! {
        #[test]
        fn positions_lead_back_to_their_offset(text in text(), at: prop::sample::Index) {
            let index = LineIndex::new(&text);
            let offset = boundary(&text, at);
            let inside_line_break =
                text[..offset.into()].ends_with('\r') && text[offset.into()..].starts_with('\n');
            for encoding in [Utf8, Utf16, Utf32] {
                let back = index.offset(&text, index.line_column(&text, offset, encoding), encoding);
                let expected = if inside_line_break { offset - TextSize::new(1) } else { offset };
                prop_assert_eq!(back, expected);
            }
        }

        #[test]
        fn any_position_has_an_offset_on_a_character(text in text(), line in 0u32..50, column in 0u32..50) {
            let index = LineIndex::new(&text);
            for encoding in [Utf8, Utf16, Utf32] {
                let offset = index.offset(&text, at(line, column), encoding);
                prop_assert!(text.is_char_boundary(offset.into()));
            }
        }

        #[test]
        fn lines_put_together_are_the_text(text in text()) {
            let index = LineIndex::new(&text);
            let lines: String = (0..index.line_count()).map(|line| slice(&text, index.line_range(line))).collect();
            prop_assert_eq!(lines, text);
        }

        #[test]
        fn an_edited_index_equals_a_fresh_one(
            before in text(), from: prop::sample::Index, to: prop::sample::Index, inserted in text(),
        ) {
            let (from, to) = (boundary(&before, from), boundary(&before, to));
            let range = TextRange::new(from.min(to), from.max(to));
            let mut after = before.clone();
            after.replace_range(usize::from(range.start())..usize::from(range.end()), &inserted);
            let mut index = LineIndex::new(&before);
            index.edit(&after, range, TextSize::of(&inserted));
            prop_assert_eq!(index, LineIndex::new(&after));
        }
    }
}
