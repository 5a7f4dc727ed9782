//! The Dockerfiles of the workspace that nobody has opened: found, read when asked about, and forgotten.
//!
//! Folders are walked as git sees them. What was found is kept until the client tells of changed files, or,
//! from clients that do not, for a while.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use tower_lsp::lsp_types::*;

use super::diagnostics;
use super::documents::{Kind, Snapshot};
use super::shellcheck::Reader;
use super::state::State;
use super::to_lsp;
use crate::analysis::ide;

/// Dockerfiles that are looked at; more are a generated tree or a home folder.
const MOST_FILES: usize = 2_000;
/// Files and folders that are looked through for them.
const MOST_ENTRIES: usize = 300_000;
/// Longer files (bytes) are not read unless they are opened.
const LONGEST: u64 = 1 << 20;
/// Symbols in one answer.
const MOST_SYMBOLS: usize = 1_000;
/// How long the list of files is good for, if the client does not say what changes.
const FRESH: Duration = Duration::from_secs(60);

#[derive(Debug, Default)]
pub struct Workspace {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    found: Option<(Instant, Arc<Found>)>,
    symbols: HashMap<PathBuf, (Stamp, Arc<[SymbolInformation]>)>,
    has_said_cut: bool,
}

#[derive(Debug, Default)]
struct Found {
    files: Vec<PathBuf>,
    is_cut: bool,
}

/// Tells one content of a file from another without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
}

impl Stamp {
    /// `None` for what cannot or shall not be read.
    fn of(path: &Path) -> Option<Stamp> {
        let metadata = path.metadata().ok()?;
        let is_readable = metadata.is_file() && metadata.len() <= LONGEST;
        is_readable.then(|| Stamp { modified: metadata.modified().ok(), length: metadata.len() })
    }

    /// The name of what is found in this content under these settings.
    fn result_id(self, settings: u64, shellcheck: u64) -> String {
        let since = self.modified.and_then(|it| it.duration_since(SystemTime::UNIX_EPOCH).ok());
        format!("{}.{}.{settings}.{shellcheck}", since.unwrap_or_default().as_nanos(), self.length)
    }
}

impl Workspace {
    /// Files or folders may have changed.
    pub fn forget(&self) {
        self.lock().found = None;
    }

    /// A sentence, once, if there is more than is looked at.
    pub fn take_cut(&self) -> Option<String> {
        let mut inner = self.lock();
        let is_cut = inner.found.as_ref().is_some_and(|(_, found)| found.is_cut);
        let is_new = is_cut && !std::mem::replace(&mut inner.has_said_cut, true);
        is_new.then(|| {
            format!("this workspace is large: dockwright looks at {MOST_FILES} of its Dockerfiles and at open ones")
        })
    }

    fn found(&self, state: &State) -> Arc<Found> {
        let is_told = state.session().watches_files;
        let is_fresh = |it: &(Instant, Arc<Found>)| is_told || it.0.elapsed() < FRESH;
        if let Some((_, found)) = self.lock().found.as_ref().filter(|it| is_fresh(it)) {
            return found.clone();
        }
        let found = Arc::new(find(&state.roots()));
        self.lock().found = Some((Instant::now(), found.clone()));
        found
    }

    fn symbols_in(&self, path: &Path, state: &State) -> Option<Arc<[SymbolInformation]>> {
        let stamp = Stamp::of(path)?;
        if let Some((_, symbols)) = self.lock().symbols.get(path).filter(|(of, _)| *of == stamp) {
            return Some(symbols.clone());
        }
        let symbols: Arc<[_]> = symbols_of(&read(path, state)?).into();
        self.lock().symbols.insert(path.to_owned(), (stamp, symbols.clone()));
        Some(symbols)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stages and variables of all Dockerfiles whose names hold the letters of `query` in this order. Reads files.
pub fn symbols(state: &State, query: &str) -> Vec<SymbolInformation> {
    let open = state.open_uris();
    let in_open = open.iter().filter_map(|uri| state.dockerfile(uri)).map(|it| symbols_of(&it).into());
    let found = state.workspace.found(state);
    let closed = found.files.iter().filter(|path| !is_open(path, &open));
    let in_closed = closed.filter_map(|path| state.workspace.symbols_in(path, state));
    let all = in_open.chain(in_closed);
    let fitting = all.flat_map(|symbols: Arc<[SymbolInformation]>| {
        symbols.iter().filter(|it| holds_letters(&it.name, query)).cloned().collect::<Vec<_>>()
    });
    fitting.take(MOST_SYMBOLS).collect()
}

/// What there is to say about all Dockerfiles, given the names of the answers that the client has. Reads files. What
/// ShellCheck has not read yet is noted with `reader`.
pub fn diagnostics(
    state: &Arc<State>,
    reader: &Reader,
    mut previous: HashMap<Url, String>,
) -> Vec<WorkspaceDocumentDiagnosticReport> {
    let open = state.open_uris();
    let mut reports = Vec::new();
    for snapshot in open.iter().filter_map(|uri| state.dockerfile(uri)) {
        let result_id = diagnostics::result_id(state, &snapshot);
        let known = previous.remove(&snapshot.uri);
        let version = Some(i64::from(snapshot.version));
        let all = || diagnostics::report_now(state, &snapshot).diagnostics;
        reports.push(report(snapshot.uri.clone(), version, known, result_id, all));
    }
    let found = state.workspace.found(state);
    for path in found.files.iter().filter(|path| !is_open(path, &open)) {
        let (Some(stamp), Ok(uri)) = (Stamp::of(path), Url::from_file_path(path)) else { continue };
        let known = previous.remove(&uri);
        let result_id = stamp.result_id(state.generation(), reader.closed_generation());
        let all = || {
            let snapshot = read(path, state)?;
            reader.fill_closed(&snapshot);
            Some(diagnostics::report_now(state, &snapshot).diagnostics)
        };
        reports.push(report(uri, None, known, result_id, || all().unwrap_or_default()));
    }
    reports.extend(gone(previous));
    reports
}

fn report(
    uri: Url,
    version: Option<i64>,
    known: Option<String>,
    result_id: String,
    all: impl FnOnce() -> Vec<Diagnostic>,
) -> WorkspaceDocumentDiagnosticReport {
    if known.as_ref() == Some(&result_id) {
        let unchanged_document_diagnostic_report = UnchangedDocumentDiagnosticReport { result_id };
        let report =
            WorkspaceUnchangedDocumentDiagnosticReport { uri, version, unchanged_document_diagnostic_report };
        return report.into();
    }
    let full_document_diagnostic_report =
        FullDocumentDiagnosticReport { result_id: Some(result_id), items: all() };
    WorkspaceFullDocumentDiagnosticReport { uri, version, full_document_diagnostic_report }.into()
}

/// Files that the client has findings of and that are not there any more.
fn gone(previous: HashMap<Url, String>) -> impl Iterator<Item = WorkspaceDocumentDiagnosticReport> {
    previous.into_keys().map(|uri| {
        let full_document_diagnostic_report = FullDocumentDiagnosticReport::default();
        WorkspaceFullDocumentDiagnosticReport { uri, version: None, full_document_diagnostic_report }.into()
    })
}

fn find(roots: &[PathBuf]) -> Found {
    let Some((first, others)) = roots.split_first() else { return Found::default() };
    let mut walk = ignore::WalkBuilder::new(first);
    others.iter().for_each(|root| {
        walk.add(root);
    });
    // `.devcontainer/Dockerfile` is one of ours; what git keeps for itself is not.
    walk.hidden(false).require_git(false).filter_entry(|entry| entry.file_name() != ".git");
    let mut entries = 0;
    let walked = walk.build().inspect(|_| entries += 1).take(MOST_ENTRIES).flatten();
    let is_dockerfile = |entry: &ignore::DirEntry| {
        let is_file = entry.file_type().is_some_and(|it| it.is_file());
        is_file && entry.file_name().to_str().is_some_and(Kind::is_dockerfile_name)
    };
    let files: Vec<PathBuf> =
        walked.filter(is_dockerfile).map(ignore::DirEntry::into_path).take(MOST_FILES).collect();
    let is_cut = entries >= MOST_ENTRIES || files.len() >= MOST_FILES;
    Found { files, is_cut }
}

fn is_open(path: &Path, open: &[Url]) -> bool {
    Url::from_file_path(path).is_ok_and(|uri| open.contains(&uri))
}

fn read(path: &Path, state: &State) -> Option<Snapshot> {
    let bytes = std::fs::read(path).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let uri = Url::from_file_path(path).ok()?;
    Some(Snapshot::new(uri, Kind::Dockerfile, 0, text, state.session().encoding))
}

fn symbols_of(snapshot: &Snapshot) -> Vec<SymbolInformation> {
    let container = snapshot.uri.path().rsplit('/').next().unwrap_or_default().to_owned();
    let symbols = ide::symbols::workspace_symbols(snapshot.model()).into_iter();
    symbols.map(|it| to_lsp::symbol_information(snapshot, it, Some(&container))).collect()
}

fn holds_letters(name: &str, query: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    query.chars().flat_map(char::to_lowercase).all(|wanted| letters.any(|it| it == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_looked_for_in_order_and_in_any_case() {
        assert!(holds_letters("NODE_VERSION", "nver"));
        assert!(holds_letters("base", ""));
        assert!(!holds_letters("base", "sab"));
    }

    #[test]
    fn dockerfiles_are_found_where_git_would_look() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "Dockerfile",
            "api/dev.Dockerfile",
            ".devcontainer/Dockerfile",
            "out/Dockerfile",
            ".git/Dockerfile",
            "api/main.go",
        ] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        std::fs::write(folder.path().join(".gitignore"), "out/\n").unwrap();
        let found = find(&[folder.path().to_owned()]);
        let mut names: Vec<_> =
            found.files.iter().map(|it| it.strip_prefix(folder.path()).unwrap().to_str().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, [".devcontainer/Dockerfile", "Dockerfile", "api/dev.Dockerfile"]);
        assert!(!found.is_cut);
    }
}
