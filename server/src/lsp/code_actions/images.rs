//! Other versions of the image under the cursor.

use tower_lsp::lsp_types::*;

use super::Ask;
use crate::analysis::ide::image_actions::{ImageAction, image_actions};

pub fn offer(ask: &Ask<'_>) -> Vec<CodeAction> {
    let found = image_actions(ask.snapshot.model(), ask.range, &ask.facts.registry);
    found.into_iter().map(|it| image_action(ask, it)).collect()
}

fn image_action(ask: &Ask<'_>, action: ImageAction) -> CodeAction {
    CodeAction {
        title: action.title,
        kind: Some(CodeActionKind::REFACTOR_REWRITE),
        edit: Some(ask.edit(action.edits)),
        ..CodeAction::default()
    }
}
