//! Writes the binary form that `index.rs` describes, and compares what is read back.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, ensure};
use dockwright::analysis::image::Platform;
use dockwright::analysis::image::index::{Date, Index, Status};

use crate::facts::{Facts, Image, Tags};

pub fn encode(facts: &Facts) -> anyhow::Result<Vec<u8>> {
    let architectures: BTreeSet<&str> = all_sets(facts).flatten().map(String::as_str).collect();
    let architectures: Vec<&str> = architectures.into_iter().collect();
    ensure!(architectures.len() <= 16, "more than 16 architectures: a set needs more bits");
    let sets: BTreeSet<u16> = all_sets(facts).map(|it| bits(it, &architectures)).collect();
    let sets: Vec<u16> = sets.into_iter().collect();

    let mut out = b"DWI2".to_vec();
    put_date(&mut out, facts.date);
    out.push(u8::try_from(architectures.len())?);
    for name in &architectures {
        put_text(&mut out, name)?;
    }
    out.push(u8::try_from(sets.len()).context("more than 255 sets of architectures")?);
    out.extend(sets.iter().flat_map(|it| it.to_le_bytes()));
    let (mut table, mut blocks) = (Vec::new(), Vec::new());
    for (name, image) in &facts.images {
        put_image(&mut table, &mut blocks, name, image, |it| {
            let bits = bits(it, &architectures);
            sets.iter().position(|it| *it == bits).and_then(|it| u8::try_from(it).ok()).unwrap_or_default()
        })
        .with_context(|| format!("image {name}"))?;
    }
    out.extend(u32::try_from(table.len())?.to_le_bytes());
    out.extend(table);
    out.extend(blocks);
    Ok(out)
}

fn put_image(
    table: &mut Vec<u8>,
    blocks: &mut Vec<u8>,
    name: &str,
    image: &Image,
    set_of: impl Fn(&BTreeSet<String>) -> u8,
) -> anyhow::Result<()> {
    let current = front_coded(image.current.keys(), |it| suffix(image, it, &set_of))?;
    let mut retired = u32::try_from(image.retired.len())?.to_le_bytes().to_vec();
    retired.extend(front_coded(image.retired.keys(), |_| Vec::new())?);
    retired.extend(image.retired.values().flat_map(|it| it.code().to_le_bytes()));
    let packed = match image.retired.len() {
        0 => Vec::new(),
        _ => miniz_oxide::deflate::compress_to_vec(&retired, 10),
    };
    put_text(table, name)?;
    table.push(image.status.code());
    put_date(table, if let Status::Removed(date) = image.status { date } else { Date::default() });
    for length in [current.len(), packed.len(), retired.len()] {
        table.extend(u32::try_from(length)?.to_le_bytes());
    }
    blocks.extend(current);
    blocks.extend(packed);
    Ok(())
}

/// The bytes behind a current tag.
fn suffix(image: &Image, tag: &str, set_of: impl Fn(&BTreeSet<String>) -> u8) -> Vec<u8> {
    let Some(current) = image.current.get(tag) else { return Vec::new() };
    let [low, high] = current.group.to_le_bytes();
    vec![set_of(&current.architectures), low, high]
}

/// Sorted names, each as its difference to the one before, with the bytes that `suffix` gives for it.
fn front_coded<'a>(
    names: impl Iterator<Item = &'a String>,
    suffix: impl Fn(&str) -> Vec<u8>,
) -> anyhow::Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut before = "";
    for name in names {
        ensure!(name.is_ascii(), "`{name}` is no tag");
        let shared = before.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count().min(255);
        out.push(shared as u8);
        put_text(&mut out, &name[shared..])?;
        out.extend(suffix(name));
        before = name;
    }
    Ok(out)
}

fn put_text(out: &mut Vec<u8>, text: &str) -> anyhow::Result<()> {
    out.push(u8::try_from(text.len()).with_context(|| format!("`{text}` is too long"))?);
    out.extend(text.bytes());
    Ok(())
}

fn put_date(out: &mut Vec<u8>, date: Date) {
    out.extend(date.year.to_le_bytes());
    out.extend([date.month, date.day]);
}

fn all_sets(facts: &Facts) -> impl Iterator<Item = &BTreeSet<String>> {
    facts.images.values().flat_map(|it| it.current.values()).map(|it| &it.architectures)
}

fn bits(set: &BTreeSet<String>, architectures: &[&str]) -> u16 {
    let numbers = architectures.iter().enumerate().filter(|(_, it)| set.contains(**it));
    numbers.fold(0, |bits, (number, _)| bits | 1 << number)
}

/// Fails unless `bytes` say exactly what `facts` say.
pub fn check(bytes: &[u8], facts: &Facts) -> anyhow::Result<()> {
    let index = Index::open(bytes).context("the index cannot be opened")?;
    ensure!(index.date() == facts.date, "the date differs");
    let names: Vec<&str> = index.images().map(|it| it.name).collect();
    ensure!(names.iter().copied().eq(facts.images.keys().map(String::as_str)), "the images differ");
    for (read, (name, image)) in index.images().zip(&facts.images) {
        let current: BTreeMap<String, (Vec<Platform>, u16)> =
            read.tags().map(|it| (it.name.clone(), (it.platforms(), it.group()))).collect();
        let retired: BTreeMap<String, _> =
            read.retired_tags().into_iter().map(|it| (it.name, it.since)).collect();
        ensure!(read.status == image.status, "the status of {name} differs");
        ensure!(retired == image.retired, "the retired tags of {name} differ");
        ensure!(current == listed(&image.current), "the tags of {name} differ");
    }
    Ok(())
}

fn listed(tags: &Tags) -> BTreeMap<String, (Vec<Platform>, u16)> {
    let named = |names: &BTreeSet<String>| names.iter().map(|it| Platform::from_official_name(it)).collect();
    tags.iter().map(|(tag, it)| (tag.clone(), (named(&it.architectures), it.group))).collect()
}
