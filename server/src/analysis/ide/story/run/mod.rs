//! What a `RUN` does, in plain words: each command by its program, what stands under a condition only by name.
//!
//! * `packages` — package managers of distributions and languages.
//! * `builds` — compilers and what drives them; `files` — downloads, files, users and the shell itself.
//!
//! A phrase says no more than the words of the command do: that it *installs* something means that it asks for it.
//! A command that nobody taught us is quoted.

mod builds;
mod files;
mod packages;

use text_size::TextRange;

use super::text::{code, count, cut, names};
use crate::analysis::model::shell::{
    Operator, Reach, ShellCommand, ShellForm, ShellScript, ShellText, ShellWord,
};

/// Phrases that are told of one script; the rest is counted.
const MOST: usize = 12;

/// What the texts of one instruction do, as phrases: "installs `curl` with apt". Empty if there is no command.
pub fn phrases(texts: &[ShellText], heredoc_lines: usize) -> Vec<String> {
    let mut phrases: Vec<String> = Vec::new();
    let has_script = texts.iter().any(|it| matches!(it.form, ShellForm::Script { .. }));
    for text in texts {
        match text.form {
            ShellForm::Document { .. } => {}
            // `RUN <<EOF bash`: the script says it all.
            ShellForm::Line if has_script && text.script().commands().count() <= 1 => {}
            _ => phrases.extend(of_text(text, heredoc_lines)),
        }
    }
    phrases.dedup();
    if phrases.len() > MOST + 1 {
        let rest = phrases.len() - MOST;
        phrases.truncate(MOST);
        phrases.push(format!("does {} more", count(rest, "thing")));
    }
    phrases
}

fn of_text(text: &ShellText, heredoc_lines: usize) -> Vec<String> {
    let script = text.script();
    if text.kind.is_posix() || text.form == ShellForm::Exec {
        let told = of_script(&script);
        if !script.has_error && !told.is_empty() {
            return told;
        }
    }
    let piece = cut(text.text.as_str(), 60);
    match text.form {
        _ if piece.is_empty() => Vec::new(),
        ShellForm::Script { .. } => {
            let lines = count(heredoc_lines, "line");
            vec![format!("runs a script of {lines} with `{}`", text.kind.as_str())]
        }
        ShellForm::Exec => vec![format!("runs {}", code(&piece))],
        _ => vec![format!("runs {} in {}", code(&piece), text.kind.as_str())],
    }
}

/// A direct command with those that it runs (`sudo apt-get …`).
struct Step<'a> {
    command: &'a ShellCommand,
    behind: Vec<&'a ShellCommand>,
}

fn of_script(script: &ShellScript) -> Vec<String> {
    let steps = steps(script);
    let mut teller = Sequence { script, told: Vec::new(), conditional: Vec::new(), is_conditional: false };
    let mut at = 0;
    while let Some(step) = steps.get(at) {
        let place = step.command.place;
        if place.is_in_function || place.is_in_substitution {
            at += 1;
        } else if place.is_in_branch || place.is_in_condition {
            teller.conditional.push(step.command.name());
            at += 1;
        } else {
            let length = pipeline_length(&steps, at);
            let before = at.checked_sub(1).and_then(|at| steps.get(at)).map(|it| it.command);
            teller.add(before, steps.get(at..at + length).unwrap_or_default());
            at += length.max(1);
        }
    }
    tell_conditional(&mut teller.told, &mut teller.conditional);
    teller.told
}

/// Commands one after the other.
struct Sequence<'a> {
    script: &'a ShellScript,
    told: Vec<String>,
    /// Programs behind `if`, `for` and their kin that are not told yet.
    conditional: Vec<&'a str>,
    /// What was told last happens only sometimes: `[ a ] && b`.
    is_conditional: bool,
}

impl<'a> Sequence<'a> {
    fn add(&mut self, before: Option<&ShellCommand>, pipeline: &[Step<'a>]) {
        tell_conditional(&mut self.told, &mut self.conditional);
        let Some(first) = pipeline.first().map(|it| it.command) else { return };
        let connection = first.place.before.map(|it| it.operator);
        let is_behind_check = self.is_behind_check(before, first);
        let was_conditional = std::mem::replace(&mut self.is_conditional, is_behind_check);
        let Some(phrase) = of_pipeline(self.script, pipeline) else {
            if connection == Some(Operator::Or) && !is_behind_check && first.is_any(&["true", ":"]) {
                self.told.push("goes on even if that fails".to_owned());
            }
            return;
        };
        let is_background = first.place.after.is_some_and(|it| it.operator == Operator::Background);
        let phrase = if is_background { format!("in the background, {phrase}") } else { phrase };
        match (connection, is_behind_check, was_conditional) {
            (Some(Operator::And), true, _) => self.told.push(format!("if a condition holds, {phrase}")),
            (Some(Operator::Or), true, _) => self.told.push(format!("unless a condition holds, {phrase}")),
            (Some(Operator::And), _, true) => {
                self.is_conditional = true;
                let last = self.told.pop().unwrap_or_default();
                self.told.push(format!("{last}, then {phrase}"));
            }
            (Some(Operator::Or), _, true) => self.told.push(format!("otherwise, {phrase}")),
            (Some(Operator::Or), ..) => self.told.push(format!("if that fails, {phrase}")),
            _ => self.told.push(phrase),
        }
    }

    /// Whether a test stands before: `[ … ]` is none of the commands, so the text has to tell.
    fn is_behind_check(&self, before: Option<&ShellCommand>, command: &ShellCommand) -> bool {
        let Some(connection) = command.place.before else { return false };
        if !matches!(connection.operator, Operator::And | Operator::Or) {
            return false;
        }
        let at = self.script.text.value_index(connection.range.start());
        let text = self.script.text.as_str().get(..at).unwrap_or_default().trim_end();
        text.ends_with(']') || before.is_some_and(|it| it.is_any(&["test", "[", "[["]))
    }
}

fn steps(script: &ShellScript) -> Vec<Step<'_>> {
    let mut steps: Vec<Step<'_>> = Vec::new();
    for command in &script.all_commands {
        match (command.reach, steps.last_mut()) {
            (Reach::Behind, Some(last)) => last.behind.push(command),
            _ => steps.push(Step { command, behind: Vec::new() }),
        }
    }
    steps
}

/// What runs only sometimes is told by name.
fn tell_conditional(told: &mut Vec<String>, names_of: &mut Vec<&str>) {
    if names_of.is_empty() {
        return;
    }
    let quiet = ["", "[", "[[", "test", "true", "false", ":", "echo", "exit", "return", "set", "printf"];
    let mut programs: Vec<&str> = std::mem::take(names_of);
    programs.retain(|it| !quiet.contains(it));
    let mut seen = Vec::new();
    programs.retain(|it| {
        !seen.contains(it) && {
            seen.push(*it);
            true
        }
    });
    told.push(match programs.is_empty() {
        true => "decides something by a condition or in a loop".to_owned(),
        false => format!("depending on a condition or in a loop, runs {}", names(programs, 5)),
    });
}

fn pipeline_length(steps: &[Step<'_>], at: usize) -> usize {
    let Some((pipeline, _)) = steps.get(at).and_then(|it| it.command.place.pipeline) else { return 1 };
    let is_same = |it: &&Step<'_>| it.command.place.pipeline.is_some_and(|(id, _)| id == pipeline);
    steps.iter().skip(at).take_while(is_same).count().max(1)
}

fn of_pipeline(script: &ShellScript, steps: &[Step<'_>]) -> Option<String> {
    match steps {
        [] => None,
        [one] => of_step(script, one),
        [first, .., last] => Some(of_pipe(script, first, last)),
    }
}

fn of_pipe(script: &ShellScript, first: &Step<'_>, last: &Step<'_>) -> String {
    let piece = whole(script, first.command.range.cover(last.command.range));
    let reader = last.behind.last().copied().unwrap_or(last.command);
    match base_name(reader.name()) {
        "sha256sum" | "sha512sum" | "sha1sum" | "md5sum" => return "compares checksums".to_owned(),
        "chpasswd" => return "sets a password".to_owned(),
        _ => {}
    }
    let (Some(source), Some(end)) = (of_step(script, first), piped_into(reader)) else {
        return format!("runs {}", code(&piece));
    };
    format!("{source} {end}")
}

/// What the last command of a pipe does with what it gets.
fn piped_into(command: &ShellCommand) -> Option<String> {
    let plain = command.arguments.iter().find(|it| !it.as_str().starts_with('-'));
    Some(match base_name(command.name()) {
        "sh" | "bash" | "ash" | "zsh" | "python" | "python3" | "perl" | "node" | "php" => {
            let is_script = plain.is_none() || command.has_flag("s");
            is_script.then(|| format!("and runs what comes as a {} program, unseen", command.name()))?
        }
        "tar" if files::unpacks(command) => match files::tar_folder(command) {
            Some(folder) => format!("and unpacks what comes into {}", code(&folder)),
            None => "and unpacks what comes".to_owned(),
        },
        "tee" => format!("and writes what comes to {}", code(plain?.as_str())),
        "apt-key" | "gpg" => "and keeps what comes as a signing key".to_owned(),
        _ => return None,
    })
}

/// What one command does; `None` for one that leaves nothing to tell.
fn of_step(script: &ShellScript, step: &Step<'_>) -> Option<String> {
    let command = step.command;
    if !step.behind.is_empty() && !command.name().contains('/') {
        let inner: Vec<String> = step.behind.iter().filter_map(|it| of_command(script, it)).collect();
        // Of `sudo -u x apt-get …` each step behind is listed; the last one is what runs.
        let is_script = ["sh", "bash", "ash", "dash", "zsh", "ksh"].contains(&command.name());
        let told = if is_script { inner.join(", then ") } else { inner.last()?.clone() };
        return Some(match command.name() {
            "sudo" if !told.starts_with("runs `sudo ") => format!("{told} (with `sudo`)"),
            "xargs" => format!("for each word that comes, {told}"),
            _ => told,
        });
    }
    of_command(script, command)
}

fn of_command(script: &ShellScript, command: &ShellCommand) -> Option<String> {
    if command.name.is_none() {
        return of_assignments(command);
    }
    let quoted = || format!("runs {}", code(&whole(script, command.range)));
    if command.place.is_negated {
        return Some(quoted());
    }
    let name = base_name(command.name());
    let known = packages::phrase(name, command)
        .or_else(|| builds::phrase(name, command))
        .or_else(|| files::phrase(name, command));
    match known {
        Some(phrase) if phrase.is_empty() => None,
        Some(phrase) => Some(phrase),
        None => Some(quoted()),
    }
}

fn of_assignments(command: &ShellCommand) -> Option<String> {
    let set = command.assignments.iter().map(|it| it.name.as_str());
    let told = names(set, 4);
    (!told.is_empty()).then(|| format!("sets {told} for the rest of this step"))
}

/// The program without its folder: `/usr/bin/apt-get`, `./gradlew`.
fn base_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// The text at `range` as it stands, on one line.
fn whole(script: &ShellScript, range: TextRange) -> String {
    let text = script.text.as_str();
    let span = script.text.value_index(range.start())..script.text.value_index(range.end());
    cut(text.get(span).unwrap_or_default(), 60)
}

/// The arguments that are neither flags nor values of those in `with_value` (with their dashes).
fn words_without_flags<'a>(command: &'a ShellCommand, with_value: &[&str]) -> Vec<&'a str> {
    let mut words = Vec::new();
    let mut is_value = false;
    for word in command.arguments.iter().map(ShellWord::as_str) {
        let is_flag = word.starts_with('-') && word.len() > 1;
        if !is_flag && !is_value {
            words.push(word);
        }
        is_value = !is_value && is_flag && with_value.iter().any(|flag| is_it(word, flag));
    }
    words
}

/// Whether `word` is the flag: `-o`, `--output`, or letters that end with it (`-xzfC`).
fn is_it(word: &str, flag: &str) -> bool {
    let letter = flag.strip_prefix('-').filter(|it| it.len() == 1);
    let is_cluster = !word.starts_with("--") && word.chars().skip(1).all(|it| it.is_ascii_alphabetic());
    word == flag || (is_cluster && word.len() <= 5 && letter.is_some_and(|it| word.ends_with(it)))
}

/// As [`words_without_flags`], without `subcommand` too.
fn operands<'a>(command: &'a ShellCommand, subcommand: &str, with_value: &[&str]) -> Vec<&'a str> {
    let mut words = words_without_flags(command, with_value);
    if let Some(at) = words.iter().position(|it| *it == subcommand) {
        words.remove(at);
    }
    words
}

/// The first argument that is neither a flag nor the value of one in `with_value`.
fn subcommand<'a>(command: &'a ShellCommand, with_value: &[&str]) -> &'a str {
    words_without_flags(command, with_value).first().copied().unwrap_or_default()
}
