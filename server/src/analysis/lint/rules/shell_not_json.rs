//! `SHELL /bin/bash -c`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `SHELL` is not given a JSON array.
    ///
    /// The build stops. `SHELL` takes a JSON array only, with double quotes around each word.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// SHELL /bin/bash -o pipefail -c
    /// ```
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// SHELL ["/bin/bash", "-o", "pipefail", "-c"]
    /// ```
    error,
    name: "shell-not-json",
    aliases: &["SHELL_JSON_FORM"],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#shell",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Shell]), deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Arguments::Command(Some(Command::Shell(text))) = &cx.instruction.arguments else { return };
    // `[1]` has an error of its own.
    if cx.instruction.problems.iter().any(|it| it.kind == ProblemKind::JsonNotStrings) {
        return;
    }
    let words: Vec<&str> = text.as_str().split_whitespace().collect();
    let has_special = text.as_str().contains(['"', '\'', '\\', '[', ']', ',']);
    let draft = report.at(text.range(), "`SHELL` takes a JSON array: write `SHELL [\"/bin/bash\", \"-c\"]`");
    if !has_special {
        let json: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
        draft.unsafe_fix(
            "Write it as JSON",
            vec![TextEdit::new(text.range(), format!("[{}]", json.join(", ")))],
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn single_quotes_are_not_json() {
        check_rule("shell-not-json", "FROM a\nSHELL ['sh', '-c']\n      ^^^^^^^^^^^^\nSHELL [\"sh\"]\n");
    }

    #[test]
    fn words_become_json() {
        check_fix("shell-not-json", "FROM a\nSHELL bash -c\n", "FROM a\nSHELL [\"bash\", \"-c\"]\n");
    }
}
