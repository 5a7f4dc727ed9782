//! The settings for each file: defaults < the user's own file < `.hadolint.yaml` < `dockwright.toml` < command line.
//!
//! A configuration file with a fault governs nothing: what it was meant to say is unknown, so the files below
//! it are left out with one sentence, and all others are checked.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, bail};
use clap::Args;
use serde_json::Value;

use super::walk::{Target, shown};
use crate::analysis::lint::{Linter, Options, Profile, RuleName, Severity};
use crate::config::{self, Door, HadolintFile, Level, Override, OverridePaths, RuleSettings, Settings};

/// What every command takes.
#[derive(Debug, Args, Clone)]
pub struct CommonArguments {
    /// Use this configuration (dockwright.toml or .hadolint.yaml) for all files.
    #[arg(long, value_name = "FILE", env = "DOCKWRIGHT_CONFIG", hide_env_values = true)]
    pub config: Option<PathBuf>,
    /// When to use colours.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: super::terminal::Color,
    /// Print findings and errors only.
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say which files and settings are used.
    #[arg(long, short)]
    pub verbose: bool,
    /// Never use the network.
    #[arg(long, env = "DOCKWRIGHT_OFFLINE", hide_env_values = true, value_parser = clap::builder::FalseyValueParser::new())]
    pub offline: bool,
}

/// Rules that the command line chooses.
#[derive(Debug, Args, Clone, Default)]
pub struct RuleArguments {
    /// Which rules to start from: recommended, all, buildkit, hadolint or none.
    #[arg(long, value_name = "PROFILE", value_parser = parse_profile)]
    pub profile: Option<config::Profile>,
    /// Rules to add, by any of their names; separated by commas, or several times.
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Rules to leave out.
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// What rules report as: RULE=error, warning, info, hint or off; separated by commas, or several times.
    #[arg(long, value_name = "RULE=LEVEL", value_delimiter = ',', value_parser = parse_severity)]
    pub severity: Vec<(String, Level)>,
    /// Findings of this severity or above make the exit code 1: error, warning (the default), info, hint, never.
    #[arg(long, value_name = "LEVEL", value_parser = parse_level)]
    pub error_on: Option<Threshold>,
}

/// From which severity on a finding counts for the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Threshold {
    At(Severity),
    Never,
}

impl Threshold {
    pub fn is_reached_by(self, severity: Severity) -> bool {
        matches!(self, Threshold::At(level) if severity >= level)
    }
}

fn parse_profile(text: &str) -> Result<config::Profile, String> {
    let tree = Value::from(text.to_ascii_lowercase());
    serde_json::from_value(tree).map_err(|_| {
        let names = Profile::ALL.map(Profile::as_str);
        let meant = crate::analysis::knowledge::did_you_mean(text, names);
        let hint = meant.map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
        format!("the profiles are {}{hint}", names.join(", "))
    })
}

fn parse_severity(text: &str) -> Result<(String, Level), String> {
    let (rule, level) = text.split_once('=').ok_or("write it as RULE=LEVEL, for example DL4000=info")?;
    let parsed = serde_json::from_value(Value::from(level.to_ascii_lowercase()));
    let level = parsed.map_err(|_| "the levels are error, warning, info, hint and off")?;
    Ok((rule.to_owned(), level))
}

fn parse_level(text: &str) -> Result<Threshold, String> {
    match text.to_ascii_lowercase().as_str() {
        "never" | "none" | "off" => Ok(Threshold::Never),
        "style" => Ok(Threshold::At(Severity::Hint)),
        level => Severity::parse(level)
            .map(Threshold::At)
            .ok_or_else(|| "the levels are error, warning, info, hint and never".to_owned()),
    }
}

/// The settings for one file, ready to use.
#[derive(Debug, Clone)]
pub struct FileSettings {
    pub settings: Arc<Settings>,
    pub linter: Linter,
    pub threshold: Threshold,
}

/// A configuration that cannot be used, as sentences.
#[derive(Debug, PartialEq, Eq)]
pub struct Broken {
    pub messages: Vec<String>,
}

/// Finds the settings of files; keeps what it has read.
#[derive(Debug)]
pub struct SettingsFinder {
    rules: RuleArguments,
    /// The user's own settings with `--offline`.
    base: Settings,
    /// `--config`.
    explicit: Option<Arc<Governed>>,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    nearest: HashMap<PathBuf, Nearest>,
    governed: HashMap<Nearest, Result<Arc<Governed>, Arc<Broken>>>,
}

/// The configuration files that govern a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Nearest {
    hadolint: Option<Arc<Path>>,
    own: Option<Arc<Path>>,
}

/// Settings of all files below the same configuration files.
#[derive(Debug)]
struct Governed {
    settings: Arc<Settings>,
    hadolint: HadolintFile,
    overrides: OverridePaths,
    /// By the overrides that apply.
    linters: Mutex<HashMap<Vec<bool>, Linter>>,
    /// What a person might want to know.
    notes: Vec<String>,
}

impl SettingsFinder {
    /// Fails when the command line, the user's own file or the file of `--config` is wrong.
    pub fn new(common: &CommonArguments, rules: &RuleArguments) -> anyhow::Result<Self> {
        let severity = rules.severity.iter().map(|(name, _)| name.clone()).collect();
        let named = [("--select", &rules.select), ("--ignore", &rules.ignore), ("--severity", &severity)];
        for (flag, names) in named {
            if let Some(problem) = names.iter().find_map(|name| unknown_rule(name)) {
                bail!("{problem}, which `{flag}` names");
            }
        }
        let mut base = Settings { offline: common.offline, ..Settings::default() };
        let mut loading = Loading::default();
        if common.config.is_none()
            && let Some(path) = config::user_file()
        {
            loading.own(&mut base, &path, Door::User);
        }
        base.offline |= common.offline;
        loading.fail()?;
        let mut finder =
            SettingsFinder { rules: rules.clone(), base, explicit: None, known: Mutex::default() };
        if let Some(path) = &common.config {
            finder.explicit = Some(finder.read_explicit(path)?);
        }
        Ok(finder)
    }

    fn read_explicit(&self, path: &Path) -> anyhow::Result<Arc<Governed>> {
        std::fs::metadata(path).with_context(|| format!("cannot read the configuration {}", shown(path)))?;
        let is_yaml = path
            .extension()
            .is_some_and(|it| it.eq_ignore_ascii_case("yaml") || it.eq_ignore_ascii_case("yml"));
        let file = Some(Arc::from(path));
        let nearest = match is_yaml {
            true => Nearest { hadolint: file, own: None },
            false => Nearest { hadolint: None, own: file },
        };
        // Whoever names a file on the command line trusts it.
        self.govern(&nearest, Door::User).map_err(|broken| anyhow::anyhow!(broken.messages.join("\n")))
    }

    /// The settings for `target`; standard input is taken to lie where its name says.
    pub fn of(&self, target: &Target) -> Result<FileSettings, Arc<Broken>> {
        let path = absolute(target.path.as_deref().unwrap_or(Path::new(&target.shown)));
        let governed = match &self.explicit {
            Some(explicit) => explicit.clone(),
            None => self.governed(path.parent().unwrap_or(Path::new("")))?,
        };
        let linter = self.linter(&governed, &path);
        let threshold = self.threshold(&governed, linter.profile());
        Ok(FileSettings { settings: governed.settings.clone(), linter, threshold })
    }

    /// The settings that no file of a workspace has a say in: the user's own, or those of `--config`.
    pub fn of_user(&self) -> &Settings {
        self.explicit.as_ref().map_or(&self.base, |it| &it.settings)
    }

    /// What there is to say about the configuration files that were read, each once.
    pub fn notes(&self) -> Vec<String> {
        let known = self.lock();
        let all = known.governed.values().filter_map(|it| it.as_ref().ok()).chain(&self.explicit);
        let mut notes: Vec<String> = all.flat_map(|it| it.notes.clone()).collect();
        notes.sort();
        notes.dedup();
        notes
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn governed(&self, folder: &Path) -> Result<Arc<Governed>, Arc<Broken>> {
        let mut known = self.lock();
        let mut nearest = nearest(folder, &mut known.nearest);
        if nearest == Nearest::default() {
            nearest.hadolint = config::user_hadolint_file().map(Arc::from);
        }
        if let Some(governed) = known.governed.get(&nearest) {
            return governed.clone();
        }
        let governed = self.govern(&nearest, Door::Workspace);
        known.governed.insert(nearest, governed.clone());
        governed
    }

    fn govern(&self, nearest: &Nearest, door: Door) -> Result<Arc<Governed>, Arc<Broken>> {
        let mut settings = self.base.clone();
        let mut loading = Loading::default();
        let mut hadolint = HadolintFile::default();
        if let Some(path) = &nearest.hadolint {
            hadolint = loading.hadolint(&mut settings, path);
        }
        if let Some(path) = &nearest.own {
            loading.own(&mut settings, path, door);
        }
        let root = nearest.own.as_deref().and_then(Path::parent).map(absolute).unwrap_or_default();
        let (overrides, problems) = OverridePaths::new(&settings.overrides, &root);
        let own = nearest.own.as_deref().unwrap_or(Path::new(""));
        loading
            .messages
            .extend(problems.into_iter().map(|problem| format!("{}: {problem}", shown_nearby(own))));
        if !loading.messages.is_empty() {
            return Err(Arc::new(Broken { messages: loading.messages }));
        }
        let (settings, linters) = (Arc::new(settings), Mutex::default());
        Ok(Arc::new(Governed { settings, hadolint, overrides, linters, notes: loading.notes }))
    }

    fn linter(&self, governed: &Governed, path: &Path) -> Linter {
        let applies = governed.overrides.matches(path);
        let mut linters = governed.linters.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(linter) = linters.get(&applies) {
            return linter.clone();
        }
        let all = governed.settings.overrides.iter().zip(&applies);
        let linter = self.new_linter(governed, all.filter(|(_, applies)| **applies).map(|(it, _)| it));
        linters.insert(applies, linter.clone());
        linter
    }

    fn new_linter<'a>(&self, governed: &Governed, overrides: impl Iterator<Item = &'a Override>) -> Linter {
        let mut rules: RuleSettings = governed.settings.rules.clone();
        overrides.for_each(|it| rules.overrule(it));
        rules.profile = self.rules.profile.unwrap_or(rules.profile);
        rules.select_also(&self.rules.select);
        let switched_on = self.rules.severity.iter().filter(|(_, level)| *level != Level::Off);
        rules.select_also(&switched_on.map(|(name, _)| name.clone()).collect::<Vec<_>>());
        rules.set_severities(self.rules.severity.iter().cloned().collect());
        rules.ignore_also(&self.rules.ignore);
        Linter::new(&Options { policy: governed.settings.policy(), ..rules.options() }).0
    }

    fn threshold(&self, governed: &Governed, profile: Profile) -> Threshold {
        let usual = if profile == Profile::Hadolint { Severity::Info } else { Severity::Warning };
        let configured = match governed.hadolint.failure_threshold {
            _ if governed.hadolint.no_fail => Some(Threshold::Never),
            Some(level) => Some(level.map_or(Threshold::Never, Threshold::At)),
            None => None,
        };
        self.rules.error_on.or(configured).unwrap_or(Threshold::At(usual))
    }
}

/// The configuration files nearest to `folder` (absolute).
fn nearest(folder: &Path, known: &mut HashMap<PathBuf, Nearest>) -> Nearest {
    if let Some(nearest) = known.get(folder) {
        return nearest.clone();
    }
    let mut found = folder.parent().map(|parent| nearest(parent, known)).unwrap_or_default();
    let file = |name: &str| Some(folder.join(name)).filter(|path| path.is_file()).map(Arc::from);
    found.own = file(config::FILE_NAME).or(found.own);
    found.hadolint = config::HADOLINT_NAMES.iter().find_map(|name| file(name)).or(found.hadolint);
    known.insert(folder.to_owned(), found.clone());
    found
}

/// An absolute path without `..`, links kept where possible: configuration is looked for along the path as named.
fn absolute(path: &Path) -> PathBuf {
    let has_parent = path.components().any(|it| it == std::path::Component::ParentDir);
    let (folder, name) = (path.parent().unwrap_or(path), path.file_name());
    match (has_parent, name) {
        (true, Some(name)) => {
            folder.canonicalize().map(|it| it.join(name)).unwrap_or_else(|_| path.to_owned())
        }
        _ => std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
    }
}

/// A path relative to the current folder if it lies in it.
fn shown_nearby(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    shown(path.strip_prefix(&here).unwrap_or(path))
}

/// Reads configuration files and collects what is wrong with them.
#[derive(Debug, Default)]
struct Loading {
    messages: Vec<String>,
    notes: Vec<String>,
}

impl Loading {
    fn own(&mut self, settings: &mut Settings, path: &Path, door: Door) {
        let name = shown_nearby(path);
        let tree = match config::read_file(path) {
            Ok(tree) => tree,
            Err(error) => return self.messages.push(format!("{name}: {}", error.message)),
        };
        // What anybody may not say is a fault; what only the workspace may not say is passed over.
        let mut alone = Settings::default();
        let faults = alone.apply(&tree, Door::User);
        let refused = settings.apply(&tree, door).into_iter().filter(|it| !faults.contains(it));
        self.notes.push(format!("settings from {name}"));
        self.notes.extend(refused.map(|it| format!("{name}: {}", it.message)));
        let sentence = |message: &str| message.trim_end_matches("; it is left as it was").to_owned();
        self.messages.extend(faults.iter().map(|it| format!("{name}: {}", sentence(&it.message))));
        self.unknown_rules(&alone, &name);
    }

    fn hadolint(&mut self, settings: &mut Settings, path: &Path) -> HadolintFile {
        let name = shown_nearby(path);
        let file = match config::read_hadolint_file(path) {
            Ok(file) => file,
            Err(error) => {
                self.messages.push(format!("{name}: {}", error.message));
                return HadolintFile::default();
            }
        };
        self.notes.push(format!("settings from {name}"));
        settings.apply(&file.settings, Door::Workspace);
        settings.comments_are_ignored = file.disable_ignore_pragma;
        let mut alone = Settings::default();
        let problems = alone.apply(&file.settings, Door::Workspace);
        self.messages.extend(problems.iter().map(|it| format!("{name}: {}", it.message)));
        self.unknown_rules(&alone, &name);
        file
    }

    fn unknown_rules(&mut self, settings: &Settings, name: &str) {
        let rules = &settings.rules;
        let mut lists =
            vec![("select".to_owned(), rules.select.clone()), ("ignore".to_owned(), rules.ignore.clone())];
        lists.push(("severity".to_owned(), rules.severity.keys().cloned().collect()));
        for (at, it) in settings.overrides.iter().enumerate() {
            let severity = it.severity.keys().cloned().collect();
            let named =
                [("select", it.select.clone()), ("ignore", it.ignore.clone()), ("severity", severity)];
            lists.extend(named.map(|(key, names)| (format!("overrides[{at}].{key}"), names)));
        }
        for (key, names) in lists {
            let problems = names.iter().filter_map(|rule| unknown_rule(rule));
            self.messages.extend(problems.map(|problem| format!("{name}: {problem}, which `{key}` names")));
        }
    }

    fn fail(&self) -> anyhow::Result<()> {
        match self.messages.is_empty() {
            true => Ok(()),
            false => bail!(self.messages.join("\n")),
        }
    }
}

fn unknown_rule(name: &str) -> Option<String> {
    match RuleName::resolve(name.trim()) {
        RuleName::Unknown { suggestion: Some(meant) } => {
            Some(format!("there is no rule `{}` (did you mean `{meant}`?)", name.trim()))
        }
        RuleName::Unknown { suggestion: None } => Some(format!("there is no rule `{}`", name.trim())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finder(rules: RuleArguments) -> SettingsFinder {
        SettingsFinder { rules, base: Settings::default(), explicit: None, known: Mutex::default() }
    }

    fn target(path: &Path) -> Target {
        Target { path: Some(path.to_owned()), shown: String::new() }
    }

    #[test]
    fn the_nearest_files_of_both_kinds_are_used_together() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::write(
            folder.path().join(".hadolint.yaml"),
            "failure-threshold: error\nstrict-labels: true\n",
        )
        .unwrap();
        std::fs::write(inner.join("dockwright.toml"), "profile = \"none\"\n").unwrap();
        let finder = finder(RuleArguments::default());
        let outer = finder.of(&target(&folder.path().join("Dockerfile"))).unwrap();
        assert_eq!(outer.linter.profile(), Profile::Recommended);
        let inner = finder.of(&target(&inner.join("Dockerfile"))).unwrap();
        assert_eq!(inner.linter.profile(), Profile::None);
        assert!(inner.settings.strict_labels);
        assert_eq!(inner.threshold, Threshold::At(Severity::Error));
    }

    #[test]
    fn the_command_line_wins() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("dockwright.toml"), "ignore = [\"DL4000\"]\n").unwrap();
        let rules =
            RuleArguments { select: vec!["MaintainerDeprecated".to_owned()], ..RuleArguments::default() };
        let rule = crate::analysis::lint::rule_named("DL4000").unwrap();
        let target = target(&folder.path().join("Dockerfile"));
        assert_eq!(finder(RuleArguments::default()).of(&target).unwrap().linter.severity_of(rule), None);
        assert!(finder(rules).of(&target).unwrap().linter.severity_of(rule).is_some());
    }

    #[test]
    fn a_wrong_key_or_rule_breaks_the_file_and_a_refused_key_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let broken = |text: &str| {
            std::fs::write(folder.path().join("dockwright.toml"), text).unwrap();
            finder(RuleArguments::default())
                .of(&target(&folder.path().join("Dockerfile")))
                .err()
                .map(|it| it.messages.join("\n"))
        };
        assert_eq!(broken("registry = { hubUrl = \"https://example.com\" }\n"), None);
        assert!(broken("profil = \"all\"\n").unwrap().contains("did you mean `profile`?"));
        assert!(broken("ignore = [\"DL4000\", \"deprecated-maintaner\"]\n").unwrap().ends_with(
            "dockwright.toml: there is no rule `deprecated-maintaner` (did you mean `deprecated-maintainer`?), which `ignore` names"
        ));
        assert!(broken("[[overrides]]\npaths = [\"a[\"]\n").unwrap().contains("glob `a[`"));
    }
}
