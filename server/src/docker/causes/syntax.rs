//! The builder does not understand the file.

use super::{Cause, CauseKind, Evidence, between, word_after};
use crate::analysis::knowledge::{Keyword, did_you_mean};

pub fn explain(evidence: &Evidence<'_>) -> Option<Cause> {
    heredoc(evidence)
        .or_else(|| needs_buildkit(evidence))
        .or_else(|| instruction(evidence))
        .or_else(|| flag(evidence))
        .or_else(|| file(evidence))
        .or_else(|| other(evidence))
}

fn heredoc(evidence: &Evidence<'_>) -> Option<Cause> {
    let is_refused = evidence.said.to_lowercase().contains("unknown instruction");
    (is_refused && evidence.is_in_heredoc).then(|| {
        Cause::new(
            CauseKind::HeredocUnsupported,
            "this builder knows no heredocs (`<<EOF`) and takes their lines for instructions",
            "build with BuildKit (Docker 23 or newer, or `docker buildx build`) or Podman 5, or write the commands with `&&`",
        )
    })
}

fn needs_buildkit(evidence: &Evidence<'_>) -> Option<Cause> {
    let flag = between(evidence.said, "the ", " option requires BuildKit")?;
    let cause = Cause::new(
        CauseKind::NeedsBuildKit,
        format!("`{flag}` needs BuildKit, and this is Docker's old builder"),
        "set `DOCKER_BUILDKIT=1`, or install buildx (Debian and Ubuntu: `docker-buildx`; Docker's own packages: `docker-buildx-plugin`)",
    );
    Some(cause.about(flag))
}

fn instruction(evidence: &Evidence<'_>) -> Option<Cause> {
    let said = evidence.said;
    let word =
        word_after(said, "unknown instruction: ").or_else(|| word_after(said, "Unknown instruction: "))?;
    let keywords = Keyword::ALL.iter().map(|it| it.as_str());
    let way_out = match did_you_mean(&word.to_uppercase(), keywords) {
        Some(meant) => format!("write `{meant}`"),
        None => "a line that goes on with the one before needs a `\\` at the end of that one".to_owned(),
    };
    Some(Cause::new(CauseKind::Syntax, format!("`{word}` is no instruction"), way_out).about(word))
}

fn flag(evidence: &Evidence<'_>) -> Option<Cause> {
    let said = evidence.said;
    let is_of_file = said.contains("parse error");
    let flag = word_after(said, "unknown flag: ")
        .or_else(|| word_after(said, "Unknown flag: "))
        .filter(|_| is_of_file)?;
    let why = format!("this instruction has no flag `--{flag}`, or this builder does not know it yet");
    let meant = between(said, "did you mean ", "?").map(|it| format!("write `--{it}`"));
    let way_out = meant.unwrap_or_else(|| "check the spelling, or build with a newer BuildKit".to_owned());
    Some(Cause::new(CauseKind::UnknownFlag, why, way_out).about(flag))
}

fn file(evidence: &Evidence<'_>) -> Option<Cause> {
    let said = evidence.said;
    if said.contains("no build stage in current context") || said.contains("no FROM statement found") {
        return Some(Cause::new(
            CauseKind::NoFrom,
            "a build stage begins with `FROM`, and there is none before this instruction",
            "write `FROM image` first; only `ARG` may stand before it",
        ));
    }
    let is_empty = said.contains("cannot be empty")
        || said.contains("no contents in ")
        || said.contains("file with no instructions");
    is_empty.then(|| {
        Cause::new(CauseKind::EmptyFile, "the Dockerfile has no instruction", "write at least `FROM image`")
    })
}

fn other(evidence: &Evidence<'_>) -> Option<Cause> {
    let (_, rest) = evidence.said.split_once("parse error")?;
    let detail = rest.split_once(": ")?.1;
    let way_out =
        "correct the line; `dockwright explain` with the instruction's name shows how it is written";
    Some(Cause::new(CauseKind::Syntax, format!("the builder cannot read this line: {detail}"), way_out))
}
