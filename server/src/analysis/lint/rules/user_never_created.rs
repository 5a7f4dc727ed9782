//! `USER app` without an `app`.

use crate::analysis::knowledge::Distribution;
use crate::analysis::lint::packages::{base_distribution, installs, root_image};
use crate::analysis::lint::prelude::*;

rule! {
    /// `USER` names a user that nothing has created.
    ///
    /// `USER` does not make a user, it only looks the name up in `/etc/passwd` of the image. If it is not there, the next
    /// `RUN` or the start of the container fails: "unable to find user app".
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// USER app
    /// CMD ["sleep", "60"]
    /// ```
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// RUN useradd --create-home app
    /// USER app
    /// CMD ["sleep", "60"]
    /// ```
    ///
    /// Many images bring a user: `node` in `node`, `nonroot` in distroless. A number (`USER 1000`) needs no entry.
    name: "user-never-created",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#user",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    let Some(image) = plain_image(cx) else { return };
    for instruction in cx.instructions().filter(|it| it.keyword == Some(Keyword::User)) {
        let Arguments::Single(Some(word)) = &instruction.node.arguments else { continue };
        let value = cx.cx.model.expand(word, instruction.id);
        let Some(name) = value.certain().and_then(|it| it.split(':').next()) else { continue };
        let is_name = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
        if !is_name || is_in_image(&image, name) || may_be_created(cx, instruction.id, name) {
            continue;
        }
        let command = command(base_distribution(cx.cx, cx.stage), name);
        let message =
            format!("nothing has created the user `{name}`: add `RUN {command}` above, or use a number");
        let draft = report.at(instruction.absolute(word.range()), message);
        if is_first(cx, instruction) && !value.text().is_some_and(|it| it.contains(':')) {
            let line = format!("RUN {command}{}", cx.cx.newline_before(instruction.start));
            draft.unsafe_fix(
                format!("Put `RUN {command}` before it"),
                vec![TextEdit::insert(instruction.start, line)],
            );
        }
        return;
    }
}

/// What creates the user and a group of the same name.
fn command(distribution: Option<Distribution>, name: &str) -> String {
    match distribution {
        Some(Distribution::Alpine) => format!("adduser -D {name}"),
        _ => format!("useradd --create-home {name}"),
    }
}

/// Whether root acts until here, who alone may create users.
fn is_first(cx: &StageContext<'_>, user: InstructionRef<'_>) -> bool {
    let is_base = cx.cx.model.lineage(cx.stage.id).count() == 1;
    is_base
        && cx.instructions().find(|it| it.keyword == Some(Keyword::User)).is_some_and(|it| it.id == user.id)
}

/// The name of an official image whose users are known: distributions and languages.
fn plain_image(cx: &StageContext<'_>) -> Option<String> {
    let image = root_image(cx.cx, cx.stage)?;
    let name = image.official_name()?;
    const KNOWN: [&str; 10] =
        ["alpine", "debian", "ubuntu", "fedora", "node", "python", "golang", "rust", "ruby", "openjdk"];
    KNOWN.contains(&name).then(|| name.to_owned())
}

fn is_in_image(image: &str, name: &str) -> bool {
    const EVERYWHERE: &[&str] = &[
        "root",
        "daemon",
        "bin",
        "sys",
        "sync",
        "games",
        "man",
        "lp",
        "mail",
        "news",
        "uucp",
        "proxy",
        "www-data",
        "backup",
        "list",
        "irc",
        "gnats",
        "_apt",
        "nobody",
        "adm",
        "shutdown",
        "halt",
        "operator",
        "guest",
        "ftp",
        "postmaster",
        "cron",
        "sshd",
        "at",
        "squid",
        "xfs",
        "cyrus",
        "vpopmail",
        "ntp",
        "smmsp",
        "ContainerUser",
        "ContainerAdministrator",
    ];
    EVERYWHERE.contains(&name) || knowledge::users_for(image).any(|it| it.name == name)
}

/// Whether anything above names the user, or does what we cannot look into.
fn may_be_created(cx: &StageContext<'_>, at: InstructionId, name: &str) -> bool {
    let stages = cx.cx.model.lineage(cx.stage.id).flat_map(|stage| stage.instructions.clone());
    let before =
        stages.filter(|id| *id < at.0).filter_map(|id| cx.cx.model.file().instruction(InstructionId(id)));
    let mut before = before.filter(|it| it.keyword != Some(Keyword::User));
    before.any(|it| match it.keyword {
        Some(Keyword::Run) => {
            let is_named = cx.cx.source(it.absolute_range()).contains(name);
            is_named || cx.cx.shell(it.id).is_none_or(|shell| is_opaque(&shell))
        }
        Some(Keyword::Copy | Keyword::Add) => brings_users(it),
        _ => false,
    })
}

/// A script, or a package that may bring a user.
fn is_opaque(shell: &ShellContext<'_>) -> bool {
    shell.parts.iter().any(|it| it.script.has_error || !it.text.kind.is_posix())
        || shell.commands().any(|it| {
            let name = it.name();
            let is_script = name.contains('/') || name.ends_with(".sh") || name.contains('$');
            let makes_users =
                matches!(name, "useradd" | "adduser" | "sh" | "bash" | "ansible-playbook" | "make");
            is_script || makes_users || installs(it.command)
        })
}

/// `/etc/passwd`, or a whole file system.
fn brings_users(instruction: InstructionRef<'_>) -> bool {
    let Arguments::Copy(copy) = &instruction.node.arguments else { return true };
    let destination = copy.destination.as_ref().map_or("", |it| it.raw()).trim_matches('"');
    matches!(destination, "/" | "/etc" | "/etc/" | "." | "./")
        && copy.sources.iter().all(|it| it.raw() != ".")
        || instruction.node.joined.as_str().contains("passwd")
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn it_is_created_as_the_base_does_it() {
        check_fix(
            "user-never-created",
            "FROM python:3.14-alpine\nUSER app\nFROM python:3.14\nCMD a\nUSER app\n",
            "FROM python:3.14-alpine\nRUN adduser -D app\nUSER app\nFROM python:3.14\nCMD a\nRUN useradd --create-home app\nUSER app\n",
        );
    }

    #[test]
    fn a_user_has_to_come_from_somewhere() {
        check_rule(
            "user-never-created",
            "FROM alpine AS b\nUSER app:app\n     ^^^^^^^ adduser -D app\nFROM b\nUSER nobody\nUSER 1000\nUSER $U\nFROM node:24\nUSER node\nFROM me/x\nUSER app\n",
        );
    }

    #[test]
    fn what_may_have_created_it_silences() {
        for before in [
            "RUN adduser -D app",
            "RUN ./setup.sh",
            "RUN apk add x",
            "COPY passwd /etc/passwd",
            "ADD root.tar /",
        ] {
            check_rule("user-never-created", &format!("FROM alpine\n{before}\nUSER app\n"));
        }
    }
}
