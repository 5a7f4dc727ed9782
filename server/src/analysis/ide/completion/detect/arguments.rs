//! In the arguments of an instruction.

use std::ops::Range;

use smol_str::SmolStr;

use super::flags::{self, FlagWords};
use super::{Place, images, line_words, paths, place, shell, variables};
use crate::analysis::ide::completion::cursor::Cursor;
use crate::analysis::ide::completion::site::{FolderUse, ImagePlace, Kind, PathWriting, VariableScope};
use crate::analysis::knowledge::Keyword;

/// The arguments of the instruction (or of what an `ONBUILD` defers) around the cursor.
#[derive(Clone, Copy)]
pub struct Arguments<'a> {
    pub cursor: &'a Cursor<'a>,
    pub keyword: Keyword,
    pub is_deferred: bool,
    pub flags: &'a FlagWords,
}

impl Arguments<'_> {
    /// The words before the cursor that are done, and the one it is in: empty behind a blank.
    fn words(&self) -> (Vec<Range<usize>>, Range<usize>) {
        let mut words = line_words(self.cursor.text, self.start()..self.cursor.at);
        let at = self.cursor.at;
        let current = words.pop_if(|word| word.end == at).unwrap_or(at..at);
        (words, current)
    }

    /// Where the arguments begin; never behind the cursor.
    fn start(&self) -> usize {
        self.flags.end.min(self.cursor.at)
    }

    fn has_words_behind(&self) -> bool {
        let rest = self.cursor.slice(self.cursor.at..self.cursor.text.len());
        // What follows without a blank is the word of the cursor itself.
        rest.find(char::is_whitespace)
            .and_then(|at| rest.get(at..))
            .is_some_and(|rest| !rest.trim().is_empty())
    }

    fn is_json(&self) -> bool {
        self.cursor.slice(self.start()..self.cursor.at).starts_with('[')
    }

    /// Who replaces variables in flags and plain arguments; `None`: nobody.
    pub fn scope(&self) -> Option<VariableScope> {
        match self.keyword {
            Keyword::Maintainer | Keyword::Shell | Keyword::Cmd | Keyword::Entrypoint => None,
            Keyword::From => Some(VariableScope::Global),
            _ if self.is_deferred => Some(VariableScope::Deferred),
            _ => Some(VariableScope::Builder),
        }
    }

    /// What fits behind the flags.
    pub fn places(&self) -> Vec<Place> {
        let (done, current) = self.words();
        let typed = self.cursor.slice(current.clone());
        let is_first = done.is_empty();
        if is_first && typed.starts_with('-') && flags::has_flags(self.keyword) {
            return flags::name_places(self, current.start);
        }
        let mut places = self.argument(&done, current);
        if is_first && typed.is_empty() && self.takes_more_flags() {
            places.extend(flags::name_places(self, self.cursor.at));
        }
        places
    }

    /// A flag must stand before all arguments.
    fn takes_more_flags(&self) -> bool {
        self.cursor.at <= self.flags.end || !self.is_json()
    }

    fn argument(&self, done: &[Range<usize>], current: Range<usize>) -> Vec<Place> {
        match self.keyword {
            Keyword::Run | Keyword::Cmd | Keyword::Entrypoint => self.command(),
            Keyword::Healthcheck => self.healthcheck(done, current),
            Keyword::Shell => self.shell(done, current),
            Keyword::Env | Keyword::Label | Keyword::Arg => self.pair(),
            Keyword::Maintainer | Keyword::Onbuild => Vec::new(),
            _ => self.variable(current.start).unwrap_or_else(|| self.plain_argument(done, current)),
        }
    }

    fn variable(&self, start: usize) -> Option<Vec<Place>> {
        // Quotes begin anywhere in the arguments of instructions that take one value with blanks.
        let is_single = matches!(self.keyword, Keyword::User | Keyword::Workdir | Keyword::Stopsignal);
        let start = if is_single { self.start() } else { start };
        variables::places(self.cursor, start, self.scope())
    }

    fn plain_argument(&self, done: &[Range<usize>], current: Range<usize>) -> Vec<Place> {
        let (cursor, start) = (self.cursor, current.start);
        let is_first = done.is_empty();
        match self.keyword {
            Keyword::From => self.from(done, start),
            Keyword::Copy | Keyword::Add => self.copy(done, start),
            Keyword::Expose => self.expose(start),
            Keyword::Volume => self.volume(start),
            Keyword::Workdir if is_first => self.folder(FolderUse::Workdir, start, PathWriting::Word),
            Keyword::User if is_first => flags::owner(cursor, start),
            Keyword::Stopsignal if is_first => place(Kind::Signal, cursor.word(start)),
            _ => Vec::new(),
        }
    }

    fn from(&self, done: &[Range<usize>], start: usize) -> Vec<Place> {
        let cursor = self.cursor;
        match done {
            [] => images::places(cursor, start, ImagePlace::From, char::is_whitespace),
            [_] if !self.has_words_behind() || !self.next_word_is_as() => place(Kind::As, cursor.word(start)),
            [_, word] if cursor.slice(word.clone()).eq_ignore_ascii_case("as") => {
                place(Kind::NewStageName, cursor.word(start))
            }
            _ => Vec::new(),
        }
    }

    /// `FROM image <cursor> AS name`: there must not be a second one.
    fn next_word_is_as(&self) -> bool {
        let rest = self.cursor.slice(self.cursor.at..self.cursor.text.len());
        rest.split_whitespace().any(|word| word.eq_ignore_ascii_case("as"))
    }

    fn copy(&self, done: &[Range<usize>], start: usize) -> Vec<Place> {
        if self.is_json() {
            return self.copy_json();
        }
        let mut places = Vec::new();
        if !done.is_empty() && !self.has_words_behind() {
            places = paths::destination(self.cursor, start, PathWriting::Word);
        }
        places.extend(self.source(start, PathWriting::Word));
        places
    }

    fn copy_json(&self) -> Vec<Place> {
        let Some(string) = json_string(self.cursor, self.start()) else { return Vec::new() };
        if let Some(found) = variables::places(self.cursor, string.start, self.scope()) {
            return found;
        }
        let mut places = Vec::new();
        if string.index > 0 && !string.is_followed {
            places = paths::destination(self.cursor, string.start, PathWriting::Json);
        }
        places.extend(self.source(string.start, PathWriting::Json));
        places
    }

    fn source(&self, start: usize, writing: PathWriting) -> Vec<Place> {
        match self.flags.value(self.cursor.text, "from") {
            Some(from) if self.keyword == Keyword::Copy => paths::in_stage(self.cursor, start, from, writing),
            _ => paths::context(self.cursor, start, writing),
        }
    }

    fn expose(&self, start: usize) -> Vec<Place> {
        let cursor = self.cursor;
        match cursor.slice(start..cursor.at).find('/') {
            None => place(Kind::Port, cursor.word(start)),
            Some(slash) => place(Kind::Protocol, cursor.word(start + slash + 1)),
        }
    }

    fn volume(&self, start: usize) -> Vec<Place> {
        if !self.is_json() {
            return self.folder(FolderUse::Volume, start, PathWriting::Word);
        }
        let string = json_string(self.cursor, self.start());
        string.map_or_else(Vec::new, |it| self.folder(FolderUse::Volume, it.start, PathWriting::Json))
    }

    fn folder(&self, use_of: FolderUse, start: usize, writing: PathWriting) -> Vec<Place> {
        place(Kind::Folder { use_of, writing }, paths::typed(self.cursor, start, writing, false))
    }

    fn healthcheck(&self, done: &[Range<usize>], current: Range<usize>) -> Vec<Place> {
        let Some(kind) = done.first() else {
            let kind = Kind::HealthcheckKind { has_flags: !self.flags.is_empty() };
            return place(kind, self.cursor.word(current.start));
        };
        let is_command = self.cursor.slice(kind.clone()).eq_ignore_ascii_case("CMD");
        if is_command { self.command_from(kind.end) } else { Vec::new() }
    }

    fn shell(&self, done: &[Range<usize>], current: Range<usize>) -> Vec<Place> {
        let typed = self.cursor.slice(current.clone());
        let is_start = done.is_empty() && (typed.is_empty() || typed == "[");
        let is_free = !self.has_words_behind();
        if is_start && is_free { place(Kind::Shell, self.cursor.word(current.start)) } else { Vec::new() }
    }

    fn command(&self) -> Vec<Place> {
        self.command_from(self.start())
    }

    /// A command in shell or exec form that begins behind byte `start`.
    fn command_from(&self, start: usize) -> Vec<Place> {
        let text = self.cursor.slice(start..self.cursor.at);
        let begin = start + (text.len() - text.trim_start().len());
        if self.cursor.slice(begin..self.cursor.at).starts_with('[') {
            return Vec::new();
        }
        let mut places = shell::in_line(self.cursor, begin, self.keyword, self.is_deferred);
        let is_empty = begin == self.cursor.at && !self.has_words_behind();
        if is_empty && matches!(self.keyword, Keyword::Cmd | Keyword::Entrypoint) {
            places.extend(place(Kind::ExecForm, self.cursor.word(begin)));
        }
        places
    }

    /// `ENV`, `LABEL`, `ARG`.
    fn pair(&self) -> Vec<Place> {
        let cursor = self.cursor;
        let escape = cursor.model.file().escape();
        let words = quoted_words_before(cursor.slice(self.start()..cursor.at), escape);
        let start = self.start() + words.last().map_or(0, |word| word.start);
        if let Some(found) = variables::places(cursor, start, self.scope()) {
            return found;
        }
        let text = cursor.slice(start..cursor.at);
        let first = words.first().map(|word| word.start + self.start()..word.end + self.start());
        let first = first.map(|word| cursor.slice(word)).unwrap_or_default();
        let is_legacy = self.keyword != Keyword::Arg && words.len() > 1 && !first.contains('=');
        match text.split_once('=') {
            None if is_legacy && words.len() == 2 => self.value(first, start),
            None if is_legacy => Vec::new(),
            None => self.key(start),
            Some((name, _)) => self.value(name, start + name.len() + 1),
        }
    }

    fn key(&self, start: usize) -> Vec<Place> {
        let kind = match self.keyword {
            Keyword::Env => Kind::EnvironmentName,
            Keyword::Label => Kind::LabelKey,
            _ => Kind::ArgumentName,
        };
        place(kind, self.cursor.typed(start, |c| c.is_whitespace() || c == '='))
    }

    fn value(&self, name: &str, start: usize) -> Vec<Place> {
        match self.keyword {
            Keyword::Env => {
                place(Kind::EnvironmentValue { name: SmolStr::new(name) }, self.cursor.word(start))
            }
            _ => Vec::new(),
        }
    }
}

/// The words up to the end of `text`; the last one is where the cursor is, empty behind a blank.
fn quoted_words_before(text: &str, escape: char) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    let mut quote: Option<char> = None;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if quote.is_none() && c.is_whitespace() {
            words.extend(start.take().map(|start| start..at));
            continue;
        }
        start.get_or_insert(at);
        match quote {
            Some(open) if c == open => quote = None,
            Some('\'') => {}
            None if c == '\'' || c == '"' => quote = Some(c),
            _ if c == escape => drop(chars.next()),
            _ => {}
        }
    }
    words.push(start.unwrap_or(text.len())..text.len());
    words
}

/// The string of a JSON list that the cursor is in.
struct JsonString {
    /// Behind its opening quote.
    start: usize,
    /// How many strings come before it.
    index: usize,
    /// Another string comes behind it.
    is_followed: bool,
}

/// The string around the cursor in the list that begins at `start`.
fn json_string(cursor: &Cursor<'_>, start: usize) -> Option<JsonString> {
    let (mut open, mut index) = (None, 0);
    let mut chars = cursor.slice(start..cursor.at).char_indices();
    while let Some((at, c)) = chars.next() {
        match (c, open) {
            ('"', None) => open = Some(start + at + 1),
            ('"', Some(_)) => (open, index) = (None, index + 1),
            ('\\', Some(_)) => drop(chars.next()),
            _ => {}
        }
    }
    let rest = cursor.slice(cursor.at..cursor.text.len());
    let end = rest.find('"');
    let behind = end.and_then(|end| rest.get(end + 1..)).unwrap_or_default();
    // `["a, "b"]`: the quote that follows opens the next string.
    let is_closed = end.is_some() && behind.matches('"').count().is_multiple_of(2);
    let is_followed = rest.matches('"').count() > usize::from(is_closed);
    Some(JsonString { start: open?, index, is_followed })
}
