//! Containers that run: found again after a restart of the server, and followed to their end.
//!
//! Nothing is asked about a file of which no container was ever started here (the user's own state folder remembers),
//! nor while the file is closed. Beside each container that runs sleeps one `docker wait`, which costs nothing and ends
//! with it; whether there are others now is asked when the editor wants lenses or actions, at most every few seconds.

use std::time::Duration;

use tokio::sync::oneshot;
use tower_lsp::lsp_types::Url;

use super::super::compute;
use super::builds::{Container, Sight};
use super::job::{Cancel, Desk, in_thread};
use super::subject::Subject;
use crate::docker::command::{CommandLine, Port};
use crate::docker::inspect::{self, Seen};
use crate::docker::needs;
use crate::docker::ports;
use crate::docker::process::{Canceller, Captured, capture, wait_for};

const QUESTION: Duration = Duration::from_secs(10);
/// How long after its end a container may need to be started again by its engine.
const RESTART: Duration = Duration::from_millis(500);
/// How long after a `wait` that did not work the engine is asked again.
const LATER: Duration = Duration::from_secs(15);
/// Containers of one file that are looked at; the newest ones.
const MOST: usize = 20;

/// Looks at the file's containers, if there may be any and what is known is not fresh. Returns at once.
pub fn look_after(desk: &Desk, uri: &Url) {
    if desk.state.dockerfile(uri).is_some() && desk.state.builds.begin_look(uri) {
        let (desk, uri) = (desk.clone(), uri.clone());
        tokio::spawn(async move {
            let was = desk.state.builds.containers(&uri);
            look(&desk, &uri, false).await;
            if desk.state.builds.containers(&uri) != was {
                desk.refresh(&uri);
            }
        });
    }
}

/// Asks the engine about the containers of a file: those known, and those that carry its label; unless the user asks,
/// not if none was ever started here.
pub async fn look(desk: &Desk, uri: &Url, is_asked: bool) {
    let (state, about) = (desk.state.clone(), uri.clone());
    let subject = compute::beside(move || {
        let path = about.to_file_path().ok()?;
        let is_known =
            !state.builds.containers(&about).is_empty() || state.builds.memory.has_containers(&path);
        if is_known || is_asked { Subject::of(&state, &about).ok() } else { None }
    });
    let Some(subject) = subject.await else { return };
    if let Some(sight) = see(desk, &subject).await {
        desk.state.builds.see_containers(&subject.uri, &sight);
        remember(desk, &subject).await;
    }
    follow(desk, &subject);
}

/// `None` if the engine does not answer.
async fn see(desk: &Desk, subject: &Subject) -> Option<Sight> {
    let engine = &subject.engine;
    let labelled = ask(engine.containers_of(&subject.path, None).ok()?).await.filter(Captured::is_ok)?;
    let known = desk.state.builds.containers(&subject.uri).into_iter().map(|it| it.id);
    let mut ids: Vec<String> = known.collect();
    let lines = labelled.output.lines().map(str::trim).filter(|it| !it.is_empty());
    ids.extend(lines.take(MOST).map(str::to_owned));
    ids.sort();
    ids.dedup();
    if ids.is_empty() {
        return Some(Sight::default());
    }
    let said = ask(engine.inspect(&ids).ok()?).await?;
    let seen = inspect::read(&said.output)?;
    // Only what the engine says is gone is gone.
    let is_gone = |id: &String| !seen.iter().any(|it| it.id.starts_with(id.as_str()));
    let error = said.error.to_lowercase();
    let says_so = error.contains("no such") || error.contains("no container");
    let gone = ids.into_iter().filter(|id| says_so && is_gone(id)).collect();
    let order = |it: &Seen| labelled.output.lines().position(|line| line.trim() == it.id);
    let mut seen = seen;
    // The engine tells the newest first.
    seen.sort_by_key(|it| std::cmp::Reverse(order(it)));
    Some(Sight { there: seen.into_iter().map(|it| container(subject, it)).collect(), gone })
}

async fn ask(line: CommandLine) -> Option<Captured> {
    in_thread(move || capture(&line, &Canceller::default(), QUESTION)).await.ok()
}

fn container(subject: &Subject, seen: Seen) -> Container {
    let ports = if seen.is_on_host { own_ports(subject) } else { seen.ports };
    let addresses = ports.iter().map(ports::address).collect();
    let Seen { id, name, is_running, exit_code, .. } = seen;
    Container { id, name, addresses, is_running, exit_code, is_being_ended: false }
}

/// What the file says; the engine does not publish the ports of those with the machine's own network.
fn own_ports(subject: &Subject) -> Vec<Port> {
    let model = subject.snapshot.model();
    let stage = needs::stage(model, None);
    let exposed = stage.map(|it| needs::exposed(model, it, &needs::Given::new())).unwrap_or_default();
    exposed.into_iter().map(|(port, is_udp)| Port { container: port, host: port, is_udp }).collect()
}

async fn remember(desk: &Desk, subject: &Subject) {
    let (state, uri, path) = (desk.state.clone(), subject.uri.clone(), subject.path.clone());
    compute::beside(move || {
        let are_any = !state.builds.containers(&uri).is_empty();
        state.builds.memory.note_containers(&path, are_any);
    })
    .await;
}

/// Follows each container that runs to its end, while the file is open.
pub fn follow(desk: &Desk, subject: &Subject) {
    if desk.state.dockerfile(&subject.uri).is_none() {
        return;
    }
    for container in desk.state.builds.containers(&subject.uri).into_iter().filter(|it| it.is_running) {
        let Ok(line) = subject.engine.wait(&container.id) else { return };
        if let Some(cancel) = desk.state.builds.begin_watch(&subject.uri, &container.id) {
            tokio::spawn(watch(desk.clone(), subject.uri.clone(), container, line, cancel));
        }
    }
}

async fn watch(desk: Desk, uri: Url, container: Container, line: CommandLine, cancel: Cancel) {
    let said = sleep_beside(line, cancel.process.clone()).await;
    desk.state.builds.end_watch(&uri, &container.id);
    if cancel.is_cancelled() {
        return;
    }
    let code = said.as_deref().and_then(|it| it.trim().parse::<i32>().ok());
    tokio::time::sleep(if code.is_some() { RESTART } else { LATER }).await;
    if desk.state.dockerfile(&uri).is_none() {
        return;
    }
    if let Some(code) = code {
        desk.state.builds.container_ended(&uri, &container.id, Some(code));
    }
    // It may have been started again, or taken away.
    Box::pin(look(&desk, &uri, false)).await;
    tell_end(&desk, &uri, &container.id);
    desk.refresh(&uri);
}

/// What the command printed; in a thread that is there for nothing else.
async fn sleep_beside(line: CommandLine, canceller: Canceller) -> Option<String> {
    let (done, is_done) = oneshot::channel();
    let work = move || {
        let _ = done.send(wait_for(&line, &canceller).ok());
    };
    std::thread::Builder::new().name("wait".into()).spawn(work).ok()?;
    is_done.await.ok().flatten()
}

/// Says that a container ended by itself and not well. One that the user ended is no news.
fn tell_end(desk: &Desk, uri: &Url, id: &str) {
    let all = desk.state.builds.containers(uri);
    let Some(ended) = all.iter().find(|it| it.id == id && !it.is_running && !it.is_being_ended) else {
        return;
    };
    if let Some(code) = ended.exit_code.filter(|it| *it != 0) {
        desk.tell(2, &format!("`{}` ended with exit code {code} (its logs tell why)", ended.name));
    }
}
