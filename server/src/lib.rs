//! Dockwright: a language server, linter and formatter for Dockerfiles.
//!
//! The layers, in reading order; arrows point down only (see `server/docs/architecture.md`):
//!
//! * [`analysis`] — pure: text in, values out. No IO, no async, no LSP types, no clock, no environment.
//! * `init` — writes a first Dockerfile for a project, from its own files.
//! * `docker` — processes: runs the container engine, and reads what it prints.
//! * `registry` — the network: asks registries about images, and hands back facts.
//! * `shellcheck` — a process: runs ShellCheck on shell texts, and hands back findings.
//! * `lsp` — the protocol edge: transport, state, conversion to and from LSP.
//! * `cli` — the command-line edge: the same analysis, printed.
//!
//! Everything but `analysis` is behind the default feature `server`.

pub mod analysis;
#[cfg(feature = "server")]
pub mod cli;
#[cfg(feature = "server")]
pub mod config;
#[cfg(feature = "server")]
pub mod docker;
#[cfg(feature = "server")]
pub mod init;
#[cfg(feature = "server")]
pub mod lsp;
#[cfg(feature = "server")]
pub mod registry;
#[cfg(feature = "server")]
pub mod shellcheck;

#[cfg(all(test, feature = "server"))]
mod architecture;
