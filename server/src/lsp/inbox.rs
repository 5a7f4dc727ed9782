//! What comes from the client: the thread that reads, and the ways its messages take.
//!
//! Requests and notifications keep the order of the wire. Answers to our own requests and cancellations do
//! not wait behind them: a handler may be waiting for just that answer.

use std::collections::HashMap;
use std::io::BufRead;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use futures::Sink;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};

use super::frame::{Frame, FrameReader};
use super::message::Message;
use super::outbox::Outbox;

/// Bytes of messages that may wait for the server before the client has to wait.
const LIMIT: usize = 16 << 20;

/// Time from the client's leaving to the end of the process, whatever happens in between.
const LAST_RESORT: Duration = Duration::from_secs(8);

/// In the order of the wire.
#[derive(Debug)]
pub enum Incoming {
    Request(Id, Request),
    Notification(Request),
    Exit,
    /// The client is gone.
    End,
}

/// The server's side of the reading thread.
pub struct Inbox {
    messages: UnboundedReceiver<(Incoming, usize)>,
    queue: Arc<Queue>,
}

/// Requests that have been taken from the inbox and are no longer wanted.
pub struct Cancels {
    ids: UnboundedReceiver<Id>,
    sender: UnboundedSender<Id>,
}

/// What was read and not taken yet.
#[derive(Debug, Default)]
struct Queue {
    state: Mutex<QueueState>,
    has_room: Condvar,
}

#[derive(Debug, Default)]
struct QueueState {
    bytes: usize,
    /// Requests by id; `true` once cancelled (and answered).
    requests: HashMap<Id, bool>,
}

impl Inbox {
    /// Starts the thread that reads from `input`; `replies` takes the answers to our requests.
    pub fn start(
        input: impl BufRead + Send + 'static,
        replies: impl Sink<Response> + Unpin + Send + 'static,
        outbox: Outbox,
    ) -> std::io::Result<(Inbox, Cancels)> {
        let (messages, receiver) = unbounded_channel();
        let (sender, ids) = unbounded_channel();
        let queue = Arc::new(Queue::default());
        let reader = Reader { messages, cancel: sender.clone(), queue: queue.clone(), replies, outbox };
        std::thread::Builder::new()
            .name("reader".into())
            .spawn(move || reader.run(FrameReader::new(input)))?;
        Ok((Inbox { messages: receiver, queue }, Cancels { ids, sender }))
    }

    /// The next message in order. Requests that were cancelled while they waited do not appear.
    pub async fn next(&mut self) -> Incoming {
        loop {
            let Some((message, size)) = self.messages.recv().await else { return Incoming::End };
            let is_wanted = match &message {
                Incoming::Request(id, _) => self.queue.take(size, Some(id)),
                _ => self.queue.take(size, None),
            };
            if is_wanted {
                return message;
            }
        }
    }
}

impl Cancels {
    pub async fn next(&mut self) -> Id {
        match self.ids.recv().await {
            Some(id) => id,
            // `self.sender` keeps the channel open.
            None => std::future::pending().await,
        }
    }

    /// Adds an id to [`Cancels::next`].
    pub fn sender(&self) -> UnboundedSender<Id> {
        self.sender.clone()
    }
}

impl Queue {
    fn lock(&self) -> std::sync::MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a message of `size` bytes, first waiting for room. One message always fits.
    fn add(&self, size: usize, request: Option<&Id>) {
        let is_full = |state: &mut QueueState| state.bytes > 0 && state.bytes + size > LIMIT;
        let mut state =
            self.has_room.wait_while(self.lock(), is_full).unwrap_or_else(PoisonError::into_inner);
        state.bytes += size;
        if let Some(id) = request {
            state.requests.insert(id.clone(), false);
        }
    }

    /// Forgets a message; `false` if it is a request that was cancelled.
    fn take(&self, size: usize, request: Option<&Id>) -> bool {
        let mut state = self.lock();
        state.bytes = state.bytes.saturating_sub(size);
        self.has_room.notify_one();
        let is_cancelled = request.and_then(|id| state.requests.remove(id)).unwrap_or(false);
        !is_cancelled
    }

    /// Marks a waiting request; `None` if it is not waiting, `false` if it was marked before.
    fn cancel(&self, id: &Id) -> Option<bool> {
        self.lock().requests.get_mut(id).map(|is_cancelled| !std::mem::replace(is_cancelled, true))
    }
}

struct Reader<R> {
    messages: UnboundedSender<(Incoming, usize)>,
    cancel: UnboundedSender<Id>,
    queue: Arc<Queue>,
    replies: R,
    outbox: Outbox,
}

impl<R: Sink<Response> + Unpin> Reader<R> {
    fn run(mut self, mut frames: FrameReader<impl BufRead>) {
        loop {
            match frames.next_frame() {
                Ok(Some(Frame::Body(body))) => self.sort(Message::parse(&body), body.len()),
                Ok(Some(Frame::Bad(problem))) => {
                    self.sort(Message::invalid(Id::Null, ErrorCode::ParseError, problem), 0);
                }
                Ok(None) => break,
                Err(error) => {
                    tracing::warn!("the client can no longer be read from: {error}");
                    break;
                }
            }
        }
        self.pass_on(Incoming::End, 0);
    }

    fn sort(&mut self, message: Message, size: usize) {
        match message {
            Message::Request(id, request) => self.pass_on(Incoming::Request(id, request), size),
            Message::Notification(request) => self.pass_on(Incoming::Notification(request), size),
            Message::Exit => self.pass_on(Incoming::Exit, size),
            Message::Reply(reply) => self.reply(reply),
            Message::Cancel(id) => self.cancel(id),
            Message::Invalid(answer) => self.outbox.respond(&answer),
        }
    }

    fn pass_on(&self, message: Incoming, size: usize) {
        match &message {
            Incoming::Request(id, _) => self.queue.add(size, Some(id)),
            Incoming::Exit | Incoming::End => end_in_any_case(),
            Incoming::Notification(_) => self.queue.add(size, None),
        }
        let _ = self.messages.send((message, size));
    }

    fn reply(&mut self, reply: Response) {
        // tower-lsp panics on a reply that nobody waits for any more.
        let replies = &mut self.replies;
        let taken = catch_unwind(AssertUnwindSafe(|| Pin::new(replies).start_send(reply)));
        if !matches!(taken, Ok(Ok(()))) {
            tracing::debug!("a reply came too late");
        }
    }

    fn cancel(&self, id: Id) {
        match self.queue.cancel(&id) {
            Some(true) => self.outbox.respond(&Response::from_error(id, Error::request_cancelled())),
            Some(false) => {}
            None => {
                let _ = self.cancel.send(id);
            }
        }
    }
}

/// A handler that never comes back must not keep a process alive that nobody talks to any more.
fn end_in_any_case() {
    std::thread::spawn(|| {
        std::thread::sleep(LAST_RESORT);
        super::end_process(1, "a handler did not come to its end; the server ends without it");
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waiting_request_is_cancelled_once() {
        let queue = Queue::default();
        queue.add(1, Some(&Id::Number(1)));
        assert_eq!(queue.cancel(&Id::Number(1)), Some(true));
        assert_eq!(queue.cancel(&Id::Number(1)), Some(false));
        assert!(!queue.take(1, Some(&Id::Number(1))));
        assert_eq!(queue.cancel(&Id::Number(1)), None);
    }

    #[test]
    fn a_message_larger_than_the_limit_fits_alone() {
        let queue = Queue::default();
        queue.add(LIMIT * 2, None);
        assert!(queue.take(LIMIT * 2, None));
    }
}
