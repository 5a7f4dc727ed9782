//! The protocol edge: everything that knows the Language Server Protocol.
//!
//! In reading order:
//!
//! * [`frame`], [`message`] — bytes to messages; `inbox`, `outbox` — the two threads that do it; `written` — long answers.
//! * `transport` — order, cancellation, panics, the end; around tower-lsp's `LspService`.
//! * `server` — what the client can say, one short method each; `capabilities` and `session` — what we and the
//!   client said about ourselves; `routes`, `completion`, `code_actions` — what each question asks the analysis.
//! * [`state`] — `documents` (ropes and snapshots), `config` (settings), `surroundings` and `workspace` (the disk).
//! * `build` — builds, runs and what they tell.
//! * `explain` — the command that tells a whole file.
//! * `images` — what registries say about images, asked in the background.
//! * `memory` — given back in pauses.
//! * `diagnostics` — findings on their way out; `shellcheck` — those that a program finds meanwhile; `compute` — where the work is done.
//! * `position`, `from_lsp`, `to_lsp` — the only files that convert.

mod build;
mod capabilities;
mod code_actions;
mod completion;
mod compute;
mod config;
mod diagnostics;
mod documents;
mod explain;
pub mod frame;
mod from_lsp;
mod images;
mod inbox;
mod memory;
pub mod message;
mod outbox;
mod output;
mod parent;
mod position;
mod routes;
mod server;
mod session;
mod shellcheck;
pub mod state;
mod surroundings;
mod test_methods;
mod to_lsp;
mod transport;
mod watch;
mod workspace;
mod written;

use std::io::Write;

pub use parent::watch as watch_parent;
pub use transport::Channel;

/// Serves the client at `channel` until it leaves; the exit code for the process.
pub fn run(channel: Channel) -> anyhow::Result<i32> {
    memory::share();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(8).build()?;
    let code = runtime.block_on(server::serve(channel));
    // Nothing outlives the session.
    crate::docker::process::end_all();
    let code = code?;
    // Handlers that still run are not waited for.
    runtime.shutdown_background();
    Ok(code)
}

/// Ends the process from any thread, with a sentence in the log.
fn end_process(code: i32, sentence: &str) -> ! {
    let sentence = format!("dockwright: {sentence}\n");
    // The log may be a full pipe that nobody reads: it must not keep the process alive.
    let (done, is_done) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let _ = std::io::stderr().write_all(sentence.as_bytes());
        let _ = done.send(());
    });
    let _ = is_done.recv_timeout(std::time::Duration::from_millis(500));
    crate::docker::process::end_all();
    std::process::exit(code)
}
