//! The command lines to try: `docker build` with what this file asks for, `docker run` with what the image is set up for.

use super::base;
use super::outcome::{Outcome, Start};
use super::text::code;
use super::told::{Teller, secret_name};
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::mount::{Mount, MountKind, mounts};
use crate::analysis::model::scope::is_platform_argument;
use crate::analysis::model::shell::ShellKind;
use crate::analysis::model::shell::Syntax;
use crate::analysis::model::shell::variables as shell_variables;
use crate::analysis::model::{Model, Stage, StageId, Variable, VariableKind};
use crate::analysis::syntax::{InstructionId, SourceText};

/// Where the file lies, for the commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The Dockerfile's path as `-f` takes it, seen from the build context.
    pub file: String,
    /// A name for the image: lower case, no blanks.
    pub image: String,
    /// The name of the folder that is the build context; `None` when it is the Dockerfile's own.
    pub context: Option<String>,
    pub project: Option<Project>,
}

/// A service of a Compose file or a target of a Bake file that builds the Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Project {
    /// `compose.yaml`, without folders.
    pub file: String,
    pub name: String,
    pub is_bake: bool,
    /// The stage that is built.
    pub target: Option<String>,
    /// The build arguments with their values, where the file has these.
    pub arguments: Vec<(String, Option<String>)>,
}

impl Project {
    /// What it builds, in a sentence: "In `compose.yaml`, the service `web` builds it with `A=b`."
    pub fn sentence(&self) -> String {
        let values: Vec<String> = self
            .arguments
            .iter()
            .filter_map(|(name, value)| Some(code(&format!("{name}={}", value.as_ref()?))))
            .collect();
        let with = if values.is_empty() {
            String::new()
        } else {
            format!(" with {}", super::text::some(&values, 6))
        };
        let up_to =
            self.target.as_ref().map(|it| format!(" up to the stage {}", code(it))).unwrap_or_default();
        let noun = if self.is_bake { "target" } else { "service" };
        format!("In {}, the {noun} {} builds it{up_to}{with}.", code(&self.file), code(&self.name))
    }

    /// The command that does so.
    pub fn command(&self) -> String {
        let usual = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
        let usual_bake = ["docker-bake.hcl", "docker-bake.json"];
        let file = match usual.contains(&self.file.as_str()) || usual_bake.contains(&self.file.as_str()) {
            true => String::new(),
            false => format!(" -f {}", quoted(&self.file)),
        };
        match self.is_bake {
            true => format!("docker buildx bake{file} {}", quoted(&self.name)),
            false => format!("docker compose{file} up --build {}", quoted(&self.name)),
        }
    }

    fn value(&self, argument: &str) -> Option<&str> {
        self.arguments.iter().find(|it| it.0 == argument)?.1.as_deref()
    }
}

impl Place {
    /// For the Dockerfile `file` in the folder `folder`, both without what stands before them.
    pub fn new(file: &str, folder: &str) -> Place {
        let lower = folder.to_lowercase();
        let is_fine = |it: char| it.is_ascii_alphanumeric();
        let words: Vec<&str> = lower.split(|it: char| !is_fine(it)).filter(|it| !it.is_empty()).collect();
        let image = words.join("-");
        let default = Place::default();
        Place {
            file: if file.is_empty() { default.file } else { file.to_owned() },
            image: if image.is_empty() { default.image } else { image },
            context: None,
            project: None,
        }
    }
}

impl Default for Place {
    fn default() -> Self {
        Place { file: "Dockerfile".to_owned(), image: "my-app".to_owned(), context: None, project: None }
    }
}

/// A command line, and what to know before typing it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommandLines {
    pub words: Vec<String>,
    pub notes: Vec<String>,
}

impl CommandLines {
    /// As typed into a POSIX shell.
    pub fn line(&self) -> String {
        self.words.join(" ")
    }
}

/// Arguments that every build has without an `ARG`
/// (<https://docs.docker.com/reference/dockerfile/#predefined-args>).
const PREDEFINED: &[&str] = &["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"];

/// Arguments, ports or secrets in one command line; nobody types more.
const MOST: usize = 50;

/// Builds `stage`; `is_last`: nobody needs to name it.
pub fn build(teller: &Teller<'_>, place: &Place, stage: &Stage, is_last: bool) -> CommandLines {
    let mut command = CommandLines::default();
    let tag = match (is_last, &stage.name) {
        (false, Some(name)) => format!("{}:{name}", place.image),
        _ => place.image.clone(),
    };
    command.words.extend(["docker build", "-t"].map(str::to_owned));
    command.words.push(quoted(&tag));
    if place.file != "Dockerfile" {
        command.words.extend(["-f".to_owned(), quoted(&place.file)]);
    }
    if !is_last {
        command.words.extend(["--target".to_owned(), quoted(&stage.label())]);
    }
    let needed = super::outcome::needed_for(teller.model, stage);
    let is_needed = |id: StageId| needed.get(id.index()).copied().unwrap_or(false);
    arguments(teller, place, &is_needed, &mut command);
    outside(teller, &is_needed, &mut command);
    command.words.push(".".to_owned());
    command
}

/// `--build-arg` for what has no default, and for what the project gives.
fn arguments(
    teller: &Teller<'_>,
    place: &Place,
    is_needed: &dyn Fn(StageId) -> bool,
    command: &mut CommandLines,
) {
    let model = teller.model;
    let mut names: Vec<&str> = Vec::new();
    let given = |name: &str| place.project.as_ref().and_then(|it| it.value(name));
    let is_asked = |it: &&Variable| it.value.is_none() || given(&it.name).is_some();
    for it in model.variables().iter().filter(|it| it.kind == VariableKind::Arg).filter(is_asked) {
        let is_own = is_platform_argument(&it.name) || PREDEFINED.contains(&it.name.to_uppercase().as_str());
        let is_here = it.stage.map_or_else(|| is_taken(model, it, is_needed), is_needed);
        // A stage that declares it again shows what it is for; the global one without value is the same.
        let is_new = names.len() < MOST && !names.contains(&it.name.as_str());
        if !is_own && is_here && is_plain(&it.name) && is_new {
            names.push(&it.name);
        }
    }
    for name in &names {
        let value = given(name).map_or_else(|| format!("{name}=VALUE"), |it| quoted(&format!("{name}={it}")));
        command.words.push(format!("--build-arg {value}"));
    }
    names.retain(|it| given(it).is_none());
    if !names.is_empty() {
        let names: Vec<String> = names.iter().map(|it| code(it)).collect();
        let (noun, have) = if names.len() == 1 { ("argument", "has") } else { ("arguments", "have") };
        command.notes.push(format!(
            "Put in a value for the {noun} {}, which {have} no default here.",
            super::text::list(&names)
        ));
    }
}

/// Whether a stage that is needed declares the global `argument` again, or a `FROM` or another argument names it.
fn is_taken(model: &Model, argument: &Variable, is_needed: &dyn Fn(StageId) -> bool) -> bool {
    let is_declared = model
        .definitions_of(&argument.name)
        .any(|it| it.global == Some(argument.id) && it.stage.is_some_and(is_needed));
    let names_it = |id: InstructionId| {
        let words = model.file().instruction(id).map(|it| it.node.words()).unwrap_or_default();
        words.iter().flat_map(|word| word.variables()).any(|it| it.name == argument.name)
    };
    let mut bases = model.stages().iter().filter(|it| is_needed(it.id)).map(|it| it.from);
    let mut globals = model.variables().iter().filter(|it| it.stage.is_none());
    is_declared || bases.any(names_it) || globals.any(|it| names_it(it.location.instruction))
}

/// `--secret`, `--ssh` and permissions that steps ask for.
fn outside(teller: &Teller<'_>, is_needed: &dyn Fn(StageId) -> bool, command: &mut CommandLines) {
    let file = teller.model.file();
    for instruction in file.instructions().filter(|it| it.keyword == Some(Keyword::Run)) {
        if !teller.model.stage_of(instruction.id).is_some_and(|it| is_needed(it.id)) {
            continue;
        }
        for mount in mounts(instruction.node) {
            mounted(&mount, command);
        }
        let value =
            |name: &str| instruction.node.flag(name).and_then(|it| it.value.as_ref()).map(|it| it.raw());
        if value("network") == Some("host") {
            add(command, "--allow network.host".to_owned(), || {
                "A step uses the network of the building machine, which `--allow` permits.".to_owned()
            });
        }
        if value("security") == Some("insecure") {
            add(command, "--allow security.insecure".to_owned(), || {
                "A step runs with all rights on the building machine, which `--allow` permits.".to_owned()
            });
        }
    }
}

fn mounted(mount: &Mount, command: &mut CommandLines) {
    let id = mount.option(&["id"]).map(|it| it.as_str());
    match mount.kind {
        MountKind::Secret => {
            let Some(name) = secret_name(mount).filter(|it| is_plain(it)) else { return };
            let variable = mount.option(&["env"]).map(|it| it.as_str()).filter(|it| is_plain(it));
            let (word, note) = match variable {
                Some(variable) => (
                    format!("--secret id={name},env={variable}"),
                    format!(
                        "The secret {} is read from the environment variable {} of your shell.",
                        code(&name),
                        code(variable)
                    ),
                ),
                None => (
                    format!("--secret id={name},src={name}.txt"),
                    format!(
                        "Put the secret {} into the file {}, outside of what Git keeps.",
                        code(&name),
                        code(&format!("{name}.txt"))
                    ),
                ),
            };
            add(command, word, || note);
        }
        MountKind::Ssh => {
            let name = id.filter(|it| is_plain(it)).unwrap_or("default");
            let word = if name == "default" {
                "--ssh default".to_owned()
            } else {
                format!("--ssh {name}=$SSH_AUTH_SOCK")
            };
            add(command, word, || "`--ssh` lends the keys of your SSH agent to the build.".to_owned());
        }
        _ => {}
    }
}

fn add(command: &mut CommandLines, word: String, note: impl FnOnce() -> String) {
    if command.words.len() < 2 * MOST && !command.words.contains(&word) {
        command.words.push(word);
        command.notes.push(note());
    }
}

/// Starts a container of the image of `stage`, which `outcome` belongs to.
pub fn run(teller: &Teller<'_>, place: &Place, stage: &Stage, outcome: &Outcome<'_>) -> CommandLines {
    let mut command = CommandLines { words: vec!["docker run --rm".to_owned()], notes: Vec::new() };
    let base = base::start_of(teller.model, stage);
    let start = outcome.start();
    if is_interactive(&start, base.map(|it| it.cmd)) {
        command.words.push("-it".to_owned());
    }
    ports(teller, outcome, base.map_or(&[], |it| it.ports), &mut command);
    volumes(teller, outcome, place, &mut command);
    let is_base_program = matches!(start, Start::Base | Start::BaseEntrypointWith(_));
    let needs = base.filter(|_| is_base_program).map_or(&[][..], |it| it.needs);
    environment(teller, outcome, needs, &mut command);
    command.words.push(quoted(&place.image));
    if start == Start::Nothing {
        command.words.push("PROGRAM".to_owned());
        command.notes.push(
            "The image names no program to start, so the command line must: put it in place of PROGRAM."
                .to_owned(),
        );
    }
    command
}

/// Whether a person would talk to what starts.
fn is_interactive(start: &Start, base: Option<&[&str]>) -> bool {
    let words: Vec<&str> = match start {
        Start::Base => base.unwrap_or_default().to_vec(),
        Start::Program { words, .. } => words.iter().map(String::as_str).collect(),
        Start::BaseEntrypointWith(cmd) => cmd.words.iter().map(String::as_str).collect(),
        Start::Nothing => return false,
    };
    let shells = [
        "sh",
        "bash",
        "ash",
        "zsh",
        "fish",
        "python",
        "python3",
        "node",
        "irb",
        "ipython",
        "jshell",
        "cmd",
        "pwsh",
        "powershell",
        "ghci",
        "R",
        "iex",
        "julia",
    ];
    let is_shell = |it: &&str| shells.contains(&it.rsplit('/').next().unwrap_or(it).trim_end_matches(".exe"));
    match words.as_slice() {
        ["/bin/sh", "-c", line] => is_shell(&line.trim()),
        [program] => is_shell(program),
        [program, "-i" | "-l" | "--login"] => is_shell(program),
        _ => false,
    }
}

fn ports(teller: &Teller<'_>, outcome: &Outcome<'_>, of_base: &[&str], command: &mut CommandLines) {
    let mut ports: Vec<String> = of_base.iter().map(|it| (*it).to_owned()).collect();
    for (at, word) in outcome.ports.iter().take(MOST) {
        let value = teller.model.expand(word, *at);
        match value.text() {
            Some(text) => ports
                .extend(text.split_whitespace().map(|it| it.rsplit(':').next().unwrap_or(it).to_lowercase())),
            None => command
                .notes
                .push(format!("The port {} depends on the build; publish it with `-p`.", code(word.raw()))),
        }
    }
    let mut taken: Vec<String> = Vec::new();
    let mut seen = Vec::new();
    for port in ports {
        let port = port.trim_end_matches("/tcp");
        let is_new = !seen.iter().any(|it: &String| it == port);
        if let Some(word) = published(port, &mut taken).filter(|_| is_new) {
            seen.push(port.to_owned());
            command.words.push(word);
        }
    }
}

/// `-p 8080:80`: low ports are easily taken on a machine, so they get a high one.
fn published(port: &str, taken: &mut Vec<String>) -> Option<String> {
    let (number, protocol) = port.split_once('/').unwrap_or((port, "tcp"));
    let suffix = if protocol == "tcp" { String::new() } else { format!("/{protocol}") };
    if !matches!(protocol, "tcp" | "udp" | "sctp") {
        return None;
    }
    if let Some((first, last)) = number.split_once('-') {
        let is_range = first.parse::<u16>().ok()? <= last.parse::<u16>().ok()?;
        return is_range.then(|| format!("-p {number}:{number}{suffix}"));
    }
    let number: u16 = number.parse().ok()?;
    let mut wish = match number {
        80 => 8080,
        1..1024 => number.checked_add(8000)?,
        _ => number,
    };
    while taken.contains(&format!("{wish}{suffix}")) {
        wish = wish.checked_add(1)?;
    }
    taken.push(format!("{wish}{suffix}"));
    Some(format!("-p {wish}:{number}{suffix}"))
}

fn volumes(teller: &Teller<'_>, outcome: &Outcome<'_>, place: &Place, command: &mut CommandLines) {
    let mut seen: Vec<String> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for (at, word) in outcome.volumes.iter().take(MOST) {
        let value = teller.model.expand(word, *at);
        let Some(path) = value.text().map(|it| it.trim().to_owned()) else { continue };
        if path.is_empty() || seen.contains(&path) || path.contains(':') || path.contains(char::is_whitespace)
        {
            continue;
        }
        let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let name: String =
            last.chars().filter(|it| it.is_ascii_alphanumeric() || *it == '-' || *it == '_').collect();
        let name = if name.is_empty() { "data".to_owned() } else { name };
        let is_taken = names.contains(&name);
        let name = if is_taken { format!("{name}{}", names.len() + 1) } else { name };
        names.push(name.clone());
        command.words.push(format!("-v {}", quoted(&format!("{}-{name}:{path}", place.image))));
        seen.push(path);
    }
}

/// `-e` for variables that the start command needs and nobody sets.
fn environment(teller: &Teller<'_>, outcome: &Outcome<'_>, needs: &[&str], command: &mut CommandLines) {
    let mut missing: Vec<String> = needs.iter().map(|it| (*it).to_owned()).collect();
    let lines = [outcome.entrypoint.here(), outcome.cmd.here()];
    for line in lines.into_iter().flatten().filter(|it| it.is_shell_form) {
        missing.extend(unset_variables(teller, line.words.last().map_or("", String::as_str), line.at));
    }
    let is_set = |name: &String| outcome.environment.iter().any(|it| it.name == name.as_str());
    missing.retain(|it| !is_set(it) && is_plain(it));
    let mut told: Vec<String> = Vec::new();
    for name in missing {
        if !told.contains(&name) {
            command.words.push(format!("-e {name}=VALUE"));
            told.push(name);
        }
    }
    if !told.is_empty() {
        let names: Vec<String> = told.iter().map(|it| code(it)).collect();
        command.notes.push(format!(
            "Put in a value for {}: the program looks for it in its environment, and the file does not set it.",
            super::text::list(&names)
        ));
    }
}

/// The variables that a shell text uses without setting them or having a value for their absence.
fn unset_variables(teller: &Teller<'_>, text: &str, at: InstructionId) -> Vec<String> {
    let kind = &teller.shells.at(at).kind;
    if !matches!(kind, ShellKind::Sh | ShellKind::Bash | ShellKind::Ash) {
        return Vec::new();
    }
    let text = SourceText::verbatim(text, 0.into());
    let found = shell_variables(&text, kind, Syntax::Script);
    let usual = [
        "PATH", "HOME", "PWD", "HOSTNAME", "USER", "SHELL", "TERM", "LANG", "OLDPWD", "UID", "RANDOM", "IFS",
    ];
    let is_upper =
        |name: &str| name.chars().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_');
    let is_assigned = |name: &str| found.iter().any(|it| it.name == name && it.is_assignment);
    let base = teller.model.stage_of(at).and_then(|stage| base_repository(teller, stage));
    let by_base = |name: &str| {
        base.as_deref().is_some_and(|it| crate::analysis::knowledge::is_set_by_base_image(it, name))
    };
    let used = found.iter().filter(|it| {
        !it.is_assignment && !it.has_default && is_upper(&it.name) && !usual.contains(&it.name.as_str())
    });
    used.filter(|it| !is_assigned(&it.name) && !by_base(&it.name)).map(|it| it.name.to_string()).collect()
}

fn base_repository(teller: &Teller<'_>, stage: &Stage) -> Option<String> {
    use crate::analysis::model::Base;
    let Base::Image(value) = teller.model.root_base(stage.id)? else { return None };
    crate::analysis::image::ImageReference::parse(value.text()?).familiar_name()
}

/// Letters that no shell touches, and no dash in front.
fn is_plain(word: &str) -> bool {
    let is_safe = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '.');
    !word.is_empty() && !word.starts_with('-') && word.chars().all(is_safe)
}

/// `word` for a POSIX shell.
fn quoted(word: &str) -> String {
    let is_safe = |it: char| it.is_alphanumeric() || "_-./:=,@+".contains(it);
    if word.chars().all(is_safe) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}
