//! The command line from outside: the real binary, its output and its exit codes.

mod bad_input;
#[cfg(unix)]
mod build;
mod check;
mod examples;
mod explain;
mod fix;
mod format;
mod formats;
mod images;
mod init;
mod picture;
mod sandbox;
mod sarif;
mod settings;
#[cfg(feature = "real-parts")]
mod shellcheck;
