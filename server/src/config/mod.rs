//! The settings: one tree, read key by key from several doors.
//!
//! Doors, each with the same keys: the editor's settings, `initializationOptions`, and `dockwright.toml`
//! (camelCase or kebab-case). What comes later wins; what is absent stays. A wrong value costs its own key
//! only: it is a [`Problem`] with a sentence, and the value before stays.
//!
//! A file in a workspace comes with somebody else's code: it can narrow what is allowed, never widen it
//! (see [`Door::Workspace`]).

mod file;
mod hadolint;
mod keys;
mod legacy;
mod reader;
mod rules;
#[cfg(test)]
mod vscode;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

pub use self::file::{FILE_NAME, ReadError, nearest, read_file, user_file};
pub use self::hadolint::{HADOLINT_NAMES, HadolintFile, read_hadolint_file, user_hadolint_file};
pub use self::keys::{KEYS, Key};
use self::reader::Reader;
pub use self::rules::OverridePaths;
use crate::analysis::lint::LabelKind;

/// Where settings come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The editor, the command line, or the user's own file.
    User,
    /// A file of the workspace: addresses, credentials, programs and trust are not its to give.
    Workspace,
}

/// A key that could not be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The whole key, with dots: `registry.timeoutMs`.
    pub key: String,
    /// A sentence that names the key and the way out.
    pub message: String,
}

/// All settings, with the defaults of `server/docs/configuration.md`.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    pub rules: RuleSettings,
    /// Later ones win.
    pub overrides: Vec<Override>,
    pub trusted_registries: Vec<String>,
    /// Label to the kind of its value, as in `.hadolint.yaml`.
    pub label_schema: BTreeMap<String, LabelKind>,
    pub strict_labels: bool,
    /// `disable-ignore-pragma` of `.hadolint.yaml`: comments switch nothing off. No key of ours.
    pub comments_are_ignored: bool,
    pub shellcheck: Shellcheck,
    pub format: Format,
    pub inlay_hints: InlayHints,
    pub code_lens: CodeLens,
    /// No network.
    pub offline: bool,
    pub registry: Registry,
    pub cli: Cli,
    /// `false`: no process and no network.
    pub trusted: bool,
    pub client: Client,
}

/// Which rules report, and as what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuleSettings {
    pub profile: Profile,
    /// Names or aliases of rules.
    pub select: Vec<String>,
    pub ignore: Vec<String>,
    pub severity: BTreeMap<String, Level>,
}

/// Rule settings for some files; absent keys stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Override {
    /// Globs, relative to the file that names them.
    pub paths: Vec<String>,
    pub profile: Option<Profile>,
    pub select: Vec<String>,
    pub ignore: Vec<String>,
    pub severity: BTreeMap<String, Level>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    #[default]
    Recommended,
    All,
    Buildkit,
    Hadolint,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Error,
    Warning,
    Info,
    Hint,
    Off,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shellcheck {
    pub enable: bool,
    /// Empty: the one on PATH.
    pub path: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format {
    pub keyword_case: KeywordCase,
    /// Columns that continuation lines are indented by; `None`: what the editor says, else 4.
    pub indent: Option<u32>,
    /// Leave instructions of several lines as they are.
    pub ignore_multiline_instructions: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeywordCase {
    #[default]
    Preserve,
    Upper,
    Lower,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlayHints {
    pub variables: bool,
    pub stages: bool,
    pub images: bool,
    pub build: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeLens {
    pub enable: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Registry {
    pub lookup: Lookup,
    pub hub_url: String,
    pub hub_registry_url: String,
    pub hub_auth_url: String,
    /// Hosts added to the default list.
    pub allow: Vec<String>,
    /// Hosts spoken to over http.
    pub insecure: Vec<String>,
    pub use_docker_credentials: bool,
    pub cache_dir: String,
    pub ca_file: String,
    /// 0: the default of each request.
    pub timeout_ms: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Lookup {
    #[default]
    OnDemand,
    OnOpen,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cli {
    /// Empty: found by itself.
    pub program: String,
    pub builder: String,
    pub env: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Client {
    /// Commands that the client offers to us.
    pub commands: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            rules: RuleSettings::default(),
            overrides: Vec::new(),
            trusted_registries: Vec::new(),
            label_schema: BTreeMap::new(),
            strict_labels: false,
            comments_are_ignored: false,
            shellcheck: Shellcheck { enable: true, path: String::new() },
            format: Format {
                keyword_case: KeywordCase::Preserve,
                indent: None,
                ignore_multiline_instructions: false,
            },
            inlay_hints: InlayHints { variables: true, stages: true, images: true, build: true },
            code_lens: CodeLens { enable: true },
            offline: false,
            registry: Registry::default(),
            cli: Cli::default(),
            trusted: true,
            client: Client::default(),
        }
    }
}

impl Settings {
    /// Takes what `tree` says over what was there; what could not be taken is returned.
    ///
    /// `null` says nothing. A wrapping `dockwright` key is looked through.
    pub fn apply(&mut self, tree: &Value, door: Door) -> Vec<Problem> {
        let tree = tree.get("dockwright").filter(|it| it.is_object()).unwrap_or(tree);
        let mut problems = Vec::new();
        if let Some(mut reader) = Reader::new(tree, door, &mut problems) {
            self.read(&mut reader);
        }
        problems
    }

    /// Takes the settings of docker-langserver (`docker.languageserver`, the tree below that name).
    pub fn apply_legacy(&mut self, tree: &Value) -> Vec<Problem> {
        legacy::apply(self, tree)
    }

    fn read(&mut self, reader: &mut Reader<'_>) {
        self.rules.read(reader);
        reader.list("overrides", &mut self.overrides, Override::read);
        reader.value("trustedRegistries", &mut self.trusted_registries);
        reader.entries("labelSchema", &mut self.label_schema);
        reader.value("strictLabels", &mut self.strict_labels);
        reader.section("shellcheck", |it| self.shellcheck.read(it));
        reader.section("format", |it| self.format.read(it));
        reader.section("inlayHints", |it| self.inlay_hints.read(it));
        reader.section("codeLens", |it| it.value("enable", &mut self.code_lens.enable));
        reader.only_to("offline", true, &mut self.offline);
        reader.section("registry", |it| self.registry.read(it));
        reader.section("cli", |it| self.cli.read(it));
        reader.only_to("trusted", false, &mut self.trusted);
        reader.section("client", |it| it.value("commands", &mut self.client.commands));
        // The extension for VS Code keeps its own setting in the same section.
        reader.skip("server");
        reader.skip("trace");
        reader.report_unknown();
    }
}

impl RuleSettings {
    fn read(&mut self, reader: &mut Reader<'_>) {
        reader.value("profile", &mut self.profile);
        reader.value("select", &mut self.select);
        reader.value("ignore", &mut self.ignore);
        let mut severities = BTreeMap::new();
        reader.entries("severity", &mut severities);
        self.set_severities(severities);
    }
}

impl Override {
    fn read(reader: &mut Reader<'_>) -> Self {
        let mut it = Override::default();
        reader.value("paths", &mut it.paths);
        reader.optional("profile", &mut it.profile);
        reader.value("select", &mut it.select);
        reader.value("ignore", &mut it.ignore);
        reader.entries("severity", &mut it.severity);
        reader.report_unknown();
        it
    }
}

impl Shellcheck {
    fn read(&mut self, reader: &mut Reader<'_>) {
        reader.value("enable", &mut self.enable);
        // A program to start is not the workspace's to choose.
        reader.guarded("path", &mut self.path);
        reader.report_unknown();
    }
}

impl Format {
    fn read(&mut self, reader: &mut Reader<'_>) {
        reader.value("keywordCase", &mut self.keyword_case);
        reader.optional("indent", &mut self.indent);
        reader.value("ignoreMultilineInstructions", &mut self.ignore_multiline_instructions);
        reader.report_unknown();
    }
}

impl InlayHints {
    fn read(&mut self, reader: &mut Reader<'_>) {
        reader.value("variables", &mut self.variables);
        reader.value("stages", &mut self.stages);
        reader.value("images", &mut self.images);
        reader.value("build", &mut self.build);
        reader.report_unknown();
    }
}

impl Registry {
    fn read(&mut self, reader: &mut Reader<'_>) {
        reader.guarded("lookup", &mut self.lookup);
        reader.guarded("hubUrl", &mut self.hub_url);
        reader.guarded("hubRegistryUrl", &mut self.hub_registry_url);
        reader.guarded("hubAuthUrl", &mut self.hub_auth_url);
        reader.guarded("allow", &mut self.allow);
        reader.guarded("insecure", &mut self.insecure);
        reader.guarded("useDockerCredentials", &mut self.use_docker_credentials);
        reader.guarded("cacheDir", &mut self.cache_dir);
        reader.guarded("caFile", &mut self.ca_file);
        reader.guarded("timeoutMs", &mut self.timeout_ms);
        reader.report_unknown();
    }
}

impl Cli {
    fn read(&mut self, reader: &mut Reader<'_>) {
        reader.guarded("program", &mut self.program);
        reader.guarded("builder", &mut self.builder);
        reader.guarded("env", &mut self.env);
        reader.report_unknown();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn applied(tree: Value, door: Door) -> (Settings, Vec<String>) {
        let mut settings = Settings::default();
        let problems = settings.apply(&tree, door);
        (settings, problems.into_iter().map(|problem| problem.message).collect())
    }

    #[test]
    fn keys_are_read_in_both_spellings_and_behind_the_name() {
        for tree in [
            json!({ "strictLabels": true, "format": { "keywordCase": "upper" } }),
            json!({ "strict-labels": true, "format": { "keyword-case": "upper" } }),
            json!({ "dockwright": { "strictLabels": true, "format": { "keywordCase": "upper" } } }),
        ] {
            let (settings, problems) = applied(tree, Door::User);
            assert!(settings.strict_labels && settings.format.keyword_case == KeywordCase::Upper);
            assert!(problems.is_empty(), "{problems:?}");
        }
    }

    #[test]
    fn a_wrong_value_is_one_sentence_and_the_rest_is_taken() {
        let tree = json!({ "profile": "loud", "offline": "yes", "ignore": ["DL3008"] });
        let (settings, problems) = applied(tree, Door::User);
        assert_eq!(settings.rules.profile, Profile::Recommended);
        assert_eq!(settings.rules.ignore, ["DL3008"]);
        assert_eq!(
            problems,
            [
                "the setting `profile` is \"loud\": unknown variant `loud`, expected one of `recommended`, `all`, \
                 `buildkit`, `hadolint`, `none`; it is left as it was",
                "the setting `offline` is \"yes\": invalid type: string \"yes\", expected a boolean; \
                 it is left as it was",
            ]
        );
    }

    #[test]
    fn each_severity_stands_for_itself() {
        let tree = json!({ "severity": { "DL3008": "off", "UndefinedVar": "loud" } });
        let (settings, problems) = applied(tree, Door::User);
        assert_eq!(settings.rules.severity, BTreeMap::from([("DL3008".to_owned(), Level::Off)]));
        assert_eq!(problems.len(), 1);
        assert!(problems[0].contains("`severity.UndefinedVar`"), "{problems:?}");
    }

    #[test]
    fn a_key_that_nobody_knows_is_named_with_the_one_that_was_meant() {
        let (_, problems) = applied(json!({ "registry": { "alow": [] } }), Door::User);
        assert_eq!(problems, ["there is no setting `registry.alow`; did you mean `registry.allow`?"]);
    }

    #[test]
    fn null_says_nothing() {
        assert_eq!(applied(Value::Null, Door::User), (Settings::default(), vec![]));
        assert_eq!(applied(json!({ "profile": null, "registry": null }), Door::User).1, [""; 0]);
        assert_eq!(applied(json!([]), Door::User).1.len(), 1);
    }

    #[test]
    fn a_workspace_cannot_widen_what_is_allowed() {
        let tree = json!({
            "registry": { "allow": ["evil.example"] }, "cli": { "program": "./evil" },
            "shellcheck": { "path": "./evil" }, "trusted": true, "offline": false, "strictLabels": true,
        });
        let mut settings = Settings { trusted: false, offline: true, ..Settings::default() };
        let problems = settings.apply(&tree, Door::Workspace);
        let expected = Settings { trusted: false, offline: true, strict_labels: true, ..Settings::default() };
        assert_eq!(settings, expected);
        let keys: Vec<&str> = problems.iter().map(|problem| problem.key.as_str()).collect();
        assert_eq!(keys, ["shellcheck.path", "offline", "registry.allow", "cli.program", "trusted"]);
    }

    #[test]
    fn a_workspace_can_narrow_what_is_allowed() {
        let (settings, problems) = applied(json!({ "trusted": false, "offline": true }), Door::Workspace);
        assert!(!settings.trusted && settings.offline && problems.is_empty());
    }

    #[test]
    fn overrides_name_their_paths() {
        let tree = json!({ "overrides": [
            { "paths": ["dev/**"], "profile": "none", "ignore": ["DL3006"] }, { "paths": 7 },
        ] });
        let (settings, problems) = applied(tree, Door::Workspace);
        assert_eq!(settings.overrides[0].profile, Some(Profile::None));
        assert_eq!(settings.overrides[0].paths, ["dev/**"]);
        assert!(problems[0].contains("`overrides[1].paths`"), "{problems:?}");
    }

    #[test]
    fn every_documented_key_takes_its_default_and_changes_nothing() {
        for key in KEYS {
            let value: Value = serde_json::from_str(key.default).expect(key.name);
            let tree = key.name.rsplit('.').fold(value, |inner, name| json!({ name: inner }));
            assert_eq!(applied(tree, Door::User), (Settings::default(), vec![]), "{}", key.name);
        }
    }
}
