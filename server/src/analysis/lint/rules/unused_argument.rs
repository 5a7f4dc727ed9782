//! `ARG VERSION` that nothing uses.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::analysis::lint::prelude::*;
use crate::analysis::model::{Stage, Variable, VariableKind};

rule! {
    /// A build argument is declared, and nothing can use it.
    ///
    /// An `ARG` before the first `FROM` is for `FROM` lines; a stage sees it only after an `ARG` of its own. An `ARG` in a
    /// stage is seen by the instructions behind it. Where there are none that could use it, someone who passes
    /// `--build-arg` believes to change something, and nothing changes.
    ///
    /// ```dockerfile bad
    /// ARG NODE_VERSION=24
    /// FROM node:22
    /// CMD ["node", "server.js"]
    /// ```
    ///
    /// ```dockerfile good
    /// ARG NODE_VERSION=24
    /// FROM node:$NODE_VERSION
    /// CMD ["node", "server.js"]
    /// ```
    ///
    /// Any `RUN` behind an `ARG` counts as a use, as the argument is in its environment.
    name: "unused-argument",
    aliases: &[],
    severity: Severity::Info,
    tag: Some(Tag::Unnecessary),
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#arg",
    check: Check::Parts { stage: check_stage, model: check_global },
}

fn check_global(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    if cx.model.stages().is_empty() {
        return;
    }
    let in_from: HashSet<&str> = cx.with_keyword(Keyword::From).flat_map(|it| names_in(it.node)).collect();
    let is_global = |it: &&Variable| it.stage.is_none() && it.kind == VariableKind::Arg;
    let candidates = cx.model.variables().iter().take_while(|it| it.stage.is_none()).filter(is_global);
    let candidates =
        candidates.filter(|it| !in_from.contains(it.name.as_str()) && !is_declared_again(cx, it));
    let mut candidates = candidates.filter(|it| !is_for_the_builder(&it.name)).peekable();
    if candidates.peek().is_none() {
        return;
    }
    // The last instruction that names each. A stage that uses it without a declaration has a finding of its own.
    let uses: HashMap<&str, InstructionId> =
        cx.model.variable_uses().map(|it| (it.variable.name.as_str(), it.instruction)).collect();
    for argument in candidates {
        let name = argument.name.as_str();
        if uses.get(name).is_none_or(|&last| last < argument.location.instruction) {
            let message =
                format!("no `FROM` uses `{name}`, and no stage declares it again with `ARG {name}`");
            found(cx, argument, message, report);
        }
    }
}

fn is_declared_again(cx: &ModelContext<'_>, global: &Variable) -> bool {
    cx.model.definitions_of(&global.name).any(|it| it.id != global.id)
}

fn names_in(instruction: &Instruction) -> Vec<&str> {
    let words = instruction.words().into_iter();
    words.flat_map(|word| word.variables()).map(|it| it.name.as_str()).collect()
}

fn check_stage(cx: &StageContext<'_>, report: &mut Report<'_>) {
    for instruction in cx.instructions().filter(|it| it.keyword == Some(Keyword::Arg)) {
        let arguments = cx.cx.model.variables_set_by(instruction.id);
        for argument in arguments.iter().filter(|it| !is_for_the_builder(&it.name)) {
            let is_used_here = || names_in(instruction.node).contains(&argument.name.as_str());
            if !may_be_used_behind(cx, instruction.id) && !is_used_here() {
                let message = format!("nothing behind it in this stage can use `{}`", argument.name);
                found(cx.cx, argument, message, report);
            }
        }
    }
}

/// Whether an instruction behind `at` can see the arguments of this stage: here, or in a stage built from it.
fn may_be_used_behind(cx: &StageContext<'_>, at: InstructionId) -> bool {
    let file = cx.cx.model.file();
    let may_be_used_in =
        |ids: Range<u32>| ids.filter_map(|id| file.instruction(InstructionId(id))).any(|it| may_use(it.node));
    let inherits = |it: &&Stage| cx.cx.model.lineage(it.id).skip(1).any(|base| base.id == cx.stage.id);
    let later = cx.cx.model.stages().get(cx.stage.id.index() + 1..).unwrap_or_default();
    may_be_used_in(at.0 + 1..cx.stage.instructions.end)
        || later.iter().filter(inherits).any(|stage| may_be_used_in(stage.instructions.clone()))
}

/// A command has all arguments in its environment.
fn may_use(instruction: &Instruction) -> bool {
    match instruction.keyword {
        Some(Keyword::Run | Keyword::Onbuild) => true,
        _ => instruction.joined.as_str().contains('$') || !instruction.heredocs.is_empty(),
    }
}

/// Read by BuildKit itself.
fn is_for_the_builder(name: &str) -> bool {
    name.starts_with("BUILDKIT_")
        || name == "SOURCE_DATE_EPOCH"
        || name.to_ascii_lowercase().ends_with("_proxy")
}

fn found(cx: &ModelContext<'_>, argument: &Variable, message: String, report: &mut Report<'_>) {
    let Some(instruction) = cx.model.file().instruction(argument.location.instruction) else { return };
    let draft = report.at(instruction.absolute(argument.location.range), message);
    let is_alone = matches!(&instruction.node.arguments, Arguments::Arg(all) if all.len() == 1);
    if is_alone {
        draft.unsafe_fix("Remove this `ARG`", vec![TextEdit::delete(cx.whole_lines(instruction))]);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn global_arguments_need_a_from_or_a_stage() {
        check_rule(
            "unused-argument",
            "ARG A=1\n    ^ no `FROM` uses `A`\nARG B C=$B\nARG D BUILDKIT_SBOM_SCAN_STAGE http_proxy\nFROM b:$C\nARG D\nRUN x\n",
        );
    }

    #[test]
    fn a_run_has_all_arguments_in_its_environment() {
        check_rule(
            "unused-argument",
            "FROM a AS x\nARG A\nARG B\nUSER $B\nFROM x\nRUN c\nARG D\n    ^ nothing behind it\nCMD [\"a\"]\n",
        );
    }

    #[test]
    fn it_is_removed() {
        check_fix("unused-argument", "ARG A\nFROM a\n", "FROM a\n");
    }
}
