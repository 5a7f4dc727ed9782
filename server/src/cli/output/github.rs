//! `github`: commands that GitHub Actions shows as annotations
//! (<https://docs.github.com/actions/reference/workflow-commands-for-github-actions>).

use super::super::report::{FileReport, Problem};
use super::Output;
use crate::analysis::lint::Severity;

pub struct Github;

impl Output for Github {
    fn file(&self, report: &FileReport<'_>) -> String {
        report.problems.iter().map(|problem| command(report, problem)).collect()
    }
}

fn command(report: &FileReport<'_>, problem: &Problem) -> String {
    let places = report.places(problem.range);
    let mut properties = format!("file={},line={}", property(report.path), places.start.line);
    properties += &format!(",endLine={},col={}", places.end.line, places.start.column);
    // A column at the end means something only on the same line.
    if places.start.line == places.end.line {
        properties += &format!(",endColumn={}", places.end.column);
    }
    let title = property(&format!("Dockwright ({})", problem.rule));
    let message = data(&format!("{}\n{}", problem.message, problem.url));
    format!("::{} {properties},title={title}::{message}\n", kind(problem.severity))
}

fn kind(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "notice",
    }
}

/// What stands behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value before it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
