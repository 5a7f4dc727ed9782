//! `gnu`: one line for each finding, as compilers print them
//! (<https://www.gnu.org/prep/standards/html_node/Errors.html>).

use super::super::report::FileReport;
use super::super::terminal::safe;
use super::Output;

pub struct Gnu;

impl Output for Gnu {
    fn file(&self, report: &FileReport<'_>) -> String {
        let lines = report.problems.iter().map(|problem| {
            let place = report.place(problem.range.start());
            format!(
                "{}:{}:{}: {}: {} [{}]\n",
                safe(report.path),
                place.line,
                place.column,
                problem.severity.as_str(),
                safe(&problem.message),
                problem.rule
            )
        });
        lines.collect()
    }
}
