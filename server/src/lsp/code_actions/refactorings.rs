//! Changes of the text that fit the instructions at the cursor or in the selection.

use tower_lsp::lsp_types::*;

use super::{Ask, touches};
use crate::analysis::ide::refactor::{Kind, Offer, Refactoring, refactorings, repair};
use crate::analysis::lint::Finding;
use crate::analysis::text::TextEdit as Edit;
use crate::lsp::to_lsp;

pub fn offer(ask: &Ask<'_>) -> Vec<CodeAction> {
    let offers = refactorings(ask.snapshot.model(), ask.range, |kind: Kind| ask.wants(kind.as_str()));
    let repairs = if offers.is_empty() { Vec::new() } else { repairs(ask) };
    offers.into_iter().filter_map(|offer| action(ask, &repairs, offer)).collect()
}

/// What stands in the list already, as the repair of a finding.
fn repairs(ask: &Ask<'_>) -> Vec<Vec<Edit>> {
    let findings = ask.findings.iter().filter(|it| ask.wants("quickfix") && touches(it.range, ask.range));
    let edits = |finding: &Finding| {
        let own = finding.fixes().map(|fix| fix.edits);
        own.chain(repair(ask.snapshot.model(), finding).map(|it| it.edits)).collect::<Vec<_>>()
    };
    findings.flat_map(edits).collect()
}

fn action(ask: &Ask<'_>, repairs: &[Vec<Edit>], Offer { recipe, outcome }: Offer) -> Option<CodeAction> {
    let kind = Some(CodeActionKind::new(recipe.kind.as_str()));
    match outcome {
        Ok(refactoring) if repairs.contains(&refactoring.edits) => None,
        Ok(Refactoring { title, edits, warning }) => {
            let edits = to_lsp::text_edits(ask.snapshot, edits);
            let name = (recipe.name, title.as_str());
            let edit = to_lsp::annotated_edit(ask.snapshot, ask.session, edits, name, warning);
            Some(CodeAction { title, kind, edit: Some(edit), ..CodeAction::default() })
        }
        Err(refusal) => ask.session.shows_disabled_actions.then(|| CodeAction {
            title: refusal.title,
            kind,
            disabled: Some(CodeActionDisabled { reason: refusal.reason }),
            ..CodeAction::default()
        }),
    }
}
