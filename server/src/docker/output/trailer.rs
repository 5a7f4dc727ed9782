//! How BuildKit's command line ends a failing build, whatever `--progress`: an excerpt of the log between `------`, an
//! excerpt of the file between longer rules with `>>>` before the lines to blame, and the last error.

use std::ops::RangeInclusive;

use super::state::State;

#[derive(Debug, Default)]
pub struct Trailer {
    part: Part,
    lines: Option<RangeInclusive<u32>>,
    has_failed: bool,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Outside,
    /// The last lines of the failing step, which are known already.
    Log,
    /// `Dockerfile:4` was read: a rule should follow.
    Named,
    Source,
}

/// The rule around the excerpt of the file.
const LONG_RULE: &str = "--------------------";
const SHORT_RULE: &str = "------";

impl Trailer {
    /// Reads a line that belongs to no step.
    pub fn line(&mut self, line: &str, state: &mut State) {
        match self.part {
            Part::Log if line == SHORT_RULE => self.part = Part::Outside,
            Part::Log => {}
            Part::Named | Part::Outside if line == LONG_RULE => self.part = Part::Source,
            Part::Source if line == LONG_RULE => self.part = Part::Outside,
            Part::Source if is_source(line) => self.source(line),
            _ => self.outside(line, state),
        }
    }

    fn outside(&mut self, line: &str, state: &mut State) {
        self.part = Part::Outside;
        if line == SHORT_RULE {
            self.part = Part::Log;
        } else if is_place(line) {
            self.part = Part::Named;
        } else if is_last_error(line) && !self.has_failed {
            self.has_failed = true;
            state.fail(line, self.lines.take(), None);
        }
        state.log(None, line);
    }

    /// `   4 | >>> RUN make`
    fn source(&mut self, line: &str) {
        let Some((number, text)) = line.split_once('|') else { return };
        let Ok(number) = number.trim().parse::<u32>() else { return };
        if text.trim_start().starts_with(">>>") {
            let first = self.lines.as_ref().map_or(number, |it| *it.start());
            self.lines = Some(first.min(number)..=number);
        }
    }
}

fn is_source(line: &str) -> bool {
    line.split_once('|').is_some_and(|(number, _)| number.trim().parse::<u32>().is_ok())
}

/// `Dockerfile:4`
fn is_place(line: &str) -> bool {
    line.rsplit_once(':').is_some_and(|(file, line)| !file.is_empty() && line.parse::<u32>().is_ok())
}

/// Old versions have no `ERROR: `.
fn is_last_error(line: &str) -> bool {
    let beginnings = [
        "ERROR: ",
        "error: ",
        "failed to solve",
        "executor failed running ",
        "failed to compute cache key: ",
        "failed to load cache key: ",
    ];
    beginnings.iter().any(|it| line.starts_with(it))
}
