//! `RUN --mount=type=cache` with options that do not fit.

use crate::analysis::knowledge::{MOUNT_KEYS, did_you_mean};
use crate::analysis::lint::prelude::*;
use crate::analysis::model::mount::{Mount, MountKind, mounts};
use crate::analysis::syntax::ast::FlagOption;

rule! {
    /// An option of `RUN --mount=` has no value, an impossible one, or does not fit the type of the mount.
    ///
    /// The build stops.
    ///
    /// ```dockerfile bad
    /// FROM golang:1.25
    /// RUN --mount=type=cache,target go build
    /// ```
    ///
    /// ```dockerfile bad
    /// FROM golang:1.25
    /// RUN --mount=type=bind,target=/src,uid=1000 go build
    /// ```
    ///
    /// ```dockerfile good
    /// FROM golang:1.25
    /// RUN --mount=type=cache,target=/root/.cache,uid=1000 go build
    /// ```
    error,
    name: "invalid-mount",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#run---mount",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Run]), deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    for mount in mounts(cx.instruction) {
        let is_understood = mount.options.iter().all(|it| !is_quoted(it)) && !has_unknown_type(&mount);
        if is_understood {
            check_options(&mount, report);
            check_whole(&mount, report);
        }
    }
}

/// Quotes hold commas together; such values are not taken apart here.
fn is_quoted(option: &FlagOption) -> bool {
    let value = option.value.as_ref().map_or("", |it| it.raw());
    option.name.as_str().contains('"') || value.contains(['"', '\'', '\\'])
}

fn has_unknown_type(mount: &Mount) -> bool {
    matches!(mount.kind, MountKind::Other(_))
}

/// Each option by itself. BuildKit reads them in order, so `type` counts only for what follows it.
fn check_options(mount: &Mount, report: &mut Report<'_>) {
    let mut is_type_read = mount.kind == MountKind::Bind;
    for option in &mount.options {
        let name = option.name.as_str().to_ascii_lowercase();
        if name == "type" {
            is_type_read = true;
        }
        let fault = match &option.value {
            None => lone_fault(&name, mount, is_type_read),
            Some(value) if value.has_variables() => None,
            Some(value) => value_fault(&name, value.raw(), mount, is_type_read),
        };
        if let Some(fault) = fault {
            report.at(option.range, fault);
        }
    }
}

fn lone_fault(name: &str, mount: &Mount, is_type_read: bool) -> Option<String> {
    match name {
        "readonly" | "ro" | "readwrite" | "rw" => None,
        "required" => required_fault(mount, is_type_read),
        "" => Some("between two commas an option is missing".into()),
        _ if MOUNT_KEYS.contains(&name) => Some(format!("`{name}` needs a value: write `{name}=…`")),
        // Another rule says so.
        _ if did_you_mean(name, MOUNT_KEYS.iter().copied()).is_some() => None,
        _ => None,
    }
}

fn required_fault(mount: &Mount, is_type_read: bool) -> Option<String> {
    match mount.kind {
        MountKind::Secret | MountKind::Ssh if is_type_read => None,
        MountKind::Secret | MountKind::Ssh => Some("`type` must stand before `required`".into()),
        _ => Some("only secrets and ssh mounts can be `required`".into()),
    }
}

fn value_fault(name: &str, value: &str, mount: &Mount, is_type_read: bool) -> Option<String> {
    match name {
        "readonly" | "ro" | "readwrite" | "rw" if !is_bool(value) => {
            Some(format!("`{value}` is neither `true` nor `false`"))
        }
        "required" => required_fault(mount, is_type_read)
            .or_else(|| (!is_bool(value)).then(|| format!("`{value}` is neither `true` nor `false`"))),
        "size" if mount.kind != MountKind::Tmpfs => Some("only a tmpfs mount has a size".into()),
        "size" if !is_type_read => Some("`type` must stand before `size`".into()),
        "size" if !value.trim_start_matches(['+', '.']).starts_with(|c: char| c.is_ascii_digit()) => {
            Some(format!("`{value}` is no size: write it like `64m`"))
        }
        "sharing" => {
            let is_known = ["shared", "private", "locked"].iter().any(|it| it.eq_ignore_ascii_case(value));
            (!is_known).then(|| format!("`{value}` is none of `shared`, `private`, `locked`"))
        }
        "mode" if u32::from_str_radix(value, 8).is_err() || value.starts_with('+') => {
            Some(format!("`{value}` is no mode: write octal digits such as `0755`"))
        }
        "uid" | "gid" if value.parse::<u32>().is_err() || value.starts_with('+') => {
            Some(format!("`{value}` is no number: names of users are not known here"))
        }
        _ => None,
    }
}

/// What Go's `strconv.ParseBool` takes.
pub(super) fn is_bool(value: &str) -> bool {
    matches!(
        value,
        "1" | "t" | "T" | "TRUE" | "true" | "True" | "0" | "f" | "F" | "FALSE" | "false" | "False"
    )
}

/// What the options say together.
fn check_whole(mount: &Mount, report: &mut Report<'_>) {
    let option = |names: &[&str]| {
        let is_named =
            |it: &&FlagOption| names.iter().any(|name| it.name.as_str().eq_ignore_ascii_case(name));
        mount.options.iter().filter(is_named).rfind(|it| it.value.is_some())
    };
    let filled =
        |names: &[&str]| option(names).filter(|it| it.value.as_ref().is_some_and(|it| !it.raw().is_empty()));
    let (source, target) = (filled(&["source", "src"]), filled(&["target", "dst", "destination"]));
    let (id, from, sharing) = (filled(&["id"]), filled(&["from"]), option(&["sharing"]));
    let is_secret = mount.kind == MountKind::Secret;
    let mut fault = |option: &FlagOption, message: &str| {
        report.at(option.range, message);
    };
    if matches!(mount.kind, MountKind::Bind | MountKind::Tmpfs) {
        for option in ["mode", "uid", "gid"].iter().filter_map(|name| option(&[name])) {
            fault(option, "bind and tmpfs mounts have no `mode`, `uid` and `gid`");
        }
    }
    if let Some(sharing) = sharing.filter(|_| mount.kind != MountKind::Cache) {
        fault(sharing, "only a cache mount has `sharing`");
    }
    if let Some(from) = from.filter(|_| is_secret) {
        fault(from, "a secret comes from the build command, not `from` a stage");
    }
    if let (Some(source), Some(_)) = (source.filter(|_| is_secret), id) {
        fault(source, "a secret has a `source` or an `id`, not both");
    }
    if let Some(source) = source.filter(|_| mount.kind == MountKind::Ssh) {
        fault(source, "an ssh mount has no `source`: write `id`");
    }
    let has_place = !matches!(mount.kind, MountKind::Secret | MountKind::Ssh);
    let is_root =
        |it: &FlagOption| it.value.as_ref().is_some_and(|it| !it.raw().is_empty() && is_root(it.raw()));
    if let Some(target) = target.filter(|it| has_place && is_root(it)) {
        fault(target, "nothing can be mounted over the root folder");
    }
    if is_secret && source.is_none() && target.is_none() && id.is_none() {
        report.at(mount.range, "a secret needs an `id`: write `--mount=type=secret,id=…`");
    }
}

/// `/`, `//`, `/.`, `/a/..` and the like.
fn is_root(path: &str) -> bool {
    path.starts_with('/') && crate::analysis::ignore::clean(path) == "/"
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn options_by_themselves() {
        check_rule(
            "invalid-mount",
            "FROM a\nRUN --mount=type=cache,target=/x,sharing=no,ro,id,uid=root ls\n                                 ^^^^^^^^^^ none of\n                                               ^^ needs a value\n                                                  ^^^^^^^^ no number\nRUN --mount=required,type=secret,id=x ls\n            ^^^^^^^^ before\nRUN --mount=type=tmpfs,target=/x,size=$S,rw=2 ls\n                                         ^^^^ neither\n",
        );
    }

    #[test]
    fn options_together() {
        check_rule(
            "invalid-mount",
            "FROM a\nRUN --mount=target=/.,mode=1 ls\n            ^^^^^^^^^ root\n                      ^^^^^^ bind\nRUN --mount=type=secret ls\n    ^^^^^^^^^^^^^^^^^^^ id\nRUN --mount=type=secret,id=a,src=b,from=c ls\n                             ^^^^^ not both\n                                   ^^^^^^ build command\nRUN --mount=type=$T,target=/ ls\nRUN --mount=type=secret,env=A,id=a ls\n",
        );
    }
}
