//! Docker's old builder (`Step 1/3 : FROM …`), and Podman and Buildah, which print much the same
//! (`[1/2] STEP 1/3: FROM …`).
//!
//! What a command prints stands between these lines without a mark of its own.

use super::Step;
use super::state::State;

#[derive(Debug)]
pub struct Classic {
    is_podman: bool,
    step: Option<u32>,
    /// Nothing belongs to the last step any more.
    is_over: bool,
    /// Podman's last line on standard output is the image's id; without a tag nothing before it tells that the steps are over.
    last_id: Option<String>,
}

/// The line that begins a step.
struct Header<'a> {
    /// From 1; 1 when the file has but one.
    stage: u32,
    has_stages: bool,
    number: u32,
    total: u32,
    text: &'a str,
}

impl Classic {
    pub fn legacy() -> Self {
        Classic { is_podman: false, step: None, is_over: false, last_id: None }
    }

    pub fn podman() -> Self {
        Classic { is_podman: true, step: None, is_over: false, last_id: None }
    }

    pub fn line(&mut self, line: &str, state: &mut State) {
        let is_id = self.is_podman && line.len() == 64 && line.bytes().all(|it| it.is_ascii_hexdigit());
        if is_id {
            self.last_id = Some(line.to_owned());
        }
        let header = if self.is_podman { podman_header(line) } else { legacy_header(line) };
        if let Some(header) = header {
            self.end_step(state);
            self.step = self.begin(&header, state);
        } else if self.is_error(line) {
            state.fail(line, None, self.step);
            state.log(None, line);
            // The step has not ended well.
            self.is_over = true;
        } else {
            self.other(line, state);
        }
    }

    /// A build that fails in a step may say so in any words.
    pub fn finish(&mut self, state: &mut State) {
        if let Some(id) = self.last_id.take() {
            state.image(0, &id);
            self.end_step(state);
        }
        if !self.is_over {
            state.open = self.step;
        }
    }

    fn other(&mut self, line: &str, state: &mut State) {
        let arrow = if self.is_podman { "--> " } else { " ---> " };
        match line.strip_prefix(arrow) {
            Some(rest) if rest.starts_with("Using cache") => self.cached(state),
            // The image behind each step, and `Running in`.
            Some(_) => {}
            None if self.is_end(line, state) => self.end_step(state),
            None if line.is_empty() => {}
            None => state.log(self.step, line),
        }
    }

    fn begin(&self, header: &Header<'_>, state: &mut State) -> Option<u32> {
        let &Header { stage, number, total, text, .. } = header;
        let lines = match self.is_podman {
            true => state.plan.podman(stage, number, text),
            false => state.plan.legacy(number, text),
        };
        let lines = lines.or_else(|| state.plan.heredoc_line(text));
        let stage = header.has_stages.then(|| state.plan.stage_label(stage as usize - 1));
        state.begin(Step { number, total, name: text.to_owned(), stage, lines, ..Step::default() })
    }

    fn cached(&self, state: &mut State) {
        if let Some(id) = self.step {
            state.cached(id);
        }
    }

    fn end_step(&mut self, state: &mut State) {
        if let Some(id) = self.step.take().filter(|_| !self.is_over) {
            state.done(id, None);
        }
    }

    /// The image is finished; its number is in `line`, or behind it.
    fn is_end(&self, line: &str, state: &mut State) -> bool {
        if self.is_podman {
            let line = line.split_once("] ").filter(|_| line.starts_with('[')).map_or(line, |(_, rest)| rest);
            return line.starts_with("COMMIT ");
        }
        let id = line.strip_prefix("Successfully built ");
        if let Some(id) = id {
            state.image(0, id);
        }
        id.is_some()
    }

    /// Whether `line` is the engine's last word. What a command prints may look like that of Podman, which stands on
    /// standard error as well; but then another word follows.
    fn is_error(&self, line: &str) -> bool {
        if self.is_podman {
            return line.starts_with("Error: ");
        }
        let beginnings = ["The command '", "COPY failed: ", "ADD failed: ", "Error response from daemon: "];
        beginnings.iter().any(|it| line.starts_with(it))
    }
}

/// `Step 4/5 : RUN make`
fn legacy_header(line: &str) -> Option<Header<'_>> {
    let (count, text) = line.strip_prefix("Step ")?.split_once(" : ")?;
    let (number, total) = fraction(count)?;
    Some(Header { stage: 1, has_stages: false, number, total, text })
}

/// `STEP 2/3: RUN make`, `[1/2] STEP 2/3: RUN make`
fn podman_header(line: &str) -> Option<Header<'_>> {
    let staged = line.strip_prefix('[').and_then(|it| it.split_once("] "));
    let (stage, rest) = match staged {
        Some((stage, rest)) => (Some(fraction(stage)?.0), rest),
        None => (None, line),
    };
    let (count, text) = rest.strip_prefix("STEP ")?.split_once(": ")?;
    let (number, total) = fraction(count)?;
    Some(Header { stage: stage.unwrap_or(1).max(1), has_stages: stage.is_some(), number, total, text })
}

fn fraction(text: &str) -> Option<(u32, u32)> {
    let (number, total) = text.split_once('/')?;
    Some((number.parse().ok()?, total.parse().ok()?))
}
