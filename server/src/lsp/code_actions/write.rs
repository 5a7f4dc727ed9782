//! Writes the Dockerfile where there is none yet, from what the project's folder holds.
//!
//! To offer it, only the names at the top of the folder are looked at; files are read once somebody picks the action.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use text_size::{TextRange, TextSize};
use tower_lsp::lsp_types::*;

use super::{Ask, Resolve};
use crate::analysis::text::TextEdit as Edit;
use crate::init::stack::Stack;
use crate::init::{Refusal, Start, scan, stack, start};
use crate::lsp::documents::Snapshot;
use crate::lsp::session::Session;
use crate::lsp::to_lsp;

pub const NAME: &str = "write";

/// One way to write the file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Way {
    /// The project: the folder of the Dockerfile, or one above it.
    folder: PathBuf,
    /// That one is above.
    is_above: bool,
    /// As `--stack` takes it; `None`: as the project's files tell.
    stack: Option<&'static str>,
    explain: bool,
}

impl Way {
    fn title(&self) -> String {
        let kind = self.stack.map(|it| format!(" ({it})")).unwrap_or_default();
        let explained = if self.explain { ", with explanations" } else { "" };
        let name = self.folder.file_name().filter(|_| self.is_above).map(|it| it.to_string_lossy());
        let project = name.map_or("this project".to_owned(), |it| format!("the project `{it}`"));
        format!("Write a Dockerfile for {project}{kind}{explained}")
    }

    fn key(&self) -> Value {
        let Way { folder, is_above, stack, explain } = self;
        json!({ "folder": folder.to_string_lossy(), "isAbove": is_above, "stack": stack, "explain": explain })
    }

    fn of_key(key: &Value) -> Way {
        let name = key.get("stack").and_then(Value::as_str);
        let stack = stack::NAMES.iter().map(|it| it.0).find(|it| Some(*it) == name);
        let is = |name: &str| key.get(name) == Some(&Value::Bool(true));
        let folder = key.get("folder").and_then(Value::as_str).unwrap_or_default().into();
        Way { folder, is_above: is("isAbove"), stack, explain: is("explain") }
    }
}

pub fn offer(ask: &Ask<'_>) -> Vec<CodeAction> {
    if ask.snapshot.file.instructions().next().is_some() {
        return Vec::new();
    }
    let Some((folder, is_above, kinds)) = project(ask) else { return Vec::new() };
    let stacks: Vec<Option<&str>> = match kinds.as_slice() {
        [_] => vec![None],
        several => several.iter().map(|it| Some(it.name())).collect(),
    };
    let ways = [false, true]
        .into_iter()
        .flat_map(|explain| stacks.clone().into_iter().map(move |stack| (stack, explain)));
    let ways = ways.map(|(stack, explain)| Way { folder: folder.clone(), is_above, stack, explain });
    ways.filter_map(|way| action(ask, &way)).collect()
}

/// The action, complete for clients that cannot ask again.
fn action(ask: &Ask<'_>, way: &Way) -> Option<CodeAction> {
    let missing = ask.findings.iter().find(|it| it.rule.name == "missing-from");
    let action = CodeAction {
        title: way.title(),
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: missing.and_then(|it| ask.diagnostics(it.range, it.rule.name)),
        ..CodeAction::default()
    };
    if ask.session.resolves_code_actions {
        return Some(CodeAction { data: ask.later(NAME, way.key()), ..action });
    }
    let action = complete(ask.snapshot, ask.session, way, action);
    let is_shown = action.disabled.is_none() || ask.session.shows_disabled_actions;
    is_shown.then_some(action)
}

pub fn resolve(resolve: &Resolve<'_>, action: CodeAction) -> CodeAction {
    complete(resolve.snapshot, resolve.session, &Way::of_key(resolve.key), action)
}

fn complete(snapshot: &Snapshot, session: &Session, way: &Way, action: CodeAction) -> CodeAction {
    match written(way) {
        Ok(written) => CodeAction { edit: Some(edit(snapshot, session, &way.folder, &written)), ..action },
        Err(Refusal(reason)) => CodeAction { disabled: Some(CodeActionDisabled { reason }), ..action },
    }
}

fn written(way: &Way) -> Result<Start, Refusal> {
    scan::with_project(&way.folder, |project| {
        let choice = way.stack.and_then(|name| stack::named(name, project));
        start(project, choice, way.explain)
    })
}

/// Folders further up are not looked at.
const HIGHEST: usize = 4;

/// The nearest folder that holds a project, whether it is above that of the Dockerfile, and what the project can be.
/// Above, only inside of the workspace; for a document that is no file, the workspace if it is one folder.
fn project(ask: &Ask<'_>) -> Option<(PathBuf, bool, Vec<Stack>)> {
    let kinds = |folder: &Path| scan::with_top(folder, stack::possible).filter(|it| !it.is_empty());
    let path = ask.snapshot.uri.to_file_path().ok();
    let Some(own) = path.as_deref().and_then(Path::parent) else {
        let [root] = ask.roots else { return None };
        return Some((root.clone(), false, kinds(root)?));
    };
    let is_inside = |it: &&Path| *it == own || ask.roots.iter().any(|root| it.starts_with(root));
    let folders = own.ancestors().take_while(is_inside).take(HIGHEST);
    let mut found = folders.filter_map(|it| Some((it.to_owned(), it != own, kinds(it)?)));
    found.next()
}

/// The text into the open document; a `.dockerignore` beside it, if there is none and the client can create files.
fn edit(snapshot: &Snapshot, session: &Session, folder: &Path, written: &Start) -> WorkspaceEdit {
    let edits = to_lsp::text_edits(snapshot, vec![into(snapshot.text(), &written.dockerfile)]);
    let ignore_file = folder.join(".dockerignore");
    let is_free = ignore_file.symlink_metadata().is_err();
    match Url::from_file_path(&ignore_file) {
        Ok(uri) if session.creates_files && is_free => {
            to_lsp::workspace_edit_and_file(snapshot, edits, uri, written.dockerignore.clone())
        }
        _ => to_lsp::workspace_edit(snapshot, session, edits),
    }
}

/// Blanks are replaced; comments stay, and no directive can stand behind them.
fn into(text: &str, dockerfile: &str) -> Edit {
    let whole = TextRange::up_to(TextSize::of(text));
    if text.trim().is_empty() {
        return Edit::new(whole, dockerfile.to_owned());
    }
    let gap = if text.ends_with('\n') { "\n" } else { "\n\n" };
    let body = dockerfile.split_once('\n').map_or(dockerfile, |it| it.1).trim_start();
    Edit::new(TextRange::empty(whole.end()), format!("{gap}{body}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_stay_and_blanks_go() {
        let text = "# syntax=docker/dockerfile:1\nFROM a\n";
        assert_eq!(into(" \n\n", text), Edit::new(TextRange::up_to(3.into()), text.to_owned()));
        assert_eq!(into("# mine", text), Edit::new(TextRange::empty(6.into()), "\n\nFROM a\n".to_owned()));
    }

    #[test]
    fn a_way_comes_back_from_its_key() {
        let way = Way { folder: "/src/shop".into(), is_above: false, stack: Some("go"), explain: true };
        assert_eq!(Way::of_key(&way.key()), way);
        assert_eq!(way.title(), "Write a Dockerfile for this project (go), with explanations");
        let above = Way { is_above: true, stack: None, explain: false, ..way };
        assert_eq!(above.title(), "Write a Dockerfile for the project `shop`");
    }
}
