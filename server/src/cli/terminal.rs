//! Text for a terminal: colours only where they are wanted, and nothing from a file that a terminal would obey.

use std::io::IsTerminal;

use clap::ValueEnum;
use unicode_width::UnicodeWidthChar;

/// `--color`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    Always,
    Never,
}

impl Color {
    /// Whether to colour what goes to `stream`. `NO_COLOR`: <https://no-color.org>.
    pub fn is_on(self, stream: &impl IsTerminal) -> bool {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_dumb = || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        match self {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => stream.is_terminal() && !is_set("NO_COLOR") && !is_dumb(),
        }
    }
}

/// How a piece of text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Bold,
    Dim,
    Error,
    Warning,
    Info,
    Hint,
    Added,
    Removed,
    /// Rulers and line numbers.
    Frame,
    Code,
}

impl Style {
    const fn codes(self) -> &'static str {
        match self {
            Style::Bold => "1",
            Style::Dim => "2",
            Style::Error => "1;31",
            Style::Warning => "1;33",
            Style::Info => "1;34",
            Style::Hint => "1;36",
            Style::Added => "32",
            Style::Removed => "31",
            Style::Frame => "1;34",
            Style::Code => "36",
        }
    }
}

/// Puts colour on text, or leaves it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Paint {
    pub is_on: bool,
}

impl Paint {
    pub fn paint(self, style: Style, text: &str) -> String {
        match self.is_on && !text.is_empty() {
            true => format!("\u{1b}[{}m{text}\u{1b}[0m", style.codes()),
            false => text.to_owned(),
        }
    }
}

/// Columns between the stops of a tab.
const TAB: usize = 4;

/// What to show for `character`: itself, or a picture of it if a terminal would act on it.
///
/// Control characters move the cursor or start escape sequences; direction marks reorder what is read
/// (<https://trojansource.codes>).
fn shown(character: char) -> char {
    match character {
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + character as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            '\u{fffd}'
        }
        _ => character,
    }
}

/// `text` on one line, safe for a terminal.
pub fn safe(text: &str) -> String {
    text.chars().map(|it| if it == '\t' { ' ' } else { shown(it) }).collect()
}

/// `text` of several lines, safe for a terminal: only `\n` and tabs stay.
pub fn safe_lines(text: &str) -> String {
    text.chars().map(|it| if matches!(it, '\n' | '\t') { it } else { shown(it) }).collect()
}

/// One line as it is shown: tabs as blanks, nothing that a terminal would obey.
#[derive(Debug, Default)]
pub struct ShownLine {
    pub text: String,
    /// For each character of the source and for its end: (byte in the source, column of the screen from 0).
    columns: Vec<(usize, usize)>,
}

impl ShownLine {
    /// `line` has no line break.
    pub fn new(line: &str) -> Self {
        let mut result = ShownLine::default();
        let mut column = 0;
        for (at, character) in line.char_indices() {
            result.columns.push((at, column));
            column += result.push(character, column);
        }
        result.columns.push((line.len(), column));
        result
    }

    /// The column of the screen for a byte of the source.
    pub fn column(&self, byte: usize) -> usize {
        let after = self.columns.partition_point(|(at, _)| *at <= byte);
        after.checked_sub(1).and_then(|it| self.columns.get(it)).map_or(0, |(_, column)| *column)
    }

    fn push(&mut self, character: char, column: usize) -> usize {
        if character == '\t' {
            let width = TAB - column % TAB;
            self.text.extend(std::iter::repeat_n(' ', width));
            return width;
        }
        let shown = shown(character);
        self.text.push(shown);
        shown.width().unwrap_or(0)
    }
}

/// Words in lines; inline code and links stay whole.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words(text, width) {
        let is_room = |line: &String| line.chars().count() + 1 + word.chars().count() <= width;
        match lines.last_mut() {
            Some(line) if is_room(line) => *line += &format!(" {word}"),
            _ => lines.push(word),
        }
    }
    lines
}

fn words(text: &str, width: usize) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let is_open = |word: &str| {
        let has_open_link =
            word.rfind('[').is_some_and(|at| !word.get(at..).unwrap_or_default().contains(')'));
        word.matches('`').count() % 2 == 1 || (has_open_link && !word.contains("[`"))
    };
    for word in text.split_whitespace() {
        match words.last_mut() {
            Some(last) if is_open(last) && last.chars().count() < width => *last += &format!(" {word}"),
            _ => words.push(word.to_owned()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_gets_through() {
        assert_eq!(safe("a\u{1b}[31mb\r\0\u{7f}\u{9b}c\u{202e}"), "a␛[31mb␍␀␡\u{fffd}c\u{fffd}");
        assert_eq!(safe_lines("a\n\tb\u{1b}"), "a\n\tb␛");
    }

    #[test]
    fn columns_count_as_the_screen_does() {
        let line = ShownLine::new("a\t漢é🐳\u{301}x");
        assert_eq!(line.text, "a   漢é🐳\u{301}x");
        let columns: Vec<usize> = [0, 1, 2, 5, 7, 11, 13, 99].iter().map(|at| line.column(*at)).collect();
        assert_eq!(columns, [0, 1, 4, 6, 7, 9, 9, 10]);
    }

    #[test]
    fn colour_is_put_on_only_if_wanted() {
        assert_eq!(Paint { is_on: false }.paint(Style::Error, "x"), "x");
        assert_eq!(Paint { is_on: true }.paint(Style::Error, "x"), "\u{1b}[1;31mx\u{1b}[0m");
    }
}
