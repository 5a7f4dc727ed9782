//! Where an image, a tag or a stage is named.

use super::{Place, place};
use crate::analysis::ide::completion::cursor::Cursor;
use crate::analysis::ide::completion::site::{ImagePlace, Kind};
use crate::analysis::model::StageReferenceKind;
use crate::analysis::syntax::SourceText;
use crate::analysis::syntax::expansion::Word;

/// The reference that begins at `start` and ends where `ends` says so.
pub fn places(
    cursor: &Cursor<'_>,
    start: usize,
    at: ImagePlace,
    ends: impl Fn(char) -> bool + Copy,
) -> Vec<Place> {
    let before = cursor.slice(start..cursor.at);
    if before.contains('@') {
        // Digests are not for typing.
        return Vec::new();
    }
    let name_start = before.rfind('/').map_or(0, |slash| slash + 1);
    match before.get(name_start..).and_then(|name| name.rfind(':')) {
        Some(colon) => tag_places(cursor, start, start + name_start + colon, at, ends),
        None => name_places(cursor, start, at, ends),
    }
}

fn name_places(
    cursor: &Cursor<'_>,
    start: usize,
    at: ImagePlace,
    ends: impl Fn(char) -> bool + Copy,
) -> Vec<Place> {
    let stage = match at {
        ImagePlace::From => Some(StageReferenceKind::From),
        ImagePlace::CopyFrom => Some(StageReferenceKind::CopyFrom),
        ImagePlace::MountFrom => Some(StageReferenceKind::MountFrom),
        ImagePlace::Syntax => None,
    };
    let stage = stage.map(|it| Kind::Stage { place: it });
    let mut places = stage.map_or_else(Vec::new, |kind| place(kind, cursor.typed(start, ends)));
    let name = cursor.typed(start, |c| ends(c) || c == ':' || c == '@');
    places.extend(place(Kind::Image { place: at }, name));
    places
}

fn tag_places(
    cursor: &Cursor<'_>,
    start: usize,
    colon: usize,
    at: ImagePlace,
    ends: impl Fn(char) -> bool + Copy,
) -> Vec<Place> {
    let typed = cursor.typed(colon + 1, |c| ends(c) || c == '@');
    let name = expanded(cursor, start, colon, at);
    let prefix = expanded(cursor, colon + 1, cursor.at, at);
    let (Some(name), Some(prefix)) = (name, prefix) else { return Vec::new() };
    if name.is_empty() {
        return Vec::new();
    }
    place(Kind::Tag { name, prefix, place: at }, typed)
}

/// The text with its variables resolved; `None` when one of them has no known value, or is not replaced here.
fn expanded(cursor: &Cursor<'_>, start: usize, end: usize, at: ImagePlace) -> Option<String> {
    let text = cursor.slice(start..end);
    if !text.contains(['$', '"', '\'']) {
        return Some(text.to_owned());
    }
    if at != ImagePlace::From {
        return None;
    }
    let word = Word::parse(SourceText::verbatim(text, 0.into()), cursor.model.file().escape());
    cursor.model.expand(&word, cursor.id()).text().map(str::to_owned)
}
