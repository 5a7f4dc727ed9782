//! In the flags of an instruction, the options of `--mount` among them.

use std::ops::Range;

use smol_str::SmolStr;

use super::arguments::Arguments;
use super::{images, paths, place, variables};
use crate::analysis::ide::completion::cursor::Cursor;
use crate::analysis::ide::completion::site::{FolderUse, ImagePlace, Kind, PathWriting, Place};
use crate::analysis::knowledge::{self, FlagDoc, Keyword, MountOption, MountType, ValueKind};

/// The words between an instruction's name and its arguments, as written.
pub struct FlagWords {
    words: Vec<Range<usize>>,
    /// Where the arguments may begin.
    pub end: usize,
}

impl FlagWords {
    /// The flags behind byte `start` of `text`; quotes hold them together as BuildKit does it.
    pub fn read(text: &str, start: usize) -> Self {
        let mut flags = FlagWords { words: Vec::new(), end: start };
        loop {
            let rest = text.get(flags.end..).unwrap_or_default();
            let begin = flags.end + (rest.len() - rest.trim_start().len());
            let word = flag_word(text, begin);
            if !text.get(word.clone()).is_some_and(|word| word.starts_with("--")) {
                flags.end = begin;
                return flags;
            }
            flags.end = word.end;
            let ends_flags = text.get(word.clone()) == Some("--") && word.end < text.len();
            flags.words.push(word);
            if ends_flags {
                return flags;
            }
        }
    }

    /// The flag whose text the cursor touches.
    fn at(&self, at: usize) -> Option<Range<usize>> {
        self.words.iter().find(|word| word.start <= at && at <= word.end).cloned()
    }

    /// The names and raw values of the flags, without the one at `at`.
    pub fn others<'a>(&'a self, text: &'a str, at: usize) -> impl Iterator<Item = (&'a str, &'a str)> {
        let others = self.words.iter().filter(move |word| at < word.start || word.end < at);
        others.filter_map(move |word| {
            let body = text.get(word.start + 2..word.end)?;
            Some(body.split_once('=').unwrap_or((body, "")))
        })
    }

    /// The raw value of flag `name`.
    pub fn value<'a>(&self, text: &'a str, name: &str) -> Option<&'a str> {
        self.words.iter().find_map(|word| {
            let (found, value) = text.get(word.start + 2..word.end)?.split_once('=')?;
            (found == name).then(|| value.trim_matches(['"', '\'']))
        })
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

fn flag_word(text: &str, start: usize) -> Range<usize> {
    let mut quote = None;
    let mut chars = text.get(start..).unwrap_or_default().char_indices();
    while let Some((at, c)) = chars.next() {
        match quote {
            None if c.is_whitespace() => return start..start + at,
            None if c == '\'' || c == '"' => quote = Some(c),
            Some(open) if c == open => quote = None,
            _ if c == '\\' => drop(chars.next()),
            _ => {}
        }
    }
    start..text.len()
}

/// What fits when the cursor is among the flags; `None` when it is behind them.
pub fn places(arguments: &Arguments<'_>) -> Option<Vec<Place>> {
    let cursor = arguments.cursor;
    let flags = arguments.flags;
    let Some(word) = flags.at(cursor.at) else {
        let is_before_last = flags.words.last().is_some_and(|last| cursor.at < last.start);
        return is_before_last.then(|| name_places(arguments, cursor.at));
    };
    let before = cursor.slice(word.start..cursor.at);
    Some(match before.split_once('=') {
        None => name_places(arguments, word.start),
        Some((name, _)) => {
            value_places(arguments, name.trim_start_matches("--"), word.start + name.len() + 1)
        }
    })
}

/// The flags that may still come, for a word that begins at `start`.
pub fn name_places(arguments: &Arguments<'_>, start: usize) -> Vec<Place> {
    let (cursor, keyword) = (arguments.cursor, arguments.keyword);
    if knowledge::flags(keyword).is_empty() {
        return Vec::new();
    }
    let others = arguments.flags.others(cursor.text, cursor.at);
    let used = others.filter(|(name, _)| knowledge::flag(keyword, name).is_some_and(|it| !it.repeatable));
    let used = used.map(|(name, _)| SmolStr::new(name)).collect();
    let typed = cursor.typed(start, |c| c.is_whitespace() || c == '=');
    place(Kind::Flag { keyword, used }, typed)
}

fn value_places(arguments: &Arguments<'_>, name: &str, start: usize) -> Vec<Place> {
    let (cursor, keyword) = (arguments.cursor, arguments.keyword);
    let Some(flag) = knowledge::flag(keyword, name) else { return Vec::new() };
    let start = start + usize::from(cursor.slice(start..cursor.at).starts_with(['"', '\'']));
    if flag.value == ValueKind::Mount {
        return mount_places(arguments, start);
    }
    if flag.expands
        && let Some(found) = variables::places(cursor, start, arguments.scope())
    {
        return found;
    }
    simple_value(arguments, flag, start)
}

fn simple_value(arguments: &Arguments<'_>, flag: &'static FlagDoc, start: usize) -> Vec<Place> {
    let cursor = arguments.cursor;
    match flag.value {
        ValueKind::Source => images::places(cursor, start, ImagePlace::CopyFrom, char::is_whitespace),
        ValueKind::Owner => owner(cursor, start),
        ValueKind::Pattern => paths::context(cursor, start, PathWriting::Option),
        _ => {
            let typed = cursor.typed(start, |c| c.is_whitespace() || c == '"' || c == '\'');
            place(Kind::FlagValue { keyword: arguments.keyword, flag }, typed)
        }
    }
}

/// `user` or `user:group`.
pub fn owner(cursor: &Cursor<'_>, start: usize) -> Vec<Place> {
    let ends = |c: char| c.is_whitespace() || matches!(c, ':' | '"' | '\'');
    match cursor.slice(start..cursor.at).rfind(':') {
        None => place(Kind::User, cursor.typed(start, ends)),
        Some(colon) => place(Kind::Group, cursor.typed(start + colon + 1, ends)),
    }
}

fn mount_places(arguments: &Arguments<'_>, start: usize) -> Vec<Place> {
    let cursor = arguments.cursor;
    let before = cursor.slice(start..cursor.at);
    let piece = start + before.rfind(',').map_or(0, |at| at + 1);
    let mount = MountText::read(cursor, start, piece);
    match cursor.slice(piece..cursor.at).split_once('=') {
        None => {
            let typed = cursor.typed(piece, |c| ends_option(c) || c == '=');
            place(Kind::MountOption { mount_type: mount.mount_type, used: mount.used }, typed)
        }
        Some((name, _)) => mount_value(arguments, &mount, name, piece + name.len() + 1),
    }
}

fn ends_option(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | '"' | '\'')
}

/// A `--mount` as written: its type and what else is in it.
struct MountText<'a> {
    mount_type: MountType,
    used: Vec<SmolStr>,
    from: Option<&'a str>,
}

impl<'a> MountText<'a> {
    /// The mount whose value begins at `start`; the option that begins at `current` is not counted as used.
    fn read(cursor: &Cursor<'a>, start: usize, current: usize) -> Self {
        let rest = cursor.slice(start..cursor.text.len());
        let value = rest.get(..rest.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(rest.len()));
        let mut mount = MountText { mount_type: MountType::Bind, used: Vec::new(), from: None };
        let mut at = start;
        for piece in value.unwrap_or_default().split(',') {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            match name.to_ascii_lowercase().as_str() {
                "type" => mount.mount_type = MountType::parse(value).unwrap_or(MountType::Bind),
                "from" => mount.from = Some(value),
                _ => {}
            }
            if at != current && !name.is_empty() {
                mount.used.push(SmolStr::new(name.to_ascii_lowercase()));
            }
            at += piece.len() + 1;
        }
        mount
    }
}

fn mount_value(arguments: &Arguments<'_>, mount: &MountText<'_>, name: &str, start: usize) -> Vec<Place> {
    let cursor = arguments.cursor;
    if name.eq_ignore_ascii_case("type") {
        return place(Kind::MountType, cursor.typed(start, ends_option));
    }
    let mount_type = mount.mount_type;
    let Some(option) = knowledge::mount_option(mount_type, name) else { return Vec::new() };
    if option.value == ValueKind::Source {
        return images::places(cursor, start, ImagePlace::MountFrom, ends_option);
    }
    if let Some(found) = variables::places(cursor, start, arguments.scope()) {
        return found;
    }
    match option.value {
        ValueKind::SourcePath => mount_source(cursor, mount, start),
        ValueKind::ImagePath => {
            let use_of = FolderUse::MountTarget(mount_type);
            let kind = Kind::Folder { use_of, writing: PathWriting::Option };
            place(kind, cursor.typed(start, ends_option))
        }
        _ => mount_option_value(cursor, mount_type, option, start),
    }
}

fn mount_option_value(
    cursor: &Cursor<'_>,
    mount_type: MountType,
    option: &'static MountOption,
    start: usize,
) -> Vec<Place> {
    place(Kind::MountOptionValue { mount_type, option }, cursor.typed(start, ends_option))
}

/// `source=`: in the context, or in the stage that `from=` names.
fn mount_source(cursor: &Cursor<'_>, mount: &MountText<'_>, start: usize) -> Vec<Place> {
    match mount.from {
        // In an empty cache there is nothing.
        None if mount.mount_type != MountType::Bind => Vec::new(),
        None => paths::context(cursor, start, PathWriting::Option),
        Some(from) => paths::in_stage(cursor, start, from, PathWriting::Option),
    }
}

/// Whether any flag of `keyword` may stand.
pub fn has_flags(keyword: Keyword) -> bool {
    !knowledge::flags(keyword).is_empty()
}
