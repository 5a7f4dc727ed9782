//! `dockwright explain`: a whole Dockerfile as a story, or the documentation of rules, instructions, flags and words.

pub mod file;
mod list;
mod pages;
mod render;

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::CLEAN;
use super::settings::CommonArguments;
use super::terminal::{Color, Paint};

const EXAMPLES: &str = "\
Examples:
  dockwright explain                       what can be explained
  dockwright explain Dockerfile            a whole file: what is built, and what a container does
  dockwright explain DL4000                a rule, by any of its names
  dockwright explain ENTRYPOINT            an instruction
  dockwright explain COPY --link           a flag of an instruction
  dockwright explain type=cache            a kind of mount
  dockwright explain TARGETPLATFORM        a variable that the builder sets
  dockwright explain 'exec form'           a word
  dockwright explain - < Dockerfile        a file on standard input";

/// Explain a Dockerfile, a rule, an instruction, a flag, a variable or a word.
#[derive(Debug, Args, Clone)]
#[command(after_help = EXAMPLES)]
pub struct ExplainArguments {
    /// What to explain: a Dockerfile, a folder with one, or a name; without it, a list of what can be explained.
    #[arg(value_name = "FILE or NAME", allow_hyphen_values = true)]
    name: Vec<String>,
    /// Text for reading here, or Markdown for passing on.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: TextFormat,
    /// When to use colours.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: Color,
    /// Use this configuration (dockwright.toml or .hadolint.yaml) for the findings.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Taken as every command does; nothing here uses the network.
    #[arg(long)]
    offline: bool,
    #[arg(long, short, hide = true)]
    quiet: bool,
    #[arg(long, short, hide = true)]
    verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TextFormat {
    Text,
    Markdown,
}

/// Prints the pages of what the name may mean.
pub fn run(arguments: &ExplainArguments) -> anyhow::Result<u8> {
    let mut words = arguments.name.clone();
    let format = taken_out(&mut words, "--format")?.unwrap_or(arguments.format);
    let color = taken_out(&mut words, "--color")?.unwrap_or(arguments.color);
    let config =
        text_taken_out(&mut words, "--config").map(PathBuf::from).or_else(|| arguments.config.clone());
    words.retain(|it| !matches!(it.as_str(), "--offline" | "--quiet" | "-q" | "--verbose" | "-v"));
    let name = words.join(" ");
    let markdown = match name.trim() {
        "" => list::list(),
        trimmed => match file::target(&name, !pages::pages(trimmed).is_empty())? {
            Some(target) => file::explained(&target, &common(color, config))?,
            None => pages(trimmed)?,
        },
    };
    let paint = Paint { is_on: color.is_on(&io::stdout()) };
    let text = match format {
        TextFormat::Markdown => markdown,
        TextFormat::Text => render::render(&markdown, paint, width()),
    };
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(CLEAN),
    }
}

/// As far as settings matter here, all is as in the files that govern the Dockerfile.
fn common(color: Color, said: Option<PathBuf>) -> CommonArguments {
    let set = || std::env::var_os("DOCKWRIGHT_CONFIG").filter(|it| !it.is_empty()).map(Into::into);
    let config = said.or_else(set);
    CommonArguments { config, color, quiet: false, verbose: false, offline: true }
}

/// Columns to fill: those of the terminal, but no more than one likes to read.
fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|it| it.parse().ok());
    let terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    terminal().or(columns).unwrap_or(render::WIDTH).clamp(30, render::WIDTH)
}

/// One of our own flags behind the name: since a name may begin with dashes, the parser takes them for its words.
fn taken_out<T: ValueEnum>(words: &mut Vec<String>, flag: &str) -> anyhow::Result<Option<T>> {
    let Some(value) = text_taken_out(words, flag) else { return Ok(None) };
    match T::from_str(&value, true) {
        Ok(value) => Ok(Some(value)),
        Err(_) => bail!("`{flag}` has no value `{value}`"),
    }
}

/// The value of such a flag; empty if there is none behind it.
fn text_taken_out(words: &mut Vec<String>, flag: &str) -> Option<String> {
    let is_it = |word: &String| word == flag || word.strip_prefix(flag).is_some_and(|it| it.starts_with('='));
    let at = words.iter().position(is_it)?;
    let word = words.remove(at);
    Some(match word.split_once('=') {
        Some((_, value)) => value.to_owned(),
        None if at < words.len() => words.remove(at),
        None => String::new(),
    })
}

fn pages(name: &str) -> anyhow::Result<String> {
    let pages = pages::pages(name);
    if pages.is_empty() {
        match pages::foreign(name).or_else(|| pages::meant(name)) {
            Some(hint) => bail!("there is nothing to say about `{name}`: {hint}"),
            None => bail!("there is nothing to say about `{name}`; `dockwright explain` lists what there is"),
        }
    }
    Ok(pages.join("\n\n---\n\n") + "\n")
}
