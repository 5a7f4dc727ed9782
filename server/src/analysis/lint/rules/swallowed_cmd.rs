//! `CMD` behind an `ENTRYPOINT` in shell form.

use crate::analysis::lint::launch;
use crate::analysis::lint::prelude::*;

rule! {
    /// The `CMD` is never used, because the `ENTRYPOINT` is in shell form.
    ///
    /// `CMD` gives arguments to `ENTRYPOINT`. In shell form the whole line is one text for `/bin/sh -c`, and what follows
    /// that text does not become part of the command. The arguments of `docker run image …` are lost the same way.
    ///
    /// ```dockerfile bad
    /// FROM python:3.14
    /// ENTRYPOINT python app.py
    /// CMD ["--port", "8000"]
    /// ```
    ///
    /// Write the `ENTRYPOINT` as a JSON array:
    ///
    /// ```dockerfile good
    /// FROM python:3.14
    /// ENTRYPOINT ["python", "app.py"]
    /// CMD ["--port", "8000"]
    /// ```
    name: "swallowed-cmd",
    aliases: &[],
    tag: Some(Tag::Unnecessary),
    url: "https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    let Some(cmd) = launch::last_of_own(cx.cx, cx.stage, Keyword::Cmd) else { return };
    // `CMD []` is written to take away that of the base image.
    if matches!(launch::command(cmd.node), Some(Command::Exec(exec)) if exec.arguments.is_empty()) {
        return;
    }
    let Some(entrypoint) = launch::last_of(cx.cx, cx.stage, Keyword::Entrypoint) else { return };
    let Some(Command::Shell(text)) = launch::command(entrypoint.node) else { return };
    if uses_arguments(text.as_str()) || cx.cx.setting(entrypoint.id).is_none_or(|it| !it.reader.is_posix()) {
        return;
    }
    let message = "this `CMD` has no effect: the `ENTRYPOINT` is in shell form and takes no arguments; write it as `[\"program\", …]`";
    let entrypoint = entrypoint.absolute(entrypoint.node.line_range);
    report.at(cmd.absolute(cmd.node.line_range), message).related(entrypoint, "in shell form");
}

/// The words of `CMD` are the shell's `$0`, `$1` and so on. A text in brackets is a JSON array gone wrong.
fn uses_arguments(text: &str) -> bool {
    text.starts_with('[')
        || ["$@", "$*", "$#", "$0", "$1", "${@", "${*", "${1", "${0"].iter().any(|it| text.contains(it))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn a_shell_form_takes_no_arguments() {
        check_rule(
            "swallowed-cmd",
            "FROM a AS b\nENTRYPOINT c\nFROM b\nCMD [\"d\"]\n^^^^^^^^^ no effect\nFROM b\nCMD []\nFROM b\nENTRYPOINT [\"e\"]\nCMD [\"f\"]\n",
        );
    }

    #[test]
    fn it_may_ask_for_them() {
        check_rule("swallowed-cmd", "FROM a\nENTRYPOINT exec c \"$0\" \"$@\"\nCMD [\"d\"]\n");
        check_rule("swallowed-cmd", "# escape=`\nFROM a\nENTRYPOINT c\nCMD [\"d\"]\n");
    }
}
