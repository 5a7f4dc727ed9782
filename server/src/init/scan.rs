//! The edge of this module: lists a folder and reads files in it.
//!
//! What git ignores and what tools keep for themselves is left out. A folder with more than [`MOST_FILES`] is refused:
//! it holds many projects, or data, and a list of half of it would mislead.

use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

use super::Refusal;
use super::project::Project;
use super::stack;

/// Listing stops behind so many files.
pub const MOST_FILES: usize = 10_000;

/// So many names are enough to tell whether there is something to offer.
const MOST_AT_TOP: usize = 2_000;

/// Longer files (bytes) are not read: no file that describes a project is.
const LONGEST: u64 = 512 << 10;

/// Folders further down are not looked at; Java's sources are the deepest.
const DEEPEST: usize = 12;

/// Folders that tools fill.
const FILLED_BY_TOOLS: &[&str] = &[
    ".git",
    ".hg",
    ".svn",
    "node_modules",
    "target",
    "venv",
    ".venv",
    "__pycache__",
    ".tox",
    ".gradle",
    "obj",
];

/// Lists the folder and hands the project to `ask`; the sentence says why it cannot be.
pub fn with_project<T>(
    folder: &Path,
    ask: impl FnOnce(&Project) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let paths = list(folder, MOST_FILES)?;
    let read = |path: &str| read(&folder.join(path));
    ask(&Project::new(&name(folder), paths, &read))
}

/// The project as its top folder shows it, without reading a file; `None` if it cannot be listed. For telling quickly
/// whether there is anything to offer.
pub fn with_top<T>(folder: &Path, ask: impl FnOnce(&Project) -> T) -> Option<T> {
    let entries = std::fs::read_dir(folder).ok()?.flatten().take(MOST_AT_TOP);
    let mut names = entries.filter_map(|it| it.file_name().into_string().ok()).collect::<Vec<_>>();
    let below = stack::BELOW.iter().filter(|it| folder.join(it).is_file());
    names.extend(below.map(|it| (*it).to_owned()));
    Some(ask(&Project::new(&name(folder), names, &|_| None)))
}

fn name(folder: &Path) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|_| PathBuf::from(folder));
    folder.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default()
}

fn list(folder: &Path, most: usize) -> Result<Vec<String>, Refusal> {
    let sentence = |why: &str| Refusal(format!("`{}` {why}", shown(folder)));
    match std::fs::read_dir(folder) {
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(sentence("does not exist")),
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            return Err(sentence("cannot be read: permission denied"));
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => {
            return Err(sentence("is not a folder"));
        }
        Err(error) => return Err(sentence(&format!("cannot be read: {error}"))),
    }
    let mut paths = Vec::new();
    for entry in walker(folder).build().flatten().filter(|it| !it.file_type().is_some_and(|it| it.is_dir())) {
        if paths.len() == most {
            let why = format!("has more than {most} files: name the folder of one project in it");
            return Err(sentence(&why));
        }
        paths.extend(entry.path().strip_prefix(folder).ok().map(shown));
    }
    Ok(paths)
}

fn walker(folder: &Path) -> WalkBuilder {
    let mut walker = WalkBuilder::new(folder);
    walker.hidden(false).require_git(false).parents(false).follow_links(false).max_depth(Some(DEEPEST));
    walker.filter_entry(|entry| !is_filled_by_tool(entry));
    walker
}

fn is_filled_by_tool(entry: &DirEntry) -> bool {
    let is_folder = entry.file_type().is_some_and(|it| it.is_dir());
    is_folder
        && entry.depth() > 0
        && entry.file_name().to_str().is_some_and(|it| FILLED_BY_TOOLS.contains(&it))
}

fn read(path: &Path) -> Option<String> {
    let metadata = path.metadata().ok()?;
    (metadata.is_file() && metadata.len() <= LONGEST).then(|| std::fs::read_to_string(path).ok()).flatten()
}

fn shown(path: &Path) -> String {
    let shown = path.to_string_lossy();
    if cfg!(windows) { shown.replace('\\', "/") } else { shown.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tools_fill_and_git_ignores_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["a/b.py", "node_modules/x/index.js", "out/x", ".nvmrc", ".gitignore"] {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "out\n").unwrap();
        }
        let mut paths = list(folder.path(), 10).unwrap();
        paths.sort();
        assert_eq!(paths, [".gitignore", ".nvmrc", "a/b.py"]);
        assert!(list(folder.path(), 2).unwrap_err().0.contains("more than 2 files"));
    }

    #[test]
    fn what_is_no_folder_is_told_in_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        std::fs::write(&file, "").unwrap();
        assert!(list(&file, 1).unwrap_err().0.ends_with("is not a folder"));
        assert!(list(&folder.path().join("b"), 1).unwrap_err().0.ends_with("does not exist"));
    }
}
