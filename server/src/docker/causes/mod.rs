//! Why a build failed, in plain words, and the way out.
//!
//! Read from what the builder said and what the failing command printed last. What is not recognised has no cause:
//! a wrong explanation costs more than none.

mod commands;
mod engine;
mod images;
mod limits;
mod network;
mod packages;
mod permissions;
mod sources;
mod syntax;

#[cfg(test)]
mod tests;

use crate::analysis::knowledge::Distribution;

/// What is known when the cause is looked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Evidence<'a> {
    /// What the builder said.
    pub said: &'a str,
    /// What the failing command printed, oldest first.
    pub last_lines: &'a [String],
    /// The instruction that failed, in one line.
    pub instruction: Option<&'a str>,
    /// Of the command that failed.
    pub exit_code: Option<i32>,
    /// The builder blames a line inside of a heredoc.
    pub is_in_heredoc: bool,
    /// What the base image of the stage is made of.
    pub distribution: Option<Distribution>,
}

/// A known cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    pub kind: CauseKind,
    /// What happened: one sentence, lower case, without a full stop.
    pub why: String,
    /// What to do about it, in the same form.
    pub way_out: String,
    /// The command, package, path or image it is about.
    pub subject: Option<String>,
}

/// The kinds of causes, for those who act on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CauseKind {
    CommandNotFound,
    NoShell,
    LineEndings,
    PackageNotFound,
    MissingSource,
    IgnoredSource,
    WrongPlatform,
    PermissionDenied,
    SocketDenied,
    NoSpace,
    OutOfMemory,
    PullDenied,
    UnknownTag,
    NotPulled,
    TooManyPulls,
    UnknownStage,
    Network,
    NameResolution,
    Certificate,
    SecretMissing,
    UnknownUser,
    Syntax,
    UnknownFlag,
    HeredocUnsupported,
    NeedsBuildKit,
    NoFrom,
    EmptyFile,
    NoDockerfile,
    NoDaemon,
    NoBuildx,
    ContextTooLarge,
}

impl CauseKind {
    /// A short name for JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            CauseKind::CommandNotFound => "command-not-found",
            CauseKind::NoShell => "no-shell",
            CauseKind::LineEndings => "line-endings",
            CauseKind::PackageNotFound => "package-not-found",
            CauseKind::MissingSource => "missing-source",
            CauseKind::IgnoredSource => "ignored-source",
            CauseKind::WrongPlatform => "wrong-platform",
            CauseKind::PermissionDenied => "permission-denied",
            CauseKind::SocketDenied => "socket-denied",
            CauseKind::NoSpace => "no-space",
            CauseKind::OutOfMemory => "out-of-memory",
            CauseKind::PullDenied => "pull-denied",
            CauseKind::UnknownTag => "unknown-tag",
            CauseKind::NotPulled => "not-pulled",
            CauseKind::TooManyPulls => "too-many-pulls",
            CauseKind::UnknownStage => "unknown-stage",
            CauseKind::Network => "network",
            CauseKind::NameResolution => "name-resolution",
            CauseKind::Certificate => "certificate",
            CauseKind::SecretMissing => "secret-missing",
            CauseKind::UnknownUser => "unknown-user",
            CauseKind::Syntax => "syntax",
            CauseKind::UnknownFlag => "unknown-flag",
            CauseKind::HeredocUnsupported => "heredoc-unsupported",
            CauseKind::NeedsBuildKit => "needs-buildkit",
            CauseKind::NoFrom => "no-from",
            CauseKind::EmptyFile => "empty-file",
            CauseKind::NoDockerfile => "no-dockerfile",
            CauseKind::NoDaemon => "no-daemon",
            CauseKind::NoBuildx => "no-buildx",
            CauseKind::ContextTooLarge => "context-too-large",
        }
    }
}

impl Cause {
    fn new(kind: CauseKind, why: impl Into<String>, way_out: impl Into<String>) -> Self {
        Cause { kind, why: why.into(), way_out: way_out.into(), subject: None }
    }

    fn about(mut self, subject: &str) -> Self {
        self.subject = Some(subject.to_owned()).filter(|it| !it.is_empty());
        self
    }
}

type Explainer = fn(&Evidence<'_>) -> Option<Cause>;

/// The first that knows the cause has the word, so the more certain ones come first: a full disk makes every other
/// message, and a lost network looks like a missing package.
const EXPLAINERS: &[Explainer] = &[
    engine::explain,
    limits::explain,
    syntax::explain,
    sources::explain,
    images::explain,
    network::explain,
    permissions::secret,
    packages::explain,
    commands::explain,
    permissions::explain,
    limits::killed,
];

/// The cause, if it is one of those we know.
pub fn explain(evidence: &Evidence<'_>) -> Option<Cause> {
    EXPLAINERS.iter().find_map(|it| it(evidence))
}

impl<'a> Evidence<'a> {
    /// What was printed, the last line first, then what the builder said.
    fn lines(&self) -> impl Iterator<Item = &'a str> {
        self.last_lines.iter().rev().map(String::as_str).chain(std::iter::once(self.said))
    }

    fn has(&self, text: &str) -> bool {
        self.lines().any(|it| it.contains(text))
    }

    fn has_any(&self, texts: &[&str]) -> bool {
        texts.iter().any(|it| self.has(it))
    }
}

/// What stands in `text` between `before` and `after`.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found.trim())
}

/// The first word behind `before`, without quotes.
fn word_after<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    let word = rest.split_whitespace().next()?.trim_matches(['\'', '"', '`', ',', ';', ':', '‘', '’', '.']);
    (!word.is_empty()).then_some(word)
}
