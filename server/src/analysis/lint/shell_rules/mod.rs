//! What rules about shell commands share: one module for each kind of fault, with the package managers as data.

pub mod append;
pub mod leftovers;
pub mod pins;
pub mod prompts;
