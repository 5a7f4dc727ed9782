//! Repairs, applied until nothing is left to repair: what `--fix` and the editors' "fix all" have in common.

use std::collections::BTreeMap;

use text_size::{TextRange, TextSize};

use super::finding::{Finding, Fix};
use super::rule::Severity;
use crate::analysis::text::{TextEdit, apply_edits};

/// Something found in a text, as far as repairing it goes.
pub trait Repairable {
    /// What stops a build. No repair may bring a new one.
    fn is_error(&self) -> bool;
    /// The best repair.
    fn repair(&self) -> Option<Fix>;
}

impl Repairable for Finding {
    fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    fn repair(&self) -> Option<Fix> {
        self.fix()
    }
}

/// A text after its repairs.
#[derive(Debug)]
pub struct Repaired<P> {
    pub text: String,
    /// How many repairs were applied.
    pub applied: usize,
    /// What is left to report.
    pub problems: Vec<P>,
}

/// A repair may make room for the next one; rules that undo each other must not keep us for ever.
const MOST_ROUNDS: usize = 20;

/// Repairs `text`, in which `look` found `problems`, by all repairs that are `wanted`. A round that would bring a new
/// error is not taken. Takes as long as a `look` for each round; mostly there are two.
pub fn repair<P: Repairable>(
    text: &str,
    problems: Vec<P>,
    wanted: impl Fn(&Fix) -> bool,
    look: impl Fn(&str) -> Vec<P>,
) -> Repaired<P> {
    let errors = number_of_errors(&problems);
    let mut repaired = Repaired { text: text.to_owned(), applied: 0, problems };
    for _ in 0..MOST_ROUNDS {
        let chosen = choose(&repaired.problems, &wanted);
        let has_crlf = has_crlf(&repaired.text);
        let edits: Vec<TextEdit> = chosen.iter().flat_map(|it| adapted(it, has_crlf)).collect();
        let Some(next) = apply_edits(&repaired.text, &edits).filter(|next| *next != repaired.text) else {
            break;
        };
        let problems = look(&next);
        if number_of_errors(&problems) > errors {
            break;
        }
        let applied = repaired.applied + chosen.len();
        repaired = Repaired { text: next, applied, problems };
    }
    repaired
}

fn number_of_errors<P: Repairable>(problems: &[P]) -> usize {
    problems.iter().filter(|it| it.is_error()).count()
}

/// The first of all repairs that do not touch each other; the others wait for the next round.
fn choose<P: Repairable>(problems: &[P], wanted: impl Fn(&Fix) -> bool) -> Vec<Fix> {
    let mut taken = Taken::default();
    let fixes = problems.iter().filter_map(Repairable::repair).filter(wanted);
    fixes.filter(|fix| taken.take(fix)).collect()
}

/// The ranges that are spoken for: from each start to its end.
#[derive(Debug, Default)]
struct Taken {
    ends: BTreeMap<TextSize, TextSize>,
}

impl Taken {
    /// Takes the ranges of `fix`, or none of them if one is not free.
    fn take(&mut self, fix: &Fix) -> bool {
        let is_free = fix.edits.iter().all(|edit| self.is_free(edit.range));
        if is_free {
            for edit in &fix.edits {
                let end = self.ends.entry(edit.range.start()).or_insert(edit.range.end());
                *end = (*end).max(edit.range.end());
            }
        }
        is_free
    }

    /// Not where one ends and the other begins either: which of them came first would decide what is written.
    fn is_free(&self, range: TextRange) -> bool {
        let before = self.ends.range(..=range.end()).next_back();
        before.is_none_or(|(_, end)| *end < range.start())
    }
}

/// Most lines of the file end with `\r\n`.
fn has_crlf(text: &str) -> bool {
    let breaks = text.matches('\n').count();
    breaks > 0 && text.matches("\r\n").count() * 2 > breaks
}

/// The edits with the line breaks of the file.
fn adapted(fix: &Fix, has_crlf: bool) -> impl Iterator<Item = TextEdit> {
    let adapt = move |new: &str| {
        if has_crlf { new.replace("\r\n", "\n").replace('\n', "\r\n") } else { new.to_owned() }
    };
    fix.edits.iter().map(move |edit| TextEdit::new(edit.range, adapt(&edit.new_text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix_of(ranges: &[(u32, u32)]) -> Fix {
        let edits = ranges
            .iter()
            .map(|(start, end)| TextEdit::delete(TextRange::new((*start).into(), (*end).into())));
        Fix { title: String::new(), safe: true, edits: edits.collect() }
    }

    #[test]
    fn repairs_that_touch_wait_for_each_other() {
        let mut taken = Taken::default();
        assert!(taken.take(&fix_of(&[(10, 20), (30, 30)])));
        for refused in
            [&[(15, 16)][..], &[(0, 10)], &[(20, 25)], &[(30, 31)], &[(0, 100)], &[(1, 2), (19, 21)]]
        {
            assert!(!taken.take(&fix_of(refused)), "{refused:?}");
        }
        assert!(taken.take(&fix_of(&[(1, 2), (21, 29)])), "nothing of what was refused was taken");
    }
}
