//! Processes: what the container engine's command line is told, what it prints, and what that means.
//!
//! * [`program`] — which engine there is, and its version; [`command`] — its command lines, as lists of words.
//! * [`context`] — what the project's files say about a build ([`compose`], [`bake`]); [`ports`] — free ports;
//!   [`memory`] — what was used last; [`needs`] — what the file itself asks for; [`place`] — how commands name it.
//! * [`process`] — one process from its start to its end, however that comes; [`inspect`] — what it says of containers.
//! * [`output`] — the reader of a build's output, whatever the engine; pure.
//! * [`causes`] — why it failed, in plain words.

pub mod bake;
pub mod causes;
pub mod command;
pub mod compose;
pub mod context;
pub mod inspect;
pub mod memory;
pub mod needs;
pub mod output;
pub mod place;
pub mod ports;
pub mod process;
pub mod program;
