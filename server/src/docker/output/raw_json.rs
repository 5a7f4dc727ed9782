//! BuildKit's `--progress=rawjson`: its own status messages
//! (`SolveStatus` in <https://github.com/moby/buildkit/blob/master/client/graph.go>), then the trailer as text.
//!
//! buildx 0.13 indents them over many lines, newer ones print one a line. A message begins with `{` at the start of a
//! line; that of another message or of ordinary text ends one that was never complete.

use std::collections::HashMap;

use base64::Engine as _;
use serde::Deserialize;

use super::plain::{begin, exported};
use super::state::State;
use super::time;
use super::trailer::Trailer;

/// Bytes of a status message; a longer one is dropped.
pub const LONGEST_OBJECT: usize = 2 << 20;
/// Bytes of a line of log that has not ended yet.
const LONGEST_LOG_LINE: usize = 8 << 10;

#[derive(Debug, Default)]
pub struct Objects {
    pending: String,
    /// By digest.
    vertices: HashMap<String, Vertex>,
    trailer: Trailer,
}

#[derive(Debug)]
struct Vertex {
    id: u32,
    is_complete: bool,
    has_failed: bool,
    /// Log text without its line break.
    partial: Vec<u8>,
}

#[derive(Debug, Deserialize)]
struct Status {
    #[serde(default, deserialize_with = "or_empty")]
    vertexes: Vec<VertexStatus>,
    #[serde(default, deserialize_with = "or_empty")]
    statuses: Vec<Progress>,
    #[serde(default, deserialize_with = "or_empty")]
    logs: Vec<Log>,
}

#[derive(Debug, Deserialize)]
struct VertexStatus {
    digest: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    started: Option<String>,
    #[serde(default)]
    completed: Option<String>,
    #[serde(default)]
    cached: bool,
    #[serde(default)]
    error: String,
}

#[derive(Debug, Deserialize)]
struct Progress {
    #[serde(default)]
    id: String,
}

#[derive(Debug, Deserialize)]
struct Log {
    #[serde(default)]
    vertex: String,
    #[serde(default)]
    data: String,
}

/// Go writes `null` for an empty list.
fn or_empty<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::<Vec<T>>::deserialize(from)?.unwrap_or_default())
}

impl Objects {
    pub fn line(&mut self, line: &str, state: &mut State) {
        if line.starts_with('{') {
            self.pending.clear();
        } else if self.pending.is_empty() || !is_inside(line) {
            self.pending.clear();
            return self.text(line, state);
        }
        if self.pending.len() + line.len() > LONGEST_OBJECT {
            // The rest of it is dropped as text that says nothing.
            self.pending.clear();
            return;
        }
        self.pending.push_str(line);
        // Inside, a bracket stands behind blanks.
        if line.ends_with('}') && (line.starts_with('{') || line.starts_with('}')) {
            self.object(state);
        }
    }

    pub fn finish(&mut self, state: &mut State) {
        if !self.pending.is_empty() {
            self.object(state);
        }
    }

    fn text(&mut self, line: &str, state: &mut State) {
        if !line.is_empty() && !is_inside(line) || line.contains('|') {
            self.trailer.line(line, state);
        }
    }

    fn object(&mut self, state: &mut State) {
        let text = std::mem::take(&mut self.pending);
        let Ok(status) = serde_json::from_str::<Status>(&text) else { return };
        for vertex in &status.vertexes {
            self.begin(vertex, state);
        }
        for log in &status.logs {
            self.log(log, state);
        }
        for progress in &status.statuses {
            exported(&progress.id, state);
        }
        for vertex in &status.vertexes {
            self.end(vertex, state);
        }
        self.pending = text;
        self.pending.clear();
        self.pending.shrink_to(64 << 10);
    }

    fn begin(&mut self, vertex: &VertexStatus, state: &mut State) {
        let is_known = self.vertices.contains_key(&vertex.digest);
        // A vertex is announced before anybody knows whether it has to run.
        let has_begun = vertex.started.is_some() || vertex.cached || !vertex.error.is_empty();
        if !is_known
            && has_begun
            && let Some(id) = begin(&vertex.name, state)
        {
            let it = Vertex { id, is_complete: false, has_failed: false, partial: Vec::new() };
            self.vertices.insert(vertex.digest.clone(), it);
        }
    }

    fn end(&mut self, vertex: &VertexStatus, state: &mut State) {
        let Some(known) = self.vertices.get_mut(&vertex.digest) else { return };
        if vertex.cached {
            state.cached(known.id);
        }
        let is_end = vertex.completed.is_some() && !known.is_complete;
        if is_end || !vertex.error.is_empty() {
            flush(known, state);
        }
        if !vertex.error.is_empty() && !known.has_failed {
            known.has_failed = true;
            state.fail_step(known.id, &vertex.error);
        } else if is_end && vertex.error.is_empty() {
            state.done(known.id, duration(vertex).filter(|_| !vertex.cached));
        }
        known.is_complete |= is_end;
    }

    fn log(&mut self, log: &Log, state: &mut State) {
        let Some(vertex) = self.vertices.get_mut(&log.vertex) else { return };
        let Ok(bytes) = base64::engine::general_purpose::STANDARD.decode(&log.data) else { return };
        for piece in bytes.split_inclusive(|it| *it == b'\n') {
            let room = LONGEST_LOG_LINE.saturating_sub(vertex.partial.len());
            vertex.partial.extend_from_slice(piece.get(..room).unwrap_or(piece));
            if piece.ends_with(b"\n") {
                flush(vertex, state);
            }
        }
    }
}

/// Behind the start of a message.
fn is_inside(line: &str) -> bool {
    line.starts_with([' ', '\t', '}', ']'])
}

fn flush(vertex: &mut Vertex, state: &mut State) {
    if vertex.partial.is_empty() {
        return;
    }
    let bytes = std::mem::take(&mut vertex.partial);
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_end_matches(['\n', '\r']);
    state.log(Some(vertex.id), text.rsplit('\r').next().unwrap_or_default());
}

fn duration(vertex: &VertexStatus) -> Option<u64> {
    let start = time::milliseconds(vertex.started.as_deref()?)?;
    let end = time::milliseconds(vertex.completed.as_deref()?)?;
    u64::try_from(end - start).ok()
}
