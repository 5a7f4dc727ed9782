//! What the file means: stages and their graph, variables and their values, who refers to what.
//!
//! Built in one pass over the instructions, without recursion: every value is computed where it is set, from
//! what was set before it, as the build does.

pub mod mount;
mod pattern;
pub mod scope;
pub mod shell;
pub mod stage;
pub mod value;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use smol_str::SmolStr;
use text_size::{TextRange, TextSize};

pub use scope::{Variable, VariableId, VariableKind};
pub use stage::{Base, Stage, StageId, StageReference, StageReferenceKind};
pub use value::{Lookup, Unknown, Value};

use self::scope::Scope;
use crate::analysis::knowledge::Keyword;
use crate::analysis::syntax::ast::{Arguments, Instruction};
use crate::analysis::syntax::expansion::{self, Part, Word};
use crate::analysis::syntax::{Dockerfile, InstructionId, InstructionRef, Location, SourceText};

/// How many stages built on each other are followed. Every name is looked up along them, so a file that is one
/// long chain must not cost the square of its length; what lies further away counts as not known.
pub const MAX_LINEAGE: usize = 64;

/// The meaning of one version of a file. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Model {
    file: Dockerfile,
    meaning: Arc<Meaning>,
    /// Every `WORKDIR`, once somebody has asked: a walk over the file for each path would be long.
    workdirs: OnceLock<Arc<[u32]>>,
}

/// What is known of a file besides its text. Instructions are named by index, and ranges are local to them, so that it
/// holds for all versions of a file that differ in other instructions only: see [`adds_meaning`].
#[derive(Debug, Clone, Default, PartialEq)]
struct Meaning {
    stages: Vec<Stage>,
    /// The last stage of each name.
    stage_names: HashMap<SmolStr, StageId>,
    variables: Vec<Variable>,
    definitions: HashMap<SmolStr, Vec<VariableId>>,
    global: Scope,
    /// One for each stage.
    scopes: Vec<Scope>,
    references: Vec<StageReference>,
}

/// One `$name` that BuildKit expands.
#[derive(Debug, Clone)]
pub struct VariableUse<'a> {
    pub instruction: InstructionId,
    pub variable: &'a expansion::Variable,
}

/// What Linux takes for a path (bytes). Thousands of relative `WORKDIR`s would make longer ones.
const LONGEST_PATH: usize = 4096;

impl Model {
    /// Reads the meaning of `file`.
    pub fn new(file: &Dockerfile) -> Self {
        let mut builder = Builder::new(file);
        for instruction in file.instructions() {
            builder.add(instruction);
        }
        let references = references::collect(&builder.model);
        builder.meaning().references = references;
        builder.model
    }

    /// The meaning of `file`, if it is that of the version here: when all that differs are instructions that add nothing
    /// to it, as most edits are.
    pub fn carried_to(&self, file: &Dockerfile) -> Option<Self> {
        let is_same = |(old, new): (InstructionRef<'_>, InstructionRef<'_>)| {
            Arc::ptr_eq(old.node, new.node) || !(adds_meaning(old.node) || adds_meaning(new.node))
        };
        let is_carried =
            self.file.len() == file.len() && self.file.instructions().zip(file.instructions()).all(is_same);
        is_carried.then(|| Model {
            file: file.clone(),
            meaning: self.meaning.clone(),
            workdirs: OnceLock::new(),
        })
    }

    /// Whether stages, variables and references are the same ones, as [`Model::carried_to`] leaves them.
    pub fn means_the_same_as(&self, other: &Model) -> bool {
        Arc::ptr_eq(&self.meaning, &other.meaning)
    }

    /// Whether the meaning is equal, shared or not.
    #[cfg(test)]
    pub fn is_equal_to(&self, other: &Model) -> bool {
        self.meaning == other.meaning
    }

    pub fn file(&self) -> &Dockerfile {
        &self.file
    }

    /// All stages in order.
    pub fn stages(&self) -> &[Stage] {
        &self.meaning.stages
    }

    pub fn stage(&self, id: StageId) -> Option<&Stage> {
        self.meaning.stages.get(id.index())
    }

    /// The stage instruction `id` stands in (a `FROM` begins its own), or `None` before the first `FROM`.
    pub fn stage_of(&self, id: InstructionId) -> Option<&Stage> {
        let index = self.meaning.stages.partition_point(|stage| stage.from <= id).checked_sub(1)?;
        self.meaning.stages.get(index)
    }

    /// The stage whose lines include `offset` (bytes), or `None` before the first `FROM`.
    pub fn stage_at(&self, offset: TextSize) -> Option<&Stage> {
        let before = self.meaning.stages.partition_point(|stage| {
            self.file.instruction(stage.from).is_some_and(|from| from.start <= offset)
        });
        self.meaning.stages.get(before.checked_sub(1)?)
    }

    /// The stage named `name`, whatever its case; the last one when several have it.
    pub fn stage_named(&self, name: &str) -> Option<&Stage> {
        self.stage(*self.meaning.stage_names.get(name.to_lowercase().as_str())?)
    }

    /// The stage that `COPY --from=text` means: by name or by index. `None`: an image or a named context.
    pub fn stage_copied_from(&self, text: &str) -> Option<&Stage> {
        let by_index = || self.meaning.stages.get(text.parse::<usize>().ok()?);
        self.stage_named(text).or_else(by_index)
    }

    /// `stage` and the stages it is built from, nearest first; at most [`MAX_LINEAGE`] of them.
    pub fn lineage(&self, stage: StageId) -> impl Iterator<Item = &Stage> {
        std::iter::successors(self.stage(stage), |stage| match stage.base {
            Base::Stage(base) => self.stage(base),
            _ => None,
        })
        .take(MAX_LINEAGE)
    }

    /// The last base in the lineage: an image, `scratch`, or nothing (a stage, when the lineage is too long).
    pub fn root_base(&self, stage: StageId) -> Option<&Base> {
        self.lineage(stage).last().map(|stage| &stage.base)
    }

    /// All places that name a stage or could.
    pub fn stage_references(&self) -> &[StageReference] {
        &self.meaning.references
    }

    /// All definitions of variables in order.
    pub fn variables(&self) -> &[Variable] {
        &self.meaning.variables
    }

    /// The definitions that instruction `id` makes.
    pub fn variables_set_by(&self, id: InstructionId) -> &[Variable] {
        let first = self.meaning.variables.partition_point(|it| it.location.instruction < id);
        let end = self.meaning.variables.partition_point(|it| it.location.instruction <= id);
        self.meaning.variables.get(first..end).unwrap_or_default()
    }

    /// All definitions of `name` in order, whatever their scope.
    pub fn definitions_of(&self, name: &str) -> impl Iterator<Item = &Variable> {
        self.meaning.definitions.get(name).into_iter().flatten().filter_map(|id| self.variable(*id))
    }

    pub fn variable(&self, id: VariableId) -> Option<&Variable> {
        self.meaning.variables.get(id.0 as usize)
    }

    /// The definition that `name` refers to when instruction `at` is expanded, or `None` when the file has none.
    /// In a `FROM` line only the global scope counts.
    pub fn resolve(&self, name: &str, at: InstructionId) -> Option<&Variable> {
        let is_from = self.file.instruction(at).is_some_and(|it| it.keyword == Some(Keyword::From));
        let stage = self.stage_of(at).filter(|_| !is_from);
        let id = match stage {
            None => self.meaning.global.last_before(name, at),
            Some(stage) => self.resolve_in_stage(name, stage, at),
        };
        self.variable(id?)
    }

    fn resolve_in_stage(&self, name: &str, stage: &Stage, at: InstructionId) -> Option<VariableId> {
        let own = self.meaning.scopes.get(stage.id.index())?.last_before(name, at);
        own.or_else(|| {
            self.lineage(stage.id)
                .skip(1)
                .find_map(|base| self.meaning.scopes.get(base.id.index())?.last(name))
        })
    }

    /// The global `ARG name`, declared before instruction `at`.
    pub fn global_argument(&self, name: &str, at: InstructionId) -> Option<&Variable> {
        self.variable(self.meaning.global.last_before(name, at)?)
    }

    /// Everything set or declared when instruction `at` is expanded, one definition a name, sorted by name.
    pub fn visible_variables(&self, at: InstructionId) -> Vec<&Variable> {
        let is_from = self.file.instruction(at).is_some_and(|it| it.keyword == Some(Keyword::From));
        let mut ids: Vec<VariableId> = Vec::new();
        match self.stage_of(at).filter(|_| !is_from) {
            None => ids.extend(self.meaning.global.visible_before(at)),
            Some(stage) => {
                for stage in self.lineage(stage.id) {
                    ids.extend(
                        self.meaning
                            .scopes
                            .get(stage.id.index())
                            .into_iter()
                            .flat_map(|it| it.visible_before(at)),
                    );
                }
            }
        }
        let mut found: Vec<&Variable> = ids.into_iter().filter_map(|id| self.variable(id)).collect();
        found.sort_by(|a, b| a.name.cmp(&b.name).then(b.id.cmp(&a.id)));
        // Nearer stages were added first, but order of definition is also order of precedence.
        found.dedup_by(|later, first| later.name == first.name);
        found
    }

    /// What `name` stands for when instruction `at` is expanded.
    pub fn lookup(&self, name: &str, at: InstructionId) -> Lookup {
        if let Some(variable) = self.resolve(name, at) {
            return variable.lookup();
        }
        let is_from = self.file.instruction(at).is_some_and(|it| it.keyword == Some(Keyword::From));
        match self.stage_of(at).filter(|_| !is_from) {
            None => scope::built_in(name).map_or(Lookup::Unset, Lookup::Set),
            Some(stage) => self.lookup_in_base(stage.id),
        }
    }

    fn lookup_in_base(&self, stage: StageId) -> Lookup {
        match self.root_base(stage) {
            Some(Base::Scratch) => Lookup::Unset,
            _ => Lookup::MaybeInBase,
        }
    }

    /// `word` of instruction `at`, expanded.
    pub fn expand(&self, word: &Word, at: InstructionId) -> Value {
        value::expand(word, &|name| self.lookup(name, at))
    }

    /// Every `$name` that BuildKit expands, in order; shell text of `RUN` and its kin is not among them.
    pub fn variable_uses(&self) -> impl Iterator<Item = VariableUse<'_>> {
        self.file.instructions().flat_map(|it| {
            let uses = variables_of(it.node);
            uses.into_iter().map(move |variable| VariableUse { instruction: it.id, variable })
        })
    }

    /// Variables in the bodies of `COPY`/`ADD` heredocs of one instruction, which BuildKit expands too.
    pub fn heredoc_parts(&self, instruction: InstructionRef<'_>) -> Vec<Part> {
        if !matches!(instruction.keyword, Some(Keyword::Copy | Keyword::Add)) {
            return Vec::new();
        }
        let bodies = instruction.node.heredocs.iter().filter(|heredoc| heredoc.expands);
        bodies
            .flat_map(|heredoc| {
                let text = self.file.slice(instruction.absolute(heredoc.body));
                expansion::parse_unquoted(&SourceText::verbatim(text, heredoc.body.start())).0
            })
            .collect()
    }

    /// The last instruction of `keyword` that is in force at `at`: in its stage, or in the stages it is built from.
    pub fn in_force(&self, keyword: Keyword, at: InstructionId) -> Option<InstructionRef<'_>> {
        let stage = self.stage_of(at)?;
        let own = stage.instructions.start..at.0;
        self.last_of(keyword, own).or_else(|| {
            let mut bases = self.lineage(stage.id).skip(1);
            bases.find_map(|base| self.last_of(keyword, base.instructions.clone()))
        })
    }

    fn last_of(&self, keyword: Keyword, ids: std::ops::Range<u32>) -> Option<InstructionRef<'_>> {
        ids.rev()
            .filter_map(|id| self.file.instruction(InstructionId(id)))
            .find(|it| it.keyword == Some(keyword))
    }

    /// The working directory when instruction `at` runs: absolute when the file says so, else relative to the
    /// base image's; `None` when the file sets none or a part is unknown.
    pub fn workdir_at(&self, at: InstructionId) -> Option<String> {
        let stage = self.stage_of(at)?;
        self.workdir_before(stage, at.0)
    }

    /// The working directory of an image made of `stage`, as [`Model::workdir_at`] has it.
    pub fn workdir_of(&self, stage: &Stage) -> Option<String> {
        self.workdir_before(stage, stage.instructions.end)
    }

    fn workdirs_in(&self, ids: std::ops::Range<u32>) -> &[u32] {
        let all = self.workdirs.get_or_init(|| {
            let workdirs = self.file.instructions().filter(|it| it.keyword == Some(Keyword::Workdir));
            workdirs.map(|it| it.id.0).collect()
        });
        let (first, end) =
            (all.partition_point(|it| *it < ids.start), all.partition_point(|it| *it < ids.end));
        all.get(first..end).unwrap_or_default()
    }

    fn workdir_before(&self, stage: &Stage, end: u32) -> Option<String> {
        let own = stage.instructions.start..end;
        let bases = self.lineage(stage.id).skip(1).map(|base| base.instructions.clone());
        let mut parts = Vec::new();
        let mut length = 0;
        for id in std::iter::once(own).chain(bases).flat_map(|ids| self.workdirs_in(ids).iter().rev()) {
            let Some(instruction) = self.file.instruction(InstructionId(*id)) else { continue };
            let Arguments::Single(Some(word)) = &instruction.node.arguments else { return None };
            let path = self.expand(word, instruction.id).text()?.to_owned();
            let is_absolute = path.starts_with('/') || path.as_bytes().get(1) == Some(&b':');
            length += path.len();
            parts.push(path);
            if is_absolute {
                break;
            }
            if length > LONGEST_PATH {
                return None;
            }
        }
        join_paths(parts)
    }
}

/// The paths joined, the last one outermost.
fn join_paths(parts: Vec<String>) -> Option<String> {
    let mut parts = parts.into_iter().rev();
    let mut path = parts.next()?;
    for part in parts {
        path.truncate(path.trim_end_matches('/').len());
        path.push('/');
        path.push_str(&part);
    }
    Some(path)
}

/// The variables in the words of an instruction; those of a deferred one belong to another build.
fn variables_of(instruction: &Instruction) -> Vec<&expansion::Variable> {
    let has_own_rules = matches!(instruction.keyword, Some(Keyword::Onbuild | Keyword::Maintainer));
    if has_own_rules || !instruction.joined.as_str().contains('$') {
        return Vec::new();
    }
    instruction.words().into_iter().flat_map(|word| word.variables()).collect()
}

/// Whether a part of the [`Meaning`] comes from the instruction, so that it may be another without it.
fn adds_meaning(instruction: &Instruction) -> bool {
    match &instruction.arguments {
        Arguments::From(_) | Arguments::Arg(_) => true,
        _ => match instruction.keyword {
            Some(Keyword::From | Keyword::Env) => true,
            Some(Keyword::Copy) => instruction.flag("from").is_some(),
            Some(Keyword::Run) => mount::mounts(instruction).iter().any(|it| it.from().is_some()),
            _ => false,
        },
    }
}

/// Adds one instruction after the other.
struct Builder {
    model: Model,
}

impl Builder {
    fn new(file: &Dockerfile) -> Self {
        Builder { model: Model { file: file.clone(), meaning: Arc::default(), workdirs: OnceLock::new() } }
    }

    /// Nobody else has it yet.
    fn meaning(&mut self) -> &mut Meaning {
        Arc::make_mut(&mut self.model.meaning)
    }

    fn add(&mut self, instruction: InstructionRef<'_>) {
        if let Some(stage) = self.meaning().stages.last_mut() {
            stage.instructions.end = instruction.id.0 + 1;
        }
        match &instruction.node.arguments {
            Arguments::From(_) => self.add_stage(instruction),
            Arguments::Arg(_) => self.add_arguments(instruction),
            Arguments::Pairs(_) if instruction.keyword == Some(Keyword::Env) => {
                self.add_environment(instruction)
            }
            _ => {}
        }
    }

    fn add_stage(&mut self, instruction: InstructionRef<'_>) {
        let Arguments::From(from) = &instruction.node.arguments else { return };
        if let Some(stage) = self.meaning().stages.last_mut() {
            stage.instructions.end = instruction.id.0;
        }
        let id = StageId(self.model.stages().len() as u32);
        let base = from.image.as_ref().map_or(Base::Missing, |image| self.base(image, instruction.id));
        let platform = instruction.node.flag("platform").and_then(|flag| flag.value.as_ref());
        let platform = platform.map(|word| self.global_value(word, instruction.id));
        let is_named = from.as_keyword.as_ref().is_some_and(|word| word.as_str().eq_ignore_ascii_case("as"));
        let name = from.name.as_ref().filter(|_| is_named);
        self.meaning().stages.push(Stage {
            id,
            from: instruction.id,
            instructions: instruction.id.0..instruction.id.0 + 1,
            name: name.map(|name| name.as_str().to_lowercase().into()),
            name_range: name.map(|name| name.range()),
            base,
            platform,
        });
        self.meaning().scopes.push(Scope::default());
        if let Some(name) = name {
            self.meaning().stage_names.insert(name.as_str().to_lowercase().into(), id);
        }
    }

    fn base(&self, image: &Word, at: InstructionId) -> Base {
        let value = self.global_value(image, at);
        match value.text() {
            Some("scratch") => Base::Scratch,
            Some(name) => match self.model.stage_named(name) {
                Some(stage) => Base::Stage(stage.id),
                None => Base::Image(value),
            },
            None => Base::Image(value),
        }
    }

    fn global_value(&self, word: &Word, at: InstructionId) -> Value {
        let model = &self.model;
        value::expand(word, &|name| match model.global_argument(name, at) {
            Some(variable) => variable.lookup(),
            None => scope::built_in(name).map_or(Lookup::Unset, Lookup::Set),
        })
    }

    fn add_arguments(&mut self, instruction: InstructionRef<'_>) {
        let Arguments::Arg(declarations) = &instruction.node.arguments else { return };
        let stage = self.model.stages().last().map(|stage| stage.id);
        for declaration in declarations {
            // Each declaration sees those before it on the same line.
            let seen_from = InstructionId(instruction.id.0 + 1);
            let name: SmolStr = declaration.name.literal().unwrap_or_else(|| declaration.name.raw().into());
            let own =
                declaration.value.as_ref().map(|word| self.argument_value(word, seen_from, stage, &name));
            let global = self.global_of(&name, own.is_none() && stage.is_some(), instruction.id);
            let value = own.or_else(|| self.inherited_value(&name, global, stage));
            self.define(
                instruction,
                stage,
                VariableKind::Arg,
                Definition {
                    name,
                    name_range: declaration.name.range(),
                    value_range: declaration.value.as_ref().map(|value| value.range()),
                    value,
                    global,
                },
            );
        }
    }

    fn global_of(&self, name: &str, wanted: bool, at: InstructionId) -> Option<VariableId> {
        self.model.meaning.global.last_before(name, at).filter(|_| wanted)
    }

    fn inherited_value(
        &self,
        name: &str,
        global: Option<VariableId>,
        stage: Option<StageId>,
    ) -> Option<Value> {
        match global.and_then(|id| self.model.variable(id)) {
            Some(global) => global.value.clone(),
            None => stage.and_then(|_| scope::built_in(name)),
        }
    }

    /// A default: known, but a build argument can replace it.
    fn argument_value(
        &self,
        word: &Word,
        at: InstructionId,
        stage: Option<StageId>,
        name: &SmolStr,
    ) -> Value {
        let value = match stage {
            None => self.global_value(word, at),
            Some(_) => self.stage_value(word, at),
        };
        match value {
            Value::Known(text) | Value::Default { text, .. } => {
                Value::Default { text, argument: name.clone() }
            }
            other => other,
        }
    }

    fn stage_value(&self, word: &Word, at: InstructionId) -> Value {
        let model = &self.model;
        value::expand(word, &|name| {
            let stage = model.stages().last();
            let found = stage.and_then(|stage| model.resolve_in_stage(name, stage, at));
            match (found.and_then(|id| model.variable(id)), stage) {
                (Some(variable), _) => variable.lookup(),
                (None, Some(stage)) => model.lookup_in_base(stage.id),
                (None, None) => Lookup::Unset,
            }
        })
    }

    fn add_environment(&mut self, instruction: InstructionRef<'_>) {
        let Arguments::Pairs(pairs) = &instruction.node.arguments else { return };
        // An ENV before the first FROM fails the build; it sets nothing.
        let Some(stage) = self.model.stages().last().map(|stage| stage.id) else { return };
        // All values of one ENV are expanded before any of its names is set.
        let values: Vec<_> = pairs
            .pairs
            .iter()
            .map(|pair| pair.value.as_ref().map(|word| self.stage_value(word, instruction.id)))
            .collect();
        for (pair, value) in pairs.pairs.iter().zip(values) {
            let name = pair.key.literal().unwrap_or_else(|| pair.key.raw().into());
            self.define(
                instruction,
                Some(stage),
                VariableKind::Env,
                Definition {
                    name,
                    name_range: pair.key.range(),
                    value_range: pair.value.as_ref().map(|value| value.range()),
                    value,
                    global: None,
                },
            );
        }
    }

    fn define(
        &mut self,
        at: InstructionRef<'_>,
        stage: Option<StageId>,
        kind: VariableKind,
        new: Definition,
    ) {
        let meaning = self.meaning();
        let id = VariableId(meaning.variables.len() as u32);
        let scope = match stage {
            None => &mut meaning.global,
            Some(stage) => match meaning.scopes.get_mut(stage.index()) {
                Some(scope) => scope,
                None => return,
            },
        };
        scope.add(new.name.clone(), at.id, id);
        meaning.definitions.entry(new.name.clone()).or_default().push(id);
        meaning.variables.push(Variable {
            id,
            name: new.name,
            kind,
            stage,
            location: Location { instruction: at.id, range: new.name_range },
            value_range: new.value_range,
            value: new.value,
            global: new.global,
        });
    }
}

struct Definition {
    name: SmolStr,
    name_range: TextRange,
    value_range: Option<TextRange>,
    value: Option<Value>,
    global: Option<VariableId>,
}

mod references {
    //! Finds every `FROM x`, `COPY --from=x` and `RUN --mount=from=x`.

    use super::*;

    pub fn collect(model: &Model) -> Vec<StageReference> {
        let mut found = Vec::new();
        for instruction in model.file.instructions() {
            match instruction.keyword {
                Some(Keyword::From) => found.extend(from(model, instruction)),
                Some(Keyword::Copy) => found.extend(copy_from(model, instruction)),
                Some(Keyword::Run) => found.extend(mounts_from(model, instruction)),
                _ => {}
            }
        }
        found
    }

    fn from(model: &Model, instruction: InstructionRef<'_>) -> Option<StageReference> {
        let Arguments::From(from) = &instruction.node.arguments else { return None };
        let stage = model.stage_of(instruction.id)?;
        let target = match stage.base {
            Base::Stage(target) => Some(target),
            _ => None,
        };
        let text = from.image.as_ref()?.text();
        Some(reference(model, instruction, StageReferenceKind::From, text, target))
    }

    fn copy_from(model: &Model, instruction: InstructionRef<'_>) -> Option<StageReference> {
        let text = instruction.node.flag("from")?.value.as_ref()?.text();
        let target = model.stage_copied_from(text.as_str()).map(|stage| stage.id);
        Some(reference(model, instruction, StageReferenceKind::CopyFrom, text, target))
    }

    fn mounts_from(model: &Model, instruction: InstructionRef<'_>) -> Vec<StageReference> {
        let mounts = mount::mounts(instruction.node);
        mounts
            .iter()
            .filter_map(|mount| mount.from())
            .map(|text| {
                let target = model.stage_named(text.as_str()).map(|stage| stage.id);
                reference(model, instruction, StageReferenceKind::MountFrom, text, target)
            })
            .collect()
    }

    fn reference(
        model: &Model,
        instruction: InstructionRef<'_>,
        kind: StageReferenceKind,
        text: &SourceText,
        target: Option<StageId>,
    ) -> StageReference {
        StageReference {
            kind,
            location: instruction.location(text.range()),
            stage: model.stage_of(instruction.id).map(|stage| stage.id),
            target,
            text: text.to_smol(),
        }
    }
}
