//! What `check` prints, in the words of people and of other tools. One file for each format.
//!
//! A format writes each file by itself, so that files are rendered in parallel and printed as they come.

mod checkstyle;
mod github;
mod gitlab;
mod gnu;
pub mod human;
mod json;
mod junit;
mod sarif;
mod xml;

use std::borrow::Cow;
use std::collections::BTreeMap;

use clap::ValueEnum;

use super::report::FileReport;
use super::terminal::Paint;
use crate::analysis::lint::Severity;

/// `--format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// For people: the source line, what is wrong, why, and the way out.
    #[default]
    Human,
    /// One array of objects.
    Json,
    /// One object in each line.
    Jsonl,
    /// SARIF 2.1.0, as code scanning services read it.
    Sarif,
    /// Annotations in GitHub Actions.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// Checkstyle's XML.
    Checkstyle,
    /// JUnit's XML: a failed test for each finding.
    Junit,
    /// `file:line:column: severity: message [rule]`.
    Gnu,
}

/// All files together.
#[derive(Debug, Default)]
pub struct Summary {
    /// Files that were read.
    pub files: usize,
    pub files_with_problems: usize,
    /// By severity.
    pub problems: BTreeMap<Severity, usize>,
    /// Problems that `--fix` would repair, and those that only `--unsafe-fixes` would.
    pub fixable: usize,
    pub unsafely_fixable: usize,
    /// Problems that were repaired, and the files that were written.
    pub fixed: usize,
    pub fixed_files: usize,
    /// The rules that reported, with their addresses.
    pub rules: BTreeMap<Cow<'static, str>, Cow<'static, str>>,
    /// What could not be read.
    pub troubles: Vec<String>,
}

impl Summary {
    pub fn total(&self) -> usize {
        self.problems.values().sum()
    }
}

/// One way to print.
pub trait Output: Sync {
    /// What stands before all files.
    fn begin(&self) -> String {
        String::new()
    }

    /// One file. An empty text is not printed.
    fn file(&self, report: &FileReport<'_>) -> String;

    /// What stands between two texts of [`Output::file`].
    fn separator(&self) -> &'static str {
        ""
    }

    /// What stands behind all files.
    fn end(&self, _summary: &Summary) -> String {
        String::new()
    }
}

impl Format {
    pub fn output(self, paint: Paint, is_quiet: bool) -> Box<dyn Output> {
        match self {
            Format::Human => Box::new(human::Human { paint, is_quiet }),
            Format::Json => Box::new(json::Json),
            Format::Jsonl => Box::new(json::JsonLines),
            Format::Sarif => Box::new(sarif::Sarif),
            Format::Github => Box::new(github::Github),
            Format::Gitlab => Box::new(gitlab::Gitlab),
            Format::Checkstyle => Box::new(checkstyle::Checkstyle),
            Format::Junit => Box::new(junit::Junit),
            Format::Gnu => Box::new(gnu::Gnu),
        }
    }
}

/// `1 file`, `2 files`.
pub fn count(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

#[cfg(test)]
mod tests;
