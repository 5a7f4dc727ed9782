//! Commands of the shell, their subcommands and flags.

use smol_str::SmolStr;

use super::Context;
use crate::analysis::ide::completion::cursor::Typed;
use crate::analysis::ide::completion::item::{Draft, ItemKind, List};
use crate::analysis::knowledge::{self, CommandDoc, Distribution, Keyword, ShellFlag, Subcommand};

/// Package managers of distributions: only one of them is there.
const SYSTEM: &[&str] =
    &["apt-get", "apt", "dpkg", "apk", "dnf", "microdnf", "yum", "tdnf", "zypper", "pacman"];

pub fn commands(cx: &Context<'_>, typed: &Typed, keyword: Keyword, list: &mut List) {
    let distribution = cx.distribution();
    if keyword == Keyword::Healthcheck {
        let checks = ["curl", "wget"].into_iter().filter_map(knowledge::command);
        return checks.for_each(|command| list.add(typed, draft(typed, command)));
    }
    if distribution == Some(Distribution::WithoutPackages) {
        return;
    }
    let manager = distribution.and_then(knowledge::package_manager).map(|it| it.command);
    let is_there = |it: &&CommandDoc| can_be_there(it.name, manager);
    let tools = tools(cx);
    let mut found: Vec<&CommandDoc> = knowledge::COMMANDS.iter().filter(is_there).collect();
    found.sort_by_key(|it| {
        (Some(it.name) != manager, tools.iter().position(|name| *name == it.name).unwrap_or(9))
    });
    for command in found {
        list.add(typed, draft(typed, command));
    }
}

/// Whether a program fits an image with that package manager; `None`: it is not known.
pub fn can_be_there(name: &str, manager: Option<&str>) -> bool {
    match manager {
        Some(manager) if SYSTEM.contains(&name) => {
            name == manager || (manager == "apt-get" && matches!(name, "apt" | "dpkg"))
        }
        _ => true,
    }
}

/// What the base image is for.
fn tools(cx: &Context<'_>) -> &'static [&'static str] {
    let image = cx.base_image().and_then(|image| image.familiar_name()).unwrap_or_default();
    match image.rsplit('/').next().unwrap_or_default() {
        "python" | "pypy" => &["pip", "uv", "poetry"],
        "node" => &["npm", "yarn", "pnpm"],
        "golang" => &["go"],
        "rust" => &["cargo"],
        "maven" => &["mvn"],
        "gradle" => &["gradle"],
        "ruby" => &["bundle", "gem"],
        "php" => &["docker-php-ext-install", "composer"],
        "composer" => &["composer"],
        "sdk" => &["dotnet"],
        "bun" => &["bun"],
        _ => &[],
    }
}

fn draft(typed: &Typed, command: &CommandDoc) -> Draft {
    let text = if typed.next.is_some() { command.name.to_owned() } else { format!("{} ", command.name) };
    Draft::new(ItemKind::Command, command.name)
        .detail(command.summary)
        .key(format!("command:{}", command.name))
        .inserts(text)
        .retriggers()
}

pub fn arguments(
    typed: &Typed,
    command: &'static CommandDoc,
    subcommand: Option<&'static Subcommand>,
    given: &[SmolStr],
    list: &mut List,
) {
    let waits_for_value = given.last().is_some_and(|last| {
        command.flag(subcommand, last).is_some_and(|flag| flag.takes_value && !last.contains('='))
    });
    if waits_for_value {
        return;
    }
    if subcommand.is_none() && !typed.text.starts_with('-') {
        command.subcommands.iter().for_each(|it| list.add(typed, subcommand_draft(typed, command, it)));
    }
    let own = subcommand.map_or(&[][..], |it| it.flags);
    let mut flags: Vec<&ShellFlag> =
        own.iter().chain(command.flags).filter(|it| !is_given(it, given)).collect();
    flags.sort_by_key(|it| !it.usual);
    for flag in &flags {
        flag.names
            .first()
            .into_iter()
            .for_each(|name| list.add(typed, flag_draft(command, subcommand, flag, name)));
    }
    // Whoever types `--` wants the long spelling.
    for flag in &flags {
        let others = flag.names.iter().skip(1);
        others.for_each(|name| list.add(typed, flag_draft(command, subcommand, flag, name)));
    }
}

fn is_given(flag: &ShellFlag, given: &[SmolStr]) -> bool {
    given.iter().any(|word| flag.names.contains(&word.split('=').next().unwrap_or_default()))
}

fn subcommand_draft(typed: &Typed, command: &CommandDoc, subcommand: &Subcommand) -> Draft {
    let name = subcommand.name;
    let text = if typed.next.is_some() { name.to_owned() } else { format!("{name} ") };
    Draft::new(ItemKind::Command, name)
        .detail(subcommand.summary)
        .key(format!("command:{}:{name}", command.name))
        .inserts(text)
        .retriggers()
}

fn flag_draft(command: &CommandDoc, subcommand: Option<&Subcommand>, flag: &ShellFlag, name: &str) -> Draft {
    let subcommand = subcommand.map_or("", |it| it.name);
    Draft::new(ItemKind::Flag, name)
        .detail(flag.summary)
        .key(format!("shell-flag:{}:{subcommand}:{name}", command.name))
}
