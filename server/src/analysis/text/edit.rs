//! Replacements in a text, and applying many of them at once.

use text_size::{TextRange, TextSize};

/// Replace `range` (bytes of the text before any edit; half-open) by `new_text`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TextEdit {
    pub range: TextRange,
    pub new_text: String,
}

impl TextEdit {
    pub fn new(range: TextRange, new_text: impl Into<String>) -> Self {
        TextEdit { range, new_text: new_text.into() }
    }

    pub fn insert(offset: TextSize, new_text: impl Into<String>) -> Self {
        TextEdit::new(TextRange::empty(offset), new_text)
    }

    pub fn delete(range: TextRange) -> Self {
        TextEdit::new(range, "")
    }
}

/// `text` after all of `edits`, which may come in any order; insertions at one offset keep theirs.
///
/// `None` when two edits overlap, or when one lies outside the text or inside a character: half of a
/// set of edits would be worse than none.
pub fn apply_edits(text: &str, edits: &[TextEdit]) -> Option<String> {
    let mut sorted: Vec<&TextEdit> = edits.iter().collect();
    // An insertion at the start of a replaced range goes before what replaces it.
    sorted.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for edit in sorted {
        result.push_str(text.get(done..edit.range.start().into())?);
        result.push_str(&edit.new_text);
        done = edit.range.end().into();
    }
    result.push_str(text.get(done..)?);
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: u32, end: u32, new_text: &str) -> TextEdit {
        TextEdit::new(TextRange::new(start.into(), end.into()), new_text)
    }

    #[test]
    fn edits_apply_to_the_text_before_any_of_them() {
        let edits = [edit(5, 6, "b"), edit(0, 4, "RUN"), edit(0, 0, "# c\n")];
        assert_eq!(apply_edits("FROM a", &edits).as_deref(), Some("# c\nRUN b"));
    }

    #[test]
    fn insertions_at_one_offset_keep_their_order() {
        let edits = [edit(1, 1, "x"), edit(1, 1, "y")];
        assert_eq!(apply_edits("ab", &edits).as_deref(), Some("axyb"));
    }

    #[test]
    fn edits_that_overlap_or_miss_the_text_change_nothing() {
        assert_eq!(apply_edits("abcdef", &[edit(0, 3, ""), edit(2, 4, "")]), None);
        assert_eq!(apply_edits("abc", &[edit(2, 9, "")]), None);
        assert_eq!(apply_edits("é", &[edit(1, 2, "")]), None);
    }

    #[test]
    fn neighbours_do_not_overlap() {
        assert_eq!(apply_edits("abcd", &[edit(2, 4, "Y"), edit(0, 2, "X")]).as_deref(), Some("XY"));
    }
}
