//! `dockwright.explain`: the story of a Dockerfile, as a document beside it.
//!
//! The story is written to a file in the cache folder, and the client is asked to show that. One that cannot show
//! documents gets the place of the file in a message; any client has the text in the answer.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

use serde_json::{Value, json};
use tower_lsp::Client;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::lsp_types::*;

use super::diagnostics;
use super::documents::Snapshot;
use super::state::State;
use crate::analysis::ide::story::{Place, story};
use crate::docker::place::place;
use crate::registry::default_cache_folder;

pub const COMMAND: &str = "dockwright.explain";
pub const TITLE: &str = "Explain this Dockerfile";

/// The command as a code action carries it.
pub fn command(uri: &Url) -> Command {
    Command::new(TITLE.to_owned(), COMMAND.to_owned(), Some(vec![json!({ "uri": uri })]))
}

/// The document that the command is about: `{ uri }`, or the address alone.
pub fn subject(arguments: &[Value]) -> Result<Url> {
    let first = arguments.first().unwrap_or(&Value::Null);
    let text = first.get("uri").unwrap_or(first).as_str();
    let uri = text.and_then(|it| Url::parse(it).ok());
    uri.ok_or_else(|| Error::invalid_params(format!("`{COMMAND}` takes one argument: {{ \"uri\": \"…\" }}")))
}

/// The story of a document, in Markdown, with what registries have said about its images.
pub fn markdown(state: &State, snapshot: &Snapshot) -> String {
    let linter = state.settings.of(&snapshot.uri).linter;
    let facts = state.facts_about(snapshot);
    let findings = diagnostics::findings(snapshot, &linter, &facts);
    story(snapshot.model(), &findings, &place_of(state, snapshot), &facts.registry)
}

/// Says that there is nothing to explain.
pub fn refusal(uri: &Url) -> Error {
    let name = uri.path_segments().and_then(|mut it| it.next_back()).unwrap_or("this document");
    Error::invalid_params(format!(
        "there is nothing to explain in `{name}`: it is no Dockerfile that is open, or an empty one"
    ))
}

/// Names for the command lines.
fn place_of(state: &State, snapshot: &Snapshot) -> Place {
    let Ok(path) = snapshot.uri.to_file_path() else { return Place::default() };
    let roots = state.roots().into_iter();
    let root = roots.filter(|it| path.starts_with(it)).max_by_key(|it| it.as_os_str().len());
    place(&path, root.as_deref(), snapshot.model())
}

/// Writes the story and asks the client to show it; what the command answers.
pub fn show(state: &State, client: &Client, uri: &Url, markdown: String) -> Value {
    let file = written(uri, &markdown);
    let shown = file.as_ref().filter(|_| state.session().shows_documents);
    match (shown, &file) {
        (Some(file), _) => ask_to_show(client.clone(), file.clone()),
        (None, Some(file)) => tell(client.clone(), format!("This editor cannot be asked to show a document; the explanation is in {}", path_of(file))),
        (None, None) => tell(client.clone(), "The explanation could not be written to a file; `dockwright explain FILE` prints it in a terminal".to_owned()),
    }
    json!({ "markdown": markdown, "uri": file, "shown": shown.is_some() })
}

fn path_of(file: &Url) -> String {
    file.to_file_path().map_or_else(|_| file.to_string(), |it| it.display().to_string())
}

/// A client that does not show it after all gets the place in a message. Nobody waits for the answer.
fn ask_to_show(client: Client, uri: Url) {
    tokio::spawn(async move {
        let params =
            ShowDocumentParams { uri: uri.clone(), external: None, take_focus: Some(true), selection: None };
        let asking = client.clone();
        let asked = tokio::spawn(async move { asking.show_document(params).await });
        if !matches!(asked.await, Ok(Ok(true))) {
            let sentence = format!("The explanation is in {}", path_of(&uri));
            client.show_message(MessageType::INFO, sentence).await;
        }
    });
}

fn tell(client: Client, sentence: String) {
    tokio::spawn(async move { client.show_message(MessageType::INFO, sentence).await });
}

/// The file of the story; the same one for the same document each time, so that an editor can take it again.
fn written(uri: &Url, markdown: &str) -> Option<Url> {
    let folder = folder()?;
    std::fs::create_dir_all(&folder).ok()?;
    let name = uri.path_segments().and_then(|mut it| it.next_back()).unwrap_or("Dockerfile");
    let name: String =
        name.chars().filter(|it| it.is_ascii_alphanumeric() || ".-_".contains(*it)).take(60).collect();
    let mut hasher = DefaultHasher::new();
    uri.hash(&mut hasher);
    let path = folder.join(format!("{}-{:016x}.md", name.trim_start_matches('.'), hasher.finish()));
    std::fs::write(&path, markdown).ok()?;
    Url::from_file_path(path).ok()
}

/// The user's own folder for what can be made again: nobody else can put a link there.
fn folder() -> Option<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    let own = variable("DOCKWRIGHT_CACHE_DIR")
        .or_else(|| Some(default_cache_folder(variable)?.parent()?.to_owned()));
    own.filter(|it| it.is_absolute()).map(|it| it.join("explained"))
}
