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
    let mut told = Vec::new();
    for run in cx.instructions().filter(|it| it.keyword == Some(Keyword::Run)) {
        let Some(shell) = cx.cx.shell(run.id) else { continue };
        for called in shell.calls(&["docker"]).filter(|it| is_of_terminal(it)) {
            let range = run.absolute(called.words_range());
            if is_installed(cx, &told, range.start()) {
                return;
            }
            let message = terminal_message(cx.cx.source(range));
            told.push(run.id);
            let draft = report.at(range, message);
            if shell.commands().count() == 1 {
                draft.unsafe_fix("Remove this line", vec![TextEdit::delete(cx.cx.whole_lines(run))]);
            }
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

/// Whether anything before `offset` speaks of `docker`, but what was told of already: it may have brought the program.
fn is_installed(cx: &StageContext<'_>, told: &[InstructionId], offset: TextSize) -> bool {
    let is_named = |range: TextRange| cx.cx.source(range).contains("docker");
    cx.cx.model.lineage(cx.stage.id).any(|stage| {
        let before = stage.instructions.clone().skip(1).map(InstructionId).filter(|it| !told.contains(it));
        let before = before.filter_map(|id| cx.cx.model.file().instruction(id)).map(|it| it.absolute_range());
        before
            .take_while(|it| it.start() < offset)
            .any(|it| is_named(TextRange::new(it.start(), it.end().min(offset))))
    })
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
