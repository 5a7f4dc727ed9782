//! `dockwright build`: runs the container engine that is there, and explains what it says.

mod human;
mod interrupt;
mod json;
mod plan;

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

use anyhow::bail;
use clap::Args;

use self::human::Human;
use self::json::Json;
use super::FAILED;
use super::settings::CommonArguments;
use crate::analysis::model::Model;
use crate::docker::command::CommandLine;
use crate::docker::output::{Event, Outcome, Plan, Reader, Stream};
use crate::docker::process::{self, Canceller};

const EXAMPLES: &str = "\
Examples:
  dockwright build                              ./Dockerfile, with docker, podman, nerdctl or buildah
  dockwright build api/Dockerfile --tag api:1   name the image
  dockwright build --target test                up to a stage
  dockwright build --build-arg VERSION=1.2      a value for an ARG
  dockwright build --program podman             another container engine
  dockwright build --json                       one JSON object a line, for scripts
  dockwright build -- --no-cache --pull         more words for the engine

Exit codes: that of the build; 2 when none was started, 130 when you ended it.";

/// Ended by Ctrl-C, as shells count it.
const INTERRUPTED: u8 = 130;

/// Build an image, and explain why when it fails.
#[derive(Debug, Args, Clone)]
#[command(after_help = EXAMPLES)]
pub struct BuildArguments {
    /// The Dockerfile, or its folder.
    #[arg(value_name = "FILE", default_value = ".", hide_default_value = true)]
    file: PathBuf,
    /// The stage to build.
    #[arg(long, value_name = "STAGE")]
    target: Option<String>,
    /// The name of the image.
    #[arg(long, short, value_name = "NAME")]
    tag: Option<String>,
    /// The platform to build for, like linux/arm64.
    #[arg(long, value_name = "PLATFORM")]
    platform: Option<String>,
    /// A value for an ARG: NAME=VALUE, or NAME for the value in the environment.
    #[arg(long, value_name = "NAME=VALUE")]
    build_arg: Vec<String>,
    /// The folder that COPY takes its files from (found by what is copied).
    #[arg(long, value_name = "FOLDER")]
    context: Option<PathBuf>,
    /// The container engine's program (docker, podman, nerdctl or buildah).
    #[arg(long, value_name = "PROGRAM")]
    program: Option<String>,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
    /// Only print the command line that would be run.
    #[arg(long)]
    dry_run: bool,
    /// More words for the engine's build command.
    #[arg(last = true, value_name = "WORDS")]
    more: Vec<String>,
    #[command(flatten)]
    common: CommonArguments,
}

/// What is told while it happens.
trait Told {
    fn begin(&mut self, line: &CommandLine) -> String;
    fn event(&mut self, event: &Event) -> String;
    fn end(&mut self, model: &Model, outcome: &Outcome, time: std::time::Duration) -> String;
}

/// Builds; the exit code is that of the engine.
pub fn run(arguments: &BuildArguments) -> anyhow::Result<u8> {
    let planned = plan::plan(arguments)?;
    if arguments.dry_run {
        print(&format!("{}\n", planned.line.shown()))?;
        return Ok(0);
    }
    let mut told: Box<dyn Told> = match arguments.json {
        true => Box::new(Json::default()),
        false => Box::new(Human::new(&planned.shown_path, &arguments.common)),
    };
    print(&told.begin(&planned.line))?;
    build(&planned, told.as_mut())
}

fn build(planned: &plan::Planned, told: &mut dyn Told) -> anyhow::Result<u8> {
    let since = Instant::now();
    let canceller = Canceller::default();
    interrupt::watch(&canceller)?;
    let mut reader = Reader::new(planned.format).with_plan(Plan::new(&planned.model));
    let ended = process::run(&planned.line, &canceller, |stream: Stream, bytes| {
        for event in reader.feed_from(stream, bytes) {
            if print(&told.event(&event)).is_err() {
                // Nobody listens any more.
                canceller.cancel();
            }
        }
    });
    let exit_code = match ended {
        Ok(exit_code) => exit_code,
        Err(error) => bail!("{error}"),
    };
    if canceller.is_cancelled() {
        eprintln!("dockwright: the build was ended, with all that it had started");
        return Ok(INTERRUPTED);
    }
    let outcome = reader.finish(exit_code);
    print(&told.end(&planned.model, &outcome, since.elapsed()))?;
    Ok(exit_code.and_then(|it| u8::try_from(it).ok()).unwrap_or(FAILED))
}

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}
