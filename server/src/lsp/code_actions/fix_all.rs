//! All repairs that are certain, at once: what editors run on saving. The same as `dockwright check --fix`.

use similar::{DiffOp, TextDiff};
use text_size::{TextRange, TextSize};
use tower_lsp::lsp_types::*;

use super::Ask;
use crate::analysis::lint::LintCache;
use crate::analysis::lint::repair::repair;
use crate::analysis::model::Model;
use crate::analysis::syntax::Dockerfile;
use crate::analysis::text::TextEdit as Edit;

pub const KIND: &str = "source.fixAll.dockwright";

pub fn offer(ask: &Ask<'_>) -> Vec<CodeAction> {
    let text = ask.snapshot.text();
    let look = |text: &str| {
        let model = Model::new(&Dockerfile::parse(text));
        ask.linter.check(&model, ask.facts, &mut LintCache::default())
    };
    let repaired = repair(text, ask.findings.to_vec(), |fix| fix.safe, look).text;
    let action = (repaired != text).then(|| CodeAction {
        title: "Fix all that can be fixed safely".to_owned(),
        kind: Some(CodeActionKind::new(KIND)),
        edit: Some(ask.edit(edits(text, &repaired))),
        ..CodeAction::default()
    });
    action.into_iter().collect()
}

/// What makes `new` of `old`: one edit for each run of lines that differ, without what is equal at its ends.
fn edits(old: &str, new: &str) -> Vec<Edit> {
    let diff = TextDiff::from_lines(old, new);
    let (old_ends, new_ends) = (ends(diff.old_slices()), ends(diff.new_slices()));
    let changed = diff.ops().iter().filter(|it| !matches!(it, DiffOp::Equal { .. }));
    let edit = |op: &DiffOp| {
        let (old_range, new_range) = (op.old_range(), op.new_range());
        let (start, end) = (end_of(&old_ends, old_range.start), end_of(&old_ends, old_range.end));
        let (from, to) = (end_of(&new_ends, new_range.start), end_of(&new_ends, new_range.end));
        Some(trimmed(start, old.get(start..end)?, new.get(from..to)?))
    };
    changed.filter_map(edit).collect()
}

/// Where each line ends (bytes).
fn ends(lines: &[&str]) -> Vec<usize> {
    let sum = |end: &mut usize, line: &&str| {
        *end += line.len();
        Some(*end)
    };
    lines.iter().scan(0, sum).collect()
}

/// Where the first `lines` end.
fn end_of(ends: &[usize], lines: usize) -> usize {
    lines.checked_sub(1).and_then(|it| ends.get(it)).copied().unwrap_or(0)
}

fn trimmed(start: usize, old: &str, new: &str) -> Edit {
    let same = |(a, b): &(char, char)| a == b;
    let before: usize = old.chars().zip(new.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (old, new) = (old.get(before..).unwrap_or_default(), new.get(before..).unwrap_or_default());
    let behind: usize =
        old.chars().rev().zip(new.chars().rev()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let offset = |at: usize| TextSize::try_from(at).unwrap_or_default();
    let range = TextRange::at(offset(start + before), offset(old.len() - behind));
    Edit::new(range, new.get(..new.len() - behind).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::text::apply_edits;

    #[test]
    fn edits_are_as_small_as_lines_allow() {
        let (old, new) = ("FROM a as b\r\n\r\nRUN é\nRUN x", "FROM a AS b\r\n\r\nRUN é\nRUN y\nRUN z\n");
        let found = edits(old, new);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], Edit::new(TextRange::new(7.into(), 9.into()), "AS"));
        assert_eq!(apply_edits(old, &found).as_deref(), Some(new));
        assert_eq!(apply_edits(new, &edits(new, "")).as_deref(), Some(""));
        assert_eq!(apply_edits("", &edits("", new)).as_deref(), Some(new));
    }
}
