//! `CMD node server.js`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `CMD` or `ENTRYPOINT` is in shell form, so the program does not receive the stop signal.
    ///
    /// The words are given to `/bin/sh -c`. The shell becomes process 1, and most shells do not pass signals on:
    /// `docker stop` waits ten seconds and then kills everything, without a chance to save or to close connections.
    ///
    /// ```dockerfile bad
    /// FROM node:24
    /// CMD node server.js
    /// ```
    ///
    /// Write a JSON array, with double quotes and one string for each word. It starts the program itself:
    ///
    /// ```dockerfile good
    /// FROM node:24
    /// CMD ["node", "server.js"]
    /// ```
    ///
    /// A command that needs the shell (variables, `&&`, `|`) can end with `exec program`, or say by `SHELL` that the
    /// shell is meant:
    ///
    /// ```dockerfile good
    /// FROM node:24
    /// SHELL ["/bin/bash", "-c"]
    /// CMD exec node server.js --port "$PORT"
    /// ```
    name: "shell-form-command",
    aliases: &["JSONArgsRecommended", "DL3025"],
    severity: Severity::Info,
    buildkit: true,
    hadolint: Some(Severity::Warning),
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/go/dockerfile/rule/json-args-recommended/",
    check: Check::Instruction {
        on: On::Keywords(&[Keyword::Cmd, Keyword::Entrypoint, Keyword::Healthcheck]),
        deferred: false,
        check,
    },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let is_shell_wanted = cx.setting.shell != Shell::Default && cx.setting.profile != Profile::Hadolint;
    if is_shell_wanted || !cx.setting.is_in_stage {
        return;
    }
    let command = match &cx.instruction.arguments {
        Arguments::Command(command) => command,
        // The check ends by itself, so signals do not matter; hadolint reports it nevertheless.
        Arguments::Healthcheck(Some(check)) if cx.setting.profile == Profile::Hadolint => {
            if let Some(Command::Shell(text)) = &check.command {
                report.at(text.range(), "the check is in shell form: write a JSON array");
            }
            return;
        }
        _ => return,
    };
    let name = cx.name();
    let message = |text: &str| {
        let why = if text.trim_start().starts_with("exec ") {
            "goes through a shell first (`exec` passes the stop signals on)"
        } else {
            "does not receive stop signals"
        };
        // As JSON nobody would replace variables or understand `&&`.
        let instead = match text {
            _ if outside_of_quotes(text, "'\"").contains(['&', '|', ';', '<', '>']) => {
                "[\"sh\", \"-c\", \"… && exec …\"]"
            }
            _ if outside_of_quotes(text, "'").contains('$') => "[\"sh\", \"-c\", \"exec …\"]",
            _ => "[\"program\", \"argument\"]",
        };
        format!("`{name}` in shell form {why}: write `{name} {instead}`")
    };
    match command {
        Some(Command::Exec(_)) => {}
        // `CMD ['a']` has a finding of its own, which says what is wrong with it.
        Some(Command::Shell(text))
            if matches!(cx.setting.profile, Profile::Recommended | Profile::All)
                && super::malformed_exec_form::is_meant_as_json(text.as_str()) => {}
        Some(Command::Shell(text)) => {
            let draft = report.at(text.range(), message(text.as_str()));
            if let Some(json) = as_json(text.as_str()) {
                draft.unsafe_fix("Write it as JSON", vec![TextEdit::new(text.range(), json)]);
            }
        }
        None => {
            report.at(cx.instruction.name.range(), message(""));
        }
    }
}

/// The text without what stands between `quotes`.
fn outside_of_quotes(text: &str, quotes: &str) -> String {
    let mut open = None;
    let mut is_outside = |c: char| {
        match open {
            None if quotes.contains(c) => open = Some(c),
            None => return true,
            Some(quote) if quote == c => open = None,
            Some(_) => {}
        }
        false
    };
    text.chars().filter(|c| is_outside(*c)).collect()
}

/// The JSON form of a plain command; `None` when a shell is needed to understand it.
fn as_json(text: &str) -> Option<String> {
    let needs_shell = |c: char| "|&;<>()$`\\\"'*?[]#~=%!{}\n".contains(c);
    let words: Vec<&str> = text.strip_prefix("exec ").unwrap_or(text).split_whitespace().collect();
    let is_builtin =
        words.first().is_some_and(|it| matches!(*it, "." | "source" | "cd" | "export" | "ulimit"));
    if words.is_empty() || is_builtin || text.contains(needs_shell) {
        return None;
    }
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    Some(format!("[{}]", quoted.join(", ")))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule, findings};

    #[test]
    fn a_shell_instruction_means_that_a_shell_is_wanted() {
        check_rule(
            "shell-form-command",
            "FROM a AS b\nCMD x y\n    ^^^\nSHELL [\"/bin/bash\", \"-c\"]\nENTRYPOINT x\nFROM b\nCMD x\n",
        );
    }

    #[test]
    fn plain_words_become_json() {
        check_fix(
            "shell-form-command",
            "FROM a\nCMD exec node  a.js\n",
            "FROM a\nCMD [\"node\", \"a.js\"]\n",
        );
    }

    #[test]
    fn a_command_with_exec_receives_signals() {
        check_rule(
            "shell-form-command",
            "FROM a\nCMD exec x $Y\n    ^^^^^^^^^ `exec` passes\nENTRYPOINT x $Y\n           ^^^^ does not receive stop signals: write `ENTRYPOINT [\"sh\", \"-c\", \"exec …\"]`\nCMD x && y\n    ^^^^^^ `CMD [\"sh\", \"-c\", \"… && exec …\"]`\n",
        );
    }

    #[test]
    fn what_stands_in_quotes_joins_no_commands() {
        check_rule(
            "shell-form-command",
            "FROM a\nCMD nginx -g 'daemon off;'\n    ^^^^^^^^^^^^^^^^^^^^^^ write `CMD [\"program\", \"argument\"]`\nCMD x '$Y'; z\n    ^^^^^^^^^ … && exec\n",
        );
    }

    #[test]
    fn what_needs_a_shell_is_left_to_the_author() {
        let found = findings("shell-form-command", "FROM a\nENTRYPOINT x $Y && z\n");
        assert!(found[0].fix().is_none());
    }
}
