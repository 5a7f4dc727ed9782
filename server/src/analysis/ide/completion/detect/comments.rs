//! In comments that mean something: parser directives at the top, and what switches rules off.

use smol_str::SmolStr;
use text_size::{TextRange, TextSize};

use super::{Place, place};
use crate::analysis::ide::completion::cursor::Typed;
use crate::analysis::ide::completion::site::{ImagePlace, Kind, RuleNotation};
use crate::analysis::model::Model;
use crate::analysis::syntax::directive::{Directive, DirectiveName};

/// The comment up to the cursor and behind it.
struct Comment<'a> {
    text: &'a str,
    /// Bytes of `text` before the cursor.
    at: usize,
    offset: TextSize,
}

impl Comment<'_> {
    fn before(&self) -> &str {
        self.text.get(..self.at).unwrap_or_default()
    }

    /// What is typed from byte `start` on.
    fn typed(&self, start: usize, ends: impl Fn(char) -> bool) -> Option<Typed> {
        let text = self.text.get(start..self.at)?.to_owned();
        let rest = self.text.get(self.at..)?;
        let len = rest.find(ends).unwrap_or(rest.len());
        let insert = TextRange::new(self.offset - TextSize::of(text.as_str()), self.offset);
        let replace = TextRange::new(insert.start(), self.offset + TextSize::from(len as u32));
        Some(Typed { replace, insert, text, next: rest.get(len..)?.chars().next() })
    }

    fn word(&self, start: usize) -> Option<Typed> {
        self.typed(start, |c| !is_name(c))
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

pub fn places(model: &Model, range: TextRange, offset: TextSize) -> Vec<Place> {
    let at = usize::from(offset - range.start());
    let comment = Comment { text: model.file().slice(range), at, offset };
    let body = comment.before().trim_start_matches('#').trim_start();
    let start = comment.at - body.len();
    let mut places = Vec::new();
    if can_be_directive(model, range) {
        places = directive(model, range, &comment, start);
    }
    if places.is_empty() || !comment.before().contains('=') {
        places.extend(pragma(&comment, start));
    }
    places
}

/// Whether all lines before are directives.
fn can_be_directive(model: &Model, range: TextRange) -> bool {
    let directives = &model.file().directives().list;
    let above = directives.iter().filter(|it| it.range.start() < range.start()).count();
    let line = model.file().text().get(..usize::from(range.start())).unwrap_or_default();
    line.matches('\n').count() == above
}

/// `# name=value`.
fn directive(model: &Model, range: TextRange, comment: &Comment<'_>, start: usize) -> Vec<Place> {
    let body = comment.before().get(start..).unwrap_or_default();
    let Some((name, _)) = body.split_once('=') else {
        let is_word = body.chars().all(|c| c.is_ascii_alphabetic());
        return if is_word { place(Kind::Directive, comment.word(start)) } else { Vec::new() };
    };
    let same = |it: &&Directive| it.range.start() < range.start() && it.name.as_str() == name.trim();
    let is_repeated = model.file().directives().list.iter().any(|it| same(&it));
    let value = start + name.len() + 1;
    let value = value + blanks(comment.before(), value);
    match name.trim().to_ascii_lowercase().as_str() {
        _ if is_repeated => Vec::new(),
        "syntax" => syntax(comment, value),
        "escape" => escape(comment, value),
        "check" => check(comment, value),
        _ => Vec::new(),
    }
}

fn blanks(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.len() - rest.trim_start().len()
}

fn syntax(comment: &Comment<'_>, start: usize) -> Vec<Place> {
    let typed = comment.typed(start, char::is_whitespace);
    let value = comment.before().get(start..).unwrap_or_default();
    let colon = value.rfind(':').filter(|colon| !value.get(*colon..).unwrap_or_default().contains('/'));
    match colon {
        None => place(Kind::DirectiveValue { name: DirectiveName::Syntax }, typed),
        Some(_) if value.contains('@') => Vec::new(),
        Some(colon) => {
            let name = value.get(..colon).unwrap_or_default().to_owned();
            let prefix = value.get(colon + 1..).unwrap_or_default().to_owned();
            let typed = comment.typed(start + colon + 1, |c| c.is_whitespace() || c == '@');
            place(Kind::Tag { name, prefix, place: ImagePlace::Syntax }, typed)
        }
    }
}

fn escape(comment: &Comment<'_>, start: usize) -> Vec<Place> {
    let typed = comment.typed(start, char::is_whitespace);
    place(Kind::DirectiveValue { name: DirectiveName::Escape }, typed)
}

/// `skip=A,B;error=true`.
fn check(comment: &Comment<'_>, start: usize) -> Vec<Place> {
    let value = comment.before().get(start..).unwrap_or_default();
    let option_start = value.rfind(';').map_or(0, |at| at + 1);
    let option = value.get(option_start..).unwrap_or_default();
    let Some((name, _)) = option.split_once('=') else {
        let all = comment.text.get(start..).unwrap_or_default().split(';');
        let used = all.filter_map(|it| it.split_once('=')).map(|(name, _)| SmolStr::new(name.trim()));
        let at = start + option_start;
        return place(
            Kind::CheckOption { used: used.collect() },
            comment.word(at + blanks(comment.before(), at)),
        );
    };
    let list = start + option_start + name.len() + 1;
    let (used, at) = list_before(comment, list, ';');
    place(Kind::CheckOptionValue { option: SmolStr::new(name.trim()), used }, comment.word(at))
}

/// The other names of a comma-separated list that begins at `start`, and where the cursor's own begins.
fn list_before(comment: &Comment<'_>, start: usize, ends: char) -> (Vec<SmolStr>, usize) {
    let before = comment.before().get(start..).unwrap_or_default();
    let own = before.rfind(',').map_or(0, |at| at + 1);
    let own_at = start + own;
    let own_at = own_at + blanks(comment.before(), own_at);
    let all = comment.text.get(start..).unwrap_or_default();
    let all = all.split(ends).next().unwrap_or_default();
    let mut at = 0;
    let mut used = Vec::new();
    for piece in all.split(',') {
        if at != own {
            used.extend(piece.split_whitespace().next().map(SmolStr::new));
        }
        at += piece.len() + 1;
    }
    (used, own_at)
}

/// `hadolint ignore=…`, `dockwright: ignore[…]`, or the beginning of such.
fn pragma(comment: &Comment<'_>, start: usize) -> Vec<Place> {
    let body = comment.before().get(start..).unwrap_or_default();
    if let Some(list) = list_start(body, "hadolint", "ignore=") {
        // `# hadolint ignore=DL3008 # why`
        let is_over = body.get(list..).unwrap_or_default().trim_start().contains(char::is_whitespace);
        let is_name = !is_over || body.trim_end().ends_with(',');
        return if is_name {
            rule_names(comment, start + list, '#', RuleNotation::Hadolint)
        } else {
            Vec::new()
        };
    }
    if let Some(list) = list_start(body, "dockwright:", "ignore[") {
        let is_closed = body.get(list..).unwrap_or_default().contains(']');
        return if is_closed {
            Vec::new()
        } else {
            rule_names(comment, start + list, ']', RuleNotation::Own)
        };
    }
    let is_beginning = PRAGMAS.iter().any(|pragma| pragma.starts_with(&body.to_ascii_lowercase()));
    let typed = comment.typed(start, |c| !is_name(c) && c != ':');
    if is_beginning { place(Kind::Pragma, typed) } else { Vec::new() }
}

/// How the comments begin that speak to a tool.
pub const PRAGMAS: &[&str] = &[
    "hadolint ignore=",
    "hadolint global ignore=",
    "hadolint shell=",
    "dockwright: ignore[",
    "dockwright: format off",
    "dockwright: format on",
];

/// Where the list begins in `tool … key`.
fn list_start(body: &str, tool: &str, key: &str) -> Option<usize> {
    let lower = body.to_ascii_lowercase();
    let rest = lower.strip_prefix(tool)?;
    let at = rest.find(key)?;
    let between = rest.get(..at)?.trim();
    matches!(between, "" | "global" | "stage").then_some(tool.len() + at + key.len())
}

fn rule_names(comment: &Comment<'_>, list: usize, ends: char, notation: RuleNotation) -> Vec<Place> {
    let (used, at) = list_before(comment, list, ends);
    place(Kind::RuleName { notation, used }, comment.word(at))
}
