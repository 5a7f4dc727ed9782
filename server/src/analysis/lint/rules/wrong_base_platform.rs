//! `FROM --platform=windows/amd64 alpine`.

use crate::analysis::image::index::{Status, TagStatus};
use crate::analysis::lint::images::{Image, base_image};
use crate::analysis::lint::prelude::*;
use crate::analysis::model::Stage;

rule! {
    /// The base image does not exist for the platform that `FROM --platform=` names.
    ///
    /// The build stops, or goes on with an image that does not run. The platforms are those that the registry told, and for
    /// official images those of the list in this program.
    ///
    /// ```dockerfile bad
    /// FROM --platform=windows/amd64 alpine:3.22
    /// ```
    ///
    /// ```dockerfile good
    /// FROM --platform=linux/arm64 alpine:3.22
    /// ```
    ///
    /// Take one of the platforms that the message names, another image, or leave `--platform` out.
    name: "wrong-base-platform",
    aliases: &["InvalidBaseImagePlatform"],
    buildkit: true,
    url: "https://docs.docker.com/go/dockerfile/rule/invalid-base-image-platform/",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for (stage, _) in cx.stages() {
        let Some(text) = stage.platform.as_ref().and_then(Value::text) else { continue };
        let Ok(wanted) = Platform::parse(text) else { continue };
        let Some(image) = base_image(cx, stage) else { continue };
        let platforms = platforms(cx, &image);
        if !platforms.is_empty() && !platforms.iter().any(|it| wanted.accepts(it)) {
            found(cx, stage, &image, &wanted, &platforms, report);
        }
    }
}

/// What is known of the image's platforms; empty if nothing is.
fn platforms(cx: &ModelContext<'_>, image: &Image) -> Vec<Platform> {
    let told = cx.facts.registry.platforms(&image.reference);
    if !told.is_empty() {
        return told.iter().map(|it| (*it.platform).clone()).collect();
    }
    // Those profiles say what others say, who know no list.
    let may_use_list = !matches!(cx.profile, Profile::Buildkit | Profile::Hadolint);
    let official = image.official().filter(|it| may_use_list && it.status == Status::Current);
    let tag = image.reference.effective_tag().filter(|_| !image.reference.is_pinned());
    match official.zip(tag).map(|(official, tag)| official.tag(tag)) {
        Some(TagStatus::Current { platforms }) => platforms,
        _ => Vec::new(),
    }
}

fn found(
    cx: &ModelContext<'_>,
    stage: &Stage,
    image: &Image,
    wanted: &Platform,
    platforms: &[Platform],
    report: &mut Report<'_>,
) {
    let Some(from) = cx.model.file().instruction(stage.from) else { return };
    let value = from.node.flag("platform").and_then(|it| it.value.as_ref());
    let Some(range) = value.map(|it| from.absolute(it.range())) else { return };
    let names: Vec<String> = platforms.iter().map(|it| format!("`{it}`")).collect();
    let name = image.reference.familiar().unwrap_or_default();
    report.at(range, format!("`{name}` is not made for `{wanted}`: there is {}", names.join(", ")));
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn platforms_come_from_the_list_or_the_registry() {
        check_rule(
            "wrong-base-platform",
            "ARG P=linux/s390x\nFROM --platform=windows/amd64 alpine\n                ^^^^^^^^^^^^^ `linux/amd64`\nFROM --platform=linux/arm64/v8 alpine\nFROM --platform=$BUILDPLATFORM alpine\nFROM --platform=$P acme/api:1\n                ^^ `linux/arm64`\nFROM --platform=linux/s390x acme/other:1\nFROM --platform=linux/s390x acme/api:2\nFROM alpine\n//- registry\ndocker.io/acme/api 1=linux/amd64,linux/arm64 2\n",
        );
    }
}
