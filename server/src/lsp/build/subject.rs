//! What a command is about: the file as it lies on the disk, its settings, and the engine that will do it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tower_lsp::lsp_types::Url;

use super::super::documents::{Kind, Snapshot};
use super::super::state::State;
use super::request::Trouble;
use crate::config::Settings;
use crate::docker::command::Engine;
use crate::docker::program::{self, Program};

/// Longer files (bytes) are not built from here.
const LONGEST: u64 = 8 << 20;

#[derive(Debug, Clone)]
pub struct Subject {
    pub uri: Url,
    pub path: PathBuf,
    /// The folder of the workspace that the file lies in.
    pub root: Option<PathBuf>,
    /// The file on the disk: what is built.
    pub snapshot: Arc<Snapshot>,
    /// The editor has changes that are not saved.
    pub is_unsaved: bool,
    pub engine: Engine,
}

impl Subject {
    /// Looks at the disk, and asks a program for its version the first time. Blocks.
    pub fn of(state: &State, uri: &Url) -> Result<Subject, Trouble> {
        let settings = state.settings.of(uri).settings;
        must_be_trusted(&settings)?;
        let path = uri.to_file_path().map_err(|()| unsaved())?;
        let program = program(state, &settings).map_err(|it| Trouble::Unable(it.to_string()))?;
        let snapshot = on_disk(state, uri, &path)?;
        let is_unsaved = state.snapshot(uri).is_some_and(|it| it.text() != snapshot.text());
        let root = root(state, &path);
        let own = path.parent().unwrap_or(Path::new("/"));
        let cwd = root.clone().unwrap_or_else(|| own.to_owned());
        let engine = engine(state, &settings, program, cwd);
        Ok(Subject { uri: uri.clone(), path, root, snapshot, is_unsaved, engine })
    }
}

pub fn must_be_trusted(settings: &Settings) -> Result<(), Trouble> {
    if settings.trusted {
        return Ok(());
    }
    let sentence =
        "this workspace is not trusted, so dockwright starts nothing in it (trust it in the editor first)";
    Err(Trouble::Unable(sentence.to_owned()))
}

fn unsaved() -> Trouble {
    Trouble::Unable("this file is not on the disk, where builds read it (save it first)".to_owned())
}

/// The engine for these settings; it is asked for its version once.
pub fn program(state: &State, settings: &Settings) -> Result<Program, program::Missing> {
    let path = settings.cli.env.get("PATH").map(Into::into).or_else(|| std::env::var_os("PATH"));
    let found = program::find(&settings.cli.program, &path.unwrap_or_default())?;
    Ok(state.builds.probed(found, &settings.cli.env))
}

pub fn engine(state: &State, settings: &Settings, program: Program, cwd: PathBuf) -> Engine {
    let env = settings.cli.env.clone();
    let variable = |name: &str| env.get(name).cloned().or_else(|| std::env::var(name).ok());
    let buildkit = variable("DOCKER_BUILDKIT").and_then(|it| match it.as_str() {
        "1" | "true" => Some(true),
        "0" | "false" => Some(false),
        _ => None,
    });
    let builder = state.builds.chosen_builder().unwrap_or_else(|| settings.cli.builder.clone());
    Engine { program, builder, env, buildkit, cwd }
}

fn root(state: &State, path: &Path) -> Option<PathBuf> {
    let folders = state.folders().into_iter().filter_map(|it| it.uri.to_file_path().ok());
    folders.filter(|it| path.starts_with(it)).max_by_key(|it| it.components().count())
}

fn on_disk(state: &State, uri: &Url, path: &Path) -> Result<Arc<Snapshot>, Trouble> {
    let unable = |why: String| Trouble::Unable(format!("`{}` cannot be read: {why}", path.display()));
    let length = path.metadata().map_err(|it| unable(it.to_string()))?.len();
    if length > LONGEST {
        return Err(unable("it is too long for a Dockerfile".to_owned()));
    }
    let bytes = std::fs::read(path).map_err(|it| unable(it.to_string()))?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    // Most files are saved: then the work that was done for the editor is not done again.
    if let Some(open) = state.dockerfile(uri).filter(|it| it.text() == text) {
        return Ok(open);
    }
    Ok(Arc::new(Snapshot::new(uri.clone(), Kind::Dockerfile, 0, text, state.session().encoding)))
}
