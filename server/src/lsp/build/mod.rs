//! Building and running from the editor: `workspace/executeCommand`, code actions, lenses, and what a build tells.
//!
//! * [`request`] — the argument of a command; [`subject`] — the file and the engine; [`plan`] — the command lines.
//! * [`job`] — a command from its start to its answer; [`queue`] — one build at a time; [`run_build`] — its thread;
//!   [`progress`], [`log`] — what the user sees meanwhile; [`containers`], [`check`], [`others`] — the other commands;
//!   [`watch`] — containers until they end.
//! * [`builds`] — what is known afterwards; [`anchors`] — and where it stands now; [`failures`], [`layers`], [`reasons`].
//! * [`offers`] — code actions and lenses; [`notes`] — hints and hovers.
//!
//! Nothing starts without the user's action but the question for versions, and nothing at all in a workspace that is
//! not trusted.

mod anchors;
mod builds;
mod check;
mod containers;
mod failures;
mod job;
mod layers;
mod log;
mod notes;
mod offers;
mod others;
mod plan;
mod progress;
mod queue;
mod reasons;
mod request;
mod run_build;
mod subject;
mod watch;

pub use self::builds::Builds;
pub use self::job::{Desk, execute};
pub use self::notes::{hints, hover_note};
pub use self::offers::{KIND, actions, lenses};
pub use self::request::Command;
pub use self::watch::look_after;
