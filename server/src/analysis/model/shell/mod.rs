//! What the shell texts of a Dockerfile run: commands with their arguments, variables, and which shell reads them.
//!
//! * [`shell_texts`] — the shell texts of an instruction (also heredocs), each with the shell that reads it.
//! * [`ShellScript`] — the commands of one text, with ranges that point at the argument.
//! * [`ShellVariable`] — the variables a text uses and sets, found even when it has a syntax error.
//! * [`Shells`] — which shell is in force where; [`ShellKind`] — sh, bash, … or something that is left alone.

mod exec;
mod flags;
mod in_force;
mod kind;
mod lower;
mod script;
mod texts;
mod variables;
mod word;
mod wrappers;

pub use flags::ShellFlag;
pub use in_force::{Shell, ShellComment, ShellSource, Shells, shell_comments};
pub use kind::{ShellKind, is_windows_image};
pub use script::{
    Connection, Operator, Pipeline, Place, Reach, Redirection, ShellAssignment, ShellCommand, ShellFunction,
    ShellScript, ShellWord,
};
pub use texts::{ShellForm, ShellText, shell_texts};
pub use variables::{ShellVariable, Syntax, variables};

#[cfg(test)]
mod tests;
