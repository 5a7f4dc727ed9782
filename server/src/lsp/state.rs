//! What the server remembers between messages.
//!
//! Everything is behind short `std::sync` locks: no handler holds one while it waits.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use tower_lsp::lsp_types::{
    Diagnostic, TextDocumentContentChangeEvent, TextDocumentItem, Url, WorkspaceFolder,
};

use super::build::Builds;
use super::config::SettingsStore;
use super::documents::{Applied, Document, Kind, Snapshot};
use super::images::{Desk, Images};
use super::session::Session;
use super::surroundings::Surroundings;
use super::workspace::Workspace;
use crate::analysis::lint::Facts;

/// Who found something; each replaces only its own findings. ShellCheck's are kept by instruction, see `shellcheck`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// `docker build --check`.
    BuildKit,
    LastBuild,
    Registry,
}

#[derive(Debug, Default)]
pub struct State {
    session: OnceLock<Session>,
    pub settings: SettingsStore,
    pub surroundings: Surroundings,
    pub workspace: Workspace,
    pub builds: Builds,
    pub images: Images,
    folders: RwLock<Vec<WorkspaceFolder>>,
    open: Mutex<HashMap<Url, Open>>,
}

#[derive(Debug)]
struct Open {
    document: Document,
    /// Findings beside those of our own rules, which are made from a snapshot each time.
    findings: BTreeMap<Source, Vec<Diagnostic>>,
    /// Counts the changes of `findings`.
    findings_generation: u64,
}

/// What there is to say about a document apart from our own rules.
#[derive(Debug, Default)]
pub struct Findings {
    pub diagnostics: Vec<Diagnostic>,
    pub generation: u64,
}

impl State {
    /// Takes what the client said in `initialize`; the first time only.
    pub fn begin(&self, session: Session, folders: Vec<WorkspaceFolder>) {
        let _ = self.session.set(session);
        self.set_folders(folders);
    }

    /// What the client said about itself; defaults before `initialize`.
    pub fn session(&self) -> &Session {
        static BEFORE: OnceLock<Session> = OnceLock::new();
        self.session.get().unwrap_or_else(|| BEFORE.get_or_init(Session::default))
    }

    pub fn folders(&self) -> Vec<WorkspaceFolder> {
        self.folders.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The folders of the workspace that are on a disk.
    pub fn roots(&self) -> Vec<PathBuf> {
        self.folders().iter().filter_map(|folder| folder.uri.to_file_path().ok()).collect()
    }

    pub fn set_folders(&self, folders: Vec<WorkspaceFolder>) {
        *self.folders.write().unwrap_or_else(PoisonError::into_inner) = folders;
        self.workspace.forget();
    }

    /// Opens a document; one that is open already is replaced.
    pub fn open(&self, item: TextDocumentItem) {
        let kind = Kind::of(&item.uri, &item.language_id);
        let session = self.session();
        let mut document = Document::open(item.uri.clone(), kind, item.version, item.text, session.encoding);
        if session.counts_versions {
            document.expect_every_version();
        }
        let open = Open { document, findings: BTreeMap::new(), findings_generation: 0 };
        self.lock().insert(item.uri, open);
    }

    /// Changes a document; `None` if it is not open.
    pub fn change(
        &self,
        uri: &Url,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) -> Option<Applied> {
        Some(self.lock().get_mut(uri)?.document.change(version, changes))
    }

    /// Forgets a document; whether it was open.
    pub fn close(&self, uri: &Url) -> bool {
        self.lock().remove(uri).is_some()
    }

    /// A document as it is now; `None` if it is not open, or its text cannot be known.
    pub fn snapshot(&self, uri: &Url) -> Option<Arc<Snapshot>> {
        self.lock().get_mut(uri)?.document.snapshot()
    }

    /// As [`State::snapshot`], for Dockerfiles of a sensible length only.
    pub fn dockerfile(&self, uri: &Url) -> Option<Arc<Snapshot>> {
        self.snapshot(uri).filter(|snapshot| snapshot.is_read())
    }

    /// What is known about the surroundings of a Dockerfile.
    pub fn facts(&self, uri: &Url) -> Arc<Facts> {
        self.surroundings.of(uri, |file| Some(self.snapshot(file)?.text().to_owned()))
    }

    /// What is known about the surroundings of a Dockerfile and about its images.
    pub fn facts_about(&self, snapshot: &Snapshot) -> Facts {
        let settings = self.settings.of(&snapshot.uri).settings;
        let is_open = self.version(&snapshot.uri).is_some();
        let registry = self.images.facts(&settings, snapshot, is_open);
        Facts { registry, ..(*self.facts(&snapshot.uri)).clone() }
    }

    /// Where to ask about the images of a document; `None` while the editor's settings are not known.
    pub fn desk(&self, uri: &Url) -> Option<Arc<Desk>> {
        self.images.desk(&self.settings.of(uri).settings)
    }

    /// Changes whenever settings, files or registries may say something else about any document.
    pub fn generation(&self) -> u64 {
        self.settings.generation() + self.surroundings.generation() + self.images.generation()
    }

    /// Whether a document is a `.dockerignore` that is open.
    pub fn is_ignore_file(&self, uri: &Url) -> bool {
        self.lock().get(uri).is_some_and(|open| open.document.kind() == Kind::Ignore)
    }

    /// Files on the disk may have changed.
    pub fn forget_files(&self) {
        self.settings.forget_files();
        self.surroundings.forget();
        self.workspace.forget();
    }

    /// As [`State::snapshot`], but also `None` while changes are missing: what is said now would be wrong soon.
    pub fn settled_snapshot(&self, uri: &Url) -> Option<Arc<Snapshot>> {
        let mut open = self.lock();
        let document = &mut open.get_mut(uri)?.document;
        if document.is_waiting() { None } else { document.snapshot() }
    }

    /// The version of a document that is open, without reading what was edited.
    pub fn version(&self, uri: &Url) -> Option<i32> {
        self.lock().get(uri).map(|open| open.document.version())
    }

    pub fn open_uris(&self) -> Vec<Url> {
        self.lock().keys().cloned().collect()
    }

    /// Replaces the findings of one source; whether the document is open and has others now.
    pub fn set_findings(&self, uri: &Url, source: Source, diagnostics: Vec<Diagnostic>) -> bool {
        let mut open = self.lock();
        let Some(open) = open.get_mut(uri) else { return false };
        let before = open.findings.insert(source, diagnostics);
        let is_new = before.as_ref() != open.findings.get(&source);
        open.findings_generation += u64::from(is_new);
        is_new
    }

    /// Something else than our own rules has other findings now, which are kept elsewhere.
    pub fn findings_changed(&self, uri: &Url) {
        if let Some(open) = self.lock().get_mut(uri) {
            open.findings_generation += 1;
        }
    }

    pub fn findings(&self, uri: &Url) -> Findings {
        let open = self.lock();
        let Some(open) = open.get(uri) else { return Findings::default() };
        let diagnostics = open.findings.values().flatten().cloned().collect();
        Findings { diagnostics, generation: open.findings_generation }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Url, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
