//! Code actions and lenses: what can be done with a file and its stages, each with its command line.

use serde_json::{Value, json};
use text_size::TextSize;
use tower_lsp::lsp_types::{
    CodeAction, CodeActionKind, CodeLens, Command as LspCommand, Position, Range, Url,
};

use super::super::state::State;
use super::builds::Container;
use super::job::{TERMINAL, handed_over, has_terminal};
use super::plan::Plan;
use super::progress::shown_size;
use super::request::{Command, Request, Trouble};
use super::subject::Subject;
use crate::analysis::model::{Model, Stage};
use crate::docker::context::Origin;
use crate::docker::memory::Remembered;
use crate::docker::needs;
use crate::docker::program::{Family, Missing};

/// The kind of all these code actions. VS Code hides those of kind `source` from the light bulb.
pub const KIND: &str = "dockwright";
/// Stages that have lenses of their own; a file with more is not written by hand.
const MOST_STAGES: usize = 50;

/// All that can be offered for a file; made once for all its stages. Looks at the disk.
struct Offers<'a> {
    state: &'a State,
    subject: Subject,
    known: Remembered,
    has_terminal: bool,
}

/// One thing to do.
struct Offer {
    title: String,
    /// `None` if it takes more than one process.
    shown: Option<String>,
    command: LspCommand,
}

impl<'a> Offers<'a> {
    fn new(state: &'a State, uri: &Url) -> Result<Self, Trouble> {
        let subject = Subject::of(state, uri)?;
        let known = state.builds.memory.of(&subject.path);
        let has_terminal = has_terminal(state, uri);
        Ok(Offers { state, subject, known, has_terminal })
    }

    fn plan(&self, target: Option<&str>) -> Option<Plan> {
        let request = Request { target: target.map(str::to_owned), ..Request::default() };
        Plan::of(self.state, self.subject.clone(), &request, self.known.clone(), self.has_terminal).ok()
    }

    /// `None` if the engine at hand cannot do it.
    fn offer(&self, plan: &Plan, command: Command, title: String) -> Option<Offer> {
        let line = plan.line(command).ok()?;
        let is_handed_over = self.has_terminal && matches!(command, Command::Run | Command::Shell);
        let lsp = if is_handed_over {
            lsp_command(&title, TERMINAL, handed_over(&line))
        } else {
            let argument = json!({ "uri": self.subject.uri, "target": plan_target(plan) });
            lsp_command(&title, command.name(), without_null(argument))
        };
        let shown = (command != Command::BuildAndRun).then(|| line.shown());
        Some(Offer { title, shown, command: lsp })
    }

    fn container_offers(&self, plan: &Plan, container: &Container) -> Vec<Offer> {
        let argument = json!({ "uri": self.subject.uri, "container": container.id });
        let of = |command: Command, title: &str| {
            let id = Some(container.id.clone());
            let plan = Plan { container: id.clone(), running: id, ..plan.clone() };
            let line = plan.line(command).ok()?;
            let lsp = if command == Command::Shell && self.has_terminal {
                lsp_command(title, TERMINAL, handed_over(&line))
            } else {
                lsp_command(title, command.name(), argument.clone())
            };
            Some(Offer { title: title.to_owned(), shown: Some(line.shown()), command: lsp })
        };
        let running = [(Command::Stop, "Stop"), (Command::Logs, "Logs"), (Command::Shell, "Shell")];
        let ended = [(Command::Logs, "Logs"), (Command::Remove, "Remove container")];
        let offers = if container.is_running { &running[..] } else { &ended[..] };
        offers.iter().filter_map(|(command, title)| of(*command, title)).collect()
    }
}

fn plan_target(plan: &Plan) -> Option<&str> {
    plan.build.target.as_deref()
}

fn without_null(mut value: Value) -> Value {
    if let Some(object) = value.as_object_mut() {
        object.retain(|_, it| !it.is_null());
    }
    value
}

fn lsp_command(title: &str, name: &str, argument: Value) -> LspCommand {
    LspCommand { title: title.to_owned(), command: name.to_owned(), arguments: Some(vec![argument]) }
}

/// Text that does nothing when it is clicked.
fn notice(title: String) -> LspCommand {
    LspCommand { title, command: String::new(), arguments: None }
}

/// What can be done at a position, the nearest things first.
pub fn actions(state: &State, uri: &Url, at: Position) -> Vec<CodeAction> {
    let Ok(offers) = Offers::new(state, uri) else { return Vec::new() };
    let Some(whole) = offers.plan(None) else { return Vec::new() };
    let offset = state.snapshot(uri).map(|it| it.offset(at)).unwrap_or_default();
    let mut found = Vec::new();
    found.extend(stage_offers(&offers, &whole, offset));
    found.extend(file_offers(&offers, &whole));
    let containers = state.builds.containers(uri);
    found.extend(containers.iter().rev().flat_map(|it| offers.container_offers(&whole, it)));
    found.extend(log_offer(state, uri));
    let mut actions: Vec<CodeAction> = found.into_iter().map(action).collect();
    actions.push(copy_action(uri));
    if offers.subject.engine.program.buildx.is_some() {
        let title = "Choose the builder: docker buildx ls".to_owned();
        let command = lsp_command(&title, Command::Builders.name(), json!({ "uri": uri, "pick": true }));
        actions.push(action(Offer { title, shown: None, command }));
    }
    actions
}

fn action(offer: Offer) -> CodeAction {
    let title = match &offer.shown {
        Some(shown) => format!("{}: {shown}", offer.title),
        None => offer.title,
    };
    CodeAction {
        title,
        kind: Some(CodeActionKind::new(KIND)),
        command: Some(offer.command),
        ..CodeAction::default()
    }
}

fn copy_action(uri: &Url) -> CodeAction {
    let title = "Copy the build command".to_owned();
    let command = lsp_command(&title, Command::Copy.name(), json!({ "uri": uri }));
    action(Offer { title, shown: None, command })
}

fn log_offer(state: &State, uri: &Url) -> Option<Offer> {
    state.builds.log(uri)?;
    let title = "Show the log of the last build".to_owned();
    let command = lsp_command(&title, Command::ShowLog.name(), json!({ "uri": uri }));
    Some(Offer { title, shown: None, command })
}

/// What a stage is called on command lines, and by us.
struct StageName {
    target: String,
    shown: String,
}

/// `None` for the stage that is built anyway, and for one that the engine at hand cannot be told.
fn stage_name(model: &Model, stage: &Stage, whole: &Plan) -> Option<StageName> {
    let is_last = stage.id.index() + 1 == model.stages().len();
    let is_whole = match plan_target(whole) {
        Some(target) => needs::stage(model, Some(target)).map(|it| it.id) == Some(stage.id),
        None => is_last,
    };
    let (target, shown) = match stage.name.as_deref() {
        Some(name) => (name.to_owned(), format!("stage `{name}`")),
        None => (stage.id.index().to_string(), format!("stage {}", stage.id.index())),
    };
    let can_be_told = stage.name.is_some() || whole.subject.engine.program.takes_stage_numbers();
    (!is_whole && can_be_told).then_some(StageName { target, shown })
}

/// The stage at `offset` (in the editor's text), if it can be named to the engine.
fn stage_offers(offers: &Offers<'_>, whole: &Plan, offset: TextSize) -> Vec<Offer> {
    let Some(snapshot) = offers.state.dockerfile(&offers.subject.uri) else { return Vec::new() };
    let model = snapshot.model();
    let name = model.stage_at(offset).and_then(|it| stage_name(model, it, whole));
    let Some(StageName { target, shown }) = name else { return Vec::new() };
    let Some(plan) = offers.plan(Some(&target)) else { return Vec::new() };
    let build = offers.offer(&plan, Command::Build, format!("Build to here ({shown})"));
    let shell = offers.offer(&plan, Command::Shell, format!("Open a shell in {shown}"));
    let pull = offers.offer(&plan, Command::Pull, pull_title(&plan));
    build.into_iter().chain(shell).chain(pull).collect()
}

fn pull_title(plan: &Plan) -> String {
    format!("Pull base image `{}`", plan.base.as_deref().unwrap_or_default())
}

fn file_offers(offers: &Offers<'_>, whole: &Plan) -> Vec<Offer> {
    let image = &whole.run.image;
    let all = [
        (Command::Build, format!("Build image `{image}`")),
        (Command::BuildAndRun, format!("Build and run `{image}`")),
        (Command::Run, format!("Run `{image}`")),
        (Command::Check, "Check with BuildKit".to_owned()),
        (Command::Shell, format!("Open a shell in `{image}`")),
        (Command::Push, format!("Push `{image}`")),
        (Command::Pull, pull_title(whole)),
    ];
    all.into_iter().filter_map(|(command, title)| offers.offer(whole, command, title)).collect()
}

/// The lenses of a file: above its first line what is for the whole, above each `FROM` what is for its stage.
pub fn lenses(state: &State, uri: &Url) -> Vec<CodeLens> {
    let settings = state.settings.of(uri).settings;
    if !settings.code_lens.enable || !settings.trusted {
        return Vec::new();
    }
    let top = Range::default();
    let offers = match Offers::new(state, uri) {
        Ok(offers) => offers,
        Err(_) if is_unsaved(uri) => return Vec::new(),
        Err(trouble) => return vec![lens(top, notice(said(trouble.sentence())))],
    };
    let mut lenses = Vec::new();
    if let Some(whole) = offers.plan(None) {
        lenses.extend(file_lenses(&offers, &whole, top));
        lenses.extend(notices(&offers, &whole).into_iter().map(|it| lens(top, notice(it))));
        lenses.extend(stage_lenses(&offers, &whole));
    }
    lenses
}

/// What one should know about the builds of this file: who says how it is built, and what the engine lacks.
fn notices(offers: &Offers<'_>, whole: &Plan) -> Vec<String> {
    let project = match &whole.origin {
        Origin::Project { file, name } => {
            let file = file.file_name().unwrap_or_default().to_string_lossy();
            Some(format!("as `{name}` in {file}"))
        }
        Origin::Copies | Origin::Default => None,
    };
    let program = &offers.subject.engine.program;
    let lacks_buildx = program.family == Family::Docker && program.buildx.is_none();
    let old = lacks_buildx.then(|| format!("`{}` has no buildx: its old builder is used", program.name));
    let refused = offers.subject.engine.build(&whole.build).err().map(|it| format!("Not to be built: {it}"));
    project.into_iter().chain(old).chain(refused).chain(offers.state.builds.trouble()).collect()
}

fn is_unsaved(uri: &Url) -> bool {
    uri.to_file_path().map_or(true, |path| !path.is_file())
}

/// The short form of "no engine": the long one comes when a command is run.
fn said(sentence: &str) -> String {
    if sentence == Missing::Any.to_string() {
        return "No docker, podman, nerdctl or buildah on PATH: install one, or set `cli.program`".to_owned();
    }
    sentence.to_owned()
}

fn lens(range: Range, command: LspCommand) -> CodeLens {
    CodeLens { range, command: Some(command), data: None }
}

/// A lens says what it does; that of building shows its command line too, which is where people look for it.
fn offered(range: Range, offer: Offer, shows_line: bool) -> CodeLens {
    let title = match &offer.shown {
        Some(shown) if shows_line => format!("{}: {shown}", offer.title),
        _ => offer.title,
    };
    let data = offer.shown.map(|it| json!({ "commandLine": it }));
    CodeLens { range, command: Some(LspCommand { title, ..offer.command }), data }
}

fn file_lenses(offers: &Offers<'_>, whole: &Plan, top: Range) -> Vec<CodeLens> {
    let uri = &offers.subject.uri;
    let mut lenses = Vec::new();
    for container in offers.state.builds.containers(uri).iter().rev() {
        lenses.push(lens(top, notice(container_title(container))));
        lenses
            .extend(offers.container_offers(whole, container).into_iter().map(|it| offered(top, it, false)));
    }
    if let Some(built) = offers.state.builds.built(uri, whole.build.target.as_deref()) {
        let id = built
            .image_id
            .as_deref()
            .map(|it| it.trim_start_matches("sha256:").chars().take(12).collect::<String>());
        let size = built.size.map(shown_size);
        let facts: Vec<String> = built.tag.clone().into_iter().chain(id).chain(size).collect();
        lenses.push(lens(top, notice(format!("Image {}", facts.join(" · ")))));
    }
    let image = &whole.run.image;
    let file = [
        (Command::Build, format!("Build image `{image}`")),
        (Command::BuildAndRun, "Build and run".to_owned()),
        (Command::Run, "Run".to_owned()),
        (Command::Check, "Check with BuildKit".to_owned()),
    ];
    let made = file.into_iter().filter_map(|(command, title)| offers.offer(whole, command, title));
    lenses.extend(made.map(|it| {
        let shows_line = it.command.command != Command::Check.name();
        offered(top, it, shows_line)
    }));
    lenses
}

/// *running on http://localhost:8080*
fn container_title(container: &Container) -> String {
    match (container.is_running, container.addresses.as_slice()) {
        (false, _) => match container.exit_code {
            Some(code) if code != 0 => format!("`{}` ended with exit code {code}", container.name),
            _ => format!("`{}` ended", container.name),
        },
        (true, []) => format!("`{}` running", container.name),
        (true, addresses) => format!("`{}` running on {}", container.name, addresses.join(", ")),
    }
}

fn stage_lenses(offers: &Offers<'_>, whole: &Plan) -> Vec<CodeLens> {
    let Some(snapshot) = offers.state.dockerfile(&offers.subject.uri) else { return Vec::new() };
    let model = snapshot.model();
    let mut lenses = Vec::new();
    for stage in model.stages().iter().take(MOST_STAGES) {
        let (Some(from), Some(name)) =
            (model.file().instruction(stage.from), stage_name(model, stage, whole))
        else {
            continue;
        };
        let range = snapshot.range(from.absolute(from.line_range));
        lenses
            .extend(lenses_of_stage(offers, &name).into_iter().map(|(it, shows)| offered(range, it, shows)));
    }
    lenses
}

fn lenses_of_stage(offers: &Offers<'_>, name: &StageName) -> Vec<(Offer, bool)> {
    let Some(plan) = offers.plan(Some(&name.target)) else { return Vec::new() };
    let build = offers.offer(&plan, Command::Build, format!("Build {}", name.shown));
    let shell = offers.offer(&plan, Command::Shell, "Shell".to_owned());
    build.map(|it| (it, true)).into_iter().chain(shell.map(|it| (it, false))).collect()
}
