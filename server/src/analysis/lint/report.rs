//! Where a rule puts what it found.

use text_size::TextRange;

use super::finding::{Detail, Finding, Fix};
use super::rule::{Rule, Severity};
use crate::analysis::text::TextEdit;

/// Collects the findings of one rule.
pub struct Report<'a> {
    pub(super) rule: &'static Rule,
    pub(super) severity: Severity,
    /// The user said so; nothing else counts.
    pub(super) is_fixed: bool,
    /// The text stands behind `ONBUILD`: this file builds all the same.
    pub(super) is_deferred: bool,
    pub(super) findings: &'a mut Vec<Finding>,
}

/// The finding just reported, to be completed.
pub struct Draft<'a> {
    finding: &'a mut Finding,
    is_fixed: bool,
}

impl Report<'_> {
    /// Adds a finding at `range`: local in an instruction rule, absolute elsewhere.
    pub fn at(&mut self, range: TextRange, message: impl Into<String>) -> Draft<'_> {
        let detail = Detail { range, message: message.into(), related: Vec::new(), fixes: Vec::new() };
        self.findings.push(Finding::new(self.rule, self.effective_severity(), detail));
        let finding = self.findings.last_mut().expect("one was pushed just now");
        Draft { finding, is_fixed: self.is_fixed }
    }

    fn effective_severity(&self) -> Severity {
        match self.severity {
            Severity::Error if self.is_deferred && !self.is_fixed => Severity::Warning,
            severity => severity,
        }
    }
}

impl Draft<'_> {
    /// Adds another place that explains the finding.
    pub fn related(self, range: TextRange, message: impl Into<String>) -> Self {
        self.finding.detail_mut().related.push((range, message.into()));
        self
    }

    /// Less or more serious than the rule says; what the user has set stays.
    pub fn severity(self, severity: Severity) -> Self {
        if !self.is_fixed {
            self.finding.severity = severity;
        }
        self
    }

    /// As [`Draft::severity`], with `None` for the rule's own.
    pub fn severity_or_own(self, severity: Option<Severity>) -> Self {
        match severity {
            Some(severity) => self.severity(severity),
            None => self,
        }
    }

    /// Adds a repair after which the build means the same.
    pub fn safe_fix(self, title: impl Into<String>, edits: Vec<TextEdit>) -> Self {
        self.fix(title, true, edits)
    }

    /// Adds a repair that someone has to look at.
    pub fn unsafe_fix(self, title: impl Into<String>, edits: Vec<TextEdit>) -> Self {
        self.fix(title, false, edits)
    }

    fn fix(self, title: impl Into<String>, safe: bool, edits: Vec<TextEdit>) -> Self {
        if !edits.is_empty() {
            self.finding.detail_mut().fixes.push(Fix { title: title.into(), safe, edits });
        }
        self
    }
}
