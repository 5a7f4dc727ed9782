//! Inlay hints: values that the reader would otherwise have to look up.
//!
//! Behind a word with variables stands what it becomes; behind a `FROM` its number, which `COPY --from` may use; behind
//! an image what its registry said about it: the version that a floating tag stands for, the size, the age, and whether a
//! pinned tag has moved on. Without a registry, behind an official image, the version on the day of the index.

use text_size::{TextRange, TextSize};

use super::images::{ImageUse, image_uses};
use super::remote;
use crate::analysis::facts::Facts;
use crate::analysis::image::ImageReference;
use crate::analysis::image::index;
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::{Model, Value};
use crate::analysis::syntax::expansion::Word;
use crate::analysis::syntax::{InstructionId, InstructionRef};

/// Which hints are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InlayHintOptions {
    pub variables: bool,
    pub stages: bool,
    pub images: bool,
}

/// A short text at a place (absolute offset).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlayHint {
    pub offset: TextSize,
    pub label: String,
    pub tooltip: String,
    pub kind: InlayHintKind,
}

/// What it tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InlayHintKind {
    Value,
    StageIndex,
    ImageVersion,
}

/// Longer values would push the text out of sight.
const MAX_LABEL: usize = 40;

/// The hints whose place is inside `range` (absolute), in order.
pub fn inlay_hints(
    model: &Model,
    range: TextRange,
    options: InlayHintOptions,
    known: &Facts,
) -> Vec<InlayHint> {
    let mut hints = Vec::new();
    for instruction in instructions_in(model, range) {
        if options.variables {
            hints.extend(value_hints(model, instruction));
        }
        if options.stages {
            hints.extend(stage_hint(model, instruction));
        }
    }
    if options.images {
        hints.extend(image_uses(model).filter_map(|it| image_hint(&it, known)));
    }
    hints.retain(|hint| range.contains_inclusive(hint.offset));
    hints.sort_by_key(|hint| hint.offset);
    hints
}

fn instructions_in(model: &Model, range: TextRange) -> impl Iterator<Item = InstructionRef<'_>> {
    let first =
        model.file().instructions().map(|it| it.id.0).rev().find(|id| {
            model.file().instruction(InstructionId(*id)).is_some_and(|it| it.start <= range.start())
        });
    let ids = first.unwrap_or(0)..model.file().len() as u32;
    ids.filter_map(|id| model.file().instruction(InstructionId(id)))
        .take_while(move |it| it.start <= range.end())
}

fn value_hints(model: &Model, instruction: InstructionRef<'_>) -> Vec<InlayHint> {
    if instruction.keyword == Some(Keyword::Onbuild) {
        return Vec::new();
    }
    let words = instruction.node.words().into_iter().filter(|word| word.has_variables());
    words.filter_map(|word| value_hint(model, instruction, word)).collect()
}

fn value_hint(model: &Model, instruction: InstructionRef<'_>, word: &Word) -> Option<InlayHint> {
    let value = model.expand(word, instruction.id);
    let (text, tooltip) = match &value {
        Value::Known(text) => (text, "What BuildKit puts here".to_owned()),
        Value::Default { text, argument } => {
            (text, format!("What BuildKit puts here unless the build passes `--build-arg {argument}=…`"))
        }
        Value::Unknown(_) => return None,
    };
    let is_plain = !text.is_empty() && text != word.raw() && !text.contains(char::is_control);
    let offset = instruction.absolute(word.range()).end();
    is_plain.then(|| InlayHint { offset, label: shorten(text), tooltip, kind: InlayHintKind::Value })
}

fn shorten(text: &str) -> String {
    let cut: String = text.chars().take(MAX_LABEL).collect();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}

/// The stage's number, once there is more than one.
fn stage_hint(model: &Model, instruction: InstructionRef<'_>) -> Option<InlayHint> {
    let stage = model.stage_of(instruction.id).filter(|stage| stage.from == instruction.id)?;
    if model.stages().len() < 2 {
        return None;
    }
    let tooltip = match stage.name {
        Some(_) => "The number of this stage".to_owned(),
        None => format!("The number of this stage: `COPY --from={}` takes files from it", stage.id.0),
    };
    Some(InlayHint {
        offset: instruction.absolute(instruction.node.line_range).end(),
        label: format!("stage {}", stage.id.0),
        tooltip,
        kind: InlayHintKind::StageIndex,
    })
}

fn image_hint(image: &ImageUse, known: &Facts) -> Option<InlayHint> {
    let reference = image.reference().filter(ImageReference::is_resolved)?;
    let told = told_hint(&reference, known).or_else(|| listed_hint(&reference))?;
    let offset = image.range.end();
    Some(InlayHint { offset, label: told.0, tooltip: told.1, kind: InlayHintKind::ImageVersion })
}

/// `= 3.14.7, 45.1 MB, 3 days ago`, by the registry; the label and what it means.
fn told_hint(reference: &ImageReference, known: &Facts) -> Option<(String, String)> {
    let host = reference.registry_host()?;
    if let Some(pinned) = reference.digest().known() {
        let (now, tag) = (known.digest(reference)?, reference.tag().known()?);
        let tooltip = format!("At {host} `{tag}` stands for {now} now");
        return (now != pinned).then(|| (format!("{} has moved on", shorten(tag)), tooltip));
    }
    let tag = reference.effective_tag()?;
    let listed = known.tag(reference);
    let repository = known.repository(reference).and_then(|it| it.found());
    let meaning = repository.and_then(|it| remote::meaning(it, tag)).map(|it| format!("= {}", shorten(&it)));
    let size = remote::chosen(known.platforms(reference), None).and_then(|it| it.size).map(remote::size);
    let config = known.image(reference).and_then(|it| it.found()?.config.as_ref()?.created);
    let date = config.or(listed.and_then(|it| it.pushed));
    let age = date.and_then(|it| remote::ago(it, known.today));
    let parts: Vec<String> = meaning.into_iter().chain(size).chain(age).collect();
    let digest = known.digest(reference).map(|it| format!(": {it}")).unwrap_or_default();
    let tooltip = format!(
        "What {host} says of `{tag}`{digest}. The size is that of linux/amd64, compressed; a build takes what the tag stands for on its day"
    );
    (!parts.is_empty()).then(|| (parts.join(", "), tooltip))
}

/// `= 3.14.7 (2026-08-21)`, by the index.
fn listed_hint(reference: &ImageReference) -> Option<(String, String)> {
    let official = reference.official_name().filter(|_| !reference.is_pinned()).and_then(index::image)?;
    let (tag, date) = (reference.effective_tag()?, index::date());
    let meaning = official.meaning(tag)?;
    let tooltip = format!(
        "On {date} `{tag}` stood for `{meaning}`. A build takes what it stands for on its day, or what it pulled before"
    );
    Some((format!("= {} ({date})", shorten(&meaning)), tooltip))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::syntax::Dockerfile;

    fn hints(text: &str) -> Vec<(u32, String)> {
        let model = Model::new(&Dockerfile::parse(text));
        let all = TextRange::up_to(TextSize::of(text));
        let options = InlayHintOptions { variables: true, stages: true, images: true };
        inlay_hints(&model, all, options, &Facts::default())
            .into_iter()
            .map(|it| (it.offset.into(), it.label))
            .collect()
    }

    #[test]
    fn known_values_stand_behind_their_words() {
        assert_eq!(hints("ARG V=3\nFROM a:$V\n"), [(17, "a:3".to_owned())]);
        assert_eq!(hints("FROM scratch\nENV A=1 B=$C\nUSER u$A\n"), [(34, "u1".to_owned())]);
    }

    #[test]
    fn unknown_and_plain_words_have_no_hint() {
        assert_eq!(hints("ARG V\nFROM a:$V\nUSER $HOME\nRUN echo $X\n"), []);
    }

    #[test]
    fn stages_are_numbered_when_there_are_several() {
        assert_eq!(hints("FROM a\nFROM b AS c\n"), [(6, "stage 0".to_owned()), (18, "stage 1".to_owned())]);
    }

    #[test]
    fn floating_tags_of_official_images_show_their_version() {
        let official = index::image("python").expect("python is official");
        let version = official.meaning("3").expect("`3` stands for a version");
        let label = format!("= {version} ({})", index::date());
        assert_eq!(hints("FROM python:3 AS a\n"), [(13, label.clone())]);
        assert_eq!(hints("FROM scratch\nCOPY --from=python /x /\n"), [(31, label)]);
        assert_eq!(hints(&format!("FROM python:{version}\n")), []);
        assert_eq!(hints("FROM ghcr.io/a/python:3\n"), []);
    }
}
