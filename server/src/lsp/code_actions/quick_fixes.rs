//! The repairs for what was found at the cursor, by our rules and by ShellCheck.

use tower_lsp::lsp_types::*;

use super::{Ask, touches};
use crate::analysis::lint::shellcheck::ShellFinding;
use crate::analysis::lint::{Finding, Fix};

pub fn offer(ask: &Ask<'_>) -> Vec<CodeAction> {
    let here = ask.findings.iter().filter(|finding| touches(finding.range, ask.range));
    let shell = ask.shell.iter().filter(|finding| touches(finding.range, ask.range));
    here.flat_map(|it| quick_fixes(ask, it)).chain(shell.filter_map(|it| shell_fix(ask, it))).collect()
}

fn quick_fixes(ask: &Ask<'_>, finding: &Finding) -> Vec<CodeAction> {
    let solved = ask.diagnostics(finding.range, finding.rule.name);
    let action = |(at, fix): (usize, Fix)| CodeAction {
        is_preferred: (at == 0 && fix.safe).then_some(true),
        ..action(ask, fix, solved.clone())
    };
    finding.fixes().enumerate().map(action).collect()
}

/// Never preferred: quotes change what a command does, mostly for the better.
fn shell_fix(ask: &Ask<'_>, finding: &ShellFinding) -> Option<CodeAction> {
    let solved = ask.diagnostics(finding.range, &finding.code);
    finding.fix.clone().map(|fix| action(ask, fix, solved))
}

fn action(ask: &Ask<'_>, fix: Fix, diagnostics: Option<Vec<Diagnostic>>) -> CodeAction {
    CodeAction {
        title: fix.title,
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics,
        edit: Some(ask.edit(fix.edits)),
        ..CodeAction::default()
    }
}
