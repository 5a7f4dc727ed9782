//! All repairs that are certain, at once: what editors run on saving.

use tower_lsp::lsp_types::*;

use super::{Ask, touches};
use crate::analysis::lint::Finding;
use crate::analysis::text::TextEdit as Edit;

pub const KIND: &str = "source.fixAll.dockwright";

pub fn offer(ask: &Ask<'_>) -> Vec<CodeAction> {
    let edits = safe_edits(ask.findings);
    let action = (!edits.is_empty()).then(|| CodeAction {
        title: "Fix all that can be fixed safely".to_owned(),
        kind: Some(CodeActionKind::new(KIND)),
        edit: Some(ask.edit(edits)),
        ..CodeAction::default()
    });
    action.into_iter().collect()
}

/// The first safe repair of each finding, without those that get in the way of an earlier one.
fn safe_edits(findings: &[Finding]) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    for fix in findings.iter().filter_map(Finding::fix).filter(|fix| fix.safe) {
        let is_free = fix.edits.iter().all(|it| edits.iter().all(|taken| !touches(taken.range, it.range)));
        if is_free {
            edits.extend(fix.edits);
        }
    }
    edits.sort_by_key(|it| it.range.start());
    edits
}
