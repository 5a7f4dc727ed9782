//! The base image cannot be had, or a stage that is named does not exist.

use super::{Cause, CauseKind, Evidence, between};
use crate::docker::output::message;

pub fn explain(evidence: &Evidence<'_>) -> Option<Cause> {
    let said = evidence.said;
    limit(said)
        .or_else(|| stage_meant(evidence))
        .or_else(|| denied(said))
        .or_else(|| platform(said))
        .or_else(|| unknown(said))
        .or_else(|| stage(said))
}

fn limit(said: &str) -> Option<Cause> {
    let marks = ["toomanyrequests", "429 Too Many Requests", "pull rate limit"];
    marks.iter().any(|it| said.contains(it)).then(|| {
        Cause::new(
            CauseKind::TooManyPulls,
            "the registry takes no more downloads from here for a while",
            "wait, log in (`docker login` raises the limit), or take the image from a mirror",
        )
    })
}

fn denied(said: &str) -> Option<Cause> {
    let marks = [
        "pull access denied",
        "insufficient_scope",
        "unauthorized: ",
        "authorization failed",
        "denied: requested access",
        "401 Unauthorized",
        "403 Forbidden",
    ];
    if !marks.iter().any(|it| said.contains(it)) {
        return None;
    }
    let image = message::image(said).unwrap_or_default();
    let name = if image.is_empty() { "the image".to_owned() } else { format!("`{image}`") };
    let cause = Cause::new(
        CauseKind::PullDenied,
        format!("the registry does not give {name} to you: it does not exist, or it is private"),
        "check the spelling of the name (also of a stage that is meant); for a private image log in first with `docker login`",
    );
    Some(cause.about(image))
}

fn platform(said: &str) -> Option<Cause> {
    let marks = [
        "no match for platform in manifest",
        "no matching manifest for",
        "does not match the specified platform",
    ];
    marks.iter().any(|it| said.contains(it)).then(|| {
        let cause = Cause::new(
            CauseKind::WrongPlatform,
            "the image does not exist for this platform (operating system and processor)",
            "take another image or tag, or build with `--platform` for one that it has",
        );
        cause.about(message::image(said).unwrap_or_default())
    })
}

fn unknown(said: &str) -> Option<Cause> {
    if said.contains("image not known") || said.contains("not found in local storage") {
        let image = message::image(said).unwrap_or_default();
        let cause = Cause::new(
            CauseKind::NotPulled,
            format!("`{image}` is not on this machine, and the build may not fetch it"),
            "pull it first, or build without `--pull=never`; check the spelling if it should be there",
        );
        return Some(cause.about(image));
    }
    let marks = ["manifest unknown", "manifest for ", ": not found", "MANIFEST_UNKNOWN"];
    let image = message::image(said).filter(|_| marks.iter().any(|it| said.contains(it)))?;
    let cause = Cause::new(
        CauseKind::UnknownTag,
        format!("the registry has no `{image}`"),
        "check name and tag (`dockwright tags NAME` lists them); old tags are taken away at times",
    );
    Some(cause.about(image))
}

/// `COPY --from=buildr`: what is no stage is taken for an image, and then looked for in the world.
fn stage_meant(evidence: &Evidence<'_>) -> Option<Cause> {
    let (_, rest) = evidence.instruction?.split_once("--from=")?;
    let name = rest.split_whitespace().next().filter(|it| !it.contains(['/', ':', '.', '$']))?;
    let said = evidence.said;
    let is_image = said.contains(&format!("/library/{name}:")) || said.contains(&format!("/library/{name}/"));
    (is_image || said.starts_with(&format!("{name}: "))).then(|| unknown_stage(name))
}

fn stage(said: &str) -> Option<Cause> {
    let target = between(said, "target stage \"", "\" could not be found")
        .or_else(|| between(said, "failed to reach build target ", " in Dockerfile"))
        .or_else(|| between(said, "COPY --from=", ": no stage or image found"))
        .or_else(|| between(said, "invalid from flag value ", ": "))?;
    Some(unknown_stage(target))
}

fn unknown_stage(name: &str) -> Cause {
    let cause = Cause::new(
        CauseKind::UnknownStage,
        format!("the file has no stage `{name}`, and an image of that name was not found"),
        format!("check the spelling, or name a stage so: `FROM image AS {name}`"),
    );
    cause.about(name)
}
