//! `json` and `jsonl`: the shape is a promise to scripts.

use serde::Serialize;

use super::super::report::{FileReport, Places, Problem};
use super::{Output, Summary};
use crate::analysis::lint::Fix;

pub struct Json;
pub struct JsonLines;

#[derive(Serialize)]
struct Item<'a> {
    path: &'a str,
    rule: &'a str,
    aliases: &'a [&'a str],
    severity: &'static str,
    message: &'a str,
    range: Places,
    url: &'a str,
    fix: Option<FixItem>,
}

#[derive(Serialize)]
struct FixItem {
    title: String,
    safe: bool,
    edits: Vec<EditItem>,
}

#[derive(Serialize)]
struct EditItem {
    range: Places,
    new_text: String,
}

fn item<'a>(report: &FileReport<'a>, problem: &'a Problem) -> Item<'a> {
    Item {
        path: report.path,
        rule: &problem.rule,
        aliases: problem.aliases,
        severity: problem.severity.as_str(),
        message: &problem.message,
        range: report.places(problem.range),
        url: &problem.url,
        fix: problem.fix.clone().map(|fix| fix_item(report, fix)),
    }
}

fn fix_item(report: &FileReport<'_>, fix: Fix) -> FixItem {
    let edits = fix.edits.into_iter();
    let edits = edits.map(|it| EditItem { range: report.places(it.range), new_text: it.new_text }).collect();
    FixItem { title: fix.title, safe: fix.safe, edits }
}

fn lines(report: &FileReport<'_>) -> Vec<String> {
    let items = report.problems.iter().map(|problem| item(report, problem));
    items.map(|item| serde_json::to_string(&item).unwrap_or_default()).collect()
}

impl Output for Json {
    fn begin(&self) -> String {
        "[".to_owned()
    }

    fn file(&self, report: &FileReport<'_>) -> String {
        let lines = lines(report);
        if lines.is_empty() { String::new() } else { format!("\n  {}", lines.join(",\n  ")) }
    }

    fn separator(&self) -> &'static str {
        ","
    }

    fn end(&self, summary: &Summary) -> String {
        if summary.total() == 0 { "]\n".to_owned() } else { "\n]\n".to_owned() }
    }
}

impl Output for JsonLines {
    fn file(&self, report: &FileReport<'_>) -> String {
        lines(report).into_iter().map(|line| line + "\n").collect()
    }
}
