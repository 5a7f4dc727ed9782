//! Stages by name and number, and what `FROM` has to say about them.

use super::Context;
use crate::analysis::ide::completion::cursor::Typed;
use crate::analysis::ide::completion::item::{Draft, ItemKind, List};
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::{Base, Model, Stage, StageReferenceKind};
use crate::analysis::syntax::ast::Arguments;

pub fn as_keyword(cx: &Context<'_>, typed: &Typed, list: &mut List) {
    let name = cx.cased("AS");
    let text = if typed.next.is_some() { name.clone() } else { format!("{name} ") };
    let draft = Draft::new(ItemKind::Value, name).detail("gives the stage a name").key("instruction:FROM");
    list.add(typed, draft.inserts(text).retriggers());
}

/// Names that people give to stages, and that are free.
pub fn new_names(cx: &Context<'_>, typed: &Typed, list: &mut List) {
    const USUAL: &[(&str, &str)] = &[
        ("build", "compiles"),
        ("base", "what other stages are built on"),
        ("deps", "installs what the program needs"),
        ("runtime", "runs the program"),
        ("test", "runs the tests"),
        ("dev", "for development"),
        ("final", "the result"),
    ];
    let free = USUAL.iter().filter(|(name, _)| cx.model.stage_named(name).is_none());
    for (name, meaning) in free {
        list.add(typed, Draft::new(ItemKind::Stage, *name).detail(*meaning));
    }
}

/// The stages that are complete before the cursor.
pub fn add(cx: &Context<'_>, typed: &Typed, place: StageReferenceKind, list: &mut List) {
    let stages = earlier(cx, place);
    for stage in stages.iter().rev() {
        // Of two stages with the same name the last one is meant.
        let name = stage.name.as_deref().filter(|name| !list.has(name));
        if let Some(name) = name {
            list.add(typed, draft(cx.model, name, stage));
        }
    }
    if place == StageReferenceKind::From {
        return;
    }
    let (named, unnamed): (Vec<&Stage>, Vec<&Stage>) = stages.into_iter().partition(|it| it.name.is_some());
    for stage in unnamed.into_iter().chain(named) {
        list.add(typed, draft(cx.model, &stage.id.0.to_string(), stage));
    }
}

fn draft(model: &Model, label: &str, stage: &Stage) -> Draft {
    Draft::new(ItemKind::Stage, label).detail(format!("stage {}: {}", stage.id.0, base(model, stage)))
}

fn earlier<'a>(cx: &Context<'a>, place: StageReferenceKind) -> Vec<&'a Stage> {
    let id = cx.id();
    let is_earlier = |stage: &&Stage| match place {
        StageReferenceKind::From => stage.from < id,
        _ => stage.instructions.end <= id.0,
    };
    cx.model.stages().iter().filter(is_earlier).collect()
}

/// The base as it is written.
fn base(model: &Model, stage: &Stage) -> String {
    let from = model.file().instruction(stage.from);
    let image = from.and_then(|it| match &it.node.arguments {
        Arguments::From(from) => from.image.as_ref().map(|image| image.raw().to_owned()),
        _ => None,
    });
    match (&stage.base, image) {
        (Base::Missing, _) | (_, None) => String::new(),
        (_, Some(image)) => format!("{} {image}", Keyword::From.as_str()),
    }
}
