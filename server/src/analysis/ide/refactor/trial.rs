//! Tries edits out before they are offered.

use crate::analysis::syntax::Dockerfile;
use crate::analysis::text::{TextEdit, apply_edits};

/// Whether the file is as good as before after `edits`, says the same before the first and behind the last of them, and
/// has all its comments.
pub fn succeeds(file: &Dockerfile, edits: &[TextEdit]) -> bool {
    let Some(text) = apply_edits(file.text(), edits).filter(|text| text != file.text()) else { return false };
    let after = Dockerfile::parse(text);
    faults(&after) <= faults(file)
        && keeps_what_is_outside(file, &after, edits)
        && keeps_comments(file, &after, edits)
}

/// What is wrong with the file, counted.
fn faults(file: &Dockerfile) -> usize {
    let faults = file.instructions().map(|it| it.problems.len() + usize::from(it.keyword.is_none()));
    faults.sum::<usize>() + file.overlong_lines().len() + file.directives().list.len()
}

/// The instructions before the first and behind the last edit, word for word.
fn keeps_what_is_outside(before: &Dockerfile, after: &Dockerfile, edits: &[TextEdit]) -> bool {
    let Some(first) = edits.iter().map(|it| it.range.start()).min() else { return false };
    let Some(last) = edits.iter().map(|it| it.range.end()).max() else { return false };
    let old_front = before.instructions().take_while(|it| it.absolute_range().end() < first);
    let new_front = after.instructions();
    let front = old_front.zip(new_front).all(|(old, new)| old.node == new.node);
    let old_back: Vec<_> = before.instructions().rev().take_while(|it| it.start > last).collect();
    let is_long_enough = old_back.len() <= after.len();
    let back = old_back.iter().zip(after.instructions().rev()).all(|(old, new)| *old.node == *new.node);
    front && is_long_enough && back
}

/// Every comment that an edit touches still stands somewhere in the new text as a comment of the file or of a script.
fn keeps_comments(before: &Dockerfile, after: &Dockerfile, edits: &[TextEdit]) -> bool {
    let is_touched = |it: &text_size::TextRange| {
        edits.iter().any(|edit| edit.range.intersect(*it).is_some_and(|both| !both.is_empty()))
    };
    let own = before.comments().iter().copied();
    let inner =
        before.instructions().flat_map(|it| it.node.comments.iter().map(move |range| it.absolute(*range)));
    own.chain(inner).filter(is_touched).all(|it| after.text().contains(before.slice(it).trim_end()))
}
