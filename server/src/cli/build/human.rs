//! For people: the command, each step as it ends, and an explained error at its place in the file.

use std::io;
use std::time::Duration;

use text_size::TextRange;

use super::Told;
use crate::analysis::lint::Severity;
use crate::analysis::model::Model;
use crate::cli::output::human::{self, Human as Findings};
use crate::cli::report::{FileReport, Problem};
use crate::cli::settings::CommonArguments;
use crate::cli::terminal::{Paint, Style, safe};
use crate::docker::command::CommandLine;
use crate::docker::output::{Event, Failure, Outcome, Step, StepDone, plan};

/// Columns of a step's name that are shown.
const NAME_WIDTH: usize = 90;
/// Columns of a line of output that are shown.
const LINE_WIDTH: usize = 160;
/// The last lines of the output that are shown below an error.
const SHOWN_LINES: usize = 10;

pub struct Human {
    paint: Paint,
    path: String,
    is_quiet: bool,
    is_verbose: bool,
    steps: Vec<Step>,
}

impl Human {
    /// `path`: how the Dockerfile is called.
    pub fn new(path: &str, common: &CommonArguments) -> Self {
        let paint = Paint { is_on: common.color.is_on(&io::stdout()) };
        let (is_quiet, is_verbose) = (common.quiet, common.verbose);
        Human { paint, path: path.to_owned(), is_quiet, is_verbose, steps: Vec::new() }
    }
}

impl Told for Human {
    fn begin(&mut self, line: &CommandLine) -> String {
        if self.is_quiet {
            return String::new();
        }
        format!("{}\n", self.paint.paint(Style::Dim, &format!("$ {}", safe(&line.shown()))))
    }

    fn event(&mut self, event: &Event) -> String {
        match event {
            Event::Step(step) => self.step(step),
            Event::StepDone(done) if !self.is_quiet => self.done(done),
            Event::Log { text, .. } if self.is_verbose => format!("    {}\n", safe(text)),
            _ => String::new(),
        }
    }

    fn end(&mut self, model: &Model, outcome: &Outcome, time: Duration) -> String {
        let mut out = String::new();
        for failure in &outcome.failures {
            out += &self.failure(model, failure);
        }
        let time = seconds(time);
        match (outcome.ok, &outcome.image_id) {
            (true, _) if self.is_quiet => {}
            (true, Some(image)) => out += &format!("{} {} in {time}\n", self.bold("built"), safe(image)),
            (true, None) => out += &format!("{} in {time}\n", self.bold("built")),
            (false, _) => {
                let code = outcome.exit_code.map(|it| format!(" (exit code {it})")).unwrap_or_default();
                out +=
                    &format!("{} after {time}{code}\n", self.paint.paint(Style::Error, "the build failed"));
            }
        }
        out
    }
}

impl Human {
    fn bold(&self, text: &str) -> String {
        self.paint.paint(Style::Bold, text)
    }

    /// Steps are printed when they end, as their logs may come at the same time; with `--verbose` also before.
    fn step(&mut self, step: &Step) -> String {
        let at = (step.id as usize).saturating_sub(1);
        match self.steps.get_mut(at) {
            Some(known) => {
                *known = step.clone();
                return String::new();
            }
            None => self.steps.push(step.clone()),
        }
        match self.is_verbose && step.number > 0 {
            true => format!("{} {}\n", self.label(step), name(step)),
            false => String::new(),
        }
    }

    fn done(&self, done: &StepDone) -> String {
        let step = self.steps.get((done.id as usize).saturating_sub(1)).filter(|it| it.number > 0);
        let Some(step) = step else { return String::new() };
        let how = match (done.cached, done.duration_ms) {
            (true, _) => "cached".to_owned(),
            (false, Some(time)) => seconds(Duration::from_millis(time)),
            (false, None) => "done".to_owned(),
        };
        format!("{} {}  {}\n", self.label(step), name(step), self.paint.paint(Style::Dim, &how))
    }

    /// `[builder 2/3]`; a stage without a name goes without one.
    fn label(&self, step: &Step) -> String {
        let stage = step.stage.as_ref().filter(|it| it.parse::<u32>().is_err());
        let stage = stage.map(|it| format!("{} ", safe(it))).unwrap_or_default();
        self.paint.paint(Style::Frame, &format!("[{stage}{}/{}]", step.number, step.total))
    }

    fn failure(&self, model: &Model, failure: &Failure) -> String {
        let report = FileReport::new(&self.path, model.file().text(), Vec::new());
        let findings = Findings { paint: self.paint, is_quiet: false };
        let place = plan::place(model, failure);
        let problem = problem(failure, place.unwrap_or_default());
        let mut out = String::from("\n");
        match place {
            Some(_) => out += &findings.place(&report, &problem),
            None => {
                let severity = self.paint.paint(Style::Error, &format!("error[{}]", problem.rule));
                out += &format!("{severity}: {}\n", self.bold(&safe(&problem.message)));
            }
        }
        for (name, text) in notes(failure) {
            out += &findings.note(human::margin(&report, &problem), name, &text);
        }
        out += &self.last_lines(failure, human::margin(&report, &problem));
        out + "\n"
    }

    fn last_lines(&self, failure: &Failure, margin: usize) -> String {
        if failure.last_lines.is_empty() {
            return String::new();
        }
        let (margin, bar) = (" ".repeat(margin), self.paint.paint(Style::Frame, "="));
        let mut out = format!("{margin} {bar} {}:\n", self.bold("last output"));
        let first = failure.last_lines.len().saturating_sub(SHOWN_LINES);
        for line in failure.last_lines.iter().skip(first) {
            out += format!("{margin}     {}", cut(&safe(line), LINE_WIDTH)).trim_end();
            out.push('\n');
        }
        out
    }
}

/// What is wrong first: the cause if it is known, else what the builder said.
fn problem(failure: &Failure, range: TextRange) -> Problem {
    let code = failure.exit_code.map(|it| format!(" (exit code {it})")).unwrap_or_default();
    let cause = failure.cause.as_ref();
    Problem {
        rule: cause.map_or("build", |it| it.kind.as_str()).into(),
        aliases: &[],
        severity: Severity::Error,
        range,
        message: cause.map_or_else(|| failure.message.clone(), |it| format!("{}{code}", it.why)),
        url: "".into(),
        related: Vec::new(),
        fix: None,
    }
}

fn notes(failure: &Failure) -> Vec<(&'static str, String)> {
    let Some(cause) = &failure.cause else { return Vec::new() };
    let mut notes = vec![("way out", cause.way_out.clone())];
    if failure.exit_code.is_none() {
        notes.push(("builder", failure.message.clone()));
    }
    notes
}

fn name(step: &Step) -> String {
    cut(&safe(&step.name), NAME_WIDTH)
}

fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
