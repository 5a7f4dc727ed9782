//! The doors through which settings come to the server, and the settings of each document.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tower_lsp::lsp_types::Url;

use crate::config::{self, Door, Settings};

/// The settings that one scope (a workspace folder, or all of them) has in the editor.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scoped {
    /// The section `dockwright`.
    pub own: Value,
    /// The section `docker.languageserver`.
    pub legacy: Value,
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
    resolved: HashMap<Option<PathBuf>, Arc<Settings>>,
    generation: u64,
    said: HashSet<String>,
    unsaid: Vec<String>,
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
    pub fn of(&self, uri: &Url) -> Arc<Settings> {
        let folder = uri.to_file_path().ok().and_then(|path| path.parent().map(Path::to_owned));
        let mut inner = self.lock();
        if let Some(settings) = inner.resolved.get(&folder) {
            return settings.clone();
        }
        let settings = Arc::new(inner.resolve(uri, folder.as_deref()));
        inner.resolved.insert(folder, settings.clone());
        settings
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

    fn resolve(&mut self, uri: &Url, folder: Option<&Path>) -> Settings {
        let mut settings = Settings::default();
        let user_file = config::user_file();
        if let Some(path) = &user_file {
            self.apply_file(&mut settings, path, Door::User);
        }
        let initial = self.initial.clone();
        self.apply(&mut settings, &initial, None);
        for scoped in self.scopes_of(uri) {
            let problems = settings.apply_legacy(&scoped.legacy);
            self.say(problems, None);
            self.apply(&mut settings, &scoped.own, None);
        }
        if let Some(path) = folder.and_then(config::nearest).filter(|path| Some(path) != user_file.as_ref()) {
            self.apply_file(&mut settings, &path, Door::Workspace);
        }
        settings
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
        let settings = store.of(&url("untitled:/a/Dockerfile"));
        assert!(settings.strict_labels && settings.format.indent == 8);
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
        assert_eq!(store.of(&uri).format.indent, 6);
        std::fs::write(&file, "[format\n").unwrap();
        assert_eq!(store.of(&uri).format.indent, 6, "until it is told of the change");
        store.forget_files();
        assert_eq!(store.of(&uri).format.indent, 2);
        assert!(store.take_problems()[0].contains("dockwright.toml: line 1"));
    }
}
