//! `sarif`: SARIF 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>).
//!
//! The results stand before the tool in the run, because which rules reported is known only at the end.

use serde_json::{Value, json};
use text_size::TextRange;

use super::super::report::{FileReport, Problem};
use super::{Output, Summary};
use crate::analysis::lint::{Fix, Severity, rule_named};

pub struct Sarif;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

impl Output for Sarif {
    fn begin(&self) -> String {
        format!(
            "{{\n  \"$schema\": \"{SCHEMA}\",\n  \"version\": \"2.1.0\",\n  \"runs\": [{{\n    \
             \"columnKind\": \"unicodeCodePoints\",\n    \"results\": ["
        )
    }

    fn file(&self, report: &FileReport<'_>) -> String {
        let results: Vec<String> = report.problems.iter().map(|it| result(report, it).to_string()).collect();
        if results.is_empty() { String::new() } else { format!("\n      {}", results.join(",\n      ")) }
    }

    fn separator(&self) -> &'static str {
        ","
    }

    fn end(&self, summary: &Summary) -> String {
        let tool = json!({ "driver": {
            "name": "Dockwright",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": summary.rules.iter().map(|(name, url)| rule(name, url)).collect::<Value>(),
        } });
        let notifications =
            summary.troubles.iter().map(|it| json!({ "level": "error", "message": { "text": it } }));
        let invocation = json!({
            "executionSuccessful": summary.troubles.is_empty(),
            "toolExecutionNotifications": notifications.collect::<Value>(),
        });
        format!("\n    ],\n    \"tool\": {tool},\n    \"invocations\": [{invocation}]\n  }}]\n}}\n")
    }
}

fn rule(name: &str, url: &str) -> Value {
    let mut entry = json!({ "id": name, "helpUri": url });
    if let Some(rule) = rule_named(name) {
        let page = rule.markdown();
        entry["name"] = json!(pascal_case(name));
        entry["shortDescription"] = json!({ "text": rule.summary() });
        entry["help"] = json!({ "text": page, "markdown": page });
        entry["defaultConfiguration"] = json!({ "level": level(rule.severity) });
        entry["properties"] = json!({ "tags": rule.aliases });
    }
    entry
}

fn result(report: &FileReport<'_>, problem: &Problem) -> Value {
    let mut result = json!({
        "ruleId": problem.rule,
        "level": level(problem.severity),
        "message": { "text": problem.message },
        "locations": [location(report, problem.range, None)],
    });
    if !problem.related.is_empty() {
        let related = problem.related.iter().map(|(range, message)| location(report, *range, Some(message)));
        result["relatedLocations"] = related.collect();
    }
    if let Some(fix) = &problem.fix {
        result["fixes"] = json!([fix_of(report, fix)]);
    }
    result
}

fn location(report: &FileReport<'_>, range: TextRange, message: Option<&str>) -> Value {
    let mut location = json!({
        "physicalLocation": { "artifactLocation": { "uri": uri(report.path) }, "region": region(report, range) },
    });
    if let Some(message) = message {
        location["message"] = json!({ "text": message });
    }
    location
}

fn region(report: &FileReport<'_>, range: TextRange) -> Value {
    let places = report.places(range);
    json!({
        "startLine": places.start.line, "startColumn": places.start.column,
        "endLine": places.end.line, "endColumn": places.end.column,
    })
}

fn fix_of(report: &FileReport<'_>, fix: &Fix) -> Value {
    let replacements = fix.edits.iter().map(|edit| {
        json!({ "deletedRegion": region(report, edit.range), "insertedContent": { "text": edit.new_text } })
    });
    let change = json!({
        "artifactLocation": { "uri": uri(report.path) },
        "replacements": replacements.collect::<Value>(),
    });
    json!({ "description": { "text": fix.title }, "artifactChanges": [change] })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "note",
    }
}

/// `deprecated-maintainer` → `DeprecatedMaintainer`.
fn pascal_case(name: &str) -> String {
    let parts = name.split('-').map(|part| {
        let mut characters = part.chars();
        let first = characters.next().map(|it| it.to_ascii_uppercase());
        first.into_iter().chain(characters).collect::<String>()
    });
    parts.collect()
}

/// A path as a URI reference: relative as it is, absolute behind `file://`.
fn uri(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let encode = |byte: u8| match is_plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    let encoded: String = path.bytes().map(encode).collect();
    let is_drive = path.as_bytes().get(1) == Some(&b':');
    match path.starts_with('/') {
        true => format!("file://{encoded}"),
        false if is_drive => format!("file:///{}", encoded.replacen("%3A", ":", 1)),
        false => encoded,
    }
}
