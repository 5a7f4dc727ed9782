//! Physical lines, and the logical line an instruction is made of.
//!
//! A logical line goes on while its last line ends in the escape character (blanks may follow it, and a
//! doubled escape does not count). Comments and blank lines inside a continuation are skipped, not the end
//! (<https://docs.docker.com/reference/dockerfile/#escape>, `parser.go` in BuildKit).

use text_size::{TextRange, TextSize};

use super::joined::JoinedLine;

/// Length of a byte order mark at the start of `text`: 3 or 0.
pub fn bom_len(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

/// One physical line; offsets into the text it was read from.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    pub start: usize,
    /// The end without `\n` and the `\r`s before it.
    pub end: usize,
    /// The `\n` (or the end of the text).
    pub break_at: usize,
    /// The start of the next line, or the end of the text.
    pub next: usize,
}

impl Line {
    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// The line that starts at `start`, or nothing at the end of the text.
pub fn line_at(text: &str, start: usize) -> Option<Line> {
    let rest = text.as_bytes().get(start..).filter(|rest| !rest.is_empty())?;
    let len = memchr::memchr(b'\n', rest);
    let break_at = start + len.unwrap_or(rest.len());
    let next = len.map_or(text.len(), |len| start + len + 1);
    let content = rest.get(..break_at - start).unwrap_or_default();
    let trimmed = content.iter().rposition(|&byte| byte != b'\r').map_or(0, |at| at + 1);
    Some(Line { start, end: start + trimmed, break_at, next })
}

/// BuildKit's line buffer: a line with its break must fit, a last line without break must leave one byte.
const MAX_LINE: usize = 65_536;

/// The physical lines that are too long for BuildKit, comments and heredoc bodies included.
pub fn overlong_lines(text: &str) -> Vec<TextRange> {
    let mut found = Vec::new();
    let mut at = if text.len() < MAX_LINE { text.len() } else { 0 };
    while let Some(line) = line_at(text, at) {
        let has_break = line.break_at < line.next;
        if line.next - line.start + usize::from(!has_break) > MAX_LINE {
            found.push(range_of(line.start, line.end));
        }
        at = line.next;
    }
    found
}

/// What one logical line turned out to be.
pub enum Logical {
    Blank,
    /// The comment, from `#` to the end of its line.
    Comment(TextRange),
    Instruction(LogicalLine),
}

/// An instruction before it is understood. Offsets are relative to the start of its first line.
#[derive(Debug)]
pub struct LogicalLine {
    pub joined: JoinedLine,
    /// Comments between continuation lines, from `#`.
    pub comments: Vec<TextRange>,
    /// Blank lines between continuation lines (BuildKit: `NoEmptyContinuation`).
    pub blank_lines: Vec<TextRange>,
    /// End of the last line that contributes, without its line break.
    pub content_end: usize,
    /// The `\n` that ends it, or the end of the text when it goes on up to there.
    pub end: usize,
    /// Where the next logical line (or a heredoc body) starts.
    pub next: usize,
}

/// Reads the logical line at `start`; `next` of what is returned is an absolute offset.
pub fn logical_line(text: &str, start: usize, escape: char) -> Option<(Logical, usize, usize)> {
    let first = line_at(text, start)?;
    let stripped = first.text(text).trim_start();
    let indent = first.end - first.start - stripped.len();
    if stripped.is_empty() {
        return Some((Logical::Blank, first.break_at, first.next));
    }
    if stripped.starts_with('#') {
        let range = range_of(first.start + indent, first.end);
        return Some((Logical::Comment(range), first.break_at, first.next));
    }
    let line = read_instruction(text, first, indent, escape);
    let (end, next) = (start + line.end, start + line.next);
    Some((Logical::Instruction(line), end, next))
}

fn read_instruction(text: &str, first: Line, indent: usize, escape: char) -> LogicalLine {
    let base = first.start;
    let mut line = LogicalLine {
        joined: JoinedLine::default(),
        comments: Vec::new(),
        blank_lines: Vec::new(),
        content_end: 0,
        end: 0,
        next: 0,
    };
    let mut current = first;
    let mut goes_on = line.take(text, base, current, indent, escape);
    while goes_on {
        let Some(next) = line_at(text, current.next) else { break };
        current = next;
        let content = current.text(text);
        let stripped = content.trim_start();
        if stripped.starts_with('#') {
            line.comments.push(range_of(current.end - stripped.len() - base, current.end - base));
        } else if stripped.is_empty() {
            line.blank_lines.push(range_of(current.start - base, current.end - base));
        } else {
            goes_on = line.take(text, base, current, 0, escape);
        }
    }
    line.next = current.next - base;
    line.end = if goes_on { current.next - base } else { current.break_at - base };
    line
}

impl LogicalLine {
    /// Adds one physical line without its first `indent` bytes; true when the line after it belongs here too.
    fn take(&mut self, text: &str, base: usize, line: Line, indent: usize, escape: char) -> bool {
        let content = line.text(text).get(indent..).unwrap_or_default();
        let (kept, goes_on) = strip_continuation(content, escape);
        self.joined.push(kept, line.start + indent - base);
        self.content_end = line.end - base;
        goes_on
    }
}

/// The line without a continuation at its end, and whether there was one.
fn strip_continuation(content: &str, escape: char) -> (&str, bool) {
    let Some(kept) = content.trim_end_matches([' ', '\t']).strip_suffix(escape) else {
        return (content, false);
    };
    if kept.ends_with(escape) { (content, false) } else { (kept, true) }
}

fn range_of(start: usize, end: usize) -> TextRange {
    TextRange::new(TextSize::from(start as u32), TextSize::from(end.max(start) as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> String {
        match logical_line(text, 0, '\\') {
            Some((Logical::Instruction(line), ..)) => line.joined.as_str().to_owned(),
            _ => panic!("not an instruction: {text:?}"),
        }
    }

    #[test]
    fn continuations_skip_comments_and_blank_lines() {
        assert_eq!(joined("RUN a \\\n# note\n\n  b\nRUN c"), "RUN a   b");
        assert_eq!(joined("RUN a \\ \t\r\n b\r\n"), "RUN a  b");
    }

    #[test]
    fn a_doubled_escape_does_not_continue() {
        assert_eq!(joined("RUN a \\\\\nb"), "RUN a \\\\");
    }

    #[test]
    fn a_continuation_at_the_end_of_the_file_just_ends() {
        assert_eq!(joined("RUN a \\\n"), "RUN a ");
        assert_eq!(joined("RUN a \\"), "RUN a ");
    }

    #[test]
    fn a_lone_escape_takes_the_next_line() {
        assert_eq!(joined("\\\nRUN a"), "RUN a");
    }
}
