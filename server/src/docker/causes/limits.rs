//! Disk and memory.

use super::{Cause, CauseKind, Evidence};

pub fn explain(evidence: &Evidence<'_>) -> Option<Cause> {
    let marks =
        ["no space left on device", "No space left on device", "ENOSPC", "You don't have enough free space"];
    evidence.has_any(&marks).then(|| {
        Cause::new(
            CauseKind::NoSpace,
            "the disk of the container engine is full",
            "free some space: `docker builder prune` removes build caches, `docker system prune` whatever nothing uses \
             (look at what they list before you agree)",
        )
    })
}

/// 137 is 128 + 9: somebody killed it, and that is nearly always the kernel, for want of memory.
pub fn killed(evidence: &Evidence<'_>) -> Option<Cause> {
    let marks =
        ["Out of memory", "out of memory", "heap out of memory", "Cannot allocate memory", "signal: killed"];
    let is_killed = evidence.exit_code == Some(137) || evidence.has_any(&marks);
    is_killed.then(|| {
        Cause::new(
            CauseKind::OutOfMemory,
            "the command was killed, most likely because the memory was used up",
            "give the engine more memory (Docker Desktop: Settings, Resources), or do less at the same time (`make -j2`)",
        )
    })
}
