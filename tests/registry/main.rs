//! Images and tags from registries, end to end: the real binary against stand-ins on 127.0.0.1 that behave, and
//! against some that do not.
//!
//! With the feature `real-parts` also against Debian's `docker-registry` (see `.ci/run`).

#[path = "../protocol/client.rs"]
#[allow(dead_code, reason = "shared with the tests of the protocol")]
mod client;
mod command_line;
mod editor;
mod hostile;
mod privacy;
#[cfg(feature = "real-parts")]
mod real;
mod session;
mod stand_in;
