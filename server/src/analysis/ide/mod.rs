//! What an editor asks: one file a feature, pure functions from the model and an offset to values.
//!
//! Offsets and ranges are absolute byte offsets of the document; the edge converts them.

mod blocks;
pub mod completion;
pub mod definition;
pub mod folding;
pub mod format;
pub mod hover;
pub mod image_actions;
pub mod images;
pub mod inlay_hints;
pub mod links;
mod names;
pub mod refactor;
pub mod references;
pub mod remote;
pub mod rename;
mod scripts;
pub mod selection;
pub mod semantic_tokens;
mod shell_names;
pub mod signature;
pub mod story;
pub mod symbols;

pub use names::OccurrenceKind;
