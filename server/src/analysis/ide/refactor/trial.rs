//! Tries edits out before they are offered.

use std::sync::Arc;

use text_size::TextRange;

use crate::analysis::syntax::{Dockerfile, InstructionRef};
use crate::analysis::text::{TextEdit, apply_edits};

/// Whether the file is as good as before after `edits`, says the same before the first and behind the last of them, and
/// has all its comments.
pub fn succeeds(file: &Dockerfile, edits: &[TextEdit]) -> bool {
    let Some(text) = apply_edits(file.text(), edits).filter(|text| text != file.text()) else { return false };
    let Some(span) = edits.iter().map(|it| it.range).reduce(TextRange::cover) else { return false };
    let after = edited(file, span, &text);
    faults(&after) <= faults(file)
        && keeps_what_is_outside(file, &after, span)
        && keeps_comments(file, &after, edits)
}

/// The file with `text`, which differs from its own within `span` (of the old text) only. What lies outside is not read
/// again: a trial must not cost more in a long file.
fn edited(file: &Dockerfile, span: TextRange, text: &str) -> Dockerfile {
    let behind = file.text().len() - usize::from(span.end());
    let inserted = text.get(usize::from(span.start())..text.len().saturating_sub(behind)).unwrap_or_default();
    file.edit(span, inserted)
}

/// What is wrong with the file, counted.
fn faults(file: &Dockerfile) -> usize {
    let faults = file.instructions().map(|it| it.problems.len() + usize::from(it.keyword.is_none()));
    faults.sum::<usize>() + file.overlong_lines().len() + file.directives().list.len()
}

/// The instructions before and behind `span`, word for word.
fn keeps_what_is_outside(before: &Dockerfile, after: &Dockerfile, span: TextRange) -> bool {
    let is_same = |(old, new): (InstructionRef<'_>, InstructionRef<'_>)| {
        Arc::ptr_eq(old.node, new.node) || old.node == new.node
    };
    let old_front = before.instructions().take_while(|it| it.absolute_range().end() < span.start());
    let old_back = || before.instructions().rev().take_while(|it| it.start > span.end());
    let is_long_enough = old_back().count() <= after.len();
    is_long_enough
        && old_front.zip(after.instructions()).all(is_same)
        && old_back().zip(after.instructions().rev()).all(is_same)
}

/// Every comment that an edit touches still stands somewhere in the new text as a comment of the file or of a script.
fn keeps_comments(before: &Dockerfile, after: &Dockerfile, edits: &[TextEdit]) -> bool {
    let is_touched = |it: &TextRange| {
        edits.iter().any(|edit| edit.range.intersect(*it).is_some_and(|both| !both.is_empty()))
    };
    let own = before.comments().iter().copied();
    let inner =
        before.instructions().flat_map(|it| it.node.comments.iter().map(move |range| it.absolute(*range)));
    own.chain(inner).filter(is_touched).all(|it| after.text().contains(before.slice(it).trim_end()))
}
