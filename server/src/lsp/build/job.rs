//! A command from its start to its answer.
//!
//! The work runs in a task of its own: when the client cancels its request, the request is gone at once, and the task
//! ends the processes and tidies up.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Map, Value, json};
use tokio::sync::Notify;
use tower_lsp::Client;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::lsp_types::{ExecuteCommandParams, ProgressToken, Url};

use super::super::compute;
use super::super::diagnostics::Publisher;
use super::super::outbox::Outbox;
use super::super::state::State;
use super::builds::{Built, Conditions};
use super::plan::Plan;
use super::progress::{Progress, shown};
use super::queue::Ticket;
use super::request::{Command, Request, Trouble, invalid};
use super::run_build::{Watch, run_build};
use super::{check, containers, failures, layers, log, others, reasons, watch};
use crate::docker::command::CommandLine;
use crate::docker::output::{self, Outcome};
use crate::docker::process::{Canceller, Captured, StartError, capture};
use crate::docker::program::Family;

/// How often the user is told of steps.
const TICK: Duration = Duration::from_millis(100);
/// How long questions about an image may take.
const QUESTION: Duration = Duration::from_secs(10);

/// The command of clients that have a terminal.
pub const TERMINAL: &str = "dockwright.client.runInTerminal";

/// All that a command may use; cheap to clone.
#[derive(Debug, Clone)]
pub struct Desk {
    pub state: Arc<State>,
    pub client: Client,
    pub publisher: Arc<Publisher>,
    pub outbox: Outbox,
}

/// Ends a command from anywhere.
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    pub process: Canceller,
    told: Arc<Notify>,
}

impl Cancel {
    pub fn cancel(&self) {
        self.process.cancel();
        self.told.notify_one();
    }

    pub fn is_cancelled(&self) -> bool {
        self.process.is_cancelled()
    }
}

/// Cancels when the request is dropped before its answer.
struct OnDrop(Option<Cancel>);

impl Drop for OnDrop {
    fn drop(&mut self) {
        if let Some(cancel) = self.0.take() {
            cancel.cancel();
        }
    }
}

/// What a command is done with.
#[derive(Debug)]
pub struct Job {
    pub desk: Desk,
    pub command: Command,
    pub request: Request,
    pub cancel: Cancel,
    pub token: Option<ProgressToken>,
    pub ticket: Ticket,
    pub since: Instant,
}

/// Answers `workspace/executeCommand`.
pub async fn execute(desk: Desk, params: ExecuteCommandParams) -> Result<Option<Value>> {
    let Some(command) = Command::named(&params.command) else {
        return Err(invalid(format!("there is no command `{}`", params.command)));
    };
    let request = Request::read(command, params.arguments)?;
    let cancel = Cancel::default();
    let mut guard = OnDrop(Some(cancel.clone()));
    let token = params.work_done_progress_params.work_done_token;
    let ticket = desk.state.builds.queue.ticket();
    let job = Job { desk, command, request, cancel, token, ticket, since: Instant::now() };
    let answer = tokio::spawn(async move { job.answer().await }).await;
    guard.0 = None;
    match answer {
        Ok(answer) => answer.map(Some),
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

impl Job {
    async fn answer(self) -> Result<Value> {
        match self.perform().await {
            Ok(result) => Ok(result),
            Err(Trouble::Refused(sentence)) => Err(invalid(sentence)),
            Err(Trouble::Unable(sentence)) if self.request.dry_run => {
                Err(Error { code: ErrorCode::ServerError(-32803), message: sentence.into(), data: None })
            }
            Err(Trouble::Unable(sentence)) => {
                self.desk.tell(1, &sentence);
                Ok(self.result(false, None, [("message", json!(sentence))]))
            }
        }
    }

    async fn perform(&self) -> std::result::Result<Value, Trouble> {
        match self.command {
            Command::ShowLog => return others::show_log(self).await,
            Command::Builders => return others::builders(self).await,
            Command::Copy => return others::copy_command(self).await,
            _ => {}
        }
        self.look_for_container().await;
        let plan = self.plan(self.request.dry_run && self.has_terminal()).await?;
        if self.request.dry_run {
            return dry(&plan, self.command);
        }
        self.remember(&plan);
        match self.command {
            Command::Build => self.build(&plan).await,
            Command::BuildAndRun => self.build_and_run(&plan).await,
            Command::Run => containers::run(self, &plan, None).await,
            Command::Shell => containers::shell(self, &plan).await,
            Command::Stop | Command::Remove => containers::end(self, &plan).await,
            Command::Logs => containers::logs(self, &plan).await,
            Command::Check => check::check(self, &plan).await,
            _ => others::transfer(self, &plan).await,
        }
    }

    /// What is done with a container is done with one that an earlier server started, if this one knows of none.
    async fn look_for_container(&self) {
        let is_about_one =
            matches!(self.command, Command::Shell | Command::Stop | Command::Logs | Command::Remove);
        if let Some(uri) = self.request.uri.as_ref().filter(|_| is_about_one && !self.request.dry_run)
            && self.desk.state.builds.containers(uri).is_empty()
        {
            watch::look(&self.desk, uri, true).await;
        }
    }

    pub async fn plan(&self, in_terminal: bool) -> std::result::Result<Plan, Trouble> {
        let (state, request) = (self.desk.state.clone(), self.request.clone());
        compute::beside(move || Plan::new(&state, &request, in_terminal)).await
    }

    pub fn has_terminal(&self) -> bool {
        self.request.uri.as_ref().is_some_and(|uri| has_terminal(&self.desk.state, uri))
    }

    fn remember(&self, plan: &Plan) {
        let (state, path, given) = (self.desk.state.clone(), plan.subject.path.clone(), plan.given.clone());
        // What the engine would refuse is not remembered either.
        if plan.line(Command::Build).is_ok() {
            tokio::task::spawn_blocking(move || state.builds.memory.remember(&path, given));
        }
    }

    /// The answer of every command that runs something.
    pub fn result<const N: usize>(
        &self,
        ok: bool,
        exit_code: Option<i32>,
        more: [(&str, Value); N],
    ) -> Value {
        let duration = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        let mut result = Map::new();
        result.insert("ok".to_owned(), json!(ok));
        result.insert("exitCode".to_owned(), json!(exit_code));
        result
            .extend(more.into_iter().filter(|(_, it)| !it.is_null()).map(|(name, it)| (name.to_owned(), it)));
        result.insert("durationMs".to_owned(), json!(duration));
        if self.cancel.is_cancelled() {
            result.insert("cancelled".to_owned(), json!(true));
        }
        Value::Object(result)
    }

    async fn build(&self, plan: &Plan) -> std::result::Result<Value, Trouble> {
        let (outcome, built) = self.build_image(plan).await?;
        let Some(outcome) = outcome else { return Ok(self.replaced()) };
        let image_id = built.as_ref().and_then(|it| it.image_id.clone()).or(outcome.image_id);
        Ok(self.result(outcome.ok, outcome.exit_code, [("imageId", json!(image_id))]))
    }

    fn replaced(&self) -> Value {
        let message = if self.cancel.is_cancelled() { "cancelled" } else { "a newer build of it came first" };
        self.result(false, None, [("message", json!(message))])
    }

    async fn build_and_run(&self, plan: &Plan) -> std::result::Result<Value, Trouble> {
        let (outcome, built) = self.build_image(plan).await?;
        let Some(outcome) = outcome else { return Ok(self.replaced()) };
        let image_id = built.and_then(|it| it.image_id.clone()).or(outcome.image_id);
        if !outcome.ok {
            return Ok(self.result(false, outcome.exit_code, []));
        }
        containers::run(self, plan, image_id).await
    }

    /// Builds in its turn; no outcome if a newer request took the turn, or it was cancelled before.
    pub async fn build_image(
        &self,
        plan: &Plan,
    ) -> std::result::Result<(Option<Outcome>, Option<Built>), Trouble> {
        let line = plan.subject.engine.build(&plan.build)?;
        let uri = &plan.subject.uri;
        let target = plan.build.target.as_deref();
        let title = format!("Building {}", plan.build.tag.as_deref().unwrap_or("the image"));
        let progress = Progress::begin(&self.desk, self.token.clone(), &title, &self.cancel).await;
        let queue = self.desk.state.builds.queue.clone();
        if queue.is_busy(uri, target) {
            progress.report("waiting for the build before it");
        }
        let turn = tokio::select! {
            turn = queue.turn(uri, target, self.ticket) => turn,
            () = self.cancel.told.notified() => None,
        };
        let Some(_turn) = turn else {
            progress.end("not built");
            return Ok((None, None));
        };
        self.desk.state.builds.forget_failures(uri);
        self.desk.publish(uri);
        if plan.subject.is_unsaved {
            self.desk
                .tell(3, "the file as it was saved last is built; newer changes are not on the disk yet");
        }
        let began = SystemTime::now();
        let outcome = self.follow(plan, &line, &progress).await?;
        let built = self.take_stock(plan, &line, &outcome, began).await;
        progress.end(&self.summary(plan, &outcome));
        Ok((Some(outcome), built))
    }

    /// Lets the build run, and shows its steps.
    async fn follow(
        &self,
        plan: &Plan,
        line: &CommandLine,
        progress: &Progress,
    ) -> std::result::Result<Outcome, Trouble> {
        let path = log::path_of(&plan.subject.path, "build");
        self.desk.state.builds.set_log(&plan.subject.uri, path.clone());
        let watch = Arc::new(Watch::default());
        let building = {
            let (line, watch, canceller) = (line.clone(), watch.clone(), self.cancel.process.clone());
            let format = plan.subject.engine.output_format(&line);
            let secrets = log::secrets(&line.env, &plan.subject.engine.env);
            let snapshot = plan.subject.snapshot.clone();
            in_thread(move || {
                let plan = output::Plan::new(snapshot.model());
                run_build(&line, format, plan, &canceller, &watch, (path.as_deref(), secrets))
            })
        };
        tokio::pin!(building);
        let mut ticks = tokio::time::interval(TICK);
        let mut last = String::new();
        let (mut shown, mut at) = (Instant::now(), 0);
        let outcome = loop {
            tokio::select! {
                outcome = &mut building => break outcome,
                _ = ticks.tick() => {}
            }
            for step in watch.take() {
                progress.report(&step);
                (last, shown, at) = (step, Instant::now(), at + 1);
            }
            // Those of the cache are done already: what is being done shall be seen.
            if let Some(now) = watch.now().filter(|now| at > 0 && *now != last) {
                progress.report(&now);
                (last, shown) = (now, Instant::now());
            }
            // The time goes on even if no step ends.
            if at > 0 && shown.elapsed() > Duration::from_secs(1) {
                progress.report(&last);
                shown = Instant::now();
            }
        };
        watch.take().iter().for_each(|step| progress.report(step));
        outcome.map_err(|it| cannot_start(&it))
    }

    /// What is known after the build: failures at their places, or the image and its layers.
    async fn take_stock(
        &self,
        plan: &Plan,
        line: &CommandLine,
        outcome: &Outcome,
        began: SystemTime,
    ) -> Option<Built> {
        let (uri, builds) = (&plan.subject.uri, &self.desk.state.builds);
        if !outcome.ok {
            if self.cancel.is_cancelled() {
                self.tell_what_is_left(plan);
            } else {
                self.tell_failures(plan, line, outcome);
            }
            return None;
        }
        builds.set_trouble(None);
        let target = plan.build.target.clone();
        let before = builds.built(uri, target.as_deref());
        let facts = self.image_facts(plan).await;
        let snapshot = &plan.subject.snapshot;
        let mut steps = layers::steps(snapshot, &outcome.steps, target.as_deref(), &facts.history);
        let conditions = Conditions {
            arguments: plan.build.arguments.clone(),
            platform: plan.build.platform.clone(),
            options: plan.build.options.clone(),
            context: plan.build.context.clone().into(),
            began: Some(began),
        };
        reasons::fill_in(snapshot, &mut steps, &conditions, before.as_deref());
        let built = Built {
            tag: plan.build.tag.clone(),
            image_id: facts.id.or_else(|| outcome.image_id.clone()),
            size: facts.size,
            steps,
            conditions,
            duration_ms: u64::try_from(began.elapsed().unwrap_or_default().as_millis()).unwrap_or(u64::MAX),
        };
        builds.set_built(uri, target, built.clone());
        self.desk.refresh(uri);
        Some(built)
    }

    /// Podman and Buildah tidy up after builds that end, not after those that are ended.
    fn tell_what_is_left(&self, plan: &Plan) {
        let program = &plan.subject.engine.program;
        let (list, remove) = match program.family {
            Family::Podman => ("ps --all --external", "rm -f"),
            Family::Buildah => ("containers", "rm"),
            Family::Docker | Family::Nerdctl => return,
        };
        let name = &program.name;
        let sentence = format!(
            "`{name}` keeps the working containers of a build that is cancelled: `{name} {list}` lists them, and \
             `{name} {remove} ID` takes them away"
        );
        self.desk.tell(3, &sentence);
    }

    fn tell_failures(&self, plan: &Plan, line: &CommandLine, outcome: &Outcome) {
        let uri = &plan.subject.uri;
        let secrets = log::secrets(&line.env, &plan.subject.engine.env);
        let found = failures::at_their_places(&plan.subject.snapshot, &outcome.failures, &secrets);
        self.desk.state.builds.set_failures(uri, found);
        self.desk.state.builds.set_trouble(outcome.failures.first().and_then(failures::engine_trouble));
        self.desk.refresh(uri);
        let sentence = outcome.failures.first().map(failures::sentence).unwrap_or_default();
        let lines = outcome.failures.first().and_then(|it| it.lines.clone());
        let place = lines.map(|it| format!(" at line {}", it.start())).unwrap_or_default();
        let sentence = sentence.strip_prefix("the build failed here").unwrap_or(&sentence);
        let name = plan.build.tag.as_deref().unwrap_or("the image");
        self.desk.tell(1, &log::redacted(&format!("building `{name}` failed{place}{sentence}"), &secrets));
    }

    async fn image_facts(&self, plan: &Plan) -> layers::ImageFacts {
        let name = plan.build.tag.clone().unwrap_or_default();
        let engine = &plan.subject.engine;
        let (inspect, history) = (engine.image_facts(&name), engine.history(&name));
        let canceller = self.cancel.process.clone();
        in_thread(move || {
            let ask = |line: CommandLine| capture(&line, &canceller, QUESTION).ok().filter(Captured::is_ok);
            let inspected = inspect.ok().and_then(ask).map(|it| it.output).unwrap_or_default();
            // What is not there has no layers.
            let history = if inspected.is_empty() { None } else { history.ok().and_then(ask) };
            layers::ImageFacts::read(&inspected, &history.map(|it| it.output).unwrap_or_default())
        })
        .await
    }

    fn summary(&self, plan: &Plan, outcome: &Outcome) -> String {
        let time = shown(u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX));
        let name = plan.build.tag.as_deref().unwrap_or("the image");
        match outcome.ok {
            true => format!("{name} is built, in {time}"),
            false if self.cancel.is_cancelled() => "cancelled".to_owned(),
            false => format!("{name} is not built"),
        }
    }

    /// Runs a short command in a thread.
    pub async fn capture(
        &self,
        line: CommandLine,
        limit: Duration,
    ) -> std::result::Result<Captured, Trouble> {
        let canceller = self.cancel.process.clone();
        in_thread(move || capture(&line, &canceller, limit)).await.map_err(|it| cannot_start(&it))
    }
}

/// `{argv, cwd, env}`, as terminals and people take it.
pub fn handed_over(line: &CommandLine) -> Value {
    json!({ "argv": line.argv, "cwd": line.cwd.to_string_lossy(), "env": line.env })
}

fn dry(plan: &Plan, command: Command) -> std::result::Result<Value, Trouble> {
    let mut answer = handed_over(&plan.line(command)?);
    if command == Command::BuildAndRun {
        answer["then"] = handed_over(&plan.line(Command::Run)?);
    }
    Ok(answer)
}

pub fn has_terminal(state: &State, uri: &Url) -> bool {
    state.settings.of(uri).settings.client.commands.iter().any(|it| it == TERMINAL)
}

pub fn cannot_start(error: &StartError) -> Trouble {
    Trouble::Unable(error.to_string())
}

/// The result of work that blocks for long, in a thread of its own: the pool of the runtime is small and for short work.
/// It has to do where the machine gives no more threads. A panic in the work goes on in the caller.
pub async fn in_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (give, take) = std::sync::mpsc::channel();
    let (done, is_done) = tokio::sync::oneshot::channel();
    let run = move || {
        if let Ok(work) = take.recv() {
            let _ = done.send(std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)));
        }
    };
    if std::thread::Builder::new().name("build".into()).spawn(run).is_err() {
        return compute::beside(work).await;
    }
    let _ = give.send(work);
    match is_done.await {
        Ok(Ok(result)) => result,
        Ok(Err(panic)) => std::panic::resume_unwind(panic),
        Err(gone) => std::panic::resume_unwind(Box::new(gone)),
    }
}

impl Desk {
    /// Shows a message: 1 error, 2 warning, 3 information.
    pub fn tell(&self, kind: u8, message: &str) {
        self.outbox.notify("window/showMessage", json!({ "type": kind, "message": message }));
    }

    /// The findings on the file may be others now.
    pub fn publish(&self, uri: &Url) {
        self.publisher.mark(uri);
        if self.state.session().pulls_diagnostics {
            let client = self.client.clone();
            tokio::spawn(async move { client.workspace_diagnostic_refresh().await });
        }
    }

    /// Findings, lenses and hints may be others now.
    pub fn refresh(&self, uri: &Url) {
        self.publish(uri);
        let session = self.state.session();
        if session.refreshes_lenses {
            let client = self.client.clone();
            tokio::spawn(async move { client.code_lens_refresh().await });
        }
        if session.refreshes_hints {
            let client = self.client.clone();
            tokio::spawn(async move { client.inlay_hint_refresh().await });
        }
    }
}
