//! The checks: what BuildKit rejects, what it warns about, and what experience adds.
//!
//! * [`rule`] — what a rule is; [`rules`] — one file for each, and the table of them all.
//! * [`Options`] → [`Linter`]: which rules run and how serious each is. Made once, shared by documents.
//! * [`Linter::check`] with a [`LintCache`] per document: findings of unchanged instructions are kept.
//! * [`Report`](report::Report) and [`context`], [`shell`] — what a check gets.
//! * [`suppress`] — comments that switch rules off.
//! * [`shellcheck`] — scripts for ShellCheck, and what it finds in them.
//! * [`docs`] — a rule's doc comment as page, explanation and tested examples.
//!
//! Add a rule: copy the nearest file in `rules/`, add its two lines to `rules/mod.rs`, run
//! `UPDATE_EXPECT=1 cargo test --lib --no-default-features lint`.

mod cache;
mod checks;
pub mod context;
mod cover;
pub mod docs;
mod doubled;
mod expanded;
mod facts;
mod finding;
mod images;
mod labels;
mod launch;
mod names;
mod options;
mod overridden;
mod packages;
mod ports;
mod prelude;
pub mod repair;
mod report;
pub mod rule;
mod rules;
mod sections;
pub mod shell;
mod shell_rules;
pub mod shellcheck;
pub mod suppress;
mod suppression_edits;
mod user;

#[cfg(test)]
pub(crate) mod tests;

pub use cache::LintCache;
pub use checks::Checks;
pub use facts::Facts;
pub use finding::{Finding, Fix};
pub use labels::LabelKind;
pub use names::{RuleName, is_foreign, rule_named, rules_named};
pub use options::{Linter, Options, Policy, UnknownRule};
pub use rule::{FixSafety, Profile, Rule, Severity, Tag};
pub use rules::RULES;
pub use suppression_edits::{Place, Suppressible, suppress_edits};

use crate::analysis::model::Model;

/// All findings of a file from scratch, in order; for one-shot use.
pub fn check(model: &Model, linter: &Linter, facts: &Facts) -> Vec<Finding> {
    linter.check(model, facts, &mut LintCache::default())
}
