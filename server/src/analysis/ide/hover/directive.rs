//! Hover in the comment lines that mean something: parser directives and names of checks.

use text_size::{TextRange, TextSize};

use super::{Hover, block, link, paragraphs};
use crate::analysis::knowledge::{self, DirectiveDoc};
use crate::analysis::model::Model;
use crate::analysis::syntax::directive::Directive;

pub(super) fn hover(model: &Model, offset: TextSize) -> Option<Hover> {
    let directives = &model.file().directives().list;
    if let Some(directive) = directives.iter().find(|it| it.range.contains_inclusive(offset)) {
        return in_directive(model, directive, offset);
    }
    None
}

fn in_directive(model: &Model, directive: &Directive, offset: TextSize) -> Option<Hover> {
    if let Some((range, word)) = word_at(model, directive.value_range, offset) {
        if let Some(check) = knowledge::check_named(&word) {
            let text = paragraphs([format!("**{}**", check.name), check.summary.to_owned(), link(check.url)]);
            return Some(Hover::new(range, text));
        }
        if let Some(option) = knowledge::check_option(&word) {
            return Some(Hover::new(range, describe(option)));
        }
    }
    Some(Hover::new(directive.range, describe(knowledge::directive(directive.name.as_str())?)))
}

pub(in crate::analysis::ide) fn describe(doc: &DirectiveDoc) -> String {
    let since = doc.since.map(|version| format!("Since Dockerfile syntax {version}. "));
    paragraphs([
        format!("**# {}=**", doc.name),
        doc.summary.to_owned(),
        doc.details.to_owned(),
        format!("Without it: {}", doc.default),
        block("dockerfile", doc.example),
        format!("{}{}", since.unwrap_or_default(), link(doc.url)),
    ])
}

/// The run of letters around `offset` inside `within`.
fn word_at(model: &Model, within: TextRange, offset: TextSize) -> Option<(TextRange, String)> {
    let text = model.file().slice(within);
    let at = usize::from(offset.checked_sub(within.start())?);
    let before = text.get(..at)?;
    let start = before.rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |it| it + 1);
    let end = text.get(at..)?.find(|c: char| !c.is_ascii_alphanumeric()).map_or(text.len(), |it| at + it);
    let word = text.get(start..end).filter(|word| !word.is_empty())?;
    let range = TextRange::new(TextSize::from(start as u32), TextSize::from(end as u32));
    Some((range + within.start(), word.to_owned()))
}
