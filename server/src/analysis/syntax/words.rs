//! The two ways BuildKit splits arguments: words with quotes (`ENV`, `LABEL`, `ARG`) and plain blanks.

use std::ops::Range;

/// Words separated by blanks outside quotes; quotes and escapes stay in them. Ranges into `text`.
pub fn quoted_words(text: &str, escape: char) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut chars = text.char_indices();
    let mut open: Option<usize> = None;
    let mut quote: Option<char> = None;
    while let Some((at, c)) = chars.next() {
        if quote.is_none() && c.is_whitespace() {
            words.extend(open.take().map(|start| start..at));
            continue;
        }
        open.get_or_insert(at);
        match quote {
            Some(open_quote) if c == open_quote => quote = None,
            // Nothing can be escaped inside single quotes.
            Some('\'') => {}
            None if c == '\'' || c == '"' => quote = Some(c),
            _ if c == escape => {
                chars.next();
            }
            _ => {}
        }
    }
    words.extend(open.map(|start| start..text.len()));
    words
}

/// Words separated by tabs and blanks, quotes not looked at. Ranges into `text`.
pub fn blank_separated(text: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut open: Option<usize> = None;
    for (at, c) in text.char_indices() {
        if is_blank(c) {
            words.extend(open.take().map(|start| start..at));
        } else {
            open.get_or_insert(at);
        }
    }
    words.extend(open.map(|start| start..text.len()));
    words
}

/// What separates arguments: Go's `[\t\v\f\r ]`.
pub fn is_blank(c: char) -> bool {
    matches!(c, '\t' | '\x0b' | '\x0c' | '\r' | ' ')
}

/// `range` without the Unicode blanks at both ends of that part of `text`.
pub fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (part.len() - part.trim_start().len());
    let end = range.start + part.trim_end().len();
    start.min(end)..end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str) -> Vec<&str> {
        quoted_words(text, '\\').into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn quotes_hold_words_together() {
        assert_eq!(quoted(r#"a="b c" d='e f'g h\ i"#), [r#"a="b c""#, "d='e f'g", r"h\ i"]);
        assert_eq!(quoted(r#"a="x\" y" b"#), [r#"a="x\" y""#, "b"]);
        assert_eq!(quoted(r"a='x\' b"), [r"a='x\'", "b"]);
        assert_eq!(quoted("\"never closed"), ["\"never closed"]);
        assert_eq!(quoted("a\\"), ["a\\"]);
    }

    #[test]
    fn blanks_split_and_nothing_else() {
        let text = "a \"b c\"\td";
        let words: Vec<_> = blank_separated(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(words, ["a", "\"b", "c\"", "d"]);
    }
}
