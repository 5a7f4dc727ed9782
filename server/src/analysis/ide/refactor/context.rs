//! What a recipe may look at, and how the file is laid out.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use text_size::{TextRange, TextSize};

use super::segments::{Segment, segments};
use crate::analysis::ide::blocks::{comment_blocks, start_above};
use crate::analysis::image::ImageReference;
use crate::analysis::knowledge::{Distribution, FrontendVersion, Keyword, distribution};
use crate::analysis::model::shell::{Shell, ShellForm, ShellScript, ShellText, Shells};
use crate::analysis::model::{Base, Model, Stage};
use crate::analysis::syntax::directive::DirectiveName;
use crate::analysis::syntax::{Dockerfile, InstructionId, InstructionRef};
use crate::analysis::text::TextEdit;

/// A file, and the place somebody looks at.
pub struct Context<'a> {
    pub model: &'a Model,
    /// The cursor or the selection, absolute.
    pub range: TextRange,
    shells: OnceCell<Shells>,
    selected: OnceCell<Vec<InstructionRef<'a>>>,
    /// What many recipes ask for, and costs several parses.
    run_lines: RefCell<HashMap<InstructionId, Option<Rc<RunLine<'a>>>>>,
}

/// A `RUN` in shell form, for a shell of the POSIX family, understood as a whole.
pub struct RunLine<'a> {
    pub instruction: InstructionRef<'a>,
    /// The text is the body of its only heredoc, else it stands in the instruction's line.
    pub is_heredoc: bool,
    pub script: ShellScript,
    pub segments: Vec<Segment>,
}

impl RunLine<'_> {
    /// The absolute source range of bytes `start..end` of the shell text.
    pub fn range(&self, span: std::ops::Range<usize>) -> TextRange {
        self.instruction.absolute(self.script.text.source_range(span.start, span.end))
    }

    /// The whole shell text, absolute.
    pub fn text_range(&self) -> TextRange {
        self.range(0..self.script.text.as_str().len())
    }
}

impl<'a> Context<'a> {
    pub fn new(model: &'a Model, range: TextRange) -> Context<'a> {
        Context {
            model,
            range,
            shells: OnceCell::new(),
            selected: OnceCell::new(),
            run_lines: RefCell::default(),
        }
    }

    pub fn file(&self) -> &'a Dockerfile {
        self.model.file()
    }

    /// The instructions that the cursor or the selection touches. The end of a selection that stands at the start of a
    /// line does not touch that line.
    pub fn selected(&self) -> &[InstructionRef<'a>] {
        self.selected.get_or_init(|| {
            let range = self.range;
            let touches = |it: &InstructionRef<'_>| {
                let own = TextRange::new(it.start, it.absolute_range().end());
                match range.is_empty() {
                    true => own.contains_inclusive(range.start()),
                    false => own.intersect(range).is_some_and(|both| !both.is_empty()),
                }
            };
            self.file().instructions().filter(touches).collect()
        })
    }

    /// The instruction, if it is only one.
    pub fn only(&self) -> Option<InstructionRef<'a>> {
        match self.selected() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// The same, if it has this keyword.
    pub fn only_of(&self, keyword: Keyword) -> Option<InstructionRef<'a>> {
        self.only().filter(|it| it.keyword == Some(keyword))
    }

    pub fn instruction(&self, index: u32) -> Option<InstructionRef<'a>> {
        self.file().instruction(InstructionId(index))
    }

    /// The instructions of `stage`, its `FROM` first.
    pub fn instructions_of(&self, stage: &Stage) -> Vec<InstructionRef<'a>> {
        stage.instructions.clone().filter_map(|id| self.instruction(id)).collect()
    }

    pub fn shells(&self) -> &Shells {
        self.shells.get_or_init(|| Shells::new(self.model))
    }

    pub fn shell(&self, at: InstructionId) -> &Shell {
        self.shells().at(at)
    }

    /// The shell texts of an instruction.
    pub fn texts(&self, instruction: InstructionRef<'_>) -> Vec<ShellText> {
        self.shells().texts(self.file(), instruction)
    }

    /// `instruction` as [`RunLine`] without a heredoc, `None` if it is anything else.
    pub fn run_line(&self, instruction: InstructionRef<'a>) -> Option<Rc<RunLine<'a>>> {
        self.run_text(instruction).filter(|it| !it.is_heredoc)
    }

    /// `instruction` as [`RunLine`], `None` if it is anything else.
    pub fn run_text(&self, instruction: InstructionRef<'a>) -> Option<Rc<RunLine<'a>>> {
        if let Some(known) = self.run_lines.borrow().get(&instruction.id) {
            return known.clone();
        }
        let line = self.read_run_text(instruction).map(Rc::new);
        self.run_lines.borrow_mut().insert(instruction.id, line.clone());
        line
    }

    fn read_run_text(&self, instruction: InstructionRef<'a>) -> Option<RunLine<'a>> {
        let is_run = instruction.keyword == Some(Keyword::Run) && instruction.problems.is_empty();
        let texts = if is_run { self.texts(instruction) } else { Vec::new() };
        let [text] = texts.as_slice() else { return None };
        let is_heredoc = matches!(text.form, ShellForm::Script { .. });
        if !(is_heredoc || text.form == ShellForm::Line) || !text.kind.is_posix() {
            return None;
        }
        let script = text.script();
        let segments = segments(&script).filter(|it| !it.is_empty())?;
        Some(RunLine { instruction, is_heredoc, script, segments })
    }

    /// The image that the stage of `at` begins with, stages in between left out.
    pub fn root_image(&self, at: InstructionId) -> Option<ImageReference> {
        let stage = self.model.stage_of(at)?;
        match self.model.root_base(stage.id)? {
            Base::Image(value) => Some(ImageReference::parse(value.text()?)),
            _ => None,
        }
    }

    /// The distribution of that image, as far as its name tells.
    pub fn distribution(&self, at: InstructionId) -> Option<Distribution> {
        let stage = self.model.stage_of(at)?;
        if matches!(self.model.root_base(stage.id)?, Base::Scratch) {
            return Some(Distribution::WithoutPackages);
        }
        let image = self.root_image(at)?;
        distribution(&image.familiar_name()?, image.tag().known().unwrap_or_default())
    }

    /// Whether a `# syntax=` line asks for a Dockerfile syntax older than `1.minor`.
    pub fn is_older_than(&self, minor: u16) -> bool {
        let syntax = self.file().directives().get(DirectiveName::Syntax);
        let tag = syntax.and_then(|it| it.value.as_str().rsplit_once("docker/dockerfile:"));
        tag.and_then(|(_, tag)| FrontendVersion::parse(tag))
            .is_some_and(|it| it < FrontendVersion::one(minor))
    }

    /// The text at `range` (absolute).
    pub fn slice(&self, range: TextRange) -> &'a str {
        self.file().slice(range)
    }

    /// What ends the file's lines.
    pub fn newline(&self) -> &'static str {
        let text = self.file().text();
        let first = text.find('\n').and_then(|at| at.checked_sub(1)).and_then(|at| text.as_bytes().get(at));
        if first == Some(&b'\r') { "\r\n" } else { "\n" }
    }

    /// A blank, the escape character and a line break.
    pub fn continuation(&self) -> String {
        format!(" {}{}", self.file().escape(), self.newline())
    }

    /// The blanks before the second line of `instruction`, if it has one.
    pub fn own_indent(&self, instruction: InstructionRef<'_>) -> Option<&'a str> {
        let text = self.slice(instruction.absolute(instruction.line_range));
        let mut lines = text.split('\n').skip(1).filter(|line| !line.trim_start().starts_with('#'));
        let line = lines.find(|line| !line.trim().is_empty())?;
        line.get(..line.len() - line.trim_start().len())
    }

    /// The blanks for continuation lines: the instruction's own, or those of the first `RUN` that has some, or four.
    pub fn indent(&self, instruction: InstructionRef<'_>) -> String {
        let own = self.own_indent(instruction);
        let runs = || self.file().instructions().filter(|it| it.keyword == Some(Keyword::Run)).take(50);
        let found = own.or_else(|| runs().find_map(|it| self.own_indent(it)));
        found.filter(|it| !it.is_empty()).unwrap_or("    ").to_owned()
    }

    /// The comments that begin in `range` (absolute), also those between the lines of an instruction, in order.
    pub fn comments_in(&self, range: TextRange) -> Vec<&'a str> {
        let is_in = |it: &TextRange| range.start() <= it.start() && it.start() < range.end();
        let mut found: Vec<TextRange> = self.file().comments().iter().copied().filter(is_in).collect();
        let touched = self.file().instructions().filter(|it| {
            it.start < range.end() && it.absolute_range().end() >= range.start() && !it.comments.is_empty()
        });
        for instruction in touched {
            found.extend(instruction.comments.iter().map(|it| instruction.absolute(*it)).filter(is_in));
        }
        found.sort_by_key(|it| it.start());
        found.into_iter().map(|it| self.slice(it).trim_end()).collect()
    }

    /// The lines of an instruction from the start of its first to behind its last line break, absolute.
    pub fn whole_lines(&self, instruction: InstructionRef<'_>) -> TextRange {
        let end = instruction.absolute_range().end();
        TextRange::new(instruction.start, self.line_end(end))
    }

    /// Behind the line break that ends the line of `offset`, or the end of the file.
    pub fn line_end(&self, offset: TextSize) -> TextSize {
        let text = self.file().text();
        let rest = text.get(usize::from(offset)..).unwrap_or_default();
        let len = rest.find('\n').map_or(rest.len(), |at| at + 1);
        offset + TextSize::try_from(len).unwrap_or_default()
    }

    /// Takes an instruction away with its line.
    pub fn delete_lines(&self, instruction: InstructionRef<'_>) -> TextEdit {
        TextEdit::delete(self.whole_lines(instruction))
    }

    /// Puts whole lines (each without its break) above `instruction`, below the comments that stand there.
    pub fn insert_above(&self, instruction: InstructionRef<'_>, lines: &[String]) -> TextEdit {
        let text: String = lines.iter().flat_map(|line| [line.as_str(), self.newline()]).collect();
        TextEdit::insert(instruction.start, text)
    }

    /// Where the comments begin that stand right above `instruction`, or its own line.
    pub fn start_above(&self, instruction: InstructionRef<'_>) -> TextSize {
        let at = start_above(self.file(), &comment_blocks(self.file()), instruction);
        if at < instruction.start { self.line_start(at) } else { instruction.start }
    }

    fn line_start(&self, offset: TextSize) -> TextSize {
        let before = self.file().text().get(..usize::from(offset)).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        TextSize::try_from(line).unwrap_or(offset)
    }

    /// As [`Context::insert_above`], but above the comments that stand there.
    pub fn insert_above_comments(&self, instruction: InstructionRef<'_>, lines: &[String]) -> TextEdit {
        let TextEdit { new_text, .. } = self.insert_above(instruction, lines);
        TextEdit::insert(self.start_above(instruction), new_text)
    }

    /// Puts whole lines below `instruction`.
    pub fn insert_below(&self, instruction: InstructionRef<'_>, lines: &[String]) -> TextEdit {
        let end = self.whole_lines(instruction).end();
        let is_at_break = self.file().text().get(..usize::from(end)).is_some_and(|it| it.ends_with('\n'));
        let body = lines.join(self.newline());
        let text = match is_at_break {
            true => format!("{body}{}", self.newline()),
            false => format!("{}{body}", self.newline()),
        };
        TextEdit::insert(end, text)
    }

    /// The keyword written as the file writes `like`: in upper or lower case.
    pub fn keyword(&self, like: InstructionRef<'_>, keyword: Keyword) -> String {
        let is_lower = like.name.as_str().chars().all(char::is_lowercase);
        let name = keyword.as_str();
        if is_lower { name.to_lowercase() } else { name.to_owned() }
    }

    /// The flags of `instruction` as written, with a blank behind each; `None` if one reaches over a line.
    pub fn flags_text(&self, instruction: InstructionRef<'_>) -> Option<String> {
        let texts = instruction.node.flags.iter().map(|it| self.slice(instruction.absolute(it.range)));
        let texts: Vec<&str> = texts.collect();
        let is_plain = texts.iter().all(|it| !it.contains('\n'));
        is_plain.then(|| texts.iter().map(|it| format!("{it} ")).collect())
    }

    /// The blanks before the instruction's name.
    pub fn leading(&self, instruction: InstructionRef<'_>) -> &'a str {
        self.slice(TextRange::new(instruction.start, instruction.absolute_range().start()))
    }
}
