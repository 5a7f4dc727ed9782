//! Hover on a base image: what the reference says, offline.

use text_size::TextRange;

use super::{Hover, Place, code, paragraphs};
use crate::analysis::image::ImageReference;
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
    paragraphs(
        [format!("**Image** {}", code(text))]
            .into_iter()
            .chain([image.canonical().map(|name| format!("In full: {}", code(&name))).unwrap_or_default()])
            .chain([tag(&image), argument])
            .chain(errors)
            .chain([page.unwrap_or_default()]),
    )
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
