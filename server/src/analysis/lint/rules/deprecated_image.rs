//! `FROM openjdk`.

use crate::analysis::image::index::{Status, TagStatus};
use crate::analysis::image::official_facts;
use crate::analysis::lint::images::images;
use crate::analysis::lint::prelude::*;

rule! {
    /// The maintainers of an official image advise against using it for something new.
    ///
    /// It is still there, but will not be for ever, and gets few updates or none. If the tag itself gets none any more, it is
    /// a warning.
    ///
    /// ```dockerfile bad
    /// FROM openjdk:21
    /// ```
    ///
    /// Take what they recommend instead:
    ///
    /// ```dockerfile good
    /// FROM eclipse-temurin:21
    /// ```
    ///
    /// Known without a network, from the list of official images that is part of this program.
    name: "deprecated-image",
    severity: Severity::Info,
    tag: Some(Tag::Deprecated),
    url: "https://github.com/docker-library/official-images",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for image in images(cx) {
        let Some(official) = image.official() else { continue };
        let fault = match official.status {
            Status::Deprecated => "is deprecated",
            Status::WithoutTags => "has no tag that is kept up to date",
            Status::Current | Status::Removed(_) => continue,
        };
        let instead = match official_facts::successors(official.name) {
            [] => String::new(),
            [first, ..] => format!("; use `{first}` instead"),
        };
        let range = image.range_of(image.reference.name_range());
        let tag = image.reference.effective_tag();
        match tag.map(|tag| official.tag(tag)) {
            Some(TagStatus::Retired { since }) => {
                let retired = format!("this tag gets no updates since {}-{:02}", since.year, since.month);
                report
                    .at(range, format!("`{}` {fault}, and {retired}{instead}", official.name))
                    .severity(Severity::Warning);
            }
            _ => _ = report.at(range, format!("`{}` {fault}{instead}", official.name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn only_official_images_with_a_notice_are_meant() {
        check_rule(
            "deprecated-image",
            "FROM openjdk:21-slim AS a\n     ^^^^^^^ `eclipse-temurin`\nFROM acme/openjdk:8\nFROM debian:13\nFROM centos:7\n",
        );
    }
}
