//! `RUN npm start`.

use crate::analysis::lint::prelude::*;
use crate::analysis::model::shell::Operator;

rule! {
    /// `RUN` starts a server: the build waits for it without end, or it is gone when the `RUN` ends.
    ///
    /// `RUN` is for building: it waits until the command ends, and most servers do not end. Some (`nginx`,
    /// `apachectl start`) go on in the background; but an image keeps files, not running programs, so nothing is left of
    /// them. What should run in the container is said by `CMD` or `ENTRYPOINT`.
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
    for called in cx.commands().filter(|it| it.place.is_top_level() && it.place.pipeline.is_none()) {
        let is_in_background = called.place.after.is_some_and(|it| it.operator == Operator::Background);
        match server(called.command).filter(|_| !is_in_background) {
            Some(Server::Waits) => found(cx, called, report),
            // A command behind it may talk to it.
            Some(Server::Leaves(instead)) if called.place.after.is_none() => {
                let message = format!("this server is gone when the `RUN` ends: start it with `{instead}`");
                report.at(called.words_range(), message);
            }
            _ => {}
        }
    }
}

fn found(cx: &ShellContext<'_>, called: Called<'_>, report: &mut Report<'_>) {
    let message = "this server does not end, and the build waits for it: start it with `CMD`";
    let draft = report.at(called.words_range(), message);
    let is_alone = called.part.script.commands().count() == 1 && called.wrappers.is_empty();
    if is_alone && called.part.is_editable() && cx.instruction.flags.is_empty() {
        let keyword = cx.instruction.name.range();
        draft.unsafe_fix("Write `CMD`", vec![TextEdit::new(keyword, "CMD")]);
    }
}

enum Server {
    /// It serves until it is stopped.
    Waits,
    /// It goes on in the background; and how to start it instead.
    Leaves(&'static str),
}

fn server(command: &ShellCommand) -> Option<Server> {
    if command.has_any_flag(&["help", "version", "h", "V", "v", "check", "t", "T", "configtest"]) {
        return None;
    }
    let words: Vec<&str> = command.arguments.iter().map(|it| it.as_str()).collect();
    let is_web = matches!(command.name(), "nginx" | "httpd" | "apachectl" | "apache2ctl");
    match is_web {
        true => web_server(command, &words),
        false => serves(command, &words).then_some(Server::Waits),
    }
}

/// Those that go on in the background unless they are told not to.
fn web_server(command: &ShellCommand, words: &[&str]) -> Option<Server> {
    let text = words.join(" ");
    let is_in_front = ["daemon off", "FOREGROUND", "NO_DETACH"].iter().any(|it| text.contains(it));
    match (command.name(), words) {
        _ if is_in_front => Some(Server::Waits),
        ("nginx", []) => Some(Server::Leaves("CMD [\"nginx\", \"-g\", \"daemon off;\"]")),
        ("httpd", []) | (_, ["start"] | ["-k", "start"]) if command.name() != "nginx" => {
            Some(Server::Leaves(match command.name() {
                "apache2ctl" => "CMD [\"apache2ctl\", \"-D\", \"FOREGROUND\"]",
                "apachectl" => "CMD [\"apachectl\", \"-D\", \"FOREGROUND\"]",
                _ => "CMD [\"httpd\", \"-D\", \"FOREGROUND\"]",
            }))
        }
        _ => None,
    }
}

/// Programs that serve until they are stopped.
fn serves(command: &ShellCommand, words: &[&str]) -> bool {
    match (command.name(), words) {
        ("npm" | "yarn" | "pnpm" | "bun", ["start"] | ["run", "start" | "dev" | "serve"]) => true,
        ("yarn" | "pnpm" | "bun", ["dev" | "serve"]) => true,
        ("flask", ["run", ..]) | ("rails", ["server" | "s", ..]) | ("ng", ["serve", ..]) => true,
        ("fastapi", ["run" | "dev", ..]) | ("streamlit", ["run", ..]) => true,
        ("mkdocs" | "jekyll", ["serve", ..]) | ("hugo", ["server" | "serve", ..]) => true,
        ("jupyter", ["notebook" | "lab" | "server", rest @ ..]) => {
            rest.iter().all(|it| it.starts_with('-') && !it.contains("config"))
        }
        ("next", ["start" | "dev", ..]) | ("caddy", ["run", ..]) => true,
        ("python" | "python3", [script, "runserver", ..]) => script.ends_with("manage.py"),
        ("python" | "python3", ["-m", "http.server", ..]) => true,
        ("python" | "python3", ["app.py" | "server.py"]) => true,
        ("node", ["server.js" | "app.js" | "server.mjs" | "src/server.js"]) => true,
        ("php", ["artisan", "serve", ..]) => true,
        ("php", [..]) => command.has_flag("S"),
        ("uvicorn" | "gunicorn" | "hypercorn", [_, ..]) => true,
        ("nodemon" | "http-server" | "httpd-foreground" | "apache2-foreground", [..]) => true,
        ("redis-server", rest) => !rest.contains(&"--daemonize"),
        ("mongod", _) => !command.has_any_flag(&["fork", "shutdown", "repair"]),
        ("mysqld" | "mysqld_safe", _) => {
            !words.iter().any(|it| it.contains("init") || it.contains("bootstrap"))
        }
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
    fn what_leaves_for_the_background_is_gone() {
        check_rule(
            "server-at-build-time",
            "FROM a\nRUN nginx\n    ^^^^^ gone when the `RUN` ends\nRUN nginx -t\nRUN nginx -s reload\nRUN nginx -g 'daemon off;'\n    ^^^^^^^^^^^^^^^^^^^^^^ does not end\nRUN nginx && curl localhost\nRUN sed x y && /usr/sbin/apachectl start\n               ^^^^^^^^^^^^^^^^^^^^^^^^^ FOREGROUND\n",
        );
    }

    #[test]
    fn a_script_called_server_serves() {
        check_rule(
            "server-at-build-time",
            "FROM a\nRUN node server.js\n    ^^^^^^^^^^^^^^\nRUN node build.js\nRUN php -S 0:80\n    ^^^^^^^^^^^\nRUN php x.php\nRUN redis-server --daemonize yes && redis-cli ping\nRUN mysqld --initialize\nRUN if x; then nginx; fi\nRUN jupyter lab build && jupyter lab clean -y\n",
        );
    }

    #[test]
    fn what_runs_in_the_background_ends_with_the_command() {
        check_rule(
            "server-at-build-time",
            "FROM a\nRUN cd x && npm run start\n            ^^^^^^^^^^^^^ `CMD`\nRUN npm start & sleep 1; kill %1\nRUN python manage.py runserver 0:80\n    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\nRUN uvicorn --version\nRUN npm run build\n",
        );
    }
}
