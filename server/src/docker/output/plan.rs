//! Which instruction of the file a step of the build is.
//!
//! Engines number steps in three ways, all seen in their output:
//! * BuildKit counts in each stage what makes a layer: `RUN`, `COPY`, `ADD`, `WORKDIR`, and `FROM` when it is an image
//!   (neither `scratch` nor a stage).
//! * Docker's old builder counts every instruction of the file, a global `ARG` too.
//! * Podman and Buildah count every instruction of a stage, and the stages, so a global `ARG` is not counted.
//!
//! What a base image's `ONBUILD` adds shifts the numbers, so the instruction's text has the last word.

use std::ops::RangeInclusive;

use text_size::{TextRange, TextSize};

use super::Failure;
use crate::analysis::image::ImageReference;
use crate::analysis::knowledge::{self, Distribution, Keyword};
use crate::analysis::model::shell::{ShellWord, Shells};
use crate::analysis::model::{Base, Model, Stage, StageId};
use crate::analysis::syntax::ast::Flag;
use crate::analysis::syntax::{Dockerfile, InstructionRef};
use crate::analysis::text::LineIndex;

/// The instructions of one version of a file, as builds count them. Owned, so that it outlives edits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    instructions: Vec<Planned>,
    /// Names of the stages, lower case.
    stages: Vec<Option<String>>,
}

/// One instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Planned {
    /// `None` before the first `FROM`.
    stage: Option<usize>,
    makes_layer: bool,
    lines: RangeInclusive<u32>,
    /// In one line, blanks made one.
    text: String,
    /// What the base image of its stage is made of.
    distribution: Option<Distribution>,
    /// The image of a `FROM` and of `--from`: (canonical name, as written).
    images: Vec<(String, String)>,
    /// Lines of heredocs: (from 1, normal).
    heredocs: Vec<(u32, String)>,
}

/// Bytes of an instruction that are compared.
const COMPARED: usize = 200;

impl Plan {
    pub fn new(model: &Model) -> Self {
        let lines = LineIndex::new(model.file().text());
        let instructions = model.file().instructions().map(|it| Planned::new(model, &lines, it)).collect();
        let stages =
            model.stages().iter().map(|it| it.name.as_ref().map(|name| name.to_lowercase())).collect();
        Plan { instructions, stages }
    }

    /// Reads `text` (a Dockerfile) first.
    pub fn of_text(text: &str) -> Self {
        Plan::new(&Model::new(&Dockerfile::parse(text)))
    }

    /// BuildKit's step `number` (from 1) of a stage. `stage`: its name, `stage-N`, or `None` if the file has but one.
    pub fn buildkit(&self, stage: Option<&str>, number: u32, text: &str) -> Option<RangeInclusive<u32>> {
        let stage = self.stage_index(stage);
        let steps = self.instructions.iter().filter(|it| it.makes_layer && it.stage == stage);
        self.choose(steps, number, text)
    }

    /// Step `number` (from 1) of Docker's old builder.
    pub fn legacy(&self, number: u32, text: &str) -> Option<RangeInclusive<u32>> {
        self.choose(self.instructions.iter(), number, text)
    }

    /// Step `number` of stage number `stage`, both from 1, as Podman and Buildah count.
    pub fn podman(&self, stage: u32, number: u32, text: &str) -> Option<RangeInclusive<u32>> {
        let stage = (stage as usize).checked_sub(1)?;
        self.choose(self.instructions.iter().filter(|it| it.stage == Some(stage)), number, text)
    }

    /// The name of stage `index` (from 0), or that number.
    pub fn stage_label(&self, index: usize) -> String {
        self.stages.get(index).cloned().flatten().unwrap_or_else(|| index.to_string())
    }

    /// How `stage` (as BuildKit names it) is called in the file: its name, or its index.
    pub fn stage_name(&self, stage: Option<&str>) -> Option<String> {
        self.stage_index(stage).map(|it| self.stage_label(it)).or_else(|| stage.map(str::to_owned))
    }

    /// The only instruction that reads `text`.
    pub fn with_text(&self, text: &str) -> Option<RangeInclusive<u32>> {
        let mut found = self.instructions.iter().filter(|it| is_same(&it.text, text));
        let first = found.next()?;
        found.next().is_none().then(|| first.lines.clone())
    }

    /// The line of a heredoc that reads `text`: builders that know no heredocs take its lines for instructions.
    pub fn heredoc_line(&self, text: &str) -> Option<RangeInclusive<u32>> {
        let text = normal(text);
        let mut bodies = self.instructions.iter().flat_map(|it| &it.heredocs);
        bodies.find(|(_, line)| *line == text).map(|(line, _)| *line..=*line)
    }

    /// Whether `line` (from 1) stands inside of a heredoc.
    pub fn is_in_heredoc(&self, line: u32) -> bool {
        self.instructions.iter().any(|it| it.heredocs.iter().any(|(at, _)| *at == line))
    }

    /// What the base image of the stage at `line` (from 1) is made of; `None` if its name does not tell.
    pub fn distribution_at(&self, line: u32) -> Option<Distribution> {
        self.instructions.iter().find(|it| it.lines.contains(&line))?.distribution
    }

    /// The instruction that makes BuildKit's step `name` fetch something (`FROM docker.io/library/a:latest`,
    /// `[internal] load metadata for …`, an address), with what it writes for it.
    pub fn fetching(&self, name: &str) -> Option<(RangeInclusive<u32>, String)> {
        let source =
            name.strip_prefix("FROM ").or_else(|| name.strip_prefix("[internal] load metadata for "));
        let source = source.unwrap_or(name).split('@').next().unwrap_or_default();
        if source.starts_with("http://") || source.starts_with("https://") {
            let it = self.instructions.iter().find(|it| it.text.split(' ').any(|word| word == source))?;
            return Some((it.lines.clone(), source.to_owned()));
        }
        let wanted = ImageReference::parse(source).canonical()?;
        let image =
            |it: &Planned| it.images.iter().find(|(name, _)| *name == wanted).map(|(_, text)| text.clone());
        self.instructions.iter().find_map(|it| Some((it.lines.clone(), image(it)?)))
    }

    /// The first instruction, when the builder says that no stage begins there.
    pub fn start(&self, said: &str) -> Option<RangeInclusive<u32>> {
        let is_it =
            said.contains("no build stage in current context") || said.contains("no FROM statement found");
        self.instructions.first().filter(|_| is_it).map(|it| it.lines.clone())
    }

    /// The instruction that takes `line` (from 1), in one line.
    pub fn instruction_at(&self, line: u32) -> Option<&str> {
        self.instructions.iter().find(|it| it.lines.contains(&line)).map(|it| it.text.as_str())
    }

    fn stage_index(&self, stage: Option<&str>) -> Option<usize> {
        let Some(name) = stage else { return self.stages.len().checked_sub(1) };
        let by_name =
            || self.stages.iter().rposition(|it| it.as_deref().is_some_and(|it| it == name.to_lowercase()));
        let by_number = || {
            let index = name.strip_prefix("stage-")?.parse().ok()?;
            self.stages.get(index).map(|_| index)
        };
        by_name().or_else(by_number)
    }

    /// The instruction at `number` if it reads as `text` does; else the only one that does; else, as the engine writes
    /// values where the file has variables, the one at `number` with the same first word.
    fn choose<'a>(
        &'a self,
        steps: impl Iterator<Item = &'a Planned> + Clone,
        number: u32,
        text: &str,
    ) -> Option<RangeInclusive<u32>> {
        let counted = steps.clone().nth((number as usize).checked_sub(1)?);
        let of_text = || {
            let mut same = steps.clone().filter(|it| is_same(&it.text, text));
            same.next().filter(|_| same.next().is_none())
        };
        counted
            .filter(|it| is_same(&it.text, text))
            .or_else(of_text)
            .or_else(|| counted.filter(|it| is_expanded(&it.text, text)))
            .map(|it| it.lines.clone())
    }
}

impl Planned {
    fn new(model: &Model, lines: &LineIndex, instruction: InstructionRef<'_>) -> Self {
        let stage = model.stage_of(instruction.id);
        let makes_layer = match instruction.keyword {
            Some(Keyword::Run | Keyword::Copy | Keyword::Add | Keyword::Workdir) => true,
            Some(Keyword::From) => stage.is_some_and(|it| matches!(it.base, Base::Image(_))),
            _ => false,
        };
        Planned {
            stage: stage.map(|it| it.id.index()),
            makes_layer,
            lines: line_range(lines, instruction.absolute_range()),
            text: normal(instruction.joined.as_str()),
            distribution: stage.and_then(|it| distribution(model, it.id)),
            images: images(model, instruction),
            heredocs: heredoc_lines(model, lines, instruction),
        }
    }
}

fn distribution(model: &Model, stage: StageId) -> Option<Distribution> {
    match model.root_base(stage)? {
        Base::Scratch => Some(Distribution::WithoutPackages),
        Base::Image(image) => {
            let image = ImageReference::parse(image.text()?);
            knowledge::distribution(&image.familiar_name()?, image.tag().known().unwrap_or_default())
        }
        Base::Stage(_) | Base::Missing => None,
    }
}

fn images(model: &Model, instruction: InstructionRef<'_>) -> Vec<(String, String)> {
    let written = |text: &str| Some((ImageReference::parse(text).canonical()?, text.to_owned()));
    let of_stage = model.stage_of(instruction.id).filter(|it| it.from == instruction.id);
    let base = of_stage.and_then(|it| match &it.base {
        Base::Image(image) => written(image.text()?),
        _ => None,
    });
    let from = instruction.flag("from").and_then(|it| written(it.value.as_ref()?.raw()));
    base.into_iter().chain(from).collect()
}

/// Lines of heredocs that are kept of one instruction.
const HEREDOC_LINES: usize = 200;

fn heredoc_lines(model: &Model, lines: &LineIndex, instruction: InstructionRef<'_>) -> Vec<(u32, String)> {
    let bodies = instruction.heredocs.iter().map(|it| instruction.absolute(it.body));
    let numbered = bodies.flat_map(|body| {
        let first = lines.line_of(body.start()) + 1;
        (first..).zip(model.file().slice(body).lines())
    });
    numbered.take(HEREDOC_LINES).map(|(line, text)| (line, normal(text))).collect()
}

/// Lines from 1.
fn line_range(lines: &LineIndex, range: TextRange) -> RangeInclusive<u32> {
    let first = lines.line_of(range.start()) + 1;
    let before_end = if range.is_empty() { range.end() } else { range.end() - TextSize::from(1) };
    first..=(lines.line_of(before_end) + 1).max(first)
}

/// What is compared: one blank between words, and no more than the beginning.
fn normal(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        if out.len() > COMPARED {
            break;
        }
    }
    out
}

/// `instruction` is normal already. Engines cut long names, end them with `…` or `...`, and BuildKit adds the first
/// lines of a heredoc in brackets.
fn is_same(instruction: &str, text: &str) -> bool {
    let text = text.split(" (").next().filter(|_| instruction.contains("<<")).unwrap_or(text);
    let text = normal(text);
    let is_cut = text.ends_with("...") || text.ends_with('…');
    let text = text.trim_end_matches("...").trim_end_matches('…');
    let (keyword, rest) = split_keyword(text);
    let (own_keyword, own_rest) = split_keyword(instruction);
    let is_same_rest = if is_cut { own_rest.starts_with(rest) } else { own_rest == rest };
    keyword.eq_ignore_ascii_case(own_keyword) && is_same_rest
}

/// Whether `text` can be `instruction` with its variables replaced; the words of `RUN` stay as they are.
fn is_expanded(instruction: &str, text: &str) -> bool {
    let (own, name) = (split_keyword(instruction).0, split_keyword(text).0);
    own.eq_ignore_ascii_case(name) && !own.eq_ignore_ascii_case("RUN")
}

fn split_keyword(text: &str) -> (&str, &str) {
    text.split_once(' ').unwrap_or((text, ""))
}

/// The bytes of the file that `failure` is about: the word it names, else the instruction (without the bodies of
/// heredocs), else the first line it names. `None` when it is about no place, or the file has no such line.
pub fn place(model: &Model, failure: &Failure) -> Option<TextRange> {
    let text = model.file().text();
    let index = LineIndex::new(text);
    let lines = failure.lines.clone()?;
    let (first, last) = (lines.start().checked_sub(1)?, lines.end().checked_sub(1)?);
    if first >= index.line_count() {
        return None;
    }
    let last = index.line_content(text, last.min(index.line_count() - 1));
    let range = TextRange::new(index.line_start(first), last.end());
    let line = trimmed(text, index.line_content(text, first));
    let blamed = model.file().instructions().find(|it| it.absolute_range().intersect(range).is_some());
    let Some(instruction) = blamed else { return Some(line) };
    let is_in_heredoc = lines.start() == lines.end()
        && instruction.heredocs.iter().any(|it| instruction.absolute(it.body).contains_range(line));
    let whole = if is_in_heredoc { line } else { instruction.absolute(instruction.line_range) };
    let subject = failure.cause.as_ref().and_then(|it| it.subject.as_deref());
    let mut words = [failure.word.as_deref(), subject].into_iter().flatten();
    let word = words.find_map(|word| word_in(model, instruction, word));
    Some(word.filter(|it| range.contains_range(*it)).unwrap_or(whole))
}

/// Without blanks at both ends.
fn trimmed(text: &str, line: TextRange) -> TextRange {
    let content = text.get(usize::from(line.start())..usize::from(line.end())).unwrap_or_default();
    let indent = content.len() - content.trim_start().len();
    let start = line.start() + TextSize::try_from(indent).unwrap_or_default();
    TextRange::new(start, start + TextSize::try_from(content.trim().len()).unwrap_or_default())
}

/// The word of `instruction` that means `word`: a word of the shell, a path, an image.
fn word_in(model: &Model, instruction: InstructionRef<'_>, word: &str) -> Option<TextRange> {
    match instruction.keyword {
        Some(Keyword::Run) => shell_word(model, instruction, word),
        _ => argument(model, instruction, word),
    }
}

fn shell_word(model: &Model, instruction: InstructionRef<'_>, word: &str) -> Option<TextRange> {
    let texts = Shells::new(model).texts(model.file(), instruction);
    let scripts: Vec<_> = texts.iter().map(|it| it.script()).collect();
    let commands = || scripts.iter().flat_map(|it| it.commands());
    let name = commands().find(|it| it.name() == word).map(|it| it.name_range());
    let is_it = |it: &&ShellWord| it.text == word || it.text.split(['=', '<', '>', '~']).next() == Some(word);
    let argument = || commands().flat_map(|it| &it.arguments).find(is_it).map(|it| it.range);
    name.or_else(argument).or_else(|| flag_with(instruction, word)).map(|it| instruction.absolute(it))
}

/// The flag of that name, or the one that has `word` among its options (`--mount=type=secret,id=word`).
fn flag_with(instruction: InstructionRef<'_>, word: &str) -> Option<TextRange> {
    let is_it = |it: &&Flag| {
        let value = it.value.as_ref().map(|it| it.raw()).unwrap_or_default();
        it.name.as_str() == word.trim_start_matches("--") || value.split([',', '=']).any(|it| it == word)
    };
    instruction.flags.iter().find(is_it).map(|it| it.range)
}

fn argument(model: &Model, instruction: InstructionRef<'_>, word: &str) -> Option<TextRange> {
    if instruction.name.as_str() == word {
        return Some(instruction.absolute(instruction.name.range()));
    }
    let from = instruction.flag("from").and_then(|it| it.value.as_ref());
    let words = || instruction.words().into_iter().chain(from).map(|it| instruction.absolute(it.range()));
    let wanted = path(word);
    let same = words().find(|it| path(model.file().slice(*it).trim_matches(['"', '\''])) == wanted);
    let same = same.or_else(|| flag_with(instruction, word).map(|it| instruction.absolute(it)));
    same.or_else(|| {
        // The engine writes the whole name, the file may have a short one.
        let wanted = ImageReference::parse(word).canonical()?;
        words()
            .find(|it| ImageReference::parse(model.file().slice(*it)).canonical().as_deref() == Some(&wanted))
    })
}

fn path(text: &str) -> &str {
    text.trim_start_matches("./").trim_start_matches('/').trim_end_matches('/')
}

/// The stage of a model that BuildKit means by `stage`.
pub fn stage<'a>(model: &'a Model, stage: &str) -> Option<&'a Stage> {
    let by_number =
        || model.stages().get(stage.strip_prefix("stage-").unwrap_or(stage).parse::<usize>().ok()?);
    model.stage_named(stage).or_else(by_number)
}
