//! The rules, one file each. A new one needs its line here twice, in alphabetical order; a test sees to it.

mod deprecated_maintainer;
mod overridden_instruction;
mod unknown_instruction;

use super::rule::Rule;

/// All rules, by name.
pub static RULES: &[&Rule] =
    &[&deprecated_maintainer::RULE, &overridden_instruction::RULE, &unknown_instruction::RULE];
