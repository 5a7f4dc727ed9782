//! Which container engine there is, and what it can do: found on PATH and asked, never assumed.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::command::CommandLine;
use super::process::{Canceller, Captured, capture};

/// The engines whose command lines we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    Docker,
    Podman,
    Nerdctl,
    /// Builds, but does not run.
    Buildah,
}

/// In the order in which they are looked for.
const NAMES: [(&str, Family); 4] = [
    ("docker", Family::Docker),
    ("podman", Family::Podman),
    ("nerdctl", Family::Nerdctl),
    ("buildah", Family::Buildah),
];

/// Major and minor number of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u32, pub u32);

impl Version {
    /// The first `1.2` in `text`.
    pub fn find(text: &str) -> Option<Version> {
        text.split(|it: char| !(it.is_ascii_digit() || it == '.')).find_map(|word| {
            let mut numbers = word.split('.');
            Some(Version(numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
        })
    }
}

/// A program, and what it said about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// As the user would type it.
    pub name: String,
    pub path: PathBuf,
    pub family: Family,
    /// `None`: it did not tell.
    pub version: Option<Version>,
    /// Docker's builder with BuildKit; `None`: not there.
    pub buildx: Option<Version>,
}

/// Why there is no program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    #[error(
        "no container engine is installed: neither docker, podman, nerdctl nor buildah is on PATH \
         (install one, or name its program in the setting `cli.program`)"
    )]
    Any,
    #[error("the program `{0}` of the setting `cli.program` is not there (correct the setting, or empty it)")]
    Chosen(String),
    #[error(
        "`{0}` of the setting `cli.program` is a path from the current folder, which could be anybody's \
         (write the whole path)"
    )]
    Relative(String),
}

/// Finds the engine: the one that is chosen, else the first on `path` (as in the environment). Starts nothing.
pub fn find(chosen: &str, path: &OsStr) -> Result<Program, Missing> {
    if chosen.is_empty() {
        let found = NAMES.iter().find_map(|(name, family)| Some((name, family, on_path(name, path)?)));
        let (name, family, path) = found.ok_or(Missing::Any)?;
        return Ok(Program::unasked(name, path, *family));
    }
    let as_path = Path::new(chosen);
    let has_folder = as_path.components().count() > 1;
    if has_folder && !as_path.is_absolute() {
        return Err(Missing::Relative(chosen.to_owned()));
    }
    let found =
        if has_folder { is_program(as_path).then(|| as_path.to_owned()) } else { on_path(chosen, path) };
    let path = found.ok_or_else(|| Missing::Chosen(chosen.to_owned()))?;
    Ok(Program::unasked(chosen, path, family_of(as_path)))
}

/// Folders of PATH that are relative depend on where one stands, which is in somebody else's code here.
fn on_path(name: &str, path: &OsStr) -> Option<PathBuf> {
    let folders = std::env::split_paths(path).filter(|it| it.is_absolute());
    let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd", ".bat"] } else { &[""] };
    let candidates =
        folders.flat_map(|folder| endings.iter().map(move |ending| folder.join(format!("{name}{ending}"))));
    candidates.into_iter().find(|it| is_program(it))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

fn family_of(path: &Path) -> Family {
    let name = path.file_stem().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    NAMES.iter().find(|(it, _)| name.contains(it)).map_or(Family::Docker, |(_, family)| *family)
}

/// How long a program may take to tell its version.
const PROBE: Duration = Duration::from_secs(10);

impl Program {
    fn unasked(name: &str, path: PathBuf, family: Family) -> Program {
        Program { name: name.to_owned(), path, family, version: None, buildx: None }
    }

    /// Asks for versions: starts one process, two of Docker. Blocks.
    #[must_use]
    pub fn probed(mut self, env: &BTreeMap<String, String>) -> Program {
        if let Some(said) = self.ask(&["--version"], env) {
            // What is called `docker` may be another one (the package podman-docker).
            let text = said.output.to_ascii_lowercase();
            let is_named = |it: &&(&str, Family)| text.starts_with(&format!("{} version", it.0));
            self.family = NAMES.iter().find(is_named).map_or(self.family, |(_, family)| *family);
            self.version = Version::find(&said.output);
        }
        if self.family == Family::Docker
            && let Some(said) = self.ask(&["buildx", "version"], env)
        {
            self.buildx = Some(Version::find(&said.output).unwrap_or(Version(0, 0)));
        }
        self
    }

    fn ask(&self, words: &[&str], env: &BTreeMap<String, String>) -> Option<Captured> {
        let line = self.line(words, env);
        capture(&line, &Canceller::default(), PROBE).ok().filter(Captured::is_ok)
    }

    /// A command that has nothing to do with a folder.
    pub fn line(&self, words: &[&str], env: &BTreeMap<String, String>) -> CommandLine {
        let words = std::iter::once(self.name.as_str()).chain(words.iter().copied());
        let argv = words.map(str::to_owned).collect();
        CommandLine { program: self.path.clone(), argv, cwd: std::env::temp_dir(), env: env.clone() }
    }

    /// `--progress=rawjson`.
    pub fn has_raw_json(&self) -> bool {
        self.buildx.is_some_and(|it| it >= Version(0, 13))
    }

    /// `--call=check`.
    pub fn has_check(&self) -> bool {
        self.buildx.is_some_and(|it| it >= Version(0, 15))
    }

    /// Whether a stage without a name can be built by its number, counted from 0. BuildKit and Docker's old builder find
    /// names only, though `COPY --from` takes numbers everywhere.
    pub fn takes_stage_numbers(&self) -> bool {
        matches!(self.family, Family::Podman | Family::Buildah)
    }

    pub fn can_run(&self) -> bool {
        self.family != Family::Buildah
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn install(folder: &Path, name: &str, script: &str) {
        let path = folder.join(name);
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn the_first_engine_on_the_path_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().as_os_str();
        assert_eq!(find("", path), Err(Missing::Any));
        install(folder.path(), "buildah", "");
        assert_eq!(find("", path).unwrap().family, Family::Buildah);
        install(folder.path(), "podman", "");
        assert_eq!(find("", path).unwrap().family, Family::Podman);
        std::fs::write(folder.path().join("docker"), "not to be run").unwrap();
        assert_eq!(find("", path).unwrap().name, "podman");
    }

    #[test]
    fn the_chosen_program_is_taken_or_missed_by_name() {
        let folder = tempfile::tempdir().unwrap();
        install(folder.path(), "my-podman", "");
        let path = folder.path().join("my-podman");
        let nowhere = OsStr::new("/nowhere");
        assert_eq!(find(path.to_str().unwrap(), nowhere).unwrap().family, Family::Podman);
        assert_eq!(find("my-podman", folder.path().as_os_str()).unwrap().name, "my-podman");
        assert_eq!(find("my-podman", nowhere), Err(Missing::Chosen("my-podman".to_owned())));
        assert!(matches!(find("./my-podman", nowhere), Err(Missing::Relative(_))));
    }

    #[test]
    fn a_relative_folder_of_the_path_is_not_looked_into() {
        assert_eq!(find("sh", OsStr::new("bin:.:../bin")), Err(Missing::Chosen("sh".to_owned())));
    }

    #[test]
    fn programs_are_asked_what_they_are() {
        let folder = tempfile::tempdir().unwrap();
        install(folder.path(), "docker", "echo podman version 4.3.1");
        let probed = |path: &Path| find("", path.as_os_str()).unwrap().probed(&BTreeMap::new());
        let program = probed(folder.path());
        assert_eq!((program.family, program.version), (Family::Podman, Some(Version(4, 3))));
        let script = "case $1 in
            --version) echo 'Docker version 28.2.2, build e6534b4';;
            buildx) echo 'github.com/docker/buildx v0.13.1 7884339';;
        esac";
        install(folder.path(), "docker", script);
        let program = probed(folder.path());
        assert_eq!((program.version, program.buildx), (Some(Version(28, 2)), Some(Version(0, 13))));
        assert!(program.has_raw_json() && !program.has_check());
        install(folder.path(), "docker", "[ $1 = --version ] && echo Docker version 20.10.24+dfsg1");
        assert_eq!(probed(folder.path()).buildx, None);
    }
}
