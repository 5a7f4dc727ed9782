//! The whole file as a story, in a document of its own.

use tower_lsp::lsp_types::*;

use super::super::explain;
use super::Ask;

/// No kind of the protocol fits: it changes nothing.
pub const KIND: &str = "explain";

pub fn offer(ask: &Ask<'_>) -> Vec<CodeAction> {
    if ask.snapshot.file.is_empty() {
        return Vec::new();
    }
    vec![CodeAction {
        title: explain::TITLE.to_owned(),
        kind: Some(CodeActionKind::new(KIND)),
        command: Some(explain::command(&ask.snapshot.uri)),
        ..CodeAction::default()
    }]
}
