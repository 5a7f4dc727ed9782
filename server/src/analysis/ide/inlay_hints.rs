//! Inlay hints: values that the reader would otherwise have to look up.
//!
//! Behind a word with variables stands what it becomes; behind a `FROM` its number, which `COPY --from` may use.

use text_size::{TextRange, TextSize};

use crate::analysis::knowledge::Keyword;
use crate::analysis::model::{Model, Value};
use crate::analysis::syntax::expansion::Word;
use crate::analysis::syntax::{InstructionId, InstructionRef};

/// Which hints are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InlayHintOptions {
    pub variables: bool,
    pub stages: bool,
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
}

/// Longer values would push the text out of sight.
const MAX_LABEL: usize = 40;

/// The hints whose place is inside `range` (absolute), in order.
pub fn inlay_hints(model: &Model, range: TextRange, options: InlayHintOptions) -> Vec<InlayHint> {
    let mut hints = Vec::new();
    for instruction in instructions_in(model, range) {
        if options.variables {
            hints.extend(value_hints(model, instruction));
        }
        if options.stages {
            hints.extend(stage_hint(model, instruction));
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::syntax::Dockerfile;

    fn hints(text: &str) -> Vec<(u32, String)> {
        let model = Model::new(&Dockerfile::parse(text));
        let all = TextRange::up_to(TextSize::of(text));
        let options = InlayHintOptions { variables: true, stages: true };
        inlay_hints(&model, all, options).into_iter().map(|it| (it.offset.into(), it.label)).collect()
    }

    #[test]
    fn known_values_stand_behind_their_words() {
        assert_eq!(hints("ARG V=3\nFROM python:$V\n"), [(22, "python:3".to_owned())]);
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
}
