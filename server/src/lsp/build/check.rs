//! BuildKit's own check of the file (`--call=check`), as findings beside ours.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use text_size::TextRange;
use tower_lsp::lsp_types::{CodeDescription, Diagnostic, DiagnosticSeverity, NumberOrString, Url};

use super::super::documents::Snapshot;
use super::anchors::anchor;
use super::builds::{Anchored, BUILD_ERROR};
use super::failures;
use super::job::Job;
use super::plan::Plan;
use super::progress::Progress;
use super::request::{Command, Trouble};
use crate::analysis::lint::rule_named;
use crate::config::{Level, Settings};

/// BuildKit may have to fetch its frontend first.
const LIMIT: Duration = Duration::from_secs(300);

/// What buildx prints (`subrequests/lint` of BuildKit); everything may be missing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Report {
    warnings: Vec<Warning>,
    #[serde(rename = "buildError")]
    build_error: Option<BuildError>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Warning {
    rule_name: String,
    description: String,
    url: String,
    detail: String,
    location: Place,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BuildError {
    message: String,
    location: Place,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Place {
    ranges: Vec<Lines>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Lines {
    start: At,
    end: At,
}

/// Lines count from 1; columns are not told.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct At {
    line: u32,
}

pub async fn check(job: &Job, plan: &Plan) -> Result<Value, Trouble> {
    // An old engine is not a wrong argument: the user is told.
    let line = plan.line(Command::Check).map_err(|it| Trouble::Unable(it.sentence().to_owned()))?;
    let progress = Progress::begin(&job.desk, job.token.clone(), "Checking with BuildKit", &job.cancel).await;
    let said = job.capture(line, LIMIT).await?;
    let uri = &plan.subject.uri;
    let Some(report) = read(&said.output) else {
        progress.end("not checked");
        if !job.cancel.is_cancelled() {
            job.desk.tell(1, &format!("BuildKit's check did not work: {}", failures::why(&said)));
        }
        return Ok(job.result(false, said.exit_code, []));
    };
    let settings = job.desk.state.settings.of(uri).settings;
    let found = findings(&plan.subject.snapshot, &report, &settings);
    let count = found.len();
    job.desk.state.builds.set_checks(uri, found);
    job.desk.refresh(uri);
    let summary = match count {
        0 => "BuildKit's check found nothing".to_owned(),
        1 => "BuildKit's check found one problem".to_owned(),
        count => format!("BuildKit's check found {count} problems"),
    };
    progress.end(&summary);
    job.desk.tell(3, &summary);
    Ok(job.result(count == 0, said.exit_code, [("findings", json!(count))]))
}

/// The report is the first object in the output; newer versions may print something around it.
fn read(output: &str) -> Option<Report> {
    let start = output.find('{')?;
    let mut reports = serde_json::Deserializer::from_str(output.get(start..)?).into_iter::<Report>();
    reports.next()?.ok()
}

fn findings(checked: &Snapshot, report: &Report, settings: &Settings) -> Vec<Anchored> {
    let warnings = report.warnings.iter().filter(|it| is_wanted(&it.rule_name, settings));
    let mut found: Vec<Anchored> = warnings.filter_map(|it| warning(checked, it)).collect();
    found.extend(report.build_error.as_ref().and_then(|it| build_error(checked, it)));
    found
}

/// What the user switched off by any of its names stays off.
fn is_wanted(check: &str, settings: &Settings) -> bool {
    let own = rule_named(check);
    let is_it = |name: &String| {
        name == check || own.is_some_and(|it| it.name == name || it.aliases.contains(&name.as_str()))
    };
    let is_off = |(name, level): (&String, &Level)| is_it(name) && *level == Level::Off;
    !settings.rules.ignore.iter().any(is_it) && !settings.rules.severity.iter().any(is_off)
}

fn warning(checked: &Snapshot, warning: &Warning) -> Option<Anchored> {
    let place = range(checked, &warning.location)?;
    let (anchor, range) = anchor(&checked.file, place)?;
    let own = rule_named(&warning.rule_name);
    let message = if warning.detail.is_empty() { &warning.description } else { &warning.detail };
    let diagnostic = Diagnostic {
        severity: Some(DiagnosticSeverity::WARNING),
        code: Some(NumberOrString::String(warning.rule_name.clone())),
        code_description: Url::parse(&warning.url).ok().map(|href| CodeDescription { href }),
        source: Some("buildkit".to_owned()),
        message: message.clone(),
        data: Some(json!({ "rule": own.map(|it| it.name), "aliases": [warning.rule_name] })),
        ..Diagnostic::default()
    };
    Some(Anchored { anchor, range, diagnostic, check: Some(warning.rule_name.clone()) })
}

fn build_error(checked: &Snapshot, error: &BuildError) -> Option<Anchored> {
    let (anchor, range) = anchor(&checked.file, range(checked, &error.location)?)?;
    let diagnostic = Diagnostic {
        severity: Some(DiagnosticSeverity::ERROR),
        source: Some("buildkit".to_owned()),
        message: error.message.clone(),
        ..Diagnostic::default()
    };
    Some(Anchored { anchor, range, diagnostic, check: Some(BUILD_ERROR.to_owned()) })
}

/// The lines of the first range, without blanks at their ends.
fn range(checked: &Snapshot, place: &Place) -> Option<TextRange> {
    let lines = place.ranges.first()?;
    let first = lines.start.line.checked_sub(1).filter(|it| *it < checked.index.line_count())?;
    let last = lines.end.line.saturating_sub(1).clamp(first, checked.index.line_count() - 1);
    let content = |line| checked.index.line_content(checked.text(), line);
    let start = content(first).start();
    let end = content(last).end().max(start);
    let text = checked.file.slice(TextRange::new(start, end));
    let blanks = text.len() - text.trim_start().len();
    Some(TextRange::new(start + text_size::TextSize::from(blanks as u32), end))
}

#[cfg(test)]
mod tests {
    use super::super::super::documents::Kind;
    use super::*;
    use crate::analysis::text::PositionEncoding;

    const REPORT: &str = r#"{
      "warnings": [
        { "ruleName": "MaintainerDeprecated", "description": "d", "url": "https://docs.docker.com/x/",
          "detail": "Maintainer instruction is deprecated",
          "location": { "ranges": [{ "start": { "line": 2 }, "end": { "line": 2 } }] } },
        { "ruleName": "FromTheFuture", "description": "new", "location": { "ranges": [{ "start": { "line": 99 } }] } }
      ],
      "buildError": { "message": "no", "location": { "ranges": [{ "start": { "line": 1 }, "end": { "line": 1 } }] } }
    }"#;

    fn found(settings: &Settings) -> Vec<Anchored> {
        let uri = Url::parse("file:///w/Dockerfile").unwrap();
        let text = "FROM a\n  MAINTAINER me\n".to_owned();
        let checked = Snapshot::new(uri, Kind::Dockerfile, 0, text, PositionEncoding::Utf8);
        findings(&checked, &read(REPORT).unwrap(), settings)
    }

    #[test]
    fn findings_have_places_and_those_elsewhere_are_left_out() {
        let found = found(&Settings::default());
        let messages: Vec<&str> = found.iter().map(|it| it.diagnostic.message.as_str()).collect();
        assert_eq!(messages, ["Maintainer instruction is deprecated", "no"]);
        assert_eq!(found[0].check.as_deref(), Some("MaintainerDeprecated"));
        assert_eq!(u32::from(found[0].range.len()), 13);
    }

    #[test]
    fn what_is_switched_off_by_any_name_is_not_shown() {
        let mut settings = Settings::default();
        settings.rules.ignore = vec!["deprecated-maintainer".to_owned()];
        assert_eq!(found(&settings).len(), 1);
    }

    #[test]
    fn what_is_no_report_is_none() {
        assert!(read("unknown flag: --call").is_none());
        assert!(read("{}").is_some_and(|it| it.warnings.is_empty()));
    }
}
