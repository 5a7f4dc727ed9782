//! From a logical line to a typed instruction: one small reader for each kind of argument.

use std::ops::Range;

use super::SourceText;
use super::ast::*;
use super::expansion::Word;
use super::flags;
use super::joined::JoinedLine;
use super::json::{self, Json, JsonString};
use super::problem::{Problem, ProblemKind};
use super::words::{blank_separated, is_blank, quoted_words, trim};
use crate::analysis::knowledge::Keyword;

/// Reads `joined`; heredocs, comments and ranges of the whole are filled in by the caller.
pub fn read(joined: &JoinedLine, escape: char) -> Instruction {
    Reader { joined, escape, problems: Vec::new() }.instruction(0..joined.as_str().len(), 0)
}

/// `ONBUILD ONBUILD …` is refused by the build; deeper than this we stop looking.
const MAX_ONBUILD: usize = 4;

struct Reader<'a> {
    joined: &'a JoinedLine,
    escape: char,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn text(&self, range: Range<usize>) -> &str {
        self.joined.as_str().get(range).unwrap_or_default()
    }

    fn source(&self, range: Range<usize>) -> SourceText {
        self.joined.source_text(range.start, range.end)
    }

    fn word(&self, range: Range<usize>) -> Word {
        Word::parse(self.source(range), self.escape)
    }

    fn problem(&mut self, kind: ProblemKind, range: Range<usize>) {
        let range = self.joined.source_range(range.start, range.end);
        self.problems.push(Problem::new(kind, range));
    }

    fn instruction(&mut self, range: Range<usize>, depth: usize) -> Instruction {
        let whole = trim(self.joined.as_str(), range);
        let name_len = self.text(whole.clone()).find(is_blank).unwrap_or(whole.len());
        let name = whole.start..whole.start + name_len;
        let keyword = self.text(name.clone()).parse::<Keyword>().ok();
        let (flags, after_flags) = flags::read(self.joined, name.end..whole.end);
        let rest = trim(self.joined.as_str(), after_flags..whole.end);
        let arguments = self.arguments(keyword, rest.clone(), depth);
        let mut instruction = Instruction {
            keyword,
            name: self.source(name),
            range: self.joined.source_range(whole.start, whole.end),
            line_range: self.joined.source_range(whole.start, whole.end),
            flags: flags.into_iter().map(|raw| self.flag(raw.text)).collect(),
            arguments,
            arguments_text: self.source(rest),
            heredocs: Vec::new(),
            comments: Vec::new(),
            blank_lines: Vec::new(),
            problems: Vec::new(),
            joined: JoinedLine::default(),
        };
        self.add_expansion_faults(&instruction);
        instruction.problems = std::mem::take(&mut self.problems);
        instruction
    }

    fn add_expansion_faults(&mut self, instruction: &Instruction) {
        let is_deferred = matches!(instruction.arguments, Arguments::Onbuild(_));
        // MAINTAINER is taken as it is, and the deferred instruction has already been looked at.
        if is_deferred || instruction.keyword == Some(Keyword::Maintainer) {
            return;
        }
        for word in instruction.words() {
            if let Some((fault, range)) = word.fault() {
                self.problems.push(Problem::new(ProblemKind::Expansion(fault), range));
            }
        }
    }

    fn flag(&self, text: SourceText) -> Flag {
        let range = text.range();
        let body = text.slice(2.min(text.as_str().len()), text.as_str().len());
        match body.as_str().find('=') {
            None => Flag { range, name: body, value: None },
            Some(at) => {
                let (name, value) = body.split_at(at, 1);
                Flag { range, name, value: Some(Word::parse(value, self.escape)) }
            }
        }
    }

    fn arguments(&mut self, keyword: Option<Keyword>, rest: Range<usize>, depth: usize) -> Arguments {
        let Some(keyword) = keyword else { return Arguments::Unknown };
        match keyword {
            Keyword::From => Arguments::From(self.from(rest)),
            Keyword::Run | Keyword::Cmd | Keyword::Entrypoint | Keyword::Shell => {
                Arguments::Command(self.command(rest))
            }
            Keyword::Copy | Keyword::Add => Arguments::Copy(self.copy(rest)),
            Keyword::Env | Keyword::Label => Arguments::Pairs(self.pairs(rest)),
            Keyword::Arg => Arguments::Arg(self.declarations(rest)),
            Keyword::Expose => {
                let items = self.blank_separated(rest).into_iter().map(|range| self.word(range)).collect();
                Arguments::List(List { items, is_json: false })
            }
            Keyword::Volume => Arguments::List(self.list(rest)),
            Keyword::User | Keyword::Workdir | Keyword::Stopsignal | Keyword::Maintainer => {
                Arguments::Single((!rest.is_empty()).then(|| self.word(rest)))
            }
            Keyword::Healthcheck => Arguments::Healthcheck(self.healthcheck(rest)),
            Keyword::Onbuild => Arguments::Onbuild(self.onbuild(rest, depth)),
        }
    }

    fn blank_separated(&self, rest: Range<usize>) -> Vec<Range<usize>> {
        let words = blank_separated(self.text(rest.clone()));
        words.into_iter().map(|word| rest.start + word.start..rest.start + word.end).collect()
    }

    fn quoted_words(&self, rest: Range<usize>) -> Vec<Range<usize>> {
        let words = quoted_words(self.text(rest.clone()), self.escape);
        words.into_iter().map(|word| rest.start + word.start..rest.start + word.end).collect()
    }

    fn from(&self, rest: Range<usize>) -> From {
        let mut words = self.blank_separated(rest).into_iter();
        From {
            image: words.next().map(|range| self.word(range)),
            as_keyword: words.next().map(|range| self.source(range)),
            name: words.next().map(|range| self.source(range)),
            rest: words.map(|range| self.source(range)).collect(),
        }
    }

    fn command(&mut self, rest: Range<usize>) -> Option<Command> {
        if rest.is_empty() {
            return None;
        }
        Some(match self.json(rest.clone()) {
            Some(arguments) => {
                let range = self.joined.source_range(rest.start, rest.end);
                Command::Exec(ExecForm { range, arguments })
            }
            None => Command::Shell(self.source(rest)),
        })
    }

    /// The strings of a JSON array, or nothing when it is none.
    fn json(&mut self, rest: Range<usize>) -> Option<Vec<JsonText>> {
        match json::parse(self.text(rest.clone())) {
            Json::Not => None,
            Json::NotStrings(member) => {
                self.problem(ProblemKind::JsonNotStrings, rest.start + member.start..rest.start + member.end);
                None
            }
            Json::Strings(strings) => {
                Some(strings.into_iter().map(|string| self.json_text(string, rest.start)).collect())
            }
        }
    }

    fn json_text(&self, string: JsonString, base: usize) -> JsonText {
        let (start, end) = (base + string.range.start, base + string.range.end);
        let offsets = string.offsets.iter().map(|&at| self.joined.source_offset(base + at).into()).collect();
        let inner = self.joined.source_range(start + 1, end - 1);
        let text = SourceText::mapped(&string.value, offsets, inner);
        JsonText { range: self.joined.source_range(start, end), text }
    }

    fn list(&mut self, rest: Range<usize>) -> List {
        match self.json(rest.clone()) {
            Some(strings) => {
                let items = strings.into_iter().map(|it| Word::parse(it.text, self.escape)).collect();
                List { items, is_json: true }
            }
            None => {
                let items = self.blank_separated(rest).into_iter().map(|range| self.word(range)).collect();
                List { items, is_json: false }
            }
        }
    }

    fn copy(&mut self, rest: Range<usize>) -> Copy {
        let List { items: mut sources, is_json } = self.list(rest);
        let destination = if sources.len() > 1 { sources.pop() } else { None };
        Copy { sources, destination, is_json }
    }

    fn pairs(&mut self, rest: Range<usize>) -> Pairs {
        let words = self.quoted_words(rest.clone());
        let Some(first) = words.first() else { return Pairs { pairs: Vec::new(), is_legacy: false } };
        if !self.text(first.clone()).contains('=') {
            return Pairs { pairs: vec![self.legacy_pair(rest)], is_legacy: true };
        }
        let pairs = words.into_iter().map(|word| self.pair(word)).collect();
        Pairs { pairs, is_legacy: false }
    }

    /// `name the rest of the line`.
    fn legacy_pair(&mut self, rest: Range<usize>) -> Pair {
        let text = self.text(rest.clone());
        let key_len = text.find(is_blank).unwrap_or(text.len());
        let value_at =
            text.get(key_len..).and_then(|after| after.find(|c| !is_blank(c))).map(|at| key_len + at);
        let key = rest.start..rest.start + key_len;
        if value_at.is_none() {
            self.problem(ProblemKind::MissingValue, key.clone());
        }
        let value = value_at.map(|at| self.word(rest.start + at..rest.end));
        Pair { key: self.word(key), value, range: self.joined.source_range(rest.start, rest.end) }
    }

    fn pair(&mut self, word: Range<usize>) -> Pair {
        let range = self.joined.source_range(word.start, word.end);
        match self.text(word.clone()).find('=') {
            Some(at) => {
                let value = self.word(word.start + at + 1..word.end);
                Pair { key: self.word(word.start..word.start + at), value: Some(value), range }
            }
            None => {
                let text = self.text(word.clone()).into();
                self.problem(ProblemKind::MissingEquals(text), word.clone());
                Pair { key: self.word(word), value: None, range }
            }
        }
    }

    fn declarations(&self, rest: Range<usize>) -> Vec<ArgDeclaration> {
        self.quoted_words(rest).into_iter().map(|word| self.declaration(word)).collect()
    }

    fn declaration(&self, word: Range<usize>) -> ArgDeclaration {
        let range = self.joined.source_range(word.start, word.end);
        match self.text(word.clone()).find('=') {
            Some(at) => ArgDeclaration {
                name: self.word(word.start..word.start + at),
                value: Some(self.word(word.start + at + 1..word.end)),
                range,
            },
            None => ArgDeclaration { name: self.word(word), value: None, range },
        }
    }

    fn healthcheck(&mut self, rest: Range<usize>) -> Option<Healthcheck> {
        let text = self.text(rest.clone());
        let kind_len = text.find(char::is_whitespace).unwrap_or(text.len());
        if kind_len == 0 {
            return None;
        }
        let kind = rest.start..rest.start + kind_len;
        let command = trim(self.joined.as_str(), kind.end..rest.end);
        Some(Healthcheck { kind: self.source(kind), command: self.command(command) })
    }

    fn onbuild(&mut self, rest: Range<usize>, depth: usize) -> Option<Box<Instruction>> {
        if rest.is_empty() || depth >= MAX_ONBUILD {
            return None;
        }
        let outer = std::mem::take(&mut self.problems);
        let inner = self.instruction(rest, depth + 1);
        // A fault in the deferred instruction stops this build already.
        self.problems = outer;
        self.problems.extend(inner.problems.iter().cloned());
        Some(Box::new(inner))
    }
}
