//! The repairs for what was found at the cursor, by our rules and by ShellCheck.

use tower_lsp::lsp_types::*;

use super::{Ask, touches};
use crate::analysis::ide::refactor::{Refactoring, repair};
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
    let own = finding.fixes().enumerate().map(action);
    let by_recipe = repair(ask.snapshot.model(), finding).map(|it| rewrite(ask, it, solved.clone()));
    own.chain(by_recipe).collect()
}

/// A recipe that mends the finding.
fn rewrite(ask: &Ask<'_>, repair: Refactoring, diagnostics: Option<Vec<Diagnostic>>) -> CodeAction {
    action(ask, Fix { title: repair.title, safe: false, edits: repair.edits }, diagnostics)
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
