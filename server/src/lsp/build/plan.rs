//! From what the user said to command lines: what was not said is remembered, found in the project, or usual.

use std::path::{Path, PathBuf};

use super::super::state::State;
use super::request::{Command, Request, Trouble};
use super::subject::Subject;
use crate::docker::command::{Build, CommandLine, Run};
use crate::docker::context::{self, Context, Origin, clean};
use crate::docker::memory::Remembered;
use crate::docker::needs;
use crate::docker::ports;

/// Everything that the commands of one request are made of.
#[derive(Debug, Clone)]
pub struct Plan {
    pub subject: Subject,
    pub build: Build,
    pub run: Run,
    /// What the user said, to be remembered once it is done.
    pub given: Remembered,
    /// A container that is known, by its id or name.
    pub container: Option<String>,
    /// The same, if it runs.
    pub running: Option<String>,
    /// Who says how the file is built.
    pub origin: Origin,
    /// The image that the stage starts from.
    pub base: Option<String>,
}

impl Plan {
    /// Reads files. `in_terminal`: the client runs it where somebody can type.
    pub fn new(state: &State, request: &Request, in_terminal: bool) -> Result<Plan, Trouble> {
        let uri = request.uri.as_ref().ok_or_else(|| Trouble::Refused("no file is named".to_owned()))?;
        let subject = Subject::of(state, uri)?;
        let known = state.builds.memory.of(&subject.path);
        Plan::of(state, subject, request, known, in_terminal)
    }

    /// The same for a subject that is known already.
    pub fn of(
        state: &State,
        subject: Subject,
        request: &Request,
        known: Remembered,
        in_terminal: bool,
    ) -> Result<Plan, Trouble> {
        let (build, origin) = build(&subject, request, &known)?;
        let containers = state.builds.containers(&subject.uri);
        let container = request.container.clone().or_else(|| containers.last().map(|it| it.id.clone()));
        let last_running = containers.iter().rfind(|it| it.is_running).map(|it| it.id.clone());
        let running = request.container.clone().or(last_running);
        let taken: Vec<&str> = containers.iter().map(|it| it.name.as_str()).collect();
        let run = run(&subject, &build, request, &known, in_terminal, &taken);
        let model = subject.snapshot.model();
        let base = needs::stage(model, build.target.as_deref()).and_then(|it| needs::base_image(model, it));
        let given = given(request, &build);
        Ok(Plan { subject, build, run, given, container, running, origin, base })
    }

    /// What one command starts first.
    pub fn line(&self, command: Command) -> Result<CommandLine, Trouble> {
        let engine = &self.subject.engine;
        let container = self.container.as_deref();
        // Before anything was started, commands on a container show the name that it would have.
        let named = container.unwrap_or(&self.run.name);
        let line = match command {
            Command::Build | Command::BuildAndRun => engine.build(&self.build),
            Command::Run => engine.run(&self.run),
            Command::Check => engine.check(&self.build),
            Command::Shell => match self.running.as_deref() {
                Some(container) => engine.shell_in_container(container),
                None => {
                    engine.shell_in_image(&self.run.image, self.run.platform.as_deref(), &self.run.options)
                }
            },
            Command::Stop => engine.stop(named),
            Command::Logs => engine.logs(named),
            Command::Remove => engine.remove(named),
            Command::Push => engine.push(&self.run.image),
            Command::Pull => return self.pull(),
            Command::Builders => engine.builders(),
            Command::Copy | Command::ShowLog => {
                return Err(Trouble::Refused(format!("`{}` starts no process", command.name())));
            }
        };
        Ok(line?)
    }

    fn pull(&self) -> Result<CommandLine, Trouble> {
        let Some(base) = &self.base else {
            let sentence =
                "the stage starts from nothing that could be pulled, or a variable decides from what";
            return Err(Trouble::Unable(sentence.to_owned()));
        };
        Ok(self.subject.engine.pull(base, self.run.platform.as_deref())?)
    }
}

fn build(subject: &Subject, request: &Request, known: &Remembered) -> Result<(Build, Origin), Trouble> {
    let model = subject.snapshot.model();
    let found = context::find(
        &subject.path,
        subject.root.as_deref(),
        &needs::copied(model),
        request.target.as_deref(),
    );
    let target = request.target.clone().or_else(|| found.target.clone());
    if let Some(target) = target.as_deref().filter(|it| needs::stage(model, Some(it)).is_none()) {
        let names: Vec<String> =
            model.stages().iter().filter_map(|it| Some(it.name.as_ref()?.to_string())).collect();
        let names = if names.is_empty() {
            "no stage has a name".to_owned()
        } else {
            format!("there are: {}", names.join(", "))
        };
        return Err(Trouble::Refused(format!("the file has no stage `{target}` ({names})")));
    }
    let target = match target {
        Some(target) => needs::target(model, &target, &subject.engine.program)?,
        None => None,
    };
    let context = request.context.as_ref().or(known.context.as_ref());
    let context = match context.filter(|it| !it.is_empty()) {
        Some(context) => resolved(context, subject),
        None => found.folder.to_string_lossy().into_owned(),
    };
    let mut arguments = found.arguments.clone();
    arguments.extend(request.build_args.as_ref().or(known.build_args.as_ref()).cloned().unwrap_or_default());
    let platform = request.platform.as_ref().or(known.platform.as_ref()).or(found.platform.as_ref());
    let options = request.build_options.as_ref().or(known.build_options.as_ref());
    let build = Build {
        file: subject.path.clone(),
        context,
        tag: Some(tag(subject, request, known, &found)),
        target,
        platform: platform.filter(|it| !it.is_empty()).cloned(),
        arguments,
        options: options.cloned().unwrap_or_default(),
    };
    Ok((build, found.origin))
}

/// A context as the user writes it: a folder from the workspace's, or an address.
fn resolved(context: &str, subject: &Subject) -> String {
    let is_address = context.contains("://") || context.starts_with("git@") || context.starts_with('-');
    if is_address {
        return context.to_owned();
    }
    clean(&subject.engine.cwd.join(context)).to_string_lossy().into_owned()
}

/// The name of the image: the user's, the project's, or that of the folder; images of single stages are told apart.
fn tag(subject: &Subject, request: &Request, known: &Remembered, found: &Context) -> String {
    if let Some(tag) = &request.tag {
        return tag.clone();
    }
    // A project's image is of the stage that the project names; of the last one if it names none.
    let is_whole = match (&request.target, &found.target) {
        (None, _) => true,
        (wanted, named @ Some(_)) => wanted == named,
        (Some(_), None) => is_last(subject, request),
    };
    let whole = known.tag.clone().or_else(|| found.tag.clone());
    let whole = whole.unwrap_or_else(|| format!("{}:latest", usual_name(&subject.path, &found.folder)));
    match request.target.as_deref() {
        // A number alone would look like a version.
        Some(target) if !is_whole && target.parse::<u32>().is_ok() => {
            format!("{}:stage-{target}", repository(&whole))
        }
        Some(target) if !is_whole => format!("{}:{}", repository(&whole), name_part(target)),
        _ => whole,
    }
}

fn is_last(subject: &Subject, request: &Request) -> bool {
    let model = subject.snapshot.model();
    let target = needs::stage(model, request.target.as_deref());
    target.map(|it| it.id) == model.stages().last().map(|it| it.id)
}

/// A name without tag and digest; a colon before a slash belongs to a port.
fn repository(name: &str) -> &str {
    let name = name.split('@').next().unwrap_or(name);
    match name.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => repository,
        _ => name,
    }
}

/// Folders that say nothing about what is in them.
const GENERIC: [&str; 9] =
    ["docker", "build", "deploy", "deployment", ".devcontainer", ".docker", "ci", ".ci", "containers"];

/// After the folder of the Dockerfile, or that of the context where the former is called `docker`; `Dockerfile.dev` and
/// `dev.Dockerfile` add what makes them different.
fn usual_name(path: &Path, context: &Path) -> String {
    let text = |it: Option<&std::ffi::OsStr>| it.unwrap_or_default().to_string_lossy().to_lowercase();
    let own = text(path.parent().and_then(Path::file_name));
    let folder = if GENERIC.contains(&own.as_str()) { text(context.file_name()) } else { own };
    let file = text(path.file_name());
    let parts = file.split('.').filter(|it| !it.is_empty() && *it != "dockerfile" && *it != "containerfile");
    let name = std::iter::once(folder.as_str()).chain(parts).map(name_part).filter(|it| !it.is_empty());
    let name = name.collect::<Vec<_>>().join("-");
    if name.is_empty() { "image".to_owned() } else { name }
}

/// What may stand in the name of an image, a container and a volume alike.
fn name_part(text: &str) -> String {
    let kept = text.chars().map(|it| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '-' });
    let words: String = kept.collect();
    words.split('-').filter(|it| !it.is_empty()).collect::<Vec<_>>().join("-")
}

fn run(
    subject: &Subject,
    build: &Build,
    request: &Request,
    known: &Remembered,
    in_terminal: bool,
    taken: &[&str],
) -> Run {
    let model = subject.snapshot.model();
    let stage = needs::stage(model, build.target.as_deref());
    let options = request.run_options.as_ref().or(known.run_options.as_ref()).cloned().unwrap_or_default();
    let image = build.tag.clone().unwrap_or_default();
    let name = name_part(repository(&image).rsplit('/').next().unwrap_or_default());
    let name = if name.is_empty() { "container".to_owned() } else { name };
    let exposed = stage.map(|it| needs::exposed(model, it, &build.arguments)).unwrap_or_default();
    let volumes = stage.map(|it| needs::volumes(model, it, &build.arguments)).unwrap_or_default();
    let platform = || needs::platform(model, stage?);
    Run {
        ports: ports::publish(&exposed, &options),
        volumes: volumes.into_iter().map(|path| (format!("{name}-{}", name_part(&path)), path)).collect(),
        env_file: env_file(subject, build, &options),
        platform: build.platform.clone().filter(|it| !it.contains(',')).or_else(platform),
        name: free_name(&name, taken),
        image,
        file: subject.path.clone(),
        in_terminal,
        options,
    }
}

fn free_name(name: &str, taken: &[&str]) -> String {
    let candidates = (2..).map(|it| format!("{name}-{it}"));
    let mut all = std::iter::once(name.to_owned()).chain(candidates);
    all.find(|it| !taken.contains(&it.as_str())).unwrap_or_else(|| name.to_owned())
}

/// The `.env` of the project: beside the Dockerfile, or in the context.
fn env_file(subject: &Subject, build: &Build, options: &[String]) -> Option<PathBuf> {
    let has_own = crate::docker::command::option(options, &["--env-file"]).is_some();
    let folders = [subject.path.parent(), Some(Path::new(&build.context)), Some(&subject.engine.cwd)];
    let mut files = folders.into_iter().flatten().filter(|it| it.is_absolute()).map(|it| it.join(".env"));
    files.find(|it| !has_own && it.is_file())
}

/// The user's own words; those of single stages name other images, so their tag is not for the whole file.
fn given(request: &Request, build: &Build) -> Remembered {
    Remembered {
        tag: request.tag.clone().filter(|it| request.target.is_none() && !it.is_empty()),
        context: request
            .context
            .as_ref()
            .map(|it| if it.is_empty() { it.clone() } else { build.context.clone() }),
        platform: request.platform.clone(),
        build_args: request.build_args.clone(),
        build_options: request.build_options.clone(),
        run_options: request.run_options.clone(),
        ..Remembered::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_called_after_their_folder_and_file() {
        let name = |path: &str, context: &str| usual_name(Path::new(path), Path::new(context));
        assert_eq!(name("/work/Shop App/Dockerfile", "/work/Shop App"), "shop-app");
        assert_eq!(name("/work/shop/docker/Dockerfile.dev", "/work/shop"), "shop-dev");
        assert_eq!(name("/work/shop/api.Dockerfile", "/work/shop"), "shop-api");
        assert_eq!(name("/Dockerfile", "/"), "image");
        assert_eq!(name("/w/-$(id)/Dockerfile", "/w"), "id");
    }

    #[test]
    fn a_port_of_a_registry_is_no_tag() {
        assert_eq!(repository("localhost:5000/a/b:1"), "localhost:5000/a/b");
        assert_eq!(repository("localhost:5000/a"), "localhost:5000/a");
        assert_eq!(repository("a@sha256:00"), "a");
    }

    #[test]
    fn names_that_are_taken_are_counted_on() {
        assert_eq!(free_name("a", &[]), "a");
        assert_eq!(free_name("a", &["a", "a-2"]), "a-3");
    }
}
