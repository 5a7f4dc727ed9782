//! `RUN docker build -t app .`

use super::unknown_instruction::terminal_message;
use crate::analysis::image::index;
use crate::analysis::lint::packages::root_image;
use crate::analysis::lint::prelude::*;

rule! {
    /// `docker` is called while the image is built, where it is not installed.
    ///
    /// `docker build` and `docker run` are commands for your terminal: the first reads this file and makes the image, the
    /// second starts a container from it. Inside of the build there is neither the program nor its service, and the build
    /// stops: "docker: not found".
    ///
    /// ```dockerfile bad
    /// FROM python:3.14
    /// COPY app.py /app/
    /// RUN docker build -t app .
    /// CMD ["python", "/app/app.py"]
    /// ```
    ///
    /// Leave it out, and type it in the terminal:
    ///
    /// ```dockerfile good
    /// FROM python:3.14
    /// COPY app.py /app/
    /// CMD ["python", "/app/app.py"]
    /// ```
    name: "docker-in-run",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/get-started/introduction/build-and-push-first-image/",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    let image = root_image(cx.cx, cx.stage);
    let is_without = |it: &str| it != "docker" && index::image(it).is_some();
    if !image.is_some_and(|it| it.official_name().is_some_and(is_without)) {
        return;
    }
    // Whatever speaks of `docker` but is no fault itself may have brought the program.
    let bases = cx.cx.model.lineage(cx.stage.id).skip(1).flat_map(|it| it.instructions.clone().skip(1));
    if bases
        .filter_map(|id| cx.cx.model.file().instruction(InstructionId(id)))
        .any(|it| speaks(cx, it.absolute_range()))
    {
        return;
    }
    for instruction in cx.instructions().skip(1) {
        let whole = instruction.absolute_range();
        let Some(first) = first_call(cx, instruction) else {
            if speaks(cx, whole) {
                return;
            }
            continue;
        };
        if speaks(cx, TextRange::new(whole.start(), first)) {
            return;
        }
        tell(cx, instruction, report);
    }
}

fn speaks(cx: &StageContext<'_>, range: TextRange) -> bool {
    cx.cx.source(range).contains("docker")
}

/// Where the first of the calls stands that are a fault.
fn first_call(cx: &StageContext<'_>, instruction: InstructionRef<'_>) -> Option<TextSize> {
    let shell = cx.cx.shell(instruction.id).filter(|_| instruction.keyword == Some(Keyword::Run))?;
    let first = shell.calls(&["docker"]).find(|it| is_of_terminal(it))?;
    Some(instruction.absolute(first.words_range()).start())
}

fn tell(cx: &StageContext<'_>, run: InstructionRef<'_>, report: &mut Report<'_>) {
    let Some(shell) = cx.cx.shell(run.id) else { return };
    let is_alone = shell.commands().count() == 1;
    for called in shell.calls(&["docker"]).filter(|it| is_of_terminal(it)) {
        let range = run.absolute(called.words_range());
        let draft = report.at(range, terminal_message(cx.cx.source(range)));
        if is_alone {
            draft.unsafe_fix("Remove this line", vec![TextEdit::delete(cx.cx.whole_lines(run))]);
        }
    }
}

/// What tutorials tell people to type.
fn is_of_terminal(command: &ShellCommand) -> bool {
    const WORDS: [&str; 14] = [
        "build", "buildx", "run", "push", "pull", "images", "ps", "compose", "login", "tag", "exec", "start",
        "stop", "image",
    ];
    command.subcommand().is_some_and(|it| WORDS.contains(&it.as_str()))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn the_terminal_is_the_place_for_it() {
        check_rule(
            "docker-in-run",
            "FROM python:3\nRUN docker build -t app\n    ^^^^^^^^^^^^^^^^^^^ from, at its end: `docker build -t app .`\nRUN x && docker push app\n         ^^^^^^^^^^^^^^^ `docker push NAME/app`\nRUN docker --version\n",
        );
    }

    #[test]
    fn an_image_may_have_it() {
        check_rule(
            "docker-in-run",
            "FROM docker:28\nRUN docker ps\nFROM me/x\nRUN docker ps\nFROM debian\nRUN apt-get install docker.io && docker ps\nRUN docker pull a\n",
        );
    }

    #[test]
    fn the_line_goes() {
        check_fix("docker-in-run", "FROM python:3\nRUN docker run app\nCMD a\n", "FROM python:3\nCMD a\n");
    }
}
