//! What completion answers.

use text_size::TextRange;

use super::cursor::Typed;

/// The answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completions {
    /// In the order to show them.
    pub items: Vec<Item>,
    /// Ask again while the user types: there may be more by then.
    pub is_incomplete: bool,
}

/// One thing to insert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub label: String,
    /// A few words beside the label; may be empty.
    pub detail: String,
    pub kind: ItemKind,
    /// For [`super::resolve`]: absent when there is no more to say.
    pub key: Option<String>,
    /// What the typed text is compared with: begins as the text from the start of `replace` on does.
    pub filter_text: String,
    /// Keeps the order of the list in every editor.
    pub sort_text: String,
    pub insert: Insert,
    /// The word under the cursor: on one line, and the cursor is in it.
    pub replace: TextRange,
    /// Its part before the cursor, for clients that tell inserting from replacing.
    pub insert_range: TextRange,
    pub is_deprecated: bool,
    pub is_preselected: bool,
    /// Typing one of them accepts the item and then inserts the character.
    pub commit_characters: &'static [&'static str],
    /// Ask for completion again once it is inserted.
    pub retrigger: bool,
}

/// The text of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Insert {
    Plain(String),
    /// In LSP's snippet syntax.
    Snippet(String),
}

/// What an item is, for the icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ItemKind {
    Instruction,
    Snippet,
    Flag,
    Option,
    Value,
    Stage,
    Image,
    Tag,
    Variable,
    Operator,
    File,
    Folder,
    User,
    Port,
    Signal,
    Directive,
    Rule,
    Command,
    Key,
    Text,
}

/// An item in the making.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    label: String,
    detail: String,
    kind: ItemKind,
    key: Option<String>,
    filter: Option<String>,
    insert: Option<Insert>,
    is_deprecated: bool,
    is_preselected: bool,
    commit_characters: &'static [&'static str],
    retrigger: bool,
}

impl Draft {
    /// Inserts its label.
    pub fn new(kind: ItemKind, label: impl Into<String>) -> Self {
        Draft {
            label: label.into(),
            detail: String::new(),
            kind,
            key: None,
            filter: None,
            insert: None,
            is_deprecated: false,
            is_preselected: false,
            commit_characters: &[],
            retrigger: false,
        }
    }

    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// What to compare with, when it is not the label.
    pub fn filter(mut self, filter: impl Into<String>) -> Self {
        self.filter = Some(filter.into());
        self
    }

    pub fn inserts(mut self, text: impl Into<String>) -> Self {
        self.insert = Some(Insert::Plain(text.into()));
        self
    }

    pub fn inserts_snippet(mut self, text: impl Into<String>) -> Self {
        self.insert = Some(Insert::Snippet(text.into()));
        self
    }

    pub fn deprecated(mut self, is_deprecated: bool) -> Self {
        self.is_deprecated = is_deprecated;
        self
    }

    pub fn preselected(mut self, is_preselected: bool) -> Self {
        self.is_preselected = is_preselected;
        self
    }

    pub fn commits_with(mut self, characters: &'static [&'static str]) -> Self {
        self.commit_characters = characters;
        self
    }

    pub fn retriggers(mut self) -> Self {
        self.retrigger = true;
        self
    }
}

/// The items so far; each is added where the one before ends.
#[derive(Debug, Default)]
pub(super) struct List {
    pub items: Vec<Item>,
    pub is_incomplete: bool,
}

impl List {
    /// Adds an item in place of `typed`; one with the same label there is enough.
    pub fn add(&mut self, typed: &Typed, draft: Draft) {
        let filter = draft.filter.unwrap_or_else(|| draft.label.clone());
        self.items.push(Item {
            filter_text: in_case_of(&typed.text, filter),
            sort_text: place(self.items.len()),
            insert: draft.insert.unwrap_or_else(|| Insert::Plain(draft.label.clone())),
            label: draft.label,
            detail: draft.detail,
            kind: draft.kind,
            key: draft.key,
            replace: typed.replace,
            insert_range: typed.insert,
            is_deprecated: draft.is_deprecated,
            is_preselected: draft.is_preselected,
            commit_characters: draft.commit_characters,
            retrigger: draft.retrigger,
        });
    }

    /// Puts the items from `start` on that begin as it is typed before the others.
    pub fn put_fitting_first(&mut self, start: usize, typed: &Typed) {
        let Some(items) = self.items.get_mut(start..).filter(|_| !typed.text.is_empty()) else { return };
        items.sort_by_key(|it| !it.filter_text.starts_with(&typed.text));
        for (number, it) in items.iter_mut().enumerate() {
            it.sort_text = place(start + number);
        }
    }

    pub fn has(&self, label: &str) -> bool {
        self.items.iter().any(|it| it.label == label)
    }
}

/// Sorts as the number does.
fn place(number: usize) -> String {
    format!("{number:05}")
}

/// Some editors compare exactly: `filter` begins as it is typed if only the case differs.
fn in_case_of(typed: &str, filter: String) -> String {
    match filter.get(..typed.len()) {
        Some(start) if start.eq_ignore_ascii_case(typed) && start != typed => {
            format!("{typed}{}", filter.get(typed.len()..).unwrap_or_default())
        }
        _ => filter,
    }
}
