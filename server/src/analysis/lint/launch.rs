//! What a container of a stage starts: the `ENTRYPOINT` and `CMD` that count.

use super::prelude::*;
use super::shell::ShellPart;
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

/// The words of `command` in the source; of exec form the whole array.
pub fn words_range(part: &ShellPart, command: &ShellCommand) -> TextRange {
    if part.is_editable() { command.words_range() } else { command.range }
}

/// Whether the files of `stage` are in the image that is built by default.
pub fn is_in_final_image(cx: &ModelContext<'_>, stage: &Stage) -> bool {
    let last = cx.model.stages().last();
    last.is_some_and(|last| cx.model.lineage(last.id).any(|it| it.id == stage.id))
}

/// `path` in the file system of the image, without `.` and a slash at the end; `None` when a part is unknown.
pub fn absolute(cx: &ModelContext<'_>, path: &str, at: InstructionId) -> Option<String> {
    let is_plain = !path.contains(['$', '*', '?', '`', '~', '\\']) && !path.contains("..");
    let joined = match path.starts_with('/') {
        true => path.to_owned(),
        false => format!("{}/{path}", cx.model.workdir_at(at).filter(|it| it.starts_with('/'))?),
    };
    let parts: Vec<&str> = joined.split('/').filter(|it| !it.is_empty() && *it != ".").collect();
    (is_plain && !parts.is_empty()).then(|| format!("/{}", parts.join("/")))
}

/// Where `COPY` or `ADD` puts its files.
pub fn copied_to(cx: &ModelContext<'_>, instruction: InstructionRef<'_>) -> Option<String> {
    let Arguments::Copy(copy) = &instruction.node.arguments else { return None };
    let destination = cx.model.expand(copy.destination.as_ref()?, instruction.id);
    absolute(cx, destination.text()?, instruction.id)
}

/// The files that `COPY` or `ADD` of plain names makes.
pub fn copied_files(cx: &ModelContext<'_>, instruction: InstructionRef<'_>) -> Vec<String> {
    let Arguments::Copy(copy) = &instruction.node.arguments else { return Vec::new() };
    let (Some(path), Some(destination)) = (copied_to(cx, instruction), &copy.destination) else {
        return Vec::new();
    };
    let is_folder = copy.sources.len() > 1 || destination.raw().trim_end_matches('"').ends_with(['/', '.']);
    let names = copy.sources.iter().filter_map(|it| {
        let value = cx.model.expand(it, instruction.id);
        let name = value.text()?.trim_end_matches('/').rsplit('/').next()?.to_owned();
        (!name.is_empty() && name != "." && !name.contains(['*', '?'])).then_some(name)
    });
    match is_folder {
        true => names.map(|name| format!("{path}/{name}")).collect(),
        false => vec![path],
    }
}
