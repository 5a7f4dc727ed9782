//! The run of `check`: files are checked in parallel and printed in order.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::io::{self, IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use super::fix::{Fixes, fix};
use super::progress::Progress;
use super::shellcheck::{Bridge, Note};
use super::{CheckArguments, Lint, facts};
use crate::analysis::lint::Severity;
use crate::cli::output::{Format, Output, Summary};
use crate::cli::report::{FileReport, Problem};
use crate::cli::settings::{Broken, FileSettings, SettingsFinder};
use crate::cli::terminal::{Paint, safe};
use crate::cli::walk::{self, Found, Target};
use crate::cli::{CLEAN, FAILED, FOUND, diff, source, write};

/// Files that are checked before the first of them is printed: keeps memory bounded whatever the folder.
const BATCH: usize = 256;

/// Checks, prints, and says the exit code.
pub fn run(arguments: &CheckArguments) -> anyhow::Result<u8> {
    let settings = SettingsFinder::new(&arguments.common, &arguments.rules)?;
    let found = walk::find(&arguments.paths, &arguments.stdin_filename);
    let job = Job::new(arguments, &settings);
    let mut printer = Printer::new(arguments, &job);
    match printer.all(&job, &found) {
        Ok(()) => Ok(printer.exit_code()),
        // `| head` has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(printer.exit_code()),
        Err(error) => Err(error.into()),
    }
}

/// What to do with each file.
struct Job<'a> {
    arguments: &'a CheckArguments,
    settings: &'a SettingsFinder,
    output: Box<dyn Output>,
    paint: Paint,
    shellcheck: Bridge,
}

/// What came of one file.
enum Outcome {
    Checked(Box<Checked>),
    Unreadable(String),
    Ungoverned(Arc<Broken>),
}

#[derive(Default)]
struct Checked {
    /// For standard output: findings, a difference, or the repaired standard input.
    text: String,
    /// Sentences that are no faults.
    notes: Vec<String>,
    counts: BTreeMap<Severity, usize>,
    rules: BTreeMap<Cow<'static, str>, Cow<'static, str>>,
    fixable: usize,
    unsafely_fixable: usize,
    fixed: usize,
    is_failure: bool,
}

impl<'a> Job<'a> {
    fn new(arguments: &'a CheckArguments, settings: &'a SettingsFinder) -> Self {
        let paint = Paint { is_on: arguments.common.color.is_on(&io::stdout()) };
        let human = matches!(arguments.format, Format::Human);
        let paint = if human || arguments.diff { paint } else { Paint::default() };
        let output = arguments.format.output(paint, arguments.common.quiet);
        Job { arguments, settings, output, paint, shellcheck: Bridge::default() }
    }

    /// Checks one file; a fault of ours costs this file only.
    fn outcome(&self, target: &Target) -> Outcome {
        let checked = catch_unwind(AssertUnwindSafe(|| self.check(target)));
        checked.unwrap_or_else(|_| {
            Outcome::Unreadable(
                "could not be checked; this is a fault of dockwright, please report it".to_owned(),
            )
        })
    }

    fn check(&self, target: &Target) -> Outcome {
        let settings = match self.settings.of(target) {
            Ok(settings) => settings,
            Err(broken) => return Outcome::Ungoverned(broken),
        };
        let source = match target.path.as_deref().map_or_else(source::read_stdin, source::read) {
            Ok(source) => source,
            Err(why) => return Outcome::Unreadable(why),
        };
        let path = target.path.as_deref().unwrap_or(Path::new(&target.shown));
        let shellcheck = self.shellcheck.for_file(&settings);
        let lint = Lint { linter: &settings.linter, facts: facts(path), shellcheck };
        let checked = match self.fixes() {
            Some(fixes) => self.repair(target, &source, fixes, &settings, &lint),
            None => Ok(self.report(target, &source.text, lint.problems(&source.text), &settings)),
        };
        match checked {
            Ok(mut checked) => {
                checked.notes.extend(
                    source.is_lossy.then(|| "is not UTF-8 everywhere; odd bytes are shown as �".to_owned()),
                );
                Outcome::Checked(Box::new(checked))
            }
            Err(why) => Outcome::Unreadable(why),
        }
    }

    /// Has ShellCheck read all scripts of many files at once: starting it for each file takes longer than reading.
    fn prepare(&self, targets: &[Target]) {
        let scripts = |target: &Target| {
            let settings = self.settings.of(target).ok()?;
            let shellcheck = self.shellcheck.for_file(&settings)?;
            // Standard input can be read only once.
            let source = source::read(target.path.as_deref()?).ok()?;
            Some(shellcheck.scripts(&settings.linter, &source.text))
        };
        let scripts = |target| catch_unwind(AssertUnwindSafe(|| scripts(target))).ok().flatten();
        self.shellcheck.prepare(targets.par_iter().filter_map(scripts).flatten().collect());
    }

    fn fixes(&self) -> Option<Fixes> {
        let CheckArguments { fix, unsafe_fixes, diff, .. } = *self.arguments;
        match (fix || diff || unsafe_fixes, unsafe_fixes) {
            (false, _) => None,
            (true, false) => Some(Fixes::Safe),
            (true, true) => Some(Fixes::All),
        }
    }

    fn report(
        &self,
        target: &Target,
        text: &str,
        problems: Vec<Problem>,
        settings: &FileSettings,
    ) -> Checked {
        let mut checked = Checked::default();
        for problem in &problems {
            *checked.counts.entry(problem.severity).or_default() += 1;
            checked.rules.entry(problem.rule.clone()).or_insert_with(|| problem.url.clone());
            checked.fixable += usize::from(problem.fix.as_ref().is_some_and(|it| it.safe));
            checked.unsafely_fixable += usize::from(problem.fix.as_ref().is_some_and(|it| !it.safe));
            checked.is_failure |= settings.threshold.is_reached_by(problem.severity);
        }
        checked.text = self.output.file(&FileReport::new(&target.shown, text, problems));
        checked
    }

    fn repair(
        &self,
        target: &Target,
        source: &source::Source,
        fixes: Fixes,
        settings: &FileSettings,
        lint: &Lint<'_>,
    ) -> Result<Checked, String> {
        if source.is_lossy {
            let mut checked = self.report(target, &source.text, lint.problems(&source.text), settings);
            checked.notes.push("is not changed, because it is not UTF-8 everywhere".to_owned());
            return Ok(checked);
        }
        let fixed = fix(&source.text, fixes, lint);
        if self.arguments.diff {
            let text = diff::unified(&target.shown, &source.text, &fixed.text, self.paint);
            return Ok(Checked { is_failure: !text.is_empty(), text, ..Checked::default() });
        }
        let mut checked = self.report(target, &fixed.text, fixed.problems, settings);
        match &target.path {
            Some(path) if fixed.text != source.text => write::replace(path, &source.encode(&fixed.text))?,
            Some(_) => {}
            // Whoever pipes a file through wants it back.
            None => {
                checked.notes.extend(checked.text.lines().map(str::to_owned));
                checked.text = String::from_utf8_lossy(&source.encode(&fixed.text)).into_owned();
            }
        }
        checked.fixed = fixed.applied;
        Ok(checked)
    }
}

/// Prints outcomes in order and adds them up.
struct Printer {
    out: io::BufWriter<io::Stdout>,
    summary: Summary,
    is_quiet: bool,
    is_verbose: bool,
    /// Findings go to standard output, between the format's beginning and end.
    is_report: bool,
    has_printed: bool,
    is_failure: bool,
    said: HashSet<String>,
}

impl Printer {
    fn new(arguments: &CheckArguments, job: &Job<'_>) -> Self {
        let pipes_through = job.fixes().is_some() && arguments.paths.iter().any(|it| it.as_os_str() == "-");
        Printer {
            out: io::BufWriter::with_capacity(1 << 16, io::stdout()),
            summary: Summary::default(),
            is_quiet: arguments.common.quiet,
            is_verbose: arguments.common.verbose,
            is_report: !arguments.diff && !pipes_through,
            has_printed: false,
            is_failure: false,
            said: HashSet::new(),
        }
    }

    fn all(&mut self, job: &Job<'_>, found: &Found) -> io::Result<()> {
        if self.is_report {
            self.out.write_all(job.output.begin().as_bytes())?;
        }
        found.troubles.iter().for_each(|it| self.trouble(it.clone()));
        let mut progress = Progress::new(found.targets.len(), !self.is_quiet && io::stderr().is_terminal());
        let mut done = 0;
        for batch in found.targets.chunks(BATCH) {
            let outcomes = outcomes(job, batch);
            progress.suspend(|| self.batch(job, batch, outcomes))?;
            done += batch.len();
            progress.set(done);
        }
        drop(progress);
        self.end(job, found)
    }

    fn batch(&mut self, job: &Job<'_>, batch: &[Target], outcomes: Vec<Outcome>) -> io::Result<()> {
        for (target, outcome) in batch.iter().zip(outcomes) {
            match outcome {
                Outcome::Checked(checked) => self.checked(job, target, *checked)?,
                Outcome::Unreadable(why) => self.trouble(format!("{}: {why}", target.shown)),
                Outcome::Ungoverned(broken) => broken.messages.iter().for_each(|it| self.trouble(it.clone())),
            }
        }
        self.out.flush()
    }

    fn checked(&mut self, job: &Job<'_>, target: &Target, checked: Checked) -> io::Result<()> {
        let summary = &mut self.summary;
        summary.files += 1;
        summary.files_with_problems += usize::from(!checked.counts.is_empty());
        checked
            .counts
            .into_iter()
            .for_each(|(severity, it)| *summary.problems.entry(severity).or_default() += it);
        summary.rules.extend(checked.rules);
        summary.fixable += checked.fixable;
        summary.unsafely_fixable += checked.unsafely_fixable;
        summary.fixed += checked.fixed;
        summary.fixed_files += usize::from(checked.fixed > 0);
        self.is_failure |= checked.is_failure;
        if !self.is_quiet {
            checked.notes.iter().for_each(|note| say(&format!("{}: {note}", target.shown)));
        }
        if !checked.text.is_empty() {
            let separator = if self.has_printed && self.is_report { job.output.separator() } else { "" };
            self.has_printed = true;
            self.out.write_all(separator.as_bytes())?;
            self.out.write_all(checked.text.as_bytes())?;
        }
        Ok(())
    }

    fn end(&mut self, job: &Job<'_>, found: &Found) -> io::Result<()> {
        if self.is_report {
            self.out.write_all(job.output.end(&self.summary).as_bytes())?;
        }
        if !self.is_quiet {
            found.notes().for_each(|note| say(&note));
        }
        let notes = job.shellcheck.notes();
        let is_said = |it: &&Note| if it.is_usual { self.is_verbose } else { !self.is_quiet };
        notes.iter().filter(is_said).for_each(|note| say(&note.sentence));
        if self.is_verbose {
            job.settings.notes().iter().for_each(|note| say(note));
        }
        self.out.flush()
    }

    /// Says each sentence once: a broken configuration file governs many files.
    fn trouble(&mut self, sentence: String) {
        if self.said.insert(sentence.clone()) {
            say(&sentence);
            self.summary.troubles.push(sentence);
        }
    }

    fn exit_code(&self) -> u8 {
        match (self.summary.troubles.is_empty(), self.is_failure) {
            (false, _) => FAILED,
            (true, true) => FOUND,
            (true, false) => CLEAN,
        }
    }
}

/// One file needs no other threads.
fn outcomes(job: &Job<'_>, batch: &[Target]) -> Vec<Outcome> {
    match batch {
        [one] => vec![job.outcome(one)],
        many => {
            job.prepare(many);
            many.par_iter().map(|it| job.outcome(it)).collect()
        }
    }
}

/// A sentence for the person; when nobody listens any more there is nobody to tell.
fn say(sentence: &str) {
    let _ = writeln!(io::stderr(), "dockwright: {}", safe(sentence));
}
