//! Variables: where each is set, and what is visible where.
//!
//! A stage sees its own `ARG` and `ENV` from the next instruction on, and those of the stage it is built
//! from. A global `ARG` (before the first `FROM`) is visible in `FROM` lines, and in a stage only after it is
//! declared there again
//! (<https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact>).
//! As in BuildKit, the last instruction that sets a name wins, be it `ARG` or `ENV`.

use std::collections::HashMap;

use smol_str::SmolStr;
use text_size::TextRange;

use super::stage::StageId;
use super::value::{Lookup, Unknown, Value};
use crate::analysis::knowledge;
use crate::analysis::syntax::{InstructionId, Location};

/// The position of a definition among all of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VariableId(pub u32);

/// One place that sets or declares a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    pub id: VariableId,
    pub name: SmolStr,
    pub kind: VariableKind,
    /// `None`: the global scope.
    pub stage: Option<StageId>,
    /// The name.
    pub location: Location,
    /// What is written as value (local to the same instruction), absent for a bare `ARG name`.
    pub value_range: Option<TextRange>,
    /// The value after expansion; `None` for an `ARG` that has none.
    pub value: Option<Value>,
    /// The global `ARG` that a bare `ARG name` in a stage takes its value from.
    pub global: Option<VariableId>,
}

/// What set it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VariableKind {
    Arg,
    Env,
}

impl Variable {
    pub(super) fn lookup(&self) -> Lookup {
        self.value.clone().map_or(Lookup::Declared, Lookup::Set)
    }
}

/// The definitions of one scope, by name, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Scope {
    by_name: HashMap<SmolStr, Vec<(InstructionId, VariableId)>>,
}

impl Scope {
    pub fn add(&mut self, name: SmolStr, at: InstructionId, id: VariableId) {
        self.by_name.entry(name).or_default().push((at, id));
    }

    /// The last definition of `name` before instruction `before`.
    pub fn last_before(&self, name: &str, before: InstructionId) -> Option<VariableId> {
        let definitions = self.by_name.get(name)?;
        let count = definitions.partition_point(|(at, _)| *at < before);
        definitions.get(count.checked_sub(1)?).map(|(_, id)| *id)
    }

    /// The last definition of `name` in the whole scope.
    pub fn last(&self, name: &str) -> Option<VariableId> {
        self.by_name.get(name)?.last().map(|(_, id)| *id)
    }

    /// All names with their last definition before `before`.
    pub fn visible_before(&self, before: InstructionId) -> impl Iterator<Item = VariableId> + '_ {
        self.by_name.keys().filter_map(move |name| self.last_before(name, before))
    }
}

/// Whether every build has this argument: in the global scope, and in a stage after `ARG name`.
pub fn is_platform_argument(name: &str) -> bool {
    knowledge::build_variable(name).is_some_and(|it| it.kind == knowledge::VariableKind::Platform)
}

/// The name of the built-in argument for `--target`.
const TARGET_STAGE: &str = "TARGETSTAGE";

/// What a name is in the global scope without any `ARG`.
pub(super) fn built_in(name: &str) -> Option<Value> {
    let is_built_in = is_platform_argument(name) || name == TARGET_STAGE;
    is_built_in.then(|| Value::Unknown(Unknown::Platform(name.into())))
}
