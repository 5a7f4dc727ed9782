//! The command-line edge: the analysis, printed.

pub mod tree_report;
