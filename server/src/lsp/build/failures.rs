//! What a failed build says, at the place in the file that it is about.

use tower_lsp::lsp_types::{Diagnostic, DiagnosticSeverity, NumberOrString};

use super::super::documents::Snapshot;
use super::anchors::anchor;
use super::builds::Anchored;
use super::log::redacted;
use crate::docker::causes::{self, CauseKind, Evidence};
use crate::docker::output::{Failure, plan};
use crate::docker::process::Captured;

/// The last lines of output that a diagnostic shows.
const SHOWN_LINES: usize = 10;
/// Bytes of one such line.
const SHOWN_LINE: usize = 400;

/// The failures that are about a place; `built` is the file as it was built.
pub fn at_their_places(built: &Snapshot, failures: &[Failure], secrets: &[String]) -> Vec<Anchored> {
    failures.iter().filter_map(|it| at_its_place(built, it, secrets)).collect()
}

fn at_its_place(built: &Snapshot, failure: &Failure, secrets: &[String]) -> Option<Anchored> {
    let place = plan::place(built.model(), failure)?;
    let (anchor, range) = anchor(&built.file, place)?;
    let code = failure.cause.as_ref().map(|it| NumberOrString::String(it.kind.as_str().to_owned()));
    let diagnostic = Diagnostic {
        severity: Some(DiagnosticSeverity::ERROR),
        code,
        source: Some("docker build".to_owned()),
        message: redacted(&message(failure), secrets),
        ..Diagnostic::default()
    };
    Some(Anchored { anchor, range, diagnostic, check: None })
}

/// What happened, why, what to do, and what was printed last.
fn message(failure: &Failure) -> String {
    let mut text = sentence(failure);
    let first = failure.last_lines.len().saturating_sub(SHOWN_LINES);
    let last: Vec<String> = failure.last_lines.iter().skip(first).map(|it| cut(it)).collect();
    if !last.is_empty() {
        text.push_str("\n\nlast output:\n");
        text.push_str(&last.join("\n"));
    }
    text
}

/// A failure in one or two sentences.
pub fn sentence(failure: &Failure) -> String {
    let says_code = |code: &String| failure.cause.is_none() && failure.message.contains(code.as_str());
    let code = failure.exit_code.map(|it| format!("exit code {it}")).filter(|it| !says_code(it));
    match (&failure.cause, code) {
        (Some(cause), Some(code)) => {
            format!("the build failed here with {code}: {} ({})", cause.why, cause.way_out)
        }
        (Some(cause), None) => format!("the build failed here: {} ({})", cause.why, cause.way_out),
        (None, Some(code)) => format!("the build failed here with {code}: {}", cut(&failure.message)),
        (None, None) => format!("the build failed here: {}", cut(&failure.message)),
    }
}

/// A failure that is not about the file: the engine cannot be reached.
pub fn engine_trouble(failure: &Failure) -> Option<String> {
    let cause = failure.cause.as_ref()?;
    let is_engine = matches!(cause.kind, CauseKind::NoDaemon | CauseKind::SocketDenied | CauseKind::NoBuildx);
    is_engine.then(|| format!("{} ({})", cause.why, cause.way_out))
}

fn cut(text: &str) -> String {
    let mut cut: String = text.chars().take(SHOWN_LINE).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

/// Why a short command failed: the known cause, else its last words.
pub fn why(captured: &Captured) -> String {
    let lines: Vec<String> = captured
        .error
        .lines()
        .chain(captured.output.lines())
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .map(str::to_owned)
        .collect();
    let is_help = |it: &&String| it.starts_with("See '") || it.starts_with("Run '");
    let message = lines.iter().find(|it| !is_help(it)).map(|it| cut(it)).unwrap_or_default();
    let evidence = Evidence { said: &lines.join("\n"), exit_code: captured.exit_code, ..Evidence::default() };
    match causes::explain(&evidence) {
        Some(cause) => format!("{} ({})", cause.why, cause.way_out),
        None if message.is_empty() => match captured.exit_code {
            Some(code) => format!("it ended with exit code {code} and said nothing"),
            None => "it was ended by a signal or took too long".to_owned(),
        },
        None => message,
    }
}
