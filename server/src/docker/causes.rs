//! Why a build failed, in plain words, and the way out.

/// What is known when the cause is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// What the builder said.
    pub message: &'a str,
    /// What the failing command printed, oldest first.
    pub last_lines: &'a [String],
    /// The instruction that failed, in one line.
    pub instruction: Option<&'a str>,
    pub exit_code: Option<i32>,
    /// The builder blames a line inside of a heredoc.
    pub is_in_heredoc: bool,
}

/// A known cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    pub kind: CauseKind,
    /// What happened: one sentence, lower case, without a full stop.
    pub why: String,
    /// What to do about it, in the same form.
    pub way_out: String,
}

/// The kinds of causes, for those who act on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CauseKind {
    CommandNotFound,
}

impl CauseKind {
    /// A short name for JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            CauseKind::CommandNotFound => "command-not-found",
        }
    }
}

/// The cause, if it is one of those we know.
pub fn explain(_evidence: &Evidence<'_>) -> Option<Cause> {
    None
}
