//! What is known of a build so far, common to all dialects; every part of it is bounded.

use std::collections::VecDeque;
use std::ops::RangeInclusive;

use super::lines::without_escapes;
use super::message::{self, Said};
use super::{Event, Failure, LAST_LINES, MOST_STEPS, Outcome, Plan, Step, StepDone};
use crate::docker::causes::{self, Evidence};

/// Bytes of a line of log that are kept for a failure.
const KEPT_LINE: usize = 500;
/// Steps whose last lines are kept at once.
const TAILS: usize = 64;
/// Failures that are kept.
const MOST_FAILURES: usize = 20;
/// Bytes of a step's name that are kept.
const KEPT_NAME: usize = 500;

#[derive(Debug, Default)]
pub struct State {
    pub plan: Plan,
    pub events: Vec<Event>,
    steps: Vec<Step>,
    tails: VecDeque<(u32, VecDeque<String>)>,
    /// What the builder said outside of any step.
    said: VecDeque<String>,
    failures: Vec<Failure>,
    /// Errors of the builder's own steps: a failed look-up of a cache does not end a build.
    doubtful: Option<Failure>,
    image: Option<(u8, String)>,
    /// The step that had not ended when everything did.
    pub open: Option<u32>,
}

impl State {
    /// Takes a new step, gives it its number ([`Step::id`]), and tells of it. `None` when there are too many.
    pub fn begin(&mut self, mut step: Step) -> Option<u32> {
        if self.steps.len() >= MOST_STEPS {
            return None;
        }
        step.id = self.steps.len() as u32 + 1;
        step.name = cut(&without_escapes(&step.name), KEPT_NAME).to_owned();
        let id = step.id;
        self.steps.push(step.clone());
        self.events.push(Event::Step(step));
        Some(id)
    }

    pub fn step(&self, id: u32) -> Option<&Step> {
        self.steps.get((id as usize).checked_sub(1)?)
    }

    fn step_mut(&mut self, id: u32) -> Option<&mut Step> {
        self.steps.get_mut((id as usize).checked_sub(1)?)
    }

    /// The step is not executed: its result was there.
    pub fn cached(&mut self, id: u32) {
        let Some(step) = self.step_mut(id).filter(|it| !it.cached) else { return };
        step.cached = true;
        let step = step.clone();
        self.events.push(Event::Step(step));
    }

    pub fn done(&mut self, id: u32, duration_ms: Option<u64>) {
        let Some(step) = self.step_mut(id) else { return };
        step.duration_ms = duration_ms;
        let done = StepDone { id, number: step.number, duration_ms, cached: step.cached, size: step.size };
        self.tails.retain(|(owner, _)| *owner != id);
        self.events.push(Event::StepDone(done));
    }

    /// A line that a step printed, or (`None`) the builder.
    pub fn log(&mut self, step: Option<u32>, text: &str) {
        let text = without_escapes(text);
        let kept = cut(&text, KEPT_LINE).to_owned();
        match step {
            Some(id) if !message::is_engine_chatter(&kept) => push(self.tail(id), kept),
            None if !kept.trim().is_empty() => push(&mut self.said, kept),
            _ => {}
        }
        self.events.push(Event::Log { step, text });
    }

    fn tail(&mut self, id: u32) -> &mut VecDeque<String> {
        let at = match self.tails.iter().position(|(owner, _)| *owner == id) {
            Some(at) => at,
            None => {
                if self.tails.len() >= TAILS {
                    self.tails.pop_front();
                }
                self.tails.push_back((id, VecDeque::new()));
                self.tails.len() - 1
            }
        };
        &mut self.tails[at].1
    }

    /// The image, as far as `line` names it: what names it best is kept.
    pub fn image(&mut self, rank: u8, id: &str) {
        if self.image.as_ref().is_none_or(|(best, _)| rank <= *best) {
            self.image = Some((rank, cut(id, KEPT_LINE).to_owned()));
        }
    }

    /// A step has failed.
    pub fn fail_step(&mut self, id: u32, text: &str) {
        let said = message::read(text);
        if said.is_cancellation {
            return;
        }
        let mut failure = self.failure(said);
        failure.step = Some(id);
        failure.last_lines = self.last_lines(id);
        let step = self.step(id);
        failure.lines = failure.lines.or_else(|| step.and_then(|it| it.lines.clone()));
        self.name_source(&mut failure);
        match step.is_some_and(|it| it.number > 0) {
            true => self.tell(failure),
            false => self.doubtful = Some(failure),
        }
    }

    /// The builder's last word. `excerpt`: the lines it marked; `step`: the one that ran.
    pub fn fail(&mut self, text: &str, excerpt: Option<RangeInclusive<u32>>, step: Option<u32>) {
        let said = message::read(text);
        let mut last = self.failure(said);
        last.lines = excerpt.or(last.lines);
        last.step = step;
        if let Some(id) = step {
            last.last_lines = self.last_lines(id);
            last.lines = last.lines.or_else(|| self.step(id).and_then(|it| it.lines.clone()));
        }
        match self.told(&last.said) {
            Some(at) => self.merge(at, last),
            None => {
                let doubtful = self.doubtful.take().unwrap_or_default();
                self.tell(merged(doubtful, last));
            }
        }
    }

    /// The failure that the last word repeats: the one with the same words, else the first.
    fn told(&self, message: &str) -> Option<usize> {
        let same =
            self.failures.iter().position(|it| message.ends_with(&it.said) || it.said.ends_with(message));
        same.or_else(|| (!self.failures.is_empty()).then_some(0))
    }

    fn merge(&mut self, at: usize, last: Failure) {
        if let Some(slot) = self.failures.get_mut(at) {
            *slot = merged(std::mem::take(slot), last);
        }
    }

    fn tell(&mut self, mut failure: Failure) {
        if self.failures.len() >= MOST_FAILURES {
            return;
        }
        failure.cause = self.cause(&failure);
        self.failures.push(failure.clone());
        self.events.push(Event::Error(failure));
    }

    fn failure(&self, said: Said) -> Failure {
        let Said { message, said, lines, word, exit_code, instruction, .. } = said;
        let lines = lines.or_else(|| self.plan.with_text(&instruction?)).or_else(|| self.plan.start(&said));
        Failure { lines, word, message, said, exit_code, ..Failure::default() }
    }

    /// Fetching an image or a file is a step without a number: its name says what is fetched.
    fn name_source(&self, failure: &mut Failure) {
        let step = failure.step.and_then(|id| self.step(id)).filter(|it| it.number == 0);
        if let Some((lines, word)) = step.and_then(|it| self.plan.fetching(&it.name)) {
            failure.lines.get_or_insert(lines);
            failure.word.get_or_insert(word);
        }
    }

    fn last_lines(&self, id: u32) -> Vec<String> {
        let tail = self.tails.iter().find(|(owner, _)| *owner == id);
        tail.map(|(_, lines)| lines.iter().cloned().collect()).unwrap_or_default()
    }

    fn cause(&self, failure: &Failure) -> Option<causes::Cause> {
        let line = failure.lines.as_ref().map(|it| *it.start());
        let step = failure.step.and_then(|id| self.step(id)).map(|it| it.name.as_str());
        causes::explain(&Evidence {
            said: &failure.said,
            last_lines: &failure.last_lines,
            instruction: line.and_then(|it| self.plan.instruction_at(it)).or(step),
            exit_code: failure.exit_code,
            is_in_heredoc: line.is_some_and(|it| self.plan.is_in_heredoc(it)),
            distribution: line.and_then(|it| self.plan.distribution_at(it)),
        })
    }

    /// The end: what is still open is closed, and a failure without a word gets one.
    pub fn outcome(mut self, exit_code: Option<i32>) -> Outcome {
        let ok = exit_code == Some(0);
        if !ok && self.failures.is_empty() {
            let failure = self.doubtful.take().or_else(|| self.of_open_step());
            let failure = failure.unwrap_or_else(|| self.unexplained());
            self.tell(failure);
        }
        let mut failures = if ok { Vec::new() } else { std::mem::take(&mut self.failures) };
        for failure in &mut failures {
            failure.cause = self.cause(failure);
        }
        let image_id = self.image.map(|(_, id)| id).filter(|_| ok);
        Outcome { ok, exit_code, image_id, failures, steps: self.steps }
    }

    /// The step that ran last, and what was printed last: the engine's error has no mark of its own.
    fn of_open_step(&self) -> Option<Failure> {
        let id = self.open?;
        let mut lines = self.last_lines(id);
        let mut failure = self.failure(message::read(&lines.pop()?));
        failure.lines = self.step(id).and_then(|it| it.lines.clone());
        Some(Failure { last_lines: lines, step: Some(id), ..failure })
    }

    /// What the engine said last, for want of an error we know: the first line of it that sounds like one.
    fn unexplained(&self) -> Failure {
        let sounds = |line: &&String| {
            let line = line.to_ascii_lowercase();
            [
                "error",
                "cannot connect",
                "permission denied",
                "unknown flag",
                "unknown shorthand",
                "failed",
                "denied",
            ]
            .iter()
            .any(|it| line.contains(it))
        };
        let said = || self.said.iter().filter(|it| !it.starts_with("Sending build context to"));
        let line = said().find(sounds).or(said().next_back());
        let mut failure = self.failure(message::read(line.map_or("", |it| it)));
        if failure.message.is_empty() {
            failure.message = "the build ended without saying why".to_owned();
        }
        failure.last_lines = self.said.iter().cloned().collect();
        // What was still running is where it ended.
        if let Some((id, lines)) = self.tails.back() {
            failure.step = Some(*id);
            failure.lines = failure.lines.or_else(|| self.step(*id).and_then(|it| it.lines.clone()));
            failure.last_lines = lines.iter().cloned().collect();
        }
        failure
    }
}

/// What the last word adds to what a step said.
fn merged(first: Failure, last: Failure) -> Failure {
    Failure {
        lines: last.lines.or(first.lines),
        word: last.word.or(first.word),
        message: if last.message.is_empty() { first.message } else { last.message },
        said: if last.said.is_empty() { first.said } else { last.said },
        last_lines: if first.last_lines.is_empty() { last.last_lines } else { first.last_lines },
        exit_code: last.exit_code.or(first.exit_code),
        step: first.step.or(last.step),
        cause: first.cause,
    }
}

fn push(lines: &mut VecDeque<String>, line: String) {
    if lines.len() >= LAST_LINES {
        lines.pop_front();
    }
    lines.push_back(line);
}

/// At most `longest` bytes of `text`.
pub fn cut(text: &str, longest: usize) -> &str {
    let mut end = longest.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}
