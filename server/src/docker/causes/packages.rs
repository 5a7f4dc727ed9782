//! A package manager does not know the package, or not that version.

use super::{Cause, CauseKind, Evidence, between, word_after};

pub fn explain(evidence: &Evidence<'_>) -> Option<Cause> {
    evidence.lines().find_map(|line| {
        apt(line, evidence).or_else(|| apk(line)).or_else(|| dnf(line)).or_else(|| languages(line))
    })
}

fn cause(package: &str, why: String, way_out: &str) -> Cause {
    Cause::new(CauseKind::PackageNotFound, why, way_out).about(package)
}

fn apt(line: &str, evidence: &Evidence<'_>) -> Option<Cause> {
    if let Some(package) = word_after(line, "E: Unable to locate package ") {
        let has_update = evidence.instruction.is_some_and(|it| it.contains("update"));
        let way_out = match has_update {
            true => "check the spelling, and whether this release of the distribution has it",
            false => {
                "run `apt-get update` before it, in the same `RUN`: images come without the lists of packages"
            }
        };
        return Some(cause(package, format!("apt knows no package `{package}`"), way_out));
    }
    if let Some(package) = between(line, "E: Package '", "' has no installation candidate") {
        let why = format!("apt has heard of `{package}`, but no repository offers it");
        return Some(cause(
            package,
            why,
            "take the package that replaces it, or run `apt-get update` first in the same `RUN`",
        ));
    }
    let rest = line.split_once("E: Version ")?.1;
    let (version, package) = (between(rest, "'", "'")?, between(rest, " for '", "' was not found")?);
    let why = format!("the repositories no longer (or not yet) have version `{version}` of `{package}`");
    Some(cause(
        package,
        why,
        "take the version they have now (`apt-cache policy` shows it), or do not pin it so exactly",
    ))
}

/// `  curll (no such package):`, `  curl-8.0-r0: breaks: world[curl=7]`
fn apk(line: &str) -> Option<Cause> {
    if let Some((package, _)) = line.trim().split_once(" (no such package)") {
        let why = format!("apk knows no package `{package}`");
        return Some(cause(
            package,
            why,
            "check the spelling; on Alpine many packages have other names than on Debian",
        ));
    }
    let wanted = between(line, "breaks: world[", "]")?;
    let package = wanted.split(['=', '<', '>', '~']).next().unwrap_or(wanted);
    let why = format!("Alpine's repositories have another version of `{package}` than `{wanted}`");
    Some(cause(
        package,
        why,
        "take the version they have now, or `~=` instead of `=` for any release of that version",
    ))
}

fn dnf(line: &str) -> Option<Cause> {
    let package = word_after(line, "No match for argument: ")
        .or_else(|| word_after(line, "Unable to find a match: "))
        .or_else(|| between(line, "No package ", " available"))
        .or_else(|| between(line, "Package '", "' not found."))
        .or_else(|| between(line, "No provider of '", "' found"))
        .or_else(|| word_after(line, "error: target not found: "))?;
    let way_out =
        "check the spelling, and whether it is in a repository that is not enabled (EPEL, for example)";
    Some(cause(package, format!("the distribution has no package `{package}`"), way_out))
}

fn languages(line: &str) -> Option<Cause> {
    pip(line).or_else(|| npm(line)).or_else(|| gem(line))
}

fn pip(line: &str) -> Option<Cause> {
    let package = word_after(line, "No matching distribution found for ")
        .or_else(|| word_after(line, "Could not find a version that satisfies the requirement "))?;
    let why = format!("pip finds no `{package}` for this version of Python");
    Some(cause(
        package,
        why,
        "check name and version; some packages have nothing for this Python or for Alpine (musl)",
    ))
}

/// `npm error 404  'nosuch@*' is not in this registry.`, `npm ERR! notarget No matching version found for left-pad@99.`
fn npm(line: &str) -> Option<Cause> {
    if !line.contains("npm") {
        return None;
    }
    if let Some(package) = word_after(line, "No matching version found for ") {
        return Some(cause(
            package,
            format!("npm has no version `{package}`"),
            "take a version that exists (`npm view NAME versions`)",
        ));
    }
    let package = between(line, "404  '", "' is not in")?;
    let why = format!("npm finds no package `{package}`");
    Some(cause(
        package,
        why,
        "check the spelling; a private package needs a login, given with `RUN --mount=type=secret`",
    ))
}

fn gem(line: &str) -> Option<Cause> {
    let package = between(line, "Could not find a valid gem '", "'")?;
    Some(cause(package, format!("there is no gem `{package}`"), "check name and version"))
}
