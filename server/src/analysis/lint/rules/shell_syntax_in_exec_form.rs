//! `CMD ["node", "$FILE"]`, `CMD ["a", "&&", "b"]`, `CMD ["cd", "/app"]`.

use crate::analysis::lint::launch;
use crate::analysis::lint::prelude::*;
use crate::analysis::model::shell::ShellKind;

rule! {
    /// An exec form holds what only a shell understands, and there is no shell.
    ///
    /// `["…"]` starts the program itself. Nobody replaces `$PORT`, and `&&`, `|` or `>` reach the program as plain
    /// arguments. `cd`, `export` or `source` are commands of the shell: there is no such program to start.
    ///
    /// ```dockerfile bad
    /// FROM node:24
    /// CMD ["node", "server.js", "--port", "$PORT"]
    /// ```
    ///
    /// ```dockerfile bad
    /// FROM node:24
    /// CMD ["cd", "/app", "&&", "npm", "start"]
    /// ```
    ///
    /// Start a shell where you need one; `exec` lets the program take its place and receive signals:
    ///
    /// ```dockerfile good
    /// FROM node:24
    /// CMD ["sh", "-c", "exec node server.js --port \"$PORT\""]
    /// ```
    ///
    /// Often another instruction does it without:
    ///
    /// ```dockerfile good
    /// FROM node:24
    /// WORKDIR /app
    /// CMD ["npm", "start"]
    /// ```
    name: "shell-syntax-in-exec-form",
    aliases: &[],
    url: "https://docs.docker.com/reference/dockerfile/#exec-form",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    let keywords = [Keyword::Run, Keyword::Cmd, Keyword::Entrypoint, Keyword::Healthcheck];
    for instruction in keywords.into_iter().flat_map(|it| cx.with_keyword(it)) {
        let Some(Command::Exec(exec)) = launch::command(instruction.node) else { continue };
        let entrypoint = launch::entrypoint_of_cmd(cx, instruction);
        let is_read_by_entrypoint =
            entrypoint.is_some_and(|it| launch::command(it.node).is_none_or(interprets));
        if is_read_by_entrypoint || exec.arguments.iter().any(|it| is_interpreter(it.text.as_str())) {
            continue;
        }
        let fault = exec.arguments.iter().enumerate().find_map(|(index, argument)| {
            let is_program = index == 0 && entrypoint.is_none();
            fault(argument.text.as_str(), is_program).map(|message| (argument, message))
        });
        if let Some((argument, message)) = fault {
            report.at(instruction.absolute(argument.range), message);
        }
    }
}

/// Whether an `ENTRYPOINT` may do with its arguments what a shell does.
fn interprets(entrypoint: &Command) -> bool {
    match entrypoint {
        Command::Shell(_) => true,
        Command::Exec(exec) => exec.arguments.iter().any(|it| is_interpreter(it.text.as_str())),
    }
}

/// A shell, a script, or a flag that is followed by code.
fn is_interpreter(text: &str) -> bool {
    let name = text.rsplit('/').next().unwrap_or(text);
    let is_program = matches!(name, "awk" | "gawk" | "sed" | "envsubst" | "perl" | "make" | "find" | "xargs");
    let is_code = matches!(text, "-c" | "-e" | "--eval" | "-exec" | "-lc" | "-ec" | "/c" | "/C");
    let first = text.split_whitespace().next().unwrap_or_default();
    let is_shell = !matches!(ShellKind::of_program(first), ShellKind::Other(_));
    is_program || is_code || is_shell || text.ends_with(".sh")
}

fn fault(text: &str, is_program: bool) -> Option<String> {
    if matches!(text, "&&" | "||" | "|" | ">" | ">>" | "<" | "2>&1" | "2>" | "&>" | ";") {
        return Some(format!(
            "`{text}` means something only to a shell, and none is started here: write `[\"sh\", \"-c\", \"…\"]`"
        ));
    }
    if is_program && matches!(text, "cd" | "export" | "source" | "." | "alias" | "unset" | "exec" | "eval") {
        return Some(match text {
            "cd" => "`cd` is a command of the shell, no program: set the folder with `WORKDIR`".into(),
            "export" => "`export` is a command of the shell, no program: set variables with `ENV`".into(),
            _ => format!(
                "`{text}` is a command of the shell, no program: write `[\"sh\", \"-c\", \"{text} …\"]`"
            ),
        });
    }
    let name = variable(text)?;
    Some(format!(
        "`${name}` is not replaced here, as no shell reads it: write `[\"sh\", \"-c\", \"… ${name}\"]`"
    ))
}

/// The first `$NAME` or `${NAME}` in capitals, as environment variables are named.
fn variable(text: &str) -> Option<&str> {
    let (before, rest) = text.split_once('$')?;
    let rest = rest.strip_prefix('{').unwrap_or(rest);
    let len = rest.find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'));
    let name = rest.get(..len.unwrap_or(rest.len()))?;
    let is_name = name.starts_with(|c: char| c.is_ascii_uppercase()) && name.len() > 1;
    (is_name && !before.ends_with('\\')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn one_finding_an_instruction() {
        check_rule(
            "shell-syntax-in-exec-form",
            "FROM a\nCMD [\"cd\", \"/app\", \"&&\", \"x\"]\n     ^^^^ `WORKDIR`\nFROM a\nENTRYPOINT [\"x\", \"${HOME}/y\"]\n                 ^^^^^^^^^^^ `$HOME`\nRUN [\"a\", \"|\", \"b\"]\n          ^^^ sh\n",
        );
    }

    #[test]
    fn a_shell_or_a_script_may_read_it() {
        check_rule(
            "shell-syntax-in-exec-form",
            "FROM a\nRUN [\"/bin/bash\", \"-c\", \"cd $A && b\"]\nRUN [\"tini\", \"--\", \"./x.sh\", \"$AB\"]\nENTRYPOINT [\"sh\", \"-c\"]\nCMD [\"$AB\"]\n",
        );
        check_rule("shell-syntax-in-exec-form", "FROM a\nENTRYPOINT exec x \"$@\"\nCMD [\"$AB\"]\n");
    }

    #[test]
    fn only_names_of_environment_variables_count() {
        assert_eq!(variable("a${PORT}"), Some("PORT"));
        assert_eq!(variable("$1 $x $A"), None);
        assert_eq!(variable("\\$PORT"), None);
    }
}
