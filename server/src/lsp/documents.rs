//! The open documents: their text as the client edits it, and snapshots of it for everybody else.
//!
//! Edits go into a rope and cost nothing more; the parse follows when somebody asks for a snapshot, with all
//! edits since the last one taken together. So a thousand edits in a row are parsed once.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use ropey::Rope;
use text_size::{TextRange, TextSize};
use tower_lsp::lsp_types::{TextDocumentContentChangeEvent, Url};

use super::position;
use super::shellcheck::Found;
use crate::analysis::ide::semantic_tokens::TokenCache;
use crate::analysis::lint::LintCache;
use crate::analysis::model::Model;
use crate::analysis::syntax::Dockerfile;
use crate::analysis::text::{LineIndex, PositionEncoding};

/// What a document is, by its name or else by its language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Dockerfile,
    /// `.dockerignore` and its like.
    Ignore,
    /// Compose and Bake files: known, but not ours.
    Other,
}

impl Kind {
    /// Whether a file of this name is a Dockerfile, as far as a name can tell.
    pub fn is_dockerfile_name(name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let is_named = |kind: &str| {
            let rest = name.strip_prefix(kind);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                || name.strip_suffix(kind).is_some_and(|rest| rest.ends_with('.'))
        };
        let is_ignore = name.ends_with("ignore");
        !is_ignore && (is_named("dockerfile") || is_named("containerfile"))
    }

    pub fn of(uri: &Url, language: &str) -> Kind {
        let name = uri.path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let is_ignore = name.ends_with(".dockerignore") || name.ends_with(".containerignore");
        match language {
            // Neovim calls them `gitignore`.
            _ if is_ignore => Kind::Ignore,
            "ignore" | "gitignore" => Kind::Ignore,
            "dockercompose" | "dockerbake" | "yaml" | "yaml.docker-compose" | "json" | "jsonc" | "hcl" => {
                Kind::Other
            }
            // Editors without a mode for Dockerfiles call them anything.
            _ => Kind::Dockerfile,
        }
    }
}

/// One version of one document; never changes.
#[derive(Debug)]
pub struct Snapshot {
    pub uri: Url,
    /// The client's number, sent back with diagnostics.
    pub version: i32,
    /// Ours: differs between any two snapshots of a session.
    pub generation: u64,
    pub kind: Kind,
    pub encoding: PositionEncoding,
    pub index: LineIndex,
    text: Arc<str>,
    /// Empty for what is no Dockerfile, or too long.
    pub file: Dockerfile,
    model: OnceLock<Model>,
    pub caches: Arc<Caches>,
}

/// The text, and the Dockerfile that it is; an empty one for what is not read.
fn read(kind: Kind, text: String) -> (Arc<str>, Dockerfile) {
    if kind == Kind::Dockerfile && text.len() <= LONGEST {
        let file = Dockerfile::parse(text);
        return (file.shared_text(), file);
    }
    (text.into(), Dockerfile::parse(""))
}

/// What is known about the parts that do not change; shared by all snapshots of a document.
#[derive(Debug, Default)]
pub struct Caches {
    pub findings: Cache<LintCache>,
    pub shellcheck: Cache<Found>,
    pub tokens: Cache<TokenCache>,
    /// The semantic tokens that the client has, under their name.
    pub sent_tokens: Cache<(String, Vec<u32>)>,
}

/// A value behind a lock that does not mind panics: what is half done in it is only slower.
#[derive(Debug, Default)]
pub struct Cache<T>(Mutex<T>);

impl<T> Cache<T> {
    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Longer Dockerfiles (bytes) are kept in step, but not read: BuildKit would not take them either.
pub const LONGEST: usize = 8 << 20;

impl Snapshot {
    /// A text that no older snapshot says anything about.
    pub fn new(uri: Url, kind: Kind, version: i32, text: String, encoding: PositionEncoding) -> Self {
        let index = LineIndex::new(&text);
        let (text, file) = read(kind, text);
        let (generation, caches) = (next_generation(), Arc::default());
        let model = OnceLock::new();
        Snapshot { uri, version, generation, kind, encoding, index, text, file, model, caches }
    }

    /// The snapshot after `range` was replaced by `inserted`.
    fn edited(&self, version: i32, range: TextRange, inserted: &str) -> Self {
        let is_read = |length| self.kind == Kind::Dockerfile && length <= LONGEST;
        let length = self.text.len() - usize::from(range.len()) + inserted.len();
        let (text, file) = if is_read(self.text.len()) && is_read(length) {
            let file = self.file.edit(range, inserted);
            (file.shared_text(), file)
        } else {
            let mut text = self.text.to_string();
            text.replace_range(usize::from(range.start())..usize::from(range.end()), inserted);
            read(self.kind, text)
        };
        let mut index = self.index.clone();
        index.edit(&text, range, TextSize::of(inserted));
        let carried = self.model.get().and_then(|model| model.carried_to(&file));
        Snapshot {
            uri: self.uri.clone(),
            version,
            generation: next_generation(),
            kind: self.kind,
            encoding: self.encoding,
            index,
            text,
            file,
            model: carried.map_or_else(OnceLock::new, OnceLock::from),
            caches: self.caches.clone(),
        }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is a Dockerfile, but too long to say anything about it.
    pub fn is_too_long(&self) -> bool {
        self.kind == Kind::Dockerfile && self.text.len() > LONGEST
    }

    /// Whether it is a Dockerfile to say something about.
    pub fn is_read(&self) -> bool {
        self.kind == Kind::Dockerfile && !self.is_too_long()
    }

    /// What the file means; computed once, by whoever asks first.
    pub fn model(&self) -> &Model {
        self.model.get_or_init(|| Model::new(&self.file))
    }
}

/// An open document.
#[derive(Debug)]
pub struct Document {
    rope: Rope,
    version: i32,
    latest: Arc<Snapshot>,
    /// What the rope has beyond `latest`.
    pending: Option<Pending>,
    /// The last steps, to put in order what comes out of order.
    history: VecDeque<Step>,
    /// Steps whose predecessor has not come, by version.
    held: BTreeMap<i32, Vec<TextDocumentContentChangeEvent>>,
    /// Versions are known to count by one, so that a gap means that a step is still to come.
    counts_by_one: bool,
    /// A step is missing for good: the text is not what the client has.
    is_lost: bool,
}

/// The changes of one notification.
#[derive(Debug)]
struct Step {
    base_version: i32,
    version: i32,
    before: Rope,
    changes: Vec<TextDocumentContentChangeEvent>,
}

/// All edits since a snapshot as one: its bytes `old` became `old.start..end` of the rope.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pending {
    old: std::ops::Range<usize>,
    end: usize,
}

/// Steps that are kept to put a late one in its place.
const HISTORY: usize = 32;

/// A change with more text than this (bytes) is not kept: nobody types it in a burst of keys.
const HISTORY_TEXT: usize = 64 << 10;

/// Steps that may wait for a missing one.
const HELD: usize = 64;

/// How a change went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    Yes,
    /// It waits for the one before it.
    Held,
    /// Its text cannot be known; the next full text or opening repairs that.
    Lost,
}

impl Document {
    pub fn open(uri: Url, kind: Kind, version: i32, text: String, encoding: PositionEncoding) -> Self {
        let rope = Rope::from_str(&text);
        let latest = Arc::new(Snapshot::new(uri, kind, version, text, encoding));
        Document {
            rope,
            version,
            latest,
            pending: None,
            history: VecDeque::new(),
            held: BTreeMap::new(),
            counts_by_one: false,
            is_lost: false,
        }
    }

    pub fn kind(&self) -> Kind {
        self.latest.kind
    }

    pub fn version(&self) -> i32 {
        self.version
    }

    /// From now on a gap between versions means that a change is still on its way.
    pub fn expect_every_version(&mut self) {
        self.counts_by_one = true;
    }

    /// The document as it is now, `None` if that cannot be known. Parses what was edited since the last time.
    pub fn snapshot(&mut self) -> Option<Arc<Snapshot>> {
        if let Some(pending) = self.pending.take() {
            self.latest = Arc::new(self.parse(&pending));
        }
        (!self.is_lost).then(|| self.latest.clone())
    }

    /// Whether changes wait for an earlier one.
    pub fn is_waiting(&self) -> bool {
        !self.held.is_empty()
    }

    /// Takes the changes of one notification.
    ///
    /// Helix sends them out of order in a burst of keys, Neovim skips numbers by habit. So a gap alone means
    /// nothing, but once a number came that was skipped, the change is put in its place: the steps after it
    /// are undone, and done again on the right text.
    pub fn change(&mut self, version: i32, changes: Vec<TextDocumentContentChangeEvent>) -> Applied {
        let is_full_text = changes.first().is_some_and(|change| change.range.is_none());
        if is_full_text && (self.is_lost || version > self.version) {
            self.start_over(version, &changes);
            return Applied::Yes;
        }
        if self.is_lost {
            return Applied::Lost;
        }
        let has_gap = version > self.version.saturating_add(1);
        if has_gap && self.counts_by_one {
            return self.hold(version, changes);
        }
        if version >= self.version {
            self.step(version, changes);
        } else if !self.insert_step(version, changes) {
            return self.lose();
        }
        while let Some(changes) = self.held.remove(&self.version.saturating_add(1)) {
            self.step(self.version + 1, changes);
        }
        Applied::Yes
    }

    fn hold(&mut self, version: i32, changes: Vec<TextDocumentContentChangeEvent>) -> Applied {
        self.held.insert(version, changes);
        if self.held.len() > HELD { self.lose() } else { Applied::Held }
    }

    fn lose(&mut self) -> Applied {
        self.is_lost = true;
        self.history.clear();
        self.held.clear();
        Applied::Lost
    }

    fn start_over(&mut self, version: i32, changes: &[TextDocumentContentChangeEvent]) {
        self.is_lost = false;
        self.history.clear();
        self.held.retain(|&held, _| held > version);
        self.apply_all(changes);
        self.version = version;
    }

    fn step(&mut self, version: i32, changes: Vec<TextDocumentContentChangeEvent>) {
        let before = self.rope.clone();
        self.apply_all(&changes);
        if changes.iter().map(|change| change.text.len()).sum::<usize>() > HISTORY_TEXT {
            self.history.clear();
        } else {
            self.history.push_back(Step { base_version: self.version, version, before, changes });
        }
        if self.history.len() > HISTORY {
            self.history.pop_front();
        }
        self.version = version;
    }

    /// Does a step that should have come earlier; `false` if there is no gap where it could belong.
    fn insert_step(&mut self, version: i32, changes: Vec<TextDocumentContentChangeEvent>) -> bool {
        let is_its_gap = |step: &Step| step.base_version < version && version < step.version;
        let Some(at) = self.history.iter().position(is_its_gap) else { return false };
        let later: Vec<Step> = self.history.drain(at..).collect();
        if let Some(first) = later.first() {
            self.rope = first.before.clone();
            self.version = first.base_version;
        }
        self.counts_by_one = true;
        self.pending = Some(Pending::everything(&self.latest, &self.rope));
        self.step(version, changes);
        for step in later {
            self.step(step.version, step.changes);
        }
        true
    }

    fn apply_all(&mut self, changes: &[TextDocumentContentChangeEvent]) {
        // Even without any change: the version is a new one.
        self.pending.get_or_insert(Pending { old: 0..0, end: 0 });
        for change in changes {
            self.apply(change);
        }
    }

    fn apply(&mut self, change: &TextDocumentContentChangeEvent) {
        let Some(range) = change.range else {
            self.rope = Rope::from_str(&change.text);
            self.pending = Some(Pending::everything(&self.latest, &self.rope));
            return;
        };
        let range = position::rope_range(&self.rope, range, self.latest.encoding);
        let (start, end) = (self.rope.byte_to_char(range.start), self.rope.byte_to_char(range.end));
        self.rope.remove(start..end);
        self.rope.insert(start, &change.text);
        if let Some(pending) = &mut self.pending {
            pending.add(range, change.text.len());
        }
    }

    fn parse(&self, pending: &Pending) -> Snapshot {
        let base = &self.latest;
        let inserted = self.rope.byte_slice(pending.old.start..pending.end).to_string();
        let (range, inserted) = shrink(base.text(), pending.old.clone(), &inserted);
        base.edited(self.version, range, inserted)
    }
}

impl Pending {
    fn everything(base: &Snapshot, rope: &Rope) -> Self {
        Pending { old: 0..base.text().len(), end: rope.len_bytes() }
    }

    /// Adds the replacement of `range` (of the rope) by `inserted` bytes.
    fn add(&mut self, range: std::ops::Range<usize>, inserted: usize) {
        if *self == (Pending { old: 0..0, end: 0 }) {
            *self = Pending { old: range.start..range.end, end: range.start + inserted };
            return;
        }
        // What lies behind the edited part is the same in both texts, only moved.
        self.old.end += range.end.saturating_sub(self.end);
        self.end = self.end.max(range.end) - range.len() + inserted;
        self.old.start = self.old.start.min(range.start);
    }
}

/// Leaves out what a replacement does not change at its ends: much, for clients that send full texts.
fn shrink<'a>(text: &str, old: std::ops::Range<usize>, new: &'a str) -> (TextRange, &'a str) {
    let replaced = text.get(old.clone()).unwrap_or_default();
    let mut prefix = common(replaced.bytes(), new.bytes());
    while !(replaced.is_char_boundary(prefix) && new.is_char_boundary(prefix)) {
        prefix -= 1;
    }
    let (replaced, new) = (&replaced[prefix..], &new[prefix..]);
    let mut suffix = common(replaced.bytes().rev(), new.bytes().rev());
    while !(replaced.is_char_boundary(replaced.len() - suffix) && new.is_char_boundary(new.len() - suffix)) {
        suffix -= 1;
    }
    let start = old.start + prefix;
    let end = start + replaced.len() - suffix;
    (TextRange::new(size(start), size(end)), &new[..new.len() - suffix])
}

fn common(a: impl Iterator<Item = u8>, b: impl Iterator<Item = u8>) -> usize {
    a.zip(b).take_while(|(a, b)| a == b).count()
}

fn size(bytes: usize) -> TextSize {
    TextSize::new(u32::try_from(bytes).unwrap_or(u32::MAX))
}

fn next_generation() -> u64 {
    static LAST: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    LAST.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tower_lsp::lsp_types::{Position, Range};

    use super::*;

    fn document(text: &str) -> Document {
        let uri = Url::parse("file:///Dockerfile").unwrap();
        Document::open(uri, Kind::Dockerfile, 1, text.to_owned(), PositionEncoding::Utf16)
    }

    fn edit(start: (u32, u32), end: (u32, u32), text: &str) -> TextDocumentContentChangeEvent {
        let range = Range::new(Position::new(start.0, start.1), Position::new(end.0, end.1));
        TextDocumentContentChangeEvent { range: Some(range), range_length: None, text: text.to_owned() }
    }

    fn full(text: &str) -> TextDocumentContentChangeEvent {
        TextDocumentContentChangeEvent { range: None, range_length: None, text: text.to_owned() }
    }

    fn insert(column: u32, text: &str) -> Vec<TextDocumentContentChangeEvent> {
        vec![edit((0, column), (0, column), text)]
    }

    fn text(document: &mut Document) -> String {
        let snapshot = document.snapshot().expect("the text is known");
        assert_eq!(snapshot.index, LineIndex::new(snapshot.text()));
        snapshot.text().to_owned()
    }

    #[test]
    fn changes_of_one_notification_build_on_each_other() {
        let mut document = document("FROM a\n");
        document.change(2, vec![edit((0, 5), (0, 6), "🐳b"), edit((0, 7), (0, 8), "c\nRUN x")]);
        assert_eq!(text(&mut document), "FROM 🐳c\nRUN x\n");
        assert_eq!(document.snapshot().unwrap().version, 2);
    }

    #[test]
    fn ranges_outside_the_text_are_clamped() {
        let mut document = document("a\nb");
        document.change(2, vec![edit((0, 70), (9, 9), "x"), edit((5, 0), (1, 0), "y")]);
        assert_eq!(text(&mut document), "axy");
    }

    #[test]
    fn a_full_text_is_taken_as_well() {
        let mut document = document("FROM a");
        document.change(2, vec![full("FROM bé"), edit((0, 0), (0, 0), "# c\n")]);
        assert_eq!(text(&mut document), "# c\nFROM bé");
    }

    #[test]
    fn changes_out_of_order_are_put_in_order() {
        let mut document = document("");
        for version in [2, 3, 7, 4, 5, 6] {
            let letter = char::from(b'a' + (version - 2) as u8).to_string();
            document.change(version, insert((version - 2) as u32, &letter));
        }
        assert_eq!(text(&mut document), "abcdef");
        assert_eq!(document.snapshot().unwrap().version, 7);
    }

    #[test]
    fn a_gap_is_waited_for_once_versions_are_known_to_count_by_one() {
        let mut document = document("");
        document.expect_every_version();
        document.change(2, insert(0, "a"));
        assert_eq!(document.change(4, insert(2, "c")), Applied::Held);
        assert_eq!(text(&mut document), "a");
        assert_eq!(document.change(3, insert(1, "b")), Applied::Yes);
        assert_eq!(text(&mut document), "abc");
        assert!(!document.is_waiting());
    }

    #[test]
    fn a_change_that_is_missing_for_good_is_not_guessed() {
        let mut document = document("");
        document.expect_every_version();
        for version in 0..65 {
            document.change(10 + version, insert(0, "x"));
        }
        assert!(document.snapshot().is_none());
        document.change(90, vec![full("FROM b")]);
        assert_eq!(text(&mut document), "FROM b");
    }

    #[test]
    fn a_version_that_was_there_before_is_not_applied() {
        let mut document = document("a");
        document.change(2, insert(0, "b"));
        assert_eq!(document.change(1, insert(0, "c")), Applied::Lost);
        assert!(document.snapshot().is_none());
    }

    #[test]
    fn versions_that_skip_numbers_are_ordinary() {
        let mut document = document("");
        document.change(5, insert(0, "a"));
        document.change(9, insert(1, "b"));
        assert_eq!(text(&mut document), "ab");
    }

    #[test]
    fn a_new_version_without_a_change_is_a_new_snapshot() {
        let mut document = document("FROM a");
        document.change(2, Vec::new());
        assert_eq!(document.snapshot().unwrap().version, 2);
        assert_eq!(text(&mut document), "FROM a");
    }

    #[test]
    fn a_text_that_is_too_long_is_kept_in_step_and_read_again_once_it_is_short() {
        let mut document = document(&"FROM a\n".repeat(LONGEST / 7 + 1));
        assert!(document.snapshot().unwrap().is_too_long());
        document.change(2, vec![edit((0, 0), (0, 0), "# c\n")]);
        assert!(document.snapshot().unwrap().text().starts_with("# c\nFROM a\n"));
        document.change(3, vec![edit((1, 0), (LONGEST as u32, 0), "RUN x\n")]);
        let snapshot = document.snapshot().unwrap();
        assert!(snapshot.is_read());
        assert_eq!((snapshot.text(), snapshot.file.len()), ("# c\nRUN x\n", 1));
    }

    #[test]
    fn the_kind_follows_the_name_then_the_language() {
        let kind =
            |path: &str, language: &str| Kind::of(&Url::parse(&format!("file:///{path}")).unwrap(), language);
        assert_eq!(kind(".dockerignore", "gitignore"), Kind::Ignore);
        assert_eq!(kind("api.Dockerfile.dockerignore", ""), Kind::Ignore);
        assert_eq!(kind("compose.yaml", "yaml"), Kind::Other);
        assert_eq!(kind("Dockerfile.dev", "fundamental"), Kind::Dockerfile);
    }

    #[test]
    fn dockerfiles_are_known_by_their_names() {
        for name in ["Dockerfile", "dockerfile.dev", "api.Dockerfile", "Containerfile", "x.containerfile"] {
            assert!(Kind::is_dockerfile_name(name), "{name}");
        }
        for name in ["Dockerfile.dockerignore", "MyDockerfile", "dockerfiles", ".dockerignore", "docker"] {
            assert!(!Kind::is_dockerfile_name(name), "{name}");
        }
    }

    fn piece() -> impl Strategy<Value = String> {
        let parts = vec!["FROM a", "RUN x \\", "\n", "\r\n", "é", "🐳", "<<EOF", "EOF", " ", "\r"];
        prop::collection::vec(prop::sample::select(parts), 0..6).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn any_edits_lead_to_the_text_that_a_string_leads_to(
            before in piece(),
            edits in prop::collection::vec((0u32..5, 0u32..9, 0u32..5, 0u32..9, piece(), any::<bool>()), 0..12),
        ) {
            let mut document = document(&before);
            let mut expected = before;
            for (at, (line, column, end_line, end_column, new_text, looks)) in edits.into_iter().enumerate() {
                let (start, end) = ((line, column), (end_line, end_column));
                let change = edit(start.min(end), start.max(end), &new_text);
                let range = position::rope_range(
                    &Rope::from_str(&expected), change.range.unwrap(), PositionEncoding::Utf16);
                expected.replace_range(range, &new_text);
                document.change(at as i32 + 2, vec![change]);
                if looks {
                    prop_assert_eq!(text(&mut document), expected.clone());
                }
            }
            prop_assert_eq!(text(&mut document), expected);
        }
    }
}
