//! Which program ShellCheck is.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::run::{self, Cancel, Input, Stopped};

/// A ShellCheck that works.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Program {
    pub path: PathBuf,
    /// `0.9.0`
    pub version: Arc<str>,
}

/// Why there is none, as a sentence with the way out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    #[error(
        "ShellCheck is not installed, so shell commands are checked less closely (see https://www.shellcheck.net)"
    )]
    NotInstalled,
    /// What `shellcheck.path` names.
    #[error("`shellcheck.path` names {path}, which cannot be used: {why}")]
    Wrong { path: String, why: String },
}

/// How long a program may take to tell its version.
const LIMIT: Duration = Duration::from_secs(10);

/// The program that `setting` names; empty: the one on `PATH`. Starts it, to see that it works.
pub fn find(setting: &str) -> Result<Program, Missing> {
    let wrong = |why: String| match setting {
        "" => Missing::NotInstalled,
        _ => Missing::Wrong { path: setting.to_owned(), why },
    };
    let name = if setting.is_empty() { "shellcheck" } else { setting };
    let is_path = name.contains(std::path::is_separator);
    let found = if is_path { Some(PathBuf::from(name)) } else { on_path(name) };
    let path = found.ok_or_else(|| wrong("there is no such program on PATH".to_owned()))?;
    let version = version(&path).map_err(wrong)?;
    Ok(Program { path, version: version.into() })
}

/// The first program `name` in the folders of `PATH`. Not in the current folder, which may be anybody's.
fn on_path(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd", ".bat"] } else { &[""] };
    let files = |folder: PathBuf| endings.iter().map(move |ending| folder.join(format!("{name}{ending}")));
    std::env::split_paths(&folders).filter(|it| it.is_absolute()).flat_map(files).find(|it| is_program(it))
}

fn is_program(path: &Path) -> bool {
    let Ok(metadata) = path.metadata() else { return false };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        metadata.is_file() && metadata.permissions().mode() & 0o111 != 0
    }
    #[cfg(not(unix))]
    metadata.is_file()
}

fn version(path: &Path) -> Result<String, String> {
    let asked = run::run(path, &["--version".to_owned()], Input::None, LIMIT, &Cancel::default());
    let output = match asked {
        Ok(output) => output,
        Err(Stopped::Failed(why)) => return Err(why),
        Err(_) => return Err("it does not answer".to_owned()),
    };
    let text = String::from_utf8_lossy(&output.text).into_owned();
    let version = text.lines().find_map(|line| line.strip_prefix("version:"));
    version.map(|it| it.trim().to_owned()).ok_or_else(|| "it is not ShellCheck".to_owned())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn program(script: &str) -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("it");
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        let path = path.display().to_string();
        (folder, path)
    }

    #[test]
    fn the_program_of_the_setting_is_asked_for_its_version() {
        let (_folder, path) = program("#!/bin/sh\necho ShellCheck\necho 'version: 9.8.7'\n");
        assert_eq!(&*find(&path).unwrap().version, "9.8.7");
    }

    #[test]
    fn what_is_no_shellcheck_is_named() {
        let (_folder, path) = program("#!/bin/sh\necho hello\n");
        assert!(find(&path).unwrap_err().to_string().contains("it is not ShellCheck"));
        let nowhere = find("/nowhere/shellcheck").unwrap_err();
        assert!(nowhere.to_string().starts_with("`shellcheck.path` names /nowhere/shellcheck"), "{nowhere}");
    }
}
