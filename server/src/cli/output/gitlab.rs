//! `gitlab`: the code quality report (<https://docs.gitlab.com/ci/testing/code_quality/>).

use std::collections::HashMap;

use serde_json::{Value, json};

use super::super::report::{FileReport, Problem};
use super::{Output, Summary};
use crate::analysis::lint::Severity;

pub struct Gitlab;

impl Output for Gitlab {
    fn begin(&self) -> String {
        "[".to_owned()
    }

    fn file(&self, report: &FileReport<'_>) -> String {
        let mut seen = HashMap::new();
        let items: Vec<String> = report
            .problems
            .iter()
            .map(|problem| item(report, problem, &fingerprint(report, problem, &mut seen)).to_string())
            .collect();
        if items.is_empty() { String::new() } else { format!("\n  {}", items.join(",\n  ")) }
    }

    fn separator(&self) -> &'static str {
        ","
    }

    fn end(&self, summary: &Summary) -> String {
        if summary.total() == 0 { "]\n".to_owned() } else { "\n]\n".to_owned() }
    }
}

fn item(report: &FileReport<'_>, problem: &Problem, fingerprint: &str) -> Value {
    let places = report.places(problem.range);
    json!({
        "description": problem.message,
        "check_name": problem.rule,
        "fingerprint": fingerprint,
        "severity": severity(problem.severity),
        "location": { "path": report.path, "lines": { "begin": places.start.line, "end": places.end.line } },
    })
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Info => "minor",
        Severity::Hint => "info",
    }
}

/// Stays while lines move: made of what is found and of the line it stands on, not of the line's number.
fn fingerprint(report: &FileReport<'_>, problem: &Problem, seen: &mut HashMap<u64, u32>) -> String {
    let line = report.line(report.place(problem.range.start()).line - 1);
    let key = [report.path, &problem.rule, line.trim()].join("\0");
    let before = seen.entry(fnv(&key)).or_default();
    *before += 1;
    format!("{:016x}{:016x}", fnv(&key), fnv(&format!("{key}\0{before}")))
}

/// FNV-1a, 64 bits: small, and the same in every version.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
