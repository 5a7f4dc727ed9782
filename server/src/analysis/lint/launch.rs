//! What a container of a stage starts: the `ENTRYPOINT` and `CMD` that count.

use super::prelude::*;
use crate::analysis::model::Stage;

/// The last `keyword` of `stage` or of the stages it is built from.
pub fn last_of<'a>(cx: &ModelContext<'a>, stage: &Stage, keyword: Keyword) -> Option<InstructionRef<'a>> {
    cx.model.lineage(stage.id).find_map(|stage| last_of_own(cx, stage, keyword))
}

/// The last `keyword` of `stage` itself.
pub fn last_of_own<'a>(cx: &ModelContext<'a>, stage: &Stage, keyword: Keyword) -> Option<InstructionRef<'a>> {
    let model: &'a Model = cx.model;
    let ids = stage.instructions.clone().rev();
    ids.filter_map(|id| model.file().instruction(InstructionId(id))).find(|it| it.keyword == Some(keyword))
}

/// The command of `RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK CMD`.
pub fn command(instruction: &Instruction) -> Option<&Command> {
    match &instruction.arguments {
        Arguments::Command(command) if instruction.keyword != Some(Keyword::Shell) => command.as_ref(),
        Arguments::Healthcheck(Some(healthcheck)) => healthcheck.command.as_ref(),
        _ => None,
    }
}

/// The `ENTRYPOINT` whose arguments the strings of this `CMD` are, if the file shows one.
pub fn entrypoint_of_cmd<'a>(
    cx: &ModelContext<'a>,
    instruction: InstructionRef<'_>,
) -> Option<InstructionRef<'a>> {
    let stage = cx.model.stage_of(instruction.id).filter(|_| instruction.keyword == Some(Keyword::Cmd))?;
    last_of(cx, stage, Keyword::Entrypoint)
}
