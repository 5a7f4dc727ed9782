//! What a registry's list of tags says about one tag: its other names, newer versions, and the one that was meant.
//!
//! A list has thousands of tags, and a file names a few. [`about`] keeps of a list what matters for one image, so that
//! what is shown about it needs no more than that.

use std::collections::HashSet;

use crate::analysis::facts::{RemotePlatform, RemoteTag, Repository};
use crate::analysis::image::index::{self, Date, RetiredNames};
use crate::analysis::image::tag::{self, Step, Tag};
use crate::analysis::image::{ImageReference, Platform};
use crate::analysis::knowledge::did_you_mean;

/// Other names of the same image that are kept.
const MAX_NAMES: usize = 40;

/// The part of the list that matters for `image`: its tag and the other names of the same image, newer versions of the
/// same variant, the slim variant, and for a tag that is not there the closest one. As complete as the list.
pub fn about(repository: &Repository, image: &ImageReference) -> Repository {
    let Some(wanted) = image.effective_tag() else {
        return Repository { tags: Vec::new(), is_complete: repository.is_complete };
    };
    let retired = Retired::of(image);
    let current = || repository.tags.iter().filter(|it| !retired.has(it)).map(|it| it.name.as_str());
    let found = repository.tag(wanted);
    let mut names: HashSet<&str> = HashSet::from([wanted]);
    names.extend(tag::newer_by(wanted, current(), &[Step::Minor, Step::Patch]));
    names.extend(slim(wanted, current()));
    if found.is_none() {
        names.extend(did_you_mean(wanted, current()));
    }
    if let Some(digest) = found.and_then(|it| it.digest.as_ref()) {
        let same = repository.tags.iter().filter(|it| it.digest.as_ref() == Some(digest));
        names.extend(same.map(|it| it.name.as_str()).take(MAX_NAMES));
    }
    let tags = repository.tags.iter().filter(|it| names.contains(it.name.as_str())).cloned().collect();
    Repository { tags, is_complete: repository.is_complete }
}

/// The fullest name of what `tag` stands for: the tag with the same digest and variant and the longest version. `None`
/// if it says as much itself, or the registry does not tell digests.
pub fn meaning(repository: &Repository, wanted: &str) -> Option<String> {
    meaning_among(&repository.tags, wanted)
}

/// As [`meaning`], in a part of a list.
pub fn meaning_among(tags: &[RemoteTag], wanted: &str) -> Option<String> {
    let digest = tags.iter().find(|it| it.name == wanted)?.digest.as_ref()?;
    let own = Tag::parse(wanted);
    let same = tags.iter().filter(|it| it.digest.as_ref() == Some(digest));
    let candidates = same.map(|it| Tag::parse(&it.name)).filter(|it| {
        it.version.len() > own.version.len()
            && it.version.starts_with(&own.version)
            && it.variant == own.variant
            && !it.is_dated()
    });
    candidates.max_by_key(|it| it.version.len()).map(|it| it.text.to_string())
}

/// Which of `names` differs from `tag` only in being slim.
pub fn slim<'a>(tag: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let tag = Tag::parse(tag);
    let parts = |it: &Tag| {
        let mut parts: Vec<String> = it.variant.split('-').map(str::to_owned).collect();
        parts.retain(|it| !it.is_empty());
        parts.sort();
        parts
    };
    let mut wanted = parts(&tag);
    if wanted.iter().any(|it| it == "slim" || it.starts_with("alpine")) {
        return None;
    }
    wanted.push("slim".to_owned());
    wanted.sort();
    let is_same = |it: &Tag| {
        (&it.version, it.prerelease, it.channel) == (&tag.version, tag.prerelease, tag.channel)
            && parts(it) == wanted
    };
    // Most names are neither.
    names.into_iter().filter(|it| it.contains("slim")).find(|it| is_same(&Tag::parse(it)))
}

/// The tags of an official image that left the list.
#[derive(Debug, Default)]
pub struct Retired(RetiredNames);

impl Retired {
    /// Empty for any other image. Takes up to a few milliseconds.
    pub fn of(image: &ImageReference) -> Retired {
        let official = image.official_name().and_then(index::image);
        Retired(official.map(|it| it.retired_names()).unwrap_or_default())
    }

    /// Whether `tag` is one of them, and was not pushed since.
    pub fn has(&self, tag: &RemoteTag) -> bool {
        tag.pushed.is_none_or(|it| it <= index::date()) && self.0.contains(&tag.name)
    }
}

/// The one of `platforms` that a build for `wanted`, or an ordinary one, takes.
pub fn chosen<'a>(platforms: &'a [RemotePlatform], wanted: Option<&Platform>) -> Option<&'a RemotePlatform> {
    let usual = || Platform::new("linux", "amd64", "");
    let fits = |platform: &Platform| platforms.iter().find(|it| platform.accepts(&it.platform));
    wanted.and_then(fits).or_else(|| fits(&usual())).or(platforms.first())
}

/// `40.2 MB`; compressed sizes, as they are pulled.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// `3 days ago`; nothing if nobody knows what day it is.
pub fn ago(date: Date, today: Option<Date>) -> Option<String> {
    let days = today?.days().checked_sub(date.days())?;
    Some(match days {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        2..=60 => format!("{days} days ago"),
        61..=729 => format!("{} months ago", days / 30),
        _ => format!("{} years ago", days / 365),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::image::Digest;

    fn repository(tags: &[(&str, &str)]) -> Repository {
        let tag = |(name, digest): &(&str, &str)| RemoteTag {
            name: (*name).into(),
            digest: Some(*digest).filter(|it| !it.is_empty()).map(Digest::from),
            ..RemoteTag::default()
        };
        Repository { tags: tags.iter().map(tag).collect(), is_complete: true }
    }

    fn kept(list: &Repository, image: &str) -> Vec<String> {
        about(list, &ImageReference::parse(image)).tags.into_iter().map(|it| it.name.to_string()).collect()
    }

    #[test]
    fn what_matters_for_one_image_is_kept() {
        let list = repository(&[
            ("latest", "a"),
            ("1.2.3", "b"),
            ("1.2.9", "c"),
            ("1.9.0", "a"),
            ("1.2.3-slim", "d"),
            ("2.0.0", "e"),
            ("edge", "f"),
        ]);
        assert_eq!(kept(&list, "acme/a:1.2.3"), ["1.2.3", "1.2.9", "1.9.0", "1.2.3-slim"]);
        assert_eq!(kept(&list, "acme/a"), ["latest", "1.9.0"]);
        assert_eq!(kept(&list, "acme/a:edg"), ["edge"]);
        assert!(about(&list, &ImageReference::parse("acme/a:edg")).is_complete);
    }

    #[test]
    fn retired_tags_are_no_update() {
        let list = repository(&[("3.6-stretch", ""), ("3.5-stretch", "")]);
        assert_eq!(kept(&list, "python:3.5-stretch"), ["3.5-stretch"]);
        assert_eq!(kept(&list, "acme/python:3.5-stretch"), ["3.6-stretch", "3.5-stretch"]);
    }

    #[test]
    fn a_floating_tag_stands_for_the_fullest_with_the_same_digest() {
        let list = repository(&[
            ("latest", "a"),
            ("3", "a"),
            ("3.1", "a"),
            ("3.1.4", "a"),
            ("3.1.4-slim", "b"),
            ("2", ""),
        ]);
        assert_eq!(meaning(&list, "3").as_deref(), Some("3.1.4"));
        assert_eq!(meaning(&list, "latest").as_deref(), Some("3.1.4"));
        assert_eq!((meaning(&list, "3.1.4"), meaning(&list, "2"), meaning(&list, "no")), (None, None, None));
    }

    #[test]
    fn ages_and_sizes_are_for_people() {
        let date = |text: &str| {
            let mut parts = text.split('-').map(|it| it.parse::<u16>().expect("a number"));
            let mut next = || parts.next().expect("three numbers");
            Date { year: next(), month: next() as u8, day: next() as u8 }
        };
        let today = Some(date("2026-11-21"));
        let ago = |text: &str| ago(date(text), today).unwrap_or_default();
        assert_eq!(
            [ago("2026-11-21"), ago("2026-11-20"), ago("2026-10-22")],
            ["today", "yesterday", "30 days ago"]
        );
        assert_eq!(
            [ago("2026-05-21"), ago("2020-11-21"), ago("2027-01-01")],
            ["6 months ago", "6 years ago", ""]
        );
        assert_eq!([size(1), size(40_250_000)], ["1 kB", "40.2 MB"]);
    }
}
