//! Hover: what stands under the cursor, what it does and when, in Markdown.
//!
//! The smallest thing wins: a variable inside a flag's value before the flag, the flag before the instruction.
//! Each kind of thing has its own file; this one only decides which of them is asked.

pub(super) mod directive;
pub(super) mod flag;
mod image;
pub(super) mod instruction;
pub(super) mod list;
pub(super) mod shell;
mod stage;
pub(super) mod variable;
mod word;

use text_size::{TextRange, TextSize};

pub use self::flag::{describe as flag_page, describe_type as mount_page};
pub use self::instruction::describe as instruction_page;
use crate::analysis::facts::Facts;
use crate::analysis::model::Model;
use crate::analysis::syntax::InstructionRef;
use crate::analysis::syntax::ast::{Arguments, Instruction};

/// What to show, and for which range (absolute).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    pub range: TextRange,
    pub markdown: String,
}

impl Hover {
    fn new(range: TextRange, markdown: impl Into<String>) -> Self {
        Hover { range, markdown: markdown.into() }
    }
}

/// What is known about the place at `offset`, or nothing when it says nothing that needs explaining.
pub fn hover(model: &Model, offset: TextSize) -> Option<Hover> {
    hover_knowing(model, offset, &Facts::default())
}

/// The same with what registries said; [`super::images::image_at`] tells what to ask them.
pub fn hover_knowing(model: &Model, offset: TextSize, known: &Facts) -> Option<Hover> {
    if model.file().comment_at(offset).is_some() {
        return directive::hover(model, offset).or_else(|| word::hover(model, offset));
    }
    let instruction = model.file().instruction_at(offset)?;
    let local = instruction.local(offset)?;
    let at = Place { model, instruction, node: instruction.node, offset: local, known };
    let found = at.smallest()?;
    Some(Hover { range: instruction.absolute(found.range), markdown: found.markdown })
}

/// The cursor in an instruction; ranges and offset are local here.
#[derive(Clone, Copy)]
struct Place<'a> {
    model: &'a Model,
    instruction: InstructionRef<'a>,
    /// The instruction itself or what its `ONBUILD` defers.
    node: &'a Instruction,
    offset: TextSize,
    /// What registries said.
    known: &'a Facts,
}

impl<'a> Place<'a> {
    fn touches(&self, range: TextRange) -> bool {
        range.contains_inclusive(self.offset)
    }

    fn smallest(&self) -> Option<Hover> {
        if self.touches(self.node.name.range()) {
            return instruction::hover(self);
        }
        if let Arguments::Onbuild(Some(inner)) = &self.node.arguments {
            return Place { node: inner, ..*self }.smallest();
        }
        variable::hover(self)
            .or_else(|| flag::hover(self))
            .or_else(|| stage::hover(self))
            .or_else(|| image::hover(self))
            .or_else(|| list::hover(self))
            .or_else(|| instruction::heredoc(self))
            .or_else(|| shell::hover(self))
    }
}

/// Paragraphs that are not empty, with a blank line between.
pub(super) fn paragraphs(parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.trim().is_empty()).collect();
    parts.join("\n\n")
}

/// A block of Dockerfile text.
pub(super) fn block(language: &str, text: &str) -> String {
    // A fence longer than any in the text keeps it in one block.
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    format!("{fence}{language}\n{}\n{fence}", text.trim_end())
}

/// Text of the file as inline code, whatever is in it.
pub(super) fn code(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

pub(super) fn link(url: &str) -> String {
    format!("[Reference]({url})")
}

#[cfg(test)]
mod tests;
