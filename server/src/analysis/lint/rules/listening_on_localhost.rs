//! `EXPOSE 8000` and a server on 127.0.0.1.

use crate::analysis::lint::launch;
use crate::analysis::lint::prelude::*;

rule! {
    /// The server listens on `localhost`, so nobody outside the container reaches it.
    ///
    /// Inside a container `127.0.0.1` is the container itself. `docker run -p` passes connections to its network address,
    /// where nobody listens: the browser says that the connection was reset.
    ///
    /// ```dockerfile bad
    /// FROM python:3.14
    /// EXPOSE 8000
    /// CMD ["python", "manage.py", "runserver"]
    /// ```
    ///
    /// `0.0.0.0` means all addresses of the container:
    ///
    /// ```dockerfile good
    /// FROM python:3.14
    /// EXPOSE 8000
    /// CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]
    /// ```
    ///
    /// Many development servers do it unless told otherwise: `flask run --host=0.0.0.0`, `uvicorn --host 0.0.0.0`,
    /// `gunicorn --bind 0.0.0.0:8000`, `ng serve --host 0.0.0.0`.
    name: "listening-on-localhost",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/engine/network/port-publishing/",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    let Some(expose) = launch::last_of(cx.cx, cx.stage, Keyword::Expose) else { return };
    for keyword in [Keyword::Entrypoint, Keyword::Cmd] {
        let Some(instruction) = launch::last_of_own(cx.cx, cx.stage, keyword) else { continue };
        let Some(shell) = cx.cx.shell(instruction.id) else { continue };
        for called in shell.commands() {
            if let Some((range, way_out)) = local_server(cx, called) {
                let message = format!(
                    "this listens inside the container only, so the exposed port is not reached: write `{way_out}`"
                );
                let port = expose.absolute(expose.node.line_range);
                let edit = edit(cx, instruction, called, range, &way_out);
                let draft = report.at(instruction.absolute(range), message).related(port, "exposed here");
                if let Some(edit) = edit {
                    draft.unsafe_fix("Listen on all addresses of the container", vec![edit]);
                }
                return;
            }
        }
    }
}

/// Writes the address: in place of the word that names the wrong one, or as one more word at the end.
fn edit(
    cx: &StageContext<'_>,
    instruction: InstructionRef<'_>,
    called: Called<'_>,
    range: TextRange,
    way_out: &str,
) -> Option<TextEdit> {
    let absolute = instruction.absolute(range);
    let is_word = called.command.arguments.iter().any(|it| it.range == range);
    if is_word {
        return Some(TextEdit::new(absolute, way_out));
    }
    let words = called.command.arguments.len();
    // `flask run --host=0.0.0.0`: what the command has already is not written again.
    let added: Vec<&str> =
        way_out.split(' ').filter(|it| it.starts_with('-') || it.starts_with("0.0.0.0")).collect();
    let has_port = called.command.has_argument("runserver") && words > 2;
    if added.is_empty() || has_port {
        return None;
    }
    match cx.cx.source(absolute).strip_suffix(']') {
        Some(_) => {
            let added: String = added.iter().map(|it| format!(", \"{it}\"")).collect();
            Some(TextEdit::insert(absolute.end() - TextSize::from(1), added))
        }
        None if called.part.is_editable() => {
            let added: String = added.iter().map(|it| format!(" {it}")).collect();
            Some(TextEdit::insert(absolute.end(), added))
        }
        None => None,
    }
}

/// The place that binds to localhost and what to write there.
fn local_server(cx: &StageContext<'_>, called: Called<'_>) -> Option<(TextRange, String)> {
    let command = called.command;
    let words: Vec<&str> = command.arguments.iter().map(|it| it.as_str()).collect();
    if let Some(found) = written_localhost(command, &words) {
        return Some(found);
    }
    let has = |names: &[&str]| command.has_any_flag(names);
    let is_set = |name: &str| {
        let mut stages = cx.cx.model.definitions_of(name).filter_map(|it| it.stage);
        stages.any(|set| cx.cx.model.lineage(cx.stage.id).any(|own| own.id == set))
    };
    let whole = launch::words_range(called.part, command);
    let name = command.name().rsplit('/').next().unwrap_or_default();
    if command.arguments.iter().any(|it| it.has_expansion()) {
        return None;
    }
    match (name, words.as_slice()) {
        ("python" | "python3", [script, "runserver", rest @ ..]) if script.ends_with("manage.py") => {
            let address = rest.iter().find(|it| !it.starts_with('-'));
            let is_port = address.is_none_or(|it| it.chars().all(|c| c.is_ascii_digit()));
            let port = address.unwrap_or(&"8000");
            is_port.then(|| (whole, format!("runserver 0.0.0.0:{port}")))
        }
        ("flask", ["run", ..]) if !has(&["host", "h"]) && !is_set("FLASK_RUN_HOST") => {
            Some((whole, "flask run --host=0.0.0.0".into()))
        }
        ("uvicorn", [_, ..]) if !has(&["host", "uds", "fd", "help"]) && !is_set("UVICORN_HOST") => {
            Some((whole, "--host 0.0.0.0".into()))
        }
        ("gunicorn", [_, ..])
            if !has(&["bind", "b", "config", "c"]) && !is_set("GUNICORN_CMD_ARGS") && !is_set("PORT") =>
        {
            Some((whole, "--bind 0.0.0.0:8000".into()))
        }
        // Jupyter's own images have a configuration that says so.
        ("jupyter", ["notebook" | "lab" | "server", ..])
            if !has(&["ip", "config"]) && !base_name(cx).is_some_and(|it| it.contains("jupyter")) =>
        {
            Some((whole, "--ip=0.0.0.0".into()))
        }
        ("ng", ["serve", ..]) if !has(&["host"]) => Some((whole, "--host 0.0.0.0".into())),
        _ => None,
    }
}

fn base_name(cx: &StageContext<'_>) -> Option<String> {
    match cx.cx.model.root_base(cx.stage.id)? {
        Base::Image(image) => ImageReference::parse(image.text()?).familiar_name(),
        _ => None,
    }
}

/// `--host 127.0.0.1`, `--bind=localhost:80`, `-b 127.0.0.1:80`, `-S localhost:80`.
fn written_localhost(command: &ShellCommand, words: &[&str]) -> Option<(TextRange, String)> {
    let is_server = |it: &str| {
        matches!(
            it.split('=').next(),
            Some("--host" | "--bind" | "--hostname" | "--listen" | "--address" | "--ip" | "--addr")
        )
    };
    let is_php = command.is("php");
    words.iter().enumerate().find_map(|(index, word)| {
        let flag = match word.split_once('=') {
            Some((flag, _)) => flag,
            None => index.checked_sub(1).and_then(|before| words.get(before)).copied().unwrap_or_default(),
        };
        let value = word.split_once('=').map_or(*word, |(_, value)| value);
        let is_flag = is_server(flag) || is_php && flag == "-S" || command.is("gunicorn") && flag == "-b";
        let is_local = ["127.0.0.1", "localhost"]
            .iter()
            .any(|it| value == *it || value.strip_prefix(it).is_some_and(|rest| rest.starts_with(':')));
        let range = command.arguments.get(index)?.range;
        let better = word.replace("127.0.0.1", "0.0.0.0").replace("localhost", "0.0.0.0");
        (is_flag && is_local).then_some((range, better))
    })
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn the_address_is_written_where_it_belongs() {
        check_fix(
            "listening-on-localhost",
            "FROM a\nEXPOSE 1\nCMD [\"flask\", \"run\"]\n",
            "FROM a\nEXPOSE 1\nCMD [\"flask\", \"run\", \"--host=0.0.0.0\"]\n",
        );
        check_fix(
            "listening-on-localhost",
            "FROM a\nEXPOSE 1\nCMD uvicorn a:b\n",
            "FROM a\nEXPOSE 1\nCMD uvicorn a:b --host 0.0.0.0\n",
        );
        check_fix(
            "listening-on-localhost",
            "FROM a\nEXPOSE 1\nCMD [\"x\", \"--host\", \"127.0.0.1\"]\n",
            "FROM a\nEXPOSE 1\nCMD [\"x\", \"--host\", \"0.0.0.0\"]\n",
        );
    }

    #[test]
    fn notebooks_listen_on_localhost_but_not_in_their_own_image() {
        check_rule(
            "listening-on-localhost",
            "FROM python\nEXPOSE 1\nCMD [\"jupyter\", \"lab\"]\n    ^^^^^^^^^^^^^^^^^^ `--ip=0.0.0.0`\nFROM jupyter/base-notebook\nEXPOSE 1\nCMD jupyter lab\n",
        );
    }

    #[test]
    fn an_address_or_a_default_binds_to_localhost() {
        check_rule(
            "listening-on-localhost",
            "FROM a\nEXPOSE 1\nCMD x --host=127.0.0.1 --to http://localhost:2\n      ^^^^^^^^^^^^^^^^ `--host=0.0.0.0`\nFROM a\nEXPOSE 1\nCMD exec uvicorn a:b\n         ^^^^^^^^^^^ --host\nFROM a\nEXPOSE 1\nCMD [\"gunicorn\", \"-b\", \"localhost:1\", \"a\"]\n                        ^^^^^^^^^^^ `0.0.0.0:1`\nFROM a\nEXPOSE 1\nCMD flask run -h 0.0.0.0\nFROM a\nCMD flask run\n",
        );
    }
}
