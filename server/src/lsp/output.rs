//! The way to the client, and whether it has room.

use std::fs::File;
use std::io::Write;
use std::net::TcpStream;

/// What messages are written to.
pub trait Output: Write + Send {
    /// Whether `length` bytes can be written now without waiting for the reader; `false` when that cannot be known.
    fn has_room_for(&self, length: usize) -> bool {
        let _ = length;
        false
    }
}

impl Output for File {
    #[cfg(unix)]
    fn has_room_for(&self, length: usize) -> bool {
        is_writable(self, length)
    }
}

impl Output for TcpStream {
    #[cfg(unix)]
    fn has_room_for(&self, length: usize) -> bool {
        is_writable(self, length)
    }
}

/// A pipe that counts as writable takes a page at least (`pipe(7)`, `PIPE_BUF`), a socket more.
#[cfg(unix)]
fn is_writable(output: &impl std::os::fd::AsRawFd, length: usize) -> bool {
    const PAGE: usize = 4096;
    let mut poll = libc::pollfd { fd: output.as_raw_fd(), events: libc::POLLOUT, revents: 0 };
    // SAFETY: one initialised `pollfd`, for the time of the call; the descriptor is open as long as `output`.
    length <= PAGE && unsafe { libc::poll(&mut poll, 1, 0) } == 1 && poll.revents == libc::POLLOUT
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_full_pipe_has_no_room() {
        let (_reader, writer) = std::io::pipe().unwrap();
        let mut writer = File::from(std::os::fd::OwnedFd::from(writer));
        let mut written = 0;
        while writer.has_room_for(4096) {
            writer.write_all(&[0; 4096]).unwrap();
            written += 4096;
        }
        assert!(written >= 4096, "an empty one has");
        assert!(!writer.has_room_for(1));
    }

    #[test]
    fn a_pipe_that_nobody_reads_has_none() {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        assert!(!File::from(std::os::fd::OwnedFd::from(writer)).has_room_for(1));
    }
}
