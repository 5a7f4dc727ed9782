//! `COPY . /app` and then `RUN chown -R app /app`.

use crate::analysis::lint::launch;
use crate::analysis::lint::prelude::*;

rule! {
    /// `chown` or `chmod` after `COPY` stores all those files a second time.
    ///
    /// Every instruction adds a layer, and a file whose owner changes is stored in it whole. The image grows by the size
    /// of what was copied.
    ///
    /// ```dockerfile bad
    /// FROM node:24
    /// COPY . /app
    /// RUN chown -R node:node /app
    /// ```
    ///
    /// ```dockerfile good
    /// FROM node:24
    /// COPY --chown=node:node . /app
    /// ```
    name: "chown-after-copy",
    aliases: &[],
    severity: Severity::Info,
    url: "https://docs.docker.com/reference/dockerfile/#copy---chown---chmod",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    if !launch::is_in_final_image(cx.cx, cx.stage) {
        return;
    }
    let mut copied: Vec<Copied> = Vec::new();
    for instruction in cx.instructions() {
        match instruction.keyword {
            Some(Keyword::Copy | Keyword::Add) => copied.extend(Copied::of(cx, instruction)),
            Some(Keyword::Run) => check_run(cx, instruction, &mut copied, report),
            _ => {}
        }
    }
}

/// What `COPY` has put where, without saying whose it is.
struct Copied {
    path: String,
    place: TextRange,
}

impl Copied {
    fn of(cx: &StageContext<'_>, instruction: InstructionRef<'_>) -> Option<Copied> {
        let is_owned = instruction.node.flag("chown").is_some();
        let path = launch::copied_to(cx.cx, instruction).filter(|_| !is_owned)?;
        Some(Copied { path, place: instruction.absolute(instruction.node.line_range) })
    }
}

fn check_run(
    cx: &StageContext<'_>,
    instruction: InstructionRef<'_>,
    copied: &mut Vec<Copied>,
    report: &mut Report<'_>,
) {
    let Some(shell) = cx.cx.shell(instruction.id) else { return };
    // A user made behind the `COPY` cannot be named in it.
    if shell.commands().any(|it| it.is_any(&["useradd", "adduser", "addgroup", "groupadd"])) {
        return copied.clear();
    }
    for called in shell.commands().filter(|it| it.is("chown") && it.has_any_flag(&["R", "recursive"])) {
        let arguments: Vec<_> = called.arguments_without_flags().collect();
        let Some((owner, paths)) = arguments.split_first() else { continue };
        for path in paths {
            let Some(path) = launch::absolute(cx.cx, path.as_str(), instruction.id) else { continue };
            let Some(index) = copied.iter().position(|it| it.path == path) else { continue };
            let copy = copied.remove(index);
            let message = format!(
                "this stores all files of `{path}` a second time: write `COPY --chown={}` instead",
                owner.as_str()
            );
            report.at(instruction.absolute(called.words_range()), message).related(copy.place, "copied here");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn the_same_folder_twice() {
        check_rule(
            "chown-after-copy",
            "FROM a AS b\nCOPY . /x\nRUN chown -R u /x\nFROM c\nWORKDIR /app\nCOPY . .\nCOPY --chown=u . /y\nRUN make && chown -R u:g /app/ && chown -R u /y && chown u /app\n            ^^^^^^^^^^^^^^^^^^ `COPY --chown=u:g`\n",
        );
    }

    #[test]
    fn the_user_has_to_be_there_before_the_copy() {
        check_rule("chown-after-copy", "FROM a\nCOPY . /x\nRUN useradd u && chown -R u /x\n");
    }
}
