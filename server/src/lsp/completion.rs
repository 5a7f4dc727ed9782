//! Completion: what is legal at the cursor, with the files that are there and what registries have told, in the protocol's
//! words. A registry is asked in the background; the list says that it is incomplete until it has answered.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tower_lsp::lsp_types::*;

use super::documents::Snapshot;
use super::images::{Depth, Desk};
use super::session::Session;
use super::{compute, to_lsp};
use crate::analysis::facts::{ContextListing, EntryKind, Fact, Facts as Known, Repository};
use crate::analysis::ide::completion::{
    self, Facts, FoundImage, Insert, Item, ItemKind, Options, Site, TagLists, Wanted,
};
use crate::analysis::ignore::Ignore;
use crate::analysis::image::{ImageReference, index};
use crate::registry::{Lookups, Question};

/// Entries of one folder that are offered.
const MOST_ENTRIES: usize = 2_000;

/// What fits at a position, unless nobody asked and it would be in the way.
pub fn site(snapshot: &Snapshot, at: Position, context: Option<&CompletionContext>) -> Option<Site> {
    let site = completion::site(snapshot.model(), snapshot.offset(at))?;
    let typed = context.and_then(|it| it.trigger_character.as_deref()).and_then(|it| it.chars().next());
    typed.is_none_or(|typed| site.answers(typed)).then_some(site)
}

/// How long a list with nothing in it waits for a registry.
const PATIENCE: Duration = Duration::from_millis(40);
/// How long the description of a tag does.
const RESOLVE: Duration = Duration::from_millis(800);
/// Fewer names than this, and the search is done again with what is typed by now.
const ENOUGH_NAMES: usize = 4;

/// What registries have for a site.
#[derive(Debug, Default)]
pub struct Remote {
    known: Known,
    images: Vec<FoundImage>,
    is_pending: bool,
}

/// Whether a registry may know more.
pub fn needs_registry(site: &Site) -> bool {
    site.wanted().iter().any(|it| matches!(it, Wanted::Images(_) | Wanted::Tags { .. }))
}

/// What is known by now; the rest is asked for in the background. Takes no longer than [`PATIENCE`].
pub async fn look_up(desk: Arc<Desk>, snapshot: Arc<Snapshot>, site: &Site) -> Remote {
    let wanted = site.wanted();
    let may_search = site.is_searchable(snapshot.model());
    if is_at_hand(&desk.lookups, &wanted) {
        return look(&desk.lookups, &wanted, may_search);
    }
    let again = (desk.clone(), wanted.clone());
    let remote = compute::beside(move || look(&desk.lookups, &wanted, may_search)).await;
    let (desk, wanted) = again;
    let Some(question) = worth_waiting_for(&remote, &wanted) else { return remote };
    let answer = tokio::time::timeout(PATIENCE, desk.lookups.wait_for_some(question)).await;
    if answer.is_err() {
        return remote;
    }
    compute::beside(move || look(&desk.lookups, &wanted, may_search)).await
}

/// Whether nothing has to be read from the disk. Another thread would cost more than the look.
fn is_at_hand(lookups: &Lookups, wanted: &[Wanted]) -> bool {
    wanted.iter().all(|it| match it {
        Wanted::Tags { image, .. } => lookups.remembers_tags(image),
        Wanted::Folder(_) => true,
        Wanted::Images(_) => false,
    })
}

/// Without an answer the list would be empty.
fn worth_waiting_for(remote: &Remote, wanted: &[Wanted]) -> Option<Question> {
    let nothing = remote.known.repositories.is_empty() && remote.is_pending;
    wanted.iter().filter(|_| nothing).find_map(|it| match it {
        Wanted::Tags { image, .. } if image.official_name().and_then(index::image).is_none() => {
            Some(Question::Tags(image.clone()))
        }
        _ => None,
    })
}

/// Asks for what is not known. Reads files of the cache.
fn look(lookups: &Lookups, wanted: &[Wanted], may_search: bool) -> Remote {
    let mut remote = Remote::default();
    for it in wanted {
        match it {
            Wanted::Tags { image, prefix } => look_for_tags(lookups, image, prefix, &mut remote),
            Wanted::Images(typed) if may_search => look_for_names(lookups, typed, &mut remote),
            _ => {}
        }
    }
    remote
}

fn look_for_tags(lookups: &Lookups, image: &ImageReference, prefix: &str, remote: &mut Remote) {
    let all = lookups.tags(image);
    remote.is_pending |= all.is_pending;
    let Some((mut fact, name)) = all.fact.zip(image.canonical_name()) else { return };
    let is_missed =
        |it: &Repository| !it.is_complete && !it.tags.iter().any(|it| it.name.starts_with(prefix));
    // While a list is on its way, they may come with it.
    if !prefix.is_empty() && !all.is_pending && fact.found().is_some_and(|it| is_missed(it)) {
        let some = lookups.tags_with(image, prefix);
        remote.is_pending |= some.is_pending;
        fact = some.fact.unwrap_or(fact);
    }
    remote.known.repositories.insert(name, fact);
}

/// The names found for less than what is typed serve as long as enough of them fit.
fn look_for_names(lookups: &Lookups, typed: &str, remote: &mut Remote) {
    let typed = typed.to_ascii_lowercase();
    let shorter = (2..typed.len()).rev().filter_map(|end| lookups.known_names(typed.get(..end)?));
    let fitting =
        shorter.map(|names| names.into_iter().filter(|it| it.0.contains(&typed)).collect::<Vec<_>>());
    let names = match fitting.into_iter().find(|it| it.len() >= ENOUGH_NAMES) {
        Some(names) => names,
        None => {
            let found = lookups.names(&typed);
            remote.is_pending |= found.is_pending;
            found.fact.unwrap_or_default()
        }
    };
    // With each letter a better search could follow.
    remote.is_pending |= !names.is_empty();
    remote.images.extend(names.into_iter().map(|(name, description)| FoundImage { name, description }));
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
    remote: Remote,
    lists: &TagLists,
) -> CompletionResponse {
    let Remote { mut known, images, is_pending } = remote;
    known.context = listing(snapshot, site).map(|value| Fact { value, age: Duration::ZERO });
    let platform = super::images::platform();
    let facts = Facts {
        known: Some(&known),
        ignore,
        images: &images,
        platform: platform.as_ref(),
        lists: Some(lists),
        is_pending,
    };
    let options = Options { supports_snippets: session.completion.takes_snippets };
    let found = completion::items(site, snapshot.model(), &facts, options);
    let items = found.items.into_iter().map(|it| item(snapshot, session, it)).collect();
    CompletionResponse::List(CompletionList { is_incomplete: found.is_incomplete, items })
}

/// The document that an item was offered in.
pub fn document_of(item: &CompletionItem) -> Option<Url> {
    Url::parse(item.data.as_ref()?.get("uri")?.as_str()?).ok()
}

/// Adds the documentation that the key of an item stands for; for a tag what its registry says, if it says so in time.
pub async fn resolve(session: &Session, desk: Option<Arc<Desk>>, mut item: CompletionItem) -> CompletionItem {
    let key = item.data.as_ref().and_then(|data| data.get("key")).and_then(Value::as_str).unwrap_or_default();
    let markdown = match desk.zip(completion::tag_of(key)) {
        Some((desk, image)) => completion::resolve_tag(key, &facts_about_tag(desk, image).await),
        None => completion::resolve(key),
    };
    if let Some(markdown) = markdown {
        let shows_markdown = session.completion.shows_markdown;
        let markup = to_lsp::markup_as(shows_markdown, markdown);
        item.documentation = Some(Documentation::MarkupContent(markup));
    }
    item
}

/// The list of tags may have said it all.
async fn facts_about_tag(desk: Arc<Desk>, image: ImageReference) -> Known {
    let (own, of) = (desk.clone(), image.clone());
    let listed = compute::beside(move || own.listed(&of)).await;
    let is_enough = |it: &Known| it.digest(&image).is_some() && !it.platforms(&image).is_empty();
    if is_enough(&listed) { listed } else { desk.learn(image, Depth::Outline, RESOLVE).await }
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
        data: item.key.map(|key| match item.kind {
            ItemKind::Tag => json!({ "key": key, "uri": snapshot.uri }),
            _ => json!({ "key": key }),
        }),
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
