//! Ends the server when the editor that started it is gone.
//!
//! An editor that crashes closes its end of the pipe as a rule, but a process that it started beside us may
//! have inherited that end and keep it open.

/// Watches the process `id` from a thread and ends this one soon after it.
///
/// A process that is not there to begin with is not watched: the client may live in another container.
pub fn watch(id: u32) {
    if cfg!(unix) && is_alive(id) {
        let thread = std::thread::Builder::new().name("parent".into());
        let watching = thread.spawn(move || {
            wait_for_end(id);
            super::end_process(1, "the editor is gone; the server ends");
        });
        if let Err(error) = watching {
            tracing::warn!("the editor's process cannot be watched: {error}");
        }
    }
}

#[cfg(unix)]
fn is_alive(id: u32) -> bool {
    let Ok(id) = libc::pid_t::try_from(id) else { return false };
    // SAFETY: signal 0 only asks whether the process could be signalled.
    let is_there = id > 0 && unsafe { libc::kill(id, 0) } == 0;
    is_there || std::io::Error::last_os_error().raw_os_error() == Some(libc::EPERM)
}

#[cfg(not(unix))]
fn is_alive(_: u32) -> bool {
    false
}

fn wait_for_end(id: u32) {
    #[cfg(target_os = "linux")]
    if wait_on_descriptor(id) {
        return;
    }
    while is_alive(id) {
        std::thread::sleep(std::time::Duration::from_secs(2));
    }
}

/// Waits without polling, and without mistaking a new process with the same id for the old one.
/// `false` where the kernel cannot (before 5.3).
#[cfg(target_os = "linux")]
fn wait_on_descriptor(id: u32) -> bool {
    use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

    // SAFETY: the call takes two integers and answers with a new descriptor or -1.
    let descriptor = unsafe { libc::syscall(libc::SYS_pidfd_open, id as libc::pid_t, 0) };
    let Ok(descriptor) = i32::try_from(descriptor) else { return false };
    if descriptor < 0 {
        return false;
    }
    // SAFETY: the descriptor was just opened and belongs to nobody else.
    let descriptor = unsafe { OwnedFd::from_raw_fd(descriptor) };
    let mut poll = libc::pollfd { fd: descriptor.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    loop {
        // SAFETY: one valid `pollfd` is passed, for the length of the call.
        match unsafe { libc::poll(&raw mut poll, 1, -1) } {
            1 => return true,
            _ if std::io::Error::last_os_error().kind() == std::io::ErrorKind::Interrupted => {}
            _ => return false,
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_living_processes_are_alive() {
        assert!(is_alive(std::process::id()));
        assert!(!is_alive(u32::MAX));
        assert!(!is_alive(0));
    }
}
