//! `FROM alpine` and `RUN bash x.sh`.

use crate::analysis::lint::packages::root_image;
use crate::analysis::lint::prelude::*;

rule! {
    /// Bash is started, and the Alpine image has none.
    ///
    /// Alpine's shell is `sh` from BusyBox. `bash` gives "not found", and a script whose first line is `#!/bin/bash`
    /// does not start: the message says that the *script* is not found, although it is there.
    ///
    /// ```dockerfile bad
    /// FROM node:24-alpine
    /// COPY build.sh .
    /// RUN bash build.sh
    /// ```
    ///
    /// ```dockerfile good
    /// FROM node:24-alpine
    /// RUN apk add --no-cache bash
    /// COPY build.sh .
    /// RUN bash build.sh
    /// ```
    ///
    /// Or write the script for `sh`.
    name: "bash-in-alpine",
    aliases: &[],
    url: "https://docs.docker.com/reference/dockerfile/#shell",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    if !is_alpine_without_bash(cx) {
        return;
    }
    for instruction in cx.instructions() {
        let Some(shell) = cx.cx.shell(instruction.id) else { continue };
        if let Some(range) = shell_instruction(instruction).filter(|_| !may_have_bash(cx, instruction.id)) {
            return found(range, report);
        }
        if !matches!(instruction.keyword, Some(Keyword::Run | Keyword::Cmd | Keyword::Entrypoint)) {
            continue;
        }
        let is_call = |it: &Called<'_>| matches!(it.name(), "bash" | "/bin/bash") && it.place.is_top_level();
        if let Some(called) = shell.commands().find(is_call)
            && !may_have_bash(cx, instruction.id)
        {
            return found(instruction.absolute(called.name_range()), report);
        }
        if may_bring_bash(instruction, &shell) {
            return;
        }
    }
}

fn found(range: TextRange, report: &mut Report<'_>) {
    report.at(range, "Alpine has no `bash`: add `RUN apk add --no-cache bash` above, or use `sh`");
}

/// Images that are Alpine and no more than the one language; others may well have it.
fn is_alpine_without_bash(cx: &StageContext<'_>) -> bool {
    let Some(image) = root_image(cx.cx, cx.stage) else { return false };
    let tag = image.tag().known().unwrap_or_default();
    match image.official_name() {
        Some("alpine") => true,
        Some("node" | "python" | "golang" | "rust" | "redis") => {
            tag.split('-').any(|it| it.starts_with("alpine"))
        }
        _ => false,
    }
}

/// `SHELL ["/bin/bash", "-c"]` is used by all that follows.
fn shell_instruction(instruction: InstructionRef<'_>) -> Option<TextRange> {
    let Arguments::Command(Some(Command::Exec(exec))) = &instruction.node.arguments else { return None };
    let program = exec.arguments.first().filter(|_| instruction.keyword == Some(Keyword::Shell))?;
    matches!(program.text.as_str(), "bash" | "/bin/bash").then(|| instruction.absolute(program.range))
}

/// A stage below may have installed it.
fn may_have_bash(cx: &StageContext<'_>, at: InstructionId) -> bool {
    let below = cx.cx.model.lineage(cx.stage.id).skip(1).flat_map(|stage| stage.instructions.clone());
    let own = cx.stage.instructions.start..at.0 + 1;
    below
        .chain(own)
        .filter_map(|id| cx.cx.model.file().instruction(InstructionId(id)))
        .any(|it| cx.cx.shell(it.id).is_some_and(|shell| may_bring_bash(it, &shell)))
}

/// Whether bash may be there afterwards: it is installed, or something we do not see is installed or copied.
fn may_bring_bash(instruction: InstructionRef<'_>, shell: &ShellContext<'_>) -> bool {
    if matches!(instruction.keyword, Some(Keyword::Copy | Keyword::Add)) {
        return instruction.node.flag("from").is_some() || instruction.node.joined.as_str().contains("bash");
    }
    shell.commands().any(|it| {
        let is_unseen = it.arguments.iter().any(|it| it.has_expansion() || it.as_str().contains("bash"));
        it.is("apk") && it.has_argument("add") && is_unseen
    }) || shell.parts.iter().any(|it| it.script.has_error)
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn one_finding_a_stage() {
        check_rule(
            "bash-in-alpine",
            "FROM alpine\nRUN bash x\n    ^^^^ has no `bash`\nCMD [\"bash\"]\nFROM python:3-alpine\nSHELL [\"/bin/bash\", \"-c\"]\n       ^^^^^^^^^^^\nFROM node:24-alpine3.22 AS n\nRUN apk add -U git bash\nRUN bash x\nFROM n\nCMD [\"bash\"]\nFROM python:3\nRUN bash x\nFROM nginx:alpine\nRUN bash x\n",
        );
    }
}
