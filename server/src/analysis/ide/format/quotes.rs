//! Which blanks are part of a value.
//!
//! A run of blanks may become one blank, or another indentation, only where it separates words. Inside quotes,
//! after an escape, or where an instruction takes its line as it is, every blank counts. What cannot be told
//! for certain (a `case` inside `"$(…)"`, a shell we do not know) counts as a value: the line then stays.

use crate::analysis::knowledge::Keyword;
use crate::analysis::model::Model;
use crate::analysis::syntax::ast::{Arguments, Command, Healthcheck};
use crate::analysis::syntax::joined::JoinedLine;
use crate::analysis::syntax::{Dockerfile, Instruction, InstructionId, InstructionRef, TextSize};

/// Byte by byte: whether a blank there is part of a value.
pub type Kept = Vec<bool>;

/// The language of shell text, as far as quoting goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Posix,
    PowerShell,
    /// `cmd`, or not known which of the Windows shells.
    Windows,
    Unknown,
}

/// The dialect at each instruction of a file.
pub struct Dialects {
    escape: char,
    /// By instruction; empty when everything is POSIX, as nearly always.
    list: Vec<Dialect>,
}

impl Dialects {
    pub fn new(file: &Dockerfile) -> Self {
        let is_windows = file.escape() == '`' || file.instructions().any(|it| has_windows_base(&it));
        let is_posix = |it: &Instruction| it.keyword != Some(Keyword::Shell) || dialect(it) == Dialect::Posix;
        let is_plain = !is_windows && file.instructions().all(|it| is_posix(&it));
        let list = if is_plain { Vec::new() } else { dialects(file, is_windows) };
        Dialects { escape: file.escape(), list }
    }

    pub fn at(&self, id: InstructionId) -> Dialect {
        self.list.get(id.index()).copied().unwrap_or(Dialect::Posix)
    }

    /// Which blanks of the joined line of instruction `id` are part of a value.
    pub fn kept(&self, id: InstructionId, instruction: &Instruction) -> Kept {
        kept(instruction, instruction.joined.as_str(), self.escape, self.at(id))
    }

    /// Whether a blank typed at byte `index` of the joined line would be part of a value.
    pub fn is_kept_at(&self, id: InstructionId, instruction: &Instruction, index: usize) -> bool {
        let typed = instruction.joined.as_str().get(..index).unwrap_or_default().to_owned() + " ";
        kept(instruction, &typed, self.escape, self.at(id)).last() == Some(&true)
    }
}

/// A stage begins with the shell of the stage it is built from.
fn dialects(file: &Dockerfile, is_windows: bool) -> Vec<Dialect> {
    let model = Model::new(file);
    let default = if is_windows { Dialect::Windows } else { Dialect::Posix };
    let mut current = default;
    let next = |it: InstructionRef<'_>| {
        match it.keyword {
            Some(Keyword::Shell) => current = dialect(&it),
            Some(Keyword::From) => {
                current = model.in_force(Keyword::Shell, it.id).map_or(default, |shell| dialect(&shell));
            }
            _ => {}
        }
        current
    };
    file.instructions().map(next).collect()
}

fn has_windows_base(instruction: &Instruction) -> bool {
    let Arguments::From(from) = &instruction.arguments else { return false };
    let image = from.image.as_ref().map(|word| word.raw().to_ascii_lowercase()).unwrap_or_default();
    ["windows", "nanoserver", "servercore"].iter().any(|name| image.contains(name))
}

/// The dialect that a `SHELL` instruction sets.
fn dialect(shell: &Instruction) -> Dialect {
    let Arguments::Command(Some(Command::Exec(exec))) = &shell.arguments else { return Dialect::Unknown };
    let program = exec.arguments.first().map(|it| it.text.as_str().to_ascii_lowercase()).unwrap_or_default();
    let name = program.rsplit(['/', '\\']).next().unwrap_or_default();
    match name.strip_suffix(".exe").unwrap_or(name) {
        "sh" | "bash" | "ash" | "dash" | "ksh" | "mksh" | "zsh" | "busybox" => Dialect::Posix,
        "powershell" | "pwsh" => Dialect::PowerShell,
        "cmd" => Dialect::Windows,
        _ => Dialect::Unknown,
    }
}

/// For `text`, the joined line of `instruction` or a beginning of it.
fn kept(instruction: &Instruction, text: &str, escape: char, dialect: Dialect) -> Kept {
    let inner = instruction.innermost();
    let start = value_start(inner).map_or(text.len(), |start| joined_index(&instruction.joined, start));
    let (head, arguments) = text.split_at_checked(start).unwrap_or((text, ""));
    let mut kept = simple(head, &['\'', '"'], Some('\\'));
    kept.extend(arguments_kept(instruction, inner, arguments, escape, dialect));
    kept
}

/// The byte of the joined line that stands at `source` (a local offset).
fn joined_index(joined: &JoinedLine, source: TextSize) -> usize {
    let source = usize::from(source);
    let piece = joined.pieces().take_while(|&(_, start)| start <= source).last();
    piece.map_or(0, |(piece, start)| (piece.start + source - start).min(piece.end))
}

/// Where the arguments start; for `HEALTHCHECK` its command. Local to the instruction.
fn value_start(instruction: &Instruction) -> Option<TextSize> {
    match &instruction.arguments {
        Arguments::Healthcheck(Some(Healthcheck { command: Some(command), .. })) => {
            Some(command.range().start())
        }
        _ if instruction.arguments_text.as_str().is_empty() => None,
        _ => Some(instruction.arguments_text.range().start()),
    }
}

fn arguments_kept(
    outer: &Instruction,
    inner: &Instruction,
    text: &str,
    escape: char,
    dialect: Dialect,
) -> Kept {
    match &inner.arguments {
        Arguments::Command(Some(command)) => command_kept(command, text, dialect),
        Arguments::Healthcheck(Some(check)) => match &check.command {
            Some(command) => command_kept(command, text, dialect),
            None => all(text, false),
        },
        Arguments::Copy(copy) if copy.is_json => json(text),
        // Markers are found by lexing the line as a shell would.
        Arguments::Copy(_) if !outer.heredocs.is_empty() => shell(text, Dialect::Posix),
        Arguments::List(list) if list.is_json => json(text),
        Arguments::Pairs(pairs) if !pairs.is_legacy => simple_words(text, escape),
        Arguments::Arg(_) => simple_words(text, escape),
        Arguments::From(_) | Arguments::Copy(_) | Arguments::List(_) => all(text, false),
        _ => all(text, true),
    }
}

fn command_kept(command: &Command, text: &str, dialect: Dialect) -> Kept {
    match command {
        Command::Exec(_) => json(text),
        Command::Shell(_) => shell(text, dialect),
    }
}

fn all(text: &str, value: bool) -> Kept {
    vec![value; text.len()]
}

fn json(text: &str) -> Kept {
    simple(text, &['"'], Some('\\'))
}

/// Shell text of that dialect.
pub fn shell(text: &str, dialect: Dialect) -> Kept {
    match dialect {
        Dialect::Posix => posix(text),
        Dialect::PowerShell => windows(text),
        Dialect::Windows if prints_blanks(text) => all(text, true),
        Dialect::Windows => windows(text),
        Dialect::Unknown => all(text, true),
    }
}

/// `cmd` hands a command its line as it is: `echo` and `set` do not forget blanks, and `^` escapes.
fn prints_blanks(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.contains("echo") || lower.contains("set ") || lower.contains('^')
}

/// The shells of Windows do not agree on quotes; a blank is free only when it is so for all of them.
fn windows(text: &str) -> Kept {
    let readings = [
        posix(text),
        simple(text, &['"'], None),
        simple(text, &['\'', '"'], None),
        simple(text, &['\'', '"'], Some('`')),
        simple(text, &['\'', '"'], Some('\\')),
    ];
    (0..text.len()).map(|at| readings.iter().any(|kept| kept.get(at).copied().unwrap_or(true))).collect()
}

/// Quotes that know nothing of each other, and an escape that protects the next byte everywhere.
fn simple(text: &str, quotes: &[char], escape: Option<char>) -> Kept {
    let mut kept = all(text, false);
    let mut open: Option<char> = None;
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        set(&mut kept, at, open.is_some() || is_escaped);
        if std::mem::take(&mut is_escaped) {
            continue;
        }
        match open {
            _ if escape == Some(c) => is_escaped = true,
            Some(quote) if quote == c => open = None,
            None if quotes.contains(&c) => open = Some(c),
            _ => {}
        }
    }
    kept
}

/// The words of `ENV`, `LABEL` and `ARG`: nothing is escaped inside single quotes.
fn simple_words(text: &str, escape: char) -> Kept {
    let mut kept = all(text, false);
    let mut open: Option<char> = None;
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        set(&mut kept, at, open.is_some() || is_escaped);
        if std::mem::take(&mut is_escaped) {
            continue;
        }
        match open {
            Some(quote) if quote == c => open = None,
            Some('\'') => {}
            _ if c == escape => is_escaped = true,
            None if c == '\'' || c == '"' => open = Some(c),
            _ => {}
        }
    }
    kept
}

fn set(kept: &mut [bool], at: usize, value: bool) {
    if let Some(slot) = kept.get_mut(at) {
        *slot = value;
    }
}

fn posix(text: &str) -> Kept {
    let mut lexer = Posix { bytes: text.as_bytes(), kept: all(text, false), open: Vec::new(), at: 0 };
    lexer.run();
    lexer.kept
}

/// Something that was opened, and where.
#[derive(Debug, Clone, Copy)]
struct Open {
    context: Context,
    start: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Context {
    /// `"…"`
    Double,
    /// `${…}` inside double quotes.
    QuotedBrace,
    /// `${…}` outside.
    Brace,
    /// `` `…` ``
    Backtick,
    /// `$(…)` inside double quotes, with its open parentheses; outside nothing changes by it.
    Substitution { parentheses: usize },
}

/// Quotes of the POSIX shells, with command substitutions inside double quotes.
struct Posix<'a> {
    bytes: &'a [u8],
    kept: Kept,
    open: Vec<Open>,
    at: usize,
}

/// Nesting that is followed.
const MAX_DEPTH: usize = 50;

impl Posix<'_> {
    fn run(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            let context = self.open.last().map(|open| open.context);
            if self.open.len() > MAX_DEPTH {
                self.give_up();
                return;
            }
            match context {
                Some(Context::Double | Context::QuotedBrace) => self.quoted(byte),
                Some(Context::Brace) => self.brace(byte),
                _ => self.code(byte),
            }
        }
        // What is never closed was not understood.
        if let Some(open) = self.open.first() {
            self.at = open.start;
            self.give_up();
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn keep(&mut self, len: usize) {
        let end = (self.at + len).min(self.kept.len());
        self.kept.get_mut(self.at..end).unwrap_or_default().fill(true);
        self.at = end;
    }

    fn give_up(&mut self) {
        self.keep(self.bytes.len());
    }

    fn push(&mut self, context: Context, len: usize) {
        self.open.push(Open { context, start: self.at });
        self.keep(len);
    }

    fn pop(&mut self) {
        self.open.pop();
        self.keep(1);
    }

    fn is_open(&self, context: Context) -> bool {
        self.open.iter().any(|open| open.context == context)
    }

    /// Inside double quotes, or inside `${…}` there.
    fn quoted(&mut self, byte: u8) {
        let is_brace = self.open.last().is_some_and(|open| open.context == Context::QuotedBrace);
        match byte {
            b'\\' => self.keep(2),
            b'"' if !is_brace => self.pop(),
            b'}' if is_brace => self.pop(),
            // Shells differ in what quotes mean inside "${…}".
            b'"' | b'\'' if is_brace => self.give_up(),
            b'$' if self.byte(self.at + 1) == Some(b'{') => self.push(Context::QuotedBrace, 2),
            b'$' if self.byte(self.at + 1) == Some(b'(') => {
                self.push(Context::Substitution { parentheses: 0 }, 2);
            }
            b'`' if self.is_open(Context::Backtick) => self.give_up(),
            b'`' => self.push(Context::Backtick, 1),
            _ => self.keep(1),
        }
    }

    /// Inside `${…}` outside quotes: blanks there are part of what the variable may become.
    fn brace(&mut self, byte: u8) {
        match byte {
            b'\\' => self.keep(2),
            b'}' => self.pop(),
            b'\'' => self.single_quotes(),
            b'"' => self.push(Context::Double, 1),
            b'$' if self.byte(self.at + 1) == Some(b'{') => self.push(Context::Brace, 2),
            b'`' => self.give_up(),
            _ => self.keep(1),
        }
    }

    fn code(&mut self, byte: u8) {
        match byte {
            b'\\' => self.backslash(),
            b'\'' => self.single_quotes(),
            b'"' if self.is_in_quoted_backtick() => self.give_up(),
            b'"' => self.push(Context::Double, 1),
            b'`' => self.backtick(),
            b'$' if self.byte(self.at + 1) == Some(b'{') => self.push(Context::Brace, 2),
            _ => self.in_substitution(byte),
        }
    }

    fn backslash(&mut self) {
        // Backticks take off one level of backslashes before their text is read.
        let is_doubtful =
            self.byte(self.at + 1).is_some_and(|next| matches!(next, b'"' | b'`' | b'\\' | b'$'));
        if is_doubtful && self.is_open(Context::Backtick) {
            self.give_up();
        } else {
            self.keep(2);
        }
    }

    fn single_quotes(&mut self) {
        let rest = self.bytes.get(self.at + 1..).unwrap_or_default();
        let Some(len) = memchr::memchr(b'\'', rest) else { return self.give_up() };
        let has_escape = rest.get(..len).is_some_and(|text| text.contains(&b'\\'));
        let is_ansi = self.at.checked_sub(1).and_then(|before| self.byte(before)) == Some(b'$');
        // bash ends $'it\'s' at another quote than sh does.
        if is_ansi && has_escape {
            return self.give_up();
        }
        self.keep(len + 2);
    }

    fn backtick(&mut self) {
        match self.open.last().map(|open| open.context) {
            Some(Context::Backtick) => self.pop(),
            _ if self.is_open(Context::Backtick) => self.give_up(),
            _ => self.push(Context::Backtick, 1),
        }
    }

    fn is_in_quoted_backtick(&self) -> bool {
        self.is_open(Context::Backtick) && self.is_open(Context::Double)
    }

    /// Looks for the end of `"$(…)"`. The `)` of a `case` and those in comments would end it too early.
    fn in_substitution(&mut self, byte: u8) {
        if let Some(Open { context: Context::Substitution { parentheses }, .. }) = self.open.last_mut() {
            match (byte, *parentheses) {
                (b'(', count) => *parentheses = count + 1,
                (b')', 0) => return self.pop(),
                (b')', count) => *parentheses = count - 1,
                (b'#', _) | (b'c', _) if self.is_doubtful_word() => return self.give_up(),
                _ => {}
            }
        }
        self.at += 1;
    }

    /// Whether a comment or the word `case` starts here.
    fn is_doubtful_word(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|before| self.byte(before)).unwrap_or(b' ');
        let starts_word = before.is_ascii_whitespace() || matches!(before, b';' | b'(' | b'&' | b'|');
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let is_case = rest.starts_with(b"case") && rest.get(4).is_none_or(u8::is_ascii_whitespace);
        starts_word && (rest.starts_with(b"#") || is_case)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with every kept blank as `·`.
    fn show(text: &str, kept: &[bool]) -> String {
        text.char_indices().map(|(at, c)| if c == ' ' && kept[at] { '·' } else { c }).collect()
    }

    fn posix_shown(text: &str) -> String {
        show(text, &posix(text))
    }

    #[test]
    fn blanks_inside_quotes_and_after_escapes_are_kept() {
        assert_eq!(posix_shown(r#"a "b c" 'd e' f\ g h"#), r#"a "b·c" 'd·e' f\·g h"#);
        assert_eq!(posix_shown(r#"a "b\" c" d"#), r#"a "b\"·c" d"#);
        assert_eq!(posix_shown(r"a 'b\' c"), r"a 'b\' c");
        assert_eq!(posix_shown("a ${b:-c d} e"), "a ${b:-c·d} e");
    }

    #[test]
    fn a_substitution_inside_quotes_is_code_again() {
        assert_eq!(posix_shown(r#"a="$(b (c d) "e f")" g"#), r#"a="$(b (c d) "e·f")" g"#);
        assert_eq!(posix_shown(r#"a="x y `b c` z" d"#), r#"a="x·y·`b c`·z" d"#);
        assert_eq!(posix_shown(r#""${a:-b c} d" e"#), r#""${a:-b·c}·d" e"#);
    }

    #[test]
    fn what_is_doubtful_is_kept() {
        assert_eq!(posix_shown("a b's c d"), "a b's·c·d");
        assert_eq!(posix_shown(r#"a "$(case b in c) d;; esac)" e"#), r#"a "$(case·b·in·c)·d;;·esac)"·e"#);
        assert_eq!(posix_shown(r"a $'b\'c' d"), r"a $'b\'c'·d");
        assert_eq!(posix_shown("a \"`b \\\"c\\\"` d\" e"), "a \"`b·\\\"c\\\"`·d\"·e");
    }

    #[test]
    fn a_blank_in_windows_text_is_free_only_when_every_shell_says_so() {
        assert_eq!(show(r#"dir "C:\" x"#, &windows(r#"dir "C:\" x"#)), r#"dir "C:\"·x"#);
        assert_eq!(show("dir a b", &shell("dir a b", Dialect::Windows)), "dir a b");
        assert_eq!(show("echo a b", &shell("echo a b", Dialect::Windows)), "echo·a·b");
        assert_eq!(show("echo a b", &shell("echo a b", Dialect::PowerShell)), "echo a b");
    }
}
