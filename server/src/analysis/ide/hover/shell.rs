//! Hover on a command of `RUN` and on its flags, for the commands that matter in images.

use text_size::TextRange;

use super::{Hover, Place, block, code, paragraphs};
use crate::analysis::knowledge::{self, CommandDoc, ShellFlag, Subcommand};
use crate::analysis::syntax::SourceText;
use crate::analysis::syntax::ast::{Arguments, Command};

pub(super) fn hover(at: &Place<'_>) -> Option<Hover> {
    let text = shell_text(at)?;
    let index = text.value_index(at.offset);
    let words = simple_command(text.as_str(), index);
    let position = words.iter().position(|word| word.start <= index && index <= word.end)?;
    let word = words.get(position)?;
    let texts: Vec<&str> = words.iter().filter_map(|word| text.as_str().get(word.clone())).collect();
    let markdown = describe(&texts, position)?;
    let range: TextRange = text.source_range(word.start, word.end);
    Some(Hover::new(range, markdown))
}

/// The shell text under the cursor: of the instruction's line, or a heredoc's body.
fn shell_text(at: &Place<'_>) -> Option<SourceText> {
    let command = match &at.node.arguments {
        Arguments::Command(command) => command.as_ref(),
        Arguments::Healthcheck(Some(check)) => check.command.as_ref(),
        _ => None,
    };
    match command {
        Some(Command::Shell(text)) if at.touches(text.range()) => Some(text.clone()),
        _ => {
            let heredoc = at.instruction.node.heredoc_at(at.offset)?;
            let body = at.model.file().slice(at.instruction.absolute(heredoc.body));
            let is_script = at.node.keyword == Some(knowledge::Keyword::Run);
            is_script.then(|| SourceText::verbatim(body, heredoc.body.start()))
        }
    }
}

/// The words of the simple command around `index`. Half-typed text is normal here, so this only lexes.
fn simple_command(text: &str, index: usize) -> Vec<std::ops::Range<usize>> {
    let mut words: Vec<std::ops::Range<usize>> = Vec::new();
    let mut open: Option<usize> = None;
    let mut quote: Option<char> = None;
    for (at, c) in text.char_indices() {
        let ends_command = quote.is_none() && matches!(c, ';' | '&' | '|' | '\n' | '(' | ')' | '`');
        let ends_word = ends_command || (quote.is_none() && c.is_whitespace());
        if ends_word {
            words.extend(open.take().map(|start| start..at));
        } else {
            open.get_or_insert(at);
        }
        if ends_command {
            if at >= index {
                return words;
            }
            words.clear();
        }
        quote = match quote {
            Some(open) if open == c => None,
            None if c == '\'' || c == '"' => Some(c),
            other => other,
        };
    }
    words.extend(open.map(|start| start..text.len()));
    words
}

/// What word `position` of a command means.
fn describe(words: &[&str], position: usize) -> Option<String> {
    let start = words.iter().position(|word| !is_assignment(word))?;
    let name = words.get(start)?.rsplit('/').next()?;
    let doc = knowledge::command(name)?;
    let word = *words.get(position)?;
    let subcommand = words.get(start + 1..)?.iter().find_map(|word| subcommand(doc, word));
    if position == start {
        return Some(describe_command(doc));
    }
    if word.starts_with('-') {
        let flags = doc.flags.iter().chain(subcommand.iter().flat_map(|it| it.flags));
        return flags.into_iter().find(|flag| is_flag(flag, word)).map(|flag| describe_flag(doc, flag));
    }
    let subcommand = subcommand.filter(|it| it.name == word || it.aliases.contains(&word))?;
    Some(describe_subcommand(doc, subcommand))
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

fn subcommand(doc: &'static CommandDoc, word: &str) -> Option<&'static Subcommand> {
    doc.subcommands.iter().find(|it| it.name == word || it.aliases.contains(&word))
}

fn is_flag(flag: &ShellFlag, word: &str) -> bool {
    let name = word.split_once('=').map_or(word, |(name, _)| name);
    flag.names.contains(&name)
}

pub(in crate::analysis::ide) fn describe_command(doc: &CommandDoc) -> String {
    let usual =
        doc.flags.iter().chain(doc.subcommands.iter().flat_map(|it| it.flags)).filter(|flag| flag.usual);
    let usual: Vec<String> = usual.map(|flag| format!("- {} — {}", names(flag), flag.summary)).collect();
    let usual = if usual.is_empty() {
        String::new()
    } else {
        format!("In images usually with:\n\n{}", usual.join("\n"))
    };
    let cache = doc.cache.iter().map(|folder| code(folder.target)).collect::<Vec<_>>().join(", ");
    let cache =
        if cache.is_empty() { cache } else { format!("Cache, worth a `RUN --mount=type=cache`: {cache}") };
    paragraphs([
        format!("**{}**", doc.name),
        doc.summary.to_owned(),
        usual,
        block("sh", doc.example),
        cache,
        format!("[Manual]({})", doc.url),
    ])
}

pub(in crate::analysis::ide) fn describe_subcommand(doc: &CommandDoc, subcommand: &Subcommand) -> String {
    let flags = subcommand.flags.iter().map(|flag| format!("- {} — {}", names(flag), flag.summary));
    paragraphs([
        format!("**{} {}**", doc.name, subcommand.name),
        subcommand.summary.to_owned(),
        flags.collect::<Vec<_>>().join("\n"),
        format!("[Manual]({})", doc.url),
    ])
}

pub(in crate::analysis::ide) fn describe_flag(doc: &CommandDoc, flag: &ShellFlag) -> String {
    paragraphs([format!("{} · {}", names(flag), doc.name), flag.summary.to_owned()])
}

fn names(flag: &ShellFlag) -> String {
    flag.names.iter().map(|name| code(name)).collect::<Vec<_>>().join(", ")
}
