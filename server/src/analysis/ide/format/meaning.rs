//! What a Dockerfile says, apart from how it is laid out.
//!
//! Two texts with equal meanings build the same image. Blanks are left out only where they separate words;
//! comments count too, as they are somebody's words (and directives, and suppressions).

use super::quotes::{self, Dialect, Dialects};
use crate::analysis::syntax::ast::{Arguments, Command};
use crate::analysis::syntax::{Dockerfile, Instruction, InstructionRef};

/// The meaning of a file: one entry for each directive, comment and instruction, to compare and to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning(Vec<String>);

/// The meaning of `file`.
pub fn meaning(file: &Dockerfile) -> Meaning {
    let directives = file.directives().list.iter();
    let mut entries: Vec<String> =
        directives.map(|it| format!("directive {} = {}", it.name.as_str(), it.value)).collect();
    entries.push(format!("escape {:?}, {} overlong lines", file.escape(), file.overlong_lines().len()));
    let dialects = Dialects::new(file);
    let mut comments = file.comments().iter().peekable();
    for instruction in file.instructions() {
        while let Some(comment) = comments.next_if(|it| it.start() < instruction.start) {
            entries.push(comment_entry(file.slice(*comment)));
        }
        entries.extend(instruction_entries(file, instruction, dialects.at(instruction.id)));
    }
    entries.extend(comments.map(|comment| comment_entry(file.slice(*comment))));
    Meaning(entries)
}

fn comment_entry(text: &str) -> String {
    format!("comment {:?}", text.trim_end())
}

fn instruction_entries(file: &Dockerfile, instruction: InstructionRef<'_>, dialect: Dialect) -> Vec<String> {
    let slice = |range| file.slice(instruction.absolute(range));
    if instruction.keyword.is_none() || !instruction.problems.is_empty() {
        return vec![format!("faulty {:?}", slice(instruction.range))];
    }
    let mut entries = Vec::new();
    add_instruction(&instruction, dialect, &mut entries);
    entries.extend(
        instruction.comments.iter().map(|&comment| format!("inner {}", comment_entry(slice(comment)))),
    );
    for it in &instruction.heredocs {
        let terminator = it.terminator.map(slice);
        entries.push(format!(
            "heredoc {:?} expands {} strips {} to {} ends {terminator:?}: {:?}",
            it.name,
            it.expands,
            it.strips_tabs,
            it.descriptor,
            slice(it.body),
        ));
    }
    entries
}

fn add_instruction(instruction: &Instruction, dialect: Dialect, entries: &mut Vec<String>) {
    let flags = instruction.flags.iter();
    let flags: Vec<_> =
        flags.map(|it| (it.name.as_str(), it.value.as_ref().map(|value| value.raw()))).collect();
    let name = instruction.name.as_str().to_ascii_uppercase();
    entries.push(format!("{name} {flags:?} {}", arguments(&instruction.arguments, dialect)));
    if let Arguments::Onbuild(Some(inner)) = &instruction.arguments {
        add_instruction(inner, dialect, entries);
    }
}

fn arguments(arguments: &Arguments, dialect: Dialect) -> String {
    match arguments {
        Arguments::From(it) => {
            let words = it.name.iter().chain(&it.rest).map(|word| word.as_str()).collect::<Vec<_>>();
            let as_keyword = it.as_keyword.as_ref().map(|word| word.as_str().to_ascii_lowercase());
            format!("{:?} {as_keyword:?} {words:?}", it.image.as_ref().map(|image| image.raw()))
        }
        Arguments::Command(it) => format!("{:?}", it.as_ref().map(|it| command(it, dialect))),
        Arguments::Copy(it) => {
            let words = it.sources.iter().chain(&it.destination).map(|word| word.raw()).collect::<Vec<_>>();
            format!("json {} {words:?}", it.is_json)
        }
        Arguments::Pairs(it) => {
            let pairs = it.pairs.iter();
            let pairs: Vec<_> =
                pairs.map(|it| (it.key.raw(), it.value.as_ref().map(|it| it.raw()))).collect();
            format!("legacy {} {pairs:?}", it.is_legacy)
        }
        Arguments::Arg(it) => {
            let pairs: Vec<_> =
                it.iter().map(|it| (it.name.raw(), it.value.as_ref().map(|it| it.raw()))).collect();
            format!("{pairs:?}")
        }
        Arguments::List(it) => {
            let items: Vec<_> = it.items.iter().map(|word| word.raw()).collect();
            format!("json {} {items:?}", it.is_json)
        }
        Arguments::Single(it) => format!("{:?}", it.as_ref().map(|word| word.raw())),
        Arguments::Healthcheck(it) => match it {
            None => String::new(),
            Some(it) => {
                let kind = it.kind.as_str().to_ascii_uppercase();
                format!("{kind} {:?}", it.command.as_ref().map(|it| command(it, dialect)))
            }
        },
        Arguments::Onbuild(_) | Arguments::Unknown => String::new(),
    }
}

fn command(command: &Command, dialect: Dialect) -> String {
    match command {
        Command::Exec(exec) => {
            let arguments: Vec<_> = exec.arguments.iter().map(|it| it.text.as_str()).collect();
            format!("exec {arguments:?}")
        }
        Command::Shell(text) => format!("shell {}", one_blank_between_words(text.as_str(), dialect)),
    }
}

/// Shell text with each run of separating blanks as one.
fn one_blank_between_words(text: &str, dialect: Dialect) -> String {
    let kept = quotes::shell(text, dialect);
    let mut result = String::with_capacity(text.len());
    let mut was_separator = false;
    for (at, c) in text.char_indices() {
        let is_separator = matches!(c, ' ' | '\t') && !kept.get(at).copied().unwrap_or(true);
        if !is_separator {
            result.push(c);
        } else if !was_separator {
            result.push(' ');
        }
        was_separator = is_separator;
    }
    result
}
