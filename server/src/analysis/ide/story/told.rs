//! What one instruction of this file does: at build time, and at run time.

use super::outcome::{self, CommandLine, Outcome, Setting};
use super::run;
use super::text::{self, code, count, cut, list, names, sentence};
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::mount::{Mount, MountKind, mounts};
use crate::analysis::model::scope::is_platform_argument;
use crate::analysis::model::shell::{ShellText, Shells};
use crate::analysis::model::{Base, Model, Stage, StageId, Value, Variable, VariableKind};
use crate::analysis::syntax::ast::{Arguments, Copy, Healthcheck, Heredoc, Instruction};
use crate::analysis::syntax::expansion::Word;
use crate::analysis::syntax::{InstructionId, InstructionRef};
use crate::analysis::text::LineIndex;

/// Sentences; empty where nothing happens at that time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    pub build_time: String,
    pub run_time: String,
}

/// Tells instructions of one file.
pub struct Teller<'a> {
    pub model: &'a Model,
    pub shells: Shells,
    pub lines: LineIndex,
    /// By stage: whether the build of the last stage needs it.
    pub needed: Vec<bool>,
    /// Of the image that is built when nobody names a target.
    pub outcome: Option<Outcome<'a>>,
}

impl<'a> Teller<'a> {
    /// One pass over the file.
    pub fn new(model: &'a Model) -> Self {
        let shells = Shells::new(model);
        let last = model.stages().last();
        let needed = last.map(|last| outcome::needed_for(model, last)).unwrap_or_default();
        let outcome = last.map(|last| outcome::outcome(model, &shells, last));
        let lines = LineIndex::new(model.file().text());
        Teller { model, shells, lines, needed, outcome }
    }

    /// The line (from 1) that an instruction begins on.
    pub fn line(&self, id: InstructionId) -> u32 {
        let start = self.model.file().instruction(id).map(|it| it.absolute_range().start());
        self.lines.line_of(start.unwrap_or_default()) + 1
    }

    pub fn is_needed(&self, stage: StageId) -> bool {
        self.needed.get(stage.index()).copied().unwrap_or(false)
    }

    /// Whether the image inherits the settings of `stage`.
    pub fn is_inherited(&self, stage: StageId) -> bool {
        let last = self.model.stages().last();
        last.is_some_and(|last| self.model.lineage(last.id).any(|it| it.id == stage))
    }

    /// What `instruction` does.
    pub fn tell(&self, instruction: InstructionRef<'_>) -> Told {
        let Some(keyword) = instruction.keyword else {
            return build("This is no instruction, so the build fails here.");
        };
        let node: &Instruction = instruction.node;
        match (keyword, &node.arguments) {
            (Keyword::From, _) => self.from(instruction),
            (Keyword::Run, _) => build(self.run(instruction)),
            (Keyword::Copy | Keyword::Add, Arguments::Copy(copy)) => build(self.copy(instruction, copy)),
            (Keyword::Env, _) => self.env(instruction),
            (Keyword::Arg, _) => build(self.arg(instruction)),
            (Keyword::Cmd | Keyword::Entrypoint, _) => self.launch(instruction, keyword),
            (Keyword::Expose | Keyword::Volume, Arguments::List(list)) => {
                let items: Vec<String> = match keyword {
                    Keyword::Expose => list.items.iter().map(|it| self.port(it, instruction.id)).collect(),
                    _ => list.items.iter().map(|it| text::word(self.model, it, instruction.id)).collect(),
                };
                run(self.at_run_time(instruction, declared(keyword, &items)))
            }
            (Keyword::User, Arguments::Single(Some(word))) => {
                self.user(instruction, &text::word(self.model, word, instruction.id))
            }
            (Keyword::Workdir, Arguments::Single(Some(_))) => self.workdir(instruction),
            (Keyword::Healthcheck, Arguments::Healthcheck(Some(it))) => {
                run(self.at_run_time(instruction, self.healthcheck(instruction, it)))
            }
            (Keyword::Stopsignal, Arguments::Single(Some(word))) => {
                let signal = text::word(self.model, word, instruction.id);
                run(self.at_run_time(
                    instruction,
                    format!("`docker stop` sends the signal {signal} to the program."),
                ))
            }
            (Keyword::Shell, _) => build(self.shell(instruction)),
            (Keyword::Label, Arguments::Pairs(pairs)) => {
                let keys = pairs.pairs.iter().map(|it| it.key.raw().trim_matches(['"', '\'']));
                build(format!(
                    "Writes {} into the image as notes (labels); nothing runs differently.",
                    names(keys, 4)
                ))
            }
            (Keyword::Maintainer, _) => build("Notes who looks after the image; nothing runs differently."),
            (Keyword::Onbuild, Arguments::Onbuild(Some(inner))) => build(format!(
                "Nothing yet: {} runs when somebody builds another image `FROM` this one.",
                code(inner.name.as_str())
            )),
            _ => build("Something is missing here, so the build fails."),
        }
    }

    fn from(&self, instruction: InstructionRef<'_>) -> Told {
        let Some(stage) = self.model.stage_of(instruction.id) else { return Told::default() };
        let name = match &stage.name {
            Some(name) => format!(", which is called {}", code(name)),
            None => String::new(),
        };
        let base = match &stage.base {
            Base::Stage(id) => format!("with everything that stage {} left", self.stage_name(*id)),
            Base::Scratch => "with nothing at all, not even a shell (`scratch`)".to_owned(),
            Base::Image(value) => {
                let image = value.text().map_or_else(|| self.base_image(stage), code);
                format!("with the files and settings of {image}")
            }
            Base::Missing => return build("Names no image, so the build fails here."),
        };
        let position = stage.id.index() + 1;
        let all = self.model.stages().len();
        let which =
            if all > 1 { format!("stage {position} of {all}{name}") } else { format!("the image{name}") };
        let unused = match self.is_needed(stage.id) {
            true => "",
            false => " The last stage does not need it, so an ordinary build leaves it out.",
        };
        build(format!("Begins {which}, {base}.{unused}"))
    }

    /// The image that `stage` begins with, after expansion.
    pub fn base_image(&self, stage: &Stage) -> String {
        let from = self.model.file().instruction(stage.from);
        let written = from.and_then(|it| match &it.node.arguments {
            Arguments::From(from) => from.image.as_ref().map(|it| it.raw().to_owned()),
            _ => None,
        });
        match &stage.base {
            Base::Image(value) => text::value(value, &written.unwrap_or_default()),
            Base::Scratch => "`scratch`".to_owned(),
            Base::Stage(id) => self.stage_name(*id),
            Base::Missing => String::new(),
        }
    }

    /// `build`, or the number for a stage without a name.
    pub fn stage_name(&self, id: StageId) -> String {
        match self.model.stage(id).and_then(|it| it.name.clone()) {
            Some(name) => code(&name),
            None => format!("{} (from line {})", id.0, self.stage_line(id)),
        }
    }

    fn stage_line(&self, id: StageId) -> u32 {
        self.model.stage(id).map_or(0, |it| self.line(it.from))
    }

    fn run(&self, instruction: InstructionRef<'_>) -> String {
        let texts = self.shells.texts(self.model.file(), instruction);
        let lines: usize =
            instruction.node.heredocs.iter().map(|it| self.heredoc_lines(instruction, it)).sum();
        let phrases = run::phrases(&texts, lines);
        let mut sentences = vec![match phrases.is_empty() {
            true => "Runs nothing.".to_owned(),
            false => sentence(&phrases.join("; ")),
        }];
        sentences.extend(self.heredocs_of_run(instruction, &texts));
        sentences.extend(self.caches(instruction));
        sentences.extend(mounts(instruction.node).iter().filter_map(|it| self.mount(it, instruction.id)));
        sentences.extend(network(instruction.node));
        sentences.join(" ")
    }

    /// Heredocs that no shell reads as its script.
    fn heredocs_of_run(&self, instruction: InstructionRef<'_>, texts: &[ShellText]) -> Option<String> {
        use crate::analysis::model::shell::ShellForm;
        let scripts = texts.iter().filter(|it| matches!(it.form, ShellForm::Script { .. })).count();
        let others = instruction.node.heredocs.len().saturating_sub(scripts);
        (others > 0)
            .then(|| format!("It is given {} that stands below (here-document).", count(others, "text")))
    }

    fn heredoc_lines(&self, instruction: InstructionRef<'_>, heredoc: &Heredoc) -> usize {
        self.model.file().slice(instruction.absolute(heredoc.body)).lines().count()
    }

    fn caches(&self, instruction: InstructionRef<'_>) -> Option<String> {
        let mounts = mounts(instruction.node);
        let caches = mounts.iter().filter(|it| it.kind == MountKind::Cache).filter_map(|it| it.target());
        let folders: Vec<String> =
            caches.map(|it| code(&text::path(self.model, it.as_str(), instruction.id))).collect();
        let verb = if folders.len() == 1 { "is" } else { "are" };
        let noun = if folders.len() == 1 { "cache mount" } else { "cache mounts" };
        (!folders.is_empty()).then(|| {
            format!("{} {verb} kept for the next build, outside of the image ({noun}).", list(&folders))
        })
    }

    fn mount(&self, mount: &Mount, at: InstructionId) -> Option<String> {
        let target = mount.target().map(|it| text::path(self.model, it.as_str(), at));
        let folder = target.as_deref().map(code);
        let id = mount.option(&["id"]).map(|it| it.as_str());
        Some(match &mount.kind {
            MountKind::Tmpfs => format!("{} is a folder in memory, gone afterwards.", folder?),
            MountKind::Secret => {
                let name = secret_name(mount)?;
                let place = match (mount.option(&["env"]), folder) {
                    (Some(variable), _) => format!("in the variable {}", code(variable.as_str())),
                    (None, Some(file)) => format!("as the file {file}"),
                    (None, None) => format!("as the file {}", code(&format!("/run/secrets/{name}"))),
                };
                format!(
                    "For this step only, the secret {} is there {place}; it does not stay in the image.",
                    code(&name)
                )
            }
            MountKind::Ssh => format!(
                "For this step only, it may use the SSH keys of whoever builds{}.",
                id.map(|it| format!(" ({})", code(it))).unwrap_or_default()
            ),
            MountKind::Bind => {
                let source =
                    mount.option(&["source", "src"]).map_or("everything".to_owned(), |it| code(it.as_str()));
                let origin =
                    mount.from().map_or("the build context".to_owned(), |it| self.origin(it.as_str()));
                let place = folder.map(|it| format!(" as {it}")).unwrap_or_default();
                format!(
                    "For this step only, {source} of {origin} is there{place}, without a copy in the image."
                )
            }
            MountKind::Cache | MountKind::Other(_) => return None,
        })
    }

    /// What `--from=text` means.
    pub fn origin(&self, text: &str) -> String {
        match self.model.stage_copied_from(text) {
            Some(stage) => format!("stage {}", self.stage_name(stage.id)),
            None => format!("the image (or named context) {}", code(text)),
        }
    }

    fn copy(&self, instruction: InstructionRef<'_>, copy: &Copy) -> String {
        let Some(destination) = &copy.destination else {
            return "The destination is missing, so the build fails here.".to_owned();
        };
        let to = self.destination(destination, instruction.id);
        let mut sources = Sources::default();
        for source in copy.sources.iter() {
            self.sort_source(instruction, source, &mut sources);
        }
        let is_add = instruction.keyword == Some(Keyword::Add);
        let mut sentences =
            sources.sentences(&self.copied_from(instruction.node), &to, is_add && unpacks(instruction.node));
        sentences.extend(owner(instruction.node));
        sentences.join(" ")
    }

    fn sort_source(&self, instruction: InstructionRef<'_>, source: &Word, sources: &mut Sources) {
        let heredoc = instruction.node.heredocs.iter().find(|it| it.marker == source.range());
        if let Some(heredoc) = heredoc {
            sources.written.push(count(self.heredoc_lines(instruction, heredoc), "line"));
            return;
        }
        let value = self.model.expand(source, instruction.id);
        let raw = value.text().unwrap_or(source.raw());
        let told = text::value(&value, source.raw());
        let is_add = instruction.keyword == Some(Keyword::Add);
        let is_git = raw.starts_with("git@")
            || raw.contains(".git#")
            || (raw.contains("://") && raw.ends_with(".git"));
        if is_add && is_git {
            sources.repositories.push(told);
        } else if is_add && (raw.starts_with("http://") || raw.starts_with("https://")) {
            sources.urls.push(told);
        } else if matches!(raw, "." | "./" | "/") {
            sources.is_whole = true;
        } else {
            sources.files.push(told);
        }
    }

    fn destination(&self, word: &Word, at: InstructionId) -> String {
        match self.model.expand(word, at).certain() {
            Some(path) => code(&text::path(self.model, path, at)),
            None => text::word(self.model, word, at),
        }
    }

    /// Where `COPY` takes its files from: `None` for the build context.
    fn copied_from(&self, node: &Instruction) -> Option<String> {
        let from = node.flag("from")?.value.as_ref()?;
        Some(self.origin(from.text().as_str()))
    }

    fn env(&self, instruction: InstructionRef<'_>) -> Told {
        let set = self.set_by(instruction.id).filter(|it| it.kind == VariableKind::Env);
        let told: Vec<String> = set
            .map(|it| match &it.value {
                Some(value) => format!("{} to {}", code(&it.name), text::value(value, self.written(it))),
                None => code(&it.name),
            })
            .collect();
        if told.is_empty() {
            return build("Something is missing here, so the build fails.");
        }
        let values = text::some(&told, 6);
        let them = if told.len() == 1 { "it" } else { "them" };
        Told {
            build_time: format!("Sets {values} for the steps that follow."),
            run_time: self.at_run_time(
                instruction,
                format!("The program finds {them} in its environment; `docker run -e` can change {them}."),
            ),
        }
    }

    fn arg(&self, instruction: InstructionRef<'_>) -> String {
        let declared: Vec<_> =
            self.set_by(instruction.id).filter(|it| it.kind == VariableKind::Arg).collect();
        let sentences: Vec<String> = declared
            .iter()
            .map(|it| {
                let name = code(&it.name);
                if is_platform_argument(&it.name) {
                    return format!("Makes {name}, which BuildKit sets for each build, visible here.");
                }
                if it.global.is_some() && it.value_range.is_none() {
                    return format!("Makes the argument {name} from above the first `FROM` visible in this stage.");
                }
                match self.default_of(it) {
                    Some(default) => format!("Declares the build argument {name}, by default {default}; `--build-arg {}=…` changes it.", it.name),
                    None => format!("Declares the build argument {name} without a default: only `--build-arg {}=…` gives it a value.", it.name),
                }
            })
            .collect();
        if sentences.is_empty() {
            return "Something is missing here, so the build fails.".to_owned();
        }
        let is_global = declared.iter().all(|it| it.stage.is_none());
        let note = if is_global {
            " Only `FROM` lines see it, until a stage declares it again."
        } else {
            " It is gone at run time."
        };
        sentences.join(" ") + note
    }

    /// The variables that one instruction sets; they stand in the order of the file.
    fn set_by(&self, at: InstructionId) -> impl Iterator<Item = &'a Variable> {
        let all = self.model.variables();
        let start = all.partition_point(|it| it.location.instruction < at);
        all.get(start..).unwrap_or_default().iter().take_while(move |it| it.location.instruction == at)
    }

    /// What stands in the file as the value of `variable`.
    fn written(&self, variable: &Variable) -> &str {
        let instruction = self.model.file().instruction(variable.location.instruction);
        let place = instruction.zip(variable.value_range);
        place.map_or("", |(it, range)| self.model.file().slice(it.absolute(range)))
    }

    /// The default of a build argument; `None` when it has none.
    pub fn default_of(&self, argument: &Variable) -> Option<String> {
        Some(match argument.value.as_ref()? {
            // That the argument itself changes it goes without saying.
            Value::Default { text, argument: by } if *by == argument.name => match text.as_str() {
                "" => "an empty text".to_owned(),
                text => code(text),
            },
            value => text::value(value, self.written(argument)),
        })
    }

    fn launch(&self, instruction: InstructionRef<'_>, keyword: Keyword) -> Told {
        let Some(outcome) = self.outcome_for(instruction.id) else { return Told::default() };
        let setting = if keyword == Keyword::Cmd { &outcome.cmd } else { &outcome.entrypoint };
        let own = outcome::command_line_of(instruction, &self.shells);
        let Some(own) = own else { return build("Something is missing here, so the build fails.") };
        let told = match setting {
            Setting::Here(it) if it.at == instruction.id => match keyword {
                Keyword::Cmd => self.cmd(&own, &outcome),
                _ => entrypoint(&own, &outcome),
            },
            Setting::Here(it) => {
                format!("Nothing: the {} on line {} replaces it.", code(keyword.as_str()), self.line(it.at))
            }
            _ => match outcome.cmd_reset_by {
                Some(by) => format!("Nothing: the `ENTRYPOINT` on line {} sets it back.", self.line(by)),
                None => String::new(),
            },
        };
        run(self.at_run_time(instruction, told))
    }

    fn cmd(&self, own: &CommandLine, outcome: &Outcome<'_>) -> String {
        let words = code(&shown(own));
        let entrypoint = outcome.entrypoint.here().filter(|it| !it.words.is_empty());
        match entrypoint {
            _ if own.words.is_empty() => "Takes back the command of the base image.".to_owned(),
            Some(it) if it.is_shell_form => format!(
                "Nothing: the `ENTRYPOINT` on line {} is in shell form, which takes no arguments.",
                self.line(it.at)
            ),
            Some(it) => format!(
                "{words} is given to the `ENTRYPOINT` of line {} as its arguments; words after the image's name in `docker run` replace it.",
                self.line(it.at)
            ),
            None if outcome.entrypoint == Setting::Base => format!(
                "A container starts {words}{}; words after the image's name in `docker run` replace it.",
                through_base(self.base_entrypoint(own.at))
            ),
            None => format!(
                "A container starts {words}; words after the image's name in `docker run` replace it."
            ),
        }
    }

    /// The entrypoint that the official image at the root of the stage has, as far as it is known.
    fn base_entrypoint(&self, at: InstructionId) -> Option<&'static [&'static str]> {
        let stage = self.model.stage_of(at)?;
        super::base::start_of(self.model, stage).map(|it| it.entrypoint)
    }

    fn outcome_for(&self, at: InstructionId) -> Option<Outcome<'a>> {
        let stage = self.model.stage_of(at)?;
        match &self.outcome {
            Some(outcome) if self.is_inherited(stage.id) => Some(outcome.clone()),
            _ => Some(outcome::outcome(self.model, &self.shells, stage)),
        }
    }

    /// A port of the container: `8080:80` means 80, as in `docker run -p`.
    pub fn port(&self, word: &Word, at: InstructionId) -> String {
        match self.model.expand(word, at) {
            Value::Known(text) => code(text.rsplit(':').next().unwrap_or(&text)),
            value => text::value(&value, word.raw()),
        }
    }

    fn user(&self, instruction: InstructionRef<'_>, user: &str) -> Told {
        let is_last = self
            .outcome_for(instruction.id)
            .is_none_or(|it| it.user.here().is_none_or(|last| *last == instruction.id));
        let run_time = match is_last {
            true => format!("The program runs as {user}."),
            false => String::new(),
        };
        Told {
            build_time: format!("The steps that follow run as the user {user}."),
            run_time: self.at_run_time(instruction, run_time),
        }
    }

    fn workdir(&self, instruction: InstructionRef<'_>) -> Told {
        let next = InstructionId(instruction.id.0 + 1);
        let stage = self.model.stage_of(instruction.id);
        let is_end = stage.is_some_and(|it| it.instructions.end == next.0);
        let folder = match (stage, is_end) {
            (Some(stage), true) => self.model.workdir_of(stage),
            _ => self.model.workdir_at(next),
        };
        let raw = instruction.node.arguments_text.as_str();
        let folder = code(folder.as_deref().unwrap_or(raw));
        let is_last = self.outcome_for(instruction.id).is_none_or(|it| {
            it.workdir.is_none() || it.workdir.as_deref().map(code).as_deref() == Some(folder.as_str())
        });
        let run_time = if is_last { format!("The program starts in {folder}.") } else { String::new() };
        Told {
            build_time: format!("The steps that follow work in {folder}, which is made if it is not there."),
            run_time: self.at_run_time(instruction, run_time),
        }
    }

    fn healthcheck(&self, instruction: InstructionRef<'_>, check: &Healthcheck) -> String {
        if check.kind.as_str().eq_ignore_ascii_case("none") {
            return "Switches off the health check of the base image.".to_owned();
        }
        let flag = |name: &str, default: &str| {
            let flag = instruction.node.flag(name).and_then(|it| it.value.as_ref());
            flag.map_or(default.to_owned(), |it| it.raw().to_owned())
        };
        let command = instruction.node.arguments_text.as_str();
        let command = command.get(check.kind.as_str().len()..).unwrap_or(command).trim();
        format!(
            "Every {}, Docker runs {} in the container; after {} failures in a row it counts as unhealthy.",
            flag("interval", "30s"),
            code(&cut(command, 60)),
            flag("retries", "3"),
        )
    }

    fn shell(&self, instruction: InstructionRef<'_>) -> String {
        let raw = instruction.node.arguments_text.as_str();
        format!("From here on, shell-form commands are run by {}.", code(raw))
    }

    /// A sentence about containers of the stage that `instruction` stands in.
    fn at_run_time(&self, instruction: InstructionRef<'_>, told: String) -> String {
        let Some(stage) = self.model.stage_of(instruction.id) else { return told };
        if told.is_empty() || self.is_inherited(stage.id) {
            return told;
        }
        // What also acts while building is of use in any stage.
        let acts_while_building =
            matches!(instruction.keyword, Some(Keyword::Env | Keyword::User | Keyword::Workdir));
        if acts_while_building {
            String::new()
        } else {
            "Nothing: this stage does not become the image.".to_owned()
        }
    }
}

fn build(sentences: impl Into<String>) -> Told {
    Told { build_time: sentences.into(), run_time: String::new() }
}

fn run(sentences: impl Into<String>) -> Told {
    Told { build_time: String::new(), run_time: sentences.into() }
}

/// The words as somebody would type them.
pub fn shown(command: &CommandLine) -> String {
    joined(&command.words)
}

/// The words with blanks between, those with blanks inside in quotes.
pub fn joined(words: &[String]) -> String {
    let quoted =
        words.iter().map(|word| match word.is_empty() || word.contains(|it: char| it.is_whitespace()) {
            true if word.contains('"') => format!("'{word}'"),
            true => format!("\"{word}\""),
            false => word.clone(),
        });
    quoted.collect::<Vec<_>>().join(" ")
}

fn through_base(entrypoint: Option<&'static [&'static str]>) -> String {
    match entrypoint {
        Some([]) => String::new(),
        Some(words) => format!(" through the base image's own entrypoint, {}", code(&words.join(" "))),
        None => " (through the base image's entrypoint, if it has one)".to_owned(),
    }
}

fn entrypoint(own: &CommandLine, outcome: &Outcome<'_>) -> String {
    let words = code(&shown(own));
    if own.words.is_empty() {
        return "Takes back the entrypoint of the base image.".to_owned();
    }
    let reset = match outcome.cmd_reset_by {
        Some(by) if by == own.at => " A `CMD` of the base image no longer counts.",
        _ => "",
    };
    let arguments = match own.is_shell_form {
        true => {
            "it is in shell form, so `CMD` and words after the image's name in `docker run` do not reach it"
        }
        false => "words after the image's name in `docker run` become its arguments",
    };
    format!("A container always starts {words}; {arguments}.{reset}")
}

fn declared(keyword: Keyword, items: &[String]) -> String {
    let what = list(items);
    let noun = if items.len() == 1 { "port" } else { "the ports" };
    match keyword {
        Keyword::Expose => {
            format!(
                "Notes that the program listens on {noun} {what}. It opens nothing: `docker run -p` does."
            )
        }
        _ => format!(
            "Every container gets a volume at {what}: what is written there lies outside of the container's files. `docker run -v` gives it a name to keep it by."
        ),
    }
}

fn network(node: &Instruction) -> Option<String> {
    let flag = node.flag("network")?.value.as_ref()?;
    Some(match flag.raw() {
        "none" => "This step has no network.".to_owned(),
        "host" => "This step uses the network of the machine that builds.".to_owned(),
        _ => return None,
    })
}

/// The name under which a build command gives the secret.
pub fn secret_name(mount: &Mount) -> Option<String> {
    if let Some(id) = mount.option(&["id"]) {
        return Some(id.as_str().to_owned());
    }
    let target = mount.target()?.as_str();
    Some(target.rsplit('/').next().unwrap_or(target).to_owned())
}

/// What a `COPY` takes, by kind.
#[derive(Default)]
struct Sources {
    files: Vec<String>,
    urls: Vec<String>,
    repositories: Vec<String>,
    /// How long each text is that stands in the instruction itself.
    written: Vec<String>,
    is_whole: bool,
}

impl Sources {
    fn sentences(&self, from: &Option<String>, to: &str, unpacks: bool) -> Vec<String> {
        let mut sentences = Vec::new();
        let origin = from.clone().unwrap_or_else(|| "the build context".to_owned());
        if self.is_whole {
            let ignored = if from.is_none() { ", except what `.dockerignore` names," } else { "" };
            sentences.push(format!("Copies everything in {origin}{ignored} to {to}."));
        }
        if !self.files.is_empty() {
            let unpacked = if unpacks { " A local tar archive is unpacked on the way." } else { "" };
            sentences.push(format!("Copies {} from {origin} to {to}.{unpacked}", text::some(&self.files, 6)));
        }
        if !self.urls.is_empty() {
            sentences.push(format!("Downloads {} to {to}.", list(&self.urls)));
        }
        if !self.repositories.is_empty() {
            sentences.push(format!("Clones the Git repository {} to {to}.", list(&self.repositories)));
        }
        if !self.written.is_empty() {
            sentences.push(format!("Writes {} that stand in this file to {to}.", list(&self.written)));
        }
        sentences
    }
}

/// Whether a file among the sources may be an archive.
fn unpacks(node: &Instruction) -> bool {
    let Arguments::Copy(copy) = &node.arguments else { return false };
    let endings = [".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst"];
    let is_archive = |it: &str| endings.iter().any(|ending| it.ends_with(ending)) && !it.contains("://");
    copy.sources.iter().any(|it| is_archive(it.raw()))
}

fn owner(node: &Instruction) -> Option<String> {
    let value = |name: &str| node.flag(name).and_then(|it| it.value.as_ref()).map(|it| code(it.raw()));
    match (value("chown"), value("chmod")) {
        (Some(owner), Some(mode)) => {
            Some(format!("The copy belongs to {owner} and gets the permissions {mode}."))
        }
        (Some(owner), None) => Some(format!("The copy belongs to {owner}.")),
        (None, Some(mode)) => Some(format!("The copy gets the permissions {mode}.")),
        (None, None) => None,
    }
}
