//! `RUN cd /app`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell::ShellPart;
use crate::analysis::model::shell::Operator;

rule! {
    /// A `RUN` sets something that is forgotten as soon as it ends.
    ///
    /// Every `RUN` starts a shell of its own. Files stay, but the current folder, variables, aliases and limits end with
    /// that shell: the next instruction knows nothing of them.
    ///
    /// ```dockerfile bad
    /// FROM node:24
    /// RUN cd /app
    /// RUN npm ci
    /// ```
    ///
    /// ```dockerfile bad
    /// FROM node:24
    /// RUN export NODE_ENV=production
    /// ```
    ///
    /// `WORKDIR` and `ENV` hold for all that follows:
    ///
    /// ```dockerfile good
    /// FROM node:24
    /// ENV NODE_ENV=production
    /// WORKDIR /app
    /// RUN npm ci
    /// ```
    name: "run-without-effect",
    aliases: &[],
    tag: Some(Tag::Unnecessary),
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#run",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    let [part] = cx.parts else { return };
    let commands: Vec<&ShellCommand> = part.script.commands().collect();
    let Some(first) = commands.first().filter(|_| commands.iter().all(|it| is_forgotten(it))) else {
        return check_end(part, report);
    };
    if !part.script.functions.is_empty() {
        return;
    }
    let main = commands.iter().find(|it| !it.is("set")).unwrap_or(first);
    let range = commands.iter().fold(first.range, |range, it| range.cover(it.range));
    let draft = report.at(range, message(main));
    if let Some(line) = instead(main).filter(|_| commands.len() == 1 && !cx.is_deferred) {
        let whole = cx.instruction.range;
        draft.unsafe_fix(format!("Write `{line}`"), vec![TextEdit::new(whole, line)]);
    }
}

/// `git clone … && cd app`: nothing comes behind it. `cd ..` and `cd -` only tidy up.
fn check_end(part: &ShellPart, report: &mut Report<'_>) {
    let Some(last) = part.script.commands().last() else { return };
    let [folder] = last.arguments.as_slice() else { return };
    let place = last.place;
    let is_end = place.is_top_level() && place.pipeline.is_none() && place.after.is_none();
    let is_forward = !folder.as_str().starts_with(['-', '.', '$']);
    if last.is("cd") && is_end && is_forward && place.before.is_some_and(|it| it.operator != Operator::Or) {
        report.at(last.words_range(), message(last));
    }
}

fn is_forgotten(command: &ShellCommand) -> bool {
    if !command.redirections.is_empty() || has_substitution(command) {
        return false;
    }
    match command.name() {
        "" => !command.assignments.is_empty(),
        "cd" | "export" | "alias" | "ulimit" | "umask" | "unset" | "set" | "shopt" | "pushd" | "popd" => true,
        "source" | "." => command.arguments.first().is_some_and(|it| only_sets_variables(it.as_str())),
        _ => false,
    }
}

fn has_substitution(command: &ShellCommand) -> bool {
    let values = command.assignments.iter().filter_map(|it| it.value.as_ref());
    command.arguments.iter().chain(values).any(|it| it.as_str().contains("$(") || it.as_str().contains('`'))
}

/// Files that people source for their variables; any other script may do something that stays.
fn only_sets_variables(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let known = ["activate", "environment", "nvm.sh", "cargo.sh", "env", "setenv.sh"];
    known.contains(&name) || name.ends_with("rc") || name.ends_with("profile") || name.ends_with(".env")
}

fn message(command: &ShellCommand) -> String {
    let name = command.name();
    match name {
        "cd" | "pushd" | "popd" => {
            "this has no effect: the folder is forgotten when this `RUN` ends; write `WORKDIR`".into()
        }
        "" | "export" => {
            "this has no effect: the variable is forgotten when this `RUN` ends; write `ENV`".into()
        }
        "source" | "." => {
            "this has no effect: what it sets is forgotten when this `RUN` ends; do it in the `RUN` that needs it".into()
        }
        _ => format!("`{name}` has no effect here: it ends with the shell of this `RUN`"),
    }
}

/// The instruction that does it for all that follows.
fn instead(command: &ShellCommand) -> Option<String> {
    let [argument] = command.arguments.as_slice() else { return None };
    let text = argument.as_str();
    let is_plain =
        argument.is_literal() && !text.contains(|c: char| c.is_whitespace() || "~*?'\"\\".contains(c));
    match command.name() {
        "cd" if is_plain && text != "-" => Some(format!("WORKDIR {text}")),
        "export" if is_plain && text.contains('=') => Some(format!("ENV {text}")),
        // What `activate` of a virtual environment does for the programs of it.
        "source" | "." if is_plain && text.starts_with('/') => {
            text.strip_suffix("/bin/activate").map(|folder| format!("ENV PATH={folder}/bin:$PATH"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn nothing_that_stays_may_be_in_it() {
        check_rule(
            "run-without-effect",
            "FROM a\nRUN set -e; cd /x\n    ^^^^^^^^^^^^^ `WORKDIR`\nRUN cd /x && make\nRUN export A=$(make)\nRUN ulimit -n 9 > x\nRUN . ./install.sh\nRUN source ~/.bashrc && A=b\n    ^^^^^^^^^^^^^^^^^^^^^^^ what it sets\n",
        );
    }

    #[test]
    fn a_folder_that_is_entered_at_the_end_is_forgotten() {
        check_rule(
            "run-without-effect",
            "FROM a\nRUN git clone x && cd x\n                   ^^^^ `WORKDIR`\nRUN cd x && make && cd ..\nRUN a && cd - && b\nRUN a || cd x\nRUN if a; then cd x; fi\n",
        );
    }

    #[test]
    fn workdir_and_env_do_it() {
        check_fix(
            "run-without-effect",
            "FROM a\nRUN cd /x\nRUN export A=b\nRUN . /venv/bin/activate\n",
            "FROM a\nWORKDIR /x\nENV A=b\nENV PATH=/venv/bin:$PATH\n",
        );
    }
}
