//! Changes to an image's name that the index of official images or a registry knows to be good.
//!
//! Newer versions keep the variant: `3.12-slim` becomes `3.14-slim`, never `3.14-alpine`. An image pinned by digest keeps its
//! tag, as its digest would have to change too; it can get the digest that the tag has now.

use text_size::TextRange;

use super::images::{ImageUse, image_uses};
use super::remote;
use crate::analysis::facts::{Facts, Repository};
use crate::analysis::image::ImageReference;
use crate::analysis::image::index::{self, OfficialImage, Status, TagStatus};
use crate::analysis::image::official_facts::successors;
use crate::analysis::image::tag::{self, Step};
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
    /// To the digest that the tag has now.
    Pin,
}

/// What can be done about the images named in `range` (absolute), the most useful first.
pub fn image_actions(model: &Model, range: TextRange, known: &Facts) -> Vec<ImageAction> {
    let here = image_uses(model).filter(|it| it.range.intersect(range).is_some());
    here.flat_map(|it| actions(model, &it, known)).collect()
}

fn actions(model: &Model, image: &ImageUse, known: &Facts) -> Vec<ImageAction> {
    let Some(reference) = image.reference().filter(|it| it.is_resolved() && it.errors.is_empty()) else {
        return Vec::new();
    };
    let pin = pin_action(model, image, &reference, known);
    if reference.is_pinned() {
        return pin.into_iter().collect();
    }
    let official = reference.official_name().and_then(index::image);
    let mut actions =
        official.as_ref().map(|it| successor_actions(model, image, &reference, it)).unwrap_or_default();
    let repository = known.repository(&reference).and_then(|it| it.found()).map(|it| &**it);
    let is_alive = |it: &OfficialImage| matches!(it.status, Status::Current | Status::Deprecated);
    let versions = Versions { official: official.filter(is_alive), repository };
    if let Some(tag) = reference.effective_tag() {
        actions.extend(tag_actions(model, image, &reference, &versions, tag));
    }
    actions.extend(pin);
    actions
}

/// The tags there are, whoever says so.
struct Versions<'a> {
    official: Option<OfficialImage<'a>>,
    /// What matters of the registry's list; see [`remote::about`].
    repository: Option<&'a Repository>,
}

impl Versions<'_> {
    fn names(&self) -> Vec<String> {
        let remote = self.repository.iter().flat_map(|it| &it.tags).map(|it| it.name.to_string());
        self.official.iter().flat_map(|it| it.tags()).map(|it| it.name).chain(remote).collect()
    }

    /// What a floating tag stands for; the registry knows best.
    fn meaning(&self, tag: &str) -> Option<String> {
        let remote = self.repository.and_then(|it| remote::meaning(it, tag));
        remote.or_else(|| self.official.as_ref()?.meaning(tag))
    }
}

/// Only where the name stands as it is: the digest of an argument's default would be wrong for all other values.
fn pin_action(
    model: &Model,
    image: &ImageUse,
    reference: &ImageReference,
    known: &Facts,
) -> Option<ImageAction> {
    let digest = known.digest(reference)?;
    let tag = reference.effective_tag().map(|it| format!(" that {} has now", code(it))).unwrap_or_default();
    if model.file().slice(image.range) != reference.text() {
        return None;
    }
    if let Some(range) = reference.digest_range() {
        // Without a tag there is nothing that could have moved on.
        let is_old = !reference.tag().is_absent() && reference.digest().known() != Some(digest.as_str());
        let title = format!("Update to the digest{tag}");
        return is_old.then(|| action(model, image, (range, &digest), title, ImageActionKind::Pin)).flatten();
    }
    let end = reference.tag_range().or(reference.name_range())?.end();
    let new = format!("@{digest}");
    let title = format!("Pin to the digest{tag}");
    action(model, image, (TextRange::empty(end), &new), title, ImageActionKind::Pin)
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
    versions: &Versions<'_>,
    tag: &str,
) -> Vec<ImageAction> {
    use ImageActionKind as Kind;
    let names = versions.names();
    let names = || names.iter().map(String::as_str);
    let patch = tag::newer(tag, names(), Step::Patch).map(str::to_owned);
    let minor =
        tag::newer(tag, names(), Step::Minor).map(str::to_owned).filter(|it| Some(it) != patch.as_ref());
    let full = versions.meaning(tag);
    let wanted = [
        (Kind::NewestPatch, patch),
        (Kind::NewestMinor, minor),
        (Kind::FullVersion, full),
        (Kind::Slim, remote::slim(tag, names()).map(str::to_owned)),
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
        ImageActionKind::Successor | ImageActionKind::Pin => format!("Replace by {new}"),
    }
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
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::analysis::facts::{Answer, Fact, RemoteTag};
    use crate::analysis::testing::Fixture;
    use crate::analysis::text::apply_edits;

    /// Kind and what becomes of the file, for each action at the cursor.
    fn offered(source: &str) -> Vec<(ImageActionKind, String)> {
        offered_knowing(source, &Facts::default())
    }

    fn offered_knowing(source: &str, known: &Facts) -> Vec<(ImageActionKind, String)> {
        let fixture = Fixture::new(source);
        let at = TextRange::empty(fixture.cursor());
        let actions = image_actions(&fixture.model(), at, known).into_iter();
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

    /// Docker Hub's `acme/api` with these tags and digests.
    fn knowing(tags: &[(&str, char)]) -> Facts {
        let tag = |(name, digest): &(&str, char)| RemoteTag {
            name: (*name).into(),
            digest: Some(digest_of(*digest).as_str().into()),
            ..RemoteTag::default()
        };
        let repository = Arc::new(Repository { tags: tags.iter().map(tag).collect(), is_complete: true });
        let mut facts = Facts::default();
        let fact = Fact { value: Answer::Found(repository), age: Duration::ZERO };
        facts.repositories.insert("docker.io/acme/api".to_owned(), fact);
        facts
    }

    fn digest_of(letter: char) -> String {
        format!("sha256:{}", letter.to_string().repeat(64))
    }

    #[test]
    fn a_registrys_tags_are_updates_too() {
        use ImageActionKind::*;
        let known =
            knowing(&[("1.2.3", 'a'), ("1.2.9", 'b'), ("1.9.0", 'c'), ("1.2.3-slim", 'd'), ("1", 'c')]);
        let offered = |source: &str| offered_knowing(source, &known);
        let pinned = format!("FROM acme/api:1.2.3@{}", digest_of('a'));
        assert_eq!(
            offered("FROM acme<|>/api:1.2.3"),
            [
                (NewestPatch, "FROM acme/api:1.2.9".to_owned()),
                (NewestMinor, "FROM acme/api:1.9.0".to_owned()),
                (Slim, "FROM acme/api:1.2.3-slim".to_owned()),
                (Pin, pinned.clone()),
            ]
        );
        assert_eq!(offered("FROM <|>acme/api:1")[0], (FullVersion, "FROM acme/api:1.9.0".to_owned()));
    }

    #[test]
    fn digests_are_pinned_and_brought_up_to_date() {
        let known = knowing(&[("1", 'b'), ("latest", 'c')]);
        let result =
            |source: &str| offered_knowing(source, &known).into_iter().map(|it| it.1).collect::<Vec<_>>();
        let old = format!("FROM acme/a<|>pi:1@{} AS x", digest_of('a'));
        assert_eq!(result(&old), [format!("FROM acme/api:1@{} AS x", digest_of('b'))]);
        let current = format!("FROM acme/a<|>pi:1@{} AS x", digest_of('b'));
        assert_eq!(result(&current), [""; 0]);
        let without_tag = format!("FROM acme/a<|>pi@{}", digest_of('a'));
        assert_eq!(result(&without_tag), [""; 0]);
        assert_eq!(result("FROM acme/a<|>pi"), [format!("FROM acme/api@{}", digest_of('c'))]);
        assert_eq!(result("ARG V=1\nFROM acme/a<|>pi:$V"), [""; 0]);
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
