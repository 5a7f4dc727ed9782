//! What the client said about itself in `initialize`; does not change afterwards.

use tower_lsp::lsp_types::{
    CompletionItemCapability, InitializeParams, MarkupKind, ResourceOperationKind,
    TextDocumentClientCapabilities, WorkspaceClientCapabilities,
};

use super::position;
use crate::analysis::text::PositionEncoding;

#[derive(Debug, Default)]
pub struct Session {
    pub encoding: PositionEncoding,
    /// The client asks for diagnostics; then none are pushed.
    pub pulls_diagnostics: bool,
    pub gives_configuration: bool,
    pub registers_configuration: bool,
    pub watches_files: bool,
    /// Every version of a document is sent, in steps of one, but perhaps not in order.
    pub counts_versions: bool,
    pub shows_related_information: bool,
    pub shows_markdown: bool,
    pub completion: Completion,
    pub shows_symbol_trees: bool,
    pub folds_lines_only: bool,
    /// How many folding ranges the client takes.
    pub fold_limit: usize,
    pub follows_location_links: bool,
    pub shows_link_tooltips: bool,
    /// Parameters of signatures may be given as offsets into the label.
    pub takes_label_offsets: bool,
    /// Code actions as literals, not only as commands.
    pub takes_code_actions: bool,
    /// The edit of a code action may come when it is picked.
    pub resolves_code_actions: bool,
    /// Actions that cannot be applied are shown with the reason.
    pub shows_disabled_actions: bool,
    /// An edit may create a file.
    pub creates_files: bool,
    pub takes_document_changes: bool,
    pub asks_before_annotated_changes: bool,
    /// The server may begin a progress by itself.
    pub shows_progress: bool,
    /// The server may have it open a file.
    pub shows_documents: bool,
    pub refreshes_lenses: bool,
    pub refreshes_hints: bool,
}

/// What the client makes of completion items.
#[derive(Debug, Default)]
pub struct Completion {
    pub takes_snippets: bool,
    pub tells_insert_from_replace: bool,
    pub shows_tags: bool,
    pub shows_markdown: bool,
    pub takes_commit_characters: bool,
    /// It knows VS Code's command that opens the list again.
    pub can_ask_again: bool,
}

impl Completion {
    fn new(item: &CompletionItemCapability) -> Self {
        let formats = item.documentation_format.as_ref();
        Completion {
            takes_snippets: item.snippet_support == Some(true),
            tells_insert_from_replace: item.insert_replace_support == Some(true),
            shows_tags: item.tag_support.is_some(),
            shows_markdown: formats.is_some_and(|it| it.contains(&MarkupKind::Markdown)),
            takes_commit_characters: item.commit_characters_support == Some(true),
            can_ask_again: false,
        }
    }
}

impl Session {
    pub fn new(params: &InitializeParams) -> Self {
        let capabilities = &params.capabilities;
        let general = capabilities.general.as_ref();
        let mut session = Session {
            encoding: position::negotiate(general.and_then(|it| it.position_encodings.as_deref())),
            counts_versions: is_helix(params),
            fold_limit: usize::MAX,
            ..Session::default()
        };
        if let Some(window) = &capabilities.window {
            session.shows_progress = window.work_done_progress == Some(true);
        }
        if let Some(workspace) = &capabilities.workspace {
            session.read_workspace(workspace);
        }
        if let Some(documents) = &capabilities.text_document {
            session.read_documents(documents);
        }
        let window = capabilities.window.as_ref();
        session.shows_documents =
            window.and_then(|it| it.show_document.as_ref()).is_some_and(|it| it.support);
        session.completion.can_ask_again = is_vs_code(params);
        session
    }

    fn read_workspace(&mut self, workspace: &WorkspaceClientCapabilities) {
        let configuration = workspace.did_change_configuration.as_ref();
        let watching = workspace.did_change_watched_files.as_ref();
        let edit = workspace.workspace_edit.as_ref();
        let (lenses, hints) = (workspace.code_lens.as_ref(), workspace.inlay_hint.as_ref());
        self.refreshes_lenses = lenses.and_then(|it| it.refresh_support) == Some(true);
        self.refreshes_hints = hints.and_then(|it| it.refresh_support) == Some(true);
        self.gives_configuration = workspace.configuration == Some(true);
        self.registers_configuration = configuration.and_then(|it| it.dynamic_registration) == Some(true);
        self.watches_files = watching.and_then(|it| it.dynamic_registration) == Some(true);
        self.takes_document_changes = edit.and_then(|it| it.document_changes) == Some(true);
        let operations = edit.and_then(|it| it.resource_operations.as_ref());
        self.creates_files = self.takes_document_changes
            && operations.is_some_and(|it| it.contains(&ResourceOperationKind::Create));
        self.asks_before_annotated_changes = edit.is_some_and(|it| it.change_annotation_support.is_some());
    }

    fn read_documents(&mut self, documents: &TextDocumentClientCapabilities) {
        let published = documents.publish_diagnostics.as_ref();
        let formats = documents.hover.as_ref().and_then(|it| it.content_format.as_ref());
        let symbols = documents.document_symbol.as_ref();
        let signature = documents.signature_help.as_ref().and_then(|it| it.signature_information.as_ref());
        let parameter = signature.and_then(|it| it.parameter_information.as_ref());
        self.pulls_diagnostics = documents.diagnostic.is_some();
        self.shows_related_information =
            self.pulls_diagnostics || published.and_then(|it| it.related_information) == Some(true);
        self.shows_markdown = formats.is_some_and(|it| it.contains(&MarkupKind::Markdown));
        self.shows_symbol_trees =
            symbols.and_then(|it| it.hierarchical_document_symbol_support) == Some(true);
        self.follows_location_links = documents.definition.and_then(|it| it.link_support) == Some(true);
        self.shows_link_tooltips =
            documents.document_link.as_ref().and_then(|it| it.tooltip_support) == Some(true);
        let item = documents.completion.as_ref().and_then(|it| it.completion_item.as_ref());
        self.completion = item.map(Completion::new).unwrap_or_default();
        let folding = documents.folding_range.as_ref();
        self.folds_lines_only = folding.and_then(|it| it.line_folding_only) == Some(true);
        self.fold_limit = folding.and_then(|it| it.range_limit).map_or(usize::MAX, |limit| limit as usize);
        let actions = documents.code_action.as_ref();
        self.takes_code_actions = actions.is_some_and(|it| it.code_action_literal_support.is_some());
        self.shows_disabled_actions = actions.and_then(|it| it.disabled_support) == Some(true);
        let resolved = actions.and_then(|it| it.resolve_support.as_ref());
        self.resolves_code_actions = resolved.is_some_and(|it| it.properties.iter().any(|it| it == "edit"))
            && actions.and_then(|it| it.data_support) == Some(true);
        self.takes_label_offsets = parameter.and_then(|it| it.label_offset_support) == Some(true);
    }
}

/// Helix numbers its changes one by one and can send them out of order.
fn is_helix(params: &InitializeParams) -> bool {
    params.client_info.as_ref().is_some_and(|it| it.name.eq_ignore_ascii_case("helix"))
}

/// VS Code and what is made from it say so themselves or through the extension's settings.
fn is_vs_code(params: &InitializeParams) -> bool {
    let names = ["visual studio code", "vscode", "code-server", "codium", "code - oss"];
    let name = params.client_info.as_ref().map(|it| it.name.to_lowercase());
    name.is_some_and(|name| names.iter().any(|it| name.contains(it)))
}
