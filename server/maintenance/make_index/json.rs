//! Reads the facts from two JSON files.
//!
//! The first is `{date, arches: [name], removed: {image: date}, images: {image: {t: [[[arch index], [tag]]], d?: flag}}}`,
//! the second `{image: {"YYYY-MM": [tag]}}`.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use dockwright::analysis::image::index::Status;
use serde_json::Value;

use crate::facts::{self, Facts, Image};

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
    for group in value["t"].as_array().context("no tags")? {
        let indexes = group[0].as_array().context("no architectures")?.iter().filter_map(Value::as_u64);
        let names: Vec<&String> = indexes.filter_map(|it| architectures.get(it as usize)).collect();
        for tag in texts(&group[1])? {
            image.current.entry(tag).or_default().extend(names.iter().copied().cloned());
        }
    }
    Ok(image)
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
