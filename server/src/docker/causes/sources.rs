//! What `COPY` or `ADD` should take is not there.

use super::{Cause, CauseKind, Evidence};
use crate::docker::output::message;

pub fn explain(evidence: &Evidence<'_>) -> Option<Cause> {
    ignored(evidence)
        .or_else(|| outside(evidence))
        .or_else(|| missing(evidence))
        .or_else(|| nothing(evidence))
}

fn ignored(evidence: &Evidence<'_>) -> Option<Cause> {
    let said = evidence.said;
    let is_filtered = said.contains("filtered out using") || said.contains("excluded by .dockerignore\n");
    let path = path(evidence).filter(|_| is_filtered)?;
    let cause = Cause::new(
        CauseKind::IgnoredSource,
        format!("`.dockerignore` keeps `{path}` out of the build"),
        format!("take the pattern out of `.dockerignore`, or add the line `!{path}` at its end"),
    );
    Some(cause.about(&path))
}

fn outside(evidence: &Evidence<'_>) -> Option<Cause> {
    let marks = ["forbidden path outside the build context", "outside of the build context"];
    marks.iter().any(|it| evidence.said.contains(it)).then(|| {
        Cause::new(
            CauseKind::MissingSource,
            "the path leaves the build context, and a build sees nothing outside of it",
            "build with a context further up (the last word of `docker build`), and write the path from there",
        )
    })
}

fn missing(evidence: &Evidence<'_>) -> Option<Cause> {
    let path = path(evidence)?;
    let from_stage = evidence.instruction.and_then(|it| it.split_once("--from=")).map(|(_, rest)| rest);
    let cause = match from_stage.and_then(|it| it.split_whitespace().next()) {
        Some(stage) => Cause::new(
            CauseKind::MissingSource,
            format!("`{path}` is not in `{stage}`"),
            format!(
                "check where `{stage}` puts it: its WORKDIR counts there, but here the path begins at `/`"
            ),
        ),
        None => Cause::new(
            CauseKind::MissingSource,
            format!("`{path}` is not in the build context, or `.dockerignore` keeps it out"),
            "paths count from the context (the last word of `docker build`), not from the Dockerfile: check the spelling, \
             the context and `.dockerignore`",
        ),
    };
    Some(cause.about(&path))
}

/// A pattern that matches nothing.
fn nothing(evidence: &Evidence<'_>) -> Option<Cause> {
    let is_it = evidence.said.contains("no source files were specified");
    is_it.then(|| {
        Cause::new(
            CauseKind::MissingSource,
            "the pattern matches no file of the build context",
            "check the pattern, the context and `.dockerignore`",
        )
    })
}

/// The missing path, as `COPY` would write it; `None` if the message is about something else.
fn path(evidence: &Evidence<'_>) -> Option<String> {
    let path = message::missing_path(evidence.said)?;
    let path = path.trim_start_matches('/');
    (!path.is_empty()).then(|| path.to_owned())
}
