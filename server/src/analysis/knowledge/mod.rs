//! The Dockerfile reference as tables: what hover, completion, the checks and the explanations say.
//!
//! Each table is `&'static`, and each row carries the address of its source. Nothing here reads a
//! Dockerfile: the callers ask by name.

pub mod keyword;

pub use keyword::Keyword;
