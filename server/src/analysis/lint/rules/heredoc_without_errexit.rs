//! `RUN <<EOF` whose commands may fail unseen.

use crate::analysis::lint::prelude::*;
use crate::analysis::model::shell::{Operator, ShellForm};

rule! {
    /// A heredoc goes on after a command that failed, and only the last one decides.
    ///
    /// The lines are a script. When one of them fails the shell takes the next, so a broken download or a missing
    /// package is noticed late or never, and the image is built without it.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// RUN <<EOF
    /// apt-get update
    /// apt-get install -y curl
    /// EOF
    /// ```
    ///
    /// `set -e` stops at the first failure:
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// RUN <<EOF
    /// set -e
    /// apt-get update
    /// apt-get install -y curl
    /// EOF
    /// ```
    ///
    /// `SHELL ["/bin/bash", "-e", "-c"]` does it for all that follows.
    name: "heredoc-without-errexit",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#here-documents",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    for part in cx.parts {
        let ShellForm::Script { heredoc } = part.text.form else { continue };
        let Some(heredoc) = cx.instruction.heredocs.get(heredoc) else { continue };
        // Another program than the shell of the build has its own flags, written in the line.
        let is_plain = heredoc.marker == cx.instruction.arguments_text.range();
        let is_safe =
            has_errexit_shebang(part.script.text.as_str()) || !is_plain || sets_errexit(&part.script);
        if is_safe || !goes_on_after_failure(&part.script) {
            continue;
        }
        let message =
            "a command that fails here does not stop the build, unless it is the last: begin with `set -e`";
        let draft = report.at(heredoc.marker, message);
        let body = part.script.text.as_str();
        if !body.starts_with("#!") && !heredoc.strips_tabs {
            draft.unsafe_fix("Begin with `set -e`", vec![TextEdit::insert(heredoc.body.start(), "set -e\n")]);
        }
    }
}

fn has_errexit_shebang(body: &str) -> bool {
    let Some(line) = body.strip_prefix("#!").and_then(|it| it.lines().next()) else { return false };
    line.split_whitespace().skip(1).any(|it| it.starts_with('-') && !it.starts_with("--") && it.contains('e'))
}

fn sets_errexit(script: &crate::analysis::model::shell::ShellScript) -> bool {
    script.commands().any(|it| it.is("set") && (it.has_flag("e") || it.has_argument("errexit")))
}

/// Whether there is a command that may fail and another one after it regardless.
fn goes_on_after_failure(script: &crate::analysis::model::shell::ShellScript) -> bool {
    let top: Vec<&ShellCommand> = script.commands().filter(|it| it.place.is_top_level()).collect();
    top.windows(2).any(|pair| match pair {
        [first, next] => {
            let is_next_line = next.place.before.is_none_or(|it| it.operator == Operator::Sequence);
            is_next_line && !cannot_fail(first)
        }
        _ => false,
    })
}

fn cannot_fail(command: &ShellCommand) -> bool {
    command.is_any(&[
        "", "echo", "export", "set", "exit", "true", ":", "printf", "alias", "umask", "unset", "shopt",
    ])
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn two_commands_need_it() {
        check_rule(
            "heredoc-without-errexit",
            "FROM a\nRUN <<E\n    ^^^ `set -e`\na\nb\nE\nRUN <<E\na &&\nb\nE\nRUN <<E\n#!/bin/bash -ex\na\nb\nE\nRUN <<E\nset -eux\na\nb\nE\nRUN <<E\necho a\nb\nE\nRUN bash -e <<E\na\nb\nE\nRUN <<E python3\na\nb\nE\n",
        );
    }

    #[test]
    fn it_comes_first() {
        check_fix(
            "heredoc-without-errexit",
            "FROM a\nRUN <<E\na\nb\nE\n",
            "FROM a\nRUN <<E\nset -e\na\nb\nE\n",
        );
    }
}
