//! The typed instructions. Every range is local: relative to the start of the instruction's first line.
//!
//! The tree is lenient: it holds what is written, however wrong; [`super::problem`] and the linter judge.

use smol_str::SmolStr;
use text_size::{TextRange, TextSize};

use super::SourceText;
use super::expansion::Word;
use super::joined::JoinedLine;
use super::problem::Problem;
use crate::analysis::knowledge::Keyword;

/// One instruction with its flags, arguments and heredocs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// `None` when the name is no instruction.
    pub keyword: Option<Keyword>,
    /// The name as written.
    pub name: SourceText,
    /// From the name to the end of the last line that belongs to it, heredoc bodies included.
    pub range: TextRange,
    /// The same without heredoc bodies: the logical line.
    pub line_range: TextRange,
    pub flags: Vec<Flag>,
    pub arguments: Arguments,
    /// Everything after the flags, blanks at both ends cut off.
    pub arguments_text: SourceText,
    pub heredocs: Vec<Heredoc>,
    /// Comments between continuation lines, from `#` to the line's end.
    pub comments: Vec<TextRange>,
    /// Blank lines between continuation lines.
    pub blank_lines: Vec<TextRange>,
    pub problems: Vec<Problem>,
    /// The text BuildKit sees, with the way back.
    pub joined: JoinedLine,
}

impl Instruction {
    /// The first flag of that name.
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().find(|flag| flag.name.as_str() == name)
    }

    /// The instruction that acts: itself, or what an `ONBUILD` defers.
    pub fn innermost(&self) -> &Instruction {
        match &self.arguments {
            Arguments::Onbuild(Some(inner)) => inner.innermost(),
            _ => self,
        }
    }

    /// The heredoc whose body (marker and delimiter lines excluded) includes `offset`.
    pub fn heredoc_at(&self, offset: TextSize) -> Option<&Heredoc> {
        self.heredocs.iter().find(|heredoc| heredoc.body.contains_inclusive(offset))
    }

    /// The words BuildKit expands, flags' values included, in source order.
    pub fn words(&self) -> Vec<&Word> {
        let mut words: Vec<&Word> = self.flags.iter().filter_map(|flag| flag.value.as_ref()).collect();
        self.arguments.collect_words(&mut words);
        words
    }
}

/// `--name` or `--name=value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// From the dashes to the end of the value.
    pub range: TextRange,
    /// Without dashes.
    pub name: SourceText,
    /// What follows `=`; absent when there is no `=`.
    pub value: Option<Word>,
}

impl Flag {
    /// The value split at commas, as `--mount` and others use it.
    pub fn options(&self) -> Vec<FlagOption> {
        let Some(value) = &self.value else { return Vec::new() };
        let text = value.text();
        let mut options = Vec::new();
        let mut start = 0;
        for piece in text.as_str().split(',') {
            options.push(FlagOption::parse(text.slice(start, start + piece.len())));
            start += piece.len() + 1;
        }
        options
    }
}

/// One `name=value` (or lone `name`) of a comma-separated flag value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagOption {
    pub range: TextRange,
    pub name: SourceText,
    pub value: Option<Word>,
}

impl FlagOption {
    fn parse(text: SourceText) -> Self {
        match text.as_str().find('=') {
            None => FlagOption { range: text.range(), name: text, value: None },
            Some(at) => {
                let (name, value) = text.split_at(at, 1);
                FlagOption { range: text.range(), name, value: Some(Word::parse(value, '\\')) }
            }
        }
    }
}

/// What an instruction was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arguments {
    From(From),
    /// `RUN`, `CMD`, `ENTRYPOINT`, `SHELL`: `None` when nothing is written.
    Command(Option<Command>),
    /// `COPY`, `ADD`.
    Copy(Copy),
    /// `ENV`, `LABEL`.
    Pairs(Pairs),
    Arg(Vec<ArgDeclaration>),
    /// `EXPOSE`, `VOLUME`.
    List(List),
    /// `USER`, `WORKDIR`, `STOPSIGNAL`, `MAINTAINER`: one word that may hold blanks.
    Single(Option<Word>),
    Healthcheck(Option<Healthcheck>),
    /// The deferred instruction.
    Onbuild(Option<Box<Instruction>>),
    /// The name is no instruction: nothing is known of what follows.
    Unknown,
}

impl Arguments {
    fn collect_words<'a>(&'a self, words: &mut Vec<&'a Word>) {
        match self {
            Arguments::From(from) => words.extend(&from.image),
            Arguments::Copy(copy) => words.extend(copy.sources.iter().chain(&copy.destination)),
            Arguments::Pairs(pairs) => {
                words.extend(
                    pairs.pairs.iter().flat_map(|pair| std::iter::once(&pair.key).chain(&pair.value)),
                );
            }
            Arguments::Arg(declarations) => {
                words.extend(declarations.iter().flat_map(|it| std::iter::once(&it.name).chain(&it.value)));
            }
            Arguments::List(list) => words.extend(&list.items),
            Arguments::Single(word) => words.extend(word),
            Arguments::Onbuild(Some(inner)) => words.extend(inner.words()),
            Arguments::Command(_)
            | Arguments::Healthcheck(_)
            | Arguments::Onbuild(None)
            | Arguments::Unknown => {}
        }
    }
}

/// `FROM image [AS name]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct From {
    pub image: Option<Word>,
    /// `AS`, as written; any second word stands here.
    pub as_keyword: Option<SourceText>,
    pub name: Option<SourceText>,
    /// What follows the name; BuildKit accepts one or three arguments only.
    pub rest: Vec<SourceText>,
}

/// Exec form or shell form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// `["a", "b"]`
    Exec(ExecForm),
    /// Everything else, as text for a shell.
    Shell(SourceText),
}

impl Command {
    pub fn range(&self) -> TextRange {
        match self {
            Command::Exec(exec) => exec.range,
            Command::Shell(text) => text.range(),
        }
    }

    pub fn is_exec_form(&self) -> bool {
        matches!(self, Command::Exec(_))
    }
}

/// A JSON array of strings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecForm {
    pub range: TextRange,
    pub arguments: Vec<JsonText>,
}

/// One string of a JSON array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonText {
    /// With its quotes.
    pub range: TextRange,
    /// Unescaped.
    pub text: SourceText,
}

/// `COPY`/`ADD [sources…] destination`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Heredoc markers stand among them, see [`Instruction::heredocs`].
    pub sources: Vec<Word>,
    /// The last word, when there are at least two.
    pub destination: Option<Word>,
    pub is_json: bool,
}

/// `ENV`/`LABEL`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairs {
    pub pairs: Vec<Pair>,
    /// `ENV name value`: one pair, the value reaches to the end of the line.
    pub is_legacy: bool,
}

/// One `key=value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub key: Word,
    /// Absent when the word has no `=`.
    pub value: Option<Word>,
    pub range: TextRange,
}

/// One `name` or `name=default` of `ARG`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArgDeclaration {
    pub name: Word,
    pub value: Option<Word>,
    pub range: TextRange,
}

/// `EXPOSE`/`VOLUME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    pub items: Vec<Word>,
    pub is_json: bool,
}

/// `HEALTHCHECK kind command`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Healthcheck {
    /// `CMD` or `NONE`, as written.
    pub kind: SourceText,
    pub command: Option<Command>,
}

/// `<<name` and its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heredoc {
    /// `<<-"name"`, as it stands in the instruction's line.
    pub marker: TextRange,
    /// The delimiter as written, quotes included.
    pub delimiter: TextRange,
    /// The delimiter without quotes; also the file's name in `COPY`.
    pub name: SmolStr,
    /// False when any part of the delimiter is quoted: variables stay as they are.
    pub expands: bool,
    /// `<<-`: leading tabs are cut off.
    pub strips_tabs: bool,
    /// The number before `<<`, 0 when there is none.
    pub descriptor: u32,
    /// The lines between, with their line breaks; empty when unterminated.
    pub body: TextRange,
    /// The line that ends it (leading tabs included), or `None`: the build fails.
    pub terminator: Option<TextRange>,
}
