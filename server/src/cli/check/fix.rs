//! Applies repairs until nothing is left to repair.

use text_size::TextRange;

use super::Lint;
use crate::analysis::lint::{Fix, Severity};
use crate::analysis::text::{TextEdit, apply_edits};
use crate::cli::report::Problem;

/// Which repairs to apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixes {
    Safe,
    /// Also those that someone has to look at.
    All,
}

/// A file after its repairs.
#[derive(Debug)]
pub struct Fixed {
    pub text: String,
    /// How many repairs were applied.
    pub applied: usize,
    /// What is left to report.
    pub problems: Vec<Problem>,
}

/// A repair may make room for the next one; rules that undo each other must not keep us for ever.
const MOST_ROUNDS: usize = 20;

/// Repairs `text`; if that would bring a new error, everything stays as it is.
pub fn fix(text: &str, fixes: Fixes, lint: &Lint<'_>) -> Fixed {
    let problems = lint.problems(text);
    let errors = number_of_errors(&problems);
    let mut fixed = Fixed { text: text.to_owned(), applied: 0, problems };
    for _ in 0..MOST_ROUNDS {
        let chosen = choose(&fixed.problems, fixes);
        let edits: Vec<TextEdit> = chosen.iter().flat_map(|it| adapted(it, &fixed.text)).collect();
        let Some(next) = apply_edits(&fixed.text, &edits).filter(|next| *next != fixed.text) else { break };
        let problems = lint.problems(&next);
        if number_of_errors(&problems) > errors {
            break;
        }
        fixed = Fixed { text: next, applied: fixed.applied + chosen.len(), problems };
    }
    fixed
}

fn number_of_errors(problems: &[Problem]) -> usize {
    problems.iter().filter(|it| it.severity == Severity::Error).count()
}

/// The first of all repairs that do not touch each other; the others wait for the next round.
fn choose(problems: &[Problem], fixes: Fixes) -> Vec<Fix> {
    let mut chosen: Vec<Fix> = Vec::new();
    for fix in problems.iter().filter_map(|it| it.fix.as_ref()).filter(|it| it.safe || fixes == Fixes::All) {
        if !chosen.iter().any(|other| touch(other, fix)) {
            chosen.push(fix.clone());
        }
    }
    chosen
}

fn touch(one: &Fix, other: &Fix) -> bool {
    one.edits.iter().any(|a| other.edits.iter().any(|b| overlap(a.range, b.range)))
}

/// Also where one ends and the other begins: which of them came first would decide what is written.
fn overlap(a: TextRange, b: TextRange) -> bool {
    a.intersect(b).is_some()
}

/// The edits with the line breaks of the file.
fn adapted(fix: &Fix, text: &str) -> Vec<TextEdit> {
    let breaks = text.matches('\n').count();
    let has_crlf = breaks > 0 && text.matches("\r\n").count() * 2 > breaks;
    let adapt =
        |new: &str| if has_crlf { new.replace("\r\n", "\n").replace('\n', "\r\n") } else { new.to_owned() };
    fix.edits.iter().map(|edit| TextEdit::new(edit.range, adapt(&edit.new_text))).collect()
}
