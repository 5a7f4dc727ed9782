//! A string taken from the file that still knows where each of its bytes came from.
//!
//! Continuations, quotes in flags and JSON escapes make a value differ from its source; diagnostics, hovers
//! and edits must point into the source all the same.

use smol_str::SmolStr;
use text_size::{TextRange, TextSize};

/// A value and its place in the source (local bytes, see [`super`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    value: SmolStr,
    range: TextRange,
    /// Source offset of each byte of `value`; absent when the value *is* the source slice.
    offsets: Option<Box<[u32]>>,
}

impl SourceText {
    /// A value that stands in the source as it is; `start` is its first byte.
    pub fn verbatim(value: &str, start: TextSize) -> Self {
        let range = TextRange::at(start, TextSize::of(value));
        SourceText { value: value.into(), range, offsets: None }
    }

    /// A value whose byte `i` came from source byte `offsets[i]`, all of it inside `range`.
    pub fn mapped(value: &str, offsets: Vec<u32>, range: TextRange) -> Self {
        debug_assert_eq!(value.len(), offsets.len());
        let is_verbatim = usize::from(range.len()) == value.len()
            && offsets.first().is_none_or(|&first| first == u32::from(range.start()))
            && offsets.windows(2).all(|pair| pair[0] + 1 == pair[1]);
        let offsets = (!is_verbatim).then(|| offsets.into_boxed_slice());
        SourceText { value: value.into(), range, offsets }
    }

    /// The value: continuations removed, otherwise as BuildKit sees it.
    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// A cheap copy of the value.
    pub fn to_smol(&self) -> SmolStr {
        self.value.clone()
    }

    /// The source it came from.
    pub fn range(&self) -> TextRange {
        self.range
    }

    /// Whether value and source slice are the same bytes.
    pub fn is_verbatim(&self) -> bool {
        self.offsets.is_none()
    }

    /// Where byte `index` of the value stands in the source; the end of the range when past the value.
    pub fn source_offset(&self, index: usize) -> TextSize {
        if index >= self.value.len() {
            return self.range.end();
        }
        match &self.offsets {
            None => self.range.start() + TextSize::from(index as u32),
            Some(offsets) => offsets.get(index).map_or(self.range.end(), |&it| TextSize::from(it)),
        }
    }

    /// The source range of bytes `start..end` of the value.
    pub fn source_range(&self, start: usize, end: usize) -> TextRange {
        let from = self.source_offset(start);
        if end <= start {
            return TextRange::empty(from);
        }
        let to = match &self.offsets {
            None => self.source_offset(end),
            // The byte after the last one, not the start of what follows: a continuation may lie between.
            Some(_) if end < self.value.len() || self.is_last_plain() => {
                self.source_offset(end - 1) + TextSize::from(1)
            }
            Some(_) => self.range.end(),
        };
        TextRange::new(from, to.max(from))
    }

    fn is_last_plain(&self) -> bool {
        let last = self.value.len().wrapping_sub(1);
        self.source_offset(last) + TextSize::from(1) == self.range.end()
    }

    /// Bytes `start..end` of the value as a text of its own. Offsets must be character boundaries.
    pub fn slice(&self, start: usize, end: usize) -> SourceText {
        let value = self.value.get(start..end).unwrap_or_default();
        let range = self.source_range(start, start + value.len());
        match &self.offsets {
            None => SourceText { value: value.into(), range, offsets: None },
            Some(offsets) => SourceText::mapped(
                value,
                offsets.get(start..start + value.len()).unwrap_or_default().to_vec(),
                range,
            ),
        }
    }

    /// The byte of the value at source position `offset`, clamped into the value.
    pub fn value_index(&self, offset: TextSize) -> usize {
        match &self.offsets {
            None => usize::from(offset.max(self.range.start()) - self.range.start()).min(self.value.len()),
            Some(offsets) => offsets.partition_point(|&it| it < u32::from(offset)),
        }
    }

    /// Splits at byte `index`, leaving out the `skip` bytes there.
    pub fn split_at(&self, index: usize, skip: usize) -> (SourceText, SourceText) {
        (self.slice(0, index), self.slice((index + skip).min(self.value.len()), self.value.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verbatim_text_maps_by_addition() {
        let text = SourceText::verbatim("abc", 5.into());
        assert_eq!(text.source_range(1, 2), TextRange::new(6.into(), 7.into()));
        assert_eq!(text.value_index(7.into()), 2);
        assert!(text.is_verbatim());
    }

    #[test]
    fn a_word_over_a_continuation_maps_around_it() {
        // source: a b \ newline c  ->  value "abc", bytes from 0 1 4
        let text = SourceText::mapped("abc", vec![0, 1, 4], TextRange::new(0.into(), 5.into()));
        assert_eq!(text.source_range(0, 2), TextRange::new(0.into(), 2.into()));
        assert_eq!(text.source_range(2, 3), TextRange::new(4.into(), 5.into()));
        assert_eq!(text.slice(1, 3).range(), TextRange::new(1.into(), 5.into()));
        assert_eq!(text.value_index(4.into()), 2);
    }
}
