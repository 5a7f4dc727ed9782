//! `FROM python:3.14-slimm`.

use crate::analysis::image::index::{self, OfficialImage, Status, TagStatus};
use crate::analysis::image::tag::Tag as ImageTag;
use crate::analysis::lint::images::{Image, Memo, images};
use crate::analysis::lint::prelude::*;

rule! {
    /// An official image has no such tag, as far as is known without a network.
    ///
    /// Then the build stops when it wants to pull the image. The list of tags in this program has a date, which the
    /// message names: a tag that was made later is not in it, so versions newer than the newest one are not reported.
    ///
    /// ```dockerfile bad
    /// FROM python:3.14-slimm
    /// ```
    ///
    /// ```dockerfile good
    /// FROM python:3.14-slim
    /// ```
    name: "unknown-tag",
    severity: Severity::Info,
    fix: FixSafety::Unsafe,
    url: "https://github.com/docker-library/official-images",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for image in images(cx) {
        let Some(official) = image.official().filter(|it| it.status == Status::Current) else { continue };
        let reference = &image.reference;
        let Some(tag) = reference.tag().known().filter(|it| !it.is_empty() && !reference.is_pinned()) else {
            continue;
        };
        if !reference.errors.is_empty() {
            continue;
        }
        if let Some(meant) = KNOWN.of(official.name, tag, || judge(&official, tag)) {
            found(&image, &official, tag, meant.as_deref(), report);
        }
    }
}

/// For an unknown tag the one that may have been meant.
static KNOWN: Memo<Option<Option<String>>> = Memo::new();

fn judge(official: &OfficialImage<'_>, tag: &str) -> Option<Option<String>> {
    if official.tag(tag) != TagStatus::Unknown || may_be_newer(official, tag) {
        return None;
    }
    let names: Vec<String> = official.tags().map(|it| it.name).collect();
    Some(did_you_mean(tag, names.iter().map(String::as_str)).map(str::to_owned))
}

fn found(
    image: &Image,
    official: &OfficialImage<'_>,
    tag: &str,
    meant: Option<&str>,
    report: &mut Report<'_>,
) {
    let date = index::date();
    let known = format!("as of {}-{:02}-{:02}", date.year, date.month, date.day);
    let meaning = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
    let range = image.range_of(image.reference.tag_range());
    let draft = report.at(range, format!("`{}` has no tag `{tag}` {known}{meaning}", official.name));
    if let Some((meant, edit)) = meant.and_then(|it| Some((it, image.with_tag(it)?))) {
        draft.unsafe_fix(format!("Write `{meant}`"), vec![edit]);
    }
}

/// A version above all that are known: most likely it came after the list.
fn may_be_newer(official: &OfficialImage<'_>, tag: &str) -> bool {
    let version = ImageTag::parse(tag).version;
    let newest = official.tags().map(|it| ImageTag::parse(&it.name).version).max();
    !version.is_empty() && newest.is_some_and(|newest| version > newest)
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_rule, findings};

    #[test]
    fn what_is_listed_or_newer_or_not_official_is_fine() {
        check_rule(
            "unknown-tag",
            "FROM python:3.8\nFROM python:latest\nFROM python\nFROM python:99.1\nFROM python:$V\nFROM acme/api:x\nFROM centos:x\nFROM python:nonsense\n            ^^^^^^^^ as of\nFROM python:\n",
        );
    }

    #[test]
    fn a_slip_gets_a_suggestion() {
        let fix = findings("unknown-tag", "FROM python:slimm\n")[0].fix().expect("a fix");
        assert_eq!(fix.edits[0].new_text, "slim");
    }
}
