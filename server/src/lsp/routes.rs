//! Each question about a document: what to ask the analysis, and how to say it in the protocol.
//!
//! All are pure functions of a snapshot (and of what the client can show), so that they run wherever there is
//! room; [`super::server`] takes the snapshot and decodes.

use std::path::PathBuf;

use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::lsp_types::*;

use super::documents::Snapshot;
use super::session::Session;
use super::to_lsp;
use crate::analysis::facts::Facts;
use crate::analysis::ide;
use crate::analysis::ide::format::FormatOptions;
use crate::analysis::ide::inlay_hints::InlayHintOptions;
use crate::analysis::ide::links::LinkTarget;
use crate::analysis::ide::semantic_tokens::difference;
use crate::analysis::image::ImageReference;
use crate::config::Settings;

pub fn hover(snapshot: &Snapshot, session: &Session, at: Position, known: &Facts) -> Option<Hover> {
    let help = ide::hover::hover_knowing(snapshot.model(), snapshot.offset(at), known)?;
    Some(to_lsp::hover(snapshot, session, help))
}

pub fn signature_help(snapshot: &Snapshot, session: &Session, at: Position) -> Option<SignatureHelp> {
    let help = ide::signature::signature_help(snapshot.model(), snapshot.offset(at))?;
    Some(to_lsp::signature_help(session, help))
}

pub fn definition(snapshot: &Snapshot, session: &Session, at: Position) -> Option<GotoDefinitionResponse> {
    let found = ide::definition::definition(snapshot.model(), snapshot.offset(at));
    to_lsp::definition(snapshot, session, found, |path| context_file(snapshot, path))
}

pub fn references(snapshot: &Snapshot, at: Position, with_definitions: bool) -> Vec<Location> {
    let ranges = ide::references::references(snapshot.model(), snapshot.offset(at), with_definitions);
    ranges.into_iter().map(|range| to_lsp::location(snapshot, range)).collect()
}

pub fn highlights(snapshot: &Snapshot, at: Position) -> Vec<DocumentHighlight> {
    let places = ide::references::highlights(snapshot.model(), snapshot.offset(at));
    places.into_iter().map(|place| to_lsp::highlight(snapshot, place)).collect()
}

pub fn prepare_rename(snapshot: &Snapshot, at: Position) -> Result<PrepareRenameResponse> {
    let (range, placeholder) =
        ide::rename::prepare(snapshot.model(), snapshot.offset(at)).map_err(request_failed)?;
    Ok(PrepareRenameResponse::RangeWithPlaceholder { range: snapshot.range(range), placeholder })
}

pub fn rename(snapshot: &Snapshot, session: &Session, at: Position, new_name: &str) -> Result<WorkspaceEdit> {
    let rename =
        ide::rename::rename(snapshot.model(), snapshot.offset(at), new_name).map_err(request_failed)?;
    Ok(to_lsp::rename(snapshot, session, rename, new_name))
}

/// A request that is right in form but cannot be done (`RequestFailed`); clients show the sentence.
fn request_failed(sentence: String) -> Error {
    Error { code: ErrorCode::ServerError(-32803), message: sentence.into(), data: None }
}

pub fn document_symbols(snapshot: &Snapshot, session: &Session) -> DocumentSymbolResponse {
    to_lsp::document_symbols(snapshot, session, ide::symbols::document_symbols(snapshot.model()))
}

pub fn document_links(snapshot: &Snapshot, session: &Session) -> Vec<DocumentLink> {
    let links = ide::links::links(snapshot.model()).into_iter();
    links
        .filter_map(|link| {
            let target = match &link.target {
                LinkTarget::Url(url) => Url::parse(url).ok()?,
                LinkTarget::ContextPath(path) => context_file(snapshot, path)?,
            };
            let tooltip = session.shows_link_tooltips.then_some(link.tooltip);
            Some(DocumentLink {
                range: snapshot.range(link.range),
                target: Some(target),
                tooltip,
                data: None,
            })
        })
        .collect()
}

/// The image at a position that a registry may be asked about.
pub fn image_at(snapshot: &Snapshot, at: Position) -> Option<ImageReference> {
    let model = snapshot.model();
    ide::images::image_at(model, snapshot.offset(at))?.askable(model)
}

/// The images in a range that a registry may be asked about.
pub fn images_in(snapshot: &Snapshot, range: Range) -> Vec<ImageReference> {
    let (model, range) = (snapshot.model(), snapshot.text_range(range));
    let here = ide::images::image_uses(model).filter(|it| it.range.intersect(range).is_some());
    here.filter_map(|it| it.askable(model)).take(4).collect()
}

pub fn inlay_hints(snapshot: &Snapshot, settings: &Settings, range: Range, known: &Facts) -> Vec<InlayHint> {
    let wanted = &settings.inlay_hints;
    let options =
        InlayHintOptions { variables: wanted.variables, stages: wanted.stages, images: wanted.images };
    let hints = ide::inlay_hints::inlay_hints(snapshot.model(), snapshot.text_range(range), options, known);
    hints.into_iter().map(|hint| to_lsp::inlay_hint(snapshot, hint)).collect()
}

pub fn folding_ranges(snapshot: &Snapshot, session: &Session) -> Vec<FoldingRange> {
    let folds = ide::folding::folds(&snapshot.file).into_iter();
    folds.take(session.fold_limit).map(|fold| to_lsp::folding_range(snapshot, session, fold)).collect()
}

pub fn selection_ranges(snapshot: &Snapshot, positions: &[Position]) -> Vec<SelectionRange> {
    let ranges = |at: &Position| ide::selection::selection_ranges(&snapshot.file, snapshot.offset(*at));
    positions.iter().map(|at| to_lsp::selection_range(snapshot, ranges(at))).collect()
}

/// All semantic tokens; from now on the client has them under the name of the answer.
pub fn semantic_tokens(snapshot: &Snapshot) -> SemanticTokens {
    let data = encoded_tokens(snapshot);
    let tokens = SemanticTokens { result_id: Some(token_name(snapshot)), data: to_lsp::token_data(&data) };
    *snapshot.caches.sent_tokens.lock() = (token_name(snapshot), data);
    tokens
}

/// What changed since the answer `previous`; all tokens if that is too long ago.
pub fn semantic_tokens_delta(snapshot: &Snapshot, previous: &str) -> SemanticTokensFullDeltaResult {
    let sent = std::mem::take(&mut *snapshot.caches.sent_tokens.lock());
    if sent.0 != previous {
        return semantic_tokens(snapshot).into();
    }
    let data = encoded_tokens(snapshot);
    let edits = difference(&sent.1, &data).map(to_lsp::token_edit).into_iter().collect();
    *snapshot.caches.sent_tokens.lock() = (token_name(snapshot), data);
    SemanticTokensFullDeltaResult::TokensDelta(SemanticTokensDelta {
        result_id: Some(token_name(snapshot)),
        edits,
    })
}

pub fn semantic_tokens_in(snapshot: &Snapshot, range: Range) -> SemanticTokens {
    let tokens = snapshot.caches.tokens.lock().tokens_in(&snapshot.file, snapshot.text_range(range));
    let data = to_lsp::semantic_tokens(snapshot, &tokens);
    SemanticTokens { result_id: None, data: to_lsp::token_data(&data) }
}

fn encoded_tokens(snapshot: &Snapshot) -> Vec<u32> {
    let tokens = snapshot.caches.tokens.lock().tokens(&snapshot.file);
    to_lsp::semantic_tokens(snapshot, &tokens)
}

fn token_name(snapshot: &Snapshot) -> String {
    snapshot.generation.to_string()
}

pub fn formatting(snapshot: &Snapshot, options: &FormatOptions) -> Vec<TextEdit> {
    to_lsp::text_edits(snapshot, ide::format::document(&snapshot.file, options))
}

pub fn range_formatting(snapshot: &Snapshot, options: &FormatOptions, range: Range) -> Vec<TextEdit> {
    let range = snapshot.text_range(range);
    to_lsp::text_edits(snapshot, ide::format::range(&snapshot.file, options, range))
}

pub fn on_type_formatting(
    snapshot: &Snapshot,
    options: &FormatOptions,
    at: Position,
    typed: &str,
) -> Vec<TextEdit> {
    let Some(typed) = typed.chars().next_back() else { return Vec::new() };
    to_lsp::text_edits(snapshot, ide::format::on_type(&snapshot.file, options, snapshot.offset(at), typed))
}

/// A file of the build context, for which the folder of the Dockerfile is taken.
fn context_file(snapshot: &Snapshot, path: &str) -> Option<Url> {
    let dockerfile = snapshot.uri.to_file_path().ok()?;
    let file: PathBuf = dockerfile.parent()?.join(path.trim_start_matches('/'));
    file.is_file().then(|| Url::from_file_path(file).ok()).flatten()
}
