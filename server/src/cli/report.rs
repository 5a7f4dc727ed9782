//! The findings of one file with all that the output formats need.

use std::borrow::Cow;

use serde::Serialize;
use text_size::{TextRange, TextSize};

use crate::analysis::lint::shellcheck::ShellFinding;
use crate::analysis::lint::{Finding, Fix, Severity, rule_named};
use crate::analysis::text::{LineColumn, LineIndex, PositionEncoding};

/// One file that was checked.
#[derive(Debug)]
pub struct FileReport<'a> {
    /// How it is called in what is printed.
    pub path: &'a str,
    pub text: &'a str,
    pub lines: LineIndex,
    /// In the order of the text.
    pub problems: Vec<Problem>,
}

/// One finding, whoever found it.
#[derive(Debug, Clone)]
pub struct Problem {
    pub rule: Cow<'static, str>,
    pub aliases: &'static [&'static str],
    pub severity: Severity,
    pub range: TextRange,
    pub message: String,
    pub url: Cow<'static, str>,
    pub related: Vec<(TextRange, String)>,
    pub fix: Option<Fix>,
}

/// A place for people and their tools: both count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Place {
    pub line: u32,
    pub column: u32,
}

/// Half-open, like all ranges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Places {
    pub start: Place,
    pub end: Place,
}

impl From<&Finding> for Problem {
    fn from(finding: &Finding) -> Self {
        Problem {
            rule: Cow::Borrowed(finding.rule.name),
            aliases: finding.rule.aliases,
            severity: finding.severity,
            range: finding.range,
            message: finding.message().to_owned(),
            url: Cow::Borrowed(finding.rule.url),
            related: finding.related().map(|(range, message)| (range, message.to_owned())).collect(),
            fix: finding.fix(),
        }
    }
}

impl From<ShellFinding> for Problem {
    fn from(finding: ShellFinding) -> Self {
        Problem {
            url: Cow::Owned(finding.url()),
            rule: Cow::Owned(finding.code.to_string()),
            aliases: &[],
            severity: finding.severity,
            range: finding.range,
            message: finding.message,
            related: Vec::new(),
            fix: finding.fix,
        }
    }
}

impl Problem {
    /// Why it hurts: what stands behind the summary of the rule's page.
    pub fn why(&self) -> Option<String> {
        let page = rule_named(&self.rule)?.markdown();
        let paragraph = page.split("\n\n").nth(1).filter(|it| !it.starts_with("Bad:"))?.replace('\n', " ");
        Some(beginning(&paragraph).to_owned())
    }
}

/// A reason shorter than this (bytes) takes the next sentence with it.
const SHORT_REASON: usize = 60;

/// The first sentence that, with those before it, is long enough to be a reason; without its full stop.
fn beginning(paragraph: &str) -> &str {
    let mut ends = paragraph.match_indices(". ").map(|(at, _)| at);
    let is_end = |at: &usize| {
        let before = paragraph.get(..*at).unwrap_or_default();
        let is_abbreviation = before.ends_with("e.g") || before.ends_with("i.e");
        *at >= SHORT_REASON && !is_abbreviation && before.matches('`').count() % 2 == 0
    };
    let end = ends.find(is_end).unwrap_or(paragraph.len());
    paragraph.get(..end).unwrap_or(paragraph).trim().trim_end_matches(['.', ':'])
}

impl<'a> FileReport<'a> {
    pub fn new(path: &'a str, text: &'a str, problems: Vec<Problem>) -> Self {
        FileReport { path, text, lines: LineIndex::new(text), problems }
    }

    pub fn place(&self, offset: TextSize) -> Place {
        let LineColumn { line, column } = self.lines.line_column(self.text, offset, PositionEncoding::Utf32);
        Place { line: line + 1, column: column + 1 }
    }

    pub fn places(&self, range: TextRange) -> Places {
        Places { start: self.place(range.start()), end: self.place(range.end()) }
    }

    /// A line (from 0) without its line break.
    pub fn line(&self, line: u32) -> &'a str {
        let range = self.lines.line_content(self.text, line);
        self.text.get(usize::from(range.start())..usize::from(range.end())).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_from_one() {
        let report = FileReport::new("Dockerfile", "FROM é🐳x\nRUN", Vec::new());
        assert_eq!(report.place(11.into()), Place { line: 1, column: 8 });
        assert_eq!(report.place(14.into()), Place { line: 2, column: 2 });
        assert_eq!(report.line(1), "RUN");
    }

    #[test]
    fn a_reason_ends_with_a_sentence_that_says_enough() {
        let long = "This is long enough to be a reason, e.g. because of `a. b`, which is code.";
        assert_eq!(beginning(&format!("{long} And more.")), long.trim_end_matches('.'));
        assert_eq!(
            beginning(&format!("Short. {long} More.")),
            format!("Short. {}", long.trim_end_matches('.'))
        );
        assert_eq!(beginning("All of it:"), "All of it");
    }
}
