//! Where a path is written.

use super::{Place, place};
use crate::analysis::ide::completion::cursor::{Cursor, Typed};
use crate::analysis::ide::completion::site::{Kind, PathWriting};
use crate::analysis::syntax::SourceText;
use crate::analysis::syntax::expansion::Word;

/// A path of the build context that begins at `start`: its last segment is completed.
pub fn context(cursor: &Cursor<'_>, start: usize, writing: PathWriting) -> Vec<Place> {
    let before = cursor.slice(start..cursor.at);
    if before.contains("://") || before.starts_with("<<") || before.starts_with("git@") {
        return Vec::new();
    }
    let segment = before.rfind('/').map_or(0, |slash| slash + 1);
    let Some(folder) = folder(cursor, before.get(..segment).unwrap_or_default()) else { return Vec::new() };
    let typed = typed(cursor, start + segment, writing, true);
    place(Kind::ContextPath { folder, writing }, typed)
}

/// The folder without `./` and doubled slashes; `None` when it is not known or outside the context.
fn folder(cursor: &Cursor<'_>, text: &str) -> Option<String> {
    let word = Word::parse(SourceText::verbatim(text, 0.into()), cursor.model.file().escape());
    let value = cursor.model.expand(&word, cursor.id());
    let parts: Vec<&str> = value.text()?.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let is_plain = parts.iter().all(|part| *part != ".." && !part.contains(['*', '?', '[']));
    is_plain.then(|| parts.join("/"))
}

/// A path in what `from` names, when that is a stage of this file.
pub fn in_stage(cursor: &Cursor<'_>, start: usize, from: &str, writing: PathWriting) -> Vec<Place> {
    let own = cursor.model.stage_of(cursor.id()).map(|stage| stage.id);
    match cursor.model.stage_copied_from(from).filter(|stage| Some(stage.id) != own) {
        Some(stage) => {
            place(Kind::StagePath { stage: stage.id, writing }, typed(cursor, start, writing, false))
        }
        None => Vec::new(),
    }
}

/// A path in the image being built.
pub fn destination(cursor: &Cursor<'_>, start: usize, writing: PathWriting) -> Vec<Place> {
    place(Kind::Destination { writing }, typed(cursor, start, writing, false))
}

/// The text from `start` to where a path of that writing ends, or only up to the next slash.
pub fn typed(cursor: &Cursor<'_>, start: usize, writing: PathWriting, is_segment: bool) -> Option<Typed> {
    cursor.typed(start, |c| {
        (is_segment && c == '/')
            || match writing {
                PathWriting::Word => c.is_whitespace(),
                PathWriting::Json => c == '"',
                PathWriting::Option => c.is_whitespace() || matches!(c, ',' | '"' | '\''),
            }
    })
}
