//! Commands beside building and running: push, pull, copy the command, show the log, list builders.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tower_lsp::lsp_types::{MessageActionItem, MessageType, ShowDocumentParams, Url};

use super::super::compute;
use super::job::{Job, cannot_start, handed_over, in_thread};
use super::log::{self, Log};
use super::plan::Plan;
use super::progress::Progress;
use super::request::{Command, Trouble};
use super::{failures, subject};
use crate::docker::command::CommandLine;
use crate::docker::process::{Captured, run};

/// How long a person may take to choose.
const CHOICE: Duration = Duration::from_secs(300);
const QUESTION: Duration = Duration::from_secs(10);
const TICK: Duration = Duration::from_millis(200);
/// Bytes of the output's end that tell why something failed.
const LAST: usize = 16 << 10;

/// Pushes the image, or pulls the one that it starts from.
pub async fn transfer(job: &Job, plan: &Plan) -> Result<Value, Trouble> {
    let line = plan.line(job.command)?;
    let image = line.argv.last().cloned().unwrap_or_default();
    let verb = if job.command == Command::Push { "Pushing" } else { "Pulling" };
    let progress =
        Progress::begin(&job.desk, job.token.clone(), &format!("{verb} {image}"), &job.cancel).await;
    let path = log::path_of(&plan.subject.path, "transfer");
    job.desk.state.builds.set_log(&plan.subject.uri, path.clone());
    let tail = Arc::new(Mutex::new(Vec::<u8>::new()));
    let running = {
        let (tail, canceller) = (tail.clone(), job.cancel.process.clone());
        in_thread(move || {
            let mut log = Log::create(path.as_deref(), Vec::new());
            log.line(&format!("$ {}", line.shown()));
            let ended = run(&line, &canceller, |_, bytes| {
                log.raw(bytes);
                let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
                tail.extend_from_slice(bytes);
                let surplus = tail.len().saturating_sub(LAST);
                tail.drain(..surplus);
            });
            log.finish();
            ended
        })
    };
    tokio::pin!(running);
    let mut ticks = tokio::time::interval(TICK);
    let mut shown = String::new();
    let ended = loop {
        tokio::select! {
            ended = &mut running => break ended,
            _ = ticks.tick() => {}
        }
        let line = last_line(&tail.lock().unwrap_or_else(PoisonError::into_inner));
        if line != shown && !line.is_empty() {
            progress.report(&line);
            shown = line;
        }
    };
    let exit_code = ended.map_err(|it| cannot_start(&it))?;
    let text = String::from_utf8_lossy(&tail.lock().unwrap_or_else(PoisonError::into_inner)).into_owned();
    let said = Captured { exit_code, output: String::new(), error: text };
    let done = if job.command == Command::Push { "pushed" } else { "pulled" };
    if said.is_ok() {
        progress.end(&format!("{image} is {done}"));
    } else {
        progress.end(&format!("not {done}"));
        if !job.cancel.is_cancelled() {
            job.desk.tell(1, &format!("`{image}` is not {done}: {}", why_not(&said)));
        }
    }
    Ok(job.result(said.is_ok(), exit_code, []))
}

/// What failed is said last.
fn why_not(said: &Captured) -> String {
    let lines: Vec<&str> = said.error.lines().collect();
    let last = lines.iter().rev().take(5).rev().copied().collect::<Vec<_>>().join("\n");
    failures::why(&Captured { error: last, ..said.clone() })
}

fn last_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let last = text.lines().rev().map(str::trim).find(|it| !it.is_empty()).unwrap_or_default();
    last.chars().take(100).filter(|it| !it.is_control()).collect()
}

/// The command line for people: clipboards belong to the client, so it is shown.
pub async fn copy_command(job: &Job) -> Result<Value, Trouble> {
    let wanted = job.request.command.as_deref().unwrap_or(Command::Build.name());
    let named = Command::named(wanted).or_else(|| Command::named(&format!("dockwright.{wanted}")));
    let command = named.ok_or_else(|| Trouble::Refused(format!("there is no command `{wanted}`")))?;
    let plan = job.plan(true).await?;
    let line = plan.line(command)?;
    let mut answer = handed_over(&line);
    let text = for_people(line).shown();
    answer["text"] = json!(text);
    if !job.request.dry_run {
        job.desk.tell(3, &text);
    }
    Ok(answer)
}

/// JSON on the terminal is of no use to anybody.
fn for_people(mut line: CommandLine) -> CommandLine {
    line.argv.retain(|it| it != "--progress=rawjson");
    line
}

/// Opens what the last build printed.
pub async fn show_log(job: &Job) -> Result<Value, Trouble> {
    let uri = job.request.uri.clone().ok_or_else(|| Trouble::Refused("no file is named".to_owned()))?;
    let known = job.desk.state.builds.log(&uri);
    let of_earlier = || log::path_of(&uri.to_file_path().ok()?, "build").filter(|it| it.is_file());
    let Some(path) = known.or_else(of_earlier) else {
        return Err(Trouble::Unable("nothing was built from this file yet, so there is no log".to_owned()));
    };
    let is_shown = show_file(job, Some(&path)).await;
    let uri = Url::from_file_path(&path).ok();
    Ok(job.result(
        true,
        None,
        [("log", json!(path.to_string_lossy())), ("uri", json!(uri)), ("shown", json!(is_shown))],
    ))
}

/// Has the client open a file; where it cannot, the user is told where it is.
pub async fn show_file(job: &Job, path: Option<&Path>) -> bool {
    let Some(path) = path else {
        job.desk.tell(2, "there is no log: this system has no folder for it");
        return false;
    };
    let uri = Url::from_file_path(path).ok().filter(|_| job.desk.state.session().shows_documents);
    if let Some(uri) = uri {
        let params =
            ShowDocumentParams { uri, external: Some(false), take_focus: Some(true), selection: None };
        let client = job.desk.client.clone();
        let asking = tokio::spawn(async move { client.show_document(params).await });
        if let Ok(Ok(Ok(true))) = tokio::time::timeout(QUESTION, asking).await {
            return true;
        }
    }
    job.desk.tell(3, &format!("the log is in {}", path.display()));
    false
}

/// Lists the builders of buildx, and takes the one that is chosen for the rest of the session.
pub async fn builders(job: &Job) -> Result<Value, Trouble> {
    let desk = &job.desk;
    if let Some(name) = &job.request.choose {
        desk.state.builds.choose_builder(Some(name.clone()).filter(|it| !it.is_empty()));
        return Ok(json!({ "chosen": name }));
    }
    let engine = engine(job).await?;
    let line = engine.builders().map_err(|it| Trouble::Unable(it.0))?;
    if job.request.dry_run {
        return Ok(handed_over(&line));
    }
    let said = job.capture(line, QUESTION).await?;
    if !said.is_ok() {
        return Err(Trouble::Unable(format!("the builders cannot be listed: {}", failures::why(&said))));
    }
    let mut found = read_builders(&said.output);
    // One that does not answer has no driver, and cannot build.
    found.retain(|it| it.driver != "error");
    if found.is_empty() && !said.error.trim().is_empty() {
        return Err(Trouble::Unable(format!("the builders cannot be listed: {}", failures::why(&said))));
    }
    let chosen = if job.request.pick { pick(job, &found).await } else { None };
    if let Some(name) = &chosen {
        desk.state.builds.choose_builder(Some(name.clone()));
    }
    let current = chosen.or(Some(engine.builder)).filter(|it| !it.is_empty());
    let list: Vec<Value> = found
        .iter()
        .map(|it| json!({ "name": it.name, "driver": it.driver, "current": it.is_current }))
        .collect();
    Ok(json!({ "builders": list, "chosen": current }))
}

async fn engine(job: &Job) -> Result<crate::docker::command::Engine, Trouble> {
    let state = job.desk.state.clone();
    let uri = job.request.uri.clone().or_else(|| state.folders().first().map(|it| it.uri.clone()));
    compute::beside(move || {
        let uri = uri.unwrap_or_else(|| Url::parse("untitled:none").expect("it is an address"));
        let settings = state.settings.of(&uri).settings;
        subject::must_be_trusted(&settings)?;
        let program = subject::program(&state, &settings).map_err(|it| Trouble::Unable(it.to_string()))?;
        Ok(subject::engine(&state, &settings, program, std::env::temp_dir()))
    })
    .await
}

#[derive(Debug, PartialEq, Eq)]
struct Builder {
    name: String,
    driver: String,
    is_current: bool,
}

/// `buildx ls` is a table: builders stand at the left, their nodes are set in.
fn read_builders(output: &str) -> Vec<Builder> {
    let lines = output.lines().skip_while(|it| it.starts_with("NAME"));
    let own = lines.filter(|it| !it.trim().is_empty() && !it.starts_with([' ', '\\', '_', '└']));
    own.filter_map(|line| {
        let mut words = line.split_whitespace();
        let name = words.next()?;
        let rest: Vec<&str> = words.filter(|it| *it != "*").collect();
        let is_current = name.ends_with('*') || line.split_whitespace().nth(1) == Some("*");
        let driver = rest.first().copied().unwrap_or_default().to_owned();
        Some(Builder { name: name.trim_end_matches('*').to_owned(), driver, is_current })
    })
    .collect()
}

async fn pick(job: &Job, found: &[Builder]) -> Option<String> {
    let action = |it: &Builder| MessageActionItem { title: it.name.clone(), properties: Default::default() };
    let (client, actions) = (job.desk.client.clone(), found.iter().map(action).collect());
    let asking = tokio::spawn(async move {
        client.show_message_request(MessageType::INFO, "Which builder shall build?", Some(actions)).await
    });
    let answer = tokio::time::timeout(CHOICE, asking).await.ok()?.ok()?.ok()??;
    found.iter().find(|it| it.name == answer.title).map(|it| it.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builders_are_told_from_their_nodes() {
        let table = "NAME/NODE     DRIVER/ENDPOINT  STATUS   BUILDKIT PLATFORMS\n\
                     farm*         kubernetes\n \\_ farm0     \\_ k8s        running\n\
                     default       docker\n  default     default          running  v0.11.6\n";
        let found = read_builders(table);
        let names: Vec<_> =
            found.iter().map(|it| (it.name.as_str(), it.driver.as_str(), it.is_current)).collect();
        assert_eq!(names, [("farm", "kubernetes", true), ("default", "docker", false)]);
        assert!(read_builders("default * docker\n")[0].is_current);
    }

    #[test]
    fn the_last_line_is_what_is_going_on() {
        assert_eq!(last_line(b"a\nb\r\n\n"), "b");
    }
}
