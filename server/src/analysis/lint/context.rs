//! What a check may look at.

use std::ops::Range;

use text_size::{TextRange, TextSize};

use super::cache::LintCache;
use super::facts::Facts;
use super::options::Policy;
use super::rule::Profile;
use super::shell::ShellContext;
use super::suppress::Suppressions;
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::shell::ShellKind;
use crate::analysis::model::{Base, Model, Stage, StageId, StageReference};
use crate::analysis::syntax::ast::{Arguments, Command, Instruction};
use crate::analysis::syntax::{InstructionId, InstructionRef};

/// What an instruction check depends on besides the instruction itself. Part of the cache's key, so small.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    pub escape: char,
    pub shell: Shell,
    /// The program that reads shell texts here, as far as the file tells; `sh` when it tells nothing.
    pub reader: ShellKind,
    /// Whether that program is started with `-o pipefail`.
    pub has_pipefail: bool,
    /// After the first `FROM`.
    pub is_in_stage: bool,
    /// As [`ModelContext::is_shipped`].
    pub is_shipped: bool,
    pub profile: Profile,
}

/// What runs shell-form commands, as far as the file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shell {
    /// No `SHELL`: `/bin/sh -c` on Linux, `cmd /S /C` on Windows.
    Default,
    /// `sh`, `bash`, `dash`, `ash`, `zsh`, `ksh`.
    Posix,
    PowerShell,
    Cmd,
    /// Any other program.
    Other,
}

impl Shell {
    /// What a `SHELL` instruction sets; `None` when it is malformed.
    pub fn of(instruction: &Instruction) -> Option<Shell> {
        let Arguments::Command(Some(Command::Exec(exec))) = &instruction.arguments else { return None };
        let program = exec.arguments.first()?.text.as_str();
        let name = program.rsplit(['/', '\\']).next().unwrap_or(program).to_ascii_lowercase();
        Some(match name.strip_suffix(".exe").unwrap_or(&name) {
            "sh" | "bash" | "dash" | "ash" | "zsh" | "ksh" => Shell::Posix,
            "powershell" | "pwsh" => Shell::PowerShell,
            "cmd" => Shell::Cmd,
            _ => Shell::Other,
        })
    }
}

/// One instruction, without its neighbours.
pub struct InstructionContext<'a> {
    /// Behind `ONBUILD`: the deferred one.
    pub instruction: &'a Instruction,
    pub setting: &'a Setting,
    pub is_deferred: bool,
    /// The document from the start of the instruction's first line to the instruction's end: what local ranges index.
    pub(super) text: &'a str,
}

impl<'a> InstructionContext<'a> {
    /// The source at a local range.
    pub fn source(&self, range: TextRange) -> &'a str {
        self.text.get(usize::from(range.start())..usize::from(range.end())).unwrap_or_default()
    }

    pub fn keyword(&self) -> Option<Keyword> {
        self.instruction.keyword
    }

    /// The keyword in upper case, or the name as written when it is none.
    pub fn name(&self) -> &'a str {
        self.instruction.keyword.map_or(self.instruction.name.as_str(), |keyword| keyword.as_str())
    }
}

/// The whole file, or one section of it.
#[derive(Clone)]
pub struct ModelContext<'a> {
    pub model: &'a Model,
    pub facts: &'a Facts,
    pub profile: Profile,
    pub policy: &'a Policy,
    pub suppressions: &'a Suppressions,
    /// The instructions that are looked at.
    pub(super) span: Range<u32>,
    pub(super) overview: &'a Overview,
    pub(super) cache: &'a LintCache,
}

/// Of each stage, whether its files reach an image people use: the last stage, and those it is built from. hadolint takes
/// every stage that another one is built from for such.
pub(super) fn shipped_stages(model: &Model, profile: Profile) -> Vec<bool> {
    let mut shipped = vec![false; model.stages().len()];
    let mut ship = |id: StageId| shipped.get_mut(id.index()).map(|it| *it = true);
    match (model.stages().last(), profile) {
        (Some(last), Profile::Hadolint) => {
            ship(last.id);
            let bases = model.stages().iter().filter_map(|it| match it.base {
                Base::Stage(base) => Some(base),
                _ => None,
            });
            bases.for_each(|base| {
                ship(base);
            });
        }
        (Some(last), _) => model.lineage(last.id).for_each(|it| {
            ship(it.id);
        }),
        (None, _) => {}
    }
    shipped
}

/// What one pass over the instructions tells, so that not every check needs its own.
#[derive(Debug, Default)]
pub(super) struct Overview {
    /// By `Keyword as usize`; the last one is for unknown names.
    by_keyword: Vec<Vec<InstructionId>>,
    with_problems: Vec<InstructionId>,
    /// Known ones whose keyword is not in capitals.
    not_upper: Vec<InstructionId>,
}

impl Overview {
    pub fn new(model: &Model) -> Self {
        let mut by_keyword = vec![Vec::new(); Keyword::ALL.len() + 1];
        let (mut with_problems, mut not_upper) = (Vec::new(), Vec::new());
        for instruction in model.file().instructions() {
            let index = instruction.keyword.map_or(Keyword::ALL.len(), |keyword| keyword as usize);
            by_keyword[index].push(instruction.id);
            if instruction.keyword.is_some_and(|it| instruction.node.name.as_str() != it.as_str()) {
                not_upper.push(instruction.id);
            }
            if !instruction.node.problems.is_empty() {
                with_problems.push(instruction.id);
            }
        }
        Overview { by_keyword, with_problems, not_upper }
    }

    /// Whether it looks the same with `new` in the place of `old`.
    pub fn is_same_with(old: &Instruction, new: &Instruction) -> bool {
        old.keyword == new.keyword
            && old.name.as_str() == new.name.as_str()
            && old.problems.is_empty() == new.problems.is_empty()
    }

    fn ids(&self, keyword: Option<Keyword>) -> &[InstructionId] {
        let index = keyword.map_or(Keyword::ALL.len(), |keyword| keyword as usize);
        self.by_keyword.get(index).map_or(&[], |ids| ids)
    }
}

impl<'a> ModelContext<'a> {
    pub fn instructions(&self) -> impl DoubleEndedIterator<Item = InstructionRef<'a>> + use<'a> {
        let model = self.model;
        self.span.clone().filter_map(|id| model.file().instruction(InstructionId(id)))
    }

    /// All stages with their `FROM`.
    pub fn stages(&self) -> impl Iterator<Item = (&'a Stage, InstructionRef<'a>)> + use<'a> {
        let model = self.model;
        let first = model.stages().partition_point(|stage| stage.from.0 < self.span.start);
        let end = model.stages().partition_point(|stage| stage.from.0 < self.span.end);
        let stages = model.stages().get(first..end).unwrap_or_default();
        stages.iter().filter_map(|stage| Some((stage, model.file().instruction(stage.from)?)))
    }

    /// All places that name a stage or could.
    pub fn stage_references(&self) -> &'a [StageReference] {
        let all = self.model.stage_references();
        let first = all.partition_point(|it| it.location.instruction.0 < self.span.start);
        let end = all.partition_point(|it| it.location.instruction.0 < self.span.end);
        all.get(first..end).unwrap_or_default()
    }

    /// Whether another stage is built from `stage` or copies from it: then it is no image of its own.
    pub fn is_used_by_other_stage(&self, stage: StageId) -> bool {
        let is_use = |it: &StageReference| it.target == Some(stage) && it.stage != Some(stage);
        self.model.stage_references().iter().any(is_use)
    }

    /// All instructions with this keyword.
    pub fn with_keyword(&self, keyword: Keyword) -> impl Iterator<Item = InstructionRef<'a>> + use<'a> {
        self.refs(self.overview.ids(Some(keyword)))
    }

    /// All instructions with a name that is none.
    pub fn unknown_instructions(&self) -> impl Iterator<Item = InstructionRef<'a>> + use<'a> {
        self.refs(self.overview.ids(None))
    }

    /// All instructions in which the parser found something wrong.
    pub fn with_problems(&self) -> impl Iterator<Item = InstructionRef<'a>> + use<'a> {
        self.refs(&self.overview.with_problems)
    }

    /// All instructions whose keyword is not written in capitals.
    pub fn not_upper(&self) -> impl Iterator<Item = InstructionRef<'a>> + use<'a> {
        self.refs(&self.overview.not_upper)
    }

    fn refs(&self, ids: &'a [InstructionId]) -> impl Iterator<Item = InstructionRef<'a>> + use<'a> {
        let file = self.model.file();
        let first = ids.partition_point(|id| id.0 < self.span.start);
        let end = ids.partition_point(|id| id.0 < self.span.end);
        ids.get(first..end).unwrap_or_default().iter().filter_map(|id| file.instruction(*id))
    }

    /// The last comment before `instruction` and after the one before it, unless an empty comment (`#`) follows it: as
    /// BuildKit, which does not let blank lines part a comment from what it describes.
    pub fn last_comment_above(&self, instruction: InstructionRef<'a>) -> Option<TextRange> {
        let file = self.model.file();
        let before = file.comments().partition_point(|comment| comment.end() <= instruction.start);
        let comment = *file.comments().get(before.checked_sub(1)?)?;
        let previous = instruction.id.0.checked_sub(1).and_then(|id| file.instruction(InstructionId(id)));
        let is_own = previous.is_none_or(|previous| previous.start < comment.start());
        let is_directive = file.directives().list.iter().any(|it| it.range.start() == comment.start());
        (is_own && !is_directive && !self.comment_text(comment).is_empty()).then_some(comment)
    }

    /// The text of a comment line. BuildKit cuts off one character, so an indented comment keeps its `#`.
    pub fn comment_text(&self, comment: TextRange) -> &'a str {
        let text = self.model.file().text().get(..usize::from(comment.end())).unwrap_or_default();
        let line = text.rsplit('\n').next().unwrap_or_default().trim_start_matches('\u{feff}');
        let mut characters = line.chars();
        characters.next();
        characters.as_str().trim()
    }

    /// What instruction `id` depends on.
    pub fn setting(&self, id: InstructionId) -> Option<&'a Setting> {
        self.cache.setting(id)
    }

    /// The shell texts of instruction `id` (of an `ONBUILD`: of what it defers), read once for all rules.
    pub fn shell(&self, id: InstructionId) -> Option<ShellContext<'a>> {
        self.cache.shell(id, self.model)
    }

    /// Whether what instruction `id` leaves behind reaches an image people use. What only serves as a source of
    /// `COPY --from=` does not.
    pub fn is_shipped(&self, id: InstructionId) -> bool {
        let stage = self.model.stage_of(id);
        stage.is_none_or(|stage| self.cache.is_shipped(stage.id))
    }

    /// The last instruction of `keyword` that is in force at `at`: in its stage, or in those it is built from. As
    /// [`Model::in_force`], without a walk back.
    pub fn in_force(&self, keyword: Keyword, at: InstructionId) -> Option<InstructionRef<'a>> {
        let stage = self.model.stage_of(at)?;
        let ids = self.overview.ids(Some(keyword));
        let last_in = |span: Range<u32>| {
            let end = ids.partition_point(|id| id.0 < span.end);
            ids.get(end.checked_sub(1)?).copied().filter(|id| span.contains(&id.0))
        };
        let bases = self.model.lineage(stage.id).skip(1).map(|base| base.instructions.clone());
        let id = std::iter::once(stage.instructions.start..at.0).chain(bases).find_map(last_in)?;
        self.model.file().instruction(id)
    }

    /// Every `RUN` with its shell texts, those that `ONBUILD` defers too.
    pub fn runs(&self) -> impl Iterator<Item = (InstructionRef<'a>, ShellContext<'a>)> + use<'a, '_> {
        let is_run = |it: &InstructionRef<'_>| it.node.innermost().keyword == Some(Keyword::Run);
        self.instructions().filter(is_run).filter_map(|it| Some((it, self.shell(it.id)?)))
    }

    /// The source at an absolute range.
    pub fn source(&self, range: TextRange) -> &'a str {
        self.model.file().slice(range)
    }

    /// The lines an instruction stands on with their last line break: what deleting it deletes.
    pub fn whole_lines(&self, instruction: InstructionRef<'_>) -> TextRange {
        let text = self.model.file().text();
        let end = usize::from(instruction.absolute_range().end());
        let rest = text.get(end..).unwrap_or_default();
        let end = rest.find('\n').map_or(text.len(), |at| end + at + 1);
        self.range(instruction.start.into(), end)
    }

    /// The line break that ends the line before `start`, the start of a line.
    pub fn newline_before(&self, start: TextSize) -> &'static str {
        let before = self.model.file().text().get(..usize::from(start)).unwrap_or_default();
        if before.ends_with("\r\n") { "\r\n" } else { "\n" }
    }

    /// `range` with the line break behind it.
    pub fn with_line_break(&self, range: TextRange) -> TextRange {
        let rest = self.model.file().text().get(usize::from(range.end())..).unwrap_or_default();
        let end = rest.find('\n').map_or(rest.len(), |at| at + 1);
        TextRange::new(range.start(), range.end() + TextSize::from(end as u32))
    }

    /// An absolute range from byte offsets; both must lie in the file.
    pub fn range(&self, start: usize, end: usize) -> TextRange {
        TextRange::new(TextSize::from(start as u32), TextSize::from(end.max(start) as u32))
    }
}

/// One stage.
pub struct StageContext<'a> {
    pub cx: &'a ModelContext<'a>,
    pub stage: &'a Stage,
}

impl<'a> StageContext<'a> {
    /// The stage's instructions, its `FROM` first.
    pub fn instructions(&self) -> impl DoubleEndedIterator<Item = InstructionRef<'a>> + use<'a> {
        let file = self.cx.model.file();
        self.stage.instructions.clone().filter_map(move |id| file.instruction(InstructionId(id)))
    }
}
