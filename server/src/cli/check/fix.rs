//! Applies repairs until nothing is left to repair.

use std::collections::BTreeMap;

use text_size::{TextRange, TextSize};

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
        let has_crlf = has_crlf(&fixed.text);
        let edits: Vec<TextEdit> = chosen.iter().flat_map(|it| adapted(it, has_crlf)).collect();
        let Some(next) = apply_edits(&fixed.text, &edits).filter(|next| *next != fixed.text) else { break };
        let problems = lint.problems(&next);
        if number_of_errors(&problems) > errors {
            break;
        }
        let applied = fixed.applied + chosen.len();
        fixed = Fixed { text: next, applied, problems };
    }
    fixed
}

fn number_of_errors(problems: &[Problem]) -> usize {
    problems.iter().filter(|it| it.severity == Severity::Error).count()
}

/// The first of all repairs that do not touch each other; the others wait for the next round.
fn choose(problems: &[Problem], fixes: Fixes) -> Vec<&Fix> {
    let mut taken = Taken::default();
    let wanted = problems.iter().filter_map(|it| it.fix.as_ref()).filter(|it| it.safe || fixes == Fixes::All);
    wanted.filter(|fix| taken.take(fix)).collect()
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
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;
    use crate::analysis::lint::{Facts, Linter, Options, Profile, RULES};

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

    /// Repairs that make another rule see what is written: `apt` becomes `apt-get`, `ADD` becomes `COPY`, and with the
    /// `CMD` that had no effect goes the only use of an argument.
    const REVEALED: [&str; 5] = [
        "apt-get-with-recommends",
        "apt-lists-left-behind",
        "relative-copy-destination",
        "unpinned-apt-package",
        "unused-argument",
    ];

    /// How often each rule finds something, apart from those that repairs reveal.
    fn counts(problems: &[Problem]) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for problem in problems.iter().filter(|it| !REVEALED.contains(&&*it.rule)) {
            *counts.entry(problem.rule.to_string()).or_default() += 1;
        }
        counts
    }

    fn check_repairs(text: &str) {
        let options = Options { profile: Profile::All, ..Options::default() };
        let linter = Linter::new(&options).0;
        let lint = Lint { linter: &linter, facts: Facts::default(), shellcheck: None };
        let before = counts(&lint.problems(text));
        let fixed = fix(text, Fixes::Safe, &lint);
        for (rule, count) in counts(&fixed.problems) {
            let earlier = before.get(&rule).copied().unwrap_or(0);
            assert!(count <= earlier, "new: {rule} in\n{}\nwhich was\n{text}", fixed.text);
        }
        let again = fix(&fixed.text, Fixes::Safe, &lint);
        assert_eq!(again.text, fixed.text, "a second run changes something; at first it was\n{text}");
        let left = fixed.problems.iter().filter(|it| it.fix.as_ref().is_some_and(|fix| fix.safe)).count();
        assert_eq!(left, 0, "safe repairs are left in\n{}\nwhich was\n{text}", fixed.text);
    }

    /// The examples of all rules, bad and good.
    fn examples() -> Vec<String> {
        RULES.iter().flat_map(|rule| rule.examples()).map(|it| it.text).collect()
    }

    #[test]
    fn repairing_every_example_leaves_nothing_to_repair_and_nothing_new() {
        examples().iter().for_each(|text| check_repairs(text));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, rng_seed: RngSeed::Fixed(2026), failure_persistence: None, ..ProptestConfig::default() })]

        /// Pieces of examples in any order, with either line break.
        #[test]
        fn repairing_any_file_leaves_nothing_to_repair_and_nothing_new(
            picks in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..6),
            has_crlf in any::<bool>(),
        ) {
            let examples = examples();
            let piece = |(example, line): &(prop::sample::Index, prop::sample::Index)| {
                let lines: Vec<&str> = example.get(&examples).lines().collect();
                let from = line.index(lines.len().max(1));
                lines.get(from..).unwrap_or_default().join("\n") + "\n"
            };
            let text: String = picks.iter().map(piece).collect();
            check_repairs(&if has_crlf { text.replace('\n', "\r\n") } else { text });
        }
    }
}
