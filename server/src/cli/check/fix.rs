//! Applies repairs until nothing is left to repair.

use super::Lint;
use crate::analysis::lint::repair::{Repairable, Repaired, repair};
use crate::analysis::lint::{Fix, Severity};
use crate::cli::report::Problem;

/// Which repairs to apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixes {
    Safe,
    /// Also those that someone has to look at.
    All,
}

/// Repairs `text`; if that would bring a new error, everything stays as it is.
pub fn fix(text: &str, fixes: Fixes, lint: &Lint<'_>) -> Repaired<Problem> {
    let wanted = |fix: &Fix| fix.safe || fixes == Fixes::All;
    repair(text, lint.problems(text), wanted, |text| lint.problems(text))
}

impl Repairable for Problem {
    fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    fn repair(&self) -> Option<Fix> {
        self.fix.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;
    use crate::analysis::lint::{Facts, Linter, Options, Profile, RULES};

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
