//! Commands on containers: run, shell, stop, logs, remove.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::compute;
use super::builds::Container;
use super::job::{Job, handed_over};
use super::log::{self, Log};
use super::plan::Plan;
use super::progress::Progress;
use super::request::{Command, Trouble};
use super::{failures, others, watch};
use crate::docker::command::{CommandLine, Run};
use crate::docker::needs;
use crate::docker::ports;
use crate::docker::process::Captured;

/// How long starting or stopping may take: `stop` waits ten seconds before it kills.
const LIMIT: Duration = Duration::from_secs(60);
const QUESTION: Duration = Duration::from_secs(10);
/// A program that cannot work ends within this time as a rule.
const FIRST_LOOK: Duration = Duration::from_millis(400);
/// Names that are tried when one is taken by a container we do not know.
const MOST_NAMES: usize = 5;

/// Starts a container in the background, and says where it can be reached.
pub async fn run(job: &Job, plan: &Plan, image_id: Option<String>) -> Result<Value, Trouble> {
    let title = format!("Starting {}", plan.run.image);
    // After a build its progress has ended; the client's token belongs to that one.
    let token = job.token.clone().filter(|_| job.command == Command::Run);
    let progress = Progress::begin(&job.desk, token, &title, &job.cancel).await;
    let (run, captured) = start(job, plan).await?;
    let image_id = json!(image_id);
    if !captured.is_ok() {
        tidy_up(job, plan, &run).await;
        progress.end("not started");
        if !job.cancel.is_cancelled() {
            job.desk.tell(1, &format!("`{}` does not start: {}", run.image, why_not(&captured, &run)));
        }
        return Ok(job.result(false, captured.exit_code, [("imageId", image_id)]));
    }
    let id =
        captured.output.lines().map(str::trim).rfind(|it| !it.is_empty()).unwrap_or(&run.name).to_owned();
    let container = Container {
        id: id.clone(),
        name: run.name.clone(),
        addresses: addresses(plan, &run),
        is_running: true,
        exit_code: None,
        is_being_ended: false,
    };
    job.desk.state.builds.add_container(&plan.subject.uri, container.clone());
    let (state, path) = (job.desk.state.clone(), plan.subject.path.clone());
    compute::beside(move || state.builds.memory.note_containers(&path, true)).await;
    let ended = first_look(job, plan, &id).await;
    if let Some(code) = ended {
        job.desk.state.builds.container_ended(&plan.subject.uri, &id, Some(code));
        let sentence = format!("`{}` ended at once with exit code {code} (its logs tell why)", run.name);
        job.desk.tell(if code == 0 { 3 } else { 1 }, &sentence);
    } else {
        job.desk.tell(3, &told(&container, &run));
        watch::follow(&job.desk, &plan.subject);
    }
    progress.end(if ended.is_some() { "ended" } else { "running" });
    job.desk.refresh(&plan.subject.uri);
    let ok = ended.is_none_or(|code| code == 0);
    let more = [("imageId", image_id), ("containerId", json!(id)), ("addresses", json!(container.addresses))];
    Ok(job.result(ok, Some(ended.unwrap_or(0)), more))
}

/// Starts it; a name that is taken is counted on.
async fn start(job: &Job, plan: &Plan) -> Result<(Run, Captured), Trouble> {
    let mut run = plan.run.clone();
    let name = run.name.clone();
    let mut tried = 1;
    loop {
        let captured = job.capture(plan.subject.engine.run(&run)?, LIMIT).await?;
        let text = captured.error.to_lowercase();
        let is_taken = text.contains("name") && text.contains("already in use");
        if captured.is_ok() || !is_taken || tried >= MOST_NAMES {
            return Ok((run, captured));
        }
        tried += 1;
        run.name = format!("{name}-{tried}");
    }
}

/// Takes away the container that was made and did not start: it carries our label, so it is ours.
async fn tidy_up(job: &Job, plan: &Plan, run: &Run) {
    let engine = &plan.subject.engine;
    let Ok(line) = engine.containers_of(&run.file, Some(&run.name)) else { return };
    let Ok(found) = job.capture(line, QUESTION).await else { return };
    let known = job.desk.state.builds.containers(&plan.subject.uri);
    let made = found.output.lines().map(str::trim).filter(|it| !it.is_empty());
    for id in made.filter(|it| !known.iter().any(|known| known.id == *it)) {
        if let Ok(line) = engine.remove(id) {
            let _ = job.capture(line, QUESTION).await;
        }
    }
}

fn why_not(captured: &Captured, run: &Run) -> String {
    let text = captured.error.to_lowercase();
    let is_missing =
        ["no such image", "unable to find image", "not known", "image not found", "does not exist"];
    if is_missing.iter().any(|it| text.contains(it)) {
        return format!("there is no image `{}` yet (build it first, or use Build and run)", run.image);
    }
    failures::why(captured)
}

/// With the host's network the container's own ports are those of this machine.
fn addresses(plan: &Plan, run: &Run) -> Vec<String> {
    let model = plan.subject.snapshot.model();
    if ports::network(&run.options) != Some("host") {
        return run.ports.iter().map(ports::address).collect();
    }
    let stage = needs::stage(model, plan.build.target.as_deref());
    let exposed = stage.map(|it| needs::exposed(model, it, &plan.build.arguments)).unwrap_or_default();
    let own = exposed.into_iter().map(|(port, is_udp)| crate::docker::command::Port {
        container: port,
        host: port,
        is_udp,
    });
    own.map(|it| ports::address(&it)).collect()
}

fn told(container: &Container, run: &Run) -> String {
    let mut text = format!("`{}` is running", container.name);
    if !container.addresses.is_empty() {
        text.push_str(&format!(" on {}", container.addresses.join(", ")));
    }
    let moved: Vec<String> = run
        .ports
        .iter()
        .filter(|it| it.host != it.container)
        .map(|it| format!("port {} was taken, so {} stands for it", it.container, it.host))
        .collect();
    let volumes: Vec<String> = run.volumes.iter().map(|(name, path)| format!("`{name}` ({path})")).collect();
    if !moved.is_empty() {
        text.push_str(&format!("; {}", moved.join(", ")));
    }
    if !volumes.is_empty() {
        text.push_str(&format!("; its data is kept in the volume {}", volumes.join(", ")));
    }
    text
}

/// The exit code of a container that has ended already.
async fn first_look(job: &Job, plan: &Plan, id: &str) -> Option<i32> {
    tokio::time::sleep(FIRST_LOOK).await;
    let line = plan.subject.engine.container_state(id).ok()?;
    let said = job.capture(line, QUESTION).await.ok().filter(Captured::is_ok)?;
    let state: Value = serde_json::from_str(said.output.trim()).ok()?;
    let is_ended = state.get("Running").and_then(Value::as_bool) == Some(false)
        && state
            .get("Status")
            .and_then(Value::as_str)
            .is_none_or(|it| it == "exited" || it == "dead" || it == "stopped");
    let code = state.get("ExitCode").and_then(Value::as_i64).and_then(|it| i32::try_from(it).ok())?;
    is_ended.then_some(code)
}

/// The command line of a shell: only a terminal can run it, so the user gets it to take there. A message goes away, so
/// the command also stands in a document to copy it from, where the client opens documents.
pub async fn shell(job: &Job, plan: &Plan) -> Result<Value, Trouble> {
    let mut image_id = None;
    if plan.running.is_none() {
        let (outcome, built) = job.build_image(plan).await?;
        let ok = outcome.as_ref().is_some_and(|it| it.ok);
        image_id = built.and_then(|it| it.image_id);
        if !ok {
            return Ok(job.result(false, outcome.and_then(|it| it.exit_code), []));
        }
    }
    let line = plan.line(Command::Shell)?;
    let shown = line.shown();
    job.desk.tell(3, &format!("a shell needs a terminal; run this there: {shown}"));
    if job.desk.state.session().shows_documents {
        let what = match &plan.running {
            Some(container) => format!("the running container {container:.12}"),
            None => format!("a new container of `{}`, which goes when you leave it", plan.run.image),
        };
        let path = log::path_of(&plan.subject.path, "shell");
        let mut document = Log::create(path.as_deref(), Vec::new());
        document.line(&format!("# A shell in {what}. Run this in a terminal:"));
        document.line(&shown);
        document.finish();
        others::show_file(job, path.as_deref()).await;
    }
    let terminal = handed_over(&line);
    Ok(job.result(true, Some(0), [("imageId", json!(image_id)), ("terminal", terminal)]))
}

/// The container that is meant: a known one, else the newest that carries the file's label.
async fn container(job: &Job, plan: &Plan) -> Result<String, Trouble> {
    if let Some(known) = &plan.container {
        return Ok(known.clone());
    }
    let line = plan.subject.engine.containers_of(&plan.subject.path, None)?;
    let said = job.capture(line, QUESTION).await?;
    if !said.is_ok() {
        return Err(Trouble::Unable(failures::why(&said)));
    }
    let first = said.output.lines().map(str::trim).find(|it| !it.is_empty()).map(str::to_owned);
    let none = "no container of this file is known (Run starts one)";
    first.ok_or_else(|| Trouble::Unable(none.to_owned()))
}

/// Stops a container, or takes it away.
pub async fn end(job: &Job, plan: &Plan) -> Result<Value, Trouble> {
    let (verb, done) = match job.command {
        Command::Stop => ("Stopping", "stopped"),
        _ => ("Removing", "removed"),
    };
    let container = container(job, plan).await?;
    let progress =
        Progress::begin(&job.desk, job.token.clone(), &format!("{verb} {container:.12}"), &job.cancel).await;
    let engine = &plan.subject.engine;
    let line: CommandLine = match job.command {
        Command::Stop => engine.stop(&container)?,
        _ => engine.remove(&container)?,
    };
    let (builds, uri) = (&job.desk.state.builds, &plan.subject.uri);
    builds.container_is_being_ended(uri, &container, true);
    let said = job.capture(line, LIMIT).await?;
    if said.is_ok() {
        match job.command {
            Command::Stop => builds.container_ended(uri, &container, None),
            _ => builds.container_removed(uri, &container),
        }
        forget_if_none(job, plan).await;
        progress.end(done);
    } else {
        progress.end(&format!("not {done}"));
        builds.container_is_being_ended(uri, &container, false);
        job.desk.tell(1, &format!("the container is not {done}: {}", failures::why(&said)));
        // Somebody else may have taken it away.
        watch::look(&job.desk, uri, true).await;
    }
    job.desk.refresh(uri);
    Ok(job.result(said.is_ok(), said.exit_code, [("containerId", json!(container))]))
}

/// Nobody has to ask about the containers of a file that has none.
async fn forget_if_none(job: &Job, plan: &Plan) {
    if !job.desk.state.builds.containers(&plan.subject.uri).is_empty() || job.command == Command::Stop {
        return;
    }
    let line = plan.subject.engine.containers_of(&plan.subject.path, None).ok();
    let Some(line) = line else { return };
    let said = job.capture(line, QUESTION).await;
    if said.is_ok_and(|it| it.is_ok() && it.output.trim().is_empty()) {
        let (state, path) = (job.desk.state.clone(), plan.subject.path.clone());
        compute::beside(move || state.builds.memory.note_containers(&path, false)).await;
    }
}

/// Shows what a container printed last, also after it ended.
pub async fn logs(job: &Job, plan: &Plan) -> Result<Value, Trouble> {
    let container = container(job, plan).await?;
    let said = job.capture(plan.subject.engine.logs(&container)?, LIMIT).await?;
    if !said.is_ok() {
        job.desk.tell(1, &format!("the logs cannot be read: {}", failures::why(&said)));
        watch::look(&job.desk, &plan.subject.uri, true).await;
        job.desk.refresh(&plan.subject.uri);
        return Ok(job.result(false, said.exit_code, [("containerId", json!(container))]));
    }
    let path = log::path_of(&plan.subject.path, "container");
    let mut log = Log::create(path.as_deref(), Vec::new());
    log.raw(said.output.as_bytes());
    log.raw(said.error.as_bytes());
    log.finish();
    others::show_file(job, path.as_deref()).await;
    let log = json!(path.map(|it| it.to_string_lossy().into_owned()));
    Ok(job.result(true, said.exit_code, [("containerId", json!(container)), ("log", log)]))
}
