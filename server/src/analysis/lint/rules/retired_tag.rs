//! `FROM python:3.8`.

use crate::analysis::image::index::{OfficialImage, Status, TagStatus};
use crate::analysis::image::tag::{self, Step};
use crate::analysis::lint::images::{Image, Memo, images, successor_of};
use crate::analysis::lint::prelude::*;

rule! {
    /// A tag of an official image is no longer kept up to date.
    ///
    /// The image can still be pulled and is never built again: faults found in it, or in the distribution it stands on,
    /// stay. Often the whole version has reached the end of its life.
    ///
    /// ```dockerfile bad
    /// FROM python:3.8-slim
    /// ```
    ///
    /// ```dockerfile good
    /// FROM python:3.14-slim
    /// ```
    ///
    /// If only a newer correction of the same version is out (`3.14.1` after `3.14.0`), it is a hint. Known without a
    /// network, from the list of official images that is part of this program.
    name: "retired-tag",
    fix: FixSafety::Unsafe,
    tag: Some(Tag::Deprecated),
    url: "https://github.com/docker-library/official-images",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for image in images(cx) {
        let Some(official) = image.official().filter(|it| it.status == Status::Current) else { continue };
        let Some(tag) = image.reference.tag().known().filter(|_| !image.reference.is_pinned()) else {
            continue;
        };
        if let Some(retired) = KNOWN.of(official.name, tag, || judge(&official, tag)) {
            found(&image, &official, tag, &retired, report);
        }
    }
}

/// What is known of a tag that left the list.
#[derive(Clone)]
struct Retired {
    /// `YYYY-MM`
    since: String,
    newest: Option<String>,
    /// The newest is the same version, corrected.
    is_corrected: bool,
}

static KNOWN: Memo<Option<Retired>> = Memo::new();

fn judge(official: &OfficialImage<'_>, tag: &str) -> Option<Retired> {
    let TagStatus::Retired { since } = official.tag(tag) else { return None };
    let correction = newer_correction(official, tag);
    let is_corrected = correction.is_some();
    let newest = correction.or_else(|| successor_of(official, tag));
    Some(Retired { since: format!("{}-{:02}", since.year, since.month), newest, is_corrected })
}

fn found(image: &Image, official: &OfficialImage<'_>, tag: &str, retired: &Retired, report: &mut Report<'_>) {
    let newest = retired.newest.as_ref();
    let instead = newest.map_or(String::new(), |it| format!("; the newest of its kind is `{it}`"));
    let message = format!("`{}:{tag}` gets no updates since {}{instead}", official.name, retired.since);
    let draft = report.at(image.range_of(image.reference.tag_range()), message);
    let draft = if retired.is_corrected { draft.severity(Severity::Hint) } else { draft };
    if let Some((newest, edit)) = newest.and_then(|it| Some((it, image.with_tag(it)?))) {
        draft.unsafe_fix(format!("Write `{newest}`"), vec![edit]);
    }
}

/// A current tag of the same kind and the same version but for its last number.
fn newer_correction(official: &OfficialImage<'_>, tag: &str) -> Option<String> {
    if tag::Tag::parse(tag).version.len() < 3 {
        return None;
    }
    let names: Vec<String> = official.tags().map(|it| it.name).collect();
    tag::newer(tag, names.iter().map(String::as_str), Step::Patch).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_rule, findings};

    #[test]
    fn only_tags_that_were_once_listed_are_meant() {
        check_rule(
            "retired-tag",
            "ARG V=3.8\nFROM python:3.8-slim-buster\n            ^^^^^^^^^^^^^^^ since\nFROM python:$V\n     ^^^^^^^^^ `python:3.8`\nFROM python:3.8@sha256:0000000000000000000000000000000000000000000000000000000000000000\nFROM acme/python:3.8\nFROM python:0.0.0-never\nFROM centos:7\nCOPY --from=node:8 a b\n                 ^\n",
        );
    }

    #[test]
    fn the_fix_keeps_the_variant() {
        let fix = findings("retired-tag", "FROM python:3.8-slim-buster\n")[0].fix().expect("a fix");
        let tag = &fix.edits[0].new_text;
        assert!(tag.starts_with("3.") && tag.ends_with("-slim"), "{tag}");
        let fix = findings("retired-tag", "FROM node:8-alpine3.9\n")[0].fix().expect("a fix");
        assert!(fix.edits[0].new_text.ends_with("-alpine"), "{fix:?}");
        let fix = findings("retired-tag", "FROM debian:wheezy\n")[0].fix().expect("a fix");
        assert!(fix.edits[0].new_text.starts_with(|it: char| it.is_ascii_digit()), "{fix:?}");
    }
}
