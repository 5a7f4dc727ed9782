//! `FROM image:$UNKNOWN`.

use crate::analysis::knowledge::{VariableKind, build_variable};
use crate::analysis::lint::prelude::*;

rule! {
    /// `FROM` uses a variable that no `ARG` before the first `FROM` declares.
    ///
    /// The variable is replaced by nothing. An `ARG` or `ENV` inside of a stage does not count here: `FROM` sees only
    /// what is declared above all stages, and what Docker sets itself (`TARGETPLATFORM`, `BUILDPLATFORM`, …).
    ///
    /// ```dockerfile bad
    /// ARG VERSION=3.22
    /// FROM alpine:${VERSIN}
    /// ```
    ///
    /// ```dockerfile good
    /// ARG VERSION=3.22
    /// FROM alpine:${VERSION}
    /// ```
    name: "undefined-argument-in-from",
    aliases: &["UndefinedArgInFrom", "BASE_NAME_EMPTY"],
    buildkit: true,
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/go/dockerfile/rule/undefined-arg-in-from/",
    check: Check::Meaning(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for (_, from) in cx.stages() {
        let Arguments::From(arguments) = &from.node.arguments else { continue };
        let platform = from.node.flag("platform").and_then(|flag| flag.value.as_ref());
        for word in arguments.image.iter().chain(platform) {
            for variable in undeclared(cx, word, from.id) {
                let severity = severity(cx, word, from.id, arguments.image.as_ref() == Some(word));
                found(cx, from, variable, severity, report);
            }
        }
    }
}

/// An error when what is left is certainly no image, or no platform: no build argument can change it.
fn severity(cx: &ModelContext<'_>, word: &Word, from: InstructionId, is_image: bool) -> Option<Severity> {
    let value = cx.model.expand(word, from);
    let text = value.certain()?;
    let is_stage = || is_image && cx.model.stage_named(text).is_some();
    let is_wrong = if is_image {
        !ImageReference::parse(text).errors.is_empty() && !is_stage()
    } else {
        Platform::parse(text).is_err()
    };
    is_wrong.then_some(Severity::Error)
}

type Variable = crate::analysis::syntax::expansion::Variable;

/// The variables of a `FROM` line that nothing declares, each once.
pub(super) fn undeclared<'a>(
    cx: &ModelContext<'_>,
    word: &'a Word,
    from: InstructionId,
) -> Vec<&'a Variable> {
    let mut found: Vec<&Variable> = Vec::new();
    for variable in word.variables() {
        let name = variable.name.as_str();
        let is_new = found.iter().all(|it| it.name != name);
        if is_new && cx.model.global_argument(name, from).is_none() && !is_predefined(name) {
            found.push(variable);
        }
    }
    found
}

/// What BuildKit sets before the first `FROM`.
pub(super) fn is_predefined(name: &str) -> bool {
    build_variable(name).is_some_and(|it| it.kind == VariableKind::Platform)
}

fn found(
    cx: &ModelContext<'_>,
    from: InstructionRef<'_>,
    variable: &Variable,
    severity: Option<Severity>,
    report: &mut Report<'_>,
) {
    let name = variable.name.as_str();
    let range = from.absolute(variable.range);
    let declared: Vec<_> = cx.model.visible_variables(from.id);
    let predefined = knowledge::BUILD_VARIABLES.iter().map(|it| it.name).filter(|name| is_predefined(name));
    let names = declared.iter().map(|it| it.name.as_str()).chain(predefined);
    match did_you_mean(name, names) {
        Some(meant) => {
            let name_range = from.absolute(variable.name_range);
            report
                .at(
                    range,
                    format!("`{name}` is not declared before the first `FROM`; did you mean `{meant}`?"),
                )
                .severity_or_own(severity)
                .unsafe_fix(format!("Write `{meant}`"), vec![TextEdit::new(name_range, meant)]);
        }
        None => {
            let message = format!(
                "`{name}` is not declared, so nothing stands here: write `ARG {name}=…` before the first `FROM`"
            );
            let draft = report.at(range, message).severity_or_own(severity);
            if let Some(inner) = in_a_stage(cx, name) {
                draft.related(inner, "this one belongs to its stage, and `FROM` does not see it");
            }
        }
    }
}

/// A declaration of `name` that `FROM` cannot see.
fn in_a_stage(cx: &ModelContext<'_>, name: &str) -> Option<TextRange> {
    let variable = cx.model.variables().iter().find(|it| it.stage.is_some() && it.name == name)?;
    cx.model.file().range(variable.location)
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn only_global_arguments_count() {
        check_rule(
            "undefined-argument-in-from",
            "ARG A\nFROM a:$A\nARG B=1\nFROM --platform=$TARGETPLATFORM b:${B}\n                                  ^^^^ `B` is not declared\n",
        );
    }

    #[test]
    fn a_slip_is_repaired() {
        check_fix("undefined-argument-in-from", "ARG TAG=1\nFROM a:${TGA}\n", "ARG TAG=1\nFROM a:${TAG}\n");
    }
}
