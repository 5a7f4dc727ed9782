//! What goes to the client: a queue, and the thread that writes it.
//!
//! Nobody who sends ever waits for the client. Instead what is not taken is held up to [`LIMIT`]; a client
//! that lets it grow beyond has stopped reading for good, and the process ends.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use serde::Serialize;
use tower_lsp::jsonrpc::Response;

use super::frame;

/// Bytes that may wait for the client; one message more may come on top.
pub const LIMIT: usize = 64 << 20;

/// A handle on the queue; cheap to clone.
#[derive(Debug, Clone)]
pub struct Outbox {
    queue: Sender<Job>,
    waiting: Arc<AtomicUsize>,
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
    pub fn start(output: impl Write + Send + 'static) -> std::io::Result<Outbox> {
        let (queue, jobs) = mpsc::channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let counter = waiting.clone();
        std::thread::Builder::new().name("writer".into()).spawn(move || write_all(output, jobs, &counter))?;
        Ok(Outbox { queue, waiting })
    }

    pub fn notify(&self, method: &str, params: impl Serialize) {
        self.send(&Notification { jsonrpc: "2.0", method, params });
    }

    /// Shows a warning to the user.
    pub fn warn(&self, message: &str) {
        self.notify("window/showMessage", serde_json::json!({ "type": 2, "message": message }));
    }

    pub fn respond(&self, response: &Response) {
        self.send(response);
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
        // The receiver lives as long as the process.
        let _ = self.queue.send(Job::Write(frame));
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

fn write_all(mut output: impl Write, jobs: Receiver<Job>, waiting: &AtomicUsize) {
    let mut is_open = true;
    for job in jobs {
        match job {
            Job::Write(frame) => {
                if is_open && let Err(error) = output.write_all(&frame).and_then(|()| output.flush()) {
                    // The input decides when the session ends; until then there is just nobody to talk to.
                    tracing::warn!("the client can no longer be written to: {error}");
                    is_open = false;
                }
                waiting.fetch_sub(frame.len(), Ordering::Relaxed);
            }
            Job::Flush(done) => {
                let _ = done.send(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn messages_are_written_in_the_order_they_were_sent() {
        let output = Shared::default();
        let outbox = Outbox::start(output.clone()).unwrap();
        outbox.notify("a", 1);
        outbox.notify("b", 2);
        outbox.flush(Duration::from_secs(10));
        let written = String::from_utf8(output.0.lock().unwrap().clone()).unwrap();
        let expected = "Content-Length: 41\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"params\":1}\
                        Content-Length: 41\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"b\",\"params\":2}";
        assert_eq!(written, expected);
        assert_eq!(outbox.waiting(), 0);
    }
}
