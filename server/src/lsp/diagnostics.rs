//! Findings on their way to the client: pushed by one publisher, or handed out when the client pulls.
//!
//! The publisher runs whenever the server has nothing else to do, so that many changes in a row are one
//! publication. Every publication carries the version that it is about.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::Notify;
use tower_lsp::lsp_types::{Diagnostic, DiagnosticSeverity, Url};

use super::config::Resolved;
use super::documents::{LONGEST, Snapshot};
use super::outbox::Outbox;
use super::state::State;
use super::{compute, shellcheck, to_lsp};
use crate::analysis::lint::shellcheck::ShellFinding;
use crate::analysis::lint::{Facts, Finding, Linter};

/// Findings that are shown of one document; no editor and no person takes more.
const MOST: usize = 2_000;

/// Output that waits for the client (bytes) before no more is published: later findings replace it anyway.
const BACKLOG: usize = 4 << 20;

/// Our own findings on a snapshot, in the order of the text.
pub fn findings(snapshot: &Snapshot, linter: &Linter, facts: &Facts) -> Vec<Finding> {
    if !snapshot.is_read() {
        return Vec::new();
    }
    linter.check(snapshot.model(), facts, &mut snapshot.caches.findings.lock())
}

/// What ShellCheck found in instructions that are still what they were; `native` is what our rules found.
pub fn shell_findings(snapshot: &Snapshot, resolved: &Resolved, native: &[Finding]) -> Vec<ShellFinding> {
    if !snapshot.is_read() || !shellcheck::is_wanted(resolved) {
        return Vec::new();
    }
    let found = snapshot.caches.shellcheck.lock().still_there(snapshot.model());
    resolved.linter.judge(snapshot.model(), found, native)
}

/// All findings on a document and the name of this answer, for a client that pulls.
pub struct Report {
    pub result_id: String,
    pub diagnostics: Vec<Diagnostic>,
}

/// The name that the answer for `snapshot` has now.
pub fn result_id(state: &State, snapshot: &Snapshot) -> String {
    let findings = state.findings(&snapshot.uri).generation + state.builds.generation(&snapshot.uri);
    format!("{}.{}.{findings}", snapshot.generation, state.generation())
}

/// All findings, made where there is room for the work.
pub async fn report(state: &Arc<State>, snapshot: Arc<Snapshot>) -> Report {
    let state = state.clone();
    compute::findings_on(snapshot, move |snapshot| report_now(&state, snapshot)).await
}

pub fn report_now(state: &State, snapshot: &Snapshot) -> Report {
    // Before the work: what comes in the meantime has another name.
    let result_id = result_id(state, snapshot);
    let resolved = state.settings.of(&snapshot.uri);
    let findings = findings(snapshot, &resolved.linter, &state.facts_about(snapshot));
    let to_diagnostic = |finding| to_lsp::diagnostic(snapshot, state.session(), finding);
    let mut diagnostics: Vec<Diagnostic> = findings.iter().take(MOST).map(to_diagnostic).collect();
    diagnostics.extend(what_is_missing(snapshot, findings.len()));
    let shell = shell_findings(snapshot, &resolved, &findings);
    diagnostics.extend(shell.iter().take(MOST).map(|finding| to_lsp::shell_diagnostic(snapshot, finding)));
    diagnostics.extend(state.builds.diagnostics(snapshot, &resolved.linter, &findings));
    diagnostics.extend(state.findings(&snapshot.uri).diagnostics);
    Report { result_id, diagnostics }
}

/// Says that not everything is said.
fn what_is_missing(snapshot: &Snapshot, findings: usize) -> Option<Diagnostic> {
    let message = if snapshot.is_too_long() {
        let limit = LONGEST >> 20;
        format!("this file has more than {limit} MB, which no build takes; dockwright does not read it")
    } else if findings > MOST {
        format!("this file has {findings} findings; the first {MOST} are shown")
    } else {
        return None;
    };
    Some(Diagnostic {
        severity: Some(DiagnosticSeverity::INFORMATION),
        source: Some("dockwright".to_owned()),
        message,
        ..Diagnostic::default()
    })
}

/// Publishes for the documents that are marked.
#[derive(Debug)]
pub struct Publisher {
    state: Arc<State>,
    outbox: Outbox,
    shellcheck: Arc<shellcheck::Reader>,
    marked: Mutex<VecDeque<Url>>,
    wake: Notify,
}

/// As in the protocol; the version stands before the list, which is long.
#[derive(Serialize)]
struct Publication<'a> {
    uri: &'a Url,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i32>,
    diagnostics: &'a [Diagnostic],
}

impl Publisher {
    pub fn new(state: Arc<State>, outbox: Outbox, shellcheck: Arc<shellcheck::Reader>) -> Self {
        Publisher { state, outbox, shellcheck, marked: Mutex::default(), wake: Notify::new() }
    }

    /// The findings on this document may be others now, ShellCheck's too.
    pub fn mark(&self, uri: &Url) {
        self.shellcheck.mark(uri);
        self.mark_known(uri);
    }

    /// Who knows what ShellCheck says.
    pub fn shellcheck(&self) -> &Arc<shellcheck::Reader> {
        &self.shellcheck
    }

    /// There are other findings on this document now.
    pub fn mark_known(&self, uri: &Url) {
        let mut marked = self.marked.lock().unwrap_or_else(PoisonError::into_inner);
        if !marked.contains(uri) {
            marked.push_back(uri.clone());
        }
        self.wake.notify_one();
    }

    /// The findings on all documents may be others now.
    pub fn mark_all(&self) {
        for uri in self.state.open_uris() {
            self.mark(&uri);
        }
    }

    /// Takes back what was published for a document that is closed now.
    pub fn close(&self, uri: &Url) {
        self.shellcheck.forget(uri);
        if !self.state.session().pulls_diagnostics {
            self.publish(uri, None, &[]);
        }
    }

    /// Publishes for ever; to be spawned once, on the thread of the protocol.
    pub async fn run(self: Arc<Self>) {
        loop {
            self.wake.notified().await;
            while let Some(uri) = self.next() {
                while self.outbox.waiting() > BACKLOG {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                self.publish_current(&uri).await;
                // Messages that came in the meantime go first.
                tokio::task::yield_now().await;
            }
        }
    }

    fn next(&self) -> Option<Url> {
        self.marked.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    async fn publish_current(&self, uri: &Url) {
        if self.state.session().pulls_diagnostics {
            return;
        }
        let Some(snapshot) = self.state.settled_snapshot(uri) else { return };
        let version = snapshot.version;
        let work = AssertUnwindSafe(report(&self.state, snapshot));
        let Ok(report) = futures::FutureExt::catch_unwind(work).await else {
            tracing::error!("the findings on {uri} could not be computed; this is a fault of dockwright");
            return;
        };
        for problem in self.state.settings.take_problems() {
            self.outbox.warn(&problem);
        }
        if self.state.version(uri) == Some(version) {
            self.publish(uri, Some(version), &report.diagnostics);
        }
    }

    fn publish(&self, uri: &Url, version: Option<i32>, diagnostics: &[Diagnostic]) {
        self.outbox.notify("textDocument/publishDiagnostics", Publication { uri, version, diagnostics });
    }
}
