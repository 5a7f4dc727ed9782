//! Signals, users, ports: values from a table.

use std::collections::HashSet;

use smol_str::SmolStr;

use super::Context;
use crate::analysis::ide::completion::cursor::Typed;
use crate::analysis::ide::completion::item::{Draft, ItemKind, List};
use crate::analysis::ide::completion::shell_words;
use crate::analysis::knowledge::{self, Keyword};
use crate::analysis::syntax::InstructionRef;
use crate::analysis::syntax::ast::Arguments;

pub fn signals(cx: &Context<'_>, typed: &Typed, list: &mut List) {
    let image = image_name(cx);
    let mut signals: Vec<_> = knowledge::SIGNALS.iter().collect();
    let is_used_by = |used_by: &str| !image.is_empty() && used_by.to_ascii_lowercase().contains(&image);
    signals.sort_by_key(|it| (!is_used_by(it.used_by), !it.stops, it.name != "SIGTERM"));
    for it in signals {
        let detail = if it.used_by.is_empty() {
            format!("{}", it.number)
        } else {
            format!("{} — {}", it.number, it.used_by)
        };
        list.add(
            typed,
            Draft::new(ItemKind::Signal, it.name).detail(detail).key(format!("signal:{}", it.name)),
        );
    }
}

/// The last part of the base image's name: `node`.
fn image_name(cx: &Context<'_>) -> String {
    let name = cx.base_image().and_then(|image| image.familiar_name()).unwrap_or_default();
    name.rsplit('/').next().unwrap_or_default().to_owned()
}

pub fn users(cx: &Context<'_>, typed: &Typed, list: &mut List) {
    for (name, detail) in created_users(cx) {
        if !list.has(&name) {
            list.add(typed, Draft::new(ItemKind::User, name.as_str()).detail(detail));
        }
    }
    for it in knowledge::users_for(&image_name(cx)).filter(|it| it.name != "root") {
        add_known_user(typed, it, list);
    }
    let root = knowledge::user_named("root");
    root.into_iter().for_each(|it| add_known_user(typed, it, list));
}

fn add_known_user(typed: &Typed, user: &'static knowledge::UserDoc, list: &mut List) {
    if list.has(user.name) {
        return;
    }
    let id = user.id.map(|id| format!("{id} — ")).unwrap_or_default();
    let draft = Draft::new(ItemKind::User, user.name).detail(format!("{id}{}", user.summary));
    list.add(typed, draft.key(format!("user:{}", user.name)));
}

/// Users that the stage has made or used before, the nearest first.
fn created_users(cx: &Context<'_>) -> Vec<(SmolStr, &'static str)> {
    let mut found = Vec::new();
    for instruction in cx.earlier() {
        match (instruction.keyword, &instruction.node.arguments) {
            (Some(Keyword::User), Arguments::Single(Some(word))) => {
                let value = cx.model.expand(word, instruction.id);
                let name = value.text().and_then(|it| it.split(':').next()).filter(|it| !it.is_empty());
                found.extend(name.map(|name| (SmolStr::new(name), "used above")));
            }
            (Some(Keyword::Run), _) => {
                let users = added(cx, instruction, &["useradd", "adduser"]);
                found.extend(users.into_iter().map(|name| (name, "created above")));
            }
            _ => {}
        }
    }
    unique(found)
}

fn unique(found: Vec<(SmolStr, &'static str)>) -> Vec<(SmolStr, &'static str)> {
    let mut seen = HashSet::new();
    let (created, used): (Vec<_>, Vec<_>) = found.into_iter().partition(|(_, how)| *how == "created above");
    created.into_iter().chain(used).filter(|(name, _)| seen.insert(name.clone())).collect()
}

/// The names that one of `programs` makes: its last word that is neither a flag nor a flag's value.
fn added(cx: &Context<'_>, instruction: InstructionRef<'_>, programs: &[&str]) -> Vec<SmolStr> {
    let text = super::stage_paths::script_text(cx.model, instruction);
    let is_worth_reading = programs.iter().any(|program| text.contains(program));
    let commands = if is_worth_reading { shell_words::commands(&text) } else { Vec::new() };
    let commands =
        commands.iter().filter(|words| words.first().is_some_and(|it| programs.contains(&it.text.as_str())));
    let names = commands.filter_map(|words| {
        let last = words.get(1..)?.iter().rfind(|word| is_name(&word.text))?;
        Some(last.text.clone())
    });
    names.collect()
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-')
}

/// Behind the colon of `user:`.
pub fn groups(cx: &Context<'_>, typed: &Typed, list: &mut List) {
    let text = cx.model.file().text();
    let before = text.get(..usize::from(typed.replace.start())).unwrap_or_default();
    let user = before
        .strip_suffix(':')
        .and_then(|it| it.rsplit(|c: char| c.is_whitespace() || "=\"'".contains(c)).next());
    let mut names: Vec<(SmolStr, &str)> = Vec::new();
    names.extend(user.filter(|it| !it.is_empty()).map(|it| (SmolStr::new(it), "the group of the same name")));
    for instruction in cx.earlier().filter(|it| it.keyword == Some(Keyword::Run)) {
        let groups = added(cx, instruction, &["groupadd", "addgroup"]);
        names.extend(groups.into_iter().map(|it| (it, "created above")));
    }
    names.extend([
        (SmolStr::new("root"), "what some platforms ask for"),
        (SmolStr::new("0"), "the number of root"),
    ]);
    for (name, detail) in names {
        if !list.has(&name) {
            list.add(typed, Draft::new(ItemKind::User, name.as_str()).detail(detail));
        }
    }
}

pub fn ports(cx: &Context<'_>, typed: &Typed, list: &mut List) {
    let own = own_ports(cx);
    let image = image_name(cx);
    let is_for_image = |it: &knowledge::PortDoc| {
        let text = format!("{} {}", it.service, it.note).to_ascii_lowercase();
        !image.is_empty() && text.contains(&image)
    };
    // What nearly every image offers.
    const USUAL: &[u16] = &[8080, 80, 3000, 443, 8000, 5000];
    let mut ports: Vec<_> =
        knowledge::PORTS.iter().filter(|it| !own.contains(&(it.port, it.protocol))).collect();
    let usual = |port: u16| USUAL.iter().position(|it| *it == port).unwrap_or(USUAL.len());
    ports.sort_by_key(|it| (!is_for_image(it), usual(it.port)));
    for it in ports {
        let label =
            if it.protocol == "tcp" { it.port.to_string() } else { format!("{}/{}", it.port, it.protocol) };
        let draft = Draft::new(ItemKind::Port, label).detail(format!("{}: {}", it.service, it.note));
        list.add(typed, draft.key(format!("port:{}:{}", it.port, it.protocol)));
    }
}

/// The ports that the instruction names already.
fn own_ports(cx: &Context<'_>) -> Vec<(u16, &'static str)> {
    let Some(instruction) = cx.instruction() else { return Vec::new() };
    let Arguments::List(items) = &instruction.node.innermost().arguments else { return Vec::new() };
    let others =
        items.items.iter().filter(|it| !instruction.absolute(it.range()).contains_inclusive(cx.site.offset));
    let ports = others.filter_map(|it| {
        let raw = it.raw();
        let (number, protocol) = raw.split_once('/').unwrap_or((raw, "tcp"));
        let protocol = knowledge::PROTOCOLS.iter().find(|it| it.value.eq_ignore_ascii_case(protocol))?;
        Some((number.parse().ok()?, protocol.value))
    });
    ports.collect()
}

pub fn protocols(typed: &Typed, list: &mut List) {
    for it in knowledge::PROTOCOLS {
        list.add(typed, Draft::new(ItemKind::Value, it.value).detail(it.doc).key("instruction:EXPOSE"));
    }
}
