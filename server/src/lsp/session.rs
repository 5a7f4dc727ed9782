//! What the client said about itself in `initialize`; does not change afterwards.

use tower_lsp::lsp_types::{ClientCapabilities, InitializeParams};

use super::position;
use crate::analysis::text::PositionEncoding;

#[derive(Debug, Default)]
pub struct Session {
    pub encoding: PositionEncoding,
    pub capabilities: ClientCapabilities,
    /// The client asks for diagnostics; then none are pushed.
    pub pulls_diagnostics: bool,
    /// The client wants to be told when diagnostics should be pulled again.
    pub refreshes_diagnostics: bool,
    pub gives_configuration: bool,
    pub registers_configuration: bool,
    pub watches_files: bool,
    /// Every version of a document is sent, in steps of one, but perhaps not in order.
    pub counts_versions: bool,
}

impl Session {
    pub fn new(params: &InitializeParams) -> Self {
        let capabilities = &params.capabilities;
        let workspace = capabilities.workspace.as_ref();
        let documents = capabilities.text_document.as_ref();
        let offered = capabilities.general.as_ref().and_then(|it| it.position_encodings.as_deref());
        let configuration = workspace.and_then(|it| it.did_change_configuration.as_ref());
        let watching = workspace.and_then(|it| it.did_change_watched_files.as_ref());
        Session {
            encoding: position::negotiate(offered),
            pulls_diagnostics: documents.is_some_and(|it| it.diagnostic.is_some()),
            // lsp-types 0.94 does not know `workspace.diagnostics`; who pulls, takes this request as a rule.
            refreshes_diagnostics: documents.is_some_and(|it| it.diagnostic.is_some()),
            gives_configuration: workspace.and_then(|it| it.configuration).unwrap_or(false),
            registers_configuration: configuration.and_then(|it| it.dynamic_registration).unwrap_or(false),
            watches_files: watching.and_then(|it| it.dynamic_registration).unwrap_or(false),
            counts_versions: is_helix(params),
            capabilities: capabilities.clone(),
        }
    }
}

/// Helix numbers its changes one by one and can send them out of order.
fn is_helix(params: &InitializeParams) -> bool {
    params.client_info.as_ref().is_some_and(|it| it.name.eq_ignore_ascii_case("helix"))
}
