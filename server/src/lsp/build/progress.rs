//! What the user sees while something runs: `$/progress`, under the client's token or one of ours.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tower_lsp::lsp_types::{ProgressToken, WorkDoneProgressCreateParams, request::WorkDoneProgressCreate};

use super::job::{Cancel, Desk};

/// How long the client may take to agree to a progress.
const PATIENCE: Duration = Duration::from_secs(2);

/// One progress from its beginning to its end, which comes with dropping it at the latest.
#[derive(Debug)]
pub struct Progress {
    desk: Desk,
    /// `None`: the client shows none.
    token: Option<ProgressToken>,
    since: Instant,
    is_ended: bool,
}

impl Progress {
    pub async fn begin(desk: &Desk, token: Option<ProgressToken>, title: &str, cancel: &Cancel) -> Progress {
        let token = match token {
            Some(token) => Some(token),
            None => create(desk).await,
        };
        let progress = Progress { desk: desk.clone(), token, since: Instant::now(), is_ended: false };
        if let Some(token) = &progress.token {
            desk.state.builds.began(token, cancel.clone());
        }
        progress.send(json!({ "kind": "begin", "title": title, "cancellable": true }));
        progress
    }

    /// Shows `message` and the time that has passed.
    pub fn report(&self, message: &str) {
        let seconds = self.since.elapsed().as_secs();
        let message = if seconds > 0 { format!("{message} · {seconds} s") } else { message.to_owned() };
        self.send(json!({ "kind": "report", "message": message, "cancellable": true }));
    }

    pub fn end(mut self, message: &str) {
        self.finish(Some(message));
    }

    fn finish(&mut self, message: Option<&str>) {
        if std::mem::replace(&mut self.is_ended, true) {
            return;
        }
        if let Some(token) = &self.token {
            self.desk.state.builds.ended(token);
        }
        self.send(match message {
            Some(message) => json!({ "kind": "end", "message": message }),
            None => json!({ "kind": "end" }),
        });
    }

    fn send(&self, value: Value) {
        if let Some(token) = &self.token {
            self.desk.outbox.notify("$/progress", json!({ "token": token, "value": value }));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish(None);
    }
}

async fn create(desk: &Desk) -> Option<ProgressToken> {
    if !desk.state.session().shows_progress {
        return None;
    }
    let token = desk.state.builds.next_token();
    let (client, params) = (desk.client.clone(), WorkDoneProgressCreateParams { token: token.clone() });
    // Runs on by itself: tower-lsp panics on an answer that nobody waits for.
    let asking = tokio::spawn(async move { client.send_request::<WorkDoneProgressCreate>(params).await });
    let answer = tokio::time::timeout(PATIENCE, asking).await;
    matches!(answer, Ok(Ok(Ok(())))).then_some(token)
}

/// A duration for people.
pub fn shown(milliseconds: u64) -> String {
    match milliseconds {
        0..1000 => format!("{milliseconds} ms"),
        1000..10_000 => format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100),
        10_000..120_000 => format!("{} s", milliseconds / 1000),
        _ => format!("{} min {} s", milliseconds / 60_000, milliseconds / 1000 % 60),
    }
}

/// A number of bytes for people, in steps of a thousand as Docker counts.
pub fn shown_size(bytes: u64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < units.len() {
        value /= 1000.0;
        unit += 1;
    }
    let name = units.get(unit).copied().unwrap_or("B");
    if unit == 0 || value >= 99.95 { format!("{value:.0} {name}") } else { format!("{value:.1} {name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes_are_short() {
        assert_eq!(
            [shown(999), shown(3460), shown(61_000), shown(125_000)],
            ["999 ms", "3.4 s", "61 s", "2 min 5 s"]
        );
        let sizes = [shown_size(0), shown_size(999), shown_size(1500), shown_size(123_456_789)];
        assert_eq!(sizes, ["0 B", "999 B", "1.5 kB", "123 MB"]);
    }
}
