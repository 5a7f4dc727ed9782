//! What nearly every rule file needs.

#![allow(unused_imports, reason = "each rule takes what it needs")]

pub(super) use text_size::{TextRange, TextSize};

pub(super) use super::context::{InstructionContext, ModelContext, Setting, Shell, StageContext};
pub(super) use super::report::Report;
pub(super) use super::rule::{Check, FixSafety, On, Profile, Severity, Tag, rule};
pub(super) use super::shell::{Called, ShellContext};
pub(super) use crate::analysis::image::{ImageReference, Platform};
pub(super) use crate::analysis::knowledge::{self, Keyword, did_you_mean};
pub(super) use crate::analysis::model::shell::{ShellCommand, ShellWord};
pub(super) use crate::analysis::model::{
    Base, Lookup, Model, StageId, StageReference, StageReferenceKind, Value,
};
pub(super) use crate::analysis::syntax::ast::{self, Arguments, Command, Flag, Instruction};
pub(super) use crate::analysis::syntax::expansion::{Part, Word};
pub(super) use crate::analysis::syntax::problem::{ExpansionFault, ProblemKind};
pub(super) use crate::analysis::syntax::{InstructionId, InstructionRef, SourceText};
pub(super) use crate::analysis::text::TextEdit;
