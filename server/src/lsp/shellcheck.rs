//! ShellCheck's findings in open documents: found beside the protocol, a moment after the last key.
//!
//! Findings are kept by instruction, not by version. An instruction that an edit leaves alone keeps its own, wherever
//! it moves; one that changed has none until it was read again. So nothing old is ever shown for a new text.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::{Instant, sleep_until};
use tower_lsp::lsp_types::Url;

use super::compute;
use super::config::Resolved;
use super::documents::Snapshot;
use super::outbox::Outbox;
use super::state::State;
use crate::analysis::lint::Linter;
use crate::analysis::lint::shellcheck::{ShellFinding, scripts};
use crate::analysis::model::Model;
use crate::analysis::syntax::ast::Instruction;
use crate::shellcheck::{Cancel, Failure, Missing, Program, ShellCheck};

/// How long a document must rest before it is read: someone who types presses a key more often.
const REST: Duration = Duration::from_millis(150);

/// What ShellCheck found in a document, whatever became of the document since.
#[derive(Debug, Default)]
pub struct Found {
    /// By the address of the instruction, which the entry keeps from being used again.
    by_node: HashMap<usize, Entry>,
}

#[derive(Debug)]
struct Entry {
    _node: Arc<Instruction>,
    /// Local to the instruction.
    findings: Vec<ShellFinding>,
}

impl Found {
    /// The findings in instructions that are still what they were, in order and absolute.
    pub fn still_there(&self, model: &Model) -> Vec<ShellFinding> {
        if self.by_node.is_empty() {
            return Vec::new();
        }
        let entries =
            model.file().instructions().filter_map(|it| Some((it, self.by_node.get(&address(it.node))?)));
        entries
            .flat_map(|(it, entry)| entry.findings.iter().map(move |found| found.at(it.id, it.start)))
            .collect()
    }

    fn new(model: &Model, found: Vec<ShellFinding>) -> Found {
        let mut by_node: HashMap<usize, Entry> = HashMap::new();
        for finding in found {
            let Some(instruction) = model.file().instruction(finding.instruction) else { continue };
            let new = || Entry { _node: instruction.node.clone(), findings: Vec::new() };
            by_node.entry(address(instruction.node)).or_insert_with(new).findings.push(finding);
        }
        Found { by_node }
    }
}

fn address(node: &Arc<Instruction>) -> usize {
    Arc::as_ptr(node) as usize
}

/// Whether ShellCheck may and shall read a document with these settings.
pub fn is_wanted(resolved: &Resolved) -> bool {
    let settings = &resolved.settings;
    settings.trusted && settings.shellcheck.enable && resolved.linter.wants_shellcheck()
}

/// Has documents read when they have rested for a moment.
#[derive(Debug)]
pub struct Reader {
    state: Arc<State>,
    outbox: Outbox,
    checker: Arc<ShellCheck>,
    jobs: Mutex<HashMap<Url, Job>>,
    /// One document at a time: the machine is for whoever types.
    turn: Semaphore,
    /// Gets the documents whose findings are others now.
    done: UnboundedSender<Url>,
    said: Mutex<HashSet<String>>,
}

/// A document that is to be read; present from the first change until everything is read.
#[derive(Debug)]
struct Job {
    due: Instant,
    /// For the reading that runs.
    cancel: Cancel,
}

impl Reader {
    pub fn new(state: Arc<State>, outbox: Outbox, done: UnboundedSender<Url>) -> Self {
        Reader {
            state,
            outbox,
            checker: Arc::default(),
            jobs: Mutex::default(),
            turn: Semaphore::new(1),
            done,
            said: Mutex::default(),
        }
    }

    /// The document, or what is set for it, is another now. On the runtime's thread only.
    pub fn mark(self: &Arc<Self>, uri: &Url) {
        let due = Instant::now() + REST;
        let mut jobs = lock(&self.jobs);
        if let Some(job) = jobs.get_mut(uri) {
            job.cancel.cancel();
            *job = Job { due, cancel: Cancel::default() };
            return;
        }
        jobs.insert(uri.clone(), Job { due, cancel: Cancel::default() });
        tokio::spawn(self.clone().read_until_done(uri.clone()));
    }

    /// Nobody needs the findings in this document any more.
    pub fn forget(&self, uri: &Url) {
        if let Some(job) = lock(&self.jobs).get_mut(uri) {
            job.cancel.cancel();
        }
    }

    async fn read_until_done(self: Arc<Self>, uri: Url) {
        loop {
            let Some((due, _)) = self.job(&uri) else { return };
            sleep_until(due).await;
            let turn = self.turn.acquire().await;
            let Some((still_due, cancel)) = self.job(&uri) else { return };
            if still_due == due {
                self.read(&uri, cancel).await;
            }
            drop(turn);
            let mut jobs = lock(&self.jobs);
            if jobs.get(&uri).is_none_or(|job| job.due == due) {
                jobs.remove(&uri);
                return;
            }
        }
    }

    fn job(&self, uri: &Url) -> Option<(Instant, Cancel)> {
        lock(&self.jobs).get(uri).map(|job| (job.due, job.cancel.clone()))
    }

    async fn read(self: &Arc<Self>, uri: &Url, cancel: Cancel) {
        let Some(snapshot) = self.state.settled_snapshot(uri).filter(|it| it.is_read()) else { return };
        let this = self.clone();
        let is_new = compute::beside(move || this.read_now(&snapshot, &cancel)).await;
        if is_new {
            self.state.findings_changed(uri);
            let _ = self.done.send(uri.clone());
        }
    }

    /// Whether there is something else to show now.
    fn read_now(&self, snapshot: &Snapshot, cancel: &Cancel) -> bool {
        let resolved = self.state.settings.of(&snapshot.uri);
        let program =
            is_wanted(&resolved).then(|| self.program(&resolved.settings.shellcheck.path)).flatten();
        let found = match program {
            None => Vec::new(),
            Some(program) => match self.found(&program, snapshot, &resolved.linter, cancel) {
                Some(found) => found,
                None => return false,
            },
        };
        let model = snapshot.model();
        let found = Found::new(model, found);
        let mut kept = snapshot.caches.shellcheck.lock();
        let is_new = kept.still_there(model) != found.still_there(model);
        *kept = found;
        is_new
    }

    fn program(&self, setting: &str) -> Option<Program> {
        match self.checker.program(setting) {
            Ok(program) => Some(program),
            Err(missing @ Missing::NotInstalled) => {
                tracing::debug!("{missing}");
                None
            }
            Err(missing) => {
                self.warn_once(missing.to_string());
                None
            }
        }
    }

    fn found(
        &self,
        program: &Program,
        snapshot: &Snapshot,
        linter: &Linter,
        cancel: &Cancel,
    ) -> Option<Vec<ShellFinding>> {
        let scripts = scripts(snapshot.model(), linter.shellcheck_scripts());
        match self.checker.check(program, &scripts, cancel) {
            Ok(found) => Some(found.into_iter().flatten().collect()),
            Err(Failure::Cancelled) => None,
            Err(failure) => {
                self.warn_once(failure.to_string());
                None
            }
        }
    }

    fn warn_once(&self, sentence: String) {
        if lock(&self.said).insert(sentence.clone()) {
            self.outbox.warn(&sentence);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
