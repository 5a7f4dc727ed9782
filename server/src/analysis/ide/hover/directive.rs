//! Hover in the comment lines that mean something: parser directives, and names of checks and rules.

use text_size::{TextRange, TextSize};

use super::{Hover, block, link, paragraphs};
use crate::analysis::knowledge::{self, DirectiveDoc};
use crate::analysis::lint::suppress::{Meaning, Suppressions};
use crate::analysis::lint::{Profile, Rule, RuleName};
use crate::analysis::model::Model;
use crate::analysis::syntax::directive::Directive;

pub(super) fn hover(model: &Model, offset: TextSize) -> Option<Hover> {
    let directives = &model.file().directives().list;
    if let Some(directive) = directives.iter().find(|it| it.range.contains_inclusive(offset)) {
        return in_directive(model, directive, offset);
    }
    rule_name(model, offset)
}

/// A name in a comment that switches rules off, in whatever notation: the rule's page.
fn rule_name(model: &Model, offset: TextSize) -> Option<Hover> {
    let suppressions = Suppressions::read(model, Profile::Recommended);
    let mut names = suppressions.list().iter().flat_map(|it| &it.names);
    let name = names.find(|it| it.range.contains_inclusive(offset))?;
    let markdown = match &name.meaning {
        Meaning::Rules(RuleName::Known(rules)) => paragraphs(rules.iter().map(|rule| page(rule))),
        Meaning::Rules(RuleName::Foreign) => {
            let code = model.file().slice(name.range).rsplit('/').next()?.to_ascii_uppercase();
            let is_shellcheck = code.starts_with("SC");
            is_shellcheck.then(|| {
                format!("**{code}**, a check of ShellCheck: <https://www.shellcheck.net/wiki/{code}>")
            })?
        }
        _ => return None,
    };
    Some(Hover::new(name.range, markdown))
}

fn page(rule: &Rule) -> String {
    let aliases: Vec<String> = rule.aliases.iter().map(|it| format!("`{it}`")).collect();
    let names = if aliases.is_empty() { String::new() } else { format!(" ({})", aliases.join(", ")) };
    paragraphs([format!("**{}**{names}", rule.name), rule.markdown(), link(rule.url)])
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
