//! `CMD node server.js` to `CMD ["node", "server.js"]`.

use text_size::TextRange;

use super::segments::segments;
use super::{Answer, Context, Kind, Recipe, Refactoring, Refusal};
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::shell::{Shell, ShellCommand, ShellForm, ShellKind, ShellScript, ShellWord};
use crate::analysis::syntax::InstructionRef;
use crate::analysis::syntax::ast::{Arguments, Command, Instruction};
use crate::analysis::text::TextEdit;

pub static RECIPE: Recipe = Recipe {
    name: "to-exec-form",
    kind: Kind::Rewrite,
    summary: "Writes the command of `RUN`, `CMD`, `ENTRYPOINT` or `HEALTHCHECK` as a JSON array, which is started without a \
shell: signals reach the program. Quotes are taken off, line breaks and comments stay. Refused, with the reason, where \
the command needs a shell: variables, `&&` and other operators, redirections, patterns of file names, `~`, and commands \
that are part of the shell.",
    before: "\
FROM node:24
CMD node <|>server.js 'hello world'
",
    after: "\
FROM node:24
CMD [\"node\", \"server.js\", \"hello world\"]
",
    offer,
};

const TITLE: &str = "Write in exec form";

fn offer(cx: &Context<'_>) -> Answer {
    let instruction = cx.only()?;
    let inner = instruction.node.innermost();
    let Some(Command::Shell(_)) = command(inner) else { return None };
    let texts = cx.texts(instruction);
    let [text] = texts.as_slice() else { return None };
    if text.form != ShellForm::Line || !text.kind.is_posix() || !instruction.problems.is_empty() {
        return None;
    }
    let refuse = |reason: String| Some(Err(Refusal::new(TITLE, reason)));
    let script = text.script();
    let words = match words(&script) {
        Ok(words) => words,
        Err(reason) => return refuse(reason),
    };
    let edits = edits(instruction, &script, &words);
    let refactoring = Refactoring::new(TITLE, edits);
    let gets_arguments = inner.keyword == Some(Keyword::Cmd) && has_exec_entrypoint(cx, instruction);
    Some(Ok(match gets_arguments {
        true => refactoring.warn(
            "the `ENTRYPOINT` gets these words as its arguments; until now it got `/bin/sh -c` and the text",
        ),
        false => refactoring,
    }))
}

/// The command of `RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK CMD`.
pub fn command(instruction: &Instruction) -> Option<&Command> {
    match &instruction.arguments {
        Arguments::Command(command) if instruction.keyword != Some(Keyword::Shell) => command.as_ref(),
        Arguments::Healthcheck(Some(healthcheck)) => healthcheck.command.as_ref(),
        _ => None,
    }
}

/// Whether an `ENTRYPOINT` in exec form comes with this instruction's stage.
pub fn has_exec_entrypoint(cx: &Context<'_>, instruction: InstructionRef<'_>) -> bool {
    let Some(stage) = cx.model.stage_of(instruction.id) else { return false };
    let own = cx.model.lineage(stage.id).flat_map(|it| cx.instructions_of(it).into_iter().rev());
    let found = own.filter(|it| it.keyword == Some(Keyword::Entrypoint)).find_map(|it| command(it.node));
    found.is_some_and(|it| it.is_exec_form())
}

/// The program and its arguments, or why only a shell can start them.
fn words(script: &ShellScript) -> Result<Vec<&ShellWord>, String> {
    let Some(parts) = segments(script) else { return Err("the command is not understood".to_owned()) };
    if parts.len() != 1 {
        return Err("`&&`, `||` and `;` need a shell".to_owned());
    }
    if parts.iter().any(|it| it.is_compound || it.is_background || it.has_comment || it.is_negated()) {
        return Err("loops, conditions, `!`, `&` and comments need a shell".to_owned());
    }
    if script.has_pipe() {
        return Err("a pipe needs a shell".to_owned());
    }
    // A command in `$(…)` or a second look behind `sudo` is not the command.
    let direct: Vec<&ShellCommand> = script.commands().filter(|it| !it.place.is_in_substitution).collect();
    let [command] = direct.as_slice() else { return Err("it is more than one command".to_owned()) };
    check_command(script, command)?;
    let wrappers = command.wrappers.iter().filter(|it| it.as_str() != "exec");
    Ok(wrappers.chain(&command.name).chain(&command.arguments).collect())
}

fn check_command(script: &ShellScript, command: &ShellCommand) -> Result<(), String> {
    if let Some(it) = command.assignments.first() {
        return Err(format!("the shell sets `{}` for the command: use `ENV`", it.name));
    }
    if let Some(it) = command.redirections.first() {
        return Err(format!("the redirection `{}` needs a shell", it.operator));
    }
    let Some(name) = &command.name else { return Err("there is no program to start".to_owned()) };
    if BUILT_IN.contains(&name.as_str()) {
        return Err(format!("`{}` is part of the shell, no program", name.as_str()));
    }
    // `exec -a x` and the like are the shell's as well.
    let is_plain_exec = |it: &ShellWord| it.as_str() == "exec";
    if !command.wrappers.iter().all(is_plain_exec) || command.wrappers.len() > 1 {
        return Err("what stands before the program is part of the shell".to_owned());
    }
    std::iter::once(name).chain(&command.arguments).find_map(|it| obstacle(script, it)).map_or(Ok(()), Err)
}

const BUILT_IN: &[&str] = &[
    "cd", "export", "source", ".", "alias", "unset", "exec", "eval", "set", "ulimit", "umask", "trap",
    "exit", "return", "read", "wait", "shift", "type", "command", "builtin", ":", "[[", "declare", "local",
    "pushd", "popd", "shopt", "let", "jobs", "bg", "fg", "hash", "times",
];

/// Why the shell must read `word`.
fn obstacle(script: &ShellScript, word: &ShellWord) -> Option<String> {
    let raw = script.raw(word);
    if word.has_expansion() {
        return Some(format!("only a shell replaces `{raw}`"));
    }
    let bare = unquoted(raw);
    if bare.contains(['*', '?']) || bare.contains('[') && bare.contains(']') && raw != "[" && raw != "]" {
        return Some(format!("only a shell finds the files that `{raw}` stands for"));
    }
    let is_braces = bare.contains('{') && (bare.contains(',') || bare.contains(".."));
    if bare.starts_with('~') || bare.contains("=~") || is_braces {
        return Some(format!("only a shell replaces `{raw}`"));
    }
    raw.starts_with("$'").then(|| format!("only a shell reads `{raw}`"))
}

/// What of a word stands outside of quotes.
fn unquoted(raw: &str) -> String {
    let mut out = String::new();
    let mut quote = None;
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        match quote {
            None if c == '\'' || c == '"' => quote = Some(c),
            Some(open) if c == open => quote = None,
            None if c == '\\' => drop(chars.next()),
            None => out.push(c),
            Some(_) => {}
        }
    }
    out
}

fn edits(instruction: InstructionRef<'_>, script: &ShellScript, words: &[&ShellWord]) -> Vec<TextEdit> {
    let text = instruction.absolute(script.text.range());
    let mut edits = Vec::new();
    let mut covered = text.start();
    for (index, word) in words.iter().enumerate() {
        let range = instruction.absolute(word.range);
        let between = if index == 0 { "[" } else { "," };
        // What stands before the first is `exec`.
        match index {
            0 => edits.push(TextEdit::new(TextRange::new(covered, range.start()), between)),
            _ => edits.push(TextEdit::insert(covered, between)),
        }
        edits.push(TextEdit::new(range, json(word.as_str())));
        covered = range.end();
    }
    edits.push(TextEdit::new(TextRange::new(covered, text.end()), "]"));
    edits.retain(|it| !it.range.is_empty() || !it.new_text.is_empty());
    edits
}

/// `text` as a JSON string.
fn json(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out += "\\\"",
            '\\' => out += "\\\\",
            '\n' => out += "\\n",
            '\t' => out += "\\t",
            '\r' => out += "\\r",
            c if (c as u32) < 0x20 => out += &format!("\\u{:04x}", c as u32),
            c => out.push(c),
        }
    }
    out + "\""
}

/// Whether the shell in force is `/bin/sh -c`, because nothing else is said.
pub fn is_default_shell(shell: &Shell) -> bool {
    shell.words.is_empty() && shell.kind == ShellKind::Sh
}

#[cfg(test)]
mod tests {
    use crate::analysis::ide::refactor::tests::{check, check_silent, refusal};

    #[test]
    fn quotes_go_and_lines_stay() {
        check(
            "to-exec-form",
            "FROM a\r\nHEALTHCHECK --timeout=3s CMD curl -f<|> \\\r\n  # why\r\n  \"http://x/?a\" '\"' \\\"\r\n",
            "FROM a\r\nHEALTHCHECK --timeout=3s CMD [\"curl\", \"-f\", \\\r\n  # why\r\n  \"http://x/?a\", \"\\\"\", \"\\\"\"]\r\n",
        );
        check("to-exec-form", "FROM a\nENTRYPOINT exec  b<|> c", "FROM a\nENTRYPOINT [\"b\", \"c\"]");
        check(
            "to-exec-form",
            "FROM a\nONBUILD RUN b<|> [ c ]\n",
            "FROM a\nONBUILD RUN [\"b\", \"[\", \"c\", \"]\"]\n",
        );
    }

    #[test]
    fn what_needs_a_shell_says_why() {
        for (command, reason) in [
            ("a $B", "`$B`"),
            ("a `b`", "`b`"),
            ("a | b", "pipe"),
            ("a && b", "&&"),
            ("a > b", "redirection"),
            ("a *.c", "files"),
            ("cd /x", "`cd`"),
            ("A=1 b", "`A`"),
            ("a ~/x", "`~/x`"),
            ("a {b,c}", "{b,c}"),
            ("if a; then b; fi", "conditions"),
            ("a &", "`&`"),
        ] {
            let found = refusal("to-exec-form", &format!("FROM a\nCMD {command}<|>\n"));
            assert!(found.contains(reason), "{command}: {found}");
        }
        check("to-exec-form", "FROM a\nCMD a '*' '$B'<|>\n", "FROM a\nCMD [\"a\", \"*\", \"$B\"]\n");
    }

    #[test]
    fn windows_and_exec_form_are_left_alone() {
        check_silent("to-exec-form", "FROM a\nCMD [\"b\"<|>]\n");
        check_silent("to-exec-form", "FROM mcr.microsoft.com/windows/nanoserver:1\nCMD b<|>\n");
    }
}
