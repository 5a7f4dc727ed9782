//! What ShellCheck says, as its `json1` format has it, and what that means in the Dockerfile.
//!
//! Lines and columns count from 1, columns in characters (a tab is one), ends are exclusive.

use serde::Deserialize;
use smol_str::SmolStr;
use text_size::TextRange;

use super::ShellFinding;
use super::script::Script;
use crate::analysis::lint::finding::Fix;
use crate::analysis::lint::rule::Severity;
use crate::analysis::text::{TextEdit, apply_edits};

/// One finding of ShellCheck in a script.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Remark {
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
    /// `error`, `warning`, `info`, `style`
    pub level: String,
    pub code: u32,
    pub message: String,
    pub fix: Option<Repair>,
}

/// Replacements that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Repair {
    pub replacements: Vec<Replacement>,
}

/// One text for another.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Replacement {
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
    pub replacement: String,
}

/// Each line of a text with CRLF has it; once says it all.
const CARRIAGE_RETURN: u32 = 1017;

impl Script {
    /// What `remarks` on this script say about the Dockerfile, in the order of the text; ranges are local. What lies in
    /// lines that only the script has is left out.
    pub fn findings(&self, remarks: &[Remark]) -> Vec<ShellFinding> {
        let mut findings: Vec<ShellFinding> = remarks.iter().filter_map(|it| self.finding(it)).collect();
        findings.sort_by(|a, b| {
            (a.range.start(), a.range.end(), &a.code).cmp(&(b.range.start(), b.range.end(), &b.code))
        });
        let mut has_return = false;
        findings.retain(|it| it.code != code(CARRIAGE_RETURN) || !std::mem::replace(&mut has_return, true));
        findings
    }

    fn finding(&self, remark: &Remark) -> Option<ShellFinding> {
        let start = self.offset(remark.line, remark.column)?;
        let end = self.offset(remark.end_line, remark.end_column)?;
        let range = self.source_range(start, end)?;
        Some(ShellFinding {
            instruction: self.instruction,
            code: code(remark.code),
            severity: severity(&remark.level),
            range,
            message: remark.message.trim_start().trim_end_matches('.').to_owned(),
            fix: remark.fix.as_ref().and_then(|repair| self.fix(repair, start, range)),
        })
    }

    /// `None` if the Dockerfile could not say the same: a line break in a line of a `RUN`, or a change across one.
    fn fix(&self, repair: &Repair, finding: usize, range: TextRange) -> Option<Fix> {
        let mut edits = Vec::new();
        for it in &repair.replacements {
            let (start, end) = (self.offset(it.line, it.column)?, self.offset(it.end_line, it.end_column)?);
            let is_plain = !it.replacement.contains(['\n', '\r']) && !it.replacement.ends_with('\\');
            let place = self.verbatim_range(start, end, start == finding).filter(|_| is_plain)?;
            edits.push(TextEdit::new(place, it.replacement.clone()));
        }
        edits.sort_by_key(|it| (it.range.start(), it.range.end()));
        let title = self.title(range, &edits);
        (!edits.is_empty()).then_some(Fix { title, safe: false, edits })
    }

    /// What stands there afterwards, if that is short enough to read.
    fn title(&self, range: TextRange, edits: &[TextEdit]) -> String {
        const LONGEST: usize = 40;
        let whole = edits.iter().fold(range, |all, it| all.cover(it.range));
        let moved = edits.iter().map(|it| TextEdit::new(it.range - whole.start(), it.new_text.clone()));
        let after = self.source(whole).and_then(|before| apply_edits(before, &moved.collect::<Vec<_>>()));
        match after.filter(|it| it.len() <= LONGEST && !it.is_empty() && !it.contains(['\n', '`'])) {
            Some(after) => format!("Write `{after}`"),
            None => "Change it as ShellCheck proposes".to_owned(),
        }
    }
}

fn code(number: u32) -> SmolStr {
    SmolStr::new(format!("SC{number:04}"))
}

fn severity(level: &str) -> Severity {
    match level {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        "info" => Severity::Info,
        _ => Severity::Hint,
    }
}
