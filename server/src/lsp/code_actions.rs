//! Code actions: the repairs that rules offer, and other versions of images.

use text_size::TextRange;
use tower_lsp::lsp_types::*;

use super::documents::Snapshot;
use super::session::Session;
use super::to_lsp;
use crate::analysis::ide::image_actions::{ImageAction, image_actions};
use crate::analysis::lint::{Finding, Fix};
use crate::analysis::text::TextEdit as Edit;

/// All repairs that are certain, at once: what editors run on saving.
pub fn fix_all_kind() -> CodeActionKind {
    CodeActionKind::new("source.fixAll.dockwright")
}

pub fn code_actions(
    snapshot: &Snapshot,
    session: &Session,
    findings: &[Finding],
    params: &CodeActionParams,
) -> Vec<CodeActionOrCommand> {
    let mut actions = Vec::new();
    if is_wanted(&CodeActionKind::QUICKFIX, &params.context) {
        let range = snapshot.text_range(params.range);
        let here = findings.iter().filter(|finding| touches(finding.range, range));
        actions.extend(here.flat_map(|finding| quick_fixes(snapshot, session, finding, &params.context)));
    }
    if is_wanted(&CodeActionKind::REFACTOR_REWRITE, &params.context) {
        let found = image_actions(snapshot.model(), snapshot.text_range(params.range));
        actions.extend(found.into_iter().map(|it| image_action(snapshot, session, it)));
    }
    // Nobody wants it in the menu of a light bulb.
    let asks_for_all = params.context.only.is_some() && is_wanted(&fix_all_kind(), &params.context);
    if asks_for_all {
        actions.extend(fix_all(snapshot, session, findings));
    }
    actions.into_iter().map(CodeActionOrCommand::CodeAction).collect()
}

/// A kind is wanted with all below it: `source` wants `source.fixAll`.
fn is_wanted(kind: &CodeActionKind, context: &CodeActionContext) -> bool {
    let Some(only) = &context.only else { return true };
    only.iter().any(|wanted| {
        let rest = kind.as_str().strip_prefix(wanted.as_str());
        wanted.as_str().is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

fn touches(a: TextRange, b: TextRange) -> bool {
    a.start() <= b.end() && b.start() <= a.end()
}

fn quick_fixes(
    snapshot: &Snapshot,
    session: &Session,
    finding: &Finding,
    context: &CodeActionContext,
) -> Vec<CodeAction> {
    let range = snapshot.range(finding.range);
    let code = Some(NumberOrString::String(finding.rule.name.to_owned()));
    let is_it = |it: &&Diagnostic| it.range == range && it.code == code;
    let solved: Vec<Diagnostic> = context.diagnostics.iter().filter(is_it).cloned().collect();
    let action = |(at, fix): (usize, Fix)| CodeAction {
        title: fix.title,
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(solved.clone()).filter(|it| !it.is_empty()),
        is_preferred: (at == 0 && fix.safe).then_some(true),
        edit: Some(edit(snapshot, session, fix.edits)),
        ..CodeAction::default()
    };
    finding.fixes().enumerate().map(action).collect()
}

fn image_action(snapshot: &Snapshot, session: &Session, action: ImageAction) -> CodeAction {
    CodeAction {
        title: action.title,
        kind: Some(CodeActionKind::REFACTOR_REWRITE),
        edit: Some(edit(snapshot, session, action.edits)),
        ..CodeAction::default()
    }
}

fn fix_all(snapshot: &Snapshot, session: &Session, findings: &[Finding]) -> Option<CodeAction> {
    let edits = safe_edits(findings);
    (!edits.is_empty()).then(|| CodeAction {
        title: "Fix all that can be fixed safely".to_owned(),
        kind: Some(fix_all_kind()),
        edit: Some(edit(snapshot, session, edits)),
        ..CodeAction::default()
    })
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

fn edit(snapshot: &Snapshot, session: &Session, edits: Vec<Edit>) -> WorkspaceEdit {
    to_lsp::workspace_edit(snapshot, session, to_lsp::text_edits(snapshot, edits))
}
