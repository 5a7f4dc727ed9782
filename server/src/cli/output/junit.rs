//! `junit`: the XML of test runners; a file is a suite, a finding a failed test.

use super::super::report::{FileReport, Problem};
use super::xml::escape;
use super::{Output, Summary};

pub struct Junit;

impl Output for Junit {
    fn begin(&self) -> String {
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<testsuites name=\"dockwright\">\n".to_owned()
    }

    fn file(&self, report: &FileReport<'_>) -> String {
        let failures = report.problems.len();
        let path = escape(report.path);
        let tests = failures.max(1);
        let mut out =
            format!("  <testsuite name=\"{path}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">\n");
        if failures == 0 {
            out += &format!("    <testcase name=\"no problems\" classname=\"{path}\"/>\n");
        }
        out.extend(report.problems.iter().map(|problem| case(report, problem)));
        out + "  </testsuite>\n"
    }

    fn end(&self, _summary: &Summary) -> String {
        "</testsuites>\n".to_owned()
    }
}

fn case(report: &FileReport<'_>, problem: &Problem) -> String {
    let place = report.place(problem.range.start());
    let name = format!("{} (line {}, column {})", problem.rule, place.line, place.column);
    format!(
        "    <testcase name=\"{}\" classname=\"{path}\" file=\"{path}\" line=\"{}\">\n      \
         <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>\n",
        escape(&name),
        place.line,
        problem.severity.as_str(),
        escape(&problem.message),
        escape(&problem.url),
        path = escape(report.path),
    )
}
