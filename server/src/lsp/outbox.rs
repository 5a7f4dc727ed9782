//! What goes to the client: a queue, and the thread that writes it.
//!
//! Nobody who sends ever waits for the client. Instead what is not taken is held up to [`LIMIT`]; a client
//! that lets it grow beyond has stopped reading for good, and the process ends. A short message to a client that has
//! read everything is written by its sender: waking the thread for it takes as long as finding out what to say.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tower_lsp::jsonrpc::Response;

use super::frame;
use super::output::Output;
use super::written;

/// Bytes that may wait for the client; one message more may come on top.
pub const LIMIT: usize = 64 << 20;

/// A handle on the queue; cheap to clone.
#[derive(Debug, Clone)]
pub struct Outbox {
    queue: Sender<Job>,
    waiting: Arc<AtomicUsize>,
    writer: Arc<Mutex<Writer>>,
}

struct Writer {
    output: Box<dyn Output>,
    is_open: bool,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Writer").field("is_open", &self.is_open).finish_non_exhaustive()
    }
}

impl Writer {
    fn write(&mut self, frame: &[u8]) {
        if !self.is_open {
            return;
        }
        if let Err(error) = self.output.write_all(frame).and_then(|()| self.output.flush()) {
            // The input decides when the session ends; until then there is just nobody to talk to.
            tracing::warn!("the client can no longer be written to: {error}");
            self.is_open = false;
        }
    }
}

#[derive(Debug)]
enum Job {
    Write(Vec<u8>),
    Flush(Sender<()>),
}

#[derive(Serialize)]
struct Notification<'a, P> {
    jsonrpc: &'static str,
    method: &'a str,
    params: P,
}

impl Outbox {
    /// Starts the thread that writes to `output`.
    pub fn start(output: Box<dyn Output>) -> std::io::Result<Outbox> {
        let (queue, jobs) = mpsc::channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let writer = Arc::new(Mutex::new(Writer { output, is_open: true }));
        let (counter, shared) = (waiting.clone(), writer.clone());
        std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || write_all(&shared, jobs, &counter))?;
        Ok(Outbox { queue, waiting, writer })
    }

    pub fn notify(&self, method: &str, params: impl Serialize) {
        self.send(&Notification { jsonrpc: "2.0", method, params });
    }

    /// Shows a warning to the user.
    pub fn warn(&self, message: &str) {
        self.notify("window/showMessage", serde_json::json!({ "type": 2, "message": message }));
    }

    pub fn respond(&self, response: &Response) {
        match written::text(response) {
            Some(body) => self.queue(frame::encode(&body)),
            None => self.send(response),
        }
    }

    /// Queues any message; one that cannot be written as JSON is dropped and logged.
    pub fn send(&self, message: &impl Serialize) {
        match serde_json::to_vec(message) {
            Ok(body) => self.queue(frame::encode(&body)),
            Err(error) => tracing::error!("a message cannot be written as JSON: {error}"),
        }
    }

    fn queue(&self, frame: Vec<u8>) {
        let waiting = self.waiting.fetch_add(frame.len(), Ordering::Relaxed);
        if waiting > LIMIT {
            super::end_process(
                1,
                &format!(
                    "the client does not read: {} MB of output are waiting; the server ends",
                    waiting >> 20
                ),
            );
        }
        if waiting > 0 || !self.write_at_once(&frame) {
            // The receiver lives as long as the process.
            let _ = self.queue.send(Job::Write(frame));
        }
    }

    /// Writes what nothing waits before, if the client has room for it and nobody else is writing.
    fn write_at_once(&self, frame: &[u8]) -> bool {
        let writer = self.writer.try_lock().ok();
        let Some(mut writer) = writer.filter(|it| it.output.has_room_for(frame.len())) else { return false };
        writer.write(frame);
        self.waiting.fetch_sub(frame.len(), Ordering::Relaxed);
        true
    }

    /// Bytes that the client has not taken yet.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Waits until all that was sent is written, at most for `limit`.
    pub fn flush(&self, limit: Duration) {
        let (done, is_done) = mpsc::channel();
        if self.queue.send(Job::Flush(done)).is_ok() {
            let _ = is_done.recv_timeout(limit);
        }
    }
}

fn write_all(writer: &Mutex<Writer>, jobs: Receiver<Job>, waiting: &AtomicUsize) {
    for job in jobs {
        match job {
            Job::Write(frame) => {
                lock(writer).write(&frame);
                waiting.fetch_sub(frame.len(), Ordering::Relaxed);
            }
            Job::Flush(done) => {
                let _ = done.send(());
            }
        }
    }
}

fn lock(writer: &Mutex<Writer>) -> MutexGuard<'_, Writer> {
    writer.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[derive(Clone, Default)]
    struct Shared {
        written: Arc<Mutex<Vec<u8>>>,
        has_room: bool,
    }

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.written.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl Output for Shared {
        fn has_room_for(&self, _: usize) -> bool {
            self.has_room
        }
    }

    const TWO: &str = "Content-Length: 41\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"params\":1}\
                       Content-Length: 41\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"b\",\"params\":2}";

    fn send_two(output: &Shared) -> Outbox {
        let outbox = Outbox::start(Box::new(output.clone())).unwrap();
        outbox.notify("a", 1);
        outbox.notify("b", 2);
        outbox
    }

    #[test]
    fn messages_are_written_in_the_order_they_were_sent() {
        let output = Shared::default();
        let outbox = send_two(&output);
        outbox.flush(Duration::from_secs(10));
        assert_eq!(String::from_utf8(output.written.lock().unwrap().clone()).unwrap(), TWO);
        assert_eq!(outbox.waiting(), 0);
    }

    #[test]
    fn a_client_with_room_has_the_message_when_it_is_sent() {
        let output = Shared { has_room: true, ..Shared::default() };
        let outbox = send_two(&output);
        assert_eq!(String::from_utf8(output.written.lock().unwrap().clone()).unwrap(), TWO);
        assert_eq!(outbox.waiting(), 0);
    }
}
