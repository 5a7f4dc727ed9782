//! Comments that switch a finding off: for its instruction, or in the whole file. Never preferred.

use text_size::TextRange;
use tower_lsp::lsp_types::*;

use super::{Ask, touches};
use crate::analysis::lint::{Place, Suppressible, suppress_edits};

/// Findings that a menu is made for; nobody looks through more.
const MOST: usize = 10;

pub fn offer(ask: &Ask<'_>) -> Vec<CodeAction> {
    let own = ask.findings.iter().map(|it| (it.range, Suppressible::from(it)));
    let shell = ask.shell.iter().map(|it| (it.range, Suppressible::from(it)));
    let mut here: Vec<(TextRange, Suppressible<'_>)> =
        own.chain(shell).filter(|(range, _)| touches(*range, ask.range)).collect();
    // The same rule twice in a line is switched off by the same comment.
    let mut seen = Vec::new();
    here.retain(|(_, it)| {
        !seen.contains(&it.name) && {
            seen.push(it.name);
            true
        }
    });
    here.truncate(MOST);
    let places = [Place::Line, Place::File];
    places.iter().flat_map(|place| here.iter().filter_map(|it| action(ask, it, *place))).collect()
}

fn action(ask: &Ask<'_>, (range, it): &(TextRange, Suppressible<'_>), place: Place) -> Option<CodeAction> {
    let edits = suppress_edits(ask.snapshot.model(), it, place);
    let reach = if place == Place::Line { "for this instruction" } else { "in this file" };
    (!edits.is_empty()).then(|| CodeAction {
        title: format!("Ignore `{}` {reach}", it.name),
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: ask.diagnostics(*range, it.name),
        edit: Some(ask.edit(edits)),
        ..CodeAction::default()
    })
}
