//! Shell texts as scripts for ShellCheck.
//!
//! A script is what the shell gets from BuildKit (continuation lines joined, comments between them gone), behind a few
//! lines that tell ShellCheck what it cannot see: which shell reads it, what `# shellcheck` comments say, and which
//! variables the Dockerfile sets. Whoever changes what a script is made of changes what is cached under its text.

use std::sync::Arc;

use smol_str::SmolStr;
use text_size::{TextRange, TextSize};

use crate::analysis::knowledge::{Keyword, build_variable};
use crate::analysis::model::Model;
use crate::analysis::model::shell::{Shell, ShellForm, ShellKind, ShellText, Shells};
use crate::analysis::syntax::ast::Heredoc;
use crate::analysis::syntax::{InstructionId, InstructionRef, SourceText};

/// Which instructions to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scripts {
    /// All that a shell reads.
    All,
    /// `RUN` only, as hadolint does.
    Run,
}

/// A script made from one shell text.
#[derive(Debug, Clone)]
pub struct Script {
    pub instruction: InstructionId,
    text: Arc<str>,
    /// The start of each line in `text`.
    lines: Vec<usize>,
    /// What of `text` stands in the Dockerfile, in order: (first byte in `text`, the source; local).
    pieces: Vec<(usize, SourceText)>,
    /// The instruction, from the start of its first line: what local ranges index.
    source: Arc<str>,
}

/// The scripts of a file, in order. Costs about a microsecond for each kilobyte of shell text.
pub fn scripts(model: &Model, which: Scripts) -> Vec<Script> {
    let shells = Shells::new(model);
    let mut scripts = Vec::new();
    for instruction in model.file().instructions().filter(|it| is_wanted(it, which)) {
        let shell = shells.at(instruction.id);
        for text in shells.texts(model.file(), instruction) {
            scripts.extend(Maker { model, instruction, shell, text: &text }.script());
        }
    }
    scripts
}

fn is_wanted(instruction: &InstructionRef<'_>, which: Scripts) -> bool {
    match instruction.node.innermost().keyword {
        Some(Keyword::Run) => true,
        Some(Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck) => which == Scripts::All,
        _ => false,
    }
}

struct Maker<'a> {
    model: &'a Model,
    instruction: InstructionRef<'a>,
    shell: &'a Shell,
    text: &'a ShellText,
}

impl Maker<'_> {
    /// `None` for what no shell reads that ShellCheck knows.
    fn script(&self) -> Option<Script> {
        let program = program(&self.text.kind)?;
        let file = self.model.file();
        let end = self.instruction.absolute(self.instruction.range).end();
        let source = file.slice(TextRange::new(self.instruction.start, end));
        let pieces = self.pieces(source)?;
        let mut builder = Builder::default();
        let mut pieces = pieces.into_iter().peekable();
        match pieces.next_if(|first| first.as_str().starts_with("#!")) {
            Some(first) => builder.piece(first),
            None => builder.line(&format!("#!{program}{}", self.flags())),
        }
        self.directives().iter().for_each(|line| builder.line(line));
        let rest: Vec<SourceText> = pieces.collect();
        builder.line(&self.exports(&rest));
        rest.into_iter().for_each(|piece| builder.piece(piece));
        Some(builder.finish(self.instruction.id, source.into()))
    }

    /// What the shell reads, with its place in the instruction.
    fn pieces(&self, source: &str) -> Option<Vec<SourceText>> {
        let text = &self.text.text;
        match self.text.form {
            ShellForm::Exec | ShellForm::Document { .. } => None,
            // Apart from its first line, which must come before all that is added.
            ShellForm::Script { .. } => {
                let first = text.as_str().find('\n').map_or(text.as_str().len(), |at| at + 1);
                let (first, rest) = text.split_at(first, 0);
                Some(vec![first, rest])
            }
            ShellForm::Line if self.heredocs().is_empty() => Some(vec![text.clone()]),
            ShellForm::Line => Some(vec![text.clone(), self.bodies(source)?]),
        }
    }

    fn heredocs(&self) -> &[Heredoc] {
        &self.instruction.node.heredocs
    }

    /// The bodies of a line's heredocs with the lines that end them.
    fn bodies(&self, source: &str) -> Option<SourceText> {
        let start = self.heredocs().first()?.body.start();
        let end = self.heredocs().last()?.terminator?.end();
        let is_complete = self.heredocs().iter().all(|it| it.terminator.is_some());
        let text = source.get(usize::from(start)..usize::from(end)).filter(|_| is_complete)?;
        Some(SourceText::verbatim(text, start))
    }

    /// `SHELL ["/bin/bash", "-eo", "pipefail", "-c"]` stops at the first failure: nothing else of the flags matters to
    /// ShellCheck, and more than one it does not understand.
    fn flags(&self) -> &'static str {
        let is_of_shell = self.text.kind == self.shell.kind;
        let stops = |word: &SmolStr| word.starts_with('-') && !word.starts_with("--") && word.contains('e');
        if is_of_shell && self.shell.words.iter().any(stops) { " -e" } else { "" }
    }

    /// `# shellcheck disable=SC2086`, above the instruction or between its lines.
    fn directives(&self) -> Vec<String> {
        let file = self.model.file();
        let before = file.comments().partition_point(|it| it.end() <= self.instruction.start);
        let previous =
            self.instruction.id.0.checked_sub(1).and_then(|id| file.instruction(InstructionId(id)));
        let end = previous.map_or(TextSize::from(0), |it| it.absolute_range().end());
        let above = file.comments().iter().take(before).rev().take_while(|it| it.start() >= end);
        let mut all: Vec<&str> = above.filter_map(|it| directive(file.slice(*it))).collect();
        all.reverse();
        let inside = self.instruction.node.comments.iter().map(|it| self.instruction.absolute(*it));
        all.extend(inside.filter_map(|it| directive(file.slice(it))));
        all.iter().map(|it| format!("# {it}")).collect()
    }

    /// One line that sets the variables which the text uses and the Dockerfile or the build has set. hadolint gives
    /// them the value 1 too: that they need quotes is less certain than for a variable of the script.
    fn exports(&self, pieces: &[SourceText]) -> String {
        let mut names: Vec<&str> = pieces.iter().flat_map(|it| used_names(it.as_str())).collect();
        names.sort_unstable();
        names.dedup();
        names.retain(|name| self.is_known(name));
        let settings: Vec<String> = names.iter().map(|name| format!("{name}=1")).collect();
        if settings.is_empty() { String::new() } else { format!("export {}", settings.join(" ")) }
    }

    fn is_known(&self, name: &str) -> bool {
        build_variable(name).is_some() || self.model.resolve(name, self.instruction.id).is_some()
    }
}

/// What stands behind `#!` for a shell that ShellCheck knows.
fn program(kind: &ShellKind) -> Option<&'static str> {
    match kind {
        ShellKind::Sh => Some("/bin/sh"),
        ShellKind::Bash => Some("/bin/bash"),
        ShellKind::Ash => Some("/bin/ash"),
        ShellKind::Ksh => Some("/bin/ksh"),
        ShellKind::Zsh | ShellKind::PowerShell | ShellKind::Cmd | ShellKind::Other(_) => None,
    }
}

/// A comment's text if ShellCheck is meant.
fn directive(comment: &str) -> Option<&str> {
    let text = comment.trim_start_matches('#').trim();
    text.strip_prefix("shellcheck")?.starts_with([' ', '\t']).then_some(text)
}

/// The names behind `$` and `${`, however often, wherever they stand: too many do no harm.
fn used_names(text: &str) -> impl Iterator<Item = &str> {
    text.split('$').skip(1).filter_map(|rest| {
        let rest = rest.strip_prefix('{').unwrap_or(rest).trim_start_matches(['#', '!']);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let is_name = rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        rest.get(..end).filter(|_| is_name)
    })
}

/// Puts a script together.
#[derive(Default)]
struct Builder {
    text: String,
    pieces: Vec<(usize, SourceText)>,
}

impl Builder {
    /// A line that only the script has.
    fn line(&mut self, line: &str) {
        if !line.is_empty() {
            self.end_line();
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    fn piece(&mut self, piece: SourceText) {
        self.end_line();
        self.text.push_str(piece.as_str());
        self.pieces.push((self.text.len() - piece.as_str().len(), piece));
    }

    fn end_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn finish(mut self, instruction: InstructionId, source: Arc<str>) -> Script {
        self.end_line();
        let starts = self.text.match_indices('\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(starts).collect();
        Script { instruction, text: self.text.into(), lines, pieces: self.pieces, source }
    }
}

impl Script {
    /// What ShellCheck reads. It depends on nothing else, so what it says can be kept under this text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The byte of the script at a line and a column, both from 1; a column behind the line is its end.
    pub(super) fn offset(&self, line: u32, column: u32) -> Option<usize> {
        let start = *self.lines.get(usize::try_from(line.checked_sub(1)?).ok()?)?;
        let text = self.text.get(start..)?.split('\n').next()?;
        let column = usize::try_from(column.checked_sub(1)?).ok()?;
        Some(start + text.char_indices().nth(column).map_or(text.len(), |(at, _)| at))
    }

    /// The source of bytes `start..end` of the script, at least one character; `None` if it has none.
    pub(super) fn source_range(&self, start: usize, end: usize) -> Option<TextRange> {
        let (base, piece) = self.piece_at(start)?;
        let text = piece.as_str();
        let from = (start - base).min(text.len());
        let to = end.saturating_sub(*base).clamp(from, text.len());
        if to > from {
            return Some(piece.source_range(from, to));
        }
        let next = text.get(from..)?.chars().next().filter(|it| *it != '\n');
        let last = text.get(..from)?.chars().next_back().filter(|it| *it != '\n');
        Some(match (next, last) {
            (Some(next), _) => piece.source_range(from, from + next.len_utf8()),
            (None, Some(last)) => piece.source_range(from - last.len_utf8(), from),
            (None, None) => piece.source_range(from, from),
        })
    }

    /// The source of bytes `start..end`, if it is there character for character. An empty range stays with the character
    /// behind it (`is_before`) or in front of it: a continuation may lie between them.
    pub(super) fn verbatim_range(&self, start: usize, end: usize, is_before: bool) -> Option<TextRange> {
        let (base, piece) = self.piece_at(start)?;
        let (from, to) = (start - base, end.checked_sub(*base)?);
        let text = piece.as_str().get(from..to)?;
        if from == to {
            return Some(TextRange::empty(insertion(piece, from, is_before)));
        }
        Some(piece.source_range(from, to)).filter(|range| self.source(*range) == Some(text))
    }

    /// The Dockerfile's text at a local range.
    pub(super) fn source(&self, range: TextRange) -> Option<&str> {
        self.source.get(usize::from(range.start())..usize::from(range.end()))
    }

    fn piece_at(&self, offset: usize) -> Option<&(usize, SourceText)> {
        let at = self.pieces.partition_point(|(start, _)| *start <= offset).checked_sub(1)?;
        self.pieces.get(at).filter(|(start, piece)| offset <= start + piece.as_str().len())
    }
}

fn insertion(piece: &SourceText, at: usize, is_before: bool) -> TextSize {
    match at.checked_sub(1) {
        Some(last) if !is_before => piece.source_range(last, at).end(),
        _ => piece.source_offset(at),
    }
}
