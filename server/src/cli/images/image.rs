//! `dockwright image`: what is known about one image.

use std::fmt::Write as _;

use clap::Args;
use serde::Serialize;

use super::{ImageArguments, paint, print, read_reference, unknown_offline};
use crate::analysis::image::index::{self, OfficialImage, Status, TagStatus};
use crate::analysis::image::tag::Step;
use crate::analysis::image::{ImageReference, official_facts};
use crate::cli::terminal::{Paint, Style, safe};
use crate::cli::{CLEAN, FOUND};

const EXAMPLES: &str = "\
Examples:
  dockwright image python:3.12            status, platforms, newer versions
  dockwright image --offline node:20      from the built-in list only
  dockwright image --json golang:1.27     for a script

Exit codes: 0 the image is there, 1 it is not, or not known, 2 wrong usage or a failed look-up.";

/// Say what is known about an image.
#[derive(Debug, Args, Clone)]
#[command(after_help = EXAMPLES)]
pub struct ImageCommand {
    /// The image, as FROM takes it.
    #[arg(value_name = "REF")]
    reference: String,
    #[command(flatten)]
    shared: ImageArguments,
}

/// What is printed; the names are a promise to scripts.
#[derive(Debug, Default, Serialize)]
struct Report {
    reference: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    platforms: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    config: Option<Config>,
    /// `current`, `retired`, `deprecated`, `removed`, `unknown`.
    status: &'static str,
    /// The day or month since when it is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stands_for: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    newer: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    successors: Vec<&'static str>,
    /// The day of the list of official images, if it spoke.
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<String>,
}

#[derive(Debug, Default, Serialize)]
struct Config {
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workdir: Option<String>,
}

/// Prints what is known.
pub fn run(arguments: &ImageCommand) -> anyhow::Result<u8> {
    let reference = read_reference(&arguments.reference)?;
    let Some(official) = reference.official_name().and_then(index::image) else {
        eprintln!("dockwright: {}", unknown_offline(&reference));
        return Ok(FOUND);
    };
    let report = offline(&reference, &official);
    show(arguments, &report)?;
    Ok(if report.status == "unknown" { FOUND } else { CLEAN })
}

fn show(arguments: &ImageCommand, report: &Report) -> anyhow::Result<()> {
    match arguments.shared.json {
        true => print(&(serde_json::to_string_pretty(report)? + "\n")),
        false => print(&text(report, paint(arguments.shared.common.color))),
    }
}

/// What the index knows.
fn offline(reference: &ImageReference, official: &OfficialImage<'_>) -> Report {
    let mut report = Report {
        reference: reference.canonical().unwrap_or_default(),
        successors: official_facts::successors(official.name).to_vec(),
        index: Some(index::date().to_string()),
        config: config(official.name),
        ..Report::default()
    };
    let tag = reference.effective_tag();
    (report.status, report.since) = status(official, tag);
    if let Some(tag) = tag {
        report.stands_for = official.meaning(tag);
        report.newer =
            [Step::Patch, Step::Minor].into_iter().filter_map(|it| official.newer(tag, it)).collect();
        report.newer.dedup();
        if let TagStatus::Current { platforms } = official.tag(tag) {
            report.platforms = platforms.iter().map(ToString::to_string).collect();
        }
    }
    report
}

fn config(name: &str) -> Option<Config> {
    let defaults = official_facts::defaults(name)?;
    Some(Config { user: defaults.user.map(str::to_owned), workdir: defaults.workdir.map(str::to_owned) })
}

/// The worst that is known, and since when.
fn status(official: &OfficialImage<'_>, tag: Option<&str>) -> (&'static str, Option<String>) {
    let tag = tag.map(|it| official.tag(it));
    match (official.status, tag) {
        (Status::Removed(date), _) => ("removed", Some(date.to_string())),
        (_, Some(TagStatus::Retired { since })) => ("retired", Some(since.to_string())),
        (_, Some(TagStatus::Unknown)) => ("unknown", None),
        (Status::Deprecated, _) => ("deprecated", None),
        (Status::WithoutTags, _) => ("retired", None),
        (Status::Current, _) => ("current", None),
    }
}

fn text(report: &Report, paint: Paint) -> String {
    let mut out = paint.paint(Style::Bold, &safe(&report.reference)) + "\n";
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(out, "{name:<12} {value}");
        }
    };
    let since = report.since.as_ref().map(|it| format!(" since {it}")).unwrap_or_default();
    line("Status", &format!("{}{since}{}", report.status, consequence(report.status)));
    line("Use instead", &report.successors.join(", "));
    line("Stands for", report.stands_for.as_deref().unwrap_or_default());
    line("Newer", &report.newer.join(", "));
    line("Platforms", &safe(&report.platforms.join(" ")));
    if let Some(config) = &report.config {
        line("User", &safe(config.user.as_deref().unwrap_or("root")));
        line("Workdir", &safe(config.workdir.as_deref().unwrap_or("/")));
    }
    if let Some(date) = &report.index {
        line("Source", &format!("the list of official images of {date}, without a network"));
    }
    out
}

fn consequence(status: &str) -> &'static str {
    match status {
        "removed" | "retired" => ": it can still be pulled, and gets no security fixes",
        "deprecated" => ": not for new work",
        "unknown" => ": the tag is newer than the list, or wrong",
        _ => "",
    }
}
