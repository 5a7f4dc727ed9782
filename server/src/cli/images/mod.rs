//! `dockwright tags` and `dockwright image`: what is known about base images, also without a network.
//!
//! The registry is asked first. What the embedded index of official images says is always there; it is named with its date
//! wherever it speaks.

mod asker;
pub mod image;
mod listing;
pub mod tags;

use std::io::{self, Write};

use anyhow::bail;
use clap::Args;

use super::terminal::Color;
use crate::analysis::image::index;
use crate::analysis::image::{ImageReference, Platform};
use crate::analysis::knowledge::did_you_mean;
use crate::registry::LookupError;

pub use self::listing::{Listing, Source};

/// What both commands take.
#[derive(Debug, Args, Clone)]
pub struct ImageArguments {
    /// Print JSON, for scripts.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    common: super::settings::CommonArguments,
}

/// Reads a name as a person types it; says what is wrong with it.
fn read_reference(text: &str) -> anyhow::Result<ImageReference> {
    let reference = ImageReference::parse(text);
    if let Some(error) = reference.errors.first() {
        bail!("`{}` is no image: {}", super::terminal::safe(text), error.kind.message());
    }
    if !reference.is_resolved() {
        bail!("`{}` has a variable in it; write its value instead", super::terminal::safe(text));
    }
    if reference.is_scratch() {
        bail!("`scratch` is no image in a registry: it stands for no files at all");
    }
    Ok(reference)
}

fn read_platform(text: &str) -> Result<Platform, String> {
    Platform::parse(text).map_err(|error| error.kind.message().to_owned())
}

/// Says that the registry is not there and the index speaks; `None` if it has nothing to say and the error is all.
fn instead_of_registry<T>(
    error: LookupError,
    offline: Option<T>,
    is_quiet: bool,
) -> anyhow::Result<Option<T>> {
    match (error, offline) {
        (LookupError::Offline, offline) => Ok(offline),
        (error, Some(offline)) => {
            if !is_quiet {
                eprintln!("dockwright: {error}");
            }
            Ok(Some(offline))
        }
        (error, None) => Err(error.into()),
    }
}

fn no_repository(reference: &ImageReference) -> String {
    let (name, host) = (reference.familiar_name(), reference.registry_host());
    let names = index::images().map(|it| it.name);
    let meant = did_you_mean(&name.clone().unwrap_or_default(), names.collect::<Vec<_>>());
    let hint = meant.filter(|_| reference.is_official()).map(|it| format!("; did you mean `{it}`?"));
    format!(
        "`{}` has no repository `{}` that one may see without a login{}",
        host.unwrap_or_default(),
        name.unwrap_or_default(),
        hint.unwrap_or_default()
    )
}

/// Why nothing is known about an image without a network.
fn unknown_offline(reference: &ImageReference) -> String {
    let name = reference.familiar_name().unwrap_or_default();
    let date = index::date();
    if !reference.is_official() {
        return format!(
            "nothing is known about `{name}` without a network: it is no official image of Docker Hub"
        );
    }
    let names: Vec<&str> = index::images().map(|it| it.name).collect();
    let hint = did_you_mean(&name, names).map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
    format!("the official images of {date} have no `{name}`{hint}")
}

/// A reader that has seen enough is no fault.
fn print(text: &str) -> anyhow::Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn paint(color: Color) -> super::terminal::Paint {
    super::terminal::Paint { is_on: color.is_on(&io::stdout()) }
}
