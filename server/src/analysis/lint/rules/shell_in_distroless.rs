//! `FROM gcr.io/distroless/…` and a shell form.

use crate::analysis::lint::launch;
use crate::analysis::lint::packages::root_image;
use crate::analysis::lint::prelude::*;

rule! {
    /// A shell form needs a shell, and the base image has none.
    ///
    /// Distroless and chiseled images hold the program and its libraries and nothing else. A shell form is run by
    /// `/bin/sh -c`, which does not exist there: `RUN` stops the build, `CMD` and `ENTRYPOINT` stop the container.
    ///
    /// ```dockerfile bad
    /// FROM gcr.io/distroless/static-debian12
    /// COPY server /
    /// CMD /server
    /// ```
    ///
    /// ```dockerfile good
    /// FROM gcr.io/distroless/static-debian12
    /// COPY server /
    /// CMD ["/server"]
    /// ```
    ///
    /// What has to be built or prepared belongs into a stage with a shell; `COPY --from=` takes over the result.
    name: "shell-in-distroless",
    aliases: &[],
    url: "https://docs.docker.com/reference/dockerfile/#shell-and-exec-form",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    let is_without_shell = root_image(cx.cx, cx.stage).is_some_and(|it| has_no_shell(&it));
    if !is_without_shell {
        return;
    }
    for instruction in cx.instructions() {
        match instruction.keyword {
            // It may bring a shell.
            Some(Keyword::Copy | Keyword::Add) if brings_shell(instruction) => return,
            Some(Keyword::Shell) => return,
            Some(Keyword::Run | Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck) => {}
            _ => continue,
        }
        let Some(Command::Shell(text)) = launch::command(instruction.node) else { continue };
        if !text.as_str().starts_with('[') {
            let message = match instruction.keyword {
                Some(Keyword::Run) => {
                    "this image has no shell to run it: do it in an earlier stage and copy the result"
                }
                _ => "this image has no shell to run it: write it as `[\"program\", …]`",
            };
            report.at(instruction.absolute(text.range()), message);
        }
    }
}

fn has_no_shell(image: &ImageReference) -> bool {
    let name = image.familiar_name().unwrap_or_default();
    let tag = image.tag().known().unwrap_or_default();
    let is_distroless = name.contains("distroless/") && name.starts_with("gcr.io/");
    let is_chiseled = name.starts_with("mcr.microsoft.com/dotnet/") && tag.contains("chiseled");
    (is_distroless || is_chiseled) && !tag.contains("debug")
}

/// Whether the files that are copied may have a shell among them: one by name, a folder of programs, or a whole file
/// system.
fn brings_shell(instruction: InstructionRef<'_>) -> bool {
    let Arguments::Copy(copy) = &instruction.node.arguments else { return true };
    let last = |path: &str| path.trim_matches(['"', '/']).rsplit('/').next().unwrap_or_default().to_owned();
    let is_shell =
        |path: &str| matches!(&*last(path), "sh" | "bash" | "ash" | "dash" | "busybox" | "bin" | "*");
    let destination = copy.destination.as_ref().map_or("", |it| it.raw());
    let is_root = |path: &str| matches!(path.trim_matches('"'), "/" | "." | "./");
    let sources = || copy.sources.iter().map(|it| it.raw());
    is_shell(destination)
        || sources().any(|it| is_shell(it) || it.contains("busybox") || it.contains("rootfs"))
        || is_root(destination) && sources().any(|it| is_root(it) || it.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn a_program_of_another_stage_is_no_shell() {
        check_rule(
            "shell-in-distroless",
            "FROM a AS b\nFROM gcr.io/distroless/base\nCOPY --from=b /bin/app /app\nCMD /app\n    ^^^^\nFROM gcr.io/distroless/base\nCOPY --from=b / /\nCMD /app\nFROM gcr.io/distroless/base\nCOPY --from=b /bin /bin\nCMD /app\n",
        );
    }

    #[test]
    fn distroless_and_chiseled_have_none() {
        check_rule(
            "shell-in-distroless",
            "FROM gcr.io/distroless/base\nRUN ls\n    ^^ earlier stage\nCMD [\"/x\"]\nFROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled\nENTRYPOINT x\n           ^ [\"program\", …]\nFROM gcr.io/distroless/base:debug\nRUN ls\nFROM gcr.io/distroless/base\nCOPY --from=busybox /bin/sh /bin/sh\nRUN ls\n",
        );
    }
}
