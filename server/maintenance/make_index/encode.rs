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

    let mut out = b"DWI3".to_vec();
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
    let retired = retired_blocks(image)?;
    put_text(table, name)?;
    table.push(image.status.code());
    put_date(table, if let Status::Removed(date) = image.status { date } else { Date::default() });
    for length in [current.len(), retired.len()] {
        table.extend(u32::try_from(length)?.to_le_bytes());
    }
    blocks.extend(current);
    blocks.extend(retired);
    Ok(())
}

/// Tags that are packed together: fewer take more room, more take longer to find.
const BLOCK: usize = 256;

/// Nothing, if there are none.
fn retired_blocks(image: &Image) -> anyhow::Result<Vec<u8>> {
    let tags: Vec<_> = image.retired.iter().collect();
    if tags.is_empty() {
        return Ok(Vec::new());
    }
    let (mut table, mut blocks) = (Vec::new(), Vec::new());
    for block in tags.chunks(BLOCK) {
        let mut plain = u16::try_from(block.len())?.to_le_bytes().to_vec();
        plain.extend(front_coded(block.iter().map(|it| it.0), |_| Vec::new())?);
        plain.extend(block.iter().flat_map(|it| it.1.code().to_le_bytes()));
        let packed = miniz_oxide::deflate::compress_to_vec(&plain, 10);
        table.extend(u16::try_from(packed.len())?.to_le_bytes());
        table.extend(u16::try_from(plain.len())?.to_le_bytes());
        put_text(&mut table, block.first().map_or("", |it| it.0.as_str()))?;
        blocks.extend(packed);
    }
    let count = u16::try_from(tags.len().div_ceil(BLOCK))?.to_le_bytes();
    Ok([count.to_vec(), table, blocks].concat())
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
