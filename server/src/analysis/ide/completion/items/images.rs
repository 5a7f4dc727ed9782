//! Image names, the official ones first, and their tags in the order of their use.

use std::sync::Arc;

use super::Context;
use crate::analysis::facts::RemoteTag;
use crate::analysis::ide::completion::cursor::Typed;
use crate::analysis::ide::completion::item::{Draft, ItemKind, List};
use crate::analysis::ide::completion::site::ImagePlace;
use crate::analysis::ide::completion::tag_list::{Offered, TagList};
use crate::analysis::ide::remote;
use crate::analysis::image::index::{self, OfficialImage, Status};
use crate::analysis::image::{ImageReference, Platform, tag};
use crate::analysis::knowledge::{self, Keyword};
use crate::analysis::model::{Base, Value};

/// What people build on most: first in the list of all 150.
const POPULAR: &[&str] = &[
    "alpine",
    "debian",
    "ubuntu",
    "node",
    "python",
    "golang",
    "rust",
    "eclipse-temurin",
    "nginx",
    "php",
    "ruby",
    "postgres",
    "redis",
    "busybox",
    "httpd",
    "caddy",
];

pub fn names(cx: &Context<'_>, typed: &Typed, place: ImagePlace, list: &mut List) {
    list.is_incomplete |= cx.facts.is_pending;
    let before = list.items.len();
    for name in used_names(cx) {
        add_name(typed, &name, "used in this file", list);
    }
    if place == ImagePlace::From {
        let draft =
            Draft::new(ItemKind::Image, "scratch").detail("no base: an empty image").key("image:scratch");
        list.add(typed, draft);
    }
    official(typed, list);
    for image in cx.facts.images {
        add_name(typed, &image.name, &image.description, list);
    }
    for (name, detail) in knowledge::WELL_KNOWN_IMAGES {
        add_name(typed, name, detail, list);
    }
    list.put_fitting_first(before, typed);
}

fn add_name(typed: &Typed, name: &str, detail: &str, list: &mut List) {
    if !list.has(name) {
        list.add(typed, Draft::new(ItemKind::Image, name).detail(detail).key(format!("image:{name}")));
    }
}

/// The repositories that other lines of the file name.
fn used_names(cx: &Context<'_>) -> Vec<String> {
    let own = cx.site.instruction;
    let bases = cx.model.stages().iter().filter(|it| Some(it.from) != own).filter_map(|it| match &it.base {
        Base::Image(value) => value.text().map(str::to_owned),
        _ => None,
    });
    let references = cx.model.stage_references().iter();
    let copied = references.filter(|it| it.target.is_none() && Some(it.location.instruction) != own);
    let copied = copied.map(|it| it.text.to_string());
    let images = bases.chain(copied).map(|text| ImageReference::parse(&text));
    // Official ones come anyway.
    images
        .filter(|it| it.errors.is_empty() && !it.is_official())
        .filter_map(|it| it.familiar_name())
        .collect()
}

/// The prefix under which official images are typed: none, or their full name.
fn official(typed: &Typed, list: &mut List) {
    const FULL: &[&str] = &["docker.io/library/", "docker.io/", "library/"];
    let prefix = FULL.iter().find(|it| typed.text.starts_with(**it)).copied().unwrap_or_default();
    let mut images: Vec<OfficialImage> = index::images().filter(|it| it.name != "scratch").collect();
    images.sort_by_key(|it| {
        (rank(it), POPULAR.iter().position(|name| *name == it.name).unwrap_or(POPULAR.len()))
    });
    for image in images {
        let (detail, is_gone) = match image.status {
            Status::Current => ("official image".to_owned(), false),
            Status::Deprecated => ("official image, deprecated".to_owned(), true),
            Status::WithoutTags => ("official image, without maintained tags".to_owned(), true),
            Status::Removed(date) => (format!("left the official images on {date}"), true),
        };
        let name = format!("{prefix}{}", image.name);
        let draft = Draft::new(ItemKind::Image, name).detail(detail).key(format!("image:{}", image.name));
        list.add(typed, draft.deprecated(is_gone));
    }
}

fn rank(image: &OfficialImage<'_>) -> u8 {
    match image.status {
        Status::Current => 0,
        Status::Deprecated => 1,
        Status::WithoutTags => 2,
        Status::Removed(_) => 3,
    }
}

/// A tag with what is known of it.
struct Candidate {
    name: String,
    detail: String,
    is_retired: bool,
}

pub fn tags(cx: &Context<'_>, typed: &Typed, name: &str, prefix: &str, place: ImagePlace, list: &mut List) {
    list.is_incomplete |= cx.facts.is_pending;
    let image = ImageReference::parse(name);
    if place == ImagePlace::Syntax && name == "docker/dockerfile" {
        frontends(typed, list);
    }
    let before = list.items.len();
    let name = image.familiar_name().unwrap_or_default();
    for it in candidates(cx, &image, prefix, list) {
        // Behind a variable only the rest can be typed.
        let text = match it.name.strip_prefix(prefix) {
            _ if typed.text == prefix => it.name.clone(),
            Some(rest) => format!("{}{rest}", typed.text),
            None => continue,
        };
        if list.items.get(..before).is_some_and(|items| items.iter().any(|it| it.label == text)) {
            continue;
        }
        let key = format!("tag:{name}:{}", it.name);
        let draft = Draft::new(ItemKind::Tag, text).detail(it.detail).key(key).deprecated(it.is_retired);
        list.add(typed, draft);
    }
    list.put_fitting_first(before, typed);
    preselect(typed, list);
}

/// Whatever an editor remembers of other files, the best tag is the one to begin with; not `latest`, unless it is typed.
fn preselect(typed: &Typed, list: &mut List) {
    let best = list.items.iter_mut().find(|it| !typed.text.is_empty() || it.label != "latest");
    if let Some(best) = best.filter(|it| !it.is_deprecated) {
        best.is_preselected = true;
    }
}

/// The tags to offer, the best first.
fn candidates(cx: &Context<'_>, image: &ImageReference, prefix: &str, list: &mut List) -> Vec<Candidate> {
    let platform = platform(cx);
    let repository = cx.facts.known.and_then(|known| known.repository(image)).and_then(|it| it.value.found());
    let tags = match cx.facts.lists {
        Some(lists) => lists.of(image, repository, platform.as_ref()),
        None => Arc::new(TagList::new(image, repository.map(|it| &**it), platform.as_ref())),
    };
    let current = || tags.tags(repository.map(|it| &**it));
    let fits = |it: &Offered<'_>| it.name.starts_with(prefix);
    let mut candidates = Vec::new();
    if !current().any(|it| fits(&it)) {
        candidates = retired_tags(image, prefix);
        list.is_incomplete |= candidates.len() == MAX_RETIRED;
    }
    // More than anybody looks at: the first that fit what is typed, and a new list with the next letter.
    let is_long = tags.len() > MAX_TAGS;
    list.is_incomplete |= is_long;
    let shown = current().filter(|it| !is_long || fits(it)).take(MAX_TAGS);
    candidates.extend(shown.map(|it| candidate(it, platform.as_ref())));
    if candidates.is_empty() {
        let used = used_tags(cx, image).into_iter();
        candidates.extend(used.map(|name| Candidate {
            name,
            detail: "used in this file".to_owned(),
            is_retired: false,
        }));
    }
    candidates
}

/// Tags in one list: writing more takes longer than one waits for at a key.
const MAX_TAGS: usize = 500;

/// What `# syntax=` takes.
fn frontends(typed: &Typed, list: &mut List) {
    for (tag, detail) in
        [("1", "the newest stable version"), ("1-labs", "with features that are not settled")]
    {
        list.add(typed, Draft::new(ItemKind::Tag, tag).detail(detail).key("directive:syntax"));
    }
}

fn candidate(tag: Offered<'_>, platform: Option<&Platform>) -> Candidate {
    let detail = match (tag.name, tag.has_platform) {
        ("latest", _) => "another image after the next release".to_owned(),
        (_, false) => "not for this platform".to_owned(),
        _ => tag.told.map(|it| told(it, platform)).unwrap_or_default(),
    };
    Candidate { name: tag.name.to_owned(), detail, is_retired: false }
}

/// When it was pushed, and how much is pulled.
fn told(tag: &RemoteTag, platform: Option<&Platform>) -> String {
    let size = remote::chosen(&tag.platforms, platform).and_then(|it| it.size).map(remote::size);
    match (tag.pushed, size) {
        (Some(date), Some(size)) => format!("pushed {date}, {size}"),
        (Some(date), None) => format!("pushed {date}"),
        (None, size) => size.unwrap_or_default(),
    }
}

/// What other lines of the file take.
fn used_tags(cx: &Context<'_>, image: &ImageReference) -> Vec<String> {
    let own = cx.site.instruction;
    let texts = cx.model.stages().iter().filter(|it| Some(it.from) != own).filter_map(|it| match &it.base {
        Base::Image(Value::Known(text) | Value::Default { text, .. }) => Some(text.to_string()),
        _ => None,
    });
    let same = texts
        .map(|text| ImageReference::parse(&text))
        .filter(|it| it.canonical_name() == image.canonical_name());
    let mut tags: Vec<String> = same.filter_map(|it| it.tag().known().map(str::to_owned)).collect();
    tags.sort();
    tags.dedup();
    tags
}

/// Some images have thousands of retired tags; the latest of them are enough to go on typing.
const MAX_RETIRED: usize = 200;

/// Only when nothing current fits what is typed.
fn retired_tags(image: &ImageReference, prefix: &str) -> Vec<Candidate> {
    let Some(official) = image.official_name().and_then(index::image) else { return Vec::new() };
    let mut retired = official.retired_tags();
    retired.retain(|it| it.name.starts_with(prefix));
    retired.sort_by_key(|it| std::cmp::Reverse(it.since));
    retired.truncate(MAX_RETIRED);
    tag::sort_by_tag(&mut retired, |it| &it.name, |_| true);
    let candidates = retired.into_iter().map(|it| Candidate {
        detail: format!("no longer maintained since {}", it.since),
        name: it.name,
        is_retired: true,
    });
    candidates.collect()
}

/// The platform the stage is for, else the user's.
fn platform(cx: &Context<'_>) -> Option<Platform> {
    let is_from = cx.instruction().is_some_and(|it| it.keyword == Some(Keyword::From));
    let stage = cx.model.stage_of(cx.id()).filter(|_| is_from);
    let own =
        stage.and_then(|stage| stage.platform.as_ref()?.text().and_then(|text| Platform::parse(text).ok()));
    own.or_else(|| cx.facts.platform.cloned())
}
