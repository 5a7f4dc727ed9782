//! The `--name=value` words between an instruction's name and its arguments.
//!
//! BuildKit reads them from *every* instruction; quotes and backslashes are taken off while it does, and
//! `--` alone ends them.

use std::ops::Range;

use super::SourceText;
use super::joined::JoinedLine;

/// One flag as cut out of the joined line.
pub struct RawFlag {
    pub text: SourceText,
}

/// The flags at the start of `range` of `line`, and where the arguments begin.
pub fn read(line: &JoinedLine, range: Range<usize>) -> (Vec<RawFlag>, usize) {
    let text = line.as_str();
    let mut flags = Vec::new();
    let mut at = range.start;
    loop {
        let rest = text.get(at..range.end).unwrap_or_default();
        let start = at + (rest.len() - rest.trim_start().len());
        if !text.get(start..range.end).is_some_and(|rest| rest.starts_with("--")) {
            return (flags, start);
        }
        let word = FlagWord::read(text, start, range.end);
        at = word.end;
        if word.value == "--" && word.is_followed {
            return (flags, at);
        }
        if word.value != "--" {
            flags.push(RawFlag { text: word.into_text(line, start) });
        }
    }
}

struct FlagWord {
    value: String,
    /// Byte of the joined line for each byte of `value`.
    offsets: Vec<usize>,
    end: usize,
    is_followed: bool,
}

impl FlagWord {
    fn read(text: &str, start: usize, end: usize) -> Self {
        let mut word = FlagWord { value: String::new(), offsets: Vec::new(), end, is_followed: false };
        let mut quote: Option<char> = None;
        let mut chars = text.get(start..end).unwrap_or_default().char_indices();
        while let Some((at, c)) = chars.next() {
            match quote {
                None if c.is_whitespace() => {
                    word.end = start + at;
                    word.is_followed = true;
                    break;
                }
                None if c == '\'' || c == '"' => quote = Some(c),
                Some(open) if c == open => quote = None,
                // Always a backslash here, whatever the escape directive says.
                _ if c == '\\' => {
                    if let Some((at, c)) = chars.next() {
                        word.push(c, start + at);
                    }
                }
                _ => word.push(c, start + at),
            }
        }
        word
    }

    fn push(&mut self, c: char, at: usize) {
        self.value.push(c);
        self.offsets.extend((0..c.len_utf8()).map(|byte| at + byte));
    }

    fn into_text(self, line: &JoinedLine, start: usize) -> SourceText {
        if self.end - start == self.value.len() {
            return line.source_text(start, self.end);
        }
        let offsets = self.offsets.iter().map(|&at| line.source_offset(at).into()).collect();
        SourceText::mapped(&self.value, offsets, line.source_range(start, self.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(text: &str) -> (Vec<String>, String) {
        let mut line = JoinedLine::default();
        line.push(text, 0);
        let (flags, rest) = read(&line, 0..text.len());
        (flags.into_iter().map(|flag| flag.text.as_str().to_owned()).collect(), text[rest..].to_owned())
    }

    #[test]
    fn flags_end_at_the_first_other_word() {
        assert_eq!(flags("--a=b  --c x --d"), (vec!["--a=b".into(), "--c".into()], "x --d".into()));
        assert_eq!(flags("x --d"), (vec![], "x --d".into()));
        assert_eq!(flags("-x"), (vec![], "-x".into()));
    }

    #[test]
    fn quotes_and_backslashes_are_taken_off() {
        assert_eq!(flags(r#"--a="b c"'d' --e=\" x"#).0, ["--a=b cd", "--e=\""]);
    }

    #[test]
    fn two_dashes_end_the_flags() {
        assert_eq!(flags("--a -- --b"), (vec!["--a".into()], " --b".into()));
        assert_eq!(flags("--"), (vec![], "".into()));
    }
}
