//! `FROM python:3.14-slimm`.

use crate::analysis::facts::{Answer, Facts};
use crate::analysis::image::index::{self, OfficialImage, Status, TagStatus};
use crate::analysis::image::tag::Tag as ImageTag;
use crate::analysis::lint::images::{Image, Memo, images};
use crate::analysis::lint::prelude::*;

rule! {
    /// The image has no such tag: its registry says so, or for an official image the list in this program.
    ///
    /// Then the build stops when it wants to pull the image. It is a warning if the registry was asked; see the setting
    /// `registry.lookup`. The list has a date, which the message names: a tag that was made later is not in it, so
    /// versions newer than the newest one are not reported.
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
        let reference = &image.reference;
        let Some(tag) = reference.tag().known().filter(|it| !it.is_empty() && !reference.is_pinned()) else {
            continue;
        };
        if !reference.errors.is_empty() {
            continue;
        }
        if let Some(is_there) = told(&cx.facts.registry, reference) {
            if !is_there {
                denied(cx, &image, tag, report);
            }
            continue;
        }
        let Some(official) = image.official().filter(|it| it.status == Status::Current) else { continue };
        if let Some(meant) = KNOWN.of(official.name, tag, || judge(&official, tag)) {
            found(&image, &official, tag, meant.as_deref(), report);
        }
    }
}

/// Whether the registry has the tag, if it was asked.
fn told(known: &Facts, reference: &ImageReference) -> Option<bool> {
    let listed = match &known.repository(reference).map(|it| &it.value) {
        Some(Answer::Found(repository)) => repository.has_tag(reference.effective_tag()?),
        // There is no repository, and that is said elsewhere.
        Some(Answer::Missing) => return Some(true),
        None => None,
    };
    listed.or_else(|| Some(known.image(reference)?.found().is_some()))
}

fn denied(cx: &ModelContext<'_>, image: &Image, tag: &str, report: &mut Report<'_>) {
    let reference = &image.reference;
    let repository = cx.facts.registry.repository(reference).and_then(|it| it.found());
    let names: Vec<String> = match (repository, image.official()) {
        (Some(repository), _) => repository.tags.iter().map(|it| it.name.to_string()).collect(),
        (None, Some(official)) => official.tags().map(|it| it.name).collect(),
        (None, None) => Vec::new(),
    };
    let meant = did_you_mean(tag, names.iter().map(String::as_str));
    let hint = meant.map_or(String::new(), |it| format!("; did you mean `{it}`?"));
    let (name, host) =
        (reference.familiar_name().unwrap_or_default(), reference.registry_host().unwrap_or_default());
    let range = image.range_of(reference.tag_range());
    let draft = report.at(range, format!("`{name}` has no tag `{tag}` at `{host}`{hint}"));
    let draft = draft.severity(Severity::Warning);
    if let Some((meant, edit)) = meant.and_then(|it| Some((it, image.with_tag(it)?))) {
        draft.unsafe_fix(format!("Write `{meant}`"), vec![edit]);
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
    fn a_registry_that_was_asked_has_the_last_word() {
        check_rule(
            "unknown-tag",
            "FROM acme/api:1.1\n              ^^^ `acme/api` has no tag `1.1` at `docker.io`; did you mean `1.0`?\nFROM acme/api:1.0\nFROM python:brandnew\nFROM acme/gone:1\nFROM never/asked:1\n//- registry\ndocker.io/acme/api 1.0 2.0\ndocker.io/library/python brandnew\ndocker.io/acme/gone\n",
        );
    }

    #[test]
    fn a_slip_gets_a_suggestion() {
        let fix = findings("unknown-tag", "FROM python:slimm\n")[0].fix().expect("a fix");
        assert_eq!(fix.edits[0].new_text, "slim");
    }
}
