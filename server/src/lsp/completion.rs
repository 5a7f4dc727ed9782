//! Completion: what is legal at the cursor, with the files that are there, in the protocol's words.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tower_lsp::lsp_types::*;

use super::documents::Snapshot;
use super::session::Session;
use super::to_lsp;
use crate::analysis::facts::{ContextListing, EntryKind, Fact, Facts as Known};
use crate::analysis::ide::completion::{self, Facts, Insert, Item, ItemKind, Options, Site, Wanted};
use crate::analysis::ignore::Ignore;

/// Entries of one folder that are offered.
const MOST_ENTRIES: usize = 2_000;

/// What fits at a position, unless nobody asked and it would be in the way.
pub fn site(snapshot: &Snapshot, at: Position, context: Option<&CompletionContext>) -> Option<Site> {
    let site = completion::site(snapshot.model(), snapshot.offset(at))?;
    let typed = context.and_then(|it| it.trigger_character.as_deref()).and_then(|it| it.chars().next());
    typed.is_none_or(|typed| site.answers(typed)).then_some(site)
}

/// Whether the list has to wait for a look at the disk.
pub fn needs_files(site: &Site) -> bool {
    site.wanted().iter().any(|it| matches!(it, Wanted::Folder(_)))
}

/// The list. Reads a folder if [`needs_files`].
pub fn completions(
    snapshot: &Snapshot,
    session: &Session,
    site: &Site,
    ignore: Option<&Ignore>,
) -> CompletionResponse {
    let context = listing(snapshot, site).map(|value| Fact { value, age: Duration::ZERO });
    let known = Known { context, ..Known::default() };
    let facts = Facts { known: Some(&known), ignore, ..Facts::default() };
    let options = Options { supports_snippets: session.completion.takes_snippets };
    let found = completion::items(site, snapshot.model(), &facts, options);
    let items = found.items.into_iter().map(|it| item(snapshot, session, it)).collect();
    CompletionResponse::List(CompletionList { is_incomplete: found.is_incomplete, items })
}

/// Adds the documentation that the key of an item stands for.
pub fn resolve(session: &Session, mut item: CompletionItem) -> CompletionItem {
    let key = item.data.as_ref().and_then(|data| data.get("key")).and_then(Value::as_str);
    if let Some(markdown) = key.and_then(completion::resolve) {
        let shows_markdown = session.completion.shows_markdown;
        let markup = to_lsp::markup_as(shows_markdown, markdown);
        item.documentation = Some(Documentation::MarkupContent(markup));
    }
    item
}

/// The wanted folders of the build context, for which the folder of the Dockerfile is taken.
fn listing(snapshot: &Snapshot, site: &Site) -> Option<ContextListing> {
    let dockerfile = snapshot.uri.to_file_path().ok()?;
    let root = dockerfile.parent()?;
    let mut listing = ContextListing::default();
    for wanted in site.wanted() {
        if let Wanted::Folder(folder) = wanted {
            list(root, &folder, &mut listing);
        }
    }
    Some(listing)
}

fn list(root: &Path, folder: &str, listing: &mut ContextListing) {
    // A context has nothing above it.
    let leaves_context = folder.split('/').any(|segment| segment == "..");
    let Ok(entries) = root.join(folder).read_dir() else { return };
    let entries = entries.flatten().take(if leaves_context { 0 } else { MOST_ENTRIES });
    for entry in entries {
        let (Ok(metadata), Ok(name)) = (entry.path().metadata(), entry.file_name().into_string()) else {
            continue;
        };
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        let is_folder = metadata.is_dir();
        let kind = if is_folder { EntryKind::Folder } else { EntryKind::File { size: metadata.len() } };
        listing.entries.insert(path, kind);
    }
}

fn item(snapshot: &Snapshot, session: &Session, item: Item) -> CompletionItem {
    let client = &session.completion;
    let (new_text, format) = match item.insert {
        Insert::Plain(text) => (text, None),
        Insert::Snippet(text) => (text, Some(InsertTextFormat::SNIPPET)),
    };
    let replace = snapshot.range(item.replace);
    let text_edit = match client.tells_insert_from_replace {
        true => {
            let insert = snapshot.range(item.insert_range);
            CompletionTextEdit::InsertAndReplace(InsertReplaceEdit { new_text, insert, replace })
        }
        false => CompletionTextEdit::Edit(TextEdit::new(replace, new_text)),
    };
    let commit_characters = item.commit_characters.iter().map(|it| it.to_string()).collect();
    let takes_commits = client.takes_commit_characters && !item.commit_characters.is_empty();
    CompletionItem {
        label: item.label,
        kind: Some(kind(item.kind)),
        detail: Some(item.detail).filter(|it| !it.is_empty()),
        deprecated: (item.is_deprecated && !client.shows_tags).then_some(true),
        tags: (item.is_deprecated && client.shows_tags).then(|| vec![CompletionItemTag::DEPRECATED]),
        preselect: item.is_preselected.then_some(true),
        sort_text: Some(item.sort_text),
        filter_text: Some(item.filter_text),
        insert_text_format: format,
        text_edit: Some(text_edit),
        commit_characters: takes_commits.then_some(commit_characters),
        command: (item.retrigger && client.can_ask_again).then(ask_again),
        data: item.key.map(|key| json!({ "key": key })),
        ..CompletionItem::default()
    }
}

/// VS Code's own command; elsewhere it would be an error message.
fn ask_again() -> Command {
    Command::new("Complete".to_owned(), "editor.action.triggerSuggest".to_owned(), None)
}

fn kind(kind: ItemKind) -> CompletionItemKind {
    match kind {
        ItemKind::Instruction => CompletionItemKind::KEYWORD,
        ItemKind::Snippet => CompletionItemKind::SNIPPET,
        ItemKind::Flag | ItemKind::Option | ItemKind::Key => CompletionItemKind::PROPERTY,
        ItemKind::Value => CompletionItemKind::VALUE,
        ItemKind::Stage => CompletionItemKind::CLASS,
        ItemKind::Image => CompletionItemKind::MODULE,
        ItemKind::Tag | ItemKind::Signal => CompletionItemKind::ENUM_MEMBER,
        ItemKind::Variable => CompletionItemKind::VARIABLE,
        ItemKind::Operator => CompletionItemKind::OPERATOR,
        ItemKind::File => CompletionItemKind::FILE,
        ItemKind::Folder => CompletionItemKind::FOLDER,
        ItemKind::User | ItemKind::Port => CompletionItemKind::CONSTANT,
        ItemKind::Directive => CompletionItemKind::KEYWORD,
        ItemKind::Rule => CompletionItemKind::EVENT,
        ItemKind::Command => CompletionItemKind::FUNCTION,
        ItemKind::Text => CompletionItemKind::TEXT,
    }
}
