//! The image has no such program, or cannot run it.

use super::{Cause, CauseKind, Evidence, between};
use crate::analysis::knowledge::{Distribution, package_manager};

pub fn explain(evidence: &Evidence<'_>) -> Option<Cause> {
    format(evidence)
        .or_else(|| no_shell(evidence))
        .or_else(|| line_endings(evidence))
        .or_else(|| not_found(evidence))
}

fn format(evidence: &Evidence<'_>) -> Option<Cause> {
    if !evidence.has("exec format error") && !evidence.has("cannot execute binary file") {
        return None;
    }
    Some(Cause::new(
        CauseKind::WrongPlatform,
        "the program was made for another processor than the build runs on (or is a script without `#!` in its first line)",
        "take an image or a download for this processor, build with `--platform`, or install emulation (QEMU/binfmt) \
         for the other one",
    ))
}

/// `exec: "/bin/sh": stat /bin/sh: no such file or directory`, `fork/exec /bin/sh: no such file or directory`
fn no_shell(evidence: &Evidence<'_>) -> Option<Cause> {
    let is_missing = |line: &str, shell: &str| {
        line.contains(&format!("stat {shell}: no such file"))
            || line.contains(&format!("exec {shell}: no such file"))
    };
    let shells = ["/bin/sh", "/bin/bash", "/bin/ash"];
    let shell = evidence.lines().find_map(|line| shells.iter().find(|it| is_missing(line, it)))?;
    let cause = Cause::new(
        CauseKind::NoShell,
        format!("the image has no `{shell}`, and a `RUN` in shell form needs one"),
        "run such commands in an earlier stage that has a shell and copy the result with `COPY --from`, or write the \
         command as a JSON array: RUN [\"/program\", \"argument\"]",
    );
    Some(cause.about(shell))
}

/// A script with Windows line ends asks for an interpreter whose name ends with a carriage return.
fn line_endings(evidence: &Evidence<'_>) -> Option<Cause> {
    let marks = [
        "^M: bad interpreter",
        "\\r': No such file",
        "\\r’: No such file",
        "$'\\r': command not found",
        "sh\\r",
    ];
    evidence.has_any(&marks).then(|| {
        Cause::new(
            CauseKind::LineEndings,
            "the script has Windows line ends (CRLF), and the shell takes the invisible character for part of a name",
            "save the script with LF line ends (in Git: a line `*.sh text eol=lf` in `.gitattributes`)",
        )
    })
}

fn not_found(evidence: &Evidence<'_>) -> Option<Cause> {
    let command = missing_command(evidence)?;
    let why = format!("the image has no command `{command}`");
    Some(Cause::new(CauseKind::CommandNotFound, why, way_out(command, evidence.distribution)).about(command))
}

/// A shell goes on after a command it did not find: only with its exit code, or as the last word, it is the cause.
fn missing_command<'a>(evidence: &Evidence<'a>) -> Option<&'a str> {
    let reach = if evidence.exit_code == Some(127) { usize::MAX } else { 1 };
    evidence
        .lines()
        .filter(|it| !it.trim().is_empty())
        .take(reach)
        .find_map(from_line)
        .or_else(|| from_line(evidence.said))
}

fn from_line(line: &str) -> Option<&str> {
    from_shell(line).or_else(|| from_runtime(line)).or_else(|| from_env(line)).filter(|it| is_command(it))
}

/// dash: `/bin/sh: 1: make: not found`; BusyBox: `/bin/sh: make: not found`;
/// bash: `/bin/bash: line 1: make: command not found`; zsh: `zsh:1: command not found: make`.
fn from_shell(line: &str) -> Option<&str> {
    if let Some((_, command)) = line.split_once(": command not found: ") {
        return Some(command.trim());
    }
    let line = line.trim_end();
    let rest = line.strip_suffix(": command not found").or_else(|| line.strip_suffix(": not found"))?;
    let is_shell = ["sh: ", "bash: ", "ash: ", "/bin/", "sh:"].iter().any(|it| rest.contains(it));
    let (_, command) = rest.rsplit_once(": ").filter(|_| is_shell)?;
    Some(command.trim())
}

/// `exec: "make": executable file not found in $PATH`
fn from_runtime(line: &str) -> Option<&str> {
    let quoted = between(line, "exec: \"", "\": executable file not found");
    quoted.or_else(|| between(line, "exec: \\\"", "\\\": executable file not found"))
}

/// `/usr/bin/env: ‘python’: No such file or directory`
fn from_env(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("env: ")?;
    let command = rest
        .strip_suffix(": No such file or directory")
        .or_else(|| between(rest, "can't execute ", ": No such"))?;
    Some(command.trim_matches(['\'', '‘', '’', '"', '`']))
}

fn is_command(text: &str) -> bool {
    !text.is_empty() && text.len() < 100 && !text.contains(char::is_whitespace)
}

fn way_out(command: &str, distribution: Option<Distribution>) -> String {
    let name = command.rsplit('/').next().unwrap_or(command);
    if let Some(manager) = package_manager_of(name) {
        return wrong_manager(manager, distribution);
    }
    match name {
        "sudo" => return "leave `sudo` out: `RUN` works as root unless `USER` says otherwise".to_owned(),
        "source" => {
            return "`source` is a word of bash: write `.` instead, or set `SHELL [\"/bin/bash\", \"-c\"]`"
                .to_owned();
        }
        "bash" if distribution == Some(Distribution::Alpine) => {
            return "use `sh`, which Alpine has, or install it first: `RUN apk add --no-cache bash`"
                .to_owned();
        }
        _ => {}
    }
    if command.contains('/') {
        return format!("check the path: is `{command}` copied or made in an earlier line of this stage?");
    }
    let package = package_of(name);
    match distribution.and_then(package_manager) {
        Some(manager) => format!(
            "check the spelling, or install it in an earlier line: `RUN {}`",
            manager.install.replace("{packages}", package)
        ),
        None if distribution == Some(Distribution::WithoutPackages) => {
            "this image has nearly no programs: run the command in an earlier stage, and copy the result with `COPY --from`"
                .to_owned()
        }
        None => format!(
            "check the spelling, or install it in an earlier `RUN` (`apt-get update && apt-get install -y {package}` on \
             Debian and Ubuntu, `apk add --no-cache {package}` on Alpine)"
        ),
    }
}

/// The package that brings a command, where it has another name.
fn package_of(command: &str) -> &str {
    match command {
        "pip" | "pip3" => "python3-pip",
        "python" => "python3",
        "cc" => "gcc",
        "g++" | "c++" => "g++",
        "xz" => "xz-utils",
        "ps" | "top" | "free" => "procps",
        "ping" => "iputils-ping",
        "ip" | "ss" => "iproute2",
        "nslookup" | "dig" => "dnsutils",
        "ssh" | "ssh-keyscan" => "openssh-client",
        "add-apt-repository" => "software-properties-common",
        "lsb_release" => "lsb-release",
        "gpg" => "gnupg",
        "vi" => "vim",
        other => other,
    }
}

fn package_manager_of(command: &str) -> Option<&'static str> {
    ["apt-get", "apt", "apk", "dnf", "yum", "microdnf", "zypper", "pacman"]
        .into_iter()
        .find(|it| *it == command)
}

fn wrong_manager(used: &str, distribution: Option<Distribution>) -> String {
    match distribution.and_then(package_manager) {
        Some(manager) => {
            format!("this image installs packages with `{}`, not with `{used}`", manager.command)
        }
        None => format!(
            "`{used}` belongs to another distribution: use the package manager of this one (`apt-get` on Debian and Ubuntu, \
             `apk` on Alpine, `dnf` on Fedora), or another base image"
        ),
    }
}
