//! Where the work on a snapshot is done: at once if it is short, beside the protocol if it is not.

use std::sync::Arc;

use super::documents::Snapshot;

/// Texts up to this length (bytes) take less time than changing threads is worth worrying about.
const SHORT: usize = 256 << 10;

/// The same for findings, which take longer: what is asked right behind an edit is answered first.
const SHORT_FOR_FINDINGS: usize = 8 << 10;

/// What `work` makes of the snapshot. A panic in it goes on in the caller.
pub async fn on<T: Send + 'static>(
    snapshot: Arc<Snapshot>,
    work: impl FnOnce(&Snapshot) -> T + Send + 'static,
) -> T {
    up_to(SHORT, snapshot, work).await
}

/// The same for work that looks for findings.
pub async fn findings_on<T: Send + 'static>(
    snapshot: Arc<Snapshot>,
    work: impl FnOnce(&Snapshot) -> T + Send + 'static,
) -> T {
    up_to(SHORT_FOR_FINDINGS, snapshot, work).await
}

async fn up_to<T: Send + 'static>(
    length: usize,
    snapshot: Arc<Snapshot>,
    work: impl FnOnce(&Snapshot) -> T + Send + 'static,
) -> T {
    if snapshot.text().len() <= length {
        return work(&snapshot);
    }
    beside(move || work(&snapshot)).await
}

/// What `work` makes of the disk, in a thread that may wait. A panic in it goes on in the caller.
pub async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
