//! Variables in scope, and what may follow their names in braces.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::Context;
use crate::analysis::ide::completion::cursor::Typed;
use crate::analysis::ide::completion::item::{Draft, ItemKind, List};
use crate::analysis::ide::completion::site::{VariableForm, VariableScope};
use crate::analysis::knowledge;
use crate::analysis::model::shell::{ShellKind, Shells};
use crate::analysis::model::{Model, Value, Variable, VariableKind};
use crate::analysis::syntax::InstructionId;

/// Longer values are cut: the list is for choosing.
const MAX_VALUE: usize = 60;

pub fn add(cx: &Context<'_>, typed: &Typed, form: VariableForm, scope: &VariableScope, list: &mut List) {
    let mut found: BTreeMap<SmolStr, String> = BTreeMap::new();
    let own = in_file(cx, scope);
    for (name, detail) in &own {
        found.entry(name.clone()).or_insert_with(|| detail.clone());
    }
    // What the file sets comes first, then what comes from elsewhere.
    let outside = outside(cx, scope).into_iter().filter(|(name, _)| !found.contains_key(name));
    let outside: Vec<(SmolStr, String)> = outside.collect();
    for (name, detail) in found.into_iter().chain(outside) {
        if !list.has(&name) {
            list.add(typed, draft(&name, detail, form));
        }
    }
}

fn draft(name: &str, detail: String, form: VariableForm) -> Draft {
    let text = match form {
        VariableForm::Braced { is_closed: false } => format!("{name}}}"),
        _ => name.to_owned(),
    };
    Draft::new(ItemKind::Variable, name)
        .detail(detail)
        .key(format!("variable:{name}"))
        .filter(name)
        .inserts(text)
}

/// What instructions and the script itself set.
fn in_file(cx: &Context<'_>, scope: &VariableScope) -> Vec<(SmolStr, String)> {
    let mut found = Vec::new();
    if let VariableScope::Shell { own } = scope {
        found.extend(own.iter().map(|name| (name.clone(), "set by this command".to_owned())));
    }
    let is_run_time = matches!(scope, VariableScope::RunTime | VariableScope::Deferred);
    let visible = visible(cx).into_iter().filter(|it| !is_run_time || it.kind == VariableKind::Env);
    found.extend(visible.map(|it| (it.name.clone(), describe(cx, it))));
    found
}

/// The variables in scope, those that the same `ARG` declares before the cursor among them.
fn visible<'a>(cx: &Context<'a>) -> Vec<&'a Variable> {
    let id = cx.id();
    let mut found = cx.model.visible_variables(id);
    let own = cx
        .model
        .variables()
        .iter()
        .filter(|it| it.location.instruction == id && it.kind == VariableKind::Arg);
    let is_before =
        |it: &&Variable| cx.model.file().range(it.location).is_some_and(|it| it.end() < cx.site.offset);
    // `ARG A=1 B=$<cursor>`: the value being typed is not yet a value.
    let own: Vec<&Variable> = own.filter(is_before).collect();
    found.extend(own.iter().rev().skip(1));
    found
}

fn describe(cx: &Context<'_>, variable: &Variable) -> String {
    let keyword = match variable.kind {
        VariableKind::Arg => "ARG",
        VariableKind::Env => "ENV",
    };
    let own = cx.model.stage_of(cx.id()).map(|stage| stage.id);
    let stage = variable.stage.filter(|stage| Some(*stage) != own).and_then(|it| cx.model.stage(it));
    let origin = stage.map_or(keyword.to_owned(), |stage| format!("{keyword} of stage {}", stage.label()));
    match value(variable) {
        Some(value) => format!("{value} — {origin}"),
        None => origin,
    }
}

fn value(variable: &Variable) -> Option<String> {
    let text = match variable.value.as_ref() {
        Some(Value::Known(text) | Value::Default { text, .. }) => text,
        Some(Value::Unknown(_)) => return None,
        None => return Some("no default".to_owned()),
    };
    if text.is_empty() {
        return Some("empty".to_owned());
    }
    let short: String = text.chars().take(MAX_VALUE).map(|c| if c.is_control() { ' ' } else { c }).collect();
    Some(if short.len() < text.len() { format!("{short}…") } else { short })
}

/// What the builder, the base image or the shell sets.
fn outside(cx: &Context<'_>, scope: &VariableScope) -> Vec<(SmolStr, String)> {
    let mut found = Vec::new();
    if matches!(scope, VariableScope::Global) || cx.stage().is_none() {
        let platform =
            knowledge::BUILD_VARIABLES.iter().filter(|it| it.kind == knowledge::VariableKind::Platform);
        return platform.map(|it| (it.name.into(), format!("{} — the builder", it.example))).collect();
    }
    let image = cx.base_image();
    if let Some(name) = image.and_then(|image| image.familiar_name()) {
        let names = knowledge::base_image_variables(&name).iter().copied();
        found.extend(names.map(|it| (it.into(), format!("set by {name}"))));
        found.push(("PATH".into(), format!("set by {name}")));
    }
    let is_shell = matches!(scope, VariableScope::Shell { .. } | VariableScope::RunTime);
    if is_shell {
        found.extend([("HOME", "home folder of the user"), ("PWD", "the current folder")].map(of_shell));
    }
    if matches!(scope, VariableScope::Shell { .. }) {
        let proxies =
            knowledge::BUILD_VARIABLES.iter().filter(|it| it.kind == knowledge::VariableKind::Proxy);
        found.extend(proxies.map(|it| (it.name.into(), "given with --build-arg".to_owned())));
    }
    found
}

fn of_shell((name, meaning): (&'static str, &'static str)) -> (SmolStr, String) {
    (name.into(), meaning.to_owned())
}

/// `:-` and its kin, behind `${name`.
pub fn modifiers(cx: &Context<'_>, typed: &Typed, scope: &VariableScope, list: &mut List) {
    let is_closed = typed.next == Some('}');
    for modifier in knowledge::MODIFIERS.iter().filter(|it| is_legal(cx.model, cx.id(), scope, it.symbol)) {
        let word =
            modifier.form.split_once(modifier.symbol).map_or("", |(_, word)| word.trim_end_matches('}'));
        let end = if is_closed { "" } else { "}" };
        let draft = Draft::new(ItemKind::Operator, modifier.form)
            .detail(modifier.summary)
            .key(format!("modifier:{}", modifier.symbol))
            .filter(modifier.symbol);
        let draft = if cx.options.supports_snippets {
            draft.inserts_snippet(format!("{}${{1:{word}}}{end}", modifier.symbol))
        } else {
            draft.inserts(format!("{}{end}", modifier.symbol))
        };
        list.add(typed, draft);
    }
}

/// Replacing is of BuildKit and bash; a plain shell does not have it.
fn is_legal(model: &Model, at: InstructionId, scope: &VariableScope, symbol: &str) -> bool {
    let is_shell = matches!(scope, VariableScope::Shell { .. } | VariableScope::RunTime);
    !is_shell || !symbol.starts_with('/') || Shells::new(model).at(at).kind == ShellKind::Bash
}
