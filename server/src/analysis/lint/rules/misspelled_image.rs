//! `FROM python3.9`.

use crate::analysis::image::index;
use crate::analysis::image::reference::Part as NamePart;
use crate::analysis::lint::images::{Image, images};
use crate::analysis::lint::prelude::*;

rule! {
    /// The name of an official image holds its version, or is the one by which others call the program.
    ///
    /// A name without `/` is that of an official image, and there are fewer than two hundred of them. The version is no
    /// part of the name: it is the tag, behind a colon. The build stops, unless an image of that name was built on the
    /// same machine.
    ///
    /// ```dockerfile bad
    /// FROM python3.14
    /// ```
    ///
    /// ```dockerfile bad
    /// FROM postgresql:17
    /// ```
    ///
    /// ```dockerfile good
    /// FROM python:3.14
    /// ```
    name: "misspelled-image",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/docker-hub/image-library/trusted-content/#docker-official-images",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for image in images(cx) {
        // What a registry says is told by `unknown-image`, or there is nothing to tell.
        if !image.is_literal() || cx.facts.registry.repository(&image.reference).is_some() {
            continue;
        }
        let (Some(meant), Some(name)) = (meant(&image), image.reference.familiar_name()) else { continue };
        let message = format!("there is no official image `{name}`; did you mean `{meant}`?");
        let draft = report.at(image.range_of(image.reference.name_range()), message);
        if let Some(edit) = edit(&image, &meant) {
            draft.unsafe_fix(format!("Write `{meant}`"), vec![edit]);
        }
    }
}

/// The image that was most likely meant, with its tag where the name held one.
fn meant(image: &Image) -> Option<String> {
    let reference = &image.reference;
    let has_registry = reference.registry().known().is_some();
    let path = reference.path().known().filter(|_| !has_registry)?;
    let tag = match reference.tag() {
        NamePart::Unknown => return None,
        other => other.known(),
    };
    if path.contains('/') {
        return versioned(path, tag).filter(|_| path.matches('/').count() == 1);
    }
    if index::image(path).is_some() || reference.is_scratch() {
        return None;
    }
    versioned(path, tag).or_else(|| other_name(path).map(str::to_owned))
}

/// `python3.9`, `python-3.9`, `python/3.9`, and `python3.9:slim`.
fn versioned(path: &str, tag: Option<&str>) -> Option<String> {
    let at = path.find(|it: char| it.is_ascii_digit())?;
    let (name, version) = path.split_at_checked(at)?;
    let has_mark = name.ends_with(['-', '_', '.', '/']);
    let name = name.trim_end_matches(['-', '_', '.', '/']);
    let name = if index::image(name).is_some() { name } else { other_name(name)? };
    let is_version = version.chars().all(|it| it.is_ascii_alphanumeric() || ".-_".contains(it));
    let is_meant = !name.contains('/') && is_version && (has_mark || !path.contains('/'));
    let rest = tag.filter(|it| *it != "latest").map(|it| format!("-{it}")).unwrap_or_default();
    is_meant.then(|| format!("{name}:{version}{rest}"))
}

/// What people call it elsewhere.
fn other_name(name: &str) -> Option<&'static str> {
    Some(match name {
        "go" => "golang",
        "nodejs" | "node.js" | "node-js" => "node",
        "postgresql" => "postgres",
        "mongodb" => "mongo",
        "rustlang" => "rust",
        "alpinelinux" => "alpine",
        _ => return None,
    })
}

fn edit(image: &Image, meant: &str) -> Option<TextEdit> {
    let name = image.place_of(image.reference.name_range())?;
    let tag = image.place_of(image.reference.tag_range()).filter(|_| meant.contains(':'));
    Some(TextEdit::new(tag.map_or(name, |tag| name.cover(tag)), meant))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn the_version_is_a_tag() {
        check_fix(
            "misspelled-image",
            "FROM python3.14\nFROM node-24:slim AS b\nFROM ubuntu/24.04\nFROM nodejs22\nFROM python3:latest\n",
            "FROM python:3.14\nFROM node:24-slim AS b\nFROM ubuntu:24.04\nFROM node:22\nFROM python:3\n",
        );
    }

    #[test]
    fn other_names_of_official_images_are_known() {
        check_rule(
            "misspelled-image",
            "FROM postgresql:17\n     ^^^^^^^^^^ did you mean `postgres`?\nCOPY --from=nodejs:24 a b\n            ^^^^^^ `node`\n",
        );
    }

    #[test]
    fn names_that_somebody_gave_are_left_alone() {
        check_rule(
            "misspelled-image",
            "ARG B=python3.9\nFROM base AS python3.9\nFROM python3.9\nFROM ${B}\nFROM app-2\nFROM acme/python3.9\nFROM localhost/pyhton\nFROM python-app\nFROM neo4j\nFROM mode\n",
        );
    }

    #[test]
    fn what_the_registry_has_said_is_told_elsewhere() {
        check_rule(
            "misspelled-image",
            "FROM pyhton\nFROM python3.9\n//- registry\ndocker.io/library/pyhton\ndocker.io/library/python3.9 1\n",
        );
    }
}
