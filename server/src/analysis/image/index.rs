//! The official images of Docker Hub as known without a network: tags, platforms, and what is gone since when.
//!
//! The data is `official.bin` beside this file, made by `server/maintenance/make_index.rs` from the maintainers' own list
//! (<https://github.com/docker-library/official-images>) and its history. It is right for the day of [`date`], and
//! whoever shows it says so. Nothing is read at start: a question walks the table of about 190 images and then the
//! tags of one. Retired tags are packed in blocks, and a question about one of them unpacks one block; nothing is kept.
//!
//! # Format
//!
//! Numbers are little-endian; a *text* is a length byte and UTF-8. In order:
//! * `DWI3`, then the date: year (u16), month, day (u8 each);
//! * architectures: count (u8), texts, named as in the list (`arm64v8`);
//! * platform sets: count (u8), a u16 each, bit n for architecture n;
//! * images: length of their table in bytes (u32); sorted by name, for each: name (text), status (u8), date of removal (as
//!   above, or zeros), and two u32: bytes of current tags, bytes of retired tags;
//! * for each image its current tags, then its retired tags.
//!
//! Current tags are sorted; each is the number of bytes shared with the one before (u8), the rest (text), the number
//! of its platform set (u8), and the number of its group (u16): tags that are listed together. Retired tags, if there are any,
//! are sorted too, and lie in blocks: count (u16); for each block its bytes (u16), the same when unpacked (u16), and its first
//! name (text); then the blocks, each packed with deflate: count (u16), the tags likewise (names only), then as many u16: the
//! month, counted from the year 0.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::Platform;
use super::tag::{Step, Tag};

static OFFICIAL: &[u8] = include_bytes!("official.bin");

const MAGIC: &[u8] = b"DWI3";

/// A day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Date {
    pub year: u16,
    pub month: u8,
    pub day: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
}

/// How an official image stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Current,
    /// Still listed, with a notice that it should not be used for new work.
    Deprecated,
    /// Still listed, but without a single tag that is kept up to date.
    WithoutTags,
    /// Left the list that day. Its old tags can still be pulled, and get no security fixes.
    Removed(Date),
}

/// How a tag of an official image stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagStatus {
    Current {
        platforms: Vec<Platform>,
    },
    /// Listed until that month; can still be pulled, and gets no security fixes.
    Retired {
        since: Month,
    },
    /// Neither listed nor ever seen in the list's history: newer than the index, or wrong.
    Unknown,
}

/// A tag that is kept up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentTag<'a> {
    pub name: String,
    set: u8,
    group: u16,
    tables: Tables<'a>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetiredTag {
    pub name: String,
    /// The last month in which it was listed.
    pub since: Month,
}

/// Names in the order of their bytes: one text, as there can be many thousands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RetiredNames {
    text: String,
    /// Where each of them ends.
    ends: Vec<usize>,
}

/// One image of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfficialImage<'a> {
    pub name: &'a str,
    pub status: Status,
    tables: Tables<'a>,
    current: &'a [u8],
    retired: &'a [u8],
}

/// Retired tags that are packed together.
#[derive(Debug, Clone, Copy)]
struct Block<'a> {
    first: &'a str,
    packed: &'a [u8],
    unpacked: usize,
}

/// An index in its binary form.
#[derive(Debug, Clone, Copy, Default)]
pub struct Index<'a> {
    date: Date,
    tables: Tables<'a>,
    images: &'a [u8],
    /// The tags, image by image.
    blocks: &'a [u8],
}

/// What platform sets are made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tables<'a> {
    architectures: &'a [u8],
    sets: &'a [u8],
}

/// The day for which the embedded index is right.
pub fn date() -> Date {
    official().date()
}

/// The embedded official images, by name.
pub fn images() -> impl Iterator<Item = OfficialImage<'static>> {
    official().images()
}

/// The embedded official image `name` (`python`, not `library/python`). Asked at every key by many rules, so the list is
/// read once: well under 1 µs.
pub fn image(name: &str) -> Option<OfficialImage<'static>> {
    static BY_NAME: LazyLock<HashMap<&str, OfficialImage<'_>>> =
        LazyLock::new(|| images().map(|it| (it.name, it)).collect());
    BY_NAME.get(name).copied()
}

fn official() -> Index<'static> {
    // A test reads the file, so the empty index is never served.
    static OPENED: LazyLock<Index<'_>> = LazyLock::new(|| Index::open(OFFICIAL).unwrap_or_default());
    *OPENED
}

impl<'a> Index<'a> {
    /// `None` if `bytes` is no index, or of another version.
    pub fn open(bytes: &'a [u8]) -> Option<Index<'a>> {
        let mut reader = Reader(bytes.strip_prefix(MAGIC)?);
        let date = reader.date()?;
        let architectures = reader.counted_texts()?;
        let set_count = usize::from(reader.byte()?);
        let sets = reader.bytes(set_count * 2)?;
        let length = reader.u32()?;
        let images = reader.bytes(length)?;
        Some(Index { date, tables: Tables { architectures, sets }, images, blocks: reader.0 })
    }

    pub fn date(&self) -> Date {
        self.date
    }

    pub fn images(&self) -> impl Iterator<Item = OfficialImage<'a>> + use<'a> {
        let tables = self.tables;
        let (mut entries, mut blocks) = (Reader(self.images), Reader(self.blocks));
        std::iter::from_fn(move || {
            let (mut image, [current, retired]) = entries.image(tables)?;
            image.current = blocks.bytes(current)?;
            image.retired = blocks.bytes(retired)?;
            Some(image)
        })
    }
}

impl<'a> OfficialImage<'a> {
    /// The tags kept up to date, in the order of their bytes ([`super::tag::sort_by_tag`] gives the useful order).
    pub fn tags(&self) -> impl Iterator<Item = CurrentTag<'a>> + use<'a> {
        let tables = self.tables;
        let mut tags = FrontCoded::new(self.current);
        std::iter::from_fn(move || {
            let name = tags.next()?.to_owned();
            let (set, group) = (tags.reader.byte()?, tags.reader.u16()?);
            Some(CurrentTag { name, set, group, tables })
        })
    }

    /// The fullest name of what the current tag `tag` stands for on the day of the index: `3.14.7` for `3` and `latest`.
    /// `None` if it says as much itself, or the list does not tell.
    pub fn meaning(&self, tag: &str) -> Option<String> {
        let together = self.listed_with(tag).map(|it| Tag::parse(&it));
        let tag = Tag::parse(tag);
        let candidates = together.filter(|it| says_more(it, &tag));
        candidates.max_by_key(|it| (!it.is_dated(), it.version.len())).map(|it| it.text.to_string())
    }

    /// All names under which the list has the current tag `tag`, itself among them: the same image on the day of the index.
    pub fn listed_with(&self, tag: &str) -> impl Iterator<Item = String> + use<'a> {
        let group = self.current_tag(tag).map(|it| it.group);
        self.tags().filter(move |it| Some(it.group) == group).map(|it| it.name)
    }

    /// The tag of the newest version that says the same about everything else as the current or retired `tag`.
    pub fn newer(&self, tag: &str, step: Step) -> Option<String> {
        let tags: Vec<String> = self.tags().map(|it| it.name).collect();
        super::tag::newer(tag, tags.iter().map(String::as_str), step).map(str::to_owned)
    }

    /// The tags that are kept up to date no more. Unpacks them all: up to a few milliseconds.
    pub fn retired_tags(&self) -> Vec<RetiredTag> {
        self.blocks().flat_map(Block::tags).collect()
    }

    /// Their names, to ask for many of them: [`OfficialImage::tag`] is quicker for one.
    pub fn retired_names(&self) -> RetiredNames {
        let mut names = RetiredNames::default();
        for block in self.blocks() {
            let unpacked = block.unpack().unwrap_or_default();
            let _ = retired_names(&unpacked, |name| names.push(name));
        }
        names
    }

    /// How `tag` stands. Well under 50 µs, also for a retired one.
    pub fn tag(&self, tag: &str) -> TagStatus {
        if let Some(current) = self.current_tag(tag) {
            return TagStatus::Current { platforms: current.platforms() };
        }
        self.retired_since(tag).map_or(TagStatus::Unknown, |since| TagStatus::Retired { since })
    }

    fn current_tag(&self, tag: &str) -> Option<CurrentTag<'a>> {
        let mut tags = FrontCoded::new(self.current);
        while let Some(name) = tags.next() {
            let is_found = name == tag;
            let (set, group) = (tags.reader.byte()?, tags.reader.u16()?);
            if is_found {
                return Some(CurrentTag { name: tag.to_owned(), set, group, tables: self.tables });
            }
        }
        None
    }

    fn retired_since(&self, tag: &str) -> Option<Month> {
        let block = self.blocks().take_while(|it| it.first <= tag).last()?;
        let unpacked = block.unpack()?;
        let (mut position, mut found) = (0, None);
        let months = retired_names(&unpacked, |name| {
            if name == tag {
                found = Some(position);
            }
            position += 2;
        })?;
        let at: usize = found?;
        Month::read(months.get(at..at + 2)?)
    }

    fn blocks(&self) -> impl Iterator<Item = Block<'a>> + use<'a> {
        let mut table = Reader(self.retired);
        let count = table.u16().unwrap_or_default();
        let mut packed = Reader(table.0);
        let is_whole = (0..count).all(|_| packed.block().is_some());
        (0..if is_whole { count } else { 0 }).map_while(move |_| {
            let (length, unpacked, first) = table.block()?;
            Some(Block { first, packed: packed.bytes(length)?, unpacked })
        })
    }
}

impl RetiredNames {
    fn push(&mut self, name: &str) {
        self.text.push_str(name);
        self.ends.push(self.text.len());
    }

    pub fn contains(&self, name: &str) -> bool {
        let (mut low, mut high) = (0, self.ends.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.get(middle).cmp(name) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return true,
                Ordering::Greater => high = middle,
            }
        }
        false
    }

    fn get(&self, place: usize) -> &str {
        let end = |place: usize| self.ends.get(place).copied().unwrap_or_default();
        let start = place.checked_sub(1).map_or(0, end);
        self.text.get(start..end(place)).unwrap_or_default()
    }
}

impl Block<'_> {
    fn unpack(&self) -> Option<Vec<u8>> {
        miniz_oxide::inflate::decompress_to_vec_with_limit(self.packed, self.unpacked).ok()
    }

    fn tags(self) -> impl Iterator<Item = RetiredTag> {
        let unpacked = self.unpack().unwrap_or_default();
        let mut names = Vec::new();
        let months = retired_names(&unpacked, |name| names.push(name.to_owned())).unwrap_or_default();
        let months: Vec<Month> = months.chunks_exact(2).filter_map(Month::read).collect();
        names.into_iter().zip(months).map(|(name, since)| RetiredTag { name, since })
    }
}

/// Whether `full` is the same as `tag` with a longer version.
fn says_more(full: &Tag, tag: &Tag) -> bool {
    let is_same_kind = full.variant == tag.variant && full.prerelease.is_some() == tag.prerelease.is_some();
    let is_channel_kept = full.channel.is_none() || full.channel == tag.channel;
    let is_longer = full.version.len() > tag.version.len() && full.version.starts_with(&tag.version);
    // `testing` and `unstable` are both pre-releases, and their days look alike.
    let is_same_name = !full.is_dated() || full.text.split('-').next() == tag.text.split('-').next();
    is_same_kind && is_channel_kept && is_longer && is_same_name
}

impl CurrentTag<'_> {
    /// The same number means: listed together.
    pub fn group(&self) -> u16 {
        self.group
    }

    pub fn platforms(&self) -> Vec<Platform> {
        let at = usize::from(self.set) * 2;
        let Some(&[low, high]) = self.tables.sets.get(at..at + 2) else { return Vec::new() };
        let bits = u16::from_le_bytes([low, high]);
        let mut architectures = Reader(self.tables.architectures);
        let names = std::iter::from_fn(|| architectures.text()).take(16).enumerate();
        names
            .filter(|(bit, _)| bits & (1 << bit) != 0)
            .map(|(_, name)| Platform::from_official_name(name))
            .collect()
    }

    /// Whether a build for `platform` can start from this tag.
    pub fn supports(&self, platform: &Platform) -> bool {
        self.platforms().iter().any(|it| platform.accepts(it))
    }
}

/// Gives each retired name to `each`, and returns the months behind them, two bytes each.
fn retired_names(unpacked: &[u8], mut each: impl FnMut(&str)) -> Option<&[u8]> {
    let mut reader = Reader(unpacked);
    let count = reader.u16()?;
    let mut names = FrontCoded::new(reader.0);
    for _ in 0..count {
        each(names.next()?);
    }
    Some(names.reader.0)
}

/// Reads sorted names of which each is written as its difference to the one before.
struct FrontCoded<'a> {
    reader: Reader<'a>,
    name: String,
}

impl<'a> FrontCoded<'a> {
    fn new(bytes: &'a [u8]) -> FrontCoded<'a> {
        FrontCoded { reader: Reader(bytes), name: String::new() }
    }

    fn next(&mut self) -> Option<&str> {
        let shared = usize::from(self.reader.byte()?);
        if !self.name.is_char_boundary(shared) {
            return None;
        }
        self.name.truncate(shared);
        self.name.push_str(self.reader.text()?);
        Some(&self.name)
    }
}

/// What is left to read; every method takes from its front, or nothing if there is too little.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.bytes(1)?.first().copied()
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.bytes(2)?.try_into().ok()?))
    }

    fn u32(&mut self) -> Option<usize> {
        usize::try_from(u32::from_le_bytes(self.bytes(4)?.try_into().ok()?)).ok()
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = usize::from(self.byte()?);
        std::str::from_utf8(self.bytes(length)?).ok()
    }

    fn date(&mut self) -> Option<Date> {
        Some(Date { year: self.u16()?, month: self.byte()?, day: self.byte()? })
    }

    /// A count and as many texts; the bytes of the texts.
    fn counted_texts(&mut self) -> Option<&'a [u8]> {
        let count = self.byte()?;
        let start = self.0;
        for _ in 0..count {
            self.text()?;
        }
        start.get(..start.len() - self.0.len())
    }

    /// How long a block is, packed and unpacked, and its first name.
    fn block(&mut self) -> Option<(usize, usize, &'a str)> {
        Some((self.u16()?.into(), self.u16()?.into(), self.text()?))
    }

    /// An entry without its tags, and how many bytes of current and of retired tags it has.
    fn image(&mut self, tables: Tables<'a>) -> Option<(OfficialImage<'a>, [usize; 2])> {
        let name = self.text()?;
        let status = self.byte()?;
        let removed = self.date()?;
        let lengths = [self.u32()?, self.u32()?];
        let status = Status::read(status, removed)?;
        Some((OfficialImage { name, status, tables, current: &[], retired: &[] }, lengths))
    }
}

impl Status {
    fn read(code: u8, removed: Date) -> Option<Status> {
        [Status::Current, Status::Deprecated, Status::WithoutTags, Status::Removed(removed)]
            .get(usize::from(code))
            .copied()
    }

    /// The byte in the index.
    pub fn code(self) -> u8 {
        match self {
            Status::Current => 0,
            Status::Deprecated => 1,
            Status::WithoutTags => 2,
            Status::Removed(_) => 3,
        }
    }
}

impl Month {
    fn read(bytes: &[u8]) -> Option<Month> {
        let months = u16::from_le_bytes(bytes.try_into().ok()?);
        Some(Month { year: months / 12, month: u8::try_from(months % 12).ok()? + 1 })
    }

    /// The number in the index.
    pub fn code(self) -> u16 {
        self.year * 12 + u16::from(self.month) - 1
    }
}

impl Date {
    /// The day after so many since 1970-01-01.
    pub fn from_days(days: u64) -> Date {
        // Years begin in March here, so that the leap day is the last; an era has 400 of them.
        let days = days + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = era * 400 + year + u64::from(month <= 2);
        Date { year: year as u16, month: month as u8, day: day as u8 }
    }

    /// How many days lie between 1970-01-01 and this one.
    pub fn days(self) -> u64 {
        let (year, month) = (u64::from(self.year.max(1970)), u64::from(self.month.max(1)));
        let year = if month <= 2 { year - 1 } else { year };
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + u64::from(self.day.max(1)) - 1;
        (365 * year + year / 4 - year / 100 + year / 400 + day_of_year).saturating_sub(719_468)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        write!(formatter, "{:04}-{:02}", self.year, self.month)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tag;
    use super::*;

    fn platforms(image_name: &str, tag: &str) -> Vec<String> {
        match image(image_name).map(|it| it.tag(tag)) {
            Some(TagStatus::Current { platforms }) => platforms.iter().map(Platform::to_string).collect(),
            other => vec![format!("{other:?}")],
        }
    }

    fn retired(image_name: &str, tag: &str) -> Option<String> {
        match image(image_name)?.tag(tag) {
            TagStatus::Retired { since } => Some(since.to_string()),
            _ => None,
        }
    }

    #[test]
    fn every_image_can_be_read_to_its_end() {
        let images: Vec<_> = images().collect();
        assert!(images.len() > 150, "{}", images.len());
        assert!(images.is_sorted_by_key(|it| it.name));
        for image in &images {
            let tags: Vec<String> = image.tags().map(|it| it.name).collect();
            assert!(tags.is_sorted(), "{}", image.name);
            assert!(image.tags().all(|it| !it.platforms().is_empty()), "{}", image.name);
            let is_listed = matches!(image.status, Status::Current | Status::Deprecated);
            assert!(is_listed || tags.is_empty(), "{}", image.name);
            assert_eq!(image.retired.is_empty(), image.retired_tags().is_empty(), "{}", image.name);
        }
        assert!(date() > Date { year: 2026, month: 1, day: 1 });
    }

    #[test]
    fn current_tags_have_platforms() {
        let image = image("python").expect("python is official");
        assert_eq!(image.status, Status::Current);
        assert!(image.tags().any(|it| it.name == "3-slim"));
        let platforms = platforms("python", "3-slim");
        assert!(
            platforms.contains(&"linux/amd64".to_owned()) && platforms.contains(&"linux/arm64".to_owned())
        );
        let windows = Platform::new("windows", "amd64", "");
        let supports = |tag: &str| image.tags().find(|it| it.name == tag).map(|it| it.supports(&windows));
        assert_eq!((supports("3"), supports("3-slim")), (Some(true), Some(false)));
    }

    #[test]
    fn typing_a_version_gives_the_newest_stable_python_first() {
        let tags = image("python").into_iter().flat_map(|it| it.tags()).map(|it| it.name);
        let mut tags: Vec<String> = tags.filter(|it| it.starts_with("3.")).collect();
        tag::sort_by_tag(&mut tags, |it| it, |_| true);
        let tags: Vec<Tag> = tags.iter().map(|it| Tag::parse(it)).collect();
        assert!(tags.is_sorted_by_key(|it| it.prerelease.is_some()));
        let newest = tags.iter().filter(|it| it.prerelease.is_none()).map(|it| &it.version).max();
        assert_eq!(tags.first().map(|it| (&it.version, it.variant.as_str())), newest.map(|it| (it, "")));
    }

    #[test]
    fn retired_tags_have_the_month_they_left() {
        assert_eq!(retired("python", "3.6-stretch").as_deref(), Some("2021-08"));
        assert_eq!(retired("python", "3.9-slim-buster").as_deref(), Some("2023-06"));
        assert_eq!(image("python").map(|it| it.tag("3.999")), Some(TagStatus::Unknown));
        for image in images() {
            let all = image.retired_tags();
            assert!(all.is_sorted_by_key(|it| &it.name), "{}", image.name);
            for tag in all.iter().step_by(97).chain(all.last()) {
                let status = image.tag(&tag.name);
                assert_eq!(status, TagStatus::Retired { since: tag.since }, "{}:{}", image.name, tag.name);
            }
        }
        let all = image("python").map(|it| it.retired_tags()).unwrap_or_default();
        assert!(all.iter().any(|it| it.name == "3.6-stretch" && it.since == Month { year: 2021, month: 8 }));
    }

    #[test]
    fn a_floating_tag_stands_for_the_fullest_name_listed_with_it() {
        let python = image("python").expect("python is official");
        let plain = python.meaning("latest").expect("`latest` stands for a version");
        assert_eq!(python.meaning("3"), Some(plain.clone()));
        assert_eq!(python.meaning(&plain), None);
        assert_eq!(python.meaning("3-slim"), Some(format!("{plain}-slim")));
        assert_eq!(python.meaning("slim"), Some(format!("{plain}-slim")));
        assert!(python.meaning("3.15-rc").is_none_or(|it| it.contains("rc")));
        assert_eq!(python.meaning("no-such-tag"), None);
        let debian = image("debian").expect("debian is official");
        assert!(debian.meaning("testing").is_some_and(|it| it.starts_with("testing-20")));
    }

    #[test]
    fn meanings_are_current_tags_for_the_same_platforms() {
        for image in images() {
            for tag in image.tags() {
                let Some(meaning) = image.meaning(&tag.name) else { continue };
                let full = image.tags().find(|it| it.name == meaning).expect("it is a current tag");
                assert_eq!(full.platforms(), tag.platforms(), "{}:{}", image.name, tag.name);
            }
        }
    }

    #[test]
    fn images_can_be_deprecated_or_gone() {
        let status = |name: &str| image(name).map(|it| it.status);
        assert_eq!(status("openjdk"), Some(Status::Deprecated));
        assert_eq!(status("centos"), Some(Status::Removed(Date { year: 2024, month: 7, day: 29 })));
        assert_eq!(status("unit"), Some(Status::WithoutTags));
        assert_eq!(status("no-such-image"), None);
    }

    #[test]
    fn dates_are_counted_in_days() {
        for (days, date) in
            [(0, "1970-01-01"), (11_016, "2000-02-29"), (20_778, "2026-11-21"), (20_819, "2027-01-01")]
        {
            assert_eq!(
                (Date::from_days(days).to_string().as_str(), Date::from_days(days).days()),
                (date, days)
            );
        }
    }

    #[test]
    fn the_index_stays_small() {
        assert!(OFFICIAL.len() < 450_000, "{}", OFFICIAL.len());
    }

    #[test]
    fn damaged_indexes_give_less_not_a_panic() {
        for length in (0..OFFICIAL.len().min(20_000)).step_by(7) {
            let Some(index) = Index::open(&OFFICIAL[..length]) else { continue };
            for image in index.images() {
                image.tags().count();
                image.tag("latest");
            }
        }
    }
}
