//! What is known about builds and containers: of each file its last builds, what went wrong, and what runs.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use text_size::TextRange;
use tower_lsp::lsp_types::{Diagnostic, ProgressToken, Url};

use super::super::documents::Snapshot;
use super::anchors::{Anchor, Places};
use super::job::Cancel;
use super::queue::Queue;
use crate::analysis::lint::{Finding as OwnFinding, Linter, Severity};
use crate::docker::memory::Memory;
use crate::docker::program::Program;

#[derive(Debug, Default)]
pub struct Builds {
    pub memory: Memory,
    pub queue: Arc<Queue>,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    programs: HashMap<PathBuf, Arc<OnceLock<Program>>>,
    builder: Option<String>,
    /// Why the engine could not be reached the last time.
    trouble: Option<String>,
    files: HashMap<Url, Record>,
    /// What the client can cancel.
    running: HashMap<ProgressToken, Cancel>,
    tokens: u64,
}

/// What is known about one file.
#[derive(Debug, Default)]
struct Record {
    /// Where the last build failed.
    failures: Vec<Anchored>,
    /// What BuildKit's check found.
    checks: Vec<Anchored>,
    /// The last build that went well, by target.
    built: BTreeMap<Option<String>, Arc<Built>>,
    containers: Vec<Container>,
    /// When the engine was asked about the containers.
    looked: Option<Instant>,
    /// Who waits for the end of a container, by its id.
    watches: HashMap<String, Cancel>,
    log: Option<PathBuf>,
    /// Counts the changes of what is shown as diagnostics.
    generation: u64,
}

/// A diagnostic at an instruction; its range is made when it is shown.
#[derive(Debug, Clone)]
pub struct Anchored {
    pub anchor: Anchor,
    /// Counted from the instruction.
    pub range: TextRange,
    pub diagnostic: Diagnostic,
    /// BuildKit's name of a check.
    pub check: Option<String>,
}

/// A build that went well.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Built {
    pub tag: Option<String>,
    pub image_id: Option<String>,
    /// Bytes.
    pub size: Option<u64>,
    pub steps: Vec<BuiltStep>,
    pub conditions: Conditions,
    pub duration_ms: u64,
}

/// What a build depends on beside the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Conditions {
    pub arguments: BTreeMap<String, Option<String>>,
    pub platform: Option<String>,
    pub options: Vec<String>,
    pub context: PathBuf,
    pub began: Option<std::time::SystemTime>,
}

/// What one instruction cost.
#[derive(Debug, Clone, PartialEq)]
pub struct BuiltStep {
    pub anchor: Anchor,
    /// The stage it stands in: its number.
    pub stage: Option<u32>,
    pub cached: bool,
    pub duration_ms: Option<u64>,
    /// Bytes.
    pub size: Option<u64>,
    /// Why it was built again, as far as that can be known.
    pub reason: Option<String>,
}

/// A container that was started here and left running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    pub id: String,
    pub name: String,
    pub addresses: Vec<String>,
    pub is_running: bool,
    /// Of one that has ended, if it is known.
    pub exit_code: Option<i32>,
    /// The user stops it or takes it away.
    pub is_being_ended: bool,
}

/// What the engine said about the containers of a file.
#[derive(Debug, Clone, Default)]
pub struct Sight {
    /// The newest last.
    pub there: Vec<Container>,
    /// Ids of those that are there no more.
    pub gone: Vec<String>,
}

/// How long what was seen of containers counts.
const FRESH: Duration = Duration::from_secs(10);
/// Containers of one file that are followed to their ends at a time.
const MOST_WATCHED: usize = 8;

impl Builds {
    /// The program with its versions; asks it the first time. Blocks.
    pub fn probed(&self, found: Program, env: &BTreeMap<String, String>) -> Program {
        let cell = self.lock().programs.entry(found.path.clone()).or_default().clone();
        let name = found.name.clone();
        Program { name, ..cell.get_or_init(|| found.probed(env)).clone() }
    }

    /// The builder that the user chose in this session.
    pub fn chosen_builder(&self) -> Option<String> {
        self.lock().builder.clone()
    }

    pub fn choose_builder(&self, name: Option<String>) {
        self.lock().builder = name;
    }

    /// Why the engine could not be reached the last time.
    pub fn trouble(&self) -> Option<String> {
        self.lock().trouble.clone()
    }

    pub fn set_trouble(&self, trouble: Option<String>) {
        self.lock().trouble = trouble;
    }

    /// A name for a progress that the server begins.
    pub fn next_token(&self) -> ProgressToken {
        let mut inner = self.lock();
        inner.tokens += 1;
        ProgressToken::String(format!("dockwright/build/{}", inner.tokens))
    }

    pub fn began(&self, token: &ProgressToken, cancel: Cancel) {
        self.lock().running.insert(token.clone(), cancel);
    }

    pub fn ended(&self, token: &ProgressToken) {
        self.lock().running.remove(token);
    }

    /// The client's user pressed Cancel.
    pub fn cancel(&self, token: &ProgressToken) {
        let cancel = self.lock().running.get(token).cloned();
        if let Some(cancel) = cancel {
            cancel.cancel();
        }
    }

    /// What the last build said about the file no longer counts.
    pub fn forget_failures(&self, uri: &Url) {
        self.set_failures(uri, Vec::new());
    }

    pub fn set_failures(&self, uri: &Url, failures: Vec<Anchored>) {
        self.change(uri, |it| it.failures = failures);
    }

    pub fn set_checks(&self, uri: &Url, checks: Vec<Anchored>) {
        self.change(uri, |it| it.checks = checks);
    }

    fn change(&self, uri: &Url, change: impl FnOnce(&mut Record)) {
        let mut inner = self.lock();
        let record = inner.files.entry(uri.clone()).or_default();
        change(record);
        record.generation += 1;
    }

    /// Changes whenever [`Builds::diagnostics`] may answer differently.
    pub fn generation(&self, uri: &Url) -> u64 {
        self.lock().files.get(uri).map_or(0, |it| it.generation)
    }

    pub fn set_built(&self, uri: &Url, target: Option<String>, built: Built) {
        self.change(uri, |it| {
            it.built.insert(target, Arc::new(built));
        });
    }

    /// The last build of a target that went well.
    pub fn built(&self, uri: &Url, target: Option<&str>) -> Option<Arc<Built>> {
        self.lock().files.get(uri)?.built.get(&target.map(str::to_owned)).cloned()
    }

    /// All targets' last builds.
    pub fn all_built(&self, uri: &Url) -> Vec<Arc<Built>> {
        let inner = self.lock();
        inner.files.get(uri).map(|it| it.built.values().cloned().collect()).unwrap_or_default()
    }

    pub fn containers(&self, uri: &Url) -> Vec<Container> {
        self.lock().files.get(uri).map(|it| it.containers.clone()).unwrap_or_default()
    }

    pub fn add_container(&self, uri: &Url, container: Container) {
        self.change(uri, |it| {
            it.containers.retain(|known| known.name != container.name);
            it.containers.push(container);
        });
    }

    /// It was stopped, or ended by itself.
    pub fn container_ended(&self, uri: &Url, id: &str, exit_code: Option<i32>) {
        self.change_container(uri, id, |it| {
            it.is_running = false;
            it.exit_code = exit_code.or(it.exit_code);
        });
    }

    /// The user is about to end it.
    pub fn container_is_being_ended(&self, uri: &Url, id: &str, is_so: bool) {
        self.change_container(uri, id, |it| it.is_being_ended = is_so);
    }

    fn change_container(&self, uri: &Url, id: &str, change: impl Fn(&mut Container)) {
        self.change(uri, |it| it.containers.iter_mut().filter(|it| it.is(id)).for_each(change));
    }

    /// Takes over what the engine said.
    pub fn see_containers(&self, uri: &Url, sight: &Sight) {
        let before = self.containers(uri);
        let mut containers = before.clone();
        containers.retain(|it| !sight.gone.iter().any(|gone| it.is(gone)));
        for seen in &sight.there {
            match containers.iter_mut().find(|it| it.id == seen.id) {
                Some(known) => known.see(seen),
                None => containers.push(seen.clone()),
            }
        }
        if containers != before {
            self.change(uri, |it| it.containers = containers);
        }
    }

    /// Whether it is time to look at the containers of a file; then it counts as done.
    pub fn begin_look(&self, uri: &Url) -> bool {
        let mut inner = self.lock();
        let looked = &mut inner.files.entry(uri.clone()).or_default().looked;
        let is_due = looked.is_none_or(|it| it.elapsed() > FRESH);
        if is_due {
            *looked = Some(Instant::now());
        }
        is_due
    }

    /// The right to wait for the end of a container; `None` if somebody does already.
    pub fn begin_watch(&self, uri: &Url, id: &str) -> Option<Cancel> {
        let mut inner = self.lock();
        let watches = &mut inner.files.entry(uri.clone()).or_default().watches;
        if watches.len() >= MOST_WATCHED || watches.contains_key(id) {
            return None;
        }
        let cancel = Cancel::default();
        watches.insert(id.to_owned(), cancel.clone());
        Some(cancel)
    }

    pub fn end_watch(&self, uri: &Url, id: &str) {
        if let Some(record) = self.lock().files.get_mut(uri) {
            record.watches.remove(id);
        }
    }

    /// The file is closed: nobody looks at its containers.
    pub fn look_away(&self, uri: &Url) {
        let mut inner = self.lock();
        if let Some(record) = inner.files.get_mut(uri) {
            record.looked = None;
            record.watches.drain().for_each(|(_, cancel)| cancel.cancel());
        }
    }

    pub fn container_removed(&self, uri: &Url, id: &str) {
        self.change(uri, |it| it.containers.retain(|it| !it.is(id)));
    }

    pub fn log(&self, uri: &Url) -> Option<PathBuf> {
        self.lock().files.get(uri)?.log.clone()
    }

    pub fn set_log(&self, uri: &Url, path: Option<PathBuf>) {
        self.change(uri, |it| it.log = path);
    }

    /// What builds and checks found, where it stands in `snapshot` now; without what `own` findings say already, and
    /// what the user switched off.
    pub fn diagnostics(&self, snapshot: &Snapshot, linter: &Linter, own: &[OwnFinding]) -> Vec<Diagnostic> {
        let (failures, checks) = {
            let inner = self.lock();
            let Some(record) = inner.files.get(&snapshot.uri) else { return Vec::new() };
            (record.failures.clone(), record.checks.clone())
        };
        if failures.is_empty() && checks.is_empty() {
            return Vec::new();
        }
        let places = Places::new(&snapshot.file);
        let judge = linter.checks(snapshot.model());
        let all = failures.into_iter().chain(checks);
        all.filter_map(|it| {
            let instruction = places.find(&it.anchor)?;
            let whole = instruction.absolute_range();
            let is_shown = match it.check.as_deref() {
                None => true,
                Some(BUILD_ERROR) => !own.iter().any(|it| is_error_in(it, whole)),
                Some(check) => {
                    judge.is_wanted(check, instruction.id)
                        && !judge.is_said(check, instruction.id, whole, own)
                }
            };
            let range = snapshot.range(it.range + whole.start());
            is_shown.then_some(Diagnostic { range, ..it.diagnostic })
        })
        .collect()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Container {
    fn see(&mut self, seen: &Container) {
        let is_being_ended = self.is_being_ended && !seen.is_running;
        // Where the network is not the engine's own, only the start knew the addresses.
        let addresses = if seen.addresses.is_empty() { &self.addresses } else { &seen.addresses };
        let exit_code = seen.exit_code.or(self.exit_code).filter(|_| !seen.is_running);
        *self = Container { addresses: addresses.clone(), exit_code, is_being_ended, ..seen.clone() };
    }

    fn is(&self, id: &str) -> bool {
        self.id == id || self.name == id || (id.len() >= 12 && self.id.starts_with(id))
    }
}

/// The check that stands for "this is no Dockerfile".
pub const BUILD_ERROR: &str = "";

/// Whether it says why `whole` cannot be built.
fn is_error_in(finding: &OwnFinding, whole: TextRange) -> bool {
    // An image without a name is an error of the build, and a warning as long as an argument may name it.
    let is_error = finding.severity == Severity::Error || finding.rule.name == "invalid-default-in-from";
    is_error && finding.range.intersect(whole).is_some()
}
