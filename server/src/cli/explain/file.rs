//! `dockwright explain FILE`: a whole Dockerfile as a story.

use std::path::{Path, PathBuf};

use anyhow::bail;

use super::super::check::facts;
use super::super::settings::{CommonArguments, RuleArguments, SettingsFinder};
use super::super::source;
use super::super::walk::{self, Target, is_dockerfile_name, shown};
use crate::analysis::ide::story::{Place, story};
use crate::analysis::knowledge::Keyword;
use crate::analysis::lint;
use crate::analysis::model::Model;
use crate::analysis::syntax::Dockerfile;
use crate::docker::place::place;

/// The Dockerfile that `name` means, or `None` when it is the name of something to look up. `is_known`: there is a
/// page for it.
///
/// A file called like a Dockerfile is one; another name that has a page means the page.
pub fn target(name: &str, is_known: bool) -> anyhow::Result<Option<Target>> {
    if name == "-" {
        return Ok(Some(Target { path: None, shown: "<stdin>".to_owned() }));
    }
    let path = PathBuf::from(name);
    let is_path = name.contains(['/', '\\']) || name.starts_with('.');
    let file_name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    let is_dockerfile =
        is_dockerfile_name(&file_name) && !(is_known && file_name == file_name.to_lowercase());
    match std::fs::metadata(&path) {
        Ok(it) if it.is_dir() && (is_path || !is_known) => Ok(Some(file(in_folder(&path)?))),
        Ok(it) if it.is_dir() => Ok(None),
        Ok(it) if !it.is_file() && !walk::is_given_by_shell(&path) => {
            bail!("cannot explain `{name}`: it is not a regular file")
        }
        Ok(_) if is_path || !is_known || is_dockerfile_name(&file_name) => Ok(Some(file(path))),
        Err(error) if is_dockerfile || (is_path && !is_known) => {
            let word = if is_known {
                format!("; `dockwright explain {}` explains the word", name.to_lowercase())
            } else {
                String::new()
            };
            bail!("cannot explain `{name}`: {}{word}", source::reason(&error))
        }
        _ => Ok(None),
    }
}

fn file(path: PathBuf) -> Target {
    let shown = shown(&path);
    Target { path: Some(path), shown }
}

/// The Dockerfile of a folder: the one that Docker takes, else the only one there is.
fn in_folder(folder: &Path) -> anyhow::Result<PathBuf> {
    for name in ["Dockerfile", "Containerfile", "dockerfile"] {
        let path = folder.join(name);
        if path.is_file() {
            return Ok(path);
        }
    }
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => bail!("cannot look into `{}`: {}", shown(folder), source::reason(&error)),
    };
    let names = entries.flatten().map(|it| it.path()).filter(|it| {
        let name = it.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        is_dockerfile_name(&name) && it.is_file()
    });
    let mut found: Vec<PathBuf> = names.collect();
    found.sort();
    match found.as_slice() {
        [only] => Ok(only.clone()),
        [] => bail!("there is no Dockerfile in `{}`", shown(folder)),
        several => {
            let names: Vec<String> = several.iter().take(5).map(|it| format!("`{}`", shown(it))).collect();
            bail!("there are several Dockerfiles in `{}`; name one of {}", shown(folder), names.join(", "))
        }
    }
}

/// The story of a file, as Markdown.
pub fn explained(target: &Target, common: &CommonArguments) -> anyhow::Result<String> {
    let source = match target.path.as_deref().map_or_else(source::read_stdin, source::read) {
        Ok(source) => source,
        Err(why) => bail!("cannot explain `{}`: {why}", target.shown),
    };
    let file = Dockerfile::parse(source.text);
    refuse(&file, target)?;
    let model = Model::new(&file);
    let finder = SettingsFinder::new(common, &RuleArguments::default())?;
    let settings = match finder.of(target) {
        Ok(settings) => settings,
        Err(broken) => bail!("{}", broken.messages.join("; ")),
    };
    let path = target.path.as_deref().unwrap_or(Path::new("Dockerfile"));
    let facts = facts(path);
    let findings = lint::check(&model, &settings.linter, &facts);
    let place = match std::path::absolute(path) {
        Ok(it) if target.path.is_some() => place(&it, None, &model),
        _ => Place::default(),
    };
    Ok(story(&model, &findings, &place, &facts.registry))
}

/// What is no Dockerfile is not explained as one.
fn refuse(file: &Dockerfile, target: &Target) -> anyhow::Result<()> {
    if file.is_empty() {
        bail!("there is nothing to explain in `{}`: it holds no instruction", target.shown);
    }
    let has_from = file.instructions().any(|it| it.keyword == Some(Keyword::From));
    let unknown = file.instructions().filter(|it| it.keyword.is_none()).count();
    if !has_from && unknown * 2 >= file.len() {
        bail!("cannot explain `{}`: it is no Dockerfile, there is no `FROM` in it", target.shown);
    }
    Ok(())
}
