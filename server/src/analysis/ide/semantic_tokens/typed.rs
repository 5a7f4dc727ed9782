//! Tokens that come from the typed instruction: what the queries cannot see, and all of a masked instruction.

use text_size::{TextRange, TextSize};

use super::context::Context;
use super::painter::Painter;
use super::token::{Modifiers, TokenKind};
use crate::analysis::ide::scripts::{self, Reader};
use crate::analysis::knowledge::{self, Keyword};
use crate::analysis::syntax::SourceText;
use crate::analysis::syntax::ast::{Arguments, Flag, FlagOption, Heredoc, Instruction};
use crate::analysis::syntax::expansion::{self, Part, Variable};

/// The keyword and the words of an instruction that has no node in the tree.
pub fn masked(painter: &mut Painter<'_>, it: &Instruction) {
    if it.keyword.is_none() {
        return;
    }
    painter.paint(it.name.range(), TokenKind::Keyword);
    for word in it.words() {
        painter.paint(word.range(), TokenKind::String);
    }
    if let Arguments::Onbuild(Some(inner)) = &it.arguments {
        masked(painter, inner);
    }
}

/// What holds for any instruction; painted over what the queries gave.
pub fn paint(painter: &mut Painter<'_>, it: &Instruction, context: Context) {
    if it.keyword == Some(Keyword::Maintainer) {
        painter.paint_with(it.name.range(), TokenKind::Keyword, Modifiers::DEPRECATED);
    }
    for flag in &it.flags {
        paint_flag(painter, flag, context);
    }
    arguments(painter, it, context);
    for word in it.words() {
        variables(painter, &word.parts());
    }
}

fn arguments(painter: &mut Painter<'_>, it: &Instruction, context: Context) {
    let declares = |painter: &mut Painter<'_>, range| {
        painter.paint_with(range, TokenKind::Variable, Modifiers::DECLARATION);
    };
    match &it.arguments {
        Arguments::From(from) => {
            if let Some(image) = from.image.as_ref().filter(|_| context.names_stage) {
                painter.paint(image.range(), TokenKind::Type);
            }
            if let Some(name) = from.name.as_ref().filter(|_| !painter_is_blank(painter, &from.name)) {
                painter.paint_with(name.range(), TokenKind::Type, Modifiers::DECLARATION);
            }
        }
        Arguments::Arg(declarations) => {
            for declaration in declarations {
                declares(painter, declaration.name.range());
                if let Some(value) = &declaration.value {
                    painter.paint(value.range(), TokenKind::String);
                }
            }
        }
        Arguments::Pairs(pairs) if it.keyword == Some(Keyword::Env) => {
            for pair in &pairs.pairs {
                declares(painter, pair.key.range());
            }
        }
        Arguments::Single(Some(word)) => match it.keyword {
            Some(Keyword::Stopsignal) => painter.paint(word.range(), TokenKind::EnumMember),
            Some(Keyword::Maintainer) => painter.paint(word.range(), TokenKind::String),
            _ => {}
        },
        Arguments::Onbuild(Some(inner)) => paint(painter, inner, context),
        _ => {}
    }
}

/// Only what the tree took for a stage's name is one: `FROM a b c` has none.
fn painter_is_blank(painter: &Painter<'_>, name: &Option<SourceText>) -> bool {
    name.as_ref().is_none_or(|name| painter.is_blank(name.range().start()))
}

/// `--name=value`, or the options of `--mount`.
fn paint_flag(painter: &mut Painter<'_>, flag: &Flag, context: Context) {
    painter.paint(flag.range, TokenKind::Parameter);
    let Some(value) = &flag.value else { return };
    painter.paint(TextRange::new(flag.name.range().end(), flag.range.end()), TokenKind::Operator);
    match flag.name.as_str() {
        "mount" => {
            for option in flag.options() {
                mount_option(painter, &option);
            }
        }
        "from" => painter.paint(value.range(), source_kind(value.raw(), context)),
        _ => painter.paint(value.range(), TokenKind::String),
    }
}

/// `--from` takes a stage's name, its number, or an image.
fn source_kind(value: &str, context: Context) -> TokenKind {
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        TokenKind::Number
    } else if context.names_stage && !value.contains([':', '/', '@']) {
        TokenKind::Type
    } else {
        TokenKind::Namespace
    }
}

fn mount_option(painter: &mut Painter<'_>, option: &FlagOption) {
    painter.paint(option.name.range(), TokenKind::Property);
    if let Some(value) = &option.value {
        painter.paint(value.range(), TokenKind::String);
    }
}

/// `$name`, `${name}` and what is in the braces.
fn variables(painter: &mut Painter<'_>, parts: &[Part]) {
    for part in parts {
        if let Part::Variable(it) = part {
            variable(painter, it);
        }
    }
}

fn variable(painter: &mut Painter<'_>, it: &Variable) {
    let is_predefined = knowledge::build_variable(&it.name).is_some();
    let modifiers = if is_predefined { Modifiers::DEFAULT_LIBRARY } else { Modifiers::NONE };
    painter.paint_with(it.range, TokenKind::Variable, modifiers);
    let Some(modifier) = &it.modifier else { return };
    let end = it.range.end().checked_sub(TextSize::from(1)).unwrap_or(it.range.end());
    painter.paint(TextRange::new(it.name_range.end(), end.max(it.name_range.end())), TokenKind::Operator);
    for part in modifier.word.iter().chain(&modifier.replacement) {
        match part {
            Part::Literal { range, .. } => painter.paint(*range, TokenKind::String),
            Part::Variable(inner) => variable(painter, inner),
        }
    }
}

/// Marker, body and end of a heredoc; a body that the shell reads is painted by the shell.
pub fn heredoc(painter: &mut Painter<'_>, it: &Instruction, heredoc: &Heredoc) {
    painter.paint(heredoc.marker, TokenKind::Operator);
    painter.paint(heredoc.delimiter, TokenKind::Label);
    if let Some(terminator) = heredoc.terminator {
        let tabs = painter.text(terminator).len() - painter.text(terminator).trim_start().len();
        let start = terminator.start() + TextSize::from(tabs as u32);
        painter.paint(TextRange::new(start, terminator.end()), TokenKind::Label);
    }
    let source = painter.source();
    painter.erase(heredoc.body);
    if scripts::reader(it, heredoc, source) == Reader::Other {
        painter.paint(heredoc.body, TokenKind::String);
        if heredoc.expands && it.innermost().keyword != Some(Keyword::Run) {
            let text = SourceText::verbatim(painter.text(heredoc.body), heredoc.body.start());
            variables(painter, &expansion::parse_unquoted(&text).0);
        }
    }
}

/// The `#!` line of a script; painted last, the shell takes it for a comment.
pub fn shebang(painter: &mut Painter<'_>, heredoc: &Heredoc) {
    if let Some(line) = scripts::shebang(heredoc, painter.source()) {
        painter.paint(line, TokenKind::Macro);
    }
}
