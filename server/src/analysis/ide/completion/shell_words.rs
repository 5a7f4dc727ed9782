//! Shell text as words, fast and without caring for what is half-typed.
//!
//! The model's tree of a script costs a parse and needs whole text; here one pass gives the simple commands with
//! their words, which is all that completion asks for.

use std::ops::Range;

use smol_str::SmolStr;

/// One word: its bytes in the text, and its value without quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellWord {
    pub range: Range<usize>,
    pub text: SmolStr,
}

/// One simple command; words that only lead to it (`sudo`, `then`, `A=b`) are not in it.
pub type ShellCommand = Vec<ShellWord>;

/// Where the cursor is in a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The words of the command before the one of the cursor; empty: a command begins.
    pub command: ShellCommand,
    /// Where the word of the cursor begins.
    pub start: usize,
    /// The variables that are set before.
    pub assigned: Vec<SmolStr>,
    /// In quotes, in a comment, or the target of a redirection: no command's word.
    pub is_opaque: bool,
}

/// All commands of `text`.
pub fn commands(text: &str) -> Vec<ShellCommand> {
    let mut lexer = Lexer::new(text);
    while lexer.step() {}
    lexer.end_command();
    lexer.done.into_iter().map(|command| without_prefix(&command)).filter(|it| !it.is_empty()).collect()
}

/// The place at the end of `text`: what follows does not count.
pub fn spot(text: &str) -> Spot {
    let mut lexer = Lexer::new(text);
    while lexer.step() {}
    let start = lexer.open.as_ref().map_or(text.len(), |open| open.range.start);
    let is_opaque = lexer.quote.is_some() || lexer.is_comment || lexer.is_redirected;
    let assigned = assigned(lexer.done.iter().chain([&lexer.words]));
    Spot { command: without_prefix(&lexer.words), start, assigned, is_opaque }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    done: Vec<ShellCommand>,
    words: ShellCommand,
    open: Option<OpenWord>,
    quote: Option<char>,
    is_comment: bool,
    /// The next word is a file.
    is_redirected: bool,
}

struct OpenWord {
    range: Range<usize>,
    text: String,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str) -> Self {
        Lexer {
            text,
            at: 0,
            done: Vec::new(),
            words: Vec::new(),
            open: None,
            quote: None,
            is_comment: false,
            is_redirected: false,
        }
    }

    /// Reads one character; false at the end.
    fn step(&mut self) -> bool {
        let Some(c) = self.text.get(self.at..).and_then(|rest| rest.chars().next()) else { return false };
        let start = self.at;
        self.at += c.len_utf8();
        match (c, self.quote) {
            _ if self.is_comment => self.comment(c),
            ('\\', None | Some('"')) => self.escaped(start),
            (_, Some(open)) if c == open => self.quote = None,
            (_, Some(_)) => self.push(start, c),
            ('\'' | '"', None) => {
                self.quote = Some(c);
                self.open_word(start);
            }
            ('#', None) if self.open.is_none() => self.is_comment = true,
            (';' | '&' | '|' | '\n' | '(' | ')' | '`', None) => self.separator(c),
            ('<' | '>', None) => {
                self.end_word();
                self.is_redirected = true;
            }
            (_, None) if c.is_whitespace() => self.end_word(),
            (_, None) => self.push(start, c),
        }
        true
    }

    fn comment(&mut self, c: char) {
        if c == '\n' {
            self.is_comment = false;
            self.end_command();
        }
    }

    fn escaped(&mut self, start: usize) {
        let next = self.text.get(self.at..).and_then(|rest| rest.chars().next());
        self.at += next.map_or(0, char::len_utf8);
        match next {
            Some('\n') if self.quote.is_none() => self.end_word(),
            Some(c) => self.push(start, c),
            None => self.push(start, '\\'),
        }
    }

    fn separator(&mut self, c: char) {
        // `>&2` and `&>file` are one operator.
        if c == '&' && (self.is_redirected || self.text.get(self.at..).is_some_and(|it| it.starts_with('>')))
        {
            return;
        }
        self.end_command();
    }

    fn open_word(&mut self, start: usize) -> &mut OpenWord {
        let end = self.at;
        let open = self.open.get_or_insert(OpenWord { range: start..end, text: String::new() });
        open.range.end = end;
        open
    }

    fn push(&mut self, start: usize, c: char) {
        self.open_word(start).text.push(c);
    }

    fn end_word(&mut self) {
        let Some(open) = self.open.take() else { return };
        let is_descriptor = self.text.get(open.range.end..).is_some_and(|it| it.starts_with(['<', '>']))
            && open.text.bytes().all(|byte| byte.is_ascii_digit());
        if !std::mem::take(&mut self.is_redirected) && !is_descriptor {
            self.words.push(ShellWord { range: open.range, text: open.text.into() });
        }
    }

    fn end_command(&mut self) {
        self.end_word();
        self.is_redirected = false;
        if !self.words.is_empty() {
            self.done.push(std::mem::take(&mut self.words));
        }
    }
}

/// Words that stand before a command without being one.
const LEADING: &[&str] = &[
    "if", "then", "elif", "else", "while", "until", "do", "!", "{", "time", "sudo", "env", "exec", "nohup",
    "command", "builtin",
];

fn without_prefix(words: &[ShellWord]) -> ShellCommand {
    let mut is_led = false;
    let start = words.iter().position(|word| {
        let is_leading = LEADING.contains(&word.text.as_str());
        let is_skipped =
            is_leading || assignment(&word.text).is_some() || (is_led && word.text.starts_with('-'));
        is_led |= is_leading;
        !is_skipped
    });
    start.and_then(|start| words.get(start..)).unwrap_or_default().to_vec()
}

/// The name in `name=value`.
fn assignment(word: &str) -> Option<&str> {
    let (name, _) = word.split_once('=')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then_some(name)
}

/// The names that commands set: `A=b`, `export A=b`, `for a in`, `read a`.
fn assigned<'a>(commands: impl Iterator<Item = &'a ShellCommand>) -> Vec<SmolStr> {
    let mut names: Vec<SmolStr> = Vec::new();
    for command in commands {
        let words = || command.iter().map(|word| word.text.as_str());
        names.extend(words().filter_map(assignment).map(SmolStr::new));
        let named = words().zip(words().skip(1)).filter(|(first, _)| matches!(*first, "for" | "read"));
        names.extend(named.map(|(_, name)| SmolStr::new(name)));
    }
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<Vec<String>> {
        commands(text).iter().map(|it| it.iter().map(|word| word.text.to_string()).collect()).collect()
    }

    #[test]
    fn commands_are_taken_apart() {
        assert_eq!(
            texts(
                "A=1 sudo -E apt-get update >/dev/null 2>&1 && if ! mkdir -p 'a b' \\\n c; then x # y; z\nfi"
            ),
            [vec!["apt-get", "update"], vec!["mkdir", "-p", "a b", "c"], vec!["x"], vec!["fi"]]
        );
        assert_eq!(
            texts("echo $(go env GOPATH) \"a;b\""),
            [vec!["echo", "$"], vec!["go", "env", "GOPATH"], vec!["a;b"]]
        );
    }

    #[test]
    fn the_last_command_is_the_one_of_the_cursor() {
        let words = |text| spot(text).command.iter().map(|it| it.text.to_string()).collect::<Vec<_>>();
        assert_eq!(words("apt-get update && apt-get install -"), ["apt-get", "install"]);
        assert_eq!(words("apt-get update && "), Vec::<String>::new());
        assert_eq!(words("apt-get"), Vec::<String>::new());
        assert!(spot("echo 'a").is_opaque && spot("echo # a").is_opaque && spot("echo > f").is_opaque);
        assert!(!spot("echo a").is_opaque);
    }

    #[test]
    fn variables_of_the_script_are_known() {
        assert_eq!(spot("A=1; export B=2 && for c in x; do read d; ").assigned, ["A", "B", "c", "d"]);
    }
}
