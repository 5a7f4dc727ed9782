//! Variables inside shell text that are the file's own `ARG` and `ENV`.
//!
//! The shell of a `RUN` sees them as environment; a name that the same text sets is the shell's own and is left
//! alone. This reads text that may be half typed, so it lexes instead of parsing.

use smol_str::SmolStr;
use text_size::{TextRange, TextSize};

use crate::analysis::knowledge::Keyword;
use crate::analysis::model::{Model, VariableKind};
use crate::analysis::syntax::ast::{Arguments, Command, Heredoc};
use crate::analysis::syntax::{InstructionRef, SourceText};

/// Names and their local ranges in the shell texts of `instruction`.
pub fn uses(model: &Model, instruction: InstructionRef<'_>) -> Vec<(SmolStr, TextRange)> {
    // A deferred instruction runs in another build, with that build's variables.
    if instruction.keyword == Some(Keyword::Onbuild) {
        return Vec::new();
    }
    let texts = shell_texts(model, instruction);
    let mut found: Vec<Variable> = texts.iter().flat_map(variables).collect();
    let assigned: Vec<SmolStr> = found.iter().filter(|it| it.is_set).map(|it| it.name.clone()).collect();
    found.retain(|it| !it.is_set && !assigned.contains(&it.name) && is_visible(model, instruction, &it.name));
    found.into_iter().map(|it| (it.name, it.range)).collect()
}

/// At run time only `ENV` is left of what the build knew; names the file does not set belong to the shell.
fn is_visible(model: &Model, instruction: InstructionRef<'_>, name: &str) -> bool {
    let is_build_time = instruction.keyword == Some(Keyword::Run);
    let variable = model.resolve(name, instruction.id);
    variable.is_some_and(|variable| is_build_time || variable.kind == VariableKind::Env)
}

fn shell_texts(model: &Model, instruction: InstructionRef<'_>) -> Vec<SourceText> {
    let command = match &instruction.node.arguments {
        Arguments::Command(command) => command.as_ref(),
        Arguments::Healthcheck(Some(check)) => check.command.as_ref(),
        _ => None,
    };
    let mut texts = Vec::new();
    if let Some(Command::Shell(text)) = command {
        texts.push(text.clone());
    }
    if instruction.keyword == Some(Keyword::Run) {
        texts.extend(instruction.node.heredocs.iter().filter_map(|it| script(model, instruction, it)));
    }
    texts
}

/// The body of a heredoc, unless its first line hands it to something else than a shell.
fn script(model: &Model, instruction: InstructionRef<'_>, heredoc: &Heredoc) -> Option<SourceText> {
    let text = model.file().slice(instruction.absolute(heredoc.body));
    let first = text.lines().next().unwrap_or_default();
    let is_shell = !first.starts_with("#!") || first.trim_end().ends_with("sh");
    is_shell.then(|| SourceText::verbatim(text, heredoc.body.start()))
}

struct Variable {
    name: SmolStr,
    range: TextRange,
    is_set: bool,
}

fn variables(text: &SourceText) -> Vec<Variable> {
    let mut lexer = Lexer { text, source: text.as_str(), at: 0, is_quoted: false, found: Vec::new() };
    while lexer.step() {}
    lexer.found
}

struct Lexer<'a> {
    text: &'a SourceText,
    source: &'a str,
    at: usize,
    is_quoted: bool,
    found: Vec<Variable>,
}

impl Lexer<'_> {
    fn step(&mut self) -> bool {
        let rest = self.source.get(self.at..).unwrap_or_default();
        let Some(c) = rest.chars().next() else { return false };
        let skipped = match c {
            '\\' => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
            '"' => {
                self.is_quoted = !self.is_quoted;
                1
            }
            '\'' if !self.is_quoted => rest.get(1..).and_then(|it| it.find('\'')).map_or(1, |end| end + 2),
            '$' => self.dollar(rest),
            c if is_name(c) && !self.is_quoted && self.is_word_start() => self.word(rest),
            c => c.len_utf8(),
        };
        self.at += skipped;
        true
    }

    fn is_word_start(&self) -> bool {
        let before = self.source.get(..self.at).and_then(|it| it.chars().next_back());
        before.is_none_or(|c| c.is_whitespace() || ";&|({`".contains(c))
    }

    /// `$name` or `${name`; what stands behind the name in braces is lexed like everything else.
    fn dollar(&mut self, rest: &str) -> usize {
        let braced = usize::from(rest.get(1..).is_some_and(|it| it.starts_with('{')));
        // `${#name}` is its length, `${!name}` an indirection: both use it.
        let sign = usize::from(braced == 1 && rest.get(2..).is_some_and(|it| it.starts_with(['#', '!'])));
        let start = 1 + braced + sign;
        let len = name_len(rest.get(start..).unwrap_or_default());
        if len > 0 {
            self.add(start, len, false);
        }
        start + len
    }

    /// A word: `name=`, or the names after `for`, `read`, `export` and the like.
    fn word(&mut self, rest: &str) -> usize {
        let len = name_len(rest);
        let after = rest.get(len..).unwrap_or_default();
        if len > 0 && (after.starts_with('=') || after.starts_with("+=")) {
            self.add(0, len, true);
        }
        if matches!(rest.get(..len), Some("for" | "read" | "local" | "select")) {
            let blanks = after.len() - after.trim_start().len();
            let name = name_len(after.trim_start());
            if blanks > 0 && name > 0 {
                self.add(len + blanks, name, true);
            }
        }
        len.max(rest.chars().next().map_or(1, char::len_utf8))
    }

    fn add(&mut self, start: usize, len: usize, is_set: bool) {
        let (start, end) = (self.at + start, self.at + start + len);
        let name = self.source.get(start..end).unwrap_or_default();
        let range = self.text.source_range(start, end);
        // A name over a line break cannot be replaced as one word.
        if range.len() == TextSize::of(name) {
            self.found.push(Variable { name: name.into(), range, is_set });
        }
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn name_len(text: &str) -> usize {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    text.find(|c| !is_name(c)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, bool)> {
        variables(&SourceText::verbatim(text, 0.into()))
            .into_iter()
            .map(|it| (it.name.to_string(), it.is_set))
            .collect()
    }

    #[test]
    fn uses_and_assignments_are_told_apart() {
        assert_eq!(
            found("A=1 b \"$C ${D:-$E}\" '$F' \\$G $(H=$I); for j in $K; do read l; done"),
            [
                ("A", true),
                ("C", false),
                ("D", false),
                ("E", false),
                ("H", true),
                ("I", false),
                ("j", true),
                ("K", false),
                ("l", true)
            ]
            .map(|(name, is_set)| (name.to_owned(), is_set))
        );
    }

    #[test]
    fn odd_text_ends() {
        assert_eq!(found("'never closed $x"), [("x".to_owned(), false)]);
        assert_eq!(found("$ ${ $1 $$ \\"), []);
    }
}
