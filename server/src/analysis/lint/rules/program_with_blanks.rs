//! `CMD ["npm start"]`.

use crate::analysis::lint::launch;
use crate::analysis::lint::prelude::*;

rule! {
    /// The first string of an exec form holds blanks, so it is taken for the name of one program.
    ///
    /// No shell reads an exec form, so nothing splits a string at its blanks. Docker looks for a file that is called
    /// `npm start`, blank included, and the container stops with "executable file not found" as soon as it starts.
    ///
    /// ```dockerfile bad
    /// FROM node:24
    /// CMD ["npm start"]
    /// ```
    ///
    /// Give each word a string of its own:
    ///
    /// ```dockerfile good
    /// FROM node:24
    /// CMD ["npm", "start"]
    /// ```
    ///
    /// What needs a shell, such as `&&`, has to start one:
    ///
    /// ```dockerfile good
    /// FROM node:24
    /// CMD ["sh", "-c", "npm run migrate && exec npm start"]
    /// ```
    name: "program-with-blanks",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#exec-form",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    let keywords = [Keyword::Run, Keyword::Cmd, Keyword::Entrypoint, Keyword::Healthcheck];
    for instruction in keywords.into_iter().flat_map(|it| cx.with_keyword(it)) {
        let Some(Command::Exec(exec)) = launch::command(instruction.node) else { continue };
        let Some(first) = exec.arguments.first().filter(|it| is_command_line(it.text.as_str())) else {
            continue;
        };
        // Then it is an argument.
        if launch::entrypoint_of_cmd(cx, instruction).is_some() {
            continue;
        }
        let text = first.text.as_str();
        let words: Vec<String> = match needs_shell(text) {
            true => ["sh", "-c", text].map(quoted).into(),
            false => text.split_whitespace().map(quoted).collect(),
        };
        let words = words.join(", ");
        let shown: String = text.chars().take(60).collect();
        let message = format!("there is no program called `{shown}`: write {words} instead of one string");
        let range = instruction.absolute(first.range);
        report.at(range, message).unsafe_fix(format!("Write {words}"), vec![TextEdit::new(range, words)]);
    }
}

/// Whether it is words rather than the path of a program (`C:\Program Files\…`) or a flag of an unseen `ENTRYPOINT`.
fn is_command_line(text: &str) -> bool {
    let is_path = text.contains(['\\', ':']) || text.starts_with("/") && text.contains(" /");
    text.trim().contains(char::is_whitespace) && !text.starts_with('-') && !is_path
}

fn needs_shell(text: &str) -> bool {
    text.contains(|c: char| "|&;<>()$`\\\"'*?[]{}~\n".contains(c))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn the_program_is_one_word() {
        check_rule(
            "program-with-blanks",
            "FROM a\nCMD [\"npm start\"]\n     ^^^^^^^^^^^ write \"npm\", \"start\"\nRUN [\"a\", \"b c\"]\nHEALTHCHECK CMD [\"curl x\", \"-f\"]\n                 ^^^^^^^^\n",
        );
    }

    #[test]
    fn arguments_flags_and_windows_paths_may_hold_blanks() {
        check_rule("program-with-blanks", "FROM a\nENTRYPOINT [\"sh\", \"-c\"]\nCMD [\"npm start\"]\n");
        check_rule("program-with-blanks", "FROM a\nCMD [\"-jar x.jar\"]\n");
        check_rule("program-with-blanks", "FROM a\nCMD [\"C:\\\\Program Files\\\\a.exe\"]\n");
    }

    #[test]
    fn the_fix_splits_or_starts_a_shell() {
        check_fix("program-with-blanks", "FROM a\nCMD [\"b c\"]\n", "FROM a\nCMD [\"b\", \"c\"]\n");
        check_fix(
            "program-with-blanks",
            "FROM a\nCMD [\"b && c\"]\n",
            "FROM a\nCMD [\"sh\", \"-c\", \"b && c\"]\n",
        );
    }
}
