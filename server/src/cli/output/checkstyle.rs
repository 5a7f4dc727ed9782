//! `checkstyle`: the XML of Checkstyle, which many services read.

use super::super::report::FileReport;
use super::xml::escape;
use super::{Output, Summary};
use crate::analysis::lint::Severity;

pub struct Checkstyle;

impl Output for Checkstyle {
    fn begin(&self) -> String {
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<checkstyle version=\"4.3\">\n".to_owned()
    }

    fn file(&self, report: &FileReport<'_>) -> String {
        let mut out = format!("  <file name=\"{}\">\n", escape(report.path));
        for problem in &report.problems {
            let place = report.place(problem.range.start());
            out += &format!(
                "    <error line=\"{}\" column=\"{}\" severity=\"{}\" message=\"{}\" source=\"dockwright.{}\"/>\n",
                place.line,
                place.column,
                severity(problem.severity),
                escape(&problem.message),
                escape(&problem.rule),
            );
        }
        out + "  </file>\n"
    }

    fn end(&self, _summary: &Summary) -> String {
        "</checkstyle>\n".to_owned()
    }
}

/// The format knows three.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "info",
    }
}
