//! `dockwright init`: a first Dockerfile and `.dockerignore` for the project in a folder.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use clap::builder::PossibleValuesParser;
use serde::Serialize;

use super::terminal::{Color, Paint, Style, safe};
use super::{CLEAN, walk, write};
use crate::init::{Refusal, Start, scan, stack, start};

const EXAMPLES: &str = "\
Examples:
  dockwright init                       look at this folder and write a Dockerfile for it
  dockwright init api --explain         for the folder `api`, with a comment at every step
  dockwright init --stack flask         take it for a Flask service, whatever there is
  dockwright init --dry-run             only show what would be written
  dockwright init --stdout | less       the Dockerfile alone, on standard output
  dockwright init --force               replace a Dockerfile and `.dockerignore` that are there

Exit codes: 0 written (or shown), 2 nothing was written; a sentence says why.";

const DOCKERFILE: &str = "Dockerfile";
const IGNORE_FILE: &str = ".dockerignore";

/// Write a Dockerfile and `.dockerignore` for the project in a folder.
#[derive(Debug, Args, Clone)]
#[command(after_help = EXAMPLES)]
pub struct InitArguments {
    /// The project's folder.
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// The kind of project, where its files do not tell or tell several.
    #[arg(long, value_name = "STACK", value_parser = PossibleValuesParser::new(stack::NAMES.iter().map(|it| it.0)))]
    stack: Option<String>,
    /// Put a short comment for learners above every step.
    #[arg(long)]
    explain: bool,
    /// Replace files that are there.
    #[arg(long)]
    force: bool,
    /// Show what would be written, and write nothing.
    #[arg(long, conflicts_with = "stdout")]
    dry_run: bool,
    /// Print the Dockerfile alone, and write nothing.
    #[arg(long, conflicts_with = "json")]
    stdout: bool,
    /// Print what was done as JSON, for scripts.
    #[arg(long)]
    json: bool,
    /// When to use colours.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: Color,
    /// Print nothing but errors.
    #[arg(long, short)]
    quiet: bool,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Fate {
    Written,
    Replaced,
    /// It was there, and stays.
    Kept,
    /// Only shown.
    Planned,
}

#[derive(Debug, Serialize)]
struct File<'a> {
    path: String,
    fate: Fate,
    content: &'a str,
}

#[derive(Debug, Serialize)]
struct Report<'a> {
    stack: &'a str,
    title: &'a str,
    files: [File<'a>; 2],
    notes: &'a [String],
    port: Option<u16>,
    build: String,
    run: String,
}

/// Writes the two files, or says why not.
pub fn run(arguments: &InitArguments) -> anyhow::Result<u8> {
    let folder = arguments.folder.as_path();
    let written = scan::with_project(folder, |project| {
        let choice = arguments.stack.as_deref().and_then(|name| stack::named(name, project));
        start(project, choice, arguments.explain)
    });
    let written = match written {
        Ok(written) => written,
        Err(Refusal(sentence)) => bail!("nothing is written: {}", safe(&sentence)),
    };
    if arguments.stdout {
        print(&written.dockerfile)?;
        return Ok(CLEAN);
    }
    let fates =
        if arguments.dry_run { [Fate::Planned; 2] } else { write_both(folder, &written, arguments.force)? };
    let report = report(folder, &written, fates);
    if arguments.json {
        print(&(serde_json::to_string_pretty(&report)? + "\n"))?;
    } else if !arguments.quiet || arguments.dry_run {
        print(&told(arguments, &written, &report))?;
    }
    Ok(CLEAN)
}

/// The Dockerfile first: if it is there, nothing happens. A `.dockerignore` that is there stays.
fn write_both(folder: &Path, written: &Start, force: bool) -> anyhow::Result<[Fate; 2]> {
    let (dockerfile, ignore_file) = (folder.join(DOCKERFILE), folder.join(IGNORE_FILE));
    if !force && let Some(name) = taken(folder) {
        bail!(
            "nothing is written: `{}` is there already (--force replaces it)",
            walk::shown(&folder.join(name))
        );
    }
    let first = put(&dockerfile, &written.dockerfile, force)?;
    let second = match put(&ignore_file, &written.dockerignore, force) {
        Err(error) if first == Fate::Written => {
            // Both or nothing.
            let _ = std::fs::remove_file(&dockerfile);
            return Err(error);
        }
        outcome => outcome?,
    };
    Ok([first, second])
}

/// A file in the folder that a build would take.
fn taken(folder: &Path) -> Option<&'static str> {
    let names = [DOCKERFILE, "Containerfile", "dockerfile"];
    names.into_iter().find(|it| folder.join(it).symlink_metadata().is_ok())
}

fn put(path: &Path, text: &str, force: bool) -> anyhow::Result<Fate> {
    let created = OpenOptions::new().write(true).create_new(true).open(path);
    match created {
        Ok(mut file) => {
            let done = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
            if done.is_err() {
                let _ = std::fs::remove_file(path);
            }
            done.with_context(|| format!("`{}` cannot be written", walk::shown(path)))?;
            Ok(Fate::Written)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && !force => Ok(Fate::Kept),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let replaced = write::replace(path, text.as_bytes());
            replaced.map_err(|why| anyhow::anyhow!("`{}` {why}", walk::shown(path)))?;
            Ok(Fate::Replaced)
        }
        Err(error) => bail!("`{}` cannot be written: {}", walk::shown(path), super::source::reason(&error)),
    }
}

fn report<'a>(folder: &Path, written: &'a Start, fates: [Fate; 2]) -> Report<'a> {
    let file = |name: &str, fate, content| {
        let path = folder.join(name);
        File { path: walk::shown(path.strip_prefix(".").unwrap_or(&path)), fate, content }
    };
    Report {
        stack: written.stack,
        title: &written.title,
        files: [
            file(DOCKERFILE, fates[0], &written.dockerfile),
            file(IGNORE_FILE, fates[1], &written.dockerignore),
        ],
        notes: &written.notes,
        port: written.port,
        build: written.build_command(),
        run: written.run_command(),
    }
}

fn told(arguments: &InitArguments, written: &Start, report: &Report) -> String {
    let paint = Paint { is_on: arguments.color.is_on(&io::stdout()) };
    let mut out = format!("{}\n", paint.paint(Style::Bold, &format!("This is {}.", safe(&written.title))));
    for file in &report.files {
        let fate = match file.fate {
            Fate::Written => "written",
            Fate::Replaced => "replaced",
            Fate::Kept => "was there and is kept",
            Fate::Planned => "would be written",
        };
        out.push_str(&format!("  {} {fate}\n", safe(&file.path)));
    }
    for note in &written.notes {
        out.push_str(&format!("{} {}\n", paint.paint(Style::Info, "note:"), safe(note)));
    }
    if arguments.dry_run {
        for file in &report.files {
            let rule = paint.paint(Style::Dim, &format!("--- {}", safe(&file.path)));
            out.push_str(&format!("\n{rule}\n{}", file.content));
        }
    }
    let step = |command: &str| format!("  {}\n", paint.paint(Style::Code, command));
    out.push_str(&format!("\nNext, in that folder:\n{}{}", step(&report.build), step(&report.run)));
    out
}

/// A reader that has seen enough is no fault.
fn print(text: &str) -> anyhow::Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
