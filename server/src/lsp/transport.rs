//! Drives tower-lsp's `LspService` over two byte streams.
//!
//! tower-lsp's own `Server::serve` reorders messages, drops some, and hangs or dies on others; this is its
//! replacement. The promises, each kept by a test in `tests/protocol/`:
//!
//! * `initialize`, `shutdown` and notifications are awaited in the order of the wire, under a guard time.
//! * A request is polled once in its place, so that it sees exactly the edits before it, and then runs on
//!   beside the others. A panic is the answer -32603 to that request and nothing more.
//! * Cancellations and replies overtake everything else (see `inbox`); nobody waits for the client
//!   (see `outbox`).
//! * `exit` and the end of the input end the process, what was answered is written before.

use std::future::Future;
use std::io::BufRead;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::time::Duration;

use futures::{FutureExt, Stream, StreamExt};
use tokio::task::JoinSet;
use tower::Service;
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};
use tower_lsp::{ClientSocket, ExitedError, LanguageServer, LspService};

use super::inbox::{Cancels, Inbox, Incoming};
use super::memory;
use super::outbox::Outbox;
use super::output::Output;
use super::written;

/// How long one notification may keep the messages behind it waiting.
const GUARD: Duration = Duration::from_secs(5);

/// How long running requests get to finish once the client is gone, and the last output to be written.
const DRAIN: Duration = Duration::from_secs(2);

/// What a handler came to; `None` after a panic.
type Outcome = Option<Result<Option<Response>, ExitedError>>;
type Handler = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// Serves until the client says `exit` or is gone; the exit code for the process.
///
/// Must be called within a tokio runtime with a timer.
pub async fn serve<S: LanguageServer>(
    service: LspService<S>,
    socket: ClientSocket,
    input: impl BufRead + Send + 'static,
    outbox: Outbox,
) -> std::io::Result<i32> {
    let (requests, replies) = socket.split();
    tokio::spawn(forward(requests, outbox.clone()));
    let (inbox, cancels) = Inbox::start(input, replies, outbox.clone())?;
    let running = JoinSet::new();
    let mut transport = Transport { service, inbox, cancels, outbox, running, was_shut_down: false };
    Ok(transport.run().await)
}

/// Sends what tower-lsp's `Client` wants sent.
async fn forward(mut requests: impl Stream<Item = Request> + Unpin, outbox: Outbox) {
    while let Some(request) = requests.next().await {
        outbox.send(&request);
    }
}

struct Transport<S> {
    service: LspService<S>,
    inbox: Inbox,
    cancels: Cancels,
    outbox: Outbox,
    running: JoinSet<()>,
    was_shut_down: bool,
}

impl<S: LanguageServer> Transport<S> {
    async fn run(&mut self) -> i32 {
        let mut pauses = memory::Pauses::new();
        loop {
            let incoming = tokio::select! {
                biased;
                id = self.cancels.next() => { self.cancel(id); continue }
                incoming = self.inbox.next() => incoming,
                () = pauses.next() => { tokio::task::spawn_blocking(memory::give_back); continue }
            };
            pauses.end();
            match incoming {
                Incoming::Notification(notification) => self.notification(notification).await,
                Incoming::Request(id, request) => self.request(id, request).await,
                Incoming::Exit => return self.end(if self.was_shut_down { 0 } else { 1 }),
                Incoming::End => {
                    let drained = async { while self.running.join_next().await.is_some() {} };
                    let _ = tokio::time::timeout(DRAIN, drained).await;
                    return self.end(1);
                }
            }
            while self.running.try_join_next().is_some() {}
        }
    }

    fn end(&self, code: i32) -> i32 {
        self.outbox.flush(DRAIN);
        code
    }

    async fn notification(&mut self, notification: Request) {
        let handler = self.call(notification);
        self.in_line(handler, |_| {}).await;
    }

    async fn request(&mut self, id: Id, request: Request) {
        let is_shutdown = request.method() == "shutdown";
        let is_in_line = is_shutdown || request.method() == "initialize";
        let answer = answer(id.clone(), self.outbox.clone());
        let mut handler = self.call(request);
        if is_in_line {
            self.in_line(handler, answer).await;
            self.was_shut_down |= is_shutdown;
            return;
        }
        match futures::poll!(&mut handler) {
            std::task::Poll::Ready(outcome) => {
                self.clean_up(&id, &outcome);
                answer(outcome);
            }
            std::task::Poll::Pending => self.run_beside(id, handler, answer),
        }
    }

    fn call(&mut self, request: Request) -> Handler {
        // The call itself runs code of the handlers too (reading the parameters).
        match std::panic::catch_unwind(AssertUnwindSafe(|| self.service.call(written::renamed(request)))) {
            Ok(handler) => Box::pin(AssertUnwindSafe(handler).catch_unwind().map(Result::ok)),
            Err(_) => Box::pin(std::future::ready(None)),
        }
    }

    /// Awaits a handler; after [`GUARD`] it goes on beside the messages behind it.
    async fn in_line(&mut self, mut handler: Handler, answer: impl FnOnce(Outcome) + Send + 'static) {
        // Most are ready at once and need no timer.
        if let std::task::Poll::Ready(outcome) = futures::poll!(&mut handler) {
            return answer(outcome);
        }
        let guard = tokio::time::sleep(GUARD);
        tokio::pin!(guard);
        loop {
            tokio::select! {
                biased;
                outcome = &mut handler => return answer(outcome),
                id = self.cancels.next() => self.cancel(id),
                () = &mut guard => {
                    tracing::warn!("a handler takes longer than {GUARD:?}; it goes on in the background");
                    self.running.spawn(async move { answer(handler.await) });
                    return;
                }
            }
        }
    }

    fn run_beside(&mut self, id: Id, handler: Handler, answer: impl FnOnce(Outcome) + Send + 'static) {
        let cancel = self.cancels.sender();
        self.running.spawn(async move {
            let outcome = handler.await;
            if outcome.is_none() {
                let _ = cancel.send(id);
            }
            answer(outcome);
        });
    }

    /// tower-lsp still counts a request that panicked as running, and would refuse its id later.
    fn clean_up(&mut self, id: &Id, outcome: &Outcome) {
        if outcome.is_none() {
            self.cancel(id.clone());
        }
    }

    /// tower-lsp knows the running requests; it ends the right one and answers it.
    fn cancel(&mut self, id: Id) {
        let params = match id {
            Id::Number(id) => serde_json::json!({ "id": id }),
            Id::String(id) => serde_json::json!({ "id": id }),
            Id::Null => return,
        };
        let _ = self.service.call(Request::build("$/cancelRequest").params(params).finish()).now_or_never();
    }
}

/// Sends the answer to the request `id`, whatever its handler came to.
fn answer(id: Id, outbox: Outbox) -> impl FnOnce(Outcome) + Send + 'static {
    move |outcome| match outcome {
        Some(Ok(Some(response))) => outbox.respond(&response),
        Some(Ok(None)) => outbox.respond(&Response::from_error(id, Error::invalid_request())),
        Some(Err(_)) => outbox.respond(&Response::from_error(id, Error::invalid_request())),
        None => {
            let message = "dockwright failed on this request and goes on; the details are in its log";
            let error = Error { code: ErrorCode::InternalError, message: message.into(), data: None };
            outbox.respond(&Response::from_error(id, error));
        }
    }
}

/// Where the client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    Stdio,
    /// The client listens on this port of 127.0.0.1.
    Socket(u16),
}

impl Channel {
    /// The two directions of the connection.
    pub fn open(self) -> std::io::Result<(Box<dyn BufRead + Send>, Box<dyn Output>)> {
        match self {
            Channel::Stdio => Ok((Box::new(std::io::BufReader::new(std::io::stdin())), unbuffered_stdout()?)),
            Channel::Socket(port) => {
                let stream = std::net::TcpStream::connect(("127.0.0.1", port))?;
                stream.set_nodelay(true)?;
                Ok((Box::new(std::io::BufReader::new(stream.try_clone()?)), Box::new(stream)))
            }
        }
    }
}

/// Standard output without the line buffer, which would cut each message in two writes.
fn unbuffered_stdout() -> std::io::Result<Box<dyn Output>> {
    #[cfg(unix)]
    let output = std::os::fd::AsFd::as_fd(&std::io::stdout()).try_clone_to_owned()?;
    #[cfg(windows)]
    let output = std::os::windows::io::AsHandle::as_handle(&std::io::stdout()).try_clone_to_owned()?;
    Ok(Box::new(std::fs::File::from(output)))
}
