//! JSON arrays of strings as Go's `encoding/json` reads them, with the place of every string.
//!
//! Anything that is not valid JSON is *not* an error: BuildKit then takes the text as shell form.

use std::ops::Range;

/// What `[…` turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub enum Json {
    /// Not JSON: shell form, or a list of words.
    Not,
    /// Valid JSON, but a member is no string; BuildKit refuses that. The range of the first such member.
    NotStrings(Range<usize>),
    Strings(Vec<JsonString>),
}

/// One string: its range with quotes, its value, and for every byte of the value where it came from.
#[derive(Debug, PartialEq, Eq)]
pub struct JsonString {
    pub range: Range<usize>,
    pub value: String,
    pub offsets: Vec<usize>,
}

/// Reads `text` as one JSON array. Offsets are into `text`.
pub fn parse(text: &str) -> Json {
    let start = text.len() - text.trim_start().len();
    if !text.get(start..).is_some_and(|rest| rest.starts_with('[')) {
        return Json::Not;
    }
    let mut reader = Reader { text, bytes: text.as_bytes(), at: start };
    reader.array().filter(|_| reader.is_at_end()).map_or(Json::Not, strings)
}

fn strings(members: Vec<Member>) -> Json {
    let mut strings = Vec::with_capacity(members.len());
    for member in members {
        match member {
            Member::String(string) => strings.push(string),
            Member::Other(range) => return Json::NotStrings(range),
        }
    }
    Json::Strings(strings)
}

enum Member {
    String(JsonString),
    Other(Range<usize>),
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

/// Nesting that is followed; Go's limit is 10,000, far more than a file means.
const MAX_DEPTH: usize = 100;

impl Reader<'_> {
    fn array(&mut self) -> Option<Vec<Member>> {
        let mut members = Vec::new();
        self.sequence(b'[', b']', |reader| {
            let start = reader.at;
            members.push(match reader.peek()? {
                b'"' => Member::String(reader.string()?),
                _ => {
                    reader.skip_value(1)?;
                    Member::Other(start..reader.at)
                }
            });
            Some(())
        })?;
        Some(members)
    }

    /// `open item, item close`, each item read by `item`.
    fn sequence(&mut self, open: u8, close: u8, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.expect(open)?;
        self.skip_blanks();
        if self.eat(close) {
            return Some(());
        }
        loop {
            self.skip_blanks();
            item(self)?;
            self.skip_blanks();
            if self.eat(close) {
                return Some(());
            }
            self.expect(b',')?;
        }
    }

    fn skip_value(&mut self, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        match self.peek()? {
            b'"' => self.string().map(|_| ()),
            b'[' => self.sequence(b'[', b']', |reader| reader.skip_value(depth + 1)),
            b'{' => self.sequence(b'{', b'}', |reader| {
                reader.string()?;
                reader.skip_blanks();
                reader.expect(b':')?;
                reader.skip_blanks();
                reader.skip_value(depth + 1)
            }),
            b'-' | b'0'..=b'9' => self.number(),
            _ => ["true", "false", "null"].into_iter().find_map(|word| self.word(word)),
        }
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.text.get(self.at..)?.starts_with(word).then(|| self.at += word.len())
    }

    fn number(&mut self) -> Option<()> {
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _ = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn string(&mut self) -> Option<JsonString> {
        let start = self.at;
        self.expect(b'"')?;
        let (mut value, mut offsets) = (String::new(), Vec::new());
        loop {
            let at = self.at;
            let c = self.text.get(at..)?.chars().next()?;
            self.at += c.len_utf8();
            let c = match c {
                '"' => return Some(JsonString { range: start..self.at, value, offsets }),
                '\\' => self.escape()?,
                // Go refuses raw control characters.
                c if c < ' ' => return None,
                c => c,
            };
            value.push(c);
            let is_verbatim = self.at - at == c.len_utf8();
            offsets.extend((0..c.len_utf8()).map(|byte| if is_verbatim { at + byte } else { at }));
        }
    }

    fn escape(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(match c {
            b'"' | b'\\' | b'/' => char::from(c),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode()?,
            _ => return None,
        })
    }

    /// `XXXX` after `\u`; a surrogate pair takes the next escape too, a lone one is U+FFFD as in Go.
    fn unicode(&mut self) -> Option<char> {
        let high = self.hex4()?;
        if !(0xD800..0xDC00).contains(&high) || !self.text.get(self.at..)?.starts_with("\\u") {
            return Some(char::from_u32(high).unwrap_or('\u{fffd}'));
        }
        let before = self.at;
        self.at += 2;
        let low = self.hex4()?;
        if !(0xDC00..0xE000).contains(&low) {
            self.at = before;
            return Some('\u{fffd}');
        }
        char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    }

    fn hex4(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }

    fn is_at_end(&mut self) -> bool {
        self.skip_blanks();
        self.at == self.bytes.len()
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.eat(byte).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Option<Vec<String>> {
        match parse(text) {
            Json::Strings(strings) => Some(strings.into_iter().map(|it| it.value).collect()),
            _ => None,
        }
    }

    #[test]
    fn arrays_of_strings_are_read() {
        assert_eq!(values(r#" ["a", "b c" , "\u00e9\ud83d\ude00\n"] "#).unwrap(), ["a", "b c", "é😀\n"]);
        assert_eq!(values("[]").unwrap(), Vec::<String>::new());
    }

    #[test]
    fn what_is_not_json_is_shell_form() {
        for text in [
            "['a']",
            r#"["a",]"#,
            r#"["a" "b"]"#,
            r#"["a"] x"#,
            "[ -f x ]",
            r#"["\x"]"#,
            "[",
            r#"["a"#,
            "[1 2]",
        ] {
            assert_eq!(parse(text), Json::Not, "{text}");
        }
    }

    #[test]
    fn members_that_are_no_strings_are_refused() {
        assert_eq!(parse(r#"["a", 1]"#), Json::NotStrings(6..7));
        assert_eq!(parse(r#"[{"a": [null, -1.5e3]}]"#), Json::NotStrings(1..22));
    }

    #[test]
    fn deep_nesting_is_given_up_quietly() {
        assert_eq!(parse(&"[".repeat(100_000)), Json::Not);
    }
}
