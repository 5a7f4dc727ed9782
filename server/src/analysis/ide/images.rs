//! Images named in a file, and where each part of a name is written.
//!
//! `FROM python:${VERSION}` is one name written in two places: the line itself, and the default of `ARG VERSION`.
//! [`ImageUse::replace`] finds the one place to change, and gives up where there is none: a change that is spread over
//! several places would be a guess.

use std::collections::HashSet;
use std::ops::Range;

use smol_str::SmolStr;
use text_size::{TextRange, TextSize};

use crate::analysis::image::ImageReference;
use crate::analysis::image::index;
use crate::analysis::model::{Base, Model, StageReference, StageReferenceKind, Value, VariableKind};
use crate::analysis::syntax::ast::Arguments;
use crate::analysis::syntax::expansion::{Part, Word};
use crate::analysis::syntax::{InstructionId, InstructionRef};
use crate::analysis::text::TextEdit;

/// One place that names an image, in `FROM`, `COPY --from` or `RUN --mount=from`.
#[derive(Debug, Clone)]
pub struct ImageUse {
    pub instruction: InstructionId,
    /// Absolute.
    pub range: TextRange,
    pub kind: StageReferenceKind,
    /// After expansion.
    pub value: Value,
}

/// A change of a part of an image's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    pub edit: TextEdit,
    /// The `ARG` whose default is changed: other places may use it as well.
    pub argument: Option<SmolStr>,
}

/// A stretch of the name after expansion, and where it comes from.
struct Piece<'a> {
    /// Bytes into the name.
    within: Range<usize>,
    part: &'a Part,
}

/// All images named in the file, in its order; stages and `scratch` are none.
pub fn image_uses(model: &Model) -> impl Iterator<Item = ImageUse> + use<'_> {
    model.stage_references().iter().filter_map(|it| image_use(model, it))
}

/// The image named at `offset` (absolute; its end counts).
pub fn image_at(model: &Model, offset: TextSize) -> Option<ImageUse> {
    image_uses(model).find(|it| it.range.contains_inclusive(offset))
}

fn image_use(model: &Model, reference: &StageReference) -> Option<ImageUse> {
    let value = match reference.kind {
        _ if reference.target.is_some() => return None,
        StageReferenceKind::From => match &model.stage(reference.stage?)?.base {
            Base::Image(value) => value.clone(),
            _ => return None,
        },
        // A number is a stage that is not there.
        _ if reference.text.bytes().all(|it| it.is_ascii_digit()) => return None,
        _ if reference.text == "scratch" => return None,
        _ => Value::Known(reference.text.clone()),
    };
    let instruction = model.file().instruction(reference.location.instruction)?;
    let range = instruction.absolute(reference.location.range);
    Some(ImageUse { instruction: instruction.id, range, kind: reference.kind, value })
}

/// Images of one file that are looked at; what names more was made by a program.
const MAX_IMAGES: usize = 200;

/// The images of a file that a registry may be asked about, each once.
pub fn askable_images(model: &Model) -> Vec<ImageReference> {
    let stages = stage_names(model);
    // The same few names again and again in a long file are read once.
    let mut written = HashSet::new();
    let is_new = |it: &ImageUse| {
        it.value
            .text()
            .is_some_and(|text| written.insert((it.kind == StageReferenceKind::From, text.to_owned())))
    };
    let mut seen = HashSet::new();
    let askable = image_uses(model).filter(is_new).filter_map(|it| it.askable_beside(&stages));
    askable.filter(|it| it.canonical().is_some_and(|name| seen.insert(name))).take(MAX_IMAGES).collect()
}

/// In lower case.
fn stage_names(model: &Model) -> HashSet<String> {
    model.stages().iter().filter_map(|it| it.name.as_ref()).map(|it| it.to_ascii_lowercase()).collect()
}

impl ImageUse {
    /// What a registry may be asked: a whole and right name that cannot be the name of a stage, here or further down, nor
    /// of a build context.
    pub fn askable(&self, model: &Model) -> Option<ImageReference> {
        self.askable_beside(&stage_names(model))
    }

    fn askable_beside(&self, stages: &HashSet<String>) -> Option<ImageReference> {
        let reference = self.reference().filter(|it| it.is_resolved() && it.errors.is_empty())?;
        let text = reference.text();
        let is_stage = || stages.contains(&text.to_ascii_lowercase());
        let is_listed = || reference.official_name().and_then(index::image).is_some();
        let may_be_context = self.kind != StageReferenceKind::From && !text.contains([':', '/', '@']);
        let may_be_local = may_be_context || is_stage();
        (!reference.is_scratch() && (!may_be_local || is_listed())).then_some(reference)
    }

    /// `None` if the name depends on something outside the file.
    pub fn reference(&self) -> Option<ImageReference> {
        self.value.text().map(ImageReference::parse)
    }

    /// Writes `new` for the bytes `range` of the expanded name.
    pub fn replace(&self, model: &Model, range: TextRange, new: &str) -> Option<Replacement> {
        let text = self.value.text()?;
        let range = Range::<usize>::from(range);
        let old = text.get(range.clone())?;
        if self.is_written_out(model, text) {
            let start = self.range.start() + TextSize::try_from(range.start).ok()?;
            let edit = TextEdit::new(TextRange::at(start, TextSize::of(old)), new);
            return Some(Replacement { edit, argument: None });
        }
        let instruction = model.file().instruction(self.instruction)?;
        let Arguments::From(from) = &instruction.node.arguments else { return None };
        let word = from.image.as_ref()?;
        // `${VERSION}-slim`: what stays the same need not be in the same piece.
        let (kept, changed, new) = difference(old, new);
        let changed = range.start + kept..range.start + kept + changed;
        let parts = word.parts();
        let pieces = pieces(model, &parts, instruction.id)?;
        let piece = pieces.iter().find(|it| it.within.start <= changed.start && changed.end <= it.within.end);
        piece.and_then(|it| it.replace(model, instruction, word, text, changed, new))
    }

    /// What stands in the file is the name, byte for byte.
    fn is_written_out(&self, model: &Model, text: &str) -> bool {
        model.file().slice(self.range) == text
    }
}

impl Piece<'_> {
    fn replace(
        &self,
        model: &Model,
        instruction: InstructionRef<'_>,
        word: &Word,
        text: &str,
        changed: Range<usize>,
        new: &str,
    ) -> Option<Replacement> {
        let old = text.get(self.within.clone())?;
        let inside = changed.start - self.within.start..changed.end - self.within.start;
        let whole = format!("{}{new}{}", old.get(..inside.start)?, old.get(inside.end..)?);
        match self.part {
            Part::Literal { range, .. } => {
                let range = instruction.absolute(*range);
                let is_same = word.fault().is_none() && model.file().slice(range) == old;
                is_same.then(|| Replacement { edit: TextEdit::new(range, whole), argument: None })
            }
            Part::Variable(variable) => {
                let argument = model.resolve(&variable.name, instruction.id)?;
                let declared = model.file().instruction(argument.location.instruction)?;
                let range = declared.absolute(argument.value_range?);
                let is_same = variable.modifier.is_none()
                    && argument.kind == VariableKind::Arg
                    && model.file().slice(range) == old;
                let argument = Some(argument.name.clone());
                is_same.then(|| Replacement { edit: TextEdit::new(range, whole), argument })
            }
        }
    }
}

fn pieces<'a>(model: &Model, parts: &'a [Part], at: InstructionId) -> Option<Vec<Piece<'a>>> {
    let mut end = 0;
    let pieces = parts.iter().map(|part| {
        let value = crate::analysis::model::value::expand_parts(std::slice::from_ref(part), &|name| {
            model.lookup(name, at)
        });
        let start = end;
        end += value.text()?.len();
        Some(Piece { within: start..end, part })
    });
    pieces.collect()
}

/// How many bytes at the start are the same, how many of `old` after them are not, and what replaces those.
fn difference<'a>(old: &str, new: &'a str) -> (usize, usize, &'a str) {
    let is_edge = |at: usize, text: &str| text.is_char_boundary(at);
    let same = |(a, b): &(u8, u8)| a == b;
    let mut start = old.bytes().zip(new.bytes()).take_while(same).count();
    while !is_edge(start, old) || !is_edge(start, new) {
        start -= 1;
    }
    let (old_rest, new_rest) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let mut end = old_rest.bytes().rev().zip(new_rest.bytes().rev()).take_while(same).count();
    while !is_edge(old_rest.len() - end, old_rest) || !is_edge(new_rest.len() - end, new_rest) {
        end -= 1;
    }
    (start, old_rest.len() - end, new_rest.get(..new_rest.len() - end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Fixture;
    use crate::analysis::text::apply_edits;

    /// The file after giving the first image's tag another value.
    fn with_tag(source: &str, new: &str) -> Option<(String, Option<SmolStr>)> {
        let fixture = Fixture::new(source);
        let model = fixture.model();
        let image = image_uses(&model).next()?;
        let range = image.reference()?.tag_range()?;
        let done = image.replace(&model, range, new)?;
        Some((apply_edits(&fixture.text, &[done.edit])?, done.argument))
    }

    #[test]
    fn images_are_named_in_three_places_and_stages_are_none() {
        let source = "FROM a AS b\nFROM b\nCOPY --from=c /x /\nRUN --mount=from=d,target=/y ls\nFROM scratch\nCOPY --from=9 /x /";
        let model = Fixture::new(source).model();
        let texts: Vec<_> = image_uses(&model).filter_map(|it| it.value.text().map(str::to_owned)).collect();
        assert_eq!(texts, ["a", "c", "d"]);
    }

    #[test]
    fn only_whole_names_of_images_are_for_registries() {
        let source = "ARG V=3\nARG R\nFROM python:$V AS build\nFROM $R/x\nFROM Later\nFROM scratch\nCOPY --from=assets /x /\nCOPY --from=nginx /x /\nCOPY --from=acme/a /x /\nFROM a AS later\nFROM Bad:1\nFROM python:3\n";
        let images = askable_images(&Fixture::new(source).model());
        let texts: Vec<&str> = images.iter().map(ImageReference::text).collect();
        assert_eq!(texts, ["python:3", "nginx", "acme/a", "a"]);
    }

    #[test]
    fn a_tag_is_changed_where_it_is_written() {
        for (source, expected, argument) in [
            ("FROM a:1 AS b", "FROM a:2 AS b", None),
            ("FROM x\nCOPY --from=x:1 / /", "", None),
            ("ARG V=1\nFROM a:$V", "ARG V=2\nFROM a:$V", Some("V")),
            ("ARG V=1\nFROM a:${V}-slim", "", Some("V")),
            ("ARG IMAGE=a:1\nFROM ${IMAGE}", "ARG IMAGE=a:2\nFROM ${IMAGE}", Some("IMAGE")),
            ("ARG R=x/y\nFROM $R/a:1", "ARG R=x/y\nFROM $R/a:2", None),
        ] {
            let Some((text, by)) = with_tag(source, "2") else {
                assert_eq!(expected, "", "{source}");
                continue;
            };
            assert_eq!((text.as_str(), by.as_deref()), (expected, argument), "{source}");
        }
        assert_eq!(
            with_tag("ARG V=1.2\nFROM a:${V}-slim", "1.3-slim").map(|it| it.0).as_deref(),
            Some("ARG V=1.3\nFROM a:${V}-slim")
        );
    }

    #[test]
    fn what_is_spread_over_places_or_comes_from_outside_stays() {
        for source in [
            "ARG A=1\nARG B=2\nFROM a:$A.$B",
            "ARG V\nFROM a:$V",
            "FROM a:${V:-1.2}",
            "ARG W=1.2\nARG V=$W\nFROM a:$V",
            "FROM a:${TARGETARCH}",
        ] {
            assert_eq!(with_tag(source, "3.4"), None, "{source}");
        }
    }
}
