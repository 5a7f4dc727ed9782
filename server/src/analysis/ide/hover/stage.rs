//! Hover on a stage's name or on a reference to it.

use text_size::TextRange;

use super::{Hover, Place, block, code, link, paragraphs};
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::{Base, Model, Stage, StageId};
use crate::analysis::syntax::ast::Arguments;

pub(super) fn hover(at: &Place<'_>) -> Option<Hover> {
    definition(at).or_else(|| reference(at)).or_else(|| as_keyword(at))
}

fn definition(at: &Place<'_>) -> Option<Hover> {
    let stage = at.model.stage_of(at.instruction.id).filter(|stage| stage.from == at.instruction.id)?;
    let range = stage.name_range.filter(|range| at.touches(*range))?;
    Some(Hover::new(range, describe(at.model, stage)))
}

fn reference(at: &Place<'_>) -> Option<Hover> {
    let references = at.model.stage_references().iter();
    let here = references.filter(|it| it.location.instruction == at.instruction.id);
    let reference = here.into_iter().find(|it| at.touches(it.location.range))?;
    let stage = at.model.stage(reference.target?)?;
    Some(Hover::new(reference.location.range, describe(at.model, stage)))
}

fn as_keyword(at: &Place<'_>) -> Option<Hover> {
    let Arguments::From(from) = &at.node.arguments else { return None };
    let range: TextRange = from.as_keyword.as_ref()?.range();
    let text =
        "Gives the stage a name, for `COPY --from=name`, `FROM name` and `docker build --target name`.";
    at.touches(range).then(|| Hover::new(range, text))
}

fn describe(model: &Model, stage: &Stage) -> String {
    let last = model.stages().len().saturating_sub(1);
    let is_result = stage.id.index() == last;
    let role = if is_result {
        "The last stage: a build without `--target` makes this one.".to_owned()
    } else {
        format!("Build only this stage: `docker build --target {} .`", stage.label())
    };
    let from = model.file().instruction(stage.from);
    let line = from.map(|it| block("dockerfile", it.node.joined.as_str().trim())).unwrap_or_default();
    paragraphs([
        format!("**Stage {}** · number {}", code(&stage.label()), stage.id.0),
        line,
        base(model, stage),
        contents(model, stage),
        used_by(model, stage.id),
        role,
        link("https://docs.docker.com/build/building/multi-stage/"),
    ])
}

fn base(model: &Model, stage: &Stage) -> String {
    match &stage.base {
        Base::Scratch => "Starts from nothing.".to_owned(),
        Base::Stage(id) => {
            let chain = model.lineage(*id).map(|stage| code(&stage.label())).collect::<Vec<_>>().join(" → ");
            format!("Built on {chain}, with its files, variables and settings.")
        }
        _ => String::new(),
    }
}

/// How many steps of each kind.
fn contents(model: &Model, stage: &Stage) -> String {
    let ids = stage.instructions.clone();
    let count = |keywords: &[Keyword]| {
        let all =
            ids.clone().filter_map(|id| model.file().instruction(crate::analysis::syntax::InstructionId(id)));
        all.filter(|it| it.keyword.is_some_and(|keyword| keywords.contains(&keyword))).count()
    };
    let layers = count(&[Keyword::Run, Keyword::Copy, Keyword::Add, Keyword::Workdir]);
    let steps = (ids.end - ids.start).saturating_sub(1);
    format!("{steps} instructions, {layers} of them make layers.")
}

fn used_by(model: &Model, id: StageId) -> String {
    let references = model.stage_references().iter().filter(|it| it.target == Some(id));
    let mut users: Vec<String> =
        references.filter_map(|it| model.stage(it.stage?)).map(|stage| code(&stage.label())).collect();
    users.dedup();
    let is_last = id.index() + 1 == model.stages().len();
    match users.as_slice() {
        [] if is_last => String::new(),
        [] => "No other stage uses it: BuildKit skips it unless you name it with `--target`.".to_owned(),
        users => format!("Used by {}.", users.join(", ")),
    }
}
