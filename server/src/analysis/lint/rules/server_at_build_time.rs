//! `RUN npm start`.

use crate::analysis::lint::prelude::*;
use crate::analysis::model::shell::Operator;

rule! {
    /// `RUN` starts a server, so the build never comes to an end.
    ///
    /// `RUN` is for building: it waits until the command ends, and a server does not end. What should run in the
    /// container is said by `CMD` or `ENTRYPOINT`.
    ///
    /// ```dockerfile bad
    /// FROM node:24
    /// RUN npm start
    /// ```
    ///
    /// ```dockerfile good
    /// FROM node:24
    /// CMD ["npm", "start"]
    /// ```
    name: "server-at-build-time",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#cmd",
    check: Check::Shell { on: &[Keyword::Run], deferred: false, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    for part in cx.parts {
        for command in part.script.commands().filter(|it| it.place.is_top_level()) {
            let is_in_background = command.place.after.is_some_and(|it| it.operator == Operator::Background);
            if !is_in_background && command.place.pipeline.is_none() && is_server(command) {
                let message = "this server does not end, and the build waits for it: start it with `CMD`";
                let draft = report.at(command.words_range(), message);
                let keyword = cx.instruction.name.range();
                if part.script.commands().count() == 1 && cx.instruction.flags.is_empty() {
                    draft.unsafe_fix("Write `CMD`", vec![TextEdit::new(keyword, "CMD")]);
                }
            }
        }
    }
}

/// Programs that serve until they are stopped.
fn is_server(command: &ShellCommand) -> bool {
    let words: Vec<&str> = command.arguments.iter().map(|it| it.as_str()).collect();
    if command.has_any_flag(&["help", "version", "h", "V", "v", "check", "t", "T"]) {
        return false;
    }
    match (command.name(), words.as_slice()) {
        ("npm" | "yarn" | "pnpm" | "bun", ["start"] | ["run", "start" | "dev" | "serve"]) => true,
        ("flask", ["run", ..]) | ("rails", ["server" | "s", ..]) | ("ng", ["serve", ..]) => true,
        ("python" | "python3", [script, "runserver", ..]) => script.ends_with("manage.py"),
        ("python" | "python3", ["-m", "http.server", ..]) => true,
        ("uvicorn" | "gunicorn" | "hypercorn", [_, ..]) => true,
        ("nodemon" | "http-server", [..]) => true,
        ("tail", ["-f" | "-F", ..]) => true,
        ("sleep", ["infinity" | "inf"]) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn a_lone_server_becomes_the_command_of_the_container() {
        check_fix("server-at-build-time", "FROM a\nRUN npm start\n", "FROM a\nCMD npm start\n");
    }

    #[test]
    fn what_runs_in_the_background_ends_with_the_command() {
        check_rule(
            "server-at-build-time",
            "FROM a\nRUN cd x && npm run start\n            ^^^^^^^^^^^^^ `CMD`\nRUN npm start & sleep 1; kill %1\nRUN python manage.py runserver 0:80\n    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\nRUN uvicorn --version\nRUN npm run build\n",
        );
    }
}
