//! The protocol from end to end: each test starts the real binary and talks to it as an editor would.

#[cfg(target_os = "linux")]
mod build;
mod client;
mod code_actions;
#[cfg(target_os = "linux")]
mod containers;
mod diagnostics;
mod documents;
mod explain;
#[cfg(target_os = "linux")]
mod fake_engine;
mod features;
mod learning;
mod lifetime;
mod messages;
mod refactorings;
mod requests;
mod settings;
mod shellcheck;
mod workspace;
mod write;
