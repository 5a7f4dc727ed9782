//! The names of a file — stages, variables, heredoc delimiters — and every place each is written.
//!
//! Definition, references, highlight and rename all ask here, so that they always agree.

use std::collections::HashMap;

use smol_str::SmolStr;
use text_size::{TextRange, TextSize};

use super::shell_names;
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::shell::Shells;
use crate::analysis::model::{Model, StageId, StageReferenceKind, Variable, VariableId};
use crate::analysis::syntax::expansion;
use crate::analysis::syntax::{InstructionId, InstructionRef};

/// Something with a name that can be written in several places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    Stage(StageId),
    /// All definitions that share one meaning, by their first one.
    Variable(VariableId),
    /// Used in this scope, set nowhere in the file.
    Undefined {
        name: SmolStr,
        stage: Option<StageId>,
    },
    /// The `n`-th heredoc of an instruction.
    Heredoc {
        instruction: InstructionId,
        index: usize,
    },
}

/// One place where a name is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// Only the name itself, absolute.
    pub range: TextRange,
    pub kind: OccurrenceKind,
}

/// What the place does with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OccurrenceKind {
    /// `AS name`, `ARG name`, `ENV name=`, `<<name`.
    Definition,
    Use,
    /// `COPY --from=0`: means the stage without writing its name.
    ByIndex,
}

/// All names of a file.
pub struct Names<'a> {
    model: &'a Model,
    /// For each definition the first definition of its family.
    families: Vec<VariableId>,
    shells: Shells,
}

impl<'a> Names<'a> {
    pub fn new(model: &'a Model) -> Self {
        Names { model, families: families(model), shells: Shells::new(model) }
    }

    /// The name written at `offset` (its end included).
    pub fn at(&self, offset: TextSize) -> Option<(Name, TextRange)> {
        let here = self.model.file().instruction_at(offset)?;
        let definitions = self.model.variables_set_by(here.id).iter().filter_map(|it| self.definition(it));
        let places = definitions.chain(self.stage_places()).chain(heredoc_places(here));
        let places = places.map(|(name, it)| (it.range, name)).chain(self.uses_in(here));
        let touching = places.filter(|(range, _)| range.contains_inclusive(offset));
        // Of two names that touch, the one that begins here.
        touching.max_by_key(|(range, _)| range.start()).map(|(range, name)| (name, range))
    }

    /// Every place `name` is written, in order.
    pub fn occurrences(&self, name: &Name) -> Vec<Occurrence> {
        let file = self.model.file();
        let definitions = self.model.variables().iter().filter_map(|it| self.definition(it));
        let places =
            definitions.chain(self.stage_places()).chain(file.instructions().flat_map(heredoc_places));
        let mut found: Vec<Occurrence> = places.filter(|(it, _)| it == name).map(|(_, it)| it).collect();
        if let Some(text) = self.variable_text(name) {
            let users = file.instructions().filter(|it| may_name(*it, text));
            let uses = users.flat_map(|it| self.uses_in(it)).filter(|(_, it)| it == name);
            found.extend(uses.map(|(range, _)| Occurrence { range, kind: OccurrenceKind::Use }));
        }
        found.sort_by_key(|it| (it.range.start(), it.range.end()));
        found.dedup();
        found
    }

    /// How a variable is written, the same wherever it is.
    fn variable_text<'b>(&'b self, name: &'b Name) -> Option<&'b str> {
        match name {
            Name::Variable(id) => Some(self.model.variable(*id)?.name.as_str()),
            Name::Undefined { name, .. } => Some(name.as_str()),
            Name::Stage(_) | Name::Heredoc { .. } => None,
        }
    }

    /// The definitions that share one meaning with `id`.
    pub fn family(&self, id: VariableId) -> impl Iterator<Item = &'a Variable> + '_ {
        let first = self.first_of(id);
        self.model.variables().iter().filter(move |it| self.first_of(it.id) == first)
    }

    fn first_of(&self, id: VariableId) -> VariableId {
        self.families.get(id.0 as usize).copied().unwrap_or(id)
    }

    fn definition(&self, variable: &Variable) -> Option<(Name, Occurrence)> {
        let range = self.model.file().range(variable.location)?;
        Some((Name::Variable(self.first_of(variable.id)), occurrence(range, OccurrenceKind::Definition)))
    }

    fn stage_places(&self) -> impl Iterator<Item = (Name, Occurrence)> + '_ {
        let file = self.model.file();
        let definitions = self.model.stages().iter().filter_map(move |stage| {
            let range = file.range(stage.name_location()?)?;
            Some((Name::Stage(stage.id), occurrence(range, OccurrenceKind::Definition)))
        });
        let references = self.model.stage_references().iter().filter_map(move |reference| {
            let stage = self.model.stage(reference.target?)?;
            let is_name = stage.name.as_deref() == Some(reference.text.to_lowercase().as_str());
            // A name that comes out of a variable is not written here.
            let is_written = is_name || reference.kind == StageReferenceKind::CopyFrom;
            let kind = if is_name { OccurrenceKind::Use } else { OccurrenceKind::ByIndex };
            let range = file.range(reference.location)?;
            is_written.then(|| (Name::Stage(stage.id), occurrence(range, kind)))
        });
        definitions.chain(references)
    }

    /// The variables that `instruction` uses (absolute ranges), those of its shell text among them.
    fn uses_in(&self, instruction: InstructionRef<'_>) -> Vec<(TextRange, Name)> {
        let mut found = Vec::new();
        let mut add = |name: &SmolStr, range| found.push(self.used(instruction, name, range));
        if instruction.keyword != Some(Keyword::Onbuild) {
            let words = instruction.node.words();
            let used = words.iter().flat_map(|word| word.variables());
            used.for_each(|it| add(&it.name, it.name_range));
        }
        let (parts, mut used) = (self.model.heredoc_parts(instruction), Vec::new());
        expansion::collect_variables(&parts, &mut used);
        used.iter().for_each(|it| add(&it.name, it.name_range));
        let used = shell_names::uses(self.model, &self.shells, instruction);
        used.iter().for_each(|(name, range)| add(name, *range));
        found
    }

    fn used(&self, instruction: InstructionRef<'_>, name: &SmolStr, range: TextRange) -> (TextRange, Name) {
        let resolved =
            self.model.resolve(name, instruction.id).map(|it| Name::Variable(self.first_of(it.id)));
        let is_from = instruction.keyword == Some(Keyword::From);
        let stage = self.model.stage_of(instruction.id).map(|stage| stage.id).filter(|_| !is_from);
        let name = resolved.unwrap_or_else(|| Name::Undefined { name: name.clone(), stage });
        (instruction.absolute(range), name)
    }
}

fn heredoc_places(instruction: InstructionRef<'_>) -> impl Iterator<Item = (Name, Occurrence)> {
    let heredocs = instruction.node.heredocs.iter().enumerate();
    heredocs.flat_map(move |(index, heredoc)| {
        let name = Name::Heredoc { instruction: instruction.id, index };
        let end = heredoc.terminator.map(|line| without_tabs(&heredoc.name, line));
        let places = [(Some(heredoc.delimiter), OccurrenceKind::Definition), (end, OccurrenceKind::Use)];
        places.into_iter().filter_map(move |(range, kind)| {
            Some((name.clone(), occurrence(instruction.absolute(range?), kind)))
        })
    })
}

/// Whether the variable `text` can be written in `instruction`: in its logical line, or in what is not part of that.
fn may_name(instruction: InstructionRef<'_>, text: &str) -> bool {
    instruction.node.joined.as_str().contains(text) || !instruction.node.heredocs.is_empty()
}

fn occurrence(range: TextRange, kind: OccurrenceKind) -> Occurrence {
    Occurrence { range, kind }
}

/// The delimiter at the end of its line: `<<-` allows tabs before it.
fn without_tabs(name: &str, line: TextRange) -> TextRange {
    TextRange::new(line.end().checked_sub(TextSize::of(name)).unwrap_or(line.start()), line.end())
}

/// Definitions that mean one variable: set again in the same stage or in one built from it, and a bare
/// `ARG name` together with the global `ARG` it takes its value from.
fn families(model: &Model) -> Vec<VariableId> {
    let mut first: Vec<VariableId> = Vec::with_capacity(model.variables().len());
    let mut latest: HashMap<(Option<StageId>, &str), VariableId> = HashMap::new();
    for variable in model.variables() {
        let own = latest.get(&(variable.stage, variable.name.as_str())).copied();
        let inherited = || {
            let mut bases = model.lineage(variable.stage?).skip(1);
            bases.find_map(|base| latest.get(&(Some(base.id), variable.name.as_str())).copied())
        };
        let related = own.or_else(inherited).or(variable.global);
        let family = related.and_then(|id| first.get(id.0 as usize).copied()).unwrap_or(variable.id);
        first.push(family);
        latest.insert((variable.stage, variable.name.as_str()), variable.id);
    }
    first
}
