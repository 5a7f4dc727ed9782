//! Variables inside shell text that are the file's own `ARG` and `ENV`.
//!
//! The shell of a `RUN` sees them as environment; a name that the same text sets is the shell's own and is left
//! alone.

use smol_str::SmolStr;
use text_size::{TextRange, TextSize};

use crate::analysis::knowledge::Keyword;
use crate::analysis::model::shell::{ShellVariable, Shells};
use crate::analysis::model::{Model, VariableKind};
use crate::analysis::syntax::InstructionRef;

/// Names and their local ranges in the shell texts of `instruction`.
pub fn uses(model: &Model, shells: &Shells, instruction: InstructionRef<'_>) -> Vec<(SmolStr, TextRange)> {
    // A deferred instruction runs in another build, with that build's variables.
    if instruction.keyword == Some(Keyword::Onbuild) || !may_use_variables(instruction) {
        return Vec::new();
    }
    let texts = shells.texts(model.file(), instruction);
    let mut found: Vec<ShellVariable> = texts.iter().flat_map(|text| text.variables()).collect();
    let assigned: Vec<SmolStr> =
        found.iter().filter(|it| it.is_assignment).map(|it| it.name.clone()).collect();
    found.retain(|it| !assigned.contains(&it.name) && is_visible(model, instruction, &it.name));
    // A name over a line break cannot be replaced as one word.
    found.retain(|it| it.name_range.len() == TextSize::of(it.name.as_str()));
    found.into_iter().map(|it| (it.name, it.name_range)).collect()
}

fn may_use_variables(instruction: InstructionRef<'_>) -> bool {
    let text = instruction.node.joined.as_str();
    text.contains(['$', '%']) || !instruction.node.heredocs.is_empty()
}

/// At run time only `ENV` is left of what the build knew; names the file does not set belong to the shell.
fn is_visible(model: &Model, instruction: InstructionRef<'_>, name: &str) -> bool {
    let is_build_time = instruction.keyword == Some(Keyword::Run);
    let variable = model.resolve(name, instruction.id);
    variable.is_some_and(|variable| is_build_time || variable.kind == VariableKind::Env)
}
