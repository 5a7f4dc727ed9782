//! Changes of the text that fit the instructions at the cursor or in the selection.

use tower_lsp::lsp_types::*;

use super::{Ask, touches};
use crate::analysis::ide::refactor::{Kind, Offer, Refactoring, refactorings};
use crate::analysis::lint::Finding;
use crate::lsp::to_lsp;

pub fn offer(ask: &Ask<'_>) -> Vec<CodeAction> {
    let offers = refactorings(ask.snapshot.model(), ask.range, |kind: Kind| ask.wants(kind.as_str()));
    offers.into_iter().filter_map(|offer| action(ask, offer)).collect()
}

fn action(ask: &Ask<'_>, Offer { recipe, outcome }: Offer) -> Option<CodeAction> {
    let kind = Some(CodeActionKind::new(recipe.kind.as_str()));
    match outcome {
        Ok(refactoring) if is_offered_as_fix(ask, &refactoring) => None,
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

/// Whether the same change stands in the list already, as the repair of a finding.
fn is_offered_as_fix(ask: &Ask<'_>, refactoring: &Refactoring) -> bool {
    let repairs = |finding: &Finding| finding.fixes().any(|fix| fix.edits == refactoring.edits);
    ask.wants("quickfix") && ask.findings.iter().any(|it| touches(it.range, ask.range) && repairs(it))
}
