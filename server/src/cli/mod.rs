//! The command-line edge: the analysis, printed.
//!
//! * [`build`] — runs the container engine and explains what it says.
//! * [`check`] with [`output`] — one file for each format.
//! * [`settings`] — which settings hold for a file; [`walk`] and [`source`] — from paths to texts.
//! * [`terminal`] — colours, and nothing that a terminal would obey; [`write`](mod@write) — files, whole or not at all.

pub mod build;
pub mod check;
mod diff;
pub mod explain;
pub mod format;
pub mod images;
pub mod init;
pub mod output;
pub mod report;
pub mod settings;
mod source;
pub mod terminal;
pub mod tree_report;
mod walk;
mod write;

/// Nothing at or above the level that counts.
pub const CLEAN: u8 = 0;
/// There is something to look at.
pub const FOUND: u8 = 1;
/// Wrong usage, a broken configuration, or a file that could not be read.
pub const FAILED: u8 = 2;
