//! From text to instructions: a tolerant port of BuildKit's parsing rules, plus the shadow tree for queries.
//!
//! * [`Dockerfile`] — the parsed file; [`Dockerfile::edit`] re-reads only the logical lines an edit touches.
//! * [`ast`] — the typed instructions. All their ranges are *local*: relative to the start of the line on
//!   which the instruction begins, so that unchanged instructions are shared between versions of a file.
//!   [`InstructionRef::absolute`] turns a local range into one of the document.
//! * [`bash`] — shell text as a tree.
//! * [`expansion`] — `$name` and `${name…}` inside words.
//! * [`tree`] — the tree-sitter tree over the shadow text, for queries.
//! * [`problem`] — what BuildKit rejects; parsing itself never fails.
//!
//! The reference is <https://docs.docker.com/reference/dockerfile/>; where it is silent, what
//! `frontend/dockerfile/parser` of <https://github.com/moby/buildkit> does.

pub mod ast;
pub mod bash;
pub mod directive;
pub mod expansion;
mod flags;
mod heredoc;
mod instruction;
pub mod joined;
mod json;
mod lines;
pub mod problem;
mod shadow;
mod source_text;
pub mod tree;
mod words;

mod file;

#[cfg(test)]
mod tests;

pub use ast::Instruction;
pub use file::{Dockerfile, InstructionId, InstructionRef, Location, MAX_INSTRUCTIONS};
pub use source_text::SourceText;
pub use text_size::{TextRange, TextSize};
