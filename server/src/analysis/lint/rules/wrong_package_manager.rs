//! `FROM alpine` and `RUN apt-get install`.

use crate::analysis::knowledge::package_manager;
use crate::analysis::lint::packages::{MANAGERS, base_distribution, belongs_to, name_of};
use crate::analysis::lint::prelude::*;
use crate::analysis::model::shell::Operator;

rule! {
    /// The base image has another package manager.
    ///
    /// Debian and Ubuntu install with `apt-get`, Alpine with `apk`, Fedora and Red Hat with `dnf`. The others are not
    /// there, so the build stops with "not found". It often happens when `-alpine` is added to a tag.
    ///
    /// ```dockerfile bad
    /// FROM node:24-alpine
    /// RUN apt-get update && apt-get install -y git
    /// ```
    ///
    /// ```dockerfile good
    /// FROM node:24-alpine
    /// RUN apk add --no-cache git
    /// ```
    name: "wrong-package-manager",
    aliases: &[],
    url: "https://docs.docker.com/reference/dockerfile/#run",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    let Some(distribution) = base_distribution(cx.cx, cx.stage) else { return };
    for run in cx.instructions().filter(|it| it.keyword == Some(Keyword::Run)) {
        let Some(shell) = cx.cx.shell(run.id) else { continue };
        for called in shell.calls(MANAGERS) {
            if belongs_to(called.name(), distribution)
                || called.arguments.is_empty()
                || is_tried(called.command)
            {
                continue;
            }
            // Somebody has put it there.
            if is_named_before(cx, run.id, called.command) {
                return;
            }
            let right = package_manager(distribution).map_or("another", |it| it.command);
            let message = format!(
                "`{}` is not there: the base image is {}, use `{right}`",
                called.name(),
                name_of(distribution)
            );
            report.at(run.absolute(called.name_range()), message);
            return;
        }
    }
}

/// Whether the script is made for several distributions.
fn is_tried(command: &ShellCommand) -> bool {
    let place = command.place;
    let is_alternative = |operator: Operator| operator == Operator::Or;
    !place.is_top_level()
        || place.before.is_some_and(|it| is_alternative(it.operator))
        || place.after.is_some_and(|it| is_alternative(it.operator))
}

/// Whether a command above has the name among its arguments, or a file is copied under it.
fn is_named_before(cx: &StageContext<'_>, id: InstructionId, command: &ShellCommand) -> bool {
    let name = command.name();
    let stages = cx.cx.model.lineage(cx.stage.id);
    let mut instructions = stages
        .flat_map(|stage| stage.instructions.clone())
        .filter_map(|it| cx.cx.model.file().instruction(InstructionId(it)))
        .filter(|it| it.id <= id);
    instructions.any(|it| match it.keyword {
        Some(Keyword::Copy | Keyword::Add) => it.node.joined.as_str().contains(name),
        Some(Keyword::Run) => cx.cx.shell(it.id).is_some_and(|shell| {
            shell.commands().any(|it| {
                it.arguments.iter().any(|it| it.as_str() == name || it.as_str().contains(&format!("/{name}")))
            })
        }),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn one_finding_a_stage() {
        check_rule(
            "wrong-package-manager",
            "FROM alpine AS a\nRUN apt-get update && apt-get install x\n    ^^^^^^^ Alpine, use `apk`\nRUN apt install y\nFROM a\nRUN yum install x\n    ^^^ use `apk`\nFROM fedora\nRUN yum install x\nFROM me/x\nRUN apk add y\n",
        );
    }

    #[test]
    fn a_script_for_several_distributions_is_fine() {
        check_rule(
            "wrong-package-manager",
            "FROM debian\nRUN if x; then apk add y; fi\nRUN apk add y || apt-get install y\nRUN which apk && apk add y\n",
        );
    }
}
