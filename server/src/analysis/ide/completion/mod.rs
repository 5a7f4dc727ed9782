//! Completion: only what is legal at the cursor, the likeliest first.
//!
//! Three steps, so that nothing here waits: [`site`] says what fits at the cursor; the edge fetches what
//! [`Site::wanted`] names, or what of it is at hand; [`items`] makes the list. [`resolve`] gives the documentation of
//! one item when the user looks at it.

mod cursor;
mod detect;
mod facts;
mod item;
mod items;
mod resolve;
mod shell_words;
pub mod site;
mod tag_list;

pub use cursor::Typed;
pub use detect::site;
pub use facts::{Facts, FoundImage, Options, Wanted};
pub use item::{Completions, Insert, Item, ItemKind};
pub use items::items;
pub use resolve::{resolve, resolve_tag, tag_of};
pub use site::{Kind, Place, Site};
pub use tag_list::TagLists;

/// The characters that should open the list although nobody asked; see [`Site::answers`].
pub const TRIGGER_CHARACTERS: &[&str] = &[" ", "-", "=", "$", "{", ":", "/", ",", "[", "#", ";", "\""];

#[cfg(test)]
mod tests;
