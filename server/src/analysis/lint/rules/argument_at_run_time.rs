//! `ARG PORT` and `CMD serve --port $PORT`.

use crate::analysis::lint::prelude::*;
use crate::analysis::model::VariableKind;
use crate::analysis::model::shell::ShellText;

rule! {
    /// `CMD` or `ENTRYPOINT` uses a build argument, which is gone when the container runs.
    ///
    /// `ARG` sets a variable for the build only. When the container starts there is no such variable, so the shell puts
    /// nothing in its place.
    ///
    /// ```dockerfile bad
    /// FROM node:24
    /// ARG PORT=8000
    /// CMD node server.js --port $PORT
    /// ```
    ///
    /// Keep the value with `ENV`:
    ///
    /// ```dockerfile good
    /// FROM node:24
    /// ARG PORT=8000
    /// ENV PORT=$PORT
    /// CMD node server.js --port $PORT
    /// ```
    ///
    /// Never do that with a secret: `ENV` is there to be read.
    name: "argument-at-run-time",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#arg",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    let keywords = [Keyword::Cmd, Keyword::Entrypoint, Keyword::Healthcheck];
    for instruction in keywords.into_iter().flat_map(|it| cx.with_keyword(it)) {
        if !instruction.node.joined.as_str().contains(['$', '%']) {
            continue;
        }
        for part in cx.shell(instruction.id).iter().flat_map(|it| it.parts) {
            check_text(cx, instruction, &part.text, report);
        }
    }
}

fn check_text(
    cx: &ModelContext<'_>,
    instruction: InstructionRef<'_>,
    text: &ShellText,
    report: &mut Report<'_>,
) {
    let variables = text.variables();
    for variable in variables.iter().filter(|it| !it.is_assignment && !it.has_default) {
        let name = variable.name.as_str();
        let is_set_there = variables.iter().any(|it| it.is_assignment && it.name == variable.name);
        if is_set_there || !is_argument_only(cx, name, instruction.id) {
            continue;
        }
        let range = instruction.absolute(variable.range);
        let message = format!(
            "`{name}` is an `ARG`, so it is not set when the container runs: add `ENV {name}=${name}`"
        );
        let place = TextEdit::insert(instruction.start, format!("ENV {name}=${name}\n"));
        let related =
            cx.model.resolve(name, instruction.id).and_then(|it| cx.model.file().range(it.location));
        report
            .at(range, message)
            .related(related.unwrap_or(range), "declared here, for the build")
            .unsafe_fix(format!("Add `ENV {name}=${name}`"), vec![place]);
    }
}

/// Whether the name is declared, and nothing in the file or in the base image sets it for the container.
fn is_argument_only(cx: &ModelContext<'_>, name: &str, at: InstructionId) -> bool {
    let Some(stage) = cx.model.stage_of(at) else { return false };
    let is_argument = cx.model.resolve(name, at).is_some_and(|it| it.kind == VariableKind::Arg);
    let is_kept = cx.model.variables().iter().any(|it| {
        it.kind == VariableKind::Env
            && it.name == name
            && it.stage.is_some_and(|set| cx.model.lineage(stage.id).any(|own| own.id == set))
    });
    is_argument && !is_kept && !is_set_by_base(cx, stage.id, name)
}

fn is_set_by_base(cx: &ModelContext<'_>, stage: StageId, name: &str) -> bool {
    let Some(Base::Image(image)) = cx.model.root_base(stage) else { return false };
    let repository = image.text().and_then(|it| ImageReference::parse(it).familiar_name());
    repository.is_some_and(|it| knowledge::is_set_by_base_image(&it, name))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn what_env_keeps_is_there() {
        check_rule(
            "argument-at-run-time",
            "FROM a AS b\nENV E=1\nFROM b\nARG A B C E\nENV B=$B\nENTRYPOINT x $A $B ${C:-1} $D $E\n             ^^ add `ENV A=$A`\nCMD A=1; x $A\nHEALTHCHECK CMD [\"sh\", \"-c\", \"$A\"]\n                              ^^\nCMD [\"x\", \"$A\"]\n",
        );
    }

    #[test]
    fn the_base_image_may_set_it() {
        check_rule("argument-at-run-time", "FROM node:24\nARG NODE_VERSION\nCMD x $NODE_VERSION\n");
    }

    #[test]
    fn it_is_kept_with_env() {
        check_fix("argument-at-run-time", "FROM a\nARG A\nCMD x $A\n", "FROM a\nARG A\nENV A=$A\nCMD x $A\n");
    }
}
