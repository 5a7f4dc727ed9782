//! Bytes to lines, whatever the pieces; a line of any length costs a bounded buffer.

/// Bytes of a line that are kept; the rest of a longer one is dropped.
pub const LONGEST_LINE: usize = 8 << 10;

/// Collects one pipe's bytes into lines.
#[derive(Debug)]
pub struct Lines {
    pending: Vec<u8>,
    longest: usize,
}

impl Lines {
    /// `longest`: bytes of a line that are kept.
    pub fn new(longest: usize) -> Self {
        Lines { pending: Vec::new(), longest }
    }

    /// Calls `take` for each line that is complete, without its line break and without what terminals swallow.
    pub fn feed(&mut self, bytes: &[u8], take: &mut impl FnMut(&str)) {
        let mut rest = bytes;
        while let Some(at) = memchr::memchr(b'\n', rest) {
            let (line, behind) = rest.split_at(at);
            self.keep(line);
            self.flush(take);
            rest = behind.get(1..).unwrap_or_default();
        }
        self.keep(rest);
    }

    /// The last line may have no line break.
    pub fn finish(&mut self, take: &mut impl FnMut(&str)) {
        if !self.pending.is_empty() {
            self.flush(take);
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = self.longest.saturating_sub(self.pending.len());
        self.pending.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
    }

    fn flush(&mut self, take: &mut impl FnMut(&str)) {
        let text = String::from_utf8_lossy(&self.pending);
        // A progress bar overwrites its line: what stood there last counts.
        let text = text.trim_end_matches('\r');
        take(text.rsplit('\r').next().unwrap_or_default());
        self.pending.clear();
        self.pending.shrink_to(LONGEST_LINE);
    }
}

/// `text` without the escape sequences that colour a terminal (CSI and OSC), and without other control characters.
pub fn without_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\u{1b}' => skip_escape(&mut characters),
            '\t' => out.push('\t'),
            it if it.is_control() => {}
            it => out.push(it),
        }
    }
    out
}

/// CSI ends with a letter or one of ``@[\]^_`{|}~``, OSC with BEL or `ESC \`
/// (<https://invisible-island.net/xterm/ctlseqs/ctlseqs.html>).
fn skip_escape(characters: &mut std::str::Chars<'_>) {
    match characters.next() {
        Some('[') => while characters.next().is_some_and(|it| !('\u{40}'..='\u{7e}').contains(&it)) {},
        Some(']') => {
            while let Some(it) = characters.next() {
                match it {
                    '\u{7}' => return,
                    '\u{1b}' => {
                        characters.next();
                        return;
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(pieces: &[&str], longest: usize) -> Vec<String> {
        let mut lines = Lines::new(longest);
        let mut found = Vec::new();
        let mut take = |line: &str| found.push(line.to_owned());
        for piece in pieces {
            lines.feed(piece.as_bytes(), &mut take);
        }
        lines.finish(&mut take);
        found
    }

    #[test]
    fn lines_are_found_however_the_bytes_come() {
        assert_eq!(lines(&["a\nb", "c\r\n", "", "d"], 99), ["a", "bc", "d"]);
        assert_eq!(lines(&["10%\r20%\r30%\n"], 99), ["30%"]);
    }

    #[test]
    fn the_end_of_a_long_line_is_dropped() {
        assert_eq!(lines(&["abc", "defg\nhi"], 4), ["abcd", "hi"]);
    }

    #[test]
    fn colours_are_left_out() {
        assert_eq!(without_escapes("\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7}x\u{8}\ty\u{1b}"), "red x\ty");
    }
}
