//! Ctrl-C. The build leads a process group of its own, so the terminal does not end it: we do.

use anyhow::Context;

use crate::docker::process::Canceller;

/// From now on Ctrl-C, a request to end and a closed terminal end the build.
pub fn watch(canceller: &Canceller) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot wait for Ctrl-C")?;
    let canceller = canceller.clone();
    // Here and not in the thread: a signal that comes before it runs would end us, and leave the build.
    let signal = {
        let _guard = runtime.enter();
        signal()
    };
    std::thread::spawn(move || {
        runtime.block_on(signal);
        canceller.cancel();
    });
    Ok(())
}

#[cfg(unix)]
fn signal() -> impl Future<Output = ()> + Send {
    use tokio::signal::unix::{SignalKind, signal};
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let signals: Vec<_> = kinds.into_iter().filter_map(|kind| signal(kind).ok()).collect();
    async move {
        let waits = signals.into_iter().map(|mut it| Box::pin(async move { it.recv().await }));
        futures::future::select_all(waits).await;
    }
}

#[cfg(not(unix))]
async fn signal() {
    let _ = tokio::signal::ctrl_c().await;
}
