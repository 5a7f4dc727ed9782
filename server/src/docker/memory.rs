//! What was used last to build and run each Dockerfile: kept in the user's own folder, never in a repository.
//!
//! Values of build arguments that look secret are left out. A file that cannot be read or written costs nothing but the
//! memory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::command::is_secret;

/// What was given for one Dockerfile; `None`: never anything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Remembered {
    /// Of the whole file; images of single stages are named after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build_args: Option<BTreeMap<String, Option<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build_options: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_options: Option<Vec<String>>,
    /// A container was started in the background and not taken away since.
    #[serde(skip_serializing_if = "is_false")]
    pub has_containers: bool,
    /// Seconds since 1970; set when it is remembered.
    pub used: u64,
}

fn is_false(it: &bool) -> bool {
    !*it
}

/// Dockerfiles that are remembered.
const MOST_FILES: usize = 300;
/// A longer file (bytes) is not ours.
const LONGEST: u64 = 4 << 20;

type Files = BTreeMap<String, Remembered>;

#[derive(Debug, Default)]
pub struct Memory {
    /// `None` until it is read.
    files: Mutex<Option<Files>>,
}

impl Memory {
    pub fn of(&self, dockerfile: &Path) -> Remembered {
        self.read().as_ref().and_then(|it| it.get(key(dockerfile).as_str())).cloned().unwrap_or_default()
    }

    /// Remembers what `given` says over what was there; writes the file if that is news.
    pub fn remember(&self, dockerfile: &Path, given: Remembered) {
        self.change(dockerfile, |known| known.take(given));
    }

    /// Whether there may be containers of this Dockerfile that were started here, now or earlier.
    pub fn has_containers(&self, dockerfile: &Path) -> bool {
        self.of(dockerfile).has_containers
    }

    pub fn note_containers(&self, dockerfile: &Path, are_any: bool) {
        if self.has_containers(dockerfile) != are_any {
            self.change(dockerfile, |known| known.has_containers = are_any);
        }
    }

    fn change(&self, dockerfile: &Path, change: impl FnOnce(&mut Remembered)) {
        let mut files = self.read();
        let files = files.get_or_insert_default();
        let known = files.entry(key(dockerfile)).or_default();
        let before = known.clone();
        change(known);
        let is_news = Remembered { used: before.used, ..known.clone() } != before;
        known.used = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs());
        if is_news {
            forget_oldest(files);
            if let Err(error) = write(files) {
                tracing::debug!("what was built is not remembered: {error}");
            }
        }
    }

    fn read(&self) -> MutexGuard<'_, Option<Files>> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if files.is_none() {
            *files = Some(file().and_then(|it| read(&it)).unwrap_or_default());
        }
        files
    }
}

impl Remembered {
    fn take(&mut self, given: Remembered) {
        fn take<T>(old: &mut Option<T>, new: Option<T>) {
            if new.is_some() {
                *old = new;
            }
        }
        take(&mut self.tag, given.tag);
        take(&mut self.context, given.context);
        take(&mut self.platform, given.platform);
        let build_args =
            given.build_args.map(|it| it.into_iter().filter(|(name, _)| !is_secret(name)).collect());
        take(&mut self.build_args, build_args);
        let once = ["--no-cache", "--pull"];
        let is_for_good = |it: &String| !once.iter().any(|once| it.starts_with(once));
        take(
            &mut self.build_options,
            given.build_options.map(|it| it.into_iter().filter(is_for_good).collect()),
        );
        take(&mut self.run_options, given.run_options);
    }
}

fn key(dockerfile: &Path) -> String {
    dockerfile.to_string_lossy().into_owned()
}

fn forget_oldest(files: &mut Files) {
    while files.len() > MOST_FILES {
        let Some(oldest) = files.iter().min_by_key(|(_, it)| it.used).map(|(key, _)| key.clone()) else {
            return;
        };
        files.remove(&oldest);
    }
}

/// The user's folder for what programs remember.
pub fn folder() -> Option<PathBuf> {
    let variable = |name| std::env::var_os(name).map(PathBuf::from).filter(|it| it.is_absolute());
    let home = || variable("HOME");
    let folder = if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        home().map(|it| it.join("Library/Application Support"))
    } else {
        variable("XDG_STATE_HOME").or_else(|| home().map(|it| it.join(".local/state")))
    };
    folder.map(|it| it.join("dockwright"))
}

fn file() -> Option<PathBuf> {
    folder().map(|it| it.join("builds.json"))
}

fn read(path: &Path) -> Option<Files> {
    let is_readable = path.metadata().is_ok_and(|it| it.is_file() && it.len() <= LONGEST);
    let text = is_readable.then(|| std::fs::read_to_string(path).ok()).flatten()?;
    serde_json::from_str(&text).ok()
}

fn write(files: &Files) -> std::io::Result<()> {
    let Some(path) = file() else { return Ok(()) };
    let folder = path.parent().unwrap_or(Path::new("/"));
    std::fs::create_dir_all(folder)?;
    // Another server may write at the same time: each has its own file until it is whole.
    let new = folder.join(format!("builds.json.{}", std::process::id()));
    std::fs::write(&new, serde_json::to_vec_pretty(files)?)?;
    std::fs::rename(new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_replaces_what_was_and_the_rest_stays() {
        let mut known = Remembered::default();
        known.take(Remembered {
            tag: Some("a".to_owned()),
            context: Some("/x".to_owned()),
            ..Default::default()
        });
        known.take(Remembered { tag: Some("b".to_owned()), ..Default::default() });
        assert_eq!((known.tag.as_deref(), known.context.as_deref()), (Some("b"), Some("/x")));
    }

    #[test]
    fn secrets_and_options_for_once_are_not_kept() {
        let mut known = Remembered::default();
        let args =
            [("TOKEN", "x"), ("VERSION", "1")].map(|(name, value)| (name.to_owned(), Some(value.to_owned())));
        let options = ["--no-cache", "--network=host"].map(str::to_owned).to_vec();
        known.take(Remembered {
            build_args: Some(args.into()),
            build_options: Some(options),
            ..Default::default()
        });
        assert_eq!(known.build_args.unwrap().into_keys().collect::<Vec<_>>(), ["VERSION"]);
        assert_eq!(known.build_options.unwrap(), ["--network=host"]);
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let of = |used| Remembered { used, ..Default::default() };
        let mut files: Files = (0..MOST_FILES as u64 + 5).map(|it| (format!("{it:05}"), of(it))).collect();
        forget_oldest(&mut files);
        assert_eq!((files.len(), files.keys().next().map(String::as_str)), (MOST_FILES, Some("00005")));
    }
}
