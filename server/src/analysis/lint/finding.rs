//! What a rule found, where, and how to repair it.

use std::sync::Arc;

use text_size::{TextRange, TextSize};

use super::rule::{Rule, Severity};
use crate::analysis::text::TextEdit;

/// One finding. Cheap to clone: findings of unchanged instructions are shared between versions of a file.
#[derive(Debug, Clone)]
pub struct Finding {
    pub rule: &'static Rule,
    pub severity: Severity,
    /// Absolute.
    pub range: TextRange,
    /// What the ranges in `detail` count from.
    base: TextSize,
    detail: Arc<Detail>,
}

/// The part of a finding that does not change when it moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Detail {
    pub range: TextRange,
    pub message: String,
    pub related: Vec<(TextRange, String)>,
    pub fixes: Vec<Fix>,
}

/// Edits that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order: "Write `RUN`".
    pub title: String,
    /// The build means the same afterwards; may be applied without asking.
    pub safe: bool,
    pub edits: Vec<TextEdit>,
}

impl Finding {
    pub(super) fn new(rule: &'static Rule, severity: Severity, detail: Detail) -> Self {
        Finding { rule, severity, range: detail.range, base: TextSize::from(0), detail: Arc::new(detail) }
    }

    /// The finding, moved: `base` is where the local offset 0 stands.
    pub(super) fn at(&self, base: TextSize) -> Self {
        Finding { range: self.detail.range + base, base, ..self.clone() }
    }

    /// The same finding with its ranges counted from `base`, which must not lie behind any of them.
    pub(super) fn counted_from(&self, base: TextSize) -> Self {
        let mut finding = self.clone();
        let detail = finding.detail_mut();
        detail.range -= base;
        detail.related.iter_mut().for_each(|(range, _)| *range -= base);
        detail.fixes.iter_mut().flat_map(|fix| &mut fix.edits).for_each(|edit| edit.range -= base);
        finding
    }

    /// Every range it speaks of, absolute.
    pub(super) fn all_ranges(&self) -> impl Iterator<Item = TextRange> {
        let edits = self.detail.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.range);
        let others = self.detail.related.iter().map(|(range, _)| *range).chain(edits);
        std::iter::once(self.detail.range).chain(others).map(|range| range + self.base)
    }

    pub(super) fn detail_mut(&mut self) -> &mut Detail {
        Arc::make_mut(&mut self.detail)
    }

    /// What is wrong and what to do; one or two sentences without a final full stop.
    pub fn message(&self) -> &str {
        &self.detail.message
    }

    /// Other places that explain it, absolute.
    pub fn related(&self) -> impl Iterator<Item = (TextRange, &str)> {
        self.detail.related.iter().map(|(range, text)| (*range + self.base, text.as_str()))
    }

    /// The repairs, the best first, with absolute ranges.
    pub fn fixes(&self) -> impl Iterator<Item = Fix> + '_ {
        self.detail.fixes.iter().map(|fix| Fix {
            title: fix.title.clone(),
            safe: fix.safe,
            edits: fix
                .edits
                .iter()
                .map(|it| TextEdit::new(it.range + self.base, it.new_text.clone()))
                .collect(),
        })
    }

    /// The best repair.
    pub fn fix(&self) -> Option<Fix> {
        self.fixes().next()
    }
}
