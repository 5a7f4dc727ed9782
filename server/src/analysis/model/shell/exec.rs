//! Exec form: a command without a shell, except when it starts one itself.

use smol_str::SmolStr;

use super::variables::{Syntax, variables as variables_of};
use super::{Place, Reach, ShellCommand, ShellKind, ShellScript, ShellVariable, ShellWord, wrappers};
use crate::analysis::syntax::SourceText;
use crate::analysis::syntax::ast::{ExecForm, JsonText};

/// The strings with a blank between them.
pub fn joined(exec: &ExecForm) -> SourceText {
    let mut value = String::new();
    let mut origins = Vec::new();
    for (index, argument) in exec.arguments.iter().enumerate() {
        if index > 0 {
            value.push(' ');
            // The closing quote of the string before: blanks too have a place, and it ascends.
            origins.push(exec.arguments.get(index - 1).map_or(0, last_byte));
        }
        let text = argument.text.as_str();
        origins.extend((0..text.len()).map(|at| u32::from(argument.text.source_offset(at))));
        value.push_str(text);
    }
    let mut ranges = exec.arguments.iter().map(|argument| argument.text.range());
    let range = ranges.next().map_or(exec.range, |first| ranges.fold(first, |all, next| all.cover(next)));
    SourceText::mapped(&value, origins, range)
}

fn last_byte(argument: &JsonText) -> u32 {
    u32::from(argument.range.end()).saturating_sub(1)
}

/// The one command it runs, and what is found behind it.
pub fn script(text: &SourceText, exec: &ExecForm) -> ShellScript {
    let mut script = ShellScript::unknown(text, false);
    let mut words = exec.arguments.iter().map(word);
    let Some(name) = words.next() else { return script };
    script.all_commands.push(ShellCommand {
        name: Some(name),
        arguments: words.collect(),
        assignments: Vec::new(),
        redirections: Vec::new(),
        wrappers: Vec::new(),
        reach: Reach::Direct,
        place: Place::default(),
        range: exec.range,
    });
    wrappers::look_behind(&mut script, 0);
    script
}

/// No shell reads it, so nothing in it is expanded.
fn word(argument: &JsonText) -> ShellWord {
    let inside = argument.text.range();
    let range = if inside.is_empty() { argument.range } else { inside };
    ShellWord { text: SmolStr::new(argument.text.as_str()), range, expansions: Vec::new() }
}

/// The variables of the script that `["sh", "-c", "…"]` runs.
pub fn variables(text: &SourceText, exec: Option<&ExecForm>) -> Vec<ShellVariable> {
    let Some(exec) = exec else { return Vec::new() };
    let script = script(text, exec);
    let Some(command) = script.commands().next() else { return Vec::new() };
    let Some(argument) = wrappers::shell_argument(&script, command) else { return Vec::new() };
    variables_of(&argument, &ShellKind::of_program(command.name()), Syntax::Script)
}
