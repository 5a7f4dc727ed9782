//! From the paths of a command line to the files to read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

use super::source;

/// One file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// `None`: standard input.
    pub path: Option<PathBuf>,
    /// How it is called in what is printed.
    pub shown: String,
}

/// The files, in the order of their names, and sentences about what could not be looked at.
#[derive(Debug, Default)]
pub struct Found {
    pub targets: Vec<Target>,
    pub troubles: Vec<String>,
    /// Folders in which there is no Dockerfile.
    pub empty: Vec<String>,
    /// Files that were named and are ignore files: read beside their Dockerfile, but no Dockerfiles.
    pub ignore_files: Vec<String>,
}

impl Found {
    /// Sentences about what was named and is not among the targets, though nothing is wrong.
    pub fn notes(&self) -> impl Iterator<Item = String> {
        let empty = self.empty.iter().map(|folder| format!("no Dockerfiles in {folder}"));
        let ignore_files = self.ignore_files.iter();
        let skipped =
            ignore_files.map(|it| format!("{it}: skipped, as it is an ignore file and no Dockerfile"));
        empty.chain(skipped)
    }
}

/// Takes files as they are, walks folders for Dockerfiles, and `-` is standard input, shown as `stdin_name`.
/// A file that is named twice is taken once.
pub fn find(paths: &[PathBuf], stdin_name: &str) -> Found {
    let mut found = Found::default();
    let mut targets = BTreeMap::new();
    for path in paths {
        if path.as_os_str() == "-" {
            let target = Target { path: None, shown: stdin_name.to_owned() };
            targets.insert((stdin_name.to_owned(), true), target);
        } else {
            add(path, &mut targets, &mut found);
        }
    }
    found.targets = targets.into_values().collect();
    found
}

/// By their names; standard input is never the same as a file.
type Targets = BTreeMap<(String, bool), Target>;

fn add(path: &Path, targets: &mut Targets, found: &mut Found) {
    let mut trouble = |why: String| found.troubles.push(format!("{}: {why}", shown(path)));
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => walk(path, targets, found),
        Ok(_) if is_ignore_file(path) => found.ignore_files.push(shown(path)),
        Ok(metadata) if metadata.is_file() || is_given_by_shell(path) => insert(path, targets),
        Ok(_) => trouble("is not a regular file".to_owned()),
        Err(_) if path.is_symlink() => trouble("is a link to nothing".to_owned()),
        Err(error) => trouble(source::reason(&error)),
    }
}

fn is_ignore_file(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(".dockerignore") || name.ends_with(".containerignore")
}

/// `<(command)` of a shell: a pipe that certainly has a writer. Any other pipe might wait for ever.
pub fn is_given_by_shell(path: &Path) -> bool {
    ["/dev/fd", "/proc/self/fd", "/dev/stdin"].iter().any(|it| path.starts_with(it))
}

fn insert(path: &Path, targets: &mut Targets) {
    let shown = shown(path);
    let key = shown.strip_prefix("./").unwrap_or(&shown).to_owned();
    targets.entry((key, false)).or_insert(Target { path: Some(path.to_owned()), shown });
}

fn walk(folder: &Path, targets: &mut Targets, found: &mut Found) {
    let before = targets.len();
    for entry in walker(folder).build() {
        match entry {
            Ok(entry) if !is_dockerfile_name(&entry.file_name().to_string_lossy()) => {}
            Ok(entry) => add_entry(&entry, targets, found),
            Err(error) => found.troubles.push(sentence(&error)),
        }
    }
    if targets.len() == before && found.troubles.is_empty() {
        found.empty.push(shown(folder));
    }
}

fn walker(folder: &Path) -> WalkBuilder {
    let mut walker = WalkBuilder::new(folder);
    // `.devcontainer/Dockerfile` is a Dockerfile like any other.
    walker.hidden(false).require_git(false).follow_links(false);
    walker.filter_entry(|entry| entry.file_name() != ".git" || !entry.path().is_dir());
    walker
}

fn add_entry(entry: &DirEntry, targets: &mut Targets, found: &mut Found) {
    let path = entry.path().strip_prefix(".").unwrap_or(entry.path());
    let is_link = entry.path_is_symlink();
    match entry.file_type() {
        Some(kind) if kind.is_file() => insert(path, targets),
        _ if is_link && entry.path().is_file() => insert(path, targets),
        _ if is_link && !entry.path().exists() => {
            found.troubles.push(format!("{}: is a link to nothing", shown(path)));
        }
        // Folders and pipes that are called so.
        _ => {}
    }
}

/// The name as a person reads it, with `/` on every system.
pub fn shown(path: &Path) -> String {
    let shown = path.to_string_lossy();
    if cfg!(windows) { shown.replace('\\', "/") } else { shown.into_owned() }
}

fn sentence(error: &ignore::Error) -> String {
    match error {
        ignore::Error::WithPath { path, err } => match err.io_error() {
            Some(error) => format!("{}: {}", shown(path), source::reason(error)),
            None => format!("{}: {err}", shown(path)),
        },
        ignore::Error::WithDepth { err, .. } => sentence(err),
        error => error.to_string(),
    }
}

/// Kinds of files that are named after a Dockerfile without being one: templates, texts, leftovers of editors.
const OTHER_ENDINGS: &[&str] = &[
    "dockerignore",
    "containerignore",
    "j2",
    "jinja",
    "jinja2",
    "tmpl",
    "tpl",
    "template",
    "erb",
    "mustache",
    "hbs",
    "md",
    "rst",
    "adoc",
    "swp",
    "orig",
    "rej",
];

/// Endings of programs: `dockerfile.go` is one, `Dockerfile.go` is the Dockerfile for one.
const PROGRAM_ENDINGS: &[&str] = &[
    "c", "cc", "cpp", "cs", "go", "h", "java", "js", "json", "kt", "lua", "mjs", "php", "py", "rb", "rs",
    "scala", "sh", "ts", "tsx", "vim", "yaml", "yml",
];

/// Whether a walk takes a file with this name.
pub fn is_dockerfile_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_word = |word: &str| matches!(word, "dockerfile" | "containerfile");
    let starts = lower.split_once('.').is_some_and(|(start, rest)| is_word(start) && !rest.is_empty());
    if lower.ends_with('~') || OTHER_ENDINGS.contains(&ending) {
        return false;
    }
    let is_program = name.starts_with(|it: char| it.is_lowercase()) && PROGRAM_ENDINGS.contains(&ending);
    is_word(&lower) || is_word(ending) || (starts && !is_program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_dockerfiles_are_known() {
        for name in [
            "Dockerfile",
            "dockerfile",
            "DOCKERFILE",
            "Dockerfile.dev",
            "api.dockerfile",
            "Containerfile",
            "Containerfile.prod",
            "x.Containerfile",
            "Dockerfile.go",
            "Dockerfile.alpine3.22",
            ".dockerfile",
        ] {
            assert!(is_dockerfile_name(name), "{name}");
        }
        for name in [
            "Dockerfile.dockerignore",
            "Dockerfile~",
            "Dockerfile.j2",
            "dockerfile.go",
            "MyDockerfile",
            "Dockerfile-dev",
            "dockerfiles",
            "Dockerfile.",
            "",
        ] {
            assert!(!is_dockerfile_name(name), "{name}");
        }
    }

    #[test]
    fn an_ignore_file_is_no_dockerfile_even_if_it_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("api.Dockerfile.dockerignore");
        std::fs::write(&path, "node_modules\n").unwrap();
        let found = find(&[path], "");
        assert_eq!((found.targets.len(), found.troubles.len()), (0, 0));
        assert!(
            found.notes().eq([format!(
                "{}: skipped, as it is an ignore file and no Dockerfile",
                found.ignore_files[0]
            )])
        );
    }

    #[test]
    fn a_walk_skips_what_git_ignores_and_an_explicit_path_does_not() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "a/Dockerfile",
            "b/Dockerfile.x",
            ".devcontainer/Dockerfile",
            "out/Dockerfile",
            ".git/Dockerfile",
        ] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "FROM scratch\n").unwrap();
        }
        std::fs::write(folder.path().join(".gitignore"), "out/\n").unwrap();
        std::fs::create_dir_all(folder.path().join("c/Dockerfile")).unwrap();
        let names = |paths: &[PathBuf]| -> Vec<String> {
            let root = format!("{}/", shown(folder.path()));
            find(paths, "").targets.into_iter().map(|it| it.shown.replace(&root, "")).collect()
        };
        let root = folder.path().to_owned();
        assert_eq!(
            names(std::slice::from_ref(&root)),
            [".devcontainer/Dockerfile", "a/Dockerfile", "b/Dockerfile.x"]
        );
        assert_eq!(names(&[root.join("out/Dockerfile"), root.join("out")]), ["out/Dockerfile"]);
    }
}
