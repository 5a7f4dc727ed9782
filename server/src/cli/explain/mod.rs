//! `dockwright explain`: the documentation of rules, instructions, flags and words, in the terminal.

mod list;
mod pages;
mod render;

use std::io::{self, Write};

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::CLEAN;
use super::terminal::{Color, Paint};

const EXAMPLES: &str = "\
Examples:
  dockwright explain                       what can be explained
  dockwright explain DL4000                a rule, by any of its names
  dockwright explain ENTRYPOINT            an instruction
  dockwright explain COPY --link           a flag of an instruction
  dockwright explain type=cache            a kind of mount
  dockwright explain TARGETPLATFORM        a variable that the builder sets
  dockwright explain 'exec form'           a word";

/// Explain a rule, an instruction, a flag, a variable or a word.
#[derive(Debug, Args, Clone)]
#[command(after_help = EXAMPLES)]
pub struct ExplainArguments {
    /// What to explain; without it: a list of what can be explained.
    #[arg(value_name = "NAME", allow_hyphen_values = true)]
    name: Vec<String>,
    /// Text for reading here, or Markdown for passing on.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: TextFormat,
    /// When to use colours.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: Color,
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
    let name = words.join(" ");
    let markdown = match name.trim() {
        "" => list::list(),
        name => pages(name)?,
    };
    let paint = Paint { is_on: color.is_on(&io::stdout()) };
    let text = match format {
        TextFormat::Markdown => markdown,
        TextFormat::Text => render::render(&markdown, paint),
    };
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(CLEAN),
    }
}

/// One of our own flags behind the name: since a name may begin with dashes, the parser takes them for its words.
fn taken_out<T: ValueEnum>(words: &mut Vec<String>, flag: &str) -> anyhow::Result<Option<T>> {
    let is_it = |word: &String| word == flag || word.strip_prefix(flag).is_some_and(|it| it.starts_with('='));
    let Some(at) = words.iter().position(is_it) else { return Ok(None) };
    let word = words.remove(at);
    let value = match word.split_once('=') {
        Some((_, value)) => value.to_owned(),
        None if at < words.len() => words.remove(at),
        None => String::new(),
    };
    match T::from_str(&value, true) {
        Ok(value) => Ok(Some(value)),
        Err(_) => bail!("`{flag}` has no value `{value}`"),
    }
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
