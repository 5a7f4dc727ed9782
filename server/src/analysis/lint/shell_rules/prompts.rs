//! Package managers that ask before they act, and so fail where nobody can answer.

use crate::analysis::lint::prelude::*;

/// One package manager (or several that are called alike).
pub struct Prompts {
    pub programs: &'static [&'static str],
    /// The subcommands hadolint knows to ask.
    pub subcommands: &'static [&'static str],
    /// Others that ask too.
    pub more: &'static [&'static str],
    /// Whether the command is told to go ahead.
    pub has_yes: fn(&ShellCommand) -> bool,
    /// The flag that tells it so, and whether it stands before the subcommand.
    pub yes: &'static str,
    pub is_yes_first: bool,
}

/// Reports every command that would ask.
pub fn check(prompts: &Prompts, cx: &ShellContext<'_>, report: &mut Report<'_>) {
    let is_strict = cx.setting.profile == Profile::Hadolint;
    for called in cx.calls(prompts.programs) {
        let is_answered = (prompts.has_yes)(&called) || (!is_strict && asks_nobody(&called));
        if let Some(subcommand) = asking(prompts, &called, is_strict).filter(|_| !is_answered) {
            found(prompts, called, subcommand, report);
        }
    }
}

fn asking<'a>(prompts: &Prompts, called: &Called<'a>, is_strict: bool) -> Option<&'a ShellWord> {
    let command = called.command;
    if is_strict {
        return command.arguments.iter().find(|it| prompts.subcommands.contains(&it.as_str()));
    }
    let asks = |it: &&ShellWord| [prompts.subcommands, prompts.more].concat().contains(&it.as_str());
    command.subcommand().filter(asks)
}

/// Whether it does not ask, or somebody answers. `microdnf` goes ahead without a question.
fn asks_nobody(command: &ShellCommand) -> bool {
    command.is("microdnf") || reads_answers(command) || only_simulates(command)
}

/// `apt-get install -s …` prints what it would do.
fn only_simulates(command: &ShellCommand) -> bool {
    let flags = ["s", "simulate", "just-print", "dry-run", "recon", "no-act"];
    command.is_any(&["apt-get"]) && command.has_any_flag(&flags)
}

/// `yes | apt-get install …`
fn reads_answers(command: &ShellCommand) -> bool {
    let is_fed = command.place.pipeline.is_some_and(|(_, position)| position > 0);
    is_fed || command.redirections.iter().any(|it| it.is_input())
}

fn found(prompts: &Prompts, called: Called<'_>, subcommand: &ShellWord, report: &mut Report<'_>) {
    let (program, yes) = (called.name(), prompts.yes);
    let what = subcommand.as_str();
    let written = if prompts.is_yes_first {
        format!("{program} {yes} {what}")
    } else {
        format!("{program} {what} {yes}")
    };
    let range = called.name_range().cover(subcommand.range);
    let draft = report.at(
        range,
        format!("`{program} {what}` asks before it acts, and a build cannot answer: write `{written}`"),
    );
    if called.part.is_editable() {
        let behind = if prompts.is_yes_first { called.name_range() } else { subcommand.range };
        draft.safe_fix(format!("Add `{yes}`"), vec![TextEdit::insert(behind.end(), format!(" {yes}"))]);
    }
}
