//! A small language client that drives the real binary.
//!
//! Every wait has a limit and says what came instead; the process is ended with the client, by its own id.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Limit for anything that should come. Far above what it takes, since the machine may be busy.
pub const LIMIT: Duration = Duration::from_secs(120);

pub struct Client {
    child: Child,
    /// `None` once closed.
    input: Option<ChildStdin>,
    /// `None` at the end of the server's output.
    messages: Receiver<Option<Value>>,
    /// Came while something else was waited for.
    earlier: VecDeque<Value>,
    next_id: i64,
}

impl Client {
    pub fn start() -> Client {
        Client::start_command(Client::command())
    }

    /// The server with the methods for tests (see `server/src/lsp/test_methods.rs`) and without a network.
    pub fn command() -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dockwright"));
        command
            .args(["lsp", "--stdio"])
            .env("DOCKWRIGHT_TEST_METHODS", "1")
            .env("DOCKWRIGHT_OFFLINE", "1")
            .env_remove("DOCKWRIGHT_LOG")
            .env_remove("RUST_BACKTRACE");
        command
    }

    pub fn start_command(mut command: Command) -> Client {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("start the server");
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().expect("piped"));
        Client { child, input, messages: read_messages(output), earlier: VecDeque::new(), next_id: 1 }
    }

    /// A server that only reads: its output is left in the pipe.
    pub fn start_without_reading() -> (Child, ChildStdin) {
        let mut command = Client::command();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("start the server");
        let input = child.stdin.take().expect("piped");
        (child, input)
    }

    /// Does the handshake with the capabilities of a plain client; the result of `initialize`.
    pub fn initialize(&mut self) -> Value {
        self.initialize_with(json!({ "capabilities": {} }))
    }

    pub fn initialize_with(&mut self, params: Value) -> Value {
        let response = self.call("initialize", params);
        self.notify("initialized", json!({}));
        response["result"].clone()
    }

    /// Ends the session in the proper way; the exit code.
    pub fn leave(mut self) -> i32 {
        self.call("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        self.wait_exit()
    }

    /// Sends a request and waits for its whole response.
    pub fn call(&mut self, method: &str, params: Value) -> Value {
        let id = self.request(method, params);
        self.response(id)
    }

    /// Sends a request and returns its id.
    pub fn request(&mut self, method: &str, params: Value) -> i64 {
        let id = self.next_id;
        self.next_id += 1;
        self.send(&request(id, method, params));
        id
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&notification(method, params));
    }

    pub fn reply(&mut self, id: &Value, result: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": result }));
    }

    pub fn send(&mut self, message: &Value) {
        self.send_bytes(&frame(message));
    }

    /// All messages in one write.
    pub fn send_together(&mut self, messages: &[Value]) {
        let bytes: Vec<u8> = messages.iter().flat_map(frame).collect();
        self.send_bytes(&bytes);
    }

    pub fn send_bytes(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("the input is open");
        input.write_all(bytes).and_then(|()| input.flush()).expect("the server reads");
    }

    pub fn close_input(&mut self) {
        self.input = None;
    }

    pub fn response(&mut self, id: i64) -> Value {
        self.wait(&format!("the response to {id}"), |it| it.get("method").is_none() && it["id"] == id)
    }

    /// The parameters of the next notification `method`.
    pub fn notification(&mut self, method: &str) -> Value {
        let is_it = |it: &Value| it.get("id").is_none() && it["method"] == method;
        self.wait(&format!("the notification {method}"), is_it)["params"].take()
    }

    /// The next request of the server with this method.
    pub fn server_request(&mut self, method: &str) -> Value {
        let is_it = |it: &Value| it.get("id").is_some() && it["method"] == method;
        self.wait(&format!("the server's request {method}"), is_it)
    }

    pub fn wait(&mut self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.earlier.iter().position(&is_it) {
            return self.earlier.remove(at).expect("just found");
        }
        let end = Instant::now() + LIMIT;
        loop {
            match self.messages.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(Some(message)) if is_it(&message) => return message,
                Ok(Some(message)) => self.earlier.push_back(message),
                Ok(None) | Err(RecvTimeoutError::Disconnected) => {
                    panic!("the server ended; expected {what}, came: {:#?}", self.earlier)
                }
                Err(RecvTimeoutError::Timeout) => {
                    panic!("nothing in {LIMIT:?}; expected {what}, came: {:#?}", self.earlier)
                }
            }
        }
    }

    /// Opens a document at version 1.
    pub fn open(&mut self, uri: &str, text: &str) {
        self.send(&open(uri, text));
    }

    pub fn change(&mut self, uri: &str, version: i32, changes: Value) {
        self.send(&change(uri, version, changes));
    }

    /// The text of a document as a handler sees it.
    pub fn text(&mut self, uri: &str) -> Value {
        self.call("dockwright/test/text", json!({ "uri": uri }))["result"]["text"].take()
    }

    /// Messages that came and were not asked for, until now.
    pub fn others(&mut self) -> Vec<Value> {
        self.earlier.extend(self.messages.try_iter().flatten());
        self.earlier.drain(..).collect()
    }

    /// The most memory that the server had so far (bytes; Linux only).
    #[cfg(target_os = "linux")]
    pub fn peak_memory(&self) -> u64 {
        self.memory("VmHWM")
    }

    /// What Linux tells of the server under this name (bytes).
    #[cfg(target_os = "linux")]
    pub fn memory(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find_map(|it| it.strip_prefix(name)?.strip_prefix(':'));
        let size = line.expect("Linux tells it").trim().trim_end_matches(" kB");
        size.parse::<u64>().expect("a number") << 10
    }

    /// Of the server's process.
    #[allow(dead_code, reason = "only some of the suites that share this file look at the process")]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the process to end by itself; its exit code (-1 for a signal).
    pub fn wait_exit(&mut self) -> i32 {
        wait_exit(&mut self.child)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn wait_exit(child: &mut Child) -> i32 {
    let end = Instant::now() + LIMIT;
    while Instant::now() < end {
        if let Some(status) = child.try_wait().expect("ask for the server") {
            return status.code().unwrap_or(-1);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let _ = child.kill();
    panic!("the server did not end in {LIMIT:?}");
}

pub fn request(id: impl Into<Value>, method: &str, params: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id.into(), "method": method, "params": params })
}

pub fn notification(method: &str, params: Value) -> Value {
    json!({ "jsonrpc": "2.0", "method": method, "params": params })
}

pub fn open(uri: &str, text: &str) -> Value {
    let document = json!({ "uri": uri, "languageId": "dockerfile", "version": 1, "text": text });
    notification("textDocument/didOpen", json!({ "textDocument": document }))
}

pub fn change(uri: &str, version: i32, changes: Value) -> Value {
    let document = json!({ "uri": uri, "version": version });
    notification("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }))
}

/// The replacement of one range: `[line, column, line, column]`.
pub fn edit([line, column, end_line, end_column]: [u32; 4], text: &str) -> Value {
    let start = json!({ "line": line, "character": column });
    let end = json!({ "line": end_line, "character": end_column });
    json!({ "range": { "start": start, "end": end }, "text": text })
}

pub fn frame(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn read_messages(mut output: impl BufRead + Send + 'static) -> Receiver<Option<Value>> {
    let (sender, messages) = channel();
    std::thread::spawn(move || {
        while let Some(message) = read_message(&mut output) {
            if sender.send(Some(message)).is_err() {
                return;
            }
        }
        let _ = sender.send(None);
    });
    messages
}

fn read_message(output: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        length = line.strip_prefix("Content-Length: ").map(|it| it.trim().parse().expect("a length"));
    }
    let mut body = vec![0; length.expect("a Content-Length")];
    output.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("JSON"))
}
