//! ShellCheck's findings: found beside the protocol, in open documents a moment after the last key, in files that nobody
//! has open when somebody asks about all of them.
//!
//! Findings are kept by instruction, not by version. An instruction that an edit leaves alone keeps its own, wherever
//! it moves; one that changed has none until it was read again. So nothing old is ever shown for a new text.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
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

/// Scripts in files that nobody has open; more are not read.
const MOST_CLOSED: usize = 5_000;
/// Of these so many are read before an open document gets its turn.
const AT_ONCE: usize = 64;

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
    closed: Closed,
}

/// What there is to read in files that nobody has open.
#[derive(Debug, Default)]
struct Closed {
    unread: Mutex<Vec<Unread>>,
    is_reading: AtomicBool,
    /// Grows when more is known.
    generation: AtomicU64,
    /// Scripts that were read or shall be.
    count: Mutex<HashSet<Arc<str>>>,
}

#[derive(Debug)]
struct Unread {
    uri: Url,
    program: Program,
    texts: Vec<Arc<str>>,
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
            closed: Closed::default(),
        }
    }

    /// Grows when more is known of files that nobody has open.
    pub fn closed_generation(&self) -> u64 {
        self.closed.generation.load(Ordering::Relaxed)
    }

    /// Gives a file that nobody has open what is known of it. The rest is noted, for [`Reader::read_closed`]. Waits.
    pub fn fill_closed(&self, snapshot: &Snapshot) {
        let resolved = self.state.settings.of(&snapshot.uri);
        let is_readable = is_wanted(&resolved) && snapshot.is_read();
        let program = is_readable.then(|| self.program(&resolved.settings.shellcheck.path)).flatten();
        let Some(program) = program else { return };
        let model = snapshot.model();
        let scripts = scripts(model, resolved.linter.shellcheck_scripts());
        if let Some(found) = self.checker.known(&program, &scripts) {
            let found = found.into_iter().flatten().collect();
            *snapshot.caches.shellcheck.lock() = Found::new(model, found);
            return;
        }
        let mut count = lock(&self.closed.count);
        let is_new = |text: &Arc<str>| count.len() < MOST_CLOSED && count.insert(text.clone());
        let texts: Vec<Arc<str>> =
            scripts.iter().map(|script| script.text().clone()).filter(is_new).collect();
        if !texts.is_empty() {
            lock(&self.closed.unread).push(Unread { uri: snapshot.uri.clone(), program, texts });
        }
    }

    /// Reads what was noted, beside everything else, and tells when it is done. On the runtime's thread only.
    pub fn read_closed(self: &Arc<Self>) {
        let has_work = !lock(&self.closed.unread).is_empty();
        if has_work && !self.closed.is_reading.swap(true, Ordering::Relaxed) {
            tokio::spawn(self.clone().read_unread());
        }
    }

    async fn read_unread(self: Arc<Self>) {
        let mut last = None;
        loop {
            let Some(unread) = lock(&self.closed.unread).pop() else { break };
            last = Some(unread.uri);
            for texts in unread.texts.chunks(AT_ONCE) {
                let turn = self.turn.acquire().await;
                let (this, program, texts) = (self.clone(), unread.program.clone(), texts.to_vec());
                compute::beside(move || this.prepare(&program, &texts)).await;
                drop(turn);
            }
        }
        self.closed.is_reading.store(false, Ordering::Relaxed);
        self.closed.generation.fetch_add(1, Ordering::Relaxed);
        if let Some(uri) = last {
            let _ = self.done.send(uri);
        }
    }

    fn prepare(&self, program: &Program, texts: &[Arc<str>]) {
        if let Err(failure) = self.checker.prepare(program, texts.iter(), &Cancel::default()) {
            self.warn_once(failure.to_string());
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
