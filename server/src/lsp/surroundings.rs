//! What lies around a Dockerfile on the disk, as facts for the analysis.
//!
//! Read once and kept until the client tells that files changed: a key must not cost a look at the disk.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tower_lsp::lsp_types::Url;

use crate::analysis::lint::Facts;

/// Longer ignore files (bytes) are not read.
const LONGEST: u64 = 4 << 20;

#[derive(Debug, Default)]
pub struct Surroundings {
    known: Mutex<HashMap<Url, Arc<Facts>>>,
    generation: AtomicU64,
}

impl Surroundings {
    /// The facts for the Dockerfile `uri`; `open` gives the text of a file that is open in the editor.
    pub fn of(&self, uri: &Url, open: impl Fn(&Url) -> Option<String>) -> Arc<Facts> {
        if let Some(facts) = self.lock().get(uri) {
            return facts.clone();
        }
        let facts = Arc::new(Facts::default());
        let text = ignore_files(uri).into_iter().find_map(|path| text_of(&path, &open));
        let facts = text.map_or(facts, |text| Arc::new(Facts::with_ignore_file(&text)));
        self.lock().insert(uri.clone(), facts.clone());
        facts
    }

    /// Files may have changed.
    pub fn forget(&self) {
        self.lock().clear();
        self.generation.fetch_add(1, Ordering::Relaxed);
    }

    /// Changes whenever [`Surroundings::of`] may answer differently.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Url, Arc<Facts>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The files that can say what the build context leaves out, the winning one first. The folder of the
/// Dockerfile is taken for the context.
pub fn ignore_files(uri: &Url) -> Vec<PathBuf> {
    let Ok(path) = uri.to_file_path() else { return Vec::new() };
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Vec::new() };
    let mut own = name.to_owned();
    own.push(".dockerignore");
    vec![folder.join(own), folder.join(".dockerignore")]
}

fn text_of(path: &Path, open: &impl Fn(&Url) -> Option<String>) -> Option<String> {
    let in_editor = Url::from_file_path(path).ok().and_then(|uri| open(&uri));
    in_editor.or_else(|| {
        let is_readable = path.metadata().is_ok_and(|it| it.is_file() && it.len() <= LONGEST);
        is_readable.then(|| std::fs::read_to_string(path).ok()).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_own_ignore_file_wins_and_an_open_one_is_taken_from_the_editor() {
        let folder = tempfile::tempdir().unwrap();
        let uri = Url::from_file_path(folder.path().join("Dockerfile")).unwrap();
        let common = folder.path().join(".dockerignore");
        let own = folder.path().join("Dockerfile.dockerignore");
        let surroundings = Surroundings::default();
        let is_ignored = |open: Option<&str>| {
            let facts = surroundings.of(&uri, |_| open.map(str::to_owned));
            facts.ignore.as_ref().map(|ignore| ignore.is_excluded("a").is_some())
        };
        assert_eq!(is_ignored(None), None);
        std::fs::write(&common, "a\n").unwrap();
        assert_eq!(is_ignored(None), None, "until it is told of the change");
        surroundings.forget();
        assert_eq!(is_ignored(None), Some(true));
        std::fs::write(&own, "b\n").unwrap();
        surroundings.forget();
        assert_eq!(is_ignored(None), Some(false));
        surroundings.forget();
        assert_eq!(is_ignored(Some("a\n")), Some(true));
    }
}
