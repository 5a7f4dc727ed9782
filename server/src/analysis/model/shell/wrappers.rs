//! Commands that run a command: `exec apt-get …` is `apt-get`; `sudo apt-get …` is `sudo`, and behind it `apt-get`.

use super::script::*;
use super::word::unquote_word;
use crate::analysis::syntax::SourceText;

/// `sh -c "sh -c …"` is followed this deep.
const MAX_NESTING: usize = 3;

/// Passes over what only introduces a command, then adds the commands found by looking further.
pub fn look_behind(script: &mut ShellScript, nesting: usize) {
    for command in &mut script.all_commands {
        while let Some(skip) = introduction(command) {
            pass(command, skip);
        }
    }
    let mut found = Vec::new();
    for command in std::mem::take(&mut script.all_commands) {
        let direct = found.len();
        found.push(command);
        let behind = found.get(direct).map(|command| behind(script, command, nesting));
        found.extend(behind.into_iter().flatten());
    }
    script.all_commands = found;
}

/// How many arguments stand between the name and the command it introduces, when the shell itself or busybox
/// does nothing else but running that.
fn introduction(command: &ShellCommand) -> Option<usize> {
    let options = match command.name() {
        "exec" => Options { with_value: &["-a"], ..Options::NONE },
        "time" => Options { with_value: &[], ..Options::NONE },
        "command" if !asks_only(command) => Options::NONE,
        "builtin" => Options::NONE,
        "busybox" if !asks_busybox(command) => Options::NONE,
        _ => return None,
    };
    options.skip(command)
}

/// `command -v name` only asks where it is.
fn asks_only(command: &ShellCommand) -> bool {
    command.arguments.first().is_some_and(|word| matches!(word.as_str(), "-v" | "-V" | "-pv" | "-pV"))
}

fn asks_busybox(command: &ShellCommand) -> bool {
    command.arguments.first().is_none_or(|word| word.text.starts_with('-'))
}

/// Makes the argument behind `skip` others the name.
fn pass(command: &mut ShellCommand, skip: usize) {
    let mut words = std::mem::take(&mut command.arguments).into_iter();
    command.wrappers.extend(command.name.take());
    command.wrappers.extend(words.by_ref().take(skip));
    command.name = words.next();
    command.arguments = words.collect();
}

/// What a wrapper takes before the command.
#[derive(Clone, Copy)]
struct Options {
    /// Flags whose value is the next argument.
    with_value: &'static [&'static str],
    /// Words before the command that are no flags: `timeout 5 …`.
    operands: usize,
    /// `A=b` may stand before the command.
    assignments: bool,
}

impl Options {
    const NONE: Options = Options { with_value: &[], operands: 0, assignments: false };

    /// How many arguments come before the command; `None` when there is no command.
    fn skip(self, command: &ShellCommand) -> Option<usize> {
        let mut operands = self.operands;
        let mut at = 0;
        loop {
            let text = command.arguments.get(at)?.as_str();
            if text == "--" {
                at += 1;
                operands = operands.min(1);
            } else if text.len() > 1 && text.starts_with('-') {
                at += if self.with_value.contains(&text) { 2 } else { 1 };
            } else if self.assignments && is_assignment(text) {
                at += 1;
            } else if operands > 0 {
                operands -= 1;
                at += 1;
            } else {
                return Some(at);
            }
        }
    }
}

fn is_assignment(text: &str) -> bool {
    let name = text.split_once('=').map_or("", |(name, _)| name);
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The commands `command` runs, as far as its words tell.
fn behind(script: &ShellScript, command: &ShellCommand, nesting: usize) -> Vec<ShellCommand> {
    if nesting > MAX_NESTING {
        return Vec::new();
    }
    if let Some(inner) = shell_argument(script, command) {
        return inner_script(&inner, command.place, nesting);
    }
    let Some(next) = step(command) else { return Vec::new() };
    let mut inner = ShellScript::unknown(&script.text, false);
    inner.all_commands.push(next);
    look_behind(&mut inner, nesting + 1);
    behind_commands(inner, command.place)
}

fn inner_script(text: &SourceText, place: Place, nesting: usize) -> Vec<ShellCommand> {
    let mut inner = super::lower::script(text, &[]);
    look_behind(&mut inner, nesting + 1);
    // Their pipelines are those of the inner text.
    inner.all_commands.iter_mut().for_each(|command| command.place.pipeline = None);
    behind_commands(inner, place)
}

fn behind_commands(inner: ShellScript, outer: Place) -> Vec<ShellCommand> {
    let mut commands = inner.all_commands;
    for command in &mut commands {
        command.reach = Reach::Behind;
        command.place.is_in_subshell |= outer.is_in_subshell;
        command.place.is_in_substitution |= outer.is_in_substitution;
        command.place.is_in_function |= outer.is_in_function;
        command.place.is_in_condition |= outer.is_in_condition;
        command.place.is_in_branch |= outer.is_in_branch;
    }
    commands
}

/// The command one step behind: without its path, or what a wrapper runs.
fn step(command: &ShellCommand) -> Option<ShellCommand> {
    let mut next = command.clone();
    let (_, base) = command.name().rsplit_once('/').unwrap_or_default();
    if command.name().starts_with('/') && !base.is_empty() {
        let name = next.name.as_mut()?;
        let cut = name.text.len() - base.len();
        name.text = base.into();
        name.expansions.retain(|&(start, _)| start as usize >= cut);
        name.expansions.iter_mut().for_each(|it| *it = (it.0 - cut as u32, it.1 - cut as u32));
        return Some(next);
    }
    let skip = wrapper(command.name())?.skip(command)?;
    pass(&mut next, skip);
    Some(next)
}

fn wrapper(name: &str) -> Option<Options> {
    let none = Options::NONE;
    Some(match name {
        "sudo" => Options { with_value: SUDO, assignments: true, ..none },
        "doas" => Options { with_value: &["-u", "-C"], ..none },
        "env" => Options { with_value: ENV, assignments: true, ..none },
        "xargs" => Options { with_value: XARGS, ..none },
        "nohup" | "eatmydata" | "catchsegv" | "setsid" | "fakeroot" => none,
        "nice" => Options { with_value: &["-n", "--adjustment"], ..none },
        "ionice" => Options { with_value: &["-c", "-n"], ..none },
        "timeout" => Options { with_value: &["-s", "-k", "--signal", "--kill-after"], operands: 1, ..none },
        "gosu" | "su-exec" => Options { operands: 1, ..none },
        _ => return None,
    })
}

const SUDO: &[&str] =
    &["-u", "-g", "-h", "-p", "-C", "-r", "-t", "-T", "-U", "-D", "-R", "--user", "--group"];
const ENV: &[&str] = &["-u", "-C", "--unset", "--chdir"];
const XARGS: &[&str] = &["-I", "-n", "-P", "-L", "-d", "-E", "-s", "-a", "--max-args", "--max-procs"];

/// The text behind `sh -c`, when it is certain enough to be read.
pub fn shell_argument(script: &ShellScript, command: &ShellCommand) -> Option<SourceText> {
    let name = command.name().rsplit('/').next().unwrap_or_default();
    if !matches!(name, "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh") {
        return None;
    }
    word_text(script, command_text(&command.arguments)?)
}

/// The argument behind `-c` (or `-ec`, `-lc`, …).
fn command_text(arguments: &[ShellWord]) -> Option<&ShellWord> {
    let mut arguments = arguments.iter();
    let mut has_c = false;
    while let Some(word) = arguments.next() {
        let text = word.as_str();
        if let Some(letters) = text.strip_prefix(['-', '+']).filter(|it| !it.starts_with('-')) {
            has_c |= letters.contains('c');
            if letters.ends_with(['o', 'O']) {
                arguments.next();
            }
        } else if !text.starts_with("--") {
            return has_c.then_some(word);
        }
    }
    None
}

/// The word without its quotes as a text of its own. Expansions stay as written: the outer shell replaces
/// them, but where commands begin and end hardly ever depends on it.
fn word_text(script: &ShellScript, word: &ShellWord) -> Option<SourceText> {
    let span = script.span(word);
    let raw = script.text.as_str().get(span.clone())?;
    if raw == word.text {
        return Some(script.text.slice(span.start, span.end));
    }
    if raw.get(1..raw.len().saturating_sub(1)) == Some(&word.text) {
        return Some(script.text.slice(span.start + 1, span.end - 1));
    }
    let unquoted = unquote_word(raw)?;
    let origin = |&at: &u32| u32::from(script.text.source_offset(span.start + at as usize));
    Some(SourceText::mapped(&unquoted.text, unquoted.origins.iter().map(origin).collect(), word.range))
}
