//! From the analysis' words to the protocol's. Ranges become positions here and nowhere else.

use serde_json::json;
use text_size::TextRange;
use tower_lsp::lsp_types::*;

use super::documents::Snapshot;
use super::session::Session;
use crate::analysis::ide::OccurrenceKind;
use crate::analysis::ide::definition::Definition;
use crate::analysis::ide::folding::{Fold, FoldKind};
use crate::analysis::ide::hover::Hover as Help;
use crate::analysis::ide::inlay_hints::{InlayHint as Hint, InlayHintKind as HintKind};
use crate::analysis::ide::rename::Rename;
use crate::analysis::ide::semantic_tokens::{DataEdit, Token};
use crate::analysis::ide::signature::{Parameter, Signature, SignatureHelp as Signatures};
use crate::analysis::ide::symbols::{Symbol, SymbolKind as Kind};
use crate::analysis::knowledge::Keyword;
use crate::analysis::lint::shellcheck::ShellFinding;
use crate::analysis::lint::{Finding, Severity, Tag};
use crate::analysis::text::TextEdit as Edit;

pub fn diagnostic(snapshot: &Snapshot, session: &Session, finding: &Finding) -> Diagnostic {
    let rule = finding.rule;
    let related = || {
        finding.related().map(|(range, message)| DiagnosticRelatedInformation {
            location: location(snapshot, range),
            message: message.to_owned(),
        })
    };
    let has_related = session.shows_related_information && finding.related().next().is_some();
    Diagnostic {
        range: snapshot.range(finding.range),
        severity: Some(severity(finding.severity)),
        code: Some(NumberOrString::String(rule.name.to_owned())),
        code_description: Url::parse(rule.url).ok().map(|href| CodeDescription { href }),
        source: Some("dockwright".to_owned()),
        message: finding.message().to_owned(),
        related_information: has_related.then(|| related().collect()),
        tags: rule.tag.map(|tag| vec![diagnostic_tag(tag)]),
        data: Some(json!({ "rule": rule.name, "aliases": rule.aliases })),
    }
}

pub fn shell_diagnostic(snapshot: &Snapshot, finding: &ShellFinding) -> Diagnostic {
    Diagnostic {
        range: snapshot.range(finding.range),
        severity: Some(severity(finding.severity)),
        code: Some(NumberOrString::String(finding.code.to_string())),
        code_description: Url::parse(&finding.url()).ok().map(|href| CodeDescription { href }),
        source: Some("shellcheck".to_owned()),
        message: finding.message.clone(),
        data: Some(json!({ "rule": finding.code.as_str(), "aliases": [] })),
        ..Diagnostic::default()
    }
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Info => DiagnosticSeverity::INFORMATION,
        Severity::Hint => DiagnosticSeverity::HINT,
    }
}

fn diagnostic_tag(tag: Tag) -> DiagnosticTag {
    match tag {
        Tag::Deprecated => DiagnosticTag::DEPRECATED,
        Tag::Unnecessary => DiagnosticTag::UNNECESSARY,
    }
}

pub fn location(snapshot: &Snapshot, range: TextRange) -> Location {
    Location::new(snapshot.uri.clone(), snapshot.range(range))
}

pub fn text_edit(snapshot: &Snapshot, edit: Edit) -> TextEdit {
    TextEdit { range: snapshot.range(edit.range), new_text: edit.new_text }
}

pub fn text_edits(snapshot: &Snapshot, edits: Vec<Edit>) -> Vec<TextEdit> {
    edits.into_iter().map(|edit| text_edit(snapshot, edit)).collect()
}

/// Edits of one document, for exactly this version if the client can see to that.
pub fn workspace_edit(snapshot: &Snapshot, session: &Session, edits: Vec<TextEdit>) -> WorkspaceEdit {
    if !session.takes_document_changes {
        return WorkspaceEdit::new([(snapshot.uri.clone(), edits)].into());
    }
    let edits = edits.into_iter().map(OneOf::Left).collect();
    let changes = DocumentChanges::Edits(vec![document_edit(snapshot, edits)]);
    WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() }
}

/// Edits of one document, and a new file with `text`; for clients that can create files.
pub fn workspace_edit_and_file(
    snapshot: &Snapshot,
    edits: Vec<TextEdit>,
    file: Url,
    text: String,
) -> WorkspaceEdit {
    let create = CreateFile { uri: file.clone(), options: None, annotation_id: None };
    let text_document = OptionalVersionedTextDocumentIdentifier { uri: file, version: None };
    let content = OneOf::Left(TextEdit::new(Range::default(), text));
    let operations = vec![
        DocumentChangeOperation::Op(ResourceOp::Create(create)),
        DocumentChangeOperation::Edit(TextDocumentEdit { text_document, edits: vec![content] }),
        DocumentChangeOperation::Edit(document_edit(snapshot, edits.into_iter().map(OneOf::Left).collect())),
    ];
    WorkspaceEdit {
        document_changes: Some(DocumentChanges::Operations(operations)),
        ..WorkspaceEdit::default()
    }
}

fn document_edit(snapshot: &Snapshot, edits: Vec<OneOf<TextEdit, AnnotatedTextEdit>>) -> TextDocumentEdit {
    let version = Some(snapshot.version);
    let text_document = OptionalVersionedTextDocumentIdentifier { uri: snapshot.uri.clone(), version };
    TextDocumentEdit { text_document, edits }
}

/// Edits of one document under a name; with a warning they are shown before they are made, where the client can.
pub fn annotated_edit(
    snapshot: &Snapshot,
    session: &Session,
    edits: Vec<TextEdit>,
    (id, label): (&str, &str),
    warning: Option<String>,
) -> WorkspaceEdit {
    if !(session.takes_document_changes && session.asks_before_annotated_changes) {
        return workspace_edit(snapshot, session, edits);
    }
    let annotation_id = format!("dockwright.{id}");
    let annotated = |text_edit| AnnotatedTextEdit { text_edit, annotation_id: annotation_id.clone() };
    let edits = edits.into_iter().map(|edit| OneOf::Right(annotated(edit))).collect();
    let needs_confirmation = Some(warning.is_some());
    let annotation = ChangeAnnotation { label: label.to_owned(), needs_confirmation, description: warning };
    WorkspaceEdit {
        changes: None,
        document_changes: Some(DocumentChanges::Edits(vec![document_edit(snapshot, edits)])),
        change_annotations: Some([(annotation_id, annotation)].into()),
    }
}

/// A rename; one with a warning is shown before it is done, where the client can.
pub fn rename(snapshot: &Snapshot, session: &Session, rename: Rename, new_name: &str) -> WorkspaceEdit {
    let to_edit = |range: &TextRange| TextEdit::new(snapshot.range(*range), new_name.to_owned());
    let edits = rename.ranges.iter().map(to_edit).collect();
    match rename.warning {
        None => workspace_edit(snapshot, session, edits),
        Some(warning) => {
            let label = format!("Rename to {new_name}");
            annotated_edit(snapshot, session, edits, ("rename", &label), Some(warning))
        }
    }
}

pub fn hover(snapshot: &Snapshot, session: &Session, help: Help) -> Hover {
    Hover {
        contents: HoverContents::Markup(markup(session, help.markdown)),
        range: Some(snapshot.range(help.range)),
    }
}

/// Adds a paragraph.
pub fn add_to_hover(hover: &mut Hover, note: &str) {
    if let HoverContents::Markup(markup) = &mut hover.contents {
        markup.value.push_str("\n\n");
        markup.value.push_str(note);
    }
}

/// Clients that do not show Markdown get it as it is: it reads well enough.
pub fn markup(session: &Session, value: String) -> MarkupContent {
    markup_as(session.shows_markdown, value)
}

pub fn markup_as(is_markdown: bool, value: String) -> MarkupContent {
    let kind = if is_markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    MarkupContent { kind, value }
}

pub fn signature_help(session: &Session, help: Signatures) -> SignatureHelp {
    let active = help.signatures.get(help.active).and_then(|it| it.active_parameter);
    SignatureHelp {
        active_signature: Some(help.active as u32),
        active_parameter: active.map(|at| at as u32),
        signatures: help.signatures.into_iter().map(|it| signature(session, it)).collect(),
    }
}

fn signature(session: &Session, it: Signature) -> SignatureInformation {
    let parameters = it.parameters.iter().map(|parameter| ParameterInformation {
        label: parameter_label(session, &it.label, parameter),
        documentation: documentation(session, parameter.documentation.clone()),
    });
    SignatureInformation {
        parameters: Some(parameters.collect()),
        documentation: documentation(session, it.documentation),
        active_parameter: it.active_parameter.map(|at| at as u32),
        label: it.label,
    }
}

/// Offsets into labels count in UTF-16, whatever was negotiated for documents.
fn parameter_label(session: &Session, label: &str, parameter: &Parameter) -> ParameterLabel {
    let units = |end: usize| label.get(..end).unwrap_or(label).encode_utf16().count() as u32;
    if session.takes_label_offsets {
        ParameterLabel::LabelOffsets([units(parameter.start), units(parameter.end)])
    } else {
        ParameterLabel::Simple(label.get(parameter.start..parameter.end).unwrap_or_default().to_owned())
    }
}

fn documentation(session: &Session, text: String) -> Option<Documentation> {
    (!text.is_empty()).then(|| Documentation::MarkupContent(markup(session, text)))
}

/// Where a definition is; `file` finds a path of the build context on the disk.
pub fn definition(
    snapshot: &Snapshot,
    session: &Session,
    (origin, definitions): (Option<TextRange>, Vec<Definition>),
    file: impl Fn(&str) -> Option<Url>,
) -> Option<GotoDefinitionResponse> {
    let origin = origin.map(|range| snapshot.range(range));
    let link = |definition| location_link(snapshot, origin, definition, &file);
    let links: Vec<LocationLink> = definitions.into_iter().filter_map(link).collect();
    if links.is_empty() {
        return None;
    }
    if session.follows_location_links {
        return Some(GotoDefinitionResponse::Link(links));
    }
    let plain = links.into_iter().map(|link| Location::new(link.target_uri, link.target_selection_range));
    Some(GotoDefinitionResponse::Array(plain.collect()))
}

fn location_link(
    snapshot: &Snapshot,
    origin_selection_range: Option<Range>,
    definition: Definition,
    file: impl Fn(&str) -> Option<Url>,
) -> Option<LocationLink> {
    let (target_uri, target_range, target_selection_range) = match definition {
        Definition::Here { name, whole } => {
            (snapshot.uri.clone(), snapshot.range(whole), snapshot.range(name))
        }
        Definition::ContextPath(path) => (file(&path)?, Range::default(), Range::default()),
    };
    Some(LocationLink { origin_selection_range, target_uri, target_range, target_selection_range })
}

pub fn highlight(snapshot: &Snapshot, (range, kind): (TextRange, OccurrenceKind)) -> DocumentHighlight {
    let kind = match kind {
        OccurrenceKind::Definition => DocumentHighlightKind::WRITE,
        OccurrenceKind::Use | OccurrenceKind::ByIndex => DocumentHighlightKind::READ,
    };
    DocumentHighlight { range: snapshot.range(range), kind: Some(kind) }
}

pub fn document_symbols(
    snapshot: &Snapshot,
    session: &Session,
    symbols: Vec<Symbol>,
) -> DocumentSymbolResponse {
    if session.shows_symbol_trees {
        return DocumentSymbolResponse::Nested(
            symbols.into_iter().map(|it| symbol_tree(snapshot, it)).collect(),
        );
    }
    let mut flat = Vec::new();
    flatten(snapshot, symbols, None, &mut flat);
    DocumentSymbolResponse::Flat(flat)
}

#[allow(deprecated, reason = "the field must be given, although tags replace it")]
fn symbol_tree(snapshot: &Snapshot, symbol: Symbol) -> DocumentSymbol {
    let children: Vec<_> = symbol.children.into_iter().map(|it| symbol_tree(snapshot, it)).collect();
    DocumentSymbol {
        name: symbol_name(symbol.name),
        detail: Some(symbol.detail).filter(|it| !it.is_empty()),
        kind: symbol_kind(symbol.kind),
        tags: symbol.is_deprecated.then(|| vec![SymbolTag::DEPRECATED]),
        deprecated: None,
        range: snapshot.range(symbol.range),
        selection_range: snapshot.range(symbol.name_range),
        children: Some(children).filter(|it| !it.is_empty()),
    }
}

fn flatten(
    snapshot: &Snapshot,
    symbols: Vec<Symbol>,
    container: Option<&str>,
    into: &mut Vec<SymbolInformation>,
) {
    for mut symbol in symbols {
        let children = std::mem::take(&mut symbol.children);
        let name = symbol.name.clone();
        into.push(symbol_information(snapshot, symbol, container));
        flatten(snapshot, children, Some(&name), into);
    }
}

#[allow(deprecated, reason = "the field must be given, although tags replace it")]
pub fn symbol_information(snapshot: &Snapshot, symbol: Symbol, container: Option<&str>) -> SymbolInformation {
    SymbolInformation {
        name: symbol_name(symbol.name),
        kind: symbol_kind(symbol.kind),
        tags: symbol.is_deprecated.then(|| vec![SymbolTag::DEPRECATED]),
        deprecated: None,
        location: location(snapshot, symbol.range),
        container_name: container.map(str::to_owned),
    }
}

/// VS Code throws the whole outline away when one name is empty.
fn symbol_name(name: String) -> String {
    if name.trim().is_empty() { "(unnamed)".to_owned() } else { name }
}

fn symbol_kind(kind: Kind) -> SymbolKind {
    match kind {
        Kind::Stage => SymbolKind::CLASS,
        Kind::Variable => SymbolKind::VARIABLE,
        Kind::Unknown => SymbolKind::NULL,
        Kind::Instruction(keyword) => instruction_kind(keyword),
    }
}

fn instruction_kind(keyword: Keyword) -> SymbolKind {
    match keyword {
        Keyword::From => SymbolKind::CLASS,
        Keyword::Arg | Keyword::Env => SymbolKind::CONSTANT,
        Keyword::Copy | Keyword::Add => SymbolKind::FILE,
        Keyword::Cmd | Keyword::Entrypoint => SymbolKind::FUNCTION,
        Keyword::Run => SymbolKind::METHOD,
        Keyword::Label | Keyword::Maintainer => SymbolKind::STRING,
        Keyword::Expose => SymbolKind::INTERFACE,
        _ => SymbolKind::PROPERTY,
    }
}

pub fn inlay_hint(snapshot: &Snapshot, hint: Hint) -> InlayHint {
    InlayHint {
        position: snapshot.position(hint.offset),
        label: InlayHintLabel::String(hint.label),
        kind: match hint.kind {
            HintKind::Value | HintKind::StageIndex | HintKind::ImageVersion => None,
        },
        text_edits: None,
        tooltip: Some(InlayHintTooltip::String(hint.tooltip)),
        padding_left: Some(true),
        padding_right: None,
        data: None,
    }
}

/// Five numbers for each token. A token that a lone carriage return cuts, which only editors take for a line
/// break, is left out.
pub fn semantic_tokens(snapshot: &Snapshot, tokens: &[Token]) -> Vec<u32> {
    let mut data = Vec::with_capacity(tokens.len() * 5);
    let mut last = Position::default();
    for token in tokens {
        let Range { start, end } = snapshot.range(token.range);
        if start.line == end.line {
            let column =
                if start.line == last.line { start.character - last.character } else { start.character };
            let length = end.character - start.character;
            data.extend([start.line - last.line, column, length, token.kind as u32, token.modifiers.bits()]);
            last = start;
        }
    }
    data
}

/// Encoded tokens as the protocol's library wants them.
pub fn token_data(data: &[u32]) -> Vec<SemanticToken> {
    let tokens = data.chunks_exact(5).filter_map(|it| <[u32; 5]>::try_from(it).ok());
    let token = |[delta_line, delta_start, length, token_type, token_modifiers_bitset]: [u32; 5]| {
        SemanticToken { delta_line, delta_start, length, token_type, token_modifiers_bitset }
    };
    tokens.map(token).collect()
}

pub fn token_edit(edit: DataEdit) -> SemanticTokensEdit {
    let data = Some(token_data(&edit.data));
    SemanticTokensEdit { start: edit.start, delete_count: edit.delete_count, data }
}

pub fn folding_range(snapshot: &Snapshot, session: &Session, fold: Fold) -> FoldingRange {
    let Range { start, end } = snapshot.range(fold.range);
    let character = |position: Position| (!session.folds_lines_only).then_some(position.character);
    FoldingRange {
        start_line: start.line,
        start_character: character(start),
        end_line: end.line,
        end_character: character(end),
        kind: match fold.kind {
            FoldKind::Comment | FoldKind::Directives => Some(FoldingRangeKind::Comment),
            FoldKind::Region => Some(FoldingRangeKind::Region),
            FoldKind::Stage | FoldKind::Instruction | FoldKind::Heredoc => None,
        },
        collapsed_text: None,
    }
}

/// Ranges from the inside out as a chain.
pub fn selection_range(snapshot: &Snapshot, ranges: Vec<TextRange>) -> SelectionRange {
    let outward = |parent: Option<SelectionRange>, range: TextRange| {
        Some(SelectionRange { range: snapshot.range(range), parent: parent.map(Box::new) })
    };
    let nothing = || SelectionRange { range: Range::default(), parent: None };
    ranges.into_iter().rev().fold(None, outward).unwrap_or_else(nothing)
}
