//! `dockwright tags`: the tags of an image, the most useful first.

use std::fmt::Write as _;

use clap::Args;
use serde::Serialize;

use super::asker::Asker;
use super::{
    ImageArguments, Listing, Source, instead_of_registry, no_repository, paint, print, read_platform,
    read_reference, unknown_offline,
};
use crate::analysis::facts::{Answer, Fact, RemoteTag};
use crate::analysis::ide::remote;
use crate::analysis::image::index::{self, RetiredTag};
use crate::analysis::image::{ImageReference, Platform};
use crate::cli::terminal::{Paint, Style, safe};
use crate::cli::{CLEAN, FOUND};

const EXAMPLES: &str = "\
Examples:
  dockwright tags python                          the newest stable version first
  dockwright tags python:3.1 --limit 5            those that begin with 3.1
  dockwright tags golang --platform linux/arm64   those with this platform
  dockwright tags node --offline --json           from the built-in list, for a script

Exit codes: 0 tags are listed, 1 there are none, 2 wrong usage or a failed look-up.";

/// As many as a person looks at.
const DEFAULT_LIMIT: usize = 25;

/// List the tags of an image.
#[derive(Debug, Args, Clone)]
#[command(after_help = EXAMPLES)]
pub struct TagsArguments {
    /// The image; behind a `:` how the tags must begin.
    #[arg(value_name = "NAME")]
    name: String,
    /// Print at most so many tags (25; with --json all).
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Only tags with this platform, like linux/arm64.
    #[arg(long, value_name = "PLATFORM", value_parser = read_platform)]
    platform: Option<Platform>,
    #[command(flatten)]
    shared: ImageArguments,
}

#[derive(Serialize)]
struct Item {
    name: String,
    platforms: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_updated: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retired: Option<String>,
}

/// Prints the tags.
pub fn run(arguments: &TagsArguments) -> anyhow::Result<u8> {
    let reference = read_reference(&arguments.name)?;
    let common = &arguments.shared.common;
    let prefix = reference.tag().known().unwrap_or_default();
    let listing = match Asker::new(common)?.tags(&reference, prefix) {
        Ok(Fact { value: Answer::Found(value), age }) => {
            Some(Listing::remote(&reference, Fact { value, age }))
        }
        Ok(Fact { value: Answer::Missing, .. }) => {
            eprintln!("dockwright: {}", no_repository(&reference));
            return Ok(FOUND);
        }
        Err(error) => instead_of_registry(error, Listing::offline(&reference), common.quiet)?,
    };
    let Some(mut listing) = listing else {
        eprintln!("dockwright: {}", unknown_offline(&reference));
        return Ok(FOUND);
    };
    listing.select(&reference, prefix, arguments.platform.as_ref());
    show(arguments, &reference, &listing)
}

fn show(arguments: &TagsArguments, reference: &ImageReference, listing: &Listing) -> anyhow::Result<u8> {
    let shared = &arguments.shared;
    if shared.json {
        print(&json(listing, arguments.limit.unwrap_or(usize::MAX))?)?;
    } else {
        let limit = arguments.limit.unwrap_or(DEFAULT_LIMIT);
        print(&table(reference, listing, limit, paint(shared.common.color)))?;
        if !shared.common.quiet {
            eprintln!("{}", summary(listing, limit));
        }
    }
    Ok(if listing.tags.is_empty() && listing.retired.is_empty() { FOUND } else { CLEAN })
}

fn json(listing: &Listing, limit: usize) -> anyhow::Result<String> {
    let items = listing.tags.iter().map(item).chain(listing.retired.iter().map(retired_item));
    let items: Vec<Item> = items.take(limit).collect();
    Ok(serde_json::to_string_pretty(&items)? + "\n")
}

fn item(tag: &RemoteTag) -> Item {
    Item {
        name: tag.name.to_string(),
        platforms: tag.platforms.iter().map(|it| it.platform.to_string()).collect(),
        digest: tag.digest.as_ref().map(ToString::to_string),
        size: tag.platforms.iter().find_map(|it| it.size),
        last_updated: tag.pushed.map(|it| it.to_string()),
        retired: None,
    }
}

fn retired_item(tag: &RetiredTag) -> Item {
    Item {
        name: tag.name.clone(),
        platforms: Vec::new(),
        digest: None,
        size: None,
        last_updated: None,
        retired: Some(tag.since.to_string()),
    }
}

fn table(reference: &ImageReference, listing: &Listing, limit: usize, paint: Paint) -> String {
    let official = reference.official_name().and_then(index::image);
    let current = listing.tags.iter().map(|tag| {
        // The registry's digests are newer than the list.
        let meaning = match listing.source {
            Source::Registry { .. } => remote::meaning_among(&listing.tags, &tag.name),
            Source::Index(_) => official.as_ref().and_then(|it| it.meaning(&tag.name)),
        };
        let meaning = meaning.map(|it| format!("= {it}")).unwrap_or_default();
        (safe(&tag.name), meaning, details(tag))
    });
    let retired = listing
        .retired
        .iter()
        .map(|tag| (tag.name.clone(), String::new(), format!("not kept up to date since {}", tag.since)));
    let rows: Vec<_> = current.chain(retired).take(limit).collect();
    let widths = [0, 1].map(|column| {
        let cell = |row: &(String, String, String)| if column == 0 { row.0.len() } else { row.1.len() };
        rows.iter().map(cell).max().unwrap_or_default().min(50)
    });
    let mut out = String::new();
    for (name, meaning, details) in &rows {
        let name = paint.paint(Style::Bold, &format!("{name:<0$}", widths[0]));
        let line = format!("{name}  {meaning:<0$}  {1}", widths[1], paint.paint(Style::Dim, details));
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

/// When it was pushed, and the platforms by their short names.
fn details(tag: &RemoteTag) -> String {
    let platforms: Vec<String> = tag.platforms.iter().map(|it| safe(&it.platform.to_string())).collect();
    let pushed = tag.pushed.map(|it| format!("pushed {it}  ")).unwrap_or_default();
    format!("{pushed}{}", platforms.join(" "))
}

fn summary(listing: &Listing, limit: usize) -> String {
    let all = listing.tags.len() + listing.retired.len();
    let more = match all > limit {
        true => format!("{limit} of {all} tags (--limit shows more)"),
        false => format!("{all} {}", if all == 1 { "tag" } else { "tags" }),
    };
    let source = match &listing.source {
        Source::Index(date) => format!("from the list of official images of {date}, without a network"),
        Source::Registry { host, minutes, is_complete } => {
            let rest = if *is_complete { "" } else { "; there are more than it listed" };
            match minutes {
                0 => format!("from {host}{rest}"),
                1 => format!("from {host}, a minute ago{rest}"),
                _ => format!("from {host}, {minutes} minutes ago{rest}"),
            }
        }
    };
    format!("{more}, {source}")
}
