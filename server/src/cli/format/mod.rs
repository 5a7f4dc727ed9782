//! `dockwright format`: lays Dockerfiles out without changing what they build.

mod options;

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use clap::Args;
use rayon::prelude::*;

use super::output::count;
use super::settings::{CommonArguments, RuleArguments, SettingsFinder};
use super::source::{self, Source};
use super::terminal::{Paint, safe};
use super::walk::{self, Target};
use super::{CLEAN, FAILED, FOUND, diff, write};
use crate::analysis::ide::format::document;
use crate::analysis::syntax::Dockerfile;
use crate::analysis::text::apply_edits;

const EXAMPLES: &str = "\
Examples:
  dockwright format                      all Dockerfiles below the current folder
  dockwright format Dockerfile           one file
  dockwright format --check              change nothing; exit code 1 if something is to do (for CI)
  dockwright format --diff               show what would change
  dockwright format --stdin < Dockerfile to standard output (for editors)

Options come from `[format]` in dockwright.toml and from .editorconfig.
Exit codes:
  0  done
  1  something is to do (--check, --diff)
  2  wrong usage or configuration, or an unreadable file";

/// Format Dockerfiles.
#[derive(Debug, Args, Clone)]
#[command(after_help = EXAMPLES)]
pub struct FormatArguments {
    /// Files, folders (walked; what git ignores is left out), or `-` for standard input.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Change nothing; list the files that are not formatted.
    #[arg(long, conflicts_with = "diff")]
    check: bool,
    /// Change nothing; show what would change.
    #[arg(long)]
    diff: bool,
    /// Format standard input to standard output.
    #[arg(long, conflicts_with = "paths")]
    stdin: bool,
    /// What standard input is called, and the folder whose configuration counts.
    #[arg(long, value_name = "PATH", default_value = "<stdin>", hide_default_value = true)]
    stdin_filename: String,
    #[command(flatten)]
    common: CommonArguments,
}

/// What came of one file.
enum Outcome {
    Unchanged,
    /// The new text, already written unless somebody only asked.
    Changed {
        before: Source,
        after: String,
    },
    Failed(String),
}

/// Files that are formatted before the first of them is told of.
const BATCH: usize = 256;

/// Formats, says what it did, and says the exit code.
pub fn run(arguments: &FormatArguments) -> anyhow::Result<u8> {
    let settings = SettingsFinder::new(&arguments.common, &RuleArguments::default())?;
    let found = walk::find(&paths(arguments), &arguments.stdin_filename);
    let mut teller = Teller::new(arguments);
    found.troubles.iter().for_each(|it| teller.trouble(it));
    for batch in found.targets.chunks(BATCH) {
        let outcomes: Vec<Outcome> = match batch {
            [one] => vec![outcome(arguments, &settings, one)],
            many => many.par_iter().map(|it| outcome(arguments, &settings, it)).collect(),
        };
        for (target, outcome) in batch.iter().zip(outcomes) {
            match teller.tell(target, outcome) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(teller.exit_code()),
                other => other?,
            }
        }
    }
    if !arguments.common.quiet {
        found.notes().for_each(|note| say(&note));
    }
    teller.end();
    Ok(teller.exit_code())
}

fn paths(arguments: &FormatArguments) -> Vec<PathBuf> {
    match arguments.paths.is_empty() {
        true if arguments.stdin => vec![PathBuf::from("-")],
        true => vec![PathBuf::from(".")],
        false => arguments.paths.clone(),
    }
}

/// A fault of ours costs this file only.
fn outcome(arguments: &FormatArguments, settings: &SettingsFinder, target: &Target) -> Outcome {
    let formatted = catch_unwind(AssertUnwindSafe(|| format(arguments, settings, target)));
    let fault = || Err("could not be formatted; this is a fault of dockwright, please report it".to_owned());
    match formatted.unwrap_or_else(|_| fault()) {
        Ok(outcome) => outcome,
        Err(why) => Outcome::Failed(why),
    }
}

fn format(
    arguments: &FormatArguments,
    settings: &SettingsFinder,
    target: &Target,
) -> Result<Outcome, String> {
    let found = settings.of(target).map_err(|broken| broken.messages.join("; "))?;
    let path = target.path.as_deref().unwrap_or(Path::new(&target.shown));
    let options = options::of(path, &found)?;
    let before = target.path.as_deref().map_or_else(source::read_stdin, source::read)?;
    if before.is_lossy {
        return Err("is not UTF-8 everywhere; it is not changed".to_owned());
    }
    let file = Dockerfile::parse(before.text.as_str());
    let after = apply_edits(file.text(), &document(&file, &options.format));
    let after = options.with_line_ends(after.ok_or("could not be formatted; this is a fault of dockwright")?);
    let is_asking = arguments.check || arguments.diff;
    if after == before.text && (target.path.is_some() || is_asking) {
        return Ok(Outcome::Unchanged);
    }
    if let Some(path) = target.path.as_deref().filter(|_| !is_asking) {
        write::replace(path, &before.encode(&after))?;
    }
    Ok(Outcome::Changed { before, after })
}

/// Says what was done and keeps count.
struct Teller<'a> {
    arguments: &'a FormatArguments,
    paint: Paint,
    changed: usize,
    unchanged: usize,
    has_failed: bool,
}

impl<'a> Teller<'a> {
    fn new(arguments: &'a FormatArguments) -> Self {
        let paint = Paint { is_on: arguments.common.color.is_on(&io::stdout()) };
        Teller { arguments, paint, changed: 0, unchanged: 0, has_failed: false }
    }

    fn tell(&mut self, target: &Target, outcome: Outcome) -> io::Result<()> {
        match outcome {
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Failed(why) => self.trouble(&format!("{}: {why}", target.shown)),
            Outcome::Changed { before, after } => {
                self.changed += 1;
                io::stdout().write_all(&self.answer(target, &before, &after))?;
            }
        }
        Ok(())
    }

    /// What standard output shows for a changed file.
    fn answer(&self, target: &Target, before: &Source, after: &str) -> Vec<u8> {
        let name = safe(&target.shown);
        if self.arguments.diff {
            return diff::unified(&target.shown, &before.text, after, self.paint).into_bytes();
        }
        match &target.path {
            _ if self.arguments.check => format!("not formatted: {name}\n").into_bytes(),
            None => before.encode(after),
            Some(_) if self.arguments.common.quiet => Vec::new(),
            Some(_) => format!("formatted: {name}\n").into_bytes(),
        }
    }

    fn trouble(&mut self, sentence: &str) {
        self.has_failed = true;
        say(sentence);
    }

    /// One sentence; not where standard output is a Dockerfile or a difference.
    fn end(&self) {
        let pipes = self.arguments.diff || self.arguments.paths.iter().any(|it| it.as_os_str() == "-");
        let files = self.changed + self.unchanged;
        if self.arguments.common.quiet || self.arguments.stdin || pipes || files == 0 {
            return;
        }
        let sentence = match (self.arguments.check, self.changed) {
            (_, 0) => format!("{} formatted already", count(self.unchanged, "file")),
            (true, changed) => format!("{changed} of {} not formatted", count(files, "file")),
            (false, changed) => format!("formatted {changed} of {}", count(files, "file")),
        };
        let _ = writeln!(io::stdout(), "{sentence}");
    }

    fn exit_code(&self) -> u8 {
        let is_asking = self.arguments.check || self.arguments.diff;
        match (self.has_failed, is_asking && self.changed > 0) {
            (true, _) => FAILED,
            (false, true) => FOUND,
            (false, false) => CLEAN,
        }
    }
}

fn say(sentence: &str) {
    let _ = writeln!(io::stderr(), "dockwright: {}", safe(sentence));
}
