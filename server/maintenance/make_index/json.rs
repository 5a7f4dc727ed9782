//! Reads the facts from two JSON files.
//!
//! The first is `{date, arches: [name], removed: {image: date}, images: {image: {t: [[[arch index], [tag]]], d?: flag}}}`,
//! the second `{image: {"YYYY-MM": [tag]}}`.
//!
//! The lists of `t` join all entries with the same architectures, in their order; where one entry ends and the next
//! begins is told from the versions ([`continues`]).

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use dockwright::analysis::image::index::Status;
use dockwright::analysis::image::tag::Tag;
use serde_json::Value;

use crate::facts::{self, Current, Facts, Image};

pub fn read(images: &Path, retired: &Path) -> anyhow::Result<Facts> {
    let list = load(images)?;
    let mut facts = Facts { date: facts::date(text(&list["date"])?)?, images: Default::default() };
    let architectures = texts(&list["arches"])?;
    for (name, image) in object(&list["images"])? {
        let image = read_image(image, &architectures).with_context(|| format!("image {name}"))?;
        facts.images.insert(name.clone(), image);
    }
    for (name, date) in object(&list["removed"])? {
        let status = Status::Removed(facts::date(text(date)?)?);
        facts.images.insert(name.clone(), Image { status, ..Image::default() });
    }
    for (name, months) in object(&load(retired)?)? {
        let image = facts.images.entry(name.clone()).or_default();
        for (month, tags) in object(months)? {
            let month = facts::month(month)?;
            image.retired.extend(texts(tags)?.into_iter().map(|it| (it, month)));
        }
    }
    Ok(facts)
}

fn read_image(value: &Value, architectures: &[String]) -> anyhow::Result<Image> {
    let flag = value["d"].as_str().unwrap_or_default();
    let status = match flag {
        _ if flag.contains("deprecated") => Status::Deprecated,
        _ if flag.contains("no-tags") => Status::WithoutTags,
        _ => Status::Current,
    };
    let mut image = Image { status, ..Image::default() };
    let mut number = 0_u16;
    for group in value["t"].as_array().context("no tags")? {
        let indexes = group[0].as_array().context("no architectures")?.iter().filter_map(Value::as_u64);
        let names: Vec<&String> = indexes.filter_map(|it| architectures.get(it as usize)).collect();
        let architectures: BTreeSet<String> = names.into_iter().cloned().collect();
        for together in entries(texts(&group[1])?) {
            let current = Current { architectures: architectures.clone(), group: number };
            number = number.checked_add(1).context("too many groups of tags")?;
            image.current.extend(together.into_iter().map(|tag| (tag, current.clone())));
        }
    }
    Ok(image)
}

/// Cuts a list where one entry ends and the next begins, as far as the versions tell: neighbours that can be names of
/// one version stay together. What shares a version and differs in its variant stays together too.
fn entries(tags: Vec<String>) -> Vec<Vec<String>> {
    let mut entries: Vec<Vec<String>> = Vec::new();
    let mut fullest = Tag::parse("");
    // Most lists name the version first; where `latest` comes first, so does `lts`.
    let begins_with_channel = tags.first().is_some_and(|it| it == "latest");
    for text in tags {
        let tag = Tag::parse(&text);
        let is_channel = tag.channel.is_some() || tag.is_latest();
        let is_start = begins_with_channel && is_channel && !fullest.version.is_empty();
        match entries.last_mut().filter(|_| !is_start && continues(&fullest, &tag)) {
            Some(entry) => entry.push(text),
            None => {
                entries.push(vec![text]);
                fullest = tag;
                continue;
            }
        }
        if !tag.is_dated() && tag.version.len() > fullest.version.len() {
            fullest = tag;
        }
    }
    entries
}

/// Whether `tag` can be another name for `fullest`, the longest version of its entry so far.
fn continues(fullest: &Tag, tag: &Tag) -> bool {
    let is_compatible = tag.is_dated()
        || fullest.is_dated()
        || fullest.version.starts_with(&tag.version)
        || tag.version.starts_with(&fullest.version);
    is_compatible && fullest.prerelease.is_some() == tag.prerelease.is_some()
}

fn load(path: &Path) -> anyhow::Result<Value> {
    let name = path.display();
    let bytes = if path.extension().is_some_and(|it| it == "xz") {
        let output = Command::new("xz").arg("-dc").arg(path).output().context("cannot run `xz`")?;
        if !output.status.success() {
            bail!("cannot unpack {name}: {}", String::from_utf8_lossy(&output.stderr));
        }
        output.stdout
    } else {
        std::fs::read(path).with_context(|| format!("cannot read {name}"))?
    };
    serde_json::from_slice(&bytes).with_context(|| format!("{name} is no JSON"))
}

fn object(value: &Value) -> anyhow::Result<&serde_json::Map<String, Value>> {
    value.as_object().context("not an object")
}

fn text(value: &Value) -> anyhow::Result<&str> {
    value.as_str().context("not a text")
}

fn texts(value: &Value) -> anyhow::Result<Vec<String>> {
    value.as_array().context("not a list")?.iter().map(|it| Ok(text(it)?.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_told_apart_by_their_versions() {
        let list = ["2.0rc1", "2.0-rc", "1.4.7", "1.4", "1", "latest", "1.3.9", "1.3", "1.3-slim"];
        let found = entries(list.map(str::to_owned).to_vec());
        assert_eq!(
            found,
            [vec!["2.0rc1", "2.0-rc"], vec!["1.4.7", "1.4", "1", "latest"], vec!["1.3.9", "1.3", "1.3-slim"]]
        );
        let list = ["latest", "2.7", "2.6", "lts", "2.3"];
        let found = entries(list.map(str::to_owned).to_vec());
        assert_eq!(found, [vec!["latest", "2.7"], vec!["2.6"], vec!["lts", "2.3"]]);
    }
}
