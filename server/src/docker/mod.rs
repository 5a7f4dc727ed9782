//! Processes: what the container engine's command line prints, and what it means.
//!
//! * [`output`] — the reader of a build's output, whatever the engine; pure.
//! * [`causes`] — why it failed, in plain words.

pub mod causes;
pub mod output;
