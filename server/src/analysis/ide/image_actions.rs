//! Changes to an image's name that the index of official images knows to be good.
//!
//! Newer versions keep the variant: `3.12-slim` becomes `3.14-slim`, never `3.14-alpine`. An image pinned by digest is left
//! alone, as its digest would have to change too.

use text_size::TextRange;

use super::images::{ImageUse, image_uses};
use crate::analysis::image::ImageReference;
use crate::analysis::image::index::{self, OfficialImage, Status, TagStatus};
use crate::analysis::image::official_facts::successors;
use crate::analysis::image::tag::{Step, Tag};
use crate::analysis::model::Model;
use crate::analysis::text::TextEdit;

/// Something to do about an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageAction {
    pub title: String,
    pub kind: ImageActionKind,
    pub edits: Vec<TextEdit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageActionKind {
    /// The image is deprecated or gone.
    Successor,
    NewestPatch,
    NewestMinor,
    /// The version that a floating tag stands for.
    FullVersion,
    Slim,
}

/// What can be done about the images named in `range` (absolute), the most useful first.
pub fn image_actions(model: &Model, range: TextRange) -> Vec<ImageAction> {
    let here = image_uses(model).filter(|it| it.range.intersect(range).is_some());
    here.flat_map(|it| actions(model, &it)).collect()
}

fn actions(model: &Model, image: &ImageUse) -> Vec<ImageAction> {
    let Some(reference) = image.reference().filter(|it| it.is_resolved() && !it.is_pinned()) else {
        return Vec::new();
    };
    let Some(official) = reference.official_name().and_then(index::image) else { return Vec::new() };
    let mut actions = successor_actions(model, image, &reference, &official);
    let is_alive = matches!(official.status, Status::Current | Status::Deprecated);
    if is_alive && let Some(tag) = reference.effective_tag() {
        actions.extend(tag_actions(model, image, &reference, &official, tag));
    }
    actions
}

fn successor_actions(
    model: &Model,
    image: &ImageUse,
    reference: &ImageReference,
    official: &OfficialImage<'_>,
) -> Vec<ImageAction> {
    let action = |name: &&str| {
        let (range, new) = successor_text(reference, name)?;
        let title = format!("Replace {} by `{name}`", code(official.name));
        action(model, image, (range, &new), title, ImageActionKind::Successor)
    };
    successors(official.name).iter().filter_map(action).collect()
}

/// The range of the name, and of the tag too if the successor has no such tag.
fn successor_text(reference: &ImageReference, name: &str) -> Option<(TextRange, String)> {
    let range = reference.name_range()?;
    let Some(tag) = reference.tag().known() else { return Some((range, name.to_owned())) };
    let Some(official) = ImageReference::parse(name).official_name().and_then(index::image) else {
        return Some((range, name.to_owned()));
    };
    let whole = range.cover(reference.tag_range()?);
    Some(match closest_tag(&official, tag) {
        Some(kept) => (whole, format!("{name}:{kept}")),
        None => (whole, name.to_owned()),
    })
}

/// `tag` or what is left of it without its last parts: `11-jre` for `11-jre-slim`.
fn closest_tag<'a>(official: &OfficialImage<'_>, tag: &'a str) -> Option<&'a str> {
    let shorter = |it: &&'a str| it.rfind('-').and_then(|end| it.get(..end));
    let mut candidates = std::iter::successors(Some(tag), shorter);
    candidates.find(|it| matches!(official.tag(it), TagStatus::Current { .. }))
}

fn tag_actions(
    model: &Model,
    image: &ImageUse,
    reference: &ImageReference,
    official: &OfficialImage<'_>,
    tag: &str,
) -> Vec<ImageAction> {
    use ImageActionKind as Kind;
    let patch = official.newer(tag, Step::Patch);
    let minor = official.newer(tag, Step::Minor).filter(|it| Some(it) != patch.as_ref());
    let full = official.meaning(tag);
    let wanted = [
        (Kind::NewestPatch, patch),
        (Kind::NewestMinor, minor),
        (Kind::FullVersion, full),
        (Kind::Slim, slim(official, tag)),
    ];
    let action = |(kind, new): (Kind, Option<String>)| {
        let new = new?;
        let title = title(kind, tag, &new);
        match reference.tag_range() {
            Some(range) => action(model, image, (range, &new), title, kind),
            None => {
                let name = reference.name_range()?;
                let new = format!("{}:{new}", reference.text().get(std::ops::Range::from(name))?);
                action(model, image, (name, &new), title, kind)
            }
        }
    };
    wanted.into_iter().filter_map(action).collect()
}

fn title(kind: ImageActionKind, tag: &str, new: &str) -> String {
    let new = code(new);
    match kind {
        ImageActionKind::NewestPatch => format!("Update to the newest patch version {new}"),
        ImageActionKind::NewestMinor => format!("Update to the newest minor version {new}"),
        ImageActionKind::FullVersion => format!("Name the version that {} stands for: {new}", code(tag)),
        ImageActionKind::Slim => format!("Use the slim variant {new}"),
        ImageActionKind::Successor => format!("Replace by {new}"),
    }
}

/// The current tag that differs from `tag` only in being slim.
pub(super) fn slim(official: &OfficialImage<'_>, tag: &str) -> Option<String> {
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
    official.tags().map(|it| it.name).find(|it| is_same(&Tag::parse(it)))
}

fn action(
    model: &Model,
    image: &ImageUse,
    (range, new): (TextRange, &str),
    title: String,
    kind: ImageActionKind,
) -> Option<ImageAction> {
    let done = image.replace(model, range, new)?;
    let title = match done.argument {
        Some(argument) => format!("{title} (in the default of {})", code(&argument)),
        None => title,
    };
    Some(ImageAction { title, kind, edits: vec![done.edit] })
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Fixture;
    use crate::analysis::text::apply_edits;

    /// Kind and first line that is different, for each action at the cursor.
    fn offered(source: &str) -> Vec<(ImageActionKind, String)> {
        let fixture = Fixture::new(source);
        let at = TextRange::empty(fixture.cursor());
        let actions = image_actions(&fixture.model(), at).into_iter();
        actions
            .map(|it| {
                let text = apply_edits(&fixture.text, &it.edits).expect("edits do not overlap");
                (it.kind, text)
            })
            .collect()
    }

    fn result(source: &str, kind: ImageActionKind) -> Option<String> {
        offered(source).into_iter().find(|it| it.0 == kind).map(|it| it.1)
    }

    fn newest_python(prefix: &str) -> String {
        let python = index::image("python").expect("python is official");
        python.meaning(prefix).expect("it stands for a version")
    }

    #[test]
    fn versions_go_up_within_their_variant() {
        use ImageActionKind::*;
        let (patch, minor) = (newest_python("3.12"), newest_python("3"));
        assert_eq!(
            result("FROM py<|>thon:3.12.1-slim AS a", NewestPatch),
            Some(format!("FROM python:{patch}-slim AS a"))
        );
        assert_eq!(
            result("FROM py<|>thon:3.12.1-slim AS a", NewestMinor),
            Some(format!("FROM python:{minor}-slim AS a"))
        );
        assert_eq!(result("FROM python:<|>3", NewestMinor), None);
        assert_eq!(
            result("ARG V=3.12.1\nFROM pyt<|>hon:$V-alpine", NewestPatch),
            Some(format!("ARG V={patch}\nFROM python:$V-alpine"))
        );
    }

    #[test]
    fn floating_tags_can_be_named_in_full_and_made_slim() {
        use ImageActionKind::*;
        let full = newest_python("3");
        assert_eq!(result("FROM <|>python", FullVersion), Some(format!("FROM python:{full}")));
        assert_eq!(
            result("FROM a\nCOPY --from=<|>python:3 /x /", FullVersion),
            Some(format!("FROM a\nCOPY --from=python:{full} /x /"))
        );
        assert_eq!(result("FROM <|>python:3", Slim).as_deref(), Some("FROM python:3-slim"));
        assert_eq!(result("FROM <|>python:3-trixie", Slim).as_deref(), Some("FROM python:3-slim-trixie"));
        assert_eq!(result("FROM <|>node:lts-trixie", Slim).as_deref(), Some("FROM node:lts-trixie-slim"));
        assert_eq!(result("FROM <|>python:3-slim", Slim), None);
    }

    #[test]
    fn images_that_are_gone_have_successors() {
        use ImageActionKind::Successor;
        assert_eq!(result("FROM vau<|>lt:1.13", Successor).as_deref(), Some("FROM hashicorp/vault:1.13"));
        assert_eq!(
            result("FROM openjdk<|>:17-jdk-slim", Successor).as_deref(),
            Some("FROM eclipse-temurin:17-jdk")
        );
        assert_eq!(result("FROM op<|>enjdk", Successor).as_deref(), Some("FROM eclipse-temurin"));
        assert_eq!(result("FROM cen<|>tos:7", Successor), None);
    }

    #[test]
    fn what_is_not_official_pinned_or_unknown_is_left_alone() {
        for source in [
            "FROM ghcr.io/a/pyth<|>on:3.12.1",
            "FROM python:3.12.1@sha256:<|>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "FROM no-such-im<|>age:1",
            "ARG V\nFROM pyth<|>on:$V",
            "FROM a AS python\nFROM pyth<|>on",
        ] {
            assert_eq!(offered(source), [], "{source}");
        }
    }
}
