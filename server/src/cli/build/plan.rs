//! What is to be run: the file, its context, the engine, and the words.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::BuildArguments;
use crate::analysis::knowledge::did_you_mean;
use crate::analysis::model::Model;
use crate::analysis::syntax::Dockerfile;
use crate::cli::settings::{RuleArguments, SettingsFinder};
use crate::cli::source;
use crate::cli::terminal::safe;
use crate::docker::command::{Build, CommandLine, Engine};
use crate::docker::context::{self, Context};
use crate::docker::needs;
use crate::docker::output::Format;
use crate::docker::program;

/// Everything that a build needs.
pub struct Planned {
    pub line: CommandLine,
    pub format: Format,
    pub model: Model,
    /// How the file is called in what is printed.
    pub shown_path: String,
}

pub fn plan(arguments: &BuildArguments) -> anyhow::Result<Planned> {
    let given = file(&arguments.file)?;
    let shown_path = given.strip_prefix(".").unwrap_or(&given).to_string_lossy().into_owned();
    let path = std::path::absolute(&given)?;
    let source = source::read(&path).map_err(|reason| anyhow::anyhow!("{}: {reason}", safe(&shown_path)))?;
    let model = Model::new(&Dockerfile::parse(source.text));
    let context = context(arguments, &path, &model)?;
    check_target(&model, arguments.target.as_deref().or(context.target.as_deref()))?;
    let engine = engine(arguments)?;
    let mut request = request(arguments, path, context)?;
    if let Some(target) = request.target.take() {
        request.target = needs::target(&model, &target, &engine.program)?;
    }
    let line = engine.build(&request)?;
    Ok(Planned { format: engine.output_format(&line), line, model, shown_path })
}

const NAMES: [&str; 2] = ["Dockerfile", "Containerfile"];

/// A folder means the Dockerfile in it.
fn file(given: &Path) -> anyhow::Result<PathBuf> {
    if !given.is_dir() {
        return Ok(given.to_owned());
    }
    let found = NAMES.iter().map(|name| given.join(name)).find(|it| it.is_file());
    found.with_context(|| {
        let folder =
            if given == Path::new(".") { "this folder".to_owned() } else { safe(&given.to_string_lossy()) };
        format!("{folder} has no Dockerfile (name the file, or write one with `dockwright init`)")
    })
}

fn context(arguments: &BuildArguments, path: &Path, model: &Model) -> anyhow::Result<Context> {
    let here = std::env::current_dir().context("the current folder is gone")?;
    // What lies above the folder one stands in is looked at only up to the root of a repository.
    let root = repository(path).or_else(|| path.starts_with(&here).then_some(here));
    let mut found = context::find(path, root.as_deref(), &needs::copied(model), arguments.target.as_deref());
    if let Some(folder) = &arguments.context {
        if !folder.is_dir() {
            bail!("the context `{}` is no folder", safe(&folder.to_string_lossy()));
        }
        found.folder = std::path::absolute(folder)?;
    }
    Ok(found)
}

fn repository(path: &Path) -> Option<PathBuf> {
    path.ancestors().skip(1).find(|it| it.join(".git").exists()).map(Path::to_owned)
}

/// The engine would say the same, but later and without the names.
fn check_target(model: &Model, target: Option<&str>) -> anyhow::Result<()> {
    let Some(target) = target.filter(|it| needs::stage(model, Some(it)).is_none()) else { return Ok(()) };
    let names: Vec<&str> = model.stages().iter().filter_map(|it| it.name.as_deref()).collect();
    let hint = match did_you_mean(target, names.iter().copied()) {
        Some(meant) => format!("; did you mean `{meant}`?"),
        None if names.is_empty() => "; no stage has a name (`FROM image AS name`)".to_owned(),
        None => {
            format!("; there are {}", names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", "))
        }
    };
    bail!("the file has no stage `{}`{hint}", safe(target))
}

fn engine(arguments: &BuildArguments) -> anyhow::Result<Engine> {
    let finder = SettingsFinder::new(&arguments.common, &RuleArguments::default())?;
    let settings = &finder.of_user().cli;
    let chosen = arguments.program.as_deref().unwrap_or(&settings.program);
    let variable = |name: &str| settings.env.get(name).cloned().or_else(|| std::env::var(name).ok());
    let found = program::find(chosen, variable("PATH").unwrap_or_default().as_ref());
    let program = found.map_err(|missing| named_here(arguments, missing))?.probed(&settings.env);
    let buildkit = variable("DOCKER_BUILDKIT").and_then(|it| it.parse::<u8>().ok()).map(|it| it != 0);
    let cwd = std::env::current_dir().context("the current folder is gone")?;
    Ok(Engine { program, builder: settings.builder.clone(), env: settings.env.clone(), buildkit, cwd })
}

/// Who wrote `--program` has no setting to correct.
fn named_here(arguments: &BuildArguments, missing: program::Missing) -> anyhow::Error {
    match (&arguments.program, missing) {
        (Some(name), program::Missing::Chosen(_)) => {
            anyhow::anyhow!("there is no program `{}` (correct `--program`, or leave it out)", safe(name))
        }
        (Some(name), program::Missing::Relative(_)) => {
            anyhow::anyhow!(
                "`--program {}` is a path from the current folder (write the whole path)",
                safe(name)
            )
        }
        (_, missing) => missing.into(),
    }
}

fn request(arguments: &BuildArguments, file: PathBuf, context: Context) -> anyhow::Result<Build> {
    let mut values = context.arguments;
    values.extend(build_arguments(&arguments.build_arg)?);
    Ok(Build {
        file,
        context: context.folder.to_string_lossy().into_owned(),
        target: arguments.target.clone().or(context.target),
        tag: arguments.tag.clone().or(context.tag),
        platform: arguments.platform.clone().or(context.platform),
        arguments: values,
        options: arguments.more.clone(),
    })
}

fn build_arguments(given: &[String]) -> anyhow::Result<BTreeMap<String, Option<String>>> {
    let pairs = given.iter().map(|it| match it.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
        None => (it.clone(), None),
    });
    let pairs: BTreeMap<String, Option<String>> = pairs.collect();
    if pairs.contains_key("") {
        bail!("`--build-arg` needs a name: --build-arg NAME=VALUE");
    }
    Ok(pairs)
}
