//! What a build prints, read as steps, logs and failures, whatever the engine.
//!
//! A [`Reader`] is fed bytes as they come and never holds more than a few MB of them; what it does not understand is
//! passed on as log text or dropped, so that a version nobody has seen still builds. It runs nothing itself.
//!
//! * [`lines`](mod@lines) — bytes to lines, of bounded length.
//! * `raw_json`, `plain`, `classic` — one dialect each.
//! * `message` — an error message, taken apart; `trailer` — how BuildKit ends a failing build: the excerpt of the file and the last error.
//! * [`plan`] — which instruction of the file a step is.

mod classic;
mod lines;
pub mod message;
mod plain;
pub mod plan;
mod raw_json;
mod state;
mod step_name;
mod time;
mod trailer;

#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

use self::lines::Lines;
pub use self::plan::Plan;
use self::raw_json::Objects;
use self::state::State;
use super::causes::Cause;

/// The dialects of build output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// BuildKit's `--progress=rawjson`, pretty-printed (buildx 0.13) or one object a line.
    RawJson,
    /// BuildKit's `--progress=plain`.
    Plain,
    /// Docker's old builder: `Step 1/3 : FROM …`.
    Legacy,
    /// Podman and Buildah: `STEP 1/3: FROM …`.
    Podman,
}

/// Which pipe of the process the bytes came through. A line may be cut anywhere, so pipes are not mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stream {
    Output,
    Error,
}

/// Something the build said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A step began; a second time with the same `id` it is known better (BuildKit may tell late that it was cached).
    Step(Step),
    /// A step ended well.
    StepDone(StepDone),
    /// A line that a step (by [`Step::id`]) printed, or the builder itself.
    Log { step: Option<u32>, text: String },
    /// The build will fail, or has failed. Told once for each cause; [`Outcome::failures`] knows more.
    Error(Failure),
}

/// One step of a build.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Step {
    /// Counts all steps of the build from 1, those of the builder itself included.
    pub id: u32,
    /// In its stage, from 1, as the engine counts; 0 for steps of the builder itself (loading files, exporting).
    pub number: u32,
    /// How many steps its stage has; 0 when `number` is.
    pub total: u32,
    /// The instruction, or what the builder does, as the engine writes it.
    pub name: String,
    /// The stage's name, or its index when it has none; `None` if the engine does not tell.
    pub stage: Option<String>,
    /// The lines (from 1) of its instruction; needs a [`Plan`].
    pub lines: Option<RangeInclusive<u32>>,
    pub cached: bool,
    /// `None` while it runs, or when the engine does not tell.
    pub duration_ms: Option<u64>,
    /// Bytes the step added to the image, if told.
    pub size: Option<u64>,
}

/// The end of a step.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StepDone {
    pub id: u32,
    pub number: u32,
    pub duration_ms: Option<u64>,
    pub cached: bool,
    pub size: Option<u64>,
}

/// Why a build failed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Failure {
    /// The lines (from 1) that the builder blames, or `None` when it is not about a place in the file.
    pub lines: Option<RangeInclusive<u32>>,
    /// The word of these lines that is wrong (a source of `COPY`, an image), as the file may write it.
    pub word: Option<String>,
    /// What happened, as a sentence for people: how the command ended, or what the builder said.
    pub message: String,
    /// The builder's own words, without its chain of prefixes.
    pub said: String,
    /// What the failing step printed last, oldest first; at most [`LAST_LINES`].
    pub last_lines: Vec<String>,
    /// Of the command that failed.
    pub exit_code: Option<i32>,
    /// [`Step::id`] of the step that failed.
    pub step: Option<u32>,
    /// `None` when the message says it all.
    pub cause: Option<Cause>,
}

/// How a build ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    pub ok: bool,
    /// Of the engine's command line; `None` when a signal ended it.
    pub exit_code: Option<i32>,
    /// `sha256:…` or what the engine prints for it.
    pub image_id: Option<String>,
    /// Empty when `ok`; else at least one.
    pub failures: Vec<Failure>,
    /// In the order they began; at most [`MOST_STEPS`].
    pub steps: Vec<Step>,
}

/// Lines of a step that are kept for its failure.
pub const LAST_LINES: usize = 20;
/// Steps that are kept. A file of that many instructions has never been seen.
pub const MOST_STEPS: usize = 10_000;

/// Reads the output of one build.
#[derive(Debug)]
pub struct Reader {
    dialect: Dialect,
    output: Lines,
    error: Lines,
    state: State,
}

#[derive(Debug)]
enum Dialect {
    RawJson(Box<Objects>),
    Plain(plain::Plain),
    Classic(classic::Classic),
}

impl Reader {
    pub fn new(format: Format) -> Self {
        let dialect = match format {
            Format::RawJson => Dialect::RawJson(Box::default()),
            Format::Plain => Dialect::Plain(plain::Plain::default()),
            Format::Legacy => Dialect::Classic(classic::Classic::legacy()),
            Format::Podman => Dialect::Classic(classic::Classic::podman()),
        };
        let longest = if format == Format::RawJson { raw_json::LONGEST_OBJECT } else { lines::LONGEST_LINE };
        Reader { dialect, output: Lines::new(longest), error: Lines::new(longest), state: State::default() }
    }

    /// Steps and failures are given the lines of their instructions.
    #[must_use]
    pub fn with_plan(mut self, plan: Plan) -> Self {
        self.state.plan = plan;
        self
    }

    /// Takes what came from one pipe, in pieces of any size.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Event> {
        self.feed_from(Stream::Error, bytes)
    }

    /// The same when both pipes are read.
    pub fn feed_from(&mut self, stream: Stream, bytes: &[u8]) -> Vec<Event> {
        let Reader { dialect, output, error, state } = self;
        let lines = match stream {
            Stream::Output => output,
            Stream::Error => error,
        };
        lines.feed(bytes, &mut |line| dialect.line(line, state));
        std::mem::take(&mut state.events)
    }

    /// The process has ended. `exit_code`: `None` when a signal ended it.
    pub fn finish(mut self, exit_code: Option<i32>) -> Outcome {
        let Reader { dialect, output, error, state } = &mut self;
        output.finish(&mut |line| dialect.line(line, state));
        error.finish(&mut |line| dialect.line(line, state));
        dialect.finish(state);
        self.state.outcome(exit_code)
    }
}

impl Dialect {
    /// `line` is without its line break; only rawjson needs the blanks before it.
    fn line(&mut self, line: &str, state: &mut State) {
        match self {
            Dialect::RawJson(it) => it.line(line, state),
            Dialect::Plain(it) => it.line(line, state),
            Dialect::Classic(it) => it.line(line, state),
        }
    }

    fn finish(&mut self, state: &mut State) {
        match self {
            Dialect::RawJson(it) => it.finish(state),
            Dialect::Classic(it) => it.finish(state),
            Dialect::Plain(_) => {}
        }
    }
}
