//! Code actions: one provider for each kind of help, in the order in which editors list what they offer.
//!
//! To add one: a file with an `offer` function, and a line in [`PROVIDERS`]. What takes a look at the disk is made in
//! [`resolve`], once somebody picks the action: `offer` then leaves out the edit and fills in [`Ask::later`].

mod explain;
mod fix_all;
mod ignore_file;
mod images;
mod quick_fixes;
mod refactorings;
mod suppress;
mod write;

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};
use text_size::TextRange;
use tower_lsp::lsp_types::*;

use super::documents::Snapshot;
use super::session::Session;
use super::state::State;
use super::to_lsp;
use crate::analysis::lint::shellcheck::ShellFinding;
use crate::analysis::lint::{Facts, Finding, Linter};
use crate::analysis::text::TextEdit as Edit;

/// A kind of help.
pub struct Provider {
    /// Finds the provider again when an action is resolved.
    pub name: &'static str,
    /// The kinds that its actions can have; others are not offered.
    pub kinds: &'static [&'static str],
    /// Only for who asks for the kind: nobody wants it in the menu of a light bulb.
    pub only_on_demand: bool,
    pub offer: fn(&Ask<'_>) -> Vec<CodeAction>,
    /// Completes an action that was offered without its edit. May read files.
    pub resolve: fn(&Resolve<'_>, CodeAction) -> CodeAction,
}

/// In the order of the list: what mends, what changes the image, what rewrites, what silences; last what tells.
const PROVIDERS: &[Provider] = &[
    Provider {
        name: write::NAME,
        kinds: &["quickfix"],
        offer: write::offer,
        resolve: write::resolve,
        ..Provider::DEFAULT
    },
    Provider { name: "fix", kinds: &["quickfix"], offer: quick_fixes::offer, ..Provider::DEFAULT },
    Provider { name: "image", kinds: &["refactor.rewrite"], offer: images::offer, ..Provider::DEFAULT },
    Provider {
        name: "refactor",
        kinds: &["refactor.rewrite", "refactor.extract", "refactor.inline"],
        offer: refactorings::offer,
        ..Provider::DEFAULT
    },
    Provider {
        name: "ignore-file",
        kinds: &["refactor.rewrite"],
        offer: ignore_file::offer,
        resolve: ignore_file::resolve,
        ..Provider::DEFAULT
    },
    Provider { name: "suppress", kinds: &["quickfix"], offer: suppress::offer, ..Provider::DEFAULT },
    Provider { name: "explain", kinds: &[explain::KIND], offer: explain::offer, ..Provider::DEFAULT },
    Provider {
        name: "fix-all",
        kinds: &[fix_all::KIND],
        only_on_demand: true,
        offer: fix_all::offer,
        ..Provider::DEFAULT
    },
];

impl Provider {
    const DEFAULT: Provider = Provider {
        name: "",
        kinds: &[],
        only_on_demand: false,
        offer: |_| Vec::new(),
        resolve: |_, action| action,
    };

    fn offers(&self, ask: &Ask<'_>) -> Vec<CodeAction> {
        let is_asked = ask.params.context.only.is_some() || !self.only_on_demand;
        if !is_asked || !self.kinds.iter().any(|kind| ask.wants(kind)) {
            return Vec::new();
        }
        let mut actions = (self.offer)(ask);
        actions.retain(|action| action.kind.as_ref().is_none_or(|kind| ask.wants(kind.as_str())));
        actions
    }
}

/// What an editor asks, and all that a provider may look at.
pub struct Ask<'a> {
    pub snapshot: &'a Snapshot,
    pub session: &'a Session,
    pub findings: &'a [Finding],
    pub shell: &'a [ShellFinding],
    pub facts: &'a Facts,
    pub linter: &'a Linter,
    pub params: &'a CodeActionParams,
    /// The cursor or the selection; bytes.
    pub range: TextRange,
    /// The folders of the workspace.
    pub roots: &'a [PathBuf],
}

/// A kind is wanted with all below it: `source` wants `source.fixAll`.
pub fn wants(params: &CodeActionParams, kind: &str) -> bool {
    let Some(only) = &params.context.only else { return true };
    only.iter().any(|wanted| {
        let rest = kind.strip_prefix(wanted.as_str());
        wanted.as_str().is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

impl Ask<'_> {
    /// Whether the editor asks for actions of this kind.
    pub fn wants(&self, kind: &str) -> bool {
        wants(self.params, kind)
    }

    /// Replacements in this document.
    pub fn edit(&self, edits: Vec<Edit>) -> WorkspaceEdit {
        let edits = to_lsp::text_edits(self.snapshot, edits);
        to_lsp::workspace_edit(self.snapshot, self.session, edits)
    }

    /// The client's diagnostics that are about this finding, for it to show what an action solves.
    pub fn diagnostics(&self, range: TextRange, code: &str) -> Option<Vec<Diagnostic>> {
        let range = self.snapshot.range(range);
        let code = Some(NumberOrString::String(code.to_owned()));
        let is_it = |it: &&Diagnostic| it.range == range && it.code == code;
        let all: Vec<Diagnostic> = self.params.context.diagnostics.iter().filter(is_it).cloned().collect();
        Some(all).filter(|it| !it.is_empty())
    }

    /// The `data` of an action that `provider` completes when it is picked; `key` comes back in [`Resolve`].
    pub fn later(&self, provider: &str, key: Value) -> Option<Value> {
        let Snapshot { uri, version, .. } = self.snapshot;
        Some(json!({ "provider": provider, "uri": uri, "version": version, "key": key }))
    }
}

/// An action that was picked.
pub struct Resolve<'a> {
    pub snapshot: &'a Snapshot,
    pub session: &'a Session,
    /// What the provider gave to [`Ask::later`].
    pub key: &'a Value,
}

/// What can be done at the place that is asked about.
pub fn code_actions(ask: &Ask<'_>) -> Vec<CodeActionOrCommand> {
    let actions = PROVIDERS.iter().flat_map(|provider| provider.offers(ask));
    actions.map(CodeActionOrCommand::CodeAction).collect()
}

/// Whether a registry may be asked for this list: somebody opened it and wants rewriting, and it is not the light bulb that
/// comes with every move of the cursor.
pub fn may_ask(context: &CodeActionContext) -> bool {
    let is_kind = |it: &CodeActionKind| it.as_str().is_empty() || it.as_str().starts_with("refactor");
    let is_wanted = context.only.as_ref().is_none_or(|only| only.iter().any(is_kind));
    is_wanted && context.trigger_kind != Some(CodeActionTriggerKind::AUTOMATIC)
}

/// The document that an action is about, if it is still what it was when the action was offered.
pub fn subject(state: &State, action: &CodeAction) -> Option<Arc<Snapshot>> {
    let data = action.data.as_ref()?;
    let uri = Url::parse(data.get("uri")?.as_str()?).ok()?;
    let snapshot = state.dockerfile(&uri)?;
    (data.get("version")?.as_i64() == Some(snapshot.version.into())).then_some(snapshot)
}

/// Completes an action that was offered without its edit.
pub fn resolve(state: &State, snapshot: &Snapshot, action: CodeAction) -> CodeAction {
    let data = action.data.clone().unwrap_or_default();
    let name = data.get("provider").and_then(Value::as_str);
    let Some(provider) = PROVIDERS.iter().find(|it| Some(it.name) == name) else { return action };
    let key = data.get("key").unwrap_or(&Value::Null);
    let resolve = Resolve { snapshot, session: state.session(), key };
    (provider.resolve)(&resolve, action)
}

/// The kinds of all actions, for the server's capabilities.
pub fn kinds() -> Vec<CodeActionKind> {
    let mut kinds: Vec<&'static str> = PROVIDERS.iter().flat_map(|it| it.kinds).copied().collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds.into_iter().map(CodeActionKind::new).collect()
}

fn touches(a: TextRange, b: TextRange) -> bool {
    a.start() <= b.end() && b.start() <= a.end()
}
