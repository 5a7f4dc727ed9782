//! Hover on a base image: what the reference says, and what the index of official images knows about it.

use text_size::TextRange;

use super::{Hover, Place, code, paragraphs};
use crate::analysis::image::index::{self, OfficialImage, Status, TagStatus};
use crate::analysis::image::tag::Step;
use crate::analysis::image::{ImageReference, official_facts};
use crate::analysis::model::{Base, Value};
use crate::analysis::syntax::ast::Arguments;

pub(super) fn hover(at: &Place<'_>) -> Option<Hover> {
    let (range, value) = image_at(at)?;
    if value.text() == Some("scratch") {
        let text = "**scratch** is not an image: the stage starts with no files at all, no shell, no certificates, no time zones. It suits one static program.";
        return Some(Hover::new(range, text));
    }
    Some(Hover::new(range, describe(&value)))
}

/// The image named at the cursor, after expansion.
fn image_at(at: &Place<'_>) -> Option<(TextRange, Value)> {
    if let Arguments::From(from) = &at.node.arguments {
        let word = from.image.as_ref().filter(|word| at.touches(word.range()))?;
        let stage = at.model.stage_of(at.instruction.id)?;
        return match &stage.base {
            Base::Image(value) => Some((word.range(), value.clone())),
            Base::Scratch => Some((word.range(), Value::known("scratch"))),
            _ => None,
        };
    }
    let references = at.model.stage_references().iter();
    let here = references.filter(|it| it.location.instruction == at.instruction.id && it.target.is_none());
    let reference = here.into_iter().find(|it| at.touches(it.location.range))?;
    Some((reference.location.range, Value::known(reference.text.clone())))
}

fn describe(value: &Value) -> String {
    let text = match value {
        Value::Known(text) | Value::Default { text, .. } => text,
        Value::Unknown(why) => {
            return format!("**Image** not known from this file: {}.", super::variable::reason(why));
        }
    };
    let image = ImageReference::parse(text);
    let argument = match value {
        Value::Default { argument, .. } => {
            format!("With the default of `{argument}`; `--build-arg {argument}=…` changes it.")
        }
        _ => String::new(),
    };
    let errors = image.errors.iter().map(|error| format!("**Not a valid name**: {}", error.kind.message()));
    let page = image.page_url().map(|url| format!("[Page of the image]({url})"));
    let official = image.official_name().and_then(index::image);
    let known = official.map(|official| official_parts(&official, &image)).unwrap_or_default();
    paragraphs(
        [format!("**Image** {}", code(text))]
            .into_iter()
            .chain([image.canonical().map(|name| format!("In full: {}", code(&name))).unwrap_or_default()])
            .chain([tag(&image), argument])
            .chain(errors)
            .chain(known)
            .chain([page.unwrap_or_default()]),
    )
}

/// What the index knows about an official image.
fn official_parts(official: &OfficialImage<'_>, image: &ImageReference) -> Vec<String> {
    let purpose = official_facts::purpose(official.name).unwrap_or_default().to_owned();
    let mut parts = vec![purpose, status(official)];
    if let Some(tag) = image.effective_tag().filter(|_| has_tags(official)) {
        parts.push(tag_status(official, tag));
        parts.push(newer_versions(official, tag));
    }
    parts.push(set_up(official.name));
    parts.push(format!("*From the list of official images of {}; no registry was asked.*", index::date()));
    parts
}

fn has_tags(official: &OfficialImage<'_>) -> bool {
    matches!(official.status, Status::Current | Status::Deprecated)
}

fn status(official: &OfficialImage<'_>) -> String {
    let fate = match official.status {
        Status::Current => return String::new(),
        Status::Deprecated => "**Deprecated**: its maintainers advise against it for new work.".to_owned(),
        Status::WithoutTags => "**None of its tags is kept up to date any more.**".to_owned(),
        Status::Removed(date) => format!(
            "**Left the official images on {date}**: what is there can still be pulled, and gets no security fixes."
        ),
    };
    let successors: Vec<String> =
        official_facts::successors(official.name).iter().map(|it| code(it)).collect();
    match successors.is_empty() {
        true => fate,
        false => format!("{fate} Use {} instead.", successors.join(" or ")),
    }
}

fn tag_status(official: &OfficialImage<'_>, tag: &str) -> String {
    match official.tag(tag) {
        TagStatus::Current { platforms } => {
            let meaning = official.meaning(tag).map(|it| format!("{} stands for {}.", code(tag), code(&it)));
            let platforms: Vec<String> = platforms.iter().map(|it| code(&it.to_string())).collect();
            paragraphs([meaning.unwrap_or_default(), format!("Platforms: {}", platforms.join(", "))])
        }
        TagStatus::Retired { since } => format!(
            "**{} is not kept up to date since {since}**: it can still be pulled, and gets no security fixes.",
            code(tag)
        ),
        TagStatus::Unknown => format!("The tag {} is not in the list: it is newer, or wrong.", code(tag)),
    }
}

/// Newer versions of the same variant.
fn newer_versions(official: &OfficialImage<'_>, tag: &str) -> String {
    let patch = official.newer(tag, Step::Patch);
    let minor = official.newer(tag, Step::Minor).filter(|it| Some(it) != patch.as_ref());
    let names = [("patch version", patch), ("minor version", minor)];
    let told =
        names.into_iter().filter_map(|(what, it)| it.map(|it| format!("Newest {what}: {}", code(&it))));
    told.collect::<Vec<_>>().join(" · ")
}

/// User and working directory of what is built on the image.
fn set_up(name: &str) -> String {
    let Some(defaults) = official_facts::defaults(name) else { return String::new() };
    let (user, folder) = (defaults.user.unwrap_or("root"), defaults.workdir.unwrap_or("/"));
    format!("User: {} · Working directory: {}", code(user), code(folder))
}

/// What the tag promises.
fn tag(image: &ImageReference) -> String {
    if image.is_pinned() {
        return "Pinned by digest: every build gets exactly this image.".to_owned();
    }
    match image.tag().known() {
        None if image.tag().is_absent() => {
            "No tag, so `latest`: another image after the next release.".to_owned()
        }
        Some("latest") => {
            "`latest` is whatever was published last: another image after the next release.".to_owned()
        }
        _ => String::new(),
    }
}
