//! The command line from outside: the real binary, its output and its exit codes.

mod bad_input;
mod check;
mod explain;
mod fix;
mod format;
mod formats;
mod sandbox;
mod settings;
