//! `ARG VERSION` that nothing uses.

use std::collections::HashMap;

use crate::analysis::lint::prelude::*;
use crate::analysis::model::{Variable, VariableKind};

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
    check: Check::Model(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    if cx.model.stages().is_empty() {
        return;
    }
    // The last instruction that uses each name.
    let uses: HashMap<&str, InstructionId> =
        cx.model.variable_uses().map(|it| (it.variable.name.as_str(), it.instruction)).collect();
    for argument in cx.model.variables().iter().filter(|it| it.kind == VariableKind::Arg) {
        let name = argument.name.as_str();
        let is_used = uses.get(name).is_some_and(|&last| last >= argument.location.instruction);
        let may_be_used = match argument.stage {
            None => is_declared_again(cx, argument),
            Some(stage) => is_in_an_environment(cx, stage, argument),
        };
        if is_used || may_be_used || is_for_the_builder(name) {
            continue;
        }
        found(cx, argument, report);
    }
}

fn is_declared_again(cx: &ModelContext<'_>, global: &Variable) -> bool {
    cx.model.definitions_of(&global.name).any(|it| it.id != global.id)
}

/// Whether a `RUN` comes behind it, in its stage or in one built from it; or a text with variables we do not follow.
fn is_in_an_environment(cx: &ModelContext<'_>, stage: StageId, argument: &Variable) -> bool {
    let after = argument.location.instruction;
    cx.instructions().skip(after.index() + 1).any(|it| {
        let is_inherited = cx
            .model
            .stage_of(it.id)
            .is_some_and(|own| own.id == stage || cx.model.lineage(own.id).any(|base| base.id == stage));
        let may_use = match it.keyword {
            Some(Keyword::Run | Keyword::Onbuild) => true,
            _ => it.node.joined.as_str().contains('$') || !it.node.heredocs.is_empty(),
        };
        is_inherited && may_use
    })
}

/// Read by BuildKit itself.
fn is_for_the_builder(name: &str) -> bool {
    name.starts_with("BUILDKIT_")
        || name == "SOURCE_DATE_EPOCH"
        || name.to_ascii_lowercase().ends_with("_proxy")
}

fn found(cx: &ModelContext<'_>, argument: &Variable, report: &mut Report<'_>) {
    let Some(instruction) = cx.model.file().instruction(argument.location.instruction) else { return };
    let range = instruction.absolute(argument.location.range);
    let message = match argument.stage {
        None => format!("no `FROM` uses `{}`, and no stage declares it again with `ARG {0}`", argument.name),
        Some(_) => format!("nothing behind it in this stage can use `{}`", argument.name),
    };
    let draft = report.at(range, message);
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
