//! The variables a shell text uses and sets, found by a tolerant lexer: half-typed text has variables too, and
//! renaming an `ARG` must not depend on whether the rest of the `RUN` parses.
//!
//! Nothing inside single quotes, behind a backslash or in a quoted heredoc counts, as the shell has it
//! (<https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html>).

use smol_str::SmolStr;
use text_size::TextRange;

use super::ShellKind;
use crate::analysis::syntax::SourceText;

/// One variable named in a shell text. Ranges are local to the instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellVariable {
    pub name: SmolStr,
    pub name_range: TextRange,
    /// The whole of `$x`, `${x:-y}`, `x=`.
    pub range: TextRange,
    /// The name gets another value here, or none: `x=`, `for x`, `read x`, `unset x`.
    pub is_assignment: bool,
    /// Within double quotes.
    pub is_quoted: bool,
    /// `${x}`
    pub is_braced: bool,
    /// `${x:-…}`, `${x:?…}` and their kin: unset is thought of.
    pub has_default: bool,
}

/// How a text's quotes work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// A script: quotes hide, `#` begins a comment.
    Script,
    /// The body of a heredoc: quotes are text.
    Document,
}

/// The variables of `text`, in order, as a shell of `kind` sees them. None for programs that are no shells.
pub fn variables(text: &SourceText, kind: &ShellKind, syntax: Syntax) -> Vec<ShellVariable> {
    match kind {
        ShellKind::PowerShell => marked(text, "$env:"),
        ShellKind::Cmd => percent(text),
        ShellKind::Other(_) => Vec::new(),
        _ => {
            let mut lexer = Lexer::new(text, syntax);
            lexer.run();
            lexer.found
        }
    }
}

/// Where heredocs stand in a script for a POSIX shell: each marker, and its body up to the line behind its
/// delimiter. One without an end has no body.
pub fn heredocs(text: &SourceText) -> Vec<(Span, Span)> {
    if !text.as_str().contains("<<") {
        return Vec::new();
    }
    let mut lexer = Lexer::new(text, Syntax::Script);
    lexer.run();
    let endless = lexer.heredocs.into_iter().map(|heredoc| (heredoc.marker, 0..0));
    lexer.documents.into_iter().chain(endless).collect()
}

/// PowerShell's `$env:NAME` and `${env:NAME}`.
fn marked(text: &SourceText, mark: &str) -> Vec<ShellVariable> {
    let value = text.as_str().to_ascii_lowercase();
    let mut found = Vec::new();
    for (mark, is_braced) in [(mark, false), ("${env:", true)] {
        for (at, _) in value.match_indices(mark) {
            let start = at + mark.len();
            let end = start + name_length(text.as_str().get(start..).unwrap_or_default());
            let close = usize::from(is_braced);
            found.extend(named(text, at..end + close, start..end, |it| it.is_braced = is_braced));
        }
    }
    found.sort_by_key(|it| it.range.start());
    found
}

/// `%NAME%` of the Windows command interpreter.
fn percent(text: &SourceText) -> Vec<ShellVariable> {
    let value = text.as_str();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = value.get(at..).and_then(|rest| rest.find('%')).map(|index| at + index + 1) {
        let end = start + name_length(value.get(start..).unwrap_or_default());
        at = start;
        if end > start && value.as_bytes().get(end) == Some(&b'%') {
            found.extend(named(text, start - 1..end + 1, start..end, |_| {}));
            at = end + 1;
        }
    }
    found
}

/// Length of the variable name `text` begins with, 0 when there is none.
fn name_length(text: &str) -> usize {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len())
}

/// Bytes of the text.
pub type Span = std::ops::Range<usize>;

fn named(
    text: &SourceText,
    range: Span,
    name: Span,
    change: impl FnOnce(&mut ShellVariable),
) -> Option<ShellVariable> {
    let mut variable = ShellVariable {
        name: text.as_str().get(name.clone()).filter(|name| !name.is_empty())?.into(),
        name_range: text.source_range(name.start, name.end),
        range: text.source_range(range.start, range.end),
        is_assignment: false,
        is_quoted: false,
        is_braced: false,
        has_default: false,
    };
    change(&mut variable);
    Some(variable)
}

/// What the lexer is inside of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Context {
    /// Commands, up to the closing character; none at the outside.
    Commands { close: Option<u8>, position: Position },
    /// `"…"`
    Quotes,
    /// `${name…}`
    Braces { is_quoted: bool },
    /// `$((…))`, with the number of open parentheses.
    Arithmetic { open: u32 },
    /// The body of a heredoc up to that byte.
    Document { end: usize },
}

/// What the next word of a command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Position {
    /// An assignment, a keyword, or the name.
    Command,
    /// An argument.
    Argument,
    /// An argument that may set a variable: `export x=`, `local x=`.
    Declaration,
    /// A name that is set: `read x`, `unset x`.
    Names,
    /// The name behind `for`, only one.
    Loop,
}

/// `<<delimiter`
struct Announced {
    marker: Span,
    delimiter: String,
    expands: bool,
    strips_tabs: bool,
}

struct Lexer<'a> {
    text: &'a SourceText,
    value: &'a str,
    bytes: &'a [u8],
    at: usize,
    stack: Vec<Context>,
    /// Heredocs whose bodies begin on the next line.
    heredocs: Vec<Announced>,
    /// Markers and bodies of those that were read.
    documents: Vec<(Span, Span)>,
    found: Vec<ShellVariable>,
}

/// The closing brace of `${` is looked for within so many bytes.
const MAX_EXPANSION: usize = 4096;

/// More heredocs in one line are not followed.
const MAX_HEREDOCS: usize = 64;

/// Deeper than anybody nests; beyond, everything counts as one level.
const MAX_DEPTH: usize = 1000;

impl<'a> Lexer<'a> {
    fn new(text: &'a SourceText, syntax: Syntax) -> Self {
        let value = text.as_str();
        let outermost = match syntax {
            Syntax::Script => Context::Commands { close: None, position: Position::Command },
            Syntax::Document => Context::Document { end: value.len() },
        };
        Lexer {
            text,
            value,
            bytes: value.as_bytes(),
            at: 0,
            stack: vec![outermost],
            heredocs: Vec::new(),
            documents: Vec::new(),
            found: Vec::new(),
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn rest(&self) -> &'a str {
        self.value.get(self.at..).unwrap_or_default()
    }

    fn context(&self) -> Context {
        self.stack.last().copied().unwrap_or(Context::Quotes)
    }

    fn push(&mut self, context: Context) {
        if self.stack.len() < MAX_DEPTH {
            self.stack.push(context);
        }
    }

    /// The outermost context is never left.
    fn pop(&mut self) {
        if self.stack.len() > 1 {
            self.stack.pop();
        }
    }

    fn run(&mut self) {
        while self.at < self.bytes.len() {
            self.step();
        }
    }

    fn step(&mut self) {
        match self.context() {
            Context::Commands { close, position } => self.commands(close, position),
            Context::Quotes => self.quotes(),
            Context::Braces { is_quoted } => self.braces(is_quoted),
            Context::Arithmetic { open } => self.arithmetic(open),
            Context::Document { end } => self.document(end),
        }
    }

    /// Whether a value found here stands within double quotes.
    fn is_quoted(&self) -> bool {
        match self.context() {
            Context::Quotes => true,
            Context::Braces { is_quoted } => is_quoted,
            _ => false,
        }
    }

    fn commands(&mut self, close: Option<u8>, position: Position) {
        match self.peek(0) {
            byte if Some(byte) == close => {
                self.at += 1;
                self.pop();
            }
            b'\n' => self.line_break(),
            b';' | b'&' | b'|' => self.advance_to(Position::Command),
            b'(' => {
                self.advance_to(Position::Command);
                self.push(Context::Commands { close: Some(b')'), position: Position::Command });
            }
            // What closes a pattern of `case` starts a command.
            b')' => self.advance_to(Position::Command),
            b'#' if !self.is_glued() => self.comment(),
            b'<' if self.rest().starts_with("<<<") => self.at += 3,
            b'<' if self.rest().starts_with("<<") => self.heredoc(),
            b'<' | b'>' => self.redirection(),
            byte if byte.is_ascii_whitespace() => self.at += 1,
            _ if self.is_glued() => self.rest_of_word(),
            _ => self.word(position),
        }
    }

    /// Whether a word goes on here behind quotes or the like.
    fn is_glued(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.bytes.get(at));
        before.is_some_and(|&byte| !is_word_end(byte) && byte != b'`')
    }

    fn advance_to(&mut self, next: Position) {
        self.at += 1;
        self.set_position(next);
    }

    fn set_position(&mut self, next: Position) {
        if let Some(Context::Commands { position, .. }) = self.stack.last_mut() {
            *position = next;
        }
    }

    fn comment(&mut self) {
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
    }

    /// `<(`, `>&2`: what follows is no word of the command; a file name is read as an argument, which does no harm.
    fn redirection(&mut self) {
        self.at += 1;
        if self.peek(0) == b'&' || self.peek(0) == b'|' {
            self.at += 1;
        }
        if self.peek(0) == b'(' {
            self.at += 1;
            self.push(Context::Commands { close: Some(b')'), position: Position::Command });
        }
    }

    /// The start of a word, then its pieces one by one.
    fn word(&mut self, position: Position) {
        let rest = self.rest();
        let name = name_length(rest);
        let after = rest.get(name..).unwrap_or_default();
        let next = match position {
            Position::Command | Position::Declaration if name > 0 && is_assigned(after) => {
                self.name(name, true, assigned_length(after));
                position
            }
            Position::Command => after_word(word_of(rest)),
            Position::Names | Position::Loop if name > 0 => {
                self.name(name, true, 0);
                if position == Position::Loop { Position::Argument } else { position }
            }
            Position::Declaration if name > 0 && ends_word(after) => {
                self.name(name, false, 0);
                position
            }
            _ => position,
        };
        self.set_position(next);
        self.rest_of_word();
    }

    /// Pieces of a word up to its end, or up to something nested that is read first.
    fn rest_of_word(&mut self) {
        let depth = self.stack.len();
        while self.at < self.bytes.len() && self.stack.len() == depth {
            match self.peek(0) {
                b'\\' => self.escape(),
                b'\'' => self.single_quotes(),
                b'"' => {
                    self.at += 1;
                    self.push(Context::Quotes);
                }
                b'$' => self.dollar(),
                b'`' => self.backtick(),
                byte if is_word_end(byte) => return,
                _ => self.at += 1,
            }
        }
    }

    fn name(&mut self, length: usize, is_assignment: bool, more: usize) {
        let name = self.at..self.at + length;
        let range = name.start..name.end + more;
        let variable = named(self.text, range, name, |it| it.is_assignment = is_assignment);
        self.found.extend(variable);
        self.at += length + more;
    }

    fn escape(&mut self) {
        self.at += 1;
        self.at += self.rest().chars().next().map_or(0, char::len_utf8);
    }

    fn single_quotes(&mut self) {
        self.at += 1;
        self.at += self.rest().find('\'').map_or(self.rest().len(), |length| length + 1);
    }

    /// `$'…'`, where a backslash hides a quote.
    fn ansi_quotes(&mut self) {
        self.at += 2;
        while self.at < self.bytes.len() {
            match self.peek(0) {
                b'\\' => self.escape(),
                b'\'' => return self.at += 1,
                _ => self.at += 1,
            }
        }
    }

    fn quotes(&mut self) {
        match self.peek(0) {
            b'"' => {
                self.at += 1;
                self.pop();
            }
            b'\\' => self.escape(),
            b'$' => self.dollar(),
            b'`' => self.backtick(),
            _ => self.at += 1,
        }
    }

    fn braces(&mut self, is_quoted: bool) {
        match self.peek(0) {
            b'}' => {
                self.at += 1;
                self.pop();
            }
            b'\'' if !is_quoted => self.single_quotes(),
            b'"' => {
                self.at += 1;
                self.push(Context::Quotes);
            }
            b'\\' => self.escape(),
            b'$' => self.dollar(),
            b'`' => self.backtick(),
            _ => self.at += 1,
        }
    }

    fn document(&mut self, end: usize) {
        if self.at >= end {
            return if self.stack.len() > 1 { self.pop() } else { self.at = self.bytes.len() };
        }
        match self.peek(0) {
            b'\\' => self.escape(),
            b'$' => self.dollar(),
            b'`' => self.backtick(),
            _ => self.at += 1,
        }
    }

    fn arithmetic(&mut self, open: u32) {
        match self.peek(0) {
            b'$' => self.dollar(),
            b'`' => self.backtick(),
            b'(' => self.reopen(open + 1),
            b')' if open == 0 => {
                self.at += if self.peek(1) == b')' { 2 } else { 1 };
                self.pop();
            }
            b')' => self.reopen(open - 1),
            byte if byte.is_ascii_digit() => {
                let is_digit = |c: char| c.is_ascii_alphanumeric() || c == '#';
                self.at += self.rest().find(|c| !is_digit(c)).unwrap_or(self.rest().len());
            }
            _ => match name_length(self.rest()) {
                0 => self.at += 1,
                length => {
                    let after = self.rest().get(length..).unwrap_or_default().trim_start();
                    let is_assignment = after.starts_with('=') && !after.starts_with("==");
                    self.name(length, is_assignment, 0);
                }
            },
        }
    }

    fn reopen(&mut self, open: u32) {
        self.at += 1;
        if let Some(context) = self.stack.last_mut() {
            *context = Context::Arithmetic { open };
        }
    }

    /// `$…` of any kind; a lone dollar is text.
    fn dollar(&mut self) {
        let rest = self.rest();
        if rest.starts_with("$((") {
            self.at += 3;
            self.push(Context::Arithmetic { open: 0 });
        } else if rest.starts_with("$(") {
            self.at += 2;
            self.push(Context::Commands { close: Some(b')'), position: Position::Command });
        } else if rest.starts_with("${") {
            self.braced();
        } else if rest.starts_with("$'") && !self.is_quoted() && !self.is_in_document() {
            self.ansi_quotes();
        } else {
            self.plain();
        }
    }

    fn is_in_document(&self) -> bool {
        matches!(self.context(), Context::Document { .. })
    }

    fn plain(&mut self) {
        let start = self.at;
        self.at += 1;
        let length = name_length(self.rest());
        if length == 0 && self.peek(0).is_ascii_punctuation() && !matches!(self.peek(0), b'"' | b'\'' | b'`')
        {
            // `$$`, `$?`, `$#`: not the start of something else.
            self.at += usize::from(matches!(self.peek(0), b'$' | b'?' | b'#' | b'!' | b'@' | b'*' | b'-'));
        }
        let is_quoted = self.is_quoted();
        let name = start + 1..start + 1 + length;
        self.found.extend(named(self.text, start..name.end, name, |it| it.is_quoted = is_quoted));
        self.at += length;
    }

    fn braced(&mut self) {
        let start = self.at;
        let is_quoted = self.is_quoted();
        self.at += 2;
        if matches!(self.peek(0), b'#' | b'!') && name_length(self.value.get(self.at + 1..).unwrap_or("")) > 0
        {
            self.at += 1;
        }
        let name = self.at..self.at + name_length(self.rest());
        self.at = name.end;
        let end = self.closing_brace(is_quoted);
        let operator = self.rest().trim_start_matches(':');
        let has_default = operator.starts_with(['-', '=', '?', '+']);
        self.found.extend(named(self.text, start..end, name, |it| {
            it.is_quoted = is_quoted;
            it.is_braced = true;
            it.has_default = has_default;
        }));
        // Nothing but a name: `${` before a blank is a slip, not the start of a long expansion.
        if !self.peek(0).is_ascii_whitespace() {
            self.push(Context::Braces { is_quoted });
        }
    }

    /// Just behind the brace that closes what was opened before `at`; the end of the name when there is none.
    fn closing_brace(&self, is_quoted: bool) -> usize {
        let mut depth = 1;
        let mut at = self.at;
        while let Some(&byte) = self.bytes.get(at).filter(|_| at < self.at + MAX_EXPANSION) {
            match byte {
                b'\\' => at += 1,
                b'{' => depth += 1,
                b'}' => depth -= 1,
                b'\n' | b'"' if is_quoted => return self.at,
                _ => {}
            }
            at += 1;
            if depth == 0 {
                return at;
            }
        }
        self.at
    }

    /// An unescaped backtick closes the one that is open, wherever quotes stand.
    fn backtick(&mut self) {
        self.at += 1;
        let is_open = |context: &Context| matches!(context, Context::Commands { close: Some(b'`'), .. });
        match self.stack.iter().rposition(is_open) {
            Some(index) => self.stack.truncate(index.max(1)),
            None => self.push(Context::Commands { close: Some(b'`'), position: Position::Command }),
        }
    }

    /// `<<[-]delimiter`
    fn heredoc(&mut self) {
        let start = self.at;
        self.at += 2;
        let strips_tabs = self.peek(0) == b'-';
        self.at += usize::from(strips_tabs);
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
        let written = word_of(self.rest());
        let delimiter: String = written.chars().filter(|c| !matches!(c, '\'' | '"' | '\\')).collect();
        self.at += written.len();
        if !delimiter.is_empty() && self.heredocs.len() < MAX_HEREDOCS {
            let (marker, expands) = (start..self.at, delimiter.len() == written.len());
            self.heredocs.push(Announced { marker, delimiter, expands, strips_tabs });
        }
    }

    /// The end of a line, behind which the bodies of its heredocs stand.
    fn line_break(&mut self) {
        self.advance_to(Position::Command);
        let mut at = self.at;
        for heredoc in std::mem::take(&mut self.heredocs) {
            let Some((end, next)) = body_end(self.value, at, &heredoc) else { continue };
            if heredoc.expands {
                self.at = at;
                self.body(end);
            }
            self.documents.push((heredoc.marker, at..next));
            at = next;
        }
        self.at = at;
    }

    /// Reads a heredoc's body on its own: nothing in it can open or close what is around it.
    fn body(&mut self, end: usize) {
        let outside = std::mem::replace(&mut self.stack, vec![Context::Document { end }]);
        while self.at < end {
            self.step();
        }
        self.stack = outside;
    }
}

/// (end of the body, start of the line behind its last), `None` when the delimiter never comes.
fn body_end(value: &str, start: usize, heredoc: &Announced) -> Option<(usize, usize)> {
    let mut at = start;
    for line in value.get(start..)?.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let content = if heredoc.strips_tabs { content.trim_start_matches('\t') } else { content };
        if content == heredoc.delimiter {
            return Some((at, at + line.len()));
        }
        at += line.len();
    }
    None
}

/// `=`, `+=` or `[index]=` follows the name.
fn is_assigned(after: &str) -> bool {
    assigned_length(after) > 0
}

/// Length of what stands between a name and its value, 0 when nothing is assigned.
fn assigned_length(after: &str) -> usize {
    let index = match after.strip_prefix('[') {
        Some(index) => index.find([']', ' ', '\n', ';']).map_or(0, |length| length + 2),
        None => 0,
    };
    let rest = after.get(index..).unwrap_or_default();
    match rest.strip_prefix('+').unwrap_or(rest).starts_with('=') {
        true => index + 1 + usize::from(rest.starts_with('+')),
        false => 0,
    }
}

fn ends_word(after: &str) -> bool {
    after.bytes().next().is_none_or(is_word_end)
}

fn is_word_end(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')')
}

/// The bytes up to the word's end, quotes not considered.
fn word_of(rest: &str) -> &str {
    let end = rest.bytes().position(is_word_end).unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}

/// What may follow `word`, which stands where a command begins.
fn after_word(word: &str) -> Position {
    match word {
        "if" | "then" | "elif" | "else" | "while" | "until" | "do" | "!" | "{" | "time" | "exec"
        | "command" | "builtin" | "sudo" | "env" => Position::Command,
        "export" | "declare" | "typeset" | "readonly" | "local" => Position::Declaration,
        "read" | "unset" => Position::Names,
        "for" | "select" => Position::Loop,
        _ => Position::Argument,
    }
}
