//! Parser directives, names of checks, and comments that switch rules off.

use smol_str::SmolStr;

use super::Context;
use crate::analysis::ide::completion::cursor::Typed;
use crate::analysis::ide::completion::item::{Draft, ItemKind, List};
use crate::analysis::ide::completion::site::RuleNotation;
use crate::analysis::knowledge::{self, CheckDefault};
use crate::analysis::lint::RULES;
use crate::analysis::syntax::directive::DirectiveName;

pub fn directives(cx: &Context<'_>, typed: &Typed, list: &mut List) {
    let above = &cx.model.file().directives().list;
    let is_used = |name: &str| {
        above.iter().any(|it| it.name.as_str() == name && !it.range.contains_inclusive(cx.site.offset))
    };
    for doc in knowledge::DIRECTIVES.iter().filter(|it| !is_used(it.name)) {
        let text = if typed.next == Some('=') { doc.name.to_owned() } else { format!("{}=", doc.name) };
        let draft = Draft::new(ItemKind::Directive, format!("{}=", doc.name)).detail(doc.summary);
        let draft = draft.key(format!("directive:{}", doc.name)).filter(doc.name).inserts(text);
        list.add(typed, draft.retriggers());
    }
}

pub fn directive_values(typed: &Typed, name: DirectiveName, list: &mut List) {
    let key = format!("directive:{}", name.as_str());
    let values: Vec<(&str, &str)> = match name {
        DirectiveName::Syntax => vec![
            ("docker/dockerfile:1", "the newest stable version"),
            ("docker/dockerfile:1-labs", "with features that are not settled"),
        ],
        _ => {
            let choices = knowledge::directive(name.as_str()).map_or(&[][..], |doc| doc.value.choices());
            choices.iter().map(|it| (it.value, it.doc)).collect()
        }
    };
    for (value, detail) in values {
        list.add(typed, Draft::new(ItemKind::Value, value).detail(detail).key(key.clone()));
    }
}

pub fn check_options(typed: &Typed, used: &[SmolStr], list: &mut List) {
    for doc in knowledge::CHECK_OPTIONS.iter().filter(|it| !used.iter().any(|used| used == it.name)) {
        let text = if typed.next == Some('=') { doc.name.to_owned() } else { format!("{}=", doc.name) };
        let draft = Draft::new(ItemKind::Option, format!("{}=", doc.name)).detail(doc.summary);
        let draft = draft.key(format!("check-option:{}", doc.name)).filter(doc.name).inserts(text);
        list.add(typed, draft.retriggers());
    }
}

pub fn check_values(typed: &Typed, option: &str, used: &[SmolStr], list: &mut List) {
    if option == "error" {
        for value in ["true", "false"] {
            list.add(typed, Draft::new(ItemKind::Value, value).key("check-option:error"));
        }
        return;
    }
    if knowledge::check_option(option).is_none() {
        return;
    }
    let wanted = if option == "experimental" { CheckDefault::Experimental } else { CheckDefault::On };
    for check in knowledge::CHECKS.iter().filter(|it| it.default == wanted || option == "skip") {
        if !used.iter().any(|used| used == check.name) {
            let draft = Draft::new(ItemKind::Rule, check.name).detail(check.summary);
            list.add(typed, draft.key(format!("check:{}", check.name)));
        }
    }
    if used.is_empty() {
        list.add(
            typed,
            Draft::new(ItemKind::Value, "all").detail("all of them").key(format!("check-option:{option}")),
        );
    }
}

pub fn pragmas(typed: &Typed, list: &mut List) {
    let pragmas = [
        ("hadolint ignore=", "switches rules off for the next instruction"),
        ("hadolint global ignore=", "switches rules off for the file"),
        ("hadolint shell=", "says which shell the base image has"),
        ("dockwright: ignore[", "switches rules off for the next instruction"),
        ("dockwright: format off", "the formatter leaves what follows alone"),
        ("dockwright: format on", "the formatter goes on"),
    ];
    for (text, detail) in pragmas {
        let name = text.trim_end_matches(['=', '[']);
        let draft = Draft::new(ItemKind::Directive, text).detail(detail).filter(name);
        list.add(typed, if name.len() < text.len() { draft.retriggers() } else { draft });
    }
}

pub fn rule_names(typed: &Typed, notation: RuleNotation, used: &[SmolStr], list: &mut List) {
    let is_used = |name: &str| used.iter().any(|used| used.eq_ignore_ascii_case(name));
    for rule in RULES {
        for name in names(rule, notation).filter(|name| !is_used(name)) {
            if !list.has(name) {
                let draft = Draft::new(ItemKind::Rule, name).detail(rule.summary());
                list.add(typed, draft.key(format!("rule:{}", rule.name)));
            }
        }
    }
}

/// Ours first, or hadolint's where hadolint reads; the others are taken as well.
fn names(
    rule: &'static crate::analysis::lint::Rule,
    notation: RuleNotation,
) -> impl Iterator<Item = &'static str> {
    let all = std::iter::once(rule.name).chain(rule.aliases.iter().copied());
    let is_code = |name: &str| name.starts_with("DL") || name.starts_with("SC");
    all.filter(move |name| notation == RuleNotation::Own || is_code(name))
}
