//! What the system counts as ours: little while somebody types, and less while nobody does.

use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

/// How long nothing may come before memory is given back.
const PAUSE: Duration = Duration::from_millis(500);

/// The first key afterwards takes half a millisecond longer: no pause within this time counts.
const DISTANCE: Duration = Duration::from_secs(60);

/// The pauses between messages that are worth giving memory back in.
#[derive(Debug)]
pub struct Pauses {
    end: Pin<Box<Sleep>>,
    is_over: bool,
    next: Instant,
}

impl Pauses {
    /// The first may come at once.
    pub fn new() -> Self {
        Pauses { end: Box::pin(sleep(PAUSE)), is_over: false, next: Instant::now() }
    }

    /// Waits for the next one; for ever if none can come before the next message.
    pub async fn next(&mut self) {
        if self.is_over {
            return std::future::pending().await;
        }
        self.end.as_mut().await;
        self.is_over = true;
        self.next = Instant::now() + DISTANCE;
    }

    /// A message has come.
    pub fn end(&mut self) {
        self.end.as_mut().reset((Instant::now() + PAUSE).max(self.next));
        self.is_over = false;
    }
}

/// Bytes of memory that are taken from the system in a piece of their own.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const LARGE: libc::c_int = 128 << 10;

/// Lets all threads take memory from the same few places: each keeps what it once had, and most threads only wait. A large
/// piece, such as a list of tags or an answer on its way, goes back to the system with its last use.
pub fn share() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: it takes numbers only, and may be called in any thread.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 2);
        // By itself the limit rises with the first large piece that is freed.
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
    }
}

/// Gives back what is free, and the pages of the program: starting has touched nearly all of them, a key needs few, and
/// those come back from the system's cache when they are called, without the disk.
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: it takes a number only, and may be called in any thread.
    unsafe {
        libc::malloc_trim(0);
    }
    #[cfg(all(target_os = "linux", target_pointer_width = "64"))]
    program::unmap();
}

#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
mod program {
    use std::ffi::{c_int, c_void};

    /// Unmaps what the program and its libraries only read.
    pub fn unmap() {
        // SAFETY: `unmap_object` has the type that is asked for, and needs no data.
        unsafe {
            libc::dl_iterate_phdr(Some(unmap_object), std::ptr::null_mut());
        }
    }

    unsafe extern "C" fn unmap_object(object: *mut libc::dl_phdr_info, _: usize, _: *mut c_void) -> c_int {
        // SAFETY: the C library passes an object that is there during the call, with as many headers as it says.
        let (base, segments) = unsafe {
            let object = &*object;
            (object.dlpi_addr, std::slice::from_raw_parts(object.dlpi_phdr, object.dlpi_phnum.into()))
        };
        let is_read_only =
            |it: &&libc::Elf64_Phdr| it.p_type == libc::PT_LOAD && it.p_flags & libc::PF_W == 0;
        for segment in segments.iter().filter(is_read_only) {
            unmap_pages(base + segment.p_vaddr, segment.p_filesz);
        }
        0
    }

    fn unmap_pages(address: u64, size: u64) {
        // SAFETY: it takes a number only.
        let page = u64::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(1);
        let (start, end) = (address.next_multiple_of(page), (address + size) / page * page);
        if start < end {
            // SAFETY: the pages are mapped from a file and never written to, so that reading brings the same again.
            unsafe {
                libc::madvise(start as *mut c_void, (end - start) as usize, libc::MADV_DONTNEED);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_pause_comes_after_the_last_message_and_not_again_within_a_minute() {
        let (start, mut pauses) = (Instant::now(), Pauses::new());
        sleep(PAUSE / 2).await;
        pauses.end();
        pauses.next().await;
        assert_eq!(start.elapsed(), PAUSE / 2 + PAUSE);
        pauses.end();
        pauses.next().await;
        assert_eq!(start.elapsed(), PAUSE / 2 + PAUSE + DISTANCE);
    }
}
