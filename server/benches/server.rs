//! What an editor waits for, over the real binary: `cargo bench --bench server`.
//!
//! Start to first diagnostics, a keystroke to its diagnostics, hover right behind a change, and the memory that
//! stays resident. Figures are medians; the machine's other work is in them, so compare runs made side by side.

#[path = "document.rs"]
mod documents;

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use documents::document;
use serde_json::{Value, json};

const URI: &str = "file:///bench/Dockerfile";

fn main() {
    println!("start to first diagnostics, 60 lines: {:.2?}", median((0..20).map(|_| start().1)));
    for (lines, keys) in [(60, 200), (1_000, 100), (10_000, 40)] {
        let (mut server, first) = start_with(&document(lines));
        let (keystrokes, hovers): (Vec<_>, Vec<_>) =
            (0..keys).map(|n| (server.keystroke(n), server.hover(n))).unzip();
        println!(
            "{lines} lines: open {first:.2?}, keystroke to diagnostics {:.2?}, hover behind a change {:.2?}, resident {}",
            median(keystrokes.into_iter()),
            median(hovers.into_iter()),
            server.resident(),
        );
    }
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort();
    times[times.len() / 2]
}

fn start() -> (Server, Duration) {
    start_with(&document(60))
}

fn start_with(text: &str) -> (Server, Duration) {
    let begun = Instant::now();
    let mut server = Server::spawn();
    server.send(json!({"id": 0, "method": "initialize", "params": {"processId": null, "rootUri": null,
        "capabilities": {"general": {"positionEncodings": ["utf-8"]}}}}));
    server.receive(|message| message["id"] == 0);
    server.send(json!({"method": "initialized", "params": {}}));
    server.send(json!({"method": "textDocument/didOpen", "params": {"textDocument":
        {"uri": URI, "languageId": "dockerfile", "version": 0, "text": text}}}));
    server.diagnostics(0);
    (server, begun.elapsed())
}

struct Server {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    version: i64,
}

impl Server {
    fn spawn() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dockwright"))
            .args(["lsp", "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let input = child.stdin.take().expect("piped");
        let output = BufReader::new(child.stdout.take().expect("piped"));
        Server { child, input, output, version: 0 }
    }

    fn send(&mut self, mut message: Value) {
        message["jsonrpc"] = json!("2.0");
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("the server reads");
        self.input.flush().expect("the server reads");
    }

    fn receive(&mut self, is_wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let mut length = 0;
            loop {
                let mut line = String::new();
                self.output.read_line(&mut line).expect("the server writes");
                match line.trim() {
                    "" => break,
                    line => {
                        length = line
                            .strip_prefix("Content-Length: ")
                            .map_or(length, |it| it.parse().expect("a number"))
                    }
                }
            }
            let mut body = vec![0; length];
            self.output.read_exact(&mut body).expect("a whole message");
            let message: Value = serde_json::from_slice(&body).expect("JSON");
            if is_wanted(&message) {
                return message;
            }
        }
    }

    fn diagnostics(&mut self, version: i64) {
        self.receive(|it| {
            it["method"] == "textDocument/publishDiagnostics" && it["params"]["version"] == version
        });
    }

    /// Types a letter into the fourth line from the top of a stage, or takes it back.
    fn change(&mut self, n: usize) -> i64 {
        self.version += 1;
        let (end, text) = if n.is_multiple_of(2) { (6, "x") } else { (7, "") };
        let range = json!({"start": {"line": 8, "character": 6}, "end": {"line": 8, "character": end}});
        self.send(json!({"method": "textDocument/didChange", "params": {
            "textDocument": {"uri": URI, "version": self.version},
            "contentChanges": [{"range": range, "text": text}]}}));
        self.version
    }

    fn keystroke(&mut self, n: usize) -> Duration {
        std::thread::sleep(Duration::from_millis(5));
        let begun = Instant::now();
        let version = self.change(n);
        self.diagnostics(version);
        begun.elapsed()
    }

    fn hover(&mut self, n: usize) -> Duration {
        std::thread::sleep(Duration::from_millis(5));
        let begun = Instant::now();
        let version = self.change(n + 1);
        let id = 1_000 + version;
        self.send(json!({"id": id, "method": "textDocument/hover", "params": {
            "textDocument": {"uri": URI}, "position": {"line": 5, "character": 2}}}));
        self.receive(|it| it["id"] == id);
        begun.elapsed()
    }

    /// `VmRSS`, where the system tells it.
    fn resident(&self) -> String {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS"));
        line.map_or("unknown".to_owned(), |line| line.trim_start_matches("VmRSS:").trim().to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
