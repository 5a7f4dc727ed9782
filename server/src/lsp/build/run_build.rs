//! One build, from its command line to what it came to; blocks, and so runs in a thread of its own.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::docker::command::CommandLine;
use crate::docker::output::{self, Event, Format, Outcome, Reader, Step};
use crate::docker::process::{Canceller, StartError, run};

use super::log::Log;

/// Steps that wait to be shown; of more, the oldest nobody would have read.
const MOST_WAITING: usize = 50;

/// What the build is doing, for whoever looks.
#[derive(Debug, Default)]
pub struct Watch(Mutex<Steps>);

#[derive(Debug, Default)]
struct Steps {
    begun: VecDeque<String>,
    /// By their ids, the newest last.
    running: Vec<(u32, String)>,
}

impl Watch {
    /// What was begun since the last look.
    pub fn take(&self) -> VecDeque<String> {
        std::mem::take(&mut self.lock().begun)
    }

    /// The newest step that runs. The last that was begun may have been in the cache.
    pub fn now(&self) -> Option<String> {
        self.lock().running.last().map(|(_, text)| text.clone())
    }

    fn begin(&self, step: &Step) {
        let text = shown(step);
        let mut steps = self.lock();
        if steps.begun.back() != Some(&text) {
            steps.begun.push_back(text.clone());
        }
        if steps.begun.len() > MOST_WAITING {
            steps.begun.pop_front();
        }
        steps.running.retain(|(id, _)| *id != step.id);
        if !step.cached && steps.running.len() < MOST_WAITING {
            steps.running.push((step.id, text));
        }
    }

    fn end(&self, id: u32) {
        self.lock().running.retain(|(it, _)| *it != id);
    }

    fn lock(&self) -> MutexGuard<'_, Steps> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Builds. What is printed goes to the log, steps to `watch`.
pub fn run_build(
    line: &CommandLine,
    format: Format,
    plan: output::Plan,
    canceller: &Canceller,
    watch: &Watch,
    (path, secrets): (Option<&Path>, Vec<String>),
) -> Result<Outcome, StartError> {
    let mut log = Log::create(path, secrets);
    log.line(&format!("$ {}", line.shown()));
    let mut reader = Reader::new(format).with_plan(plan);
    let is_raw = format != Format::RawJson;
    let ended = run(line, canceller, |stream, bytes| {
        if is_raw {
            log.raw(bytes);
        }
        for event in reader.feed_from(stream, bytes) {
            if !is_raw {
                log_event(&mut log, &event);
            }
            match &event {
                Event::Step(step) => watch.begin(step),
                Event::StepDone(done) => watch.end(done.id),
                _ => {}
            }
        }
    });
    if let Err(error) = &ended {
        log.line(&error.to_string());
    }
    let outcome = ended.map(|exit_code| reader.finish(exit_code));
    log.finish();
    outcome
}

/// `builder 3/7 RUN npm ci (cached)`
fn shown(step: &Step) -> String {
    let mut text = String::new();
    if step.number > 0 {
        if let Some(stage) = step.stage.as_ref().filter(|it| it.parse::<u32>().is_err()) {
            text.push_str(stage);
            text.push(' ');
        }
        text.push_str(&format!("{}/{} ", step.number, step.total));
    }
    text.extend(step.name.chars().take(80).map(|it| if it.is_control() { ' ' } else { it }));
    if step.cached {
        text.push_str(" (cached)");
    }
    text
}

/// BuildKit's JSON is for programs; people get what its plain output would say.
fn log_event(log: &mut Log, event: &Event) {
    match event {
        // Steps of the builder itself have brackets of their own: `[internal] load .dockerignore`.
        Event::Step(step) if step.number == 0 => log.line(&format!("#{} {}", step.id, shown(step))),
        Event::Step(step) => log.line(&format!("#{} [{}]", step.id, shown(step))),
        Event::Log { step: Some(id), text } => log.line(&format!("#{id} {text}")),
        Event::Log { step: None, text } => log.line(text),
        Event::StepDone(done) => {
            let time = done.duration_ms.map(|it| format!(" {}", super::progress::shown(it)));
            log.line(&format!("#{} done{}", done.id, time.unwrap_or_default()));
        }
        Event::Error(failure) => log.line(&format!("ERROR: {}", failure.message)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_is_told_from_what_was_in_the_cache() {
        let watch = Watch::default();
        let step = |id, cached| Step {
            id,
            number: id,
            total: 3,
            name: "RUN x".to_owned(),
            cached,
            ..Step::default()
        };
        watch.begin(&step(1, false));
        watch.begin(&step(2, false));
        watch.begin(&step(1, true));
        assert_eq!(watch.take(), ["1/3 RUN x", "2/3 RUN x", "1/3 RUN x (cached)"]);
        assert_eq!(watch.now().as_deref(), Some("2/3 RUN x"));
        watch.end(2);
        assert_eq!(watch.now(), None);
    }
}
