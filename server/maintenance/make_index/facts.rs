//! What the index is made from.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Context;
use dockwright::analysis::image::index::{Date, Month, Status};

pub struct Facts {
    pub date: Date,
    pub images: BTreeMap<String, Image>,
}

pub struct Image {
    pub status: Status,
    pub current: Tags,
    /// Tag → last month listed.
    pub retired: BTreeMap<String, Month>,
}

pub type Tags = BTreeMap<String, Current>;

/// What is listed about a tag that is kept up to date.
#[derive(Default, Clone, PartialEq, Eq, Debug)]
pub struct Current {
    /// Named as in the list.
    pub architectures: BTreeSet<String>,
    /// Tags that are listed together have the same number.
    pub group: u16,
}

/// Numbers for whatever tells groups apart.
pub struct Groups<K>(HashMap<K, u16>);

impl<K: std::hash::Hash + Eq> Groups<K> {
    pub fn new() -> Groups<K> {
        Groups(HashMap::new())
    }

    pub fn number(&mut self, key: K) -> anyhow::Result<u16> {
        let next = u16::try_from(self.0.len()).context("more than 65,536 groups of tags")?;
        Ok(*self.0.entry(key).or_insert(next))
    }
}

impl Default for Image {
    fn default() -> Image {
        Image { status: Status::Current, current: BTreeMap::new(), retired: BTreeMap::new() }
    }
}

/// `2026-08-21`, whatever follows.
pub fn date(text: &str) -> anyhow::Result<Date> {
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|it| it.parse::<u16>().ok());
    let parts = (number(0..4), number(5..7), number(8..10));
    let (Some(year), Some(month), Some(day)) = parts else { anyhow::bail!("`{text}` is no date") };
    Ok(Date { year, month: month.try_into()?, day: day.try_into()? })
}

pub fn month(text: &str) -> anyhow::Result<Month> {
    let date = date(&format!("{text}-01")).with_context(|| format!("`{text}` is no month"))?;
    Ok(Month { year: date.year, month: date.month })
}
