//! `dockwright.toml`: where it is and what stands in it.

use std::path::{Path, PathBuf};

use serde_json::Value;

pub const FILE_NAME: &str = "dockwright.toml";

/// A configuration file that cannot be used.
#[derive(Debug)]
pub struct ReadError {
    pub path: PathBuf,
    /// A sentence with the place in the file, if there is one.
    pub message: String,
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.message)
    }
}

impl std::error::Error for ReadError {}

/// The nearest `dockwright.toml` in `folder` or above it.
pub fn nearest(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().map(|ancestor| ancestor.join(FILE_NAME)).find(|path| path.is_file())
}

/// The user's own file in the platform's configuration folder, if it is there. This one counts as
/// [`Door::User`](super::Door::User).
pub fn user_file() -> Option<PathBuf> {
    let path = config_folder()?.join("dockwright").join(FILE_NAME);
    path.is_file().then_some(path)
}

fn config_folder() -> Option<PathBuf> {
    if cfg!(windows) {
        return variable("APPDATA");
    }
    let home = || variable("HOME");
    if cfg!(target_os = "macos") {
        return home().map(|home| home.join("Library/Application Support"));
    }
    variable("XDG_CONFIG_HOME").or_else(|| home().map(|home| home.join(".config")))
}

/// The folder that an environment variable names.
pub(super) fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute())
}

/// The tree of a `dockwright.toml`, for [`Settings::apply`](super::Settings::apply).
pub fn read_file(path: &Path) -> Result<Value, ReadError> {
    let failed = |message: String| ReadError { path: path.to_owned(), message };
    let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| failed(place(&text, &error)))?;
    serde_json::to_value(table).map_err(|error| failed(error.to_string()))
}

fn place(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    match before {
        Some(before) => format!("line {}: {}", before.matches('\n').count() + 1, error.message()),
        None => error.message().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_file_above_is_found_and_read() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        std::fs::create_dir_all(&inner).unwrap();
        let file = folder.path().join("a").join(FILE_NAME);
        std::fs::write(&file, "profile = \"all\"\n[format]\nkeyword-case = \"upper\"\n").unwrap();
        assert_eq!(nearest(&inner), Some(file.clone()));
        let tree = read_file(&file).unwrap();
        assert_eq!(tree["format"]["keyword-case"], "upper");
    }

    #[test]
    fn a_broken_file_is_named_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE_NAME);
        std::fs::write(&file, "profile = \"all\"\noops\n").unwrap();
        let error = read_file(&file).unwrap_err();
        assert!(error.message.starts_with("line 2: "), "{error}");
        assert!(error.to_string().contains(FILE_NAME), "{error}");
    }
}
