//! What registries said, in memory and on disk.
//!
//! Memory holds the few answers in use; the rest is read from disk again, a few milliseconds for the longest list. A file
//! is written beside its place and then renamed, so that two servers never see half of one.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::http::lock;
use super::stored::Stored;
use crate::analysis::facts::{Answer, RemoteImage, RemoteTag, Repository};

/// Part of the folder's name: a change of what is in a file begins a new one.
const VERSION: &str = "v2";
/// Estimated bytes.
const MAX_MEMORY: usize = 1 << 20;
const MAX_DISK: u64 = 64 << 20;
const MAX_FILE: u64 = 16 << 20;
/// An older answer is no answer.
const LONGEST_LIFE: Duration = Duration::from_secs(30 * 24 * 3600);

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "always kept behind an `Arc`")]
pub enum Kept {
    Tags(Answer<Arc<Repository>>),
    Image(Answer<RemoteImage>),
    /// Names of repositories with a few words each.
    Names(Vec<(String, String)>),
}

/// An answer, when it came, and how to ask whether it is still right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub value: Arc<Kept>,
    pub at: SystemTime,
    pub etag: Option<String>,
}

/// A file.
#[derive(Serialize, Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    key: Cow<'a, str>,
    /// Seconds since 1970.
    at: u64,
    etag: Option<String>,
    #[serde(borrow)]
    value: Stored<'a>,
}

#[derive(Debug)]
pub struct Cache {
    /// `None`: in memory only.
    folder: Option<PathBuf>,
    memory: Mutex<Memory>,
    /// Who reads files.
    reading: Mutex<()>,
}

#[derive(Debug, Default)]
struct Memory {
    entries: HashMap<String, Remembered>,
    size: usize,
    /// Counts uses, to find the one that is longest ago.
    clock: u64,
}

#[derive(Debug)]
struct Remembered {
    entry: Entry,
    size: usize,
    used: u64,
}

impl Cache {
    pub fn new(folder: Option<PathBuf>) -> Cache {
        Cache {
            folder: folder.map(|it| it.join(VERSION)),
            memory: Mutex::default(),
            reading: Mutex::default(),
        }
    }

    pub fn get(&self, key: &str) -> Option<Entry> {
        if let Some(entry) = self.remembered(key) {
            return Some(entry);
        }
        // A key of the editor makes several ask for the same long list: the second finds it read.
        let _turn = lock(&self.reading);
        if let Some(entry) = self.remembered(key) {
            return Some(entry);
        }
        let entry = read(&self.path(key)?, key)?;
        lock(&self.memory).put(key, entry.clone());
        Some(entry)
    }

    /// What is in memory.
    pub fn remembered(&self, key: &str) -> Option<Entry> {
        lock(&self.memory).get(key)
    }

    /// Keeps an answer. A disk that is full or read-only costs nothing but the next question.
    pub fn put(&self, key: &str, entry: Entry) {
        lock(&self.memory).put(key, entry.clone());
        if let Some((path, value)) = self.path(key).zip(Stored::of(&entry.value))
            && let Err(error) = write(&path, key, &entry, value)
        {
            tracing::debug!(%error, "an answer could not be kept on disk");
        }
    }

    fn path(&self, key: &str) -> Option<PathBuf> {
        Some(self.folder.as_ref()?.join(format!("{:016x}.json", hash(key))))
    }
}

impl Memory {
    fn get(&mut self, key: &str) -> Option<Entry> {
        self.clock += 1;
        let remembered = self.entries.get_mut(key)?;
        remembered.used = self.clock;
        Some(remembered.entry.clone())
    }

    fn put(&mut self, key: &str, entry: Entry) {
        self.clock += 1;
        let size = size(&entry.value);
        let remembered = Remembered { entry, size, used: self.clock };
        let before = self.entries.insert(key.to_owned(), remembered);
        self.size += size;
        self.size -= before.map_or(0, |it| it.size);
        while self.size > MAX_MEMORY && self.entries.len() > 1 {
            let oldest = self.entries.iter().min_by_key(|(_, it)| it.used).map(|(key, _)| key.clone());
            let Some(gone) = oldest.and_then(|it| self.entries.remove(&it)) else { break };
            self.size -= gone.size;
        }
    }
}

/// A rough number of bytes in memory.
fn size(value: &Kept) -> usize {
    const TAG: usize = size_of::<RemoteTag>();
    const PLATFORM: usize = 48;
    match value {
        Kept::Tags(answer) => answer
            .found()
            .map_or(0, |it| it.tags.iter().map(|tag| TAG + tag.platforms.len() * PLATFORM).sum()),
        Kept::Image(answer) => answer.found().map_or(0, |it| {
            let config = it.config.as_ref().map_or(0, |it| {
                let pairs = it.environment.iter().chain(&it.labels);
                pairs.map(|(name, value)| name.len() + value.len() + 64).sum::<usize>() + 500
            });
            it.platforms.len() * PLATFORM + config
        }),
        Kept::Names(names) => names.iter().map(|(name, words)| name.len() + words.len() + 64).sum(),
    }
}

/// FNV-1a: the same in every version of this program. Keys are compared after reading, so a clash only forgets.
fn hash(key: &str) -> u64 {
    key.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn read(path: &Path, key: &str) -> Option<Entry> {
    let is_small = path.metadata().is_ok_and(|it| it.is_file() && it.len() <= MAX_FILE);
    let bytes = if is_small { fs::read(path).ok()? } else { return None };
    let stored: File = serde_json::from_slice(&bytes).ok()?;
    if stored.key != key {
        return None;
    }
    let at = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(stored.at))?;
    // A clock that was set back makes an answer come from the future.
    let age = SystemTime::now().duration_since(at).ok()?;
    (age < LONGEST_LIFE).then_some(Entry { value: Arc::new(stored.value.into_kept()), at, etag: stored.etag })
}

fn write(path: &Path, key: &str, entry: &Entry, value: Stored<'_>) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    create_private(folder)?;
    let at = entry.at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let stored = File { key: key.into(), at, etag: entry.etag.clone(), value };
    let bytes = serde_json::to_vec(&stored)?;
    let beside = path.with_extension(format!("{}.part", std::process::id()));
    let mut file = fs::File::create(&beside)?;
    let outcome = file.write_all(&bytes).and_then(|()| fs::rename(&beside, path));
    if outcome.is_err() {
        let _ = fs::remove_file(&beside);
    }
    trim(folder);
    outcome
}

/// The names of somebody's images are nobody else's matter.
fn create_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Removes the oldest files when all are too much.
fn trim(folder: &Path) {
    let Ok(files) = fs::read_dir(folder) else { return };
    let described = files.flatten().filter_map(|file| {
        let about = file.metadata().ok().filter(|it| it.is_file())?;
        Some((about.modified().ok()?, about.len(), file.path()))
    });
    let mut files: Vec<_> = described.collect();
    let mut size: u64 = files.iter().map(|it| it.1).sum();
    files.sort();
    for (_, length, path) in files {
        if size <= MAX_DISK {
            return;
        }
        size -= length;
        let _ = fs::remove_file(path);
    }
}

/// The platform's folder for what can be fetched again.
pub fn default_folder(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let home = || variable("HOME");
    let folder = if cfg!(windows) {
        variable("LOCALAPPDATA").map(|it| it.join("dockwright").join("cache"))
    } else if cfg!(target_os = "macos") {
        home().map(|it| it.join("Library/Caches/dockwright"))
    } else {
        variable("XDG_CACHE_HOME")
            .or_else(|| home().map(|it| it.join(".cache")))
            .map(|it| it.join("dockwright"))
    };
    folder.map(|it| it.join("registry"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(tags: usize, at: SystemTime) -> Entry {
        let tags =
            (0..tags).map(|it| RemoteTag { name: it.to_string().into(), ..RemoteTag::default() }).collect();
        let value = Kept::Tags(Answer::Found(Arc::new(Repository { tags, is_complete: true })));
        Entry { value: Arc::new(value), at, etag: Some("\"x\"".to_owned()) }
    }

    /// Whole seconds, as on disk.
    fn now() -> SystemTime {
        let seconds =
            SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("it is later").as_secs();
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn answers_outlive_the_process() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = now() - Duration::from_secs(5000);
        Cache::new(Some(folder.path().to_owned())).put("a", entry(3, at));
        let later = Cache::new(Some(folder.path().to_owned()));
        assert_eq!(later.get("a"), Some(entry(3, at)));
        assert_eq!(later.get("b"), None);
    }

    #[test]
    fn old_broken_and_foreign_files_are_no_answers() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = || Cache::new(Some(folder.path().to_owned()));
        for at in [now() - LONGEST_LIFE * 2, now() + Duration::from_secs(900)] {
            cache().put("a", entry(1, at));
            assert_eq!(cache().get("a"), None);
        }
        let path = cache().path("a").expect("it has a folder");
        for text in ["", "{", "[]", "{\"key\":\"b\",\"at\":1,\"etag\":null,\"value\":{\"Names\":[]}}"] {
            fs::write(&path, text).expect("it can be written");
            assert_eq!(cache().get("a"), None, "{text}");
        }
    }

    #[test]
    fn nothing_half_written_stays_and_missing_things_are_not_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(Some(folder.path().to_owned()));
        cache.put("a", entry(1, now()));
        cache.put("b", Entry { value: Arc::new(Kept::Tags(Answer::Missing)), at: now(), etag: None });
        let names = fs::read_dir(folder.path().join(VERSION)).expect("it is there").flatten();
        let names: Vec<_> = names.map(|it| it.file_name().to_string_lossy().into_owned()).collect();
        assert_eq!(names, [format!("{:016x}.json", hash("a"))]);
        assert!(cache.get("b").is_some());
    }

    #[test]
    fn memory_forgets_what_was_not_used() {
        let cache = Cache::new(None);
        for key in 0..40 {
            cache.put(&key.to_string(), entry(1000, now()));
            assert!(cache.get("0").is_some());
        }
        assert!(lock(&cache.memory).size <= MAX_MEMORY);
        assert_eq!(cache.get("1"), None);
    }
}
