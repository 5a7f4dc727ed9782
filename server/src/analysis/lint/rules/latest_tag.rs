//! `FROM python:latest`.

use crate::analysis::lint::images::{base_image, plain_tag};
use crate::analysis::lint::prelude::*;

rule! {
    /// A base image has the tag `latest`, so every build takes whatever is the newest.
    ///
    /// `latest` is only the name that stands for "no tag given". The image behind it changes, and a build that worked
    /// the day before can fail without a change in the file.
    ///
    /// ```dockerfile bad
    /// FROM python:latest
    /// ```
    ///
    /// ```dockerfile good
    /// FROM python:3.14-slim
    /// ```
    name: "latest-tag",
    aliases: &["DL3007"],
    hadolint: Some(Severity::Warning),
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    let Some(image) = base_image(cx.cx, cx.stage) else { return };
    let reference = &image.reference;
    // hadolint judges what is written.
    let is_written = cx.cx.source(image.range).trim_end_matches(['"', '\'']).ends_with(":latest");
    let is_by_variable = cx.cx.profile == Profile::Hadolint && !is_written;
    if reference.tag().known() != Some("latest") || !reference.digest().is_absent() || is_by_variable {
        return;
    }
    let range = image.range_of(reference.tag_range());
    let draft = report.at(range, "`latest` is another image tomorrow: name the version you need");
    let tag = image.official().and_then(|it| plain_tag(&it));
    if let Some((tag, edit)) = tag.and_then(|tag| Some((tag.clone(), image.with_tag(&tag)?))) {
        draft.unsafe_fix(format!("Write `{tag}`"), vec![edit]);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_rule, findings};

    #[test]
    fn only_latest_alone_is_meant() {
        check_rule(
            "latest-tag",
            "ARG T=latest\nFROM a:latest\n       ^^^^^^\nFROM a:latest-slim\nFROM a:latest@sha256:1\nFROM a:$T\n     ^^^^\n",
        );
    }

    #[test]
    fn the_fix_names_a_version() {
        let fix = findings("latest-tag", "FROM node:latest\n")[0].fix().expect("a fix");
        assert!(fix.edits[0].new_text.starts_with(|it: char| it.is_ascii_digit()), "{fix:?}");
    }
}
