//! `human`: for people, beginners among them: the place in the source, what is wrong, why, and the way out.

use std::collections::HashSet;
use std::ops::Range;

use text_size::{TextRange, TextSize};

use super::super::report::{FileReport, Problem};
use super::super::terminal::{Paint, ShownLine, Style, safe, wrapped};
use super::{Output, Summary, count};
use crate::analysis::lint::Severity;

/// Bytes of a source line that are shown; of a longer one, the part around the fault.
const LONGEST_LINE: usize = 140;
/// Columns of what is said below it.
const NOTE_WIDTH: usize = 90;
/// Lines of a finding that are shown before the rest is left out.
const MOST_LINES: u32 = 5;

pub struct Human {
    pub paint: Paint,
    pub is_quiet: bool,
}

impl Output for Human {
    fn file(&self, report: &FileReport<'_>) -> String {
        let mut explained = HashSet::new();
        let mut out = String::new();
        for problem in &report.problems {
            self.header(report, problem, &mut out);
            self.snippet(report, problem, &mut out);
            self.notes(report, problem, explained.insert(problem.rule.as_ref()), &mut out);
            out.push('\n');
        }
        out
    }

    fn end(&self, summary: &Summary) -> String {
        if self.is_quiet { String::new() } else { self.totals(summary) }
    }
}

impl Human {
    /// The header of a problem and its lines of the file.
    pub fn place(&self, report: &FileReport<'_>, problem: &Problem) -> String {
        let mut out = String::new();
        self.header(report, problem, &mut out);
        self.snippet(report, problem, &mut out);
        out
    }

    /// One `= name: text`; `margin` columns stand before it.
    pub fn note(&self, margin: usize, name: &str, text: &str) -> String {
        let margin = " ".repeat(margin);
        let indent = format!("\n{margin}   {}", " ".repeat(name.len() + 2));
        let text = wrapped(&safe(text), NOTE_WIDTH).join(&indent);
        let (bar, name) = (self.paint.paint(Style::Frame, "="), self.paint.paint(Style::Bold, name));
        format!("{margin} {bar} {name}: {text}\n")
    }

    fn header(&self, report: &FileReport<'_>, problem: &Problem, out: &mut String) {
        let place = report.place(problem.range.start());
        let severity = self.paint.paint(style(problem.severity), problem.severity.as_str());
        let rule = self.paint.paint(style(problem.severity), &format!("[{}]", problem.rule));
        let message = self.paint.paint(Style::Bold, &safe(&problem.message));
        let arrow = self.paint.paint(Style::Frame, "-->");
        let margin = " ".repeat(margin(report, problem));
        *out += &format!("{severity}{rule}: {message}\n{margin}{arrow} ");
        *out += &format!("{}:{}:{}\n", safe(report.path), place.line, place.column);
    }

    fn snippet(&self, report: &FileReport<'_>, problem: &Problem, out: &mut String) {
        let margin = margin(report, problem);
        let bar = self.paint.paint(Style::Frame, "|");
        *out += &format!("{} {bar}\n", " ".repeat(margin));
        let (first, last) = lines(report, problem.range);
        for line in first..=last {
            // Of many lines the first ones and the last.
            let is_left_out = last - first >= MOST_LINES && line > first + 1 && line < last;
            match is_left_out {
                true if line == first + 2 => *out += &format!("{}\n", self.paint.paint(Style::Frame, "...")),
                true => {}
                false => self.line(report, problem, line, margin, out),
            }
        }
    }

    fn line(&self, report: &FileReport<'_>, problem: &Problem, line: u32, margin: usize, out: &mut String) {
        let part = Part::new(report.line(line), marked(report, problem.range, line));
        let number = self.paint.paint(Style::Frame, &format!("{:>margin$}", line + 1));
        let bar = self.paint.paint(Style::Frame, "|");
        *out += format!("{number} {bar} {}", part.text).trim_end();
        let blanks = " ".repeat(part.columns.start);
        let carets = self.paint.paint(style(problem.severity), &"^".repeat(part.columns.len()));
        *out += &format!("\n{} {bar} {blanks}{carets}\n", " ".repeat(margin));
    }

    fn notes(&self, report: &FileReport<'_>, problem: &Problem, is_first: bool, out: &mut String) {
        let margin = margin(report, problem);
        let mut note = |name: &str, text: &str| *out += &self.note(margin, name, text);
        for (range, message) in &problem.related {
            note(&format!("line {}", report.place(range.start()).line), message);
        }
        // Once in a file is enough.
        if is_first && let Some(why) = problem.why() {
            note("why", &why);
        }
        if let Some(fix) = &problem.fix {
            let flag = if fix.safe { "--fix" } else { "--unsafe-fixes" };
            note("fix", &format!("{} ({flag})", lower_first(&fix.title)));
        }
        note("see", &problem.url);
    }

    fn totals(&self, summary: &Summary) -> String {
        let mut out = String::new();
        if summary.fixed > 0 {
            let files = count(summary.fixed_files, "file");
            out += &format!("Fixed {} in {files}.\n", count(summary.fixed, "problem"));
        }
        if summary.total() == 0 && summary.files > 0 {
            let verdict = self.paint.paint(Style::Bold, "no problems found");
            return out + &format!("{verdict} in {}\n", count(summary.files, "file"));
        }
        if summary.total() == 0 {
            return out;
        }
        let kinds = summary.problems.iter().rev().filter(|(_, number)| **number > 0);
        let kinds: Vec<String> = kinds.map(|(severity, number)| self.kind(*severity, *number)).collect();
        let files = format!("{} of {}", summary.files_with_problems, count(summary.files, "file"));
        out + &format!("{} in {files}\n{}", kinds.join(", "), fixable(summary))
    }

    fn kind(&self, severity: Severity, number: usize) -> String {
        // "2 infos" is no English.
        let text = match severity {
            Severity::Info => format!("{number} info"),
            severity => count(number, severity.as_str()),
        };
        self.paint.paint(style(severity), &text)
    }
}

fn fixable(summary: &Summary) -> String {
    match (summary.fixable, summary.unsafely_fixable) {
        (0, 0) => String::new(),
        (safe, 0) => format!("{safe} can be fixed with `--fix`\n"),
        (0, others) => format!("{others} can be fixed with `--unsafe-fixes`; look at the result\n"),
        (safe, others) => format!("{safe} can be fixed with `--fix`, {others} more with `--unsafe-fixes`\n"),
    }
}

pub fn style(severity: Severity) -> Style {
    match severity {
        Severity::Error => Style::Error,
        Severity::Warning => Style::Warning,
        Severity::Info => Style::Info,
        Severity::Hint => Style::Hint,
    }
}

/// The first and the last line (from 0) on which `range` has a character.
fn lines(report: &FileReport<'_>, range: TextRange) -> (u32, u32) {
    let first = report.lines.line_of(range.start());
    let before_end = if range.is_empty() { range.end() } else { range.end() - TextSize::from(1) };
    (first, report.lines.line_of(before_end).max(first))
}

/// The digits of the highest line number.
pub fn margin(report: &FileReport<'_>, problem: &Problem) -> usize {
    (lines(report, problem.range).1 + 1).to_string().len()
}

/// The bytes of a line that `range` covers, without the blanks before its text.
fn marked(report: &FileReport<'_>, range: TextRange, line: u32) -> Range<usize> {
    let source = report.line(line);
    let start = usize::from(report.lines.line_start(line));
    let from = usize::from(range.start()).saturating_sub(start);
    let to = usize::from(range.end()).saturating_sub(start).min(source.len());
    let indent = source.len() - source.trim_start().len();
    let is_later_line = usize::from(range.start()) < start;
    let from = if is_later_line { indent } else { from };
    from.min(to)..to
}

/// What is shown of a line, and the columns of it to underline (at least one).
struct Part {
    text: String,
    columns: Range<usize>,
}

impl Part {
    /// `marked`: bytes of `source`.
    fn new(source: &str, marked: Range<usize>) -> Part {
        let (bytes, head, tail) = near(source, &marked);
        let line = ShownLine::new(source.get(bytes.clone()).unwrap_or_default());
        let column = |byte: usize| line.column(byte.saturating_sub(bytes.start)) + head.len().min(1);
        let text = format!("{head}{}{tail}", line.text);
        let end = column(marked.end.min(bytes.end));
        let start = column(marked.start);
        Part { text, columns: start..end.max(start + 1) }
    }
}

/// The bytes of a long line to show, and the marks for what is left out on either side. Lines can be megabytes
/// long, so nothing here looks at all of one.
fn near(source: &str, marked: &Range<usize>) -> (Range<usize>, &'static str, &'static str) {
    if source.len() <= LONGEST_LINE {
        return (0..source.len(), "", "");
    }
    let boundary = |at: usize| (0..=at).rev().find(|at| source.is_char_boundary(*at)).unwrap_or(0);
    let is_near_start = marked.start < LONGEST_LINE - 20;
    let start = if is_near_start { 0 } else { boundary(marked.start - 20) };
    let end = boundary((start + LONGEST_LINE).min(source.len()));
    let mark = |is_cut: bool| if is_cut { "…" } else { "" };
    (start..end, mark(start > 0), mark(end < source.len()))
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|it| it.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}
