//! `dockwright image`: what is known about one image.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::Args;
use serde::Serialize;

use super::asker::Asker;
use super::{
    ImageArguments, instead_of_registry, no_repository, paint, print, read_platform, read_reference,
    unknown_offline,
};
use crate::analysis::facts::{Answer, ImageConfig, RemoteImage};
use crate::analysis::image::index::{self, OfficialImage, Status, TagStatus};
use crate::analysis::image::tag::Step;
use crate::analysis::image::{ImageReference, Platform, official_facts};
use crate::cli::terminal::{Paint, Style, safe};
use crate::cli::{CLEAN, FOUND};

const EXAMPLES: &str = "\
Examples:
  dockwright image python:3.12            status, platforms, newer versions
  dockwright image --offline node:20      from the built-in list only
  dockwright image --json golang:1.27     for a script
  dockwright image ghcr.io/a/b:1 --platform linux/arm64

Exit codes: 0 the image is there, 1 it is not, or not known, 2 wrong usage or a failed look-up.";

/// Say what is known about an image.
#[derive(Debug, Args, Clone)]
#[command(after_help = EXAMPLES)]
pub struct ImageCommand {
    /// The image, as FROM takes it.
    #[arg(value_name = "REF")]
    reference: String,
    /// The platform whose size and configuration to tell (linux/amd64, if it is there).
    #[arg(long, value_name = "PLATFORM", value_parser = read_platform)]
    platform: Option<Platform>,
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
    #[serde(skip)]
    source: Source,
}

/// Who told, apart from the list of official images.
#[derive(Debug, Default)]
enum Source {
    #[default]
    Nobody,
    Registry(String),
}

/// What builds on the image start with.
#[derive(Debug, Default, Serialize)]
struct Config {
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workdir: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    entrypoint: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cmd: Vec<String>,
    /// `NAME=value`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    env: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    exposed_ports: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    volumes: Vec<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stop_signal: Option<String>,
}

impl From<ImageConfig> for Config {
    fn from(it: ImageConfig) -> Config {
        Config {
            user: it.user,
            workdir: it.workdir,
            entrypoint: it.entrypoint,
            cmd: it.command,
            env: it.environment.into_iter().map(|(name, value)| format!("{name}={value}")).collect(),
            exposed_ports: it.exposed_ports,
            volumes: it.volumes,
            labels: it.labels.into_iter().collect(),
            stop_signal: it.stop_signal,
        }
    }
}

/// Prints what is known.
pub fn run(arguments: &ImageCommand) -> anyhow::Result<u8> {
    let reference = read_reference(&arguments.reference)?;
    let common = &arguments.shared.common;
    let official = reference.official_name().and_then(index::image);
    let known = official.map(|it| offline(&reference, &it));
    let report = match Asker::new(common)?.image(&reference, arguments.platform.as_ref()) {
        Ok(answer) => match answer.value {
            Answer::Found(image) => Some(with_facts(known, &reference, image, arguments.platform.as_ref())),
            Answer::Missing => {
                eprintln!("dockwright: {}", missing(&reference));
                return Ok(FOUND);
            }
        },
        Err(error) => instead_of_registry(error, known, common.quiet)?,
    };
    let Some(report) = report else {
        eprintln!("dockwright: {}", unknown_offline(&reference));
        return Ok(FOUND);
    };
    show(arguments, &report)?;
    Ok(if report.status == "unknown" { FOUND } else { CLEAN })
}

fn missing(reference: &ImageReference) -> String {
    let is_known = reference.official_name().and_then(index::image).is_some();
    match reference.effective_tag().filter(|_| is_known) {
        Some(tag) => format!("`{}` has no tag `{tag}`", reference.familiar_name().unwrap_or_default()),
        None => format!("{}, or it has no such tag", no_repository(reference)),
    }
}

/// What the registry says, over what the index knows.
fn with_facts(
    known: Option<Report>,
    reference: &ImageReference,
    image: RemoteImage,
    platform: Option<&Platform>,
) -> Report {
    let usual = Platform::new("linux", "amd64", "");
    let wanted = platform.unwrap_or(&usual);
    let chosen = image.platforms.iter().find(|it| wanted.accepts(&it.platform)).or(image.platforms.first());
    let mut report = Report {
        digest: Some(image.digest.clone()),
        size: chosen.and_then(|it| it.size),
        platforms: image.platforms.iter().map(|it| it.platform.to_string()).collect(),
        ..known.unwrap_or_else(|| Report {
            reference: reference.canonical().unwrap_or_default(),
            status: "current",
            ..Report::default()
        })
    };
    // It is there; the index is older.
    if report.status == "unknown" {
        report.status = "current";
    }
    if let Some(config) = image.config {
        report.created = config.created.map(|it| it.to_string());
        report.config = Some(config.into());
    }
    report.source = Source::Registry(reference.registry_host().unwrap_or_default().to_owned());
    report
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
    let text = |it: Option<&str>| it.map(str::to_owned);
    Some(Config { user: text(defaults.user), workdir: text(defaults.workdir), ..Config::default() })
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
    line("Digest", report.digest.as_deref().unwrap_or_default());
    line("Created", report.created.as_deref().unwrap_or_default());
    line("Size", &report.size.map(size).unwrap_or_default());
    line("Platforms", &safe(&report.platforms.join(" ")));
    if let Some(config) = &report.config {
        for (name, value) in rows(config) {
            line(name, &safe(&value));
        }
    }
    line("Source", &source(report));
    out
}

fn rows(config: &Config) -> [(&'static str, String); 8] {
    let source = config.labels.get("org.opencontainers.image.source").cloned().unwrap_or_default();
    [
        ("User", config.user.clone().unwrap_or_else(|| "root".to_owned())),
        ("Workdir", config.workdir.clone().unwrap_or_else(|| "/".to_owned())),
        ("Entrypoint", config.entrypoint.join(" ")),
        ("Cmd", config.cmd.join(" ")),
        ("Env", config.env.join(" ")),
        ("Ports", config.exposed_ports.join(" ")),
        ("Volumes", config.volumes.join(" ")),
        ("Made from", source),
    ]
}

fn source(report: &Report) -> String {
    let index = report.index.as_ref().map(|date| format!("the list of official images of {date}"));
    match (&report.source, index) {
        (Source::Registry(host), Some(index)) => format!("{} and {index}", safe(host)),
        (Source::Registry(host), None) => safe(host),
        (Source::Nobody, index) => index.map(|it| it + ", without a network").unwrap_or_default(),
    }
}

/// Compressed, as it is pulled.
fn size(bytes: u64) -> String {
    format!("{:.1} MB compressed", bytes as f64 / 1e6)
}

fn consequence(status: &str) -> &'static str {
    match status {
        "removed" | "retired" => ": it can still be pulled, and gets no security fixes",
        "deprecated" => ": not for new work",
        "unknown" => ": the tag is newer than the list, or wrong",
        _ => "",
    }
}
