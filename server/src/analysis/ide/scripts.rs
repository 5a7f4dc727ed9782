//! The shell texts of an instruction: the shell form and the heredocs that a shell runs.
//!
//! Nothing here knows which shell that is; callers ask only where it is one of the POSIX family.

use text_size::{TextRange, TextSize};

use crate::analysis::knowledge::Keyword;
use crate::analysis::syntax::ast::{Arguments, Command, Heredoc, Instruction};
use crate::analysis::syntax::{SourceText, bash};

/// A text for a shell.
#[derive(Debug, Clone)]
pub struct Script {
    /// What to parse: as long as `source`, with blanks for heredoc markers, whose bodies stand elsewhere.
    pub text: String,
    /// The way back to local ranges.
    pub source: SourceText,
}

impl Script {
    pub fn parse(&self) -> bash::BashTree {
        bash::parse(&self.text)
    }

    /// The local range of a node.
    pub fn range(&self, node: bash::BashNode<'_>) -> TextRange {
        let range = node.range();
        self.source.source_range(range.start, range.end)
    }
}

/// Who reads the body of a heredoc.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The shell of the image, or one that is named.
    Shell,
    /// It is text for another program, or the contents of a file.
    Other,
}

/// The shell texts of `instruction` in order. `source` is the document from the start of its first line.
pub fn scripts(instruction: &Instruction, source: &str) -> Vec<Script> {
    let inner = instruction.innermost();
    let mut scripts: Vec<Script> =
        shell_form(inner).map(|text| script(text, instruction)).into_iter().collect();
    for heredoc in &instruction.heredocs {
        if reader(instruction, heredoc, source) == Reader::Shell {
            let body = SourceText::verbatim(slice(source, heredoc.body), heredoc.body.start());
            scripts.push(Script { text: body.as_str().to_owned(), source: body });
        }
    }
    scripts
}

/// Who reads that heredoc of `instruction`.
pub fn reader(instruction: &Instruction, heredoc: &Heredoc, source: &str) -> Reader {
    let inner = instruction.innermost();
    if inner.keyword != Some(Keyword::Run) {
        return Reader::Other;
    }
    if let Some(line) = shebang(heredoc, source) {
        return if slice(source, line).trim_end().ends_with("sh") { Reader::Shell } else { Reader::Other };
    }
    let command = shell_form(inner).map(|text| script(text, instruction).text).unwrap_or_default();
    let program = command.split_whitespace().next().map(|word| word.rsplit('/').next().unwrap_or(word));
    let is_shell = program.is_none_or(|program| matches!(program, "sh" | "bash" | "ash" | "dash"));
    if is_shell { Reader::Shell } else { Reader::Other }
}

/// The local range of a `#!` line at the start of the body.
pub fn shebang(heredoc: &Heredoc, source: &str) -> Option<TextRange> {
    let line = slice(source, heredoc.body).lines().next().filter(|line| line.starts_with("#!"))?;
    Some(TextRange::at(heredoc.body.start(), TextSize::of(line)))
}

fn shell_form(instruction: &Instruction) -> Option<&SourceText> {
    let command = match &instruction.arguments {
        Arguments::Command(command) => command.as_ref(),
        Arguments::Healthcheck(Some(check)) => check.command.as_ref(),
        _ => None,
    };
    match command {
        Some(Command::Shell(text)) if instruction.keyword != Some(Keyword::Shell) => Some(text),
        _ => None,
    }
}

fn script(source: &SourceText, instruction: &Instruction) -> Script {
    let mut text = source.as_str().to_owned();
    for heredoc in &instruction.heredocs {
        let (start, end) =
            (source.value_index(heredoc.marker.start()), source.value_index(heredoc.marker.end()));
        if start < end && text.is_char_boundary(start) && text.is_char_boundary(end) {
            text.replace_range(start..end, &" ".repeat(end - start));
        }
    }
    Script { text, source: source.clone() }
}

fn slice(source: &str, range: TextRange) -> &str {
    source.get(usize::from(range.start())..usize::from(range.end())).unwrap_or_default()
}
