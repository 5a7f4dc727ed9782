//! What the server says it can do.

use tower_lsp::lsp_types::*;

use super::session::Session;
use super::{build, code_actions, explain, position};
use crate::analysis::ide::completion::TRIGGER_CHARACTERS;
use crate::analysis::ide::semantic_tokens::{Modifiers, TokenKind};

pub fn of(session: &Session) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(position::kind(session.encoding)),
        text_document_sync: Some(synchronization()),
        diagnostic_provider: session.pulls_diagnostics.then(pulled_diagnostics),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        completion_provider: Some(completion()),
        signature_help_provider: Some(signatures()),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        document_highlight_provider: Some(OneOf::Left(true)),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        })),
        document_symbol_provider: Some(OneOf::Left(true)),
        document_link_provider: Some(DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        }),
        code_action_provider: session.takes_code_actions.then(actions),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
        execute_command_provider: Some(commands()),
        inlay_hint_provider: Some(OneOf::Left(true)),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
        semantic_tokens_provider: Some(semantic_tokens()),
        document_formatting_provider: Some(OneOf::Left(true)),
        document_range_formatting_provider: Some(OneOf::Left(true)),
        document_on_type_formatting_provider: Some(DocumentOnTypeFormattingOptions {
            first_trigger_character: "\n".to_owned(),
            more_trigger_character: None,
        }),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(OneOf::Left(true)),
            }),
            file_operations: None,
        }),
        ..ServerCapabilities::default()
    }
}

fn synchronization() -> TextDocumentSyncCapability {
    TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::INCREMENTAL),
        save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions { include_text: Some(false) })),
        ..TextDocumentSyncOptions::default()
    })
}

fn completion() -> CompletionOptions {
    CompletionOptions {
        resolve_provider: Some(true),
        trigger_characters: Some(TRIGGER_CHARACTERS.iter().map(|it| it.to_string()).collect()),
        ..CompletionOptions::default()
    }
}

fn signatures() -> SignatureHelpOptions {
    let characters = |text: &str| Some(text.chars().map(String::from).collect());
    SignatureHelpOptions {
        trigger_characters: characters(" =,"),
        retrigger_characters: characters("-["),
        work_done_progress_options: WorkDoneProgressOptions::default(),
    }
}

fn actions() -> CodeActionProviderCapability {
    CodeActionProviderCapability::Options(CodeActionOptions {
        code_action_kinds: Some(
            code_actions::kinds().into_iter().chain([CodeActionKind::new(build::KIND)]).collect(),
        ),
        resolve_provider: Some(true),
        work_done_progress_options: WorkDoneProgressOptions::default(),
    })
}

fn commands() -> ExecuteCommandOptions {
    ExecuteCommandOptions {
        commands: build::Command::ALL
            .iter()
            .map(|it| it.name())
            .chain([explain::COMMAND])
            .map(str::to_owned)
            .collect(),
        work_done_progress_options: WorkDoneProgressOptions { work_done_progress: Some(true) },
    }
}

fn semantic_tokens() -> SemanticTokensServerCapabilities {
    let legend = SemanticTokensLegend {
        token_types: TokenKind::LEGEND.iter().map(|name| SemanticTokenType::new(name)).collect(),
        token_modifiers: Modifiers::LEGEND.iter().map(|name| SemanticTokenModifier::new(name)).collect(),
    };
    SemanticTokensServerCapabilities::SemanticTokensOptions(SemanticTokensOptions {
        legend,
        range: Some(true),
        full: Some(SemanticTokensFullOptions::Delta { delta: Some(true) }),
        work_done_progress_options: WorkDoneProgressOptions::default(),
    })
}

fn pulled_diagnostics() -> DiagnosticServerCapabilities {
    DiagnosticServerCapabilities::Options(DiagnosticOptions {
        identifier: Some("dockwright".to_owned()),
        inter_file_dependencies: false,
        workspace_diagnostics: true,
        work_done_progress_options: WorkDoneProgressOptions::default(),
    })
}
