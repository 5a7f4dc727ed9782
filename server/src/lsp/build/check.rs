//! BuildKit's own check of the file (`--call=check`), as findings beside ours.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use text_size::TextRange;
use tower_lsp::lsp_types::{CodeDescription, Diagnostic, DiagnosticSeverity, NumberOrString, Url};

use super::super::documents::Snapshot;
use super::anchors::{Places, anchor};
use super::builds::{Anchored, BUILD_ERROR};
use super::failures;
use super::job::Job;
use super::plan::Plan;
use super::progress::Progress;
use super::request::{Command, Trouble};
use crate::analysis::lint::{Linter, rule_named};

/// BuildKit may have to fetch its frontend first.
const LIMIT: Duration = Duration::from_secs(300);

/// What buildx prints (`subrequests/lint` of BuildKit); everything may be missing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Report {
    /// `null` if there is nothing to say.
    warnings: Option<Vec<Warning>>,
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
    location: Option<Place>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BuildError {
    message: String,
    location: Option<Place>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Place {
    ranges: Option<Vec<Lines>>,
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
    if plan.subject.is_unsaved {
        job.desk.tell(3, "the file as it was saved last is checked; newer changes are not on the disk yet");
    }
    let said = job.capture(line, LIMIT).await?;
    let uri = &plan.subject.uri;
    let Some(report) = read(&said.output) else {
        progress.end("not checked");
        if !job.cancel.is_cancelled() {
            job.desk.tell(1, &format!("BuildKit's check did not work: {}", failures::why(&said)));
        }
        return Ok(job.result(false, said.exit_code, []));
    };
    let found = findings(&plan.subject.snapshot, &report);
    let linter = job.desk.state.settings.of(uri).linter;
    let count = found.iter().filter(|it| is_wanted(it, &plan.subject.snapshot, &linter)).count();
    job.desk.state.builds.set_checks(uri, found);
    job.desk.refresh(uri);
    let unplaced = report.build_error.as_ref().filter(|it| it.has_no_place()).map(|it| it.message.as_str());
    let summary = match (count, unplaced) {
        (0, Some(message)) => format!("BuildKit cannot build this: {message}"),
        (0, None) => "BuildKit's check found nothing".to_owned(),
        (1, _) => "BuildKit's check found one problem".to_owned(),
        (count, _) => format!("BuildKit's check found {count} problems"),
    };
    progress.end(&summary);
    let ok = count == 0 && unplaced.is_none();
    job.desk.tell(if unplaced.is_some() { 1 } else { 3 }, &summary);
    Ok(job.result(ok, said.exit_code, [("findings", json!(count))]))
}

impl BuildError {
    /// About the file as a whole. That checks were made errors (`# check=error=true`) is no fault of its own.
    fn has_no_place(&self) -> bool {
        let has_place =
            self.location.as_ref().and_then(|it| it.ranges.as_ref()).is_some_and(|it| !it.is_empty());
        !has_place && !self.message.starts_with("lint violation found")
    }
}

/// The report is the first object in the output; newer versions may print something around it.
fn read(output: &str) -> Option<Report> {
    let start = output.find('{')?;
    let mut reports = serde_json::Deserializer::from_str(output.get(start..)?).into_iter::<Report>();
    reports.next()?.ok()
}

fn findings(checked: &Snapshot, report: &Report) -> Vec<Anchored> {
    let warnings = report.warnings.iter().flatten();
    let mut found: Vec<Anchored> = warnings.filter_map(|it| warning(checked, it)).collect();
    found.extend(report.build_error.as_ref().and_then(|it| build_error(checked, it)));
    found
}

/// What the user switched off does not count; whether dockwright has it too does not matter here.
fn is_wanted(found: &Anchored, checked: &Snapshot, linter: &Linter) -> bool {
    let Some(check) = found.check.as_deref().filter(|it| *it != BUILD_ERROR) else { return true };
    let places = Places::new(&checked.file);
    places.find(&found.anchor).is_none_or(|it| linter.checks(checked.model()).is_wanted(check, it.id))
}

fn warning(checked: &Snapshot, warning: &Warning) -> Option<Anchored> {
    let place = range(checked, warning.location.as_ref()?)?;
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
    let (anchor, range) = anchor(&checked.file, range(checked, error.location.as_ref()?)?)?;
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
    let lines = place.ranges.as_ref()?.first()?;
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

    fn checked(text: &str) -> Snapshot {
        let uri = Url::parse("file:///w/Dockerfile").unwrap();
        Snapshot::new(uri, Kind::Dockerfile, 0, text.to_owned(), PositionEncoding::Utf8)
    }

    #[test]
    fn findings_have_places_and_those_elsewhere_are_left_out() {
        let found = findings(&checked("FROM a\n  MAINTAINER me\n"), &read(REPORT).unwrap());
        let messages: Vec<&str> = found.iter().map(|it| it.diagnostic.message.as_str()).collect();
        assert_eq!(messages, ["Maintainer instruction is deprecated", "no"]);
        assert_eq!(found[0].check.as_deref(), Some("MaintainerDeprecated"));
        assert_eq!(u32::from(found[0].range.len()), 13);
    }

    #[test]
    fn what_is_no_report_is_none() {
        assert!(read("unknown flag: --call").is_none());
        assert!(read("{}").is_some_and(|it| it.warnings.is_none()));
    }

    /// What buildx 0.29 with Docker 28.5 printed; see `recordings/README.md`.
    fn recorded(name: &str) -> (Report, Snapshot) {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/server/src/lsp/build/recordings/");
        let file = |ending: &str| std::fs::read_to_string(format!("{folder}{name}.{ending}")).unwrap();
        (read(&file("json")).unwrap(), checked(&file("Dockerfile")))
    }

    /// `line check`, lines counted from 1.
    fn lines(name: &str) -> Vec<String> {
        let (report, checked) = recorded(name);
        let places = Places::new(&checked.file);
        let found = findings(&checked, &report).into_iter().map(|it| {
            let start = places.find(&it.anchor).unwrap().absolute_range().start() + it.range.start();
            let line = checked.position(start).line + 1;
            format!("{line} {}", it.check.filter(|it| it != BUILD_ERROR).unwrap_or(it.diagnostic.message))
        });
        found.collect()
    }

    #[test]
    fn a_real_report_is_read() {
        let expected = [
            "2 FromAsCasing",
            "3 MaintainerDeprecated",
            "9 StageNameCasing",
            "5 SecretsUsedInArgOrEnv",
            "8 WorkdirRelativePath",
            "11 MultipleInstructionsDisallowed",
        ];
        assert_eq!(lines("warnings"), expected);
        assert_eq!(
            lines("several-lines"),
            ["1 FromAsCasing", "2 UndefinedVar", "2 SecretsUsedInArgOrEnv", "2 SecretsUsedInArgOrEnv"]
        );
    }

    #[test]
    fn a_report_without_findings_has_null_for_a_list() {
        assert_eq!(lines("clean"), [""; 0]);
        let (report, _) = recorded("clean");
        assert!(report.build_error.is_none());
    }

    #[test]
    fn a_build_error_stands_at_its_line_or_is_told() {
        let message = "dockerfile parse error on line 2: unknown instruction: RUNN (did you mean RUN?)";
        assert_eq!(lines("syntax-error"), [format!("2 {message}")]);
        assert_eq!(lines("empty"), [""; 0]);
        assert!(recorded("empty").0.build_error.unwrap().has_no_place());
        assert_eq!(lines("error-true"), ["2 FromAsCasing"]);
        assert!(!recorded("error-true").0.build_error.unwrap().has_no_place());
    }
}
