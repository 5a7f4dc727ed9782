//! What a tag says, and the order in which tags are offered.
//!
//! A tag is text to Docker; versions, pre-releases and variants are habits of the people who publish. This reads the
//! habits of the official images: `3.15.0rc1-slim-trixie` is version 3.15.0, first release candidate, variant
//! `slim-trixie`. What it cannot read, it treats as a variant, so no tag is lost.

use std::cmp::{Ordering, Reverse};
use std::collections::HashMap;
use std::iter::Peekable;
use std::str::Split;

use smol_str::SmolStr;

/// A tag, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    pub text: SmolStr,
    /// `[3, 14, 7]`; empty for `slim` or `latest`.
    pub version: Vec<u64>,
    /// Not for production: `rc1`, `beta`, `edge`.
    pub prerelease: Option<Prerelease>,
    /// A name for "the newest of a kind": `lts`, `stable`, `current`.
    pub channel: Option<&'static str>,
    /// All the rest: `slim-trixie`; empty for a plain tag.
    pub variant: SmolStr,
}

/// Earlier stages are smaller, and so are earlier numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Prerelease {
    pub stage: Stage,
    pub number: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Development,
    Alpha,
    Beta,
    Candidate,
}

/// What is left of a tag, cut at its dashes.
type Parts<'a> = Peekable<Split<'a, char>>;

/// How far an update may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// 3.12.1 → 3.12.14
    Patch,
    /// 3.12.1 → 3.14.7
    Minor,
    /// 3.12.1 → 4.0.0
    Major,
}

impl Tag {
    pub fn parse(text: &str) -> Tag {
        let mut tag = Tag::unread(text);
        if tag.is_latest() || is_hash(text) {
            return tag;
        }
        let mut variant: Vec<&str> = Vec::new();
        let mut parts = text.split('-').peekable();
        while let Some(part) = parts.next() {
            if tag.take_channel(part) {
                continue;
            }
            let rest = tag.take_version(part, &mut parts);
            if !tag.take_prerelease(rest, &mut parts) && !rest.is_empty() {
                variant.push(rest);
            }
        }
        tag.variant = match variant.as_slice() {
            [one] => SmolStr::new(one),
            parts => parts.join("-").into(),
        };
        tag
    }

    fn take_channel(&mut self, part: &str) -> bool {
        let found = channel(part).filter(|_| self.channel.is_none());
        self.channel = self.channel.or(found);
        found.is_some()
    }

    /// What is left of `part` after the version at its start, if it is the first one.
    fn take_version<'a>(&mut self, part: &'a str, parts: &mut Parts<'a>) -> &'a str {
        let Some((version, rest)) = leading_version(part).filter(|_| self.version.is_empty()) else {
            return part;
        };
        self.version = version;
        self.version.extend(parts.next_if(|it| is_java_build(it)).map(|it| number(&it[1..])));
        rest
    }

    fn take_prerelease(&mut self, part: &str, parts: &mut Parts) -> bool {
        let Some(mut found) = prerelease(part).filter(|_| self.prerelease.is_none()) else { return false };
        // `4.0.0-rc-4` and `26-ea-11` write the number apart.
        let may_have_number = !self.version.is_empty() && part.bytes().all(|it| it.is_ascii_alphabetic());
        if let Some(number) = parts.peek().and_then(|it| it.parse().ok()).filter(|_| may_have_number) {
            found.number = number;
            parts.next();
        }
        self.prerelease = Some(found);
        true
    }

    /// All of it a variant.
    fn unread(text: &str) -> Tag {
        let variant = if text == "latest" { "" } else { text }.into();
        Tag { text: text.into(), version: Vec::new(), prerelease: None, channel: None, variant }
    }

    pub fn is_latest(&self) -> bool {
        self.text == "latest"
    }

    /// The content behind the tag is meant to change: `latest`, `slim`, `3`, `3.14`. Only a full version or a date stays,
    /// and even that is rebuilt.
    pub fn is_floating(&self) -> bool {
        self.version.len() < 3 && !self.is_dated()
    }

    /// Made by a signing tool beside the image, not an image (`sha256-….sig`).
    pub fn is_attachment(&self) -> bool {
        is_attachment(&self.text)
    }

    /// The version is a day (`20250811`): a snapshot.
    pub fn is_dated(&self) -> bool {
        self.version.iter().any(|it| (19_700_101..=99_991_231).contains(it))
    }

    fn group(&self) -> Group<'_> {
        Group { is_prerelease: self.prerelease.is_some(), variant: &self.variant }
    }
}

/// As [`Tag::is_attachment`], without reading the rest.
pub fn is_attachment(text: &str) -> bool {
    text.strip_prefix("sha256-").is_some_and(|it| it.len() >= 64)
}

/// Tags that differ in their version only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Group<'a> {
    is_prerelease: bool,
    variant: &'a str,
}

/// Sorts for completion: `latest`; stable before pre-release; plain tags before variants (`-slim`, `-alpine`, then by
/// name); the newest version first, and of its names the fullest (`3.14.7`, `3.14`, `3`). Last come the tags for which
/// `has_platform` says no.
pub fn sort_by_tag<T>(items: &mut Vec<T>, tag: impl Fn(&T) -> &str, has_platform: impl Fn(&T) -> bool) {
    let tags: Vec<Tag> = items.iter().map(|it| Tag::parse(tag(it))).collect();
    let newest = Newest::new(&tags);
    let mut keyed: Vec<(Key, usize)> = Vec::new();
    for (index, (tag, item)) in tags.iter().zip(items.iter()).enumerate() {
        keyed.push((Key::new(tag, newest.meant_by(tag), has_platform(item)), index));
    }
    keyed.sort_by(|(first, _), (second, _)| first.compare(second));
    let order: Vec<usize> = keyed.into_iter().map(|(_, index)| index).collect();
    let mut taken: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(order.into_iter().filter_map(|index| taken.get_mut(index)?.take()));
}

/// [`sort_by_tag`] for bare tags that all have the platform.
pub fn sort(tags: &mut Vec<&str>) {
    sort_by_tag(tags, |it| it, |_| true);
}

/// The newest tag among `tags` that says the same as `current` about everything but the version, with as many numbers,
/// and no further away than `step`. `None` if `current` has no version or is the newest. A pre-release is offered only
/// for a pre-release.
pub fn newer<'a>(current: &str, tags: impl IntoIterator<Item = &'a str>, step: Step) -> Option<&'a str> {
    let newer = all_newer(current, tags, step);
    newer.into_iter().max_by(|(first, _), (second, _)| age(first).cmp(&age(second))).map(|(_, text)| text)
}

/// The newest of [`newer`] by each of `steps`, the largest of which comes first: all of `tags` are read once.
pub fn newer_by<'a>(current: &str, tags: impl IntoIterator<Item = &'a str>, steps: &[Step]) -> Vec<&'a str> {
    let Some(largest) = steps.first() else { return Vec::new() };
    let newer: Vec<&str> = all_newer(current, tags, *largest).into_iter().map(|(_, text)| text).collect();
    steps.iter().filter_map(|step| self::newer(current, newer.iter().copied(), *step)).collect()
}

fn all_newer<'a>(current: &str, tags: impl IntoIterator<Item = &'a str>, step: Step) -> Vec<(Tag, &'a str)> {
    let current = Tag::parse(current);
    let kept = match step {
        Step::Patch => 2,
        Step::Minor => 1,
        Step::Major => 0,
    };
    if current.version.is_empty() {
        return Vec::new();
    }
    let fixed = current.version.get(..kept).unwrap_or(&current.version);
    let is_candidate = |tag: &Tag| {
        let is_same_kind = (&tag.variant, tag.channel) == (&current.variant, current.channel)
            && tag.version.len() == current.version.len();
        let is_stable_enough = tag.prerelease.is_none() || current.prerelease.is_some();
        is_same_kind && is_stable_enough && tag.version.starts_with(fixed) && age(tag) > age(&current)
    };
    tags.into_iter().map(|it| (Tag::parse(it), it)).filter(|(tag, _)| is_candidate(tag)).collect()
}

/// Grows with time: a release comes after its pre-releases.
fn age(tag: &Tag) -> (&[u64], bool, Option<Prerelease>) {
    (&tag.version, tag.prerelease.is_none(), tag.prerelease)
}

/// The versions of each group in rising order, to find what `3` stands for.
struct Newest<'a> {
    versions: HashMap<Group<'a>, Vec<&'a [u64]>>,
}

impl<'a> Newest<'a> {
    fn new(tags: &'a [Tag]) -> Newest<'a> {
        let mut versions: HashMap<Group, Vec<&[u64]>> = HashMap::new();
        for tag in tags {
            versions.entry(tag.group()).or_default().push(&tag.version);
        }
        versions.values_mut().for_each(|it| it.sort());
        Newest { versions }
    }

    /// The highest version of the group that starts with the tag's numbers; its own, if nothing is longer.
    fn meant_by(&self, tag: &'a Tag) -> &'a [u64] {
        let own = tag.version.as_slice();
        let Some(versions) = self.versions.get(&tag.group()) else { return own };
        let end =
            versions.partition_point(|it| it.get(..own.len().min(it.len())).is_some_and(|it| it <= own));
        versions[..end].last().filter(|it| it.starts_with(own)).copied().unwrap_or(own)
    }
}

/// What a tag is sorted by; each is compared a dozen times.
struct Key<'a> {
    /// The questions that come first, in their order; those that say no come first.
    coarse: [bool; 5],
    /// Of the variant: plain, slim, alpine, others.
    rank: u8,
    tag: &'a Tag,
    meant: &'a [u64],
}

impl<'a> Key<'a> {
    fn new(tag: &'a Tag, meant: &'a [u64], has_platform: bool) -> Key<'a> {
        let coarse =
            [!has_platform, tag.is_attachment(), !tag.is_latest(), tag.prerelease.is_some(), tag.is_dated()];
        let rank = match tag.variant.as_str() {
            "" => 0,
            it if it.starts_with("slim") => 1,
            it if it.starts_with("alpine") => 2,
            _ => 3,
        };
        Key { coarse, rank, tag, meant }
    }

    fn compare(&self, other: &Key) -> Ordering {
        (self.coarse, self.rank)
            .cmp(&(other.coarse, other.rank))
            .then_with(|| compare_naturally(&self.tag.variant, &other.tag.variant))
            .then_with(|| other.meant.cmp(self.meant))
            .then_with(|| Reverse(self.tag.prerelease).cmp(&Reverse(other.tag.prerelease)))
            .then_with(|| other.tag.version.len().cmp(&self.tag.version.len()))
            .then_with(|| self.tag.channel.cmp(&other.tag.channel))
            .then_with(|| self.tag.text.cmp(&other.tag.text))
    }
}

/// By letters, with runs of digits compared as numbers, the higher first (`alpine3.24`, `alpine3.23`).
fn compare_naturally(first: &str, second: &str) -> Ordering {
    if first == second {
        return Ordering::Equal;
    }
    let (mut first, mut second) = (first, second);
    loop {
        let (word_a, rest_a) = split_while(first, |it| !it.is_ascii_digit());
        let (word_b, rest_b) = split_while(second, |it| !it.is_ascii_digit());
        let (number_a, after_a) = split_while(rest_a, |it| it.is_ascii_digit());
        let (number_b, after_b) = split_while(rest_b, |it| it.is_ascii_digit());
        let order = word_a.cmp(word_b).then_with(|| match (number_a.is_empty(), number_b.is_empty()) {
            (false, false) => number(number_b).cmp(&number(number_a)),
            (is_end_a, is_end_b) => is_end_b.cmp(&is_end_a),
        });
        if order.is_ne() || (after_a.is_empty() && after_b.is_empty()) {
            return order;
        }
        (first, second) = (after_a, after_b);
    }
}

fn split_while(text: &str, is_wanted: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|it| !is_wanted(it)).unwrap_or(text.len()))
}

fn number(digits: &str) -> u64 {
    digits.parse().unwrap_or(u64::MAX)
}

/// The numbers at the start of a part, and what follows them: `3.15.0rc1` is 3, 15, 0 and `rc1`.
/// Java's `8u462` and `21.0.8_9` and a `v` in front are versions too.
fn leading_version(part: &str) -> Option<(Vec<u64>, &str)> {
    let mut rest =
        part.strip_prefix('v').filter(|it| it.starts_with(|it: char| it.is_ascii_digit())).unwrap_or(part);
    let mut version = Vec::new();
    loop {
        let (digits, after) = split_while(rest, |it| it.is_ascii_digit());
        if digits.is_empty() {
            return None;
        }
        version.push(number(digits));
        rest = after;
        let next = rest.strip_prefix(['.', '_', 'u', '+']);
        match next.filter(|it| it.starts_with(|it: char| it.is_ascii_digit())) {
            Some(next) => rest = next,
            None => return Some((version, rest)),
        }
    }
}

fn channel(part: &str) -> Option<&'static str> {
    ["lts", "stable", "current", "mainline", "innovation", "rolling"].into_iter().find(|it| *it == part)
}

/// `b07` of `8u502-b07`: the last number of an old Java version.
fn is_java_build(part: &str) -> bool {
    part.strip_prefix('b').is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()))
}

/// A part that says "not finished": `rc1`, `beta`, `edge`.
fn prerelease(part: &str) -> Option<Prerelease> {
    let part = part.trim_start_matches(['.', '_']).to_ascii_lowercase();
    let (word, rest) = split_while(&part, |it| it.is_ascii_alphabetic());
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    let is_number = rest.bytes().all(|it| it.is_ascii_digit());
    let has_number = is_number && !rest.is_empty();
    let stage = match word {
        "rc" | "cr" => Stage::Candidate,
        "beta" | "preview" | "pre" | "ea" => Stage::Beta,
        "b" | "m" if has_number => Stage::Beta,
        "alpha" => Stage::Alpha,
        "a" if has_number => Stage::Alpha,
        // `-dev` alone is a variant with tools in many repositories.
        "dev" if has_number => Stage::Development,
        "edge" | "nightly" | "canary" | "unstable" | "testing" | "experimental" | "devel" | "tip"
        | "next" | "snapshot" | "sid" => Stage::Development,
        _ => return None,
    };
    is_number.then(|| Prerelease { stage, number: if has_number { number(rest) } else { 0 } })
}

/// A commit's hash: letters and digits that happen to start with a number are no version.
fn is_hash(text: &str) -> bool {
    let is_hexadecimal = text.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
    (7..=64).contains(&text.len()) && is_hexadecimal && text.bytes().any(|it| it.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    /// An excerpt of Python's tags of 2026-08 (docker-library/official-images at 37079fb), out of order.
    const PYTHON: &[&str] = &[
        "3.9-slim-buster",
        "3.15.0rc1-slim",
        "3.15-rc",
        "3.15.0rc1",
        "trixie",
        "slim",
        "3.14.7",
        "3.14",
        "3",
        "latest",
        "3.13.15",
        "3.13",
        "3.9",
        "3.12.14-slim",
        "3-slim",
        "3.14.7-slim",
        "3.14-slim",
        "3.14.7-slim-trixie",
        "3.14.7-trixie",
        "3.14-alpine3.23",
        "3.14-alpine3.24",
        "3.14-alpine",
        "alpine",
        "3.14.7-bookworm",
        "windowsservercore-ltsc2025",
        "3.14-windowsservercore",
    ];

    fn check_parse(text: &str, expect: Expect) {
        let tag = Tag::parse(text);
        let prerelease =
            tag.prerelease.map(|it| format!(" {:?} {}", it.stage, it.number)).unwrap_or_default();
        let channel = tag.channel.map(|it| format!(" {it}")).unwrap_or_default();
        expect.assert_eq(&format!("{:?}{prerelease}{channel} {:?}", tag.version, tag.variant));
    }

    #[test]
    fn the_habits_of_official_images_are_read() {
        check_parse("latest", expect![[r#"[] """#]]);
        check_parse("3.14.7", expect![[r#"[3, 14, 7] """#]]);
        check_parse("3.15.0rc1-slim-trixie", expect![[r#"[3, 15, 0] Candidate 1 "slim-trixie""#]]);
        check_parse("3.15-rc-slim", expect![[r#"[3, 15] Candidate 0 "slim""#]]);
        check_parse("24-alpine3.22", expect![[r#"[24] "alpine3.22""#]]);
        check_parse("lts-slim", expect![[r#"[] lts "slim""#]]);
        check_parse("18beta1-alpine", expect![[r#"[18] Beta 1 "alpine""#]]);
        check_parse("21.0.8_9-jre", expect![[r#"[21, 0, 8, 9] "jre""#]]);
        check_parse("8u502-b07-jdk", expect![[r#"[8, 502, 7] "jdk""#]]);
        check_parse("26-ea-11-jdk", expect![[r#"[26] Beta 11 "jdk""#]]);
        check_parse(
            "4.0.0-rc-4-eclipse-temurin-21",
            expect![[r#"[4, 0, 0] Candidate 4 "eclipse-temurin-21""#]],
        );
        check_parse("8.5.0RC1-fpm", expect![[r#"[8, 5, 0] Candidate 1 "fpm""#]]);
        check_parse("3.3-dev5", expect![[r#"[3, 3] Development 5 """#]]);
        check_parse("v3.5.0", expect![[r#"[3, 5, 0] """#]]);
        check_parse("bookworm-20250811-slim", expect![[r#"[20250811] "bookworm-slim""#]]);
        check_parse("edge", expect![[r#"[] Development 0 """#]]);
        check_parse("windowsservercore-ltsc2022", expect![[r#"[] "windowsservercore-ltsc2022""#]]);
        check_parse("4f3c2ab9", expect![[r#"[] "4f3c2ab9""#]]);
        check_parse("1.2-dev", expect![[r#"[1, 2] "dev""#]]);
        check_parse("99999999999999999999", expect!["[18446744073709551615] \"\""]);
    }

    #[test]
    fn the_newest_stable_comes_first_and_variants_are_grouped() {
        let mut tags = PYTHON.to_vec();
        sort(&mut tags);
        expect![[r#"
            latest
            3.14.7
            3.14
            3
            3.13.15
            3.13
            3.9
            3.14.7-slim
            3.14-slim
            3-slim
            slim
            3.12.14-slim
            3.9-slim-buster
            3.14.7-slim-trixie
            3.14-alpine
            alpine
            3.14-alpine3.24
            3.14-alpine3.23
            3.14.7-bookworm
            3.14.7-trixie
            trixie
            3.14-windowsservercore
            windowsservercore-ltsc2025
            3.15.0rc1
            3.15-rc
            3.15.0rc1-slim"#]]
        .assert_eq(&tags.join("\n"));
    }

    #[test]
    fn tags_without_the_platform_come_last() {
        let mut tags = vec![("4", false), ("latest", false), ("3-rc", true), ("2", true)];
        sort_by_tag(&mut tags, |it| it.0, |it| it.1);
        assert_eq!(tags.iter().map(|it| it.0).collect::<Vec<_>>(), ["2", "3-rc", "latest", "4"]);
    }

    #[test]
    fn channels_stand_beside_the_newest_version() {
        let mut tags = vec!["lts-alpine", "24", "lts", "26-alpine", "current", "26.7.0", "26", "24.19.0"];
        sort(&mut tags);
        assert_eq!(tags, ["26.7.0", "26", "current", "lts", "24.19.0", "24", "26-alpine", "lts-alpine"]);
    }

    #[test]
    fn snapshots_and_signatures_come_after_versions() {
        let signature = format!("sha256-{}.sig", "0".repeat(64));
        let mut tags = vec![signature.as_str(), "20250108", "3.22", "edge"];
        sort(&mut tags);
        assert_eq!(tags, ["3.22", "20250108", "edge", &signature]);
    }

    #[test]
    fn an_update_keeps_the_variant_and_the_number_of_numbers() {
        let newer = |current: &str, step| newer(current, PYTHON.iter().copied(), step);
        assert_eq!(newer("3.12.1-slim", Step::Patch), Some("3.12.14-slim"));
        assert_eq!(newer("3.12.1-slim", Step::Minor), Some("3.14.7-slim"));
        assert_eq!(newer("3.12-slim", Step::Minor), Some("3.14-slim"));
        assert_eq!(newer("2-slim", Step::Major), Some("3-slim"));
        assert_eq!(newer("3.14.7", Step::Major), None);
        assert_eq!(newer("3.14", Step::Minor), None);
        assert_eq!(newer("slim", Step::Major), None);
        assert_eq!(newer("3.15.0b2", Step::Patch), Some("3.15.0rc1"));
        assert_eq!(newer("3.12-nothing", Step::Major), None);
        let by = |current: &str| newer_by(current, PYTHON.iter().copied(), &[Step::Minor, Step::Patch]);
        assert_eq!(by("3.12.1-slim"), ["3.14.7-slim", "3.12.14-slim"]);
        assert_eq!((by("3.14.7").len(), by("latest").len()), (0, 0));
    }

    #[test]
    fn short_tags_float() {
        let is_floating = |text: &str| Tag::parse(text).is_floating();
        assert!(is_floating("latest") && is_floating("3") && is_floating("3.14-slim") && is_floating("slim"));
        assert!(!is_floating("3.14.7-slim") && !is_floating("bookworm-20250811"));
    }

    proptest::proptest! {
        #[test]
        fn the_order_is_total(texts in proptest::collection::vec("[a-c0-3.rcv_-]{1,8}", 0..12)) {
            let mut tags: Vec<&str> = texts.iter().map(String::as_str).collect();
            sort(&mut tags);
            let mut again: Vec<&str> = texts.iter().rev().map(String::as_str).collect();
            sort(&mut again);
            proptest::prop_assert_eq!(tags, again);
        }
    }
}
