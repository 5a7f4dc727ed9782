//! `RUN curl … | tar x`.

use crate::analysis::lint::prelude::*;
use crate::analysis::model::shell::{Pipeline, Reach};

rule! {
    /// A command in front of a `|` may fail without stopping the build.
    ///
    /// The shell looks only at the last command of a pipe. When the download fails, the next command reads nothing, says that
    /// all is well, and the image is built without the files. `pipefail` makes the whole pipe fail:
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// RUN curl -fsSL https://example.com/a.tar.gz | tar xz
    /// ```
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// SHELL ["/bin/bash", "-o", "pipefail", "-c"]
    /// RUN curl -fsSL https://example.com/a.tar.gz | tar xz
    /// ```
    ///
    /// Alpine has no `bash`; its own shell can do it too:
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// SHELL ["/bin/ash", "-o", "pipefail", "-c"]
    /// RUN wget -qO- https://example.com/a.tar.gz | tar xz
    /// ```
    ///
    /// Or say it in the `RUN`, where the shell is one that knows it:
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// RUN set -o pipefail && wget -qO- https://example.com/a.tar.gz | tar xz
    /// ```
    name: "pipe-without-pipefail",
    aliases: &["DL4006"],
    severity: Severity::Warning,
    hadolint: Some(Severity::Warning),
    url: "https://docs.docker.com/build/building/best-practices/#using-pipes",
    check: Check::Shell { on: &[Keyword::Run], deferred: false, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    let sets_it = |it: Called<'_>| it.is("set") && it.has_argument("pipefail");
    if cx.setting.has_pipefail || cx.commands().any(sets_it) {
        return;
    }
    let message = "if the command before the `|` fails, the build goes on: write `SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]` before this `RUN` (on Alpine `/bin/ash`)";
    for part in cx.parts {
        let is_strict = cx.setting.profile == Profile::Hadolint;
        let is_marked = |pipeline: &Pipeline, members: &[&ShellCommand]| {
            is_strict || (downloads(pipeline, members) && !is_status_lost(cx, pipeline))
        };
        let mut pipelines = part.script.pipelines.iter().zip(part.pipeline_members(Reach::Direct));
        if let Some((pipeline, _)) = pipelines.find(|(pipeline, members)| is_marked(pipeline, members)) {
            report.at(pipeline.pipes.first().copied().unwrap_or(pipeline.range), message);
        }
    }
}

/// Whether something that often fails stands before a pipe; `echo` does not.
fn downloads(pipeline: &Pipeline, members: &[&ShellCommand]) -> bool {
    const FAILING: [&str; 11] =
        ["curl", "wget", "git", "gpg", "aws", "gsutil", "tar", "unzip", "npm", "mvn", "make"];
    members.iter().any(|it| {
        let position = it.place.pipeline.map(|(_, position)| position as usize);
        position.is_some_and(|it| it < pipeline.pipes.len()) && it.is_any(&FAILING)
    })
}

/// Whether the pipe stands in a `$(…)` that is an argument: how it ends is never asked, with `pipefail` either. Of an
/// assignment (`X=$(…)`) it is.
fn is_status_lost(cx: &ShellContext<'_>, pipeline: &Pipeline) -> bool {
    let before = cx.source(TextRange::up_to(pipeline.range.start())).trim_end();
    let substitution = before.strip_suffix("$(").or_else(|| before.strip_suffix('`'));
    substitution.is_some_and(|it| !it.ends_with("<") && !it.trim_end_matches('"').ends_with('='))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn a_download_before_a_pipe() {
        check_rule(
            "pipe-without-pipefail",
            "FROM a AS x\nRUN curl b | tar x | c\n           ^\nRUN echo y | d; e || f\nRUN set -o pipefail; curl b | c\nONBUILD RUN curl b | c\nSHELL [\"bash\", \"-eo\", \"pipefail\", \"-c\"]\nRUN curl b | c\nFROM x\nRUN curl b | c\n",
        );
    }

    #[test]
    fn in_an_argument_nobody_asks_how_it_ended() {
        check_rule(
            "pipe-without-pipefail",
            "FROM a\nRUN x $(git status | grep y)\nRUN V=$(curl b | c) && x\n               ^\nRUN V=\"$(curl b | c)\"\n                ^\n",
        );
    }
}
