//! The doors through which settings come to the server, and the settings of each document.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tower_lsp::lsp_types::Url;

use crate::analysis::lint::{Linter, Options, UnknownRule};
use crate::config::{self, Door, OverridePaths, Settings};

/// The settings that one scope (a workspace folder, or all of them) has in the editor.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scoped {
    /// The section `dockwright`.
    pub own: Value,
    /// The section `docker.languageserver`.
    pub legacy: Value,
}

/// The settings for one document, ready to use.
#[derive(Debug, Clone)]
pub struct Resolved {
    pub settings: Arc<Settings>,
    pub linter: Linter,
}

/// All that is known about settings.
#[derive(Debug, Default)]
pub struct SettingsStore {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    initial: Value,
    /// `None`: for all documents.
    scoped: HashMap<Option<Url>, Scoped>,
    /// By the folder of the document.
    resolved: HashMap<Option<PathBuf>, Folder>,
    generation: u64,
    said: HashSet<String>,
    unsaid: Vec<String>,
}

/// The settings of the documents in one folder.
#[derive(Debug)]
struct Folder {
    settings: Arc<Settings>,
    overrides: OverridePaths,
    /// By the overrides that apply.
    linters: HashMap<Vec<bool>, Linter>,
}

impl Scoped {
    /// From a tree that a client sends by itself: the whole settings, or the section alone.
    pub fn from_tree(tree: &Value) -> Scoped {
        let section = |pointer| tree.pointer(pointer).cloned();
        let (own, legacy) = (section("/dockwright"), section("/docker/languageserver"));
        if own.is_none() && legacy.is_none() {
            return Scoped { own: tree.clone(), legacy: Value::Null };
        }
        Scoped { own: own.unwrap_or_default(), legacy: legacy.unwrap_or_default() }
    }
}

impl SettingsStore {
    /// Takes `initializationOptions`.
    pub fn set_initial(&self, options: Value) {
        self.lock().initial = options;
    }

    /// Takes the editor's settings; whether anything is different now.
    pub fn set_scoped(&self, scoped: HashMap<Option<Url>, Scoped>) -> bool {
        let mut inner = self.lock();
        let is_new = inner.scoped != scoped;
        if is_new {
            inner.scoped = scoped;
            inner.forget();
        }
        is_new
    }

    /// Configuration files may have changed.
    pub fn forget_files(&self) {
        self.lock().forget();
    }

    /// The settings for a document. Reads files when its folder is asked for the first time.
    pub fn of(&self, uri: &Url) -> Resolved {
        let path = uri.to_file_path().ok();
        let folder = path.as_deref().and_then(Path::parent).map(Path::to_owned);
        let mut inner = self.lock();
        if !inner.resolved.contains_key(&folder) {
            let resolved = inner.resolve(uri, folder.as_deref());
            inner.resolved.insert(folder.clone(), resolved);
        }
        inner.resolved_in(&folder, path.as_deref().unwrap_or(Path::new(uri.path())))
    }

    /// Changes whenever [`SettingsStore::of`] may answer differently.
    pub fn generation(&self) -> u64 {
        self.lock().generation
    }

    /// What is wrong with the settings and was not said before.
    pub fn take_problems(&self) -> Vec<String> {
        std::mem::take(&mut self.lock().unsaid)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn forget(&mut self) {
        self.resolved.clear();
        self.generation += 1;
    }

    /// Defaults < the user's own file < the editor < `.hadolint.yaml` < `dockwright.toml`.
    fn resolve(&mut self, uri: &Url, folder: Option<&Path>) -> Folder {
        let mut settings = Settings::default();
        let user_file = config::user_file();
        if let Some(path) = &user_file {
            self.apply_file(&mut settings, path, Door::User);
        }
        self.apply_editor(&mut settings, uri);
        let own = folder.and_then(config::nearest).filter(|path| Some(path) != user_file.as_ref());
        let hadolint = folder.and_then(nearest_hadolint);
        // As hadolint does: the user's file counts where the project has none.
        let of_user = || if own.is_none() { config::user_hadolint_file() } else { None };
        if let Some(path) = hadolint.or_else(of_user) {
            self.apply_hadolint(&mut settings, &path);
        }
        if let Some(path) = &own {
            self.apply_file(&mut settings, path, Door::Workspace);
        }
        let root = own.as_deref().and_then(Path::parent).or(folder).unwrap_or(Path::new("/"));
        let (overrides, problems) = OverridePaths::new(&settings.overrides, root);
        problems.into_iter().for_each(|problem| self.say_once(problem));
        Folder { settings: Arc::new(settings), overrides, linters: HashMap::new() }
    }

    fn apply_editor(&mut self, settings: &mut Settings, uri: &Url) {
        let initial = self.initial.clone();
        self.apply(settings, &initial, None);
        for scoped in self.scopes_of(uri) {
            let problems = settings.apply_legacy(&scoped.legacy);
            self.say(problems, None);
            self.apply(settings, &scoped.own, None);
        }
    }

    fn apply_hadolint(&mut self, settings: &mut Settings, path: &Path) {
        match config::read_hadolint_file(path) {
            Ok(file) => {
                let problems = settings.apply(&file.settings, Door::Workspace);
                settings.comments_are_ignored = file.disable_ignore_pragma;
                self.say(problems, Some(path));
            }
            Err(error) => self.say_once(format!("{error}; its settings are not used")),
        }
    }

    fn resolved_in(&mut self, folder: &Option<PathBuf>, path: &Path) -> Resolved {
        let Some(found) = self.resolved.get_mut(folder) else {
            return Resolved { settings: Arc::default(), linter: Linter::default() };
        };
        let settings = found.settings.clone();
        let (linter, unknown) = found.linter_for(path);
        for rule in unknown {
            let hint = rule.suggestion.map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
            self.say_once(format!("there is no rule `{}`, which the settings name{hint}", rule.name));
        }
        Resolved { settings, linter }
    }

    /// What is set for everything, then what is set for the folder that holds the document.
    fn scopes_of(&self, uri: &Url) -> Vec<Scoped> {
        let holds = |scope: &Url| {
            let scope = scope.as_str().trim_end_matches('/');
            uri.as_str().strip_prefix(scope).is_some_and(|rest| rest.starts_with('/'))
        };
        let folder = self.scoped.keys().flatten().filter(|it| holds(it)).max_by_key(|it| it.as_str().len());
        let for_all = self.scoped.get(&None).into_iter();
        let for_folder = folder.and_then(|it| self.scoped.get(&Some(it.clone())));
        for_all.chain(for_folder).cloned().collect()
    }

    fn apply_file(&mut self, settings: &mut Settings, path: &Path, door: Door) {
        match config::read_file(path) {
            Ok(tree) => {
                let problems = settings.apply(&tree, door);
                self.say(problems, Some(path));
            }
            Err(error) => self.say_once(format!("{error}; its settings are not used")),
        }
    }

    fn apply(&mut self, settings: &mut Settings, tree: &Value, path: Option<&Path>) {
        let problems = settings.apply(tree, Door::User);
        self.say(problems, path);
    }

    fn say(&mut self, problems: Vec<config::Problem>, path: Option<&Path>) {
        for problem in problems {
            let origin = path.map(|path| format!("{}: ", path.display())).unwrap_or_default();
            self.say_once(format!("{origin}{}", problem.message));
        }
    }

    fn say_once(&mut self, message: String) {
        if self.said.insert(message.clone()) {
            self.unsaid.push(message);
        }
    }
}

impl Folder {
    fn linter_for(&mut self, path: &Path) -> (Linter, Vec<UnknownRule>) {
        let applies = self.overrides.matches(path);
        if let Some(linter) = self.linters.get(&applies) {
            return (linter.clone(), Vec::new());
        }
        let mut rules = self.settings.rules.clone();
        let all = self.settings.overrides.iter().zip(&applies);
        all.filter(|(_, applies)| **applies).for_each(|(it, _)| rules.overrule(it));
        let (linter, unknown) = Linter::new(&Options { policy: self.settings.policy(), ..rules.options() });
        self.linters.insert(applies, linter.clone());
        (linter, unknown)
    }
}

/// The nearest `.hadolint.yaml` in `folder` or above it.
fn nearest_hadolint(folder: &Path) -> Option<PathBuf> {
    let in_folder = |folder: &Path| {
        config::HADOLINT_NAMES.iter().map(|name| folder.join(name)).find(|path| path.is_file())
    };
    folder.ancestors().find_map(in_folder)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::analysis::lint::{Severity, rule_named};

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_folders_own_settings_win_over_those_for_all() {
        let store = SettingsStore::default();
        store.set_initial(json!({ "strictLabels": true }));
        let scoped = |own| Scoped { own, legacy: Value::Null };
        assert!(store.set_scoped(HashMap::from([
            (None, scoped(json!({ "format": { "indent": 2 } }))),
            (Some(url("untitled:/a")), scoped(json!({ "format": { "indent": 8 } }))),
        ])));
        let settings = store.of(&url("untitled:/a/Dockerfile")).settings;
        assert!(settings.strict_labels && settings.format.indent == Some(8));
    }

    #[test]
    fn the_same_problem_is_said_once() {
        let store = SettingsStore::default();
        store.set_initial(json!({ "offline": 1 }));
        store.of(&url("untitled:a"));
        store.forget_files();
        store.of(&url("untitled:a"));
        assert_eq!(store.take_problems().len(), 1);
        assert_eq!(store.take_problems(), [""; 0]);
    }

    #[test]
    fn overrides_are_for_their_paths() {
        let store = SettingsStore::default();
        store.set_initial(json!({
            "select": ["no-such-rule"],
            "overrides": [{ "paths": ["*.dev"], "profile": "none" }],
        }));
        let runs = |uri| store.of(&url(uri)).linter.active_rules().count();
        assert!(runs("file:///nowhere/Dockerfile") > 0);
        assert_eq!(runs("file:///nowhere/Dockerfile.dev"), 0);
        assert_eq!(store.take_problems(), ["there is no rule `no-such-rule`, which the settings name"]);
    }

    #[test]
    fn the_settings_of_hadolint_count_below_our_own_file() {
        let folder = tempfile::tempdir().unwrap();
        let uri = Url::from_file_path(folder.path().join("Dockerfile")).unwrap();
        let hadolint = "strict-labels: true\noverride:\n  info: [DL4000]\n";
        std::fs::write(folder.path().join(".hadolint.yaml"), hadolint).unwrap();
        let store = SettingsStore::default();
        let severity = || store.of(&uri).linter.severity_of(rule_named("DL4000").unwrap());
        assert!(store.of(&uri).settings.strict_labels);
        assert_eq!(severity(), Some(Severity::Info));
        std::fs::write(folder.path().join(config::FILE_NAME), "[severity]\nDL4000 = \"error\"\n").unwrap();
        store.forget_files();
        assert_eq!(severity(), Some(Severity::Error));
    }

    #[test]
    fn clients_send_the_whole_tree_or_the_section() {
        let whole = json!({ "dockwright": { "a": 1 }, "docker": { "languageserver": { "b": 2 } } });
        let expected = Scoped { own: json!({ "a": 1 }), legacy: json!({ "b": 2 }) };
        assert_eq!(Scoped::from_tree(&whole), expected);
        assert_eq!(
            Scoped::from_tree(&json!({ "a": 1 })),
            Scoped { own: json!({ "a": 1 }), legacy: Value::Null }
        );
    }

    #[test]
    fn a_file_of_the_workspace_wins_and_a_broken_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(config::FILE_NAME);
        let uri = Url::from_file_path(folder.path().join("Dockerfile")).unwrap();
        let store = SettingsStore::default();
        store.set_initial(json!({ "format": { "indent": 2 } }));
        std::fs::write(&file, "[format]\nindent = 6\n").unwrap();
        assert_eq!(store.of(&uri).settings.format.indent, Some(6));
        std::fs::write(&file, "[format\n").unwrap();
        assert_eq!(store.of(&uri).settings.format.indent, Some(6), "until it is told of the change");
        store.forget_files();
        assert_eq!(store.of(&uri).settings.format.indent, Some(2));
        assert!(store.take_problems()[0].contains("dockwright.toml: line 1"));
    }
}
