//! A `.dockerignore` for the project, or the lines that it lacks.
//!
//! The project's files are looked at when the action is picked, or at once for clients that cannot wait for the edit.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tower_lsp::lsp_types::*;

use super::{Ask, Resolve};
use crate::analysis::ide::refactor::{IgnoreAction, ignore_action, new_ignore_file};
use crate::analysis::model::Model;
use crate::lsp::documents::Snapshot;
use crate::lsp::session::Session;
use crate::lsp::surroundings::ignore_files;

/// More files in the project's top folder are not looked at.
const MOST_FILES: usize = 2_000;

pub fn offer(ask: &Ask<'_>) -> Vec<CodeAction> {
    let found = ignore_action(ask.snapshot.model(), ask.range, ask.facts.ignore.as_deref());
    found.into_iter().filter_map(|it| action(ask, it)).collect()
}

fn action(ask: &Ask<'_>, action: IgnoreAction) -> Option<CodeAction> {
    let needs_new_file = action == IgnoreAction::Create;
    let is_on_disk = ask.snapshot.uri.to_file_path().is_ok();
    if !is_on_disk || (needs_new_file && !ask.session.creates_files) {
        return None;
    }
    let mut offered = CodeAction {
        title: action.title(),
        kind: Some(CodeActionKind::REFACTOR_REWRITE),
        ..CodeAction::default()
    };
    match ask.session.resolves_code_actions {
        true => offered.data = ask.later("ignore-file", key(&action)),
        false => offered.edit = Some(edit(ask.snapshot, ask.session, &action)?),
    }
    Some(offered)
}

pub fn resolve(resolve: &Resolve<'_>, action: CodeAction) -> CodeAction {
    let edit = from_key(resolve.key).and_then(|it| edit(resolve.snapshot, resolve.session, &it));
    CodeAction { edit, ..action }
}

fn key(action: &IgnoreAction) -> Value {
    match action {
        IgnoreAction::Create => json!({ "create": true }),
        IgnoreAction::Add(lines) => json!({ "lines": lines }),
    }
}

fn from_key(key: &Value) -> Option<IgnoreAction> {
    let Some(lines) = key.get("lines") else { return Some(IgnoreAction::Create) };
    let lines = lines.as_array()?.iter().filter_map(|it| it.as_str().map(str::to_owned));
    Some(IgnoreAction::Add(lines.collect()))
}

/// `None` if there is nothing to write to: the file came or went since the action was offered.
fn edit(snapshot: &Snapshot, session: &Session, action: &IgnoreAction) -> Option<WorkspaceEdit> {
    let files = ignore_files(&snapshot.uri);
    let existing = files.iter().find(|it| it.exists());
    match action {
        IgnoreAction::Create if existing.is_none() => {
            let path = files.last()?;
            Some(create(path, new_text(path, snapshot.model())?)).flatten()
        }
        IgnoreAction::Create => None,
        // At the top, so that exceptions (`!`) further down still count.
        IgnoreAction::Add(lines) => {
            let text: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
            insert(session, existing?, text)
        }
    }
}

fn new_text(path: &Path, model: &Model) -> Option<String> {
    let entries = path.parent()?.read_dir().ok()?.flatten().take(MOST_FILES);
    let names: Vec<String> = entries.filter_map(|it| it.file_name().into_string().ok()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Some(new_ignore_file(model, &names))
}

fn document_edit(uri: Url, text: String) -> TextDocumentEdit {
    let text_document = OptionalVersionedTextDocumentIdentifier { uri, version: None };
    let edit = TextEdit::new(Range::default(), text);
    TextDocumentEdit { text_document, edits: vec![OneOf::Left(edit)] }
}

fn create(path: &Path, text: String) -> Option<WorkspaceEdit> {
    let uri = Url::from_file_path(path).ok()?;
    let options = Some(CreateFileOptions { overwrite: Some(false), ignore_if_exists: Some(true) });
    let create = CreateFile { uri: uri.clone(), options, annotation_id: None };
    let operations = vec![
        DocumentChangeOperation::Op(ResourceOp::Create(create)),
        DocumentChangeOperation::Edit(document_edit(uri, text)),
    ];
    let document_changes = Some(DocumentChanges::Operations(operations));
    Some(WorkspaceEdit { document_changes, ..WorkspaceEdit::default() })
}

fn insert(session: &Session, path: &PathBuf, text: String) -> Option<WorkspaceEdit> {
    let uri = Url::from_file_path(path).ok()?;
    if !session.takes_document_changes {
        let edit = TextEdit::new(Range::default(), text);
        return Some(WorkspaceEdit::new([(uri, vec![edit])].into()));
    }
    let document_changes = Some(DocumentChanges::Edits(vec![document_edit(uri, text)]));
    Some(WorkspaceEdit { document_changes, ..WorkspaceEdit::default() })
}
