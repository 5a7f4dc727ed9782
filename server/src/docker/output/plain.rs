//! BuildKit's `--progress=plain`: every line of a step begins with `#` and its number.
//!
//! Steps that run at the same time take turns; `#5 …` ends a turn, and the step's name is printed again in the next.
//! What a command prints has the seconds since its start before it, so it cannot be taken for what BuildKit says.

use std::collections::HashMap;

use super::state::State;
use super::trailer::Trailer;
use super::{Step, step_name};

#[derive(Debug, Default)]
pub struct Plain {
    /// By BuildKit's number.
    steps: HashMap<u32, u32>,
    trailer: Trailer,
}

impl Plain {
    pub fn line(&mut self, line: &str, state: &mut State) {
        let numbered = line.strip_prefix('#').and_then(|it| it.split_once(' '));
        match numbered.and_then(|(number, text)| Some((number.parse::<u32>().ok()?, text))) {
            // It says which builder is used.
            Some((0, text)) => state.log(None, text),
            Some((number, text)) => self.step_line(number, text, state),
            None if line.is_empty() => {}
            None => self.trailer.line(line, state),
        }
    }

    fn step_line(&mut self, number: u32, text: &str, state: &mut State) {
        match self.steps.get(&number) {
            Some(id) => known_step(*id, text, state),
            None => {
                if let Some(id) = begin(text, state) {
                    self.steps.insert(number, id);
                }
            }
        }
    }
}

/// A step, by the name BuildKit gives it.
pub fn begin(name: &str, state: &mut State) -> Option<u32> {
    let parts = step_name::read(name);
    let is_of_stage = parts.number > 0;
    let lines = if is_of_stage { state.plan.buildkit(parts.stage, parts.number, parts.text) } else { None };
    let stage = if is_of_stage { state.plan.stage_name(parts.stage) } else { None };
    let (number, total) = (parts.number, parts.total);
    state.begin(Step { number, total, name: parts.text.to_owned(), stage, lines, ..Step::default() })
}

fn known_step(id: u32, text: &str, state: &mut State) {
    if text == "CACHED" {
        state.cached(id);
        state.done(id, None);
    } else if let Some(seconds) = text.strip_prefix("DONE ") {
        state.done(id, milliseconds(seconds));
    } else if let Some(error) = text.strip_prefix("ERROR: ") {
        state.fail_step(id, error);
    } else if let Some((seconds, log)) = text.split_once(' ')
        && seconds.parse::<f64>().is_ok()
    {
        state.log(Some(id), log);
    } else if !is_repeated_name(id, text, state) {
        exported(text, state);
    }
}

fn is_repeated_name(id: u32, text: &str, state: &State) -> bool {
    text == "..." || state.step(id).is_some_and(|it| text.ends_with(&it.name))
}

/// `writing image sha256:… done`; with containerd's store a manifest is exported instead.
pub fn exported(text: &str, state: &mut State) {
    let marks = ["writing image ", "exporting manifest list ", "exporting manifest ", "exporting config "];
    for (rank, mark) in marks.iter().enumerate() {
        if let Some(id) = text.strip_prefix(mark).and_then(|it| it.split(' ').next())
            && id.starts_with("sha256:")
        {
            state.image(rank as u8, id);
        }
    }
}

fn milliseconds(seconds: &str) -> Option<u64> {
    let seconds: f64 = seconds.strip_suffix('s')?.parse().ok()?;
    (seconds.is_finite() && seconds >= 0.0).then(|| (seconds * 1000.0).round() as u64)
}
