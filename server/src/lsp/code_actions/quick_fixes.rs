//! The repairs that rules offer for what they found at the cursor.

use tower_lsp::lsp_types::*;

use super::{Ask, touches};
use crate::analysis::lint::{Finding, Fix};

pub fn offer(ask: &Ask<'_>) -> Vec<CodeAction> {
    let here = ask.findings.iter().filter(|finding| touches(finding.range, ask.range));
    here.flat_map(|finding| quick_fixes(ask, finding)).collect()
}

fn quick_fixes(ask: &Ask<'_>, finding: &Finding) -> Vec<CodeAction> {
    let range = ask.snapshot.range(finding.range);
    let code = Some(NumberOrString::String(finding.rule.name.to_owned()));
    let is_it = |it: &&Diagnostic| it.range == range && it.code == code;
    let solved: Vec<Diagnostic> = ask.params.context.diagnostics.iter().filter(is_it).cloned().collect();
    let action = |(at, fix): (usize, Fix)| CodeAction {
        title: fix.title,
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(solved.clone()).filter(|it| !it.is_empty()),
        is_preferred: (at == 0 && fix.safe).then_some(true),
        edit: Some(ask.edit(fix.edits)),
        ..CodeAction::default()
    };
    finding.fixes().enumerate().map(action).collect()
}
