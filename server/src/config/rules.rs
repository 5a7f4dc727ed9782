//! Rule settings in the words of the linter, and how a later layer of them wins over an earlier one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use globset::{Glob, GlobSet};

use super::{Level, Override, Profile, RuleSettings, Settings};
use crate::analysis::lint::{self, Options, Policy, Rule, rules_named};

impl Settings {
    /// What is demanded of images, for the linter.
    pub fn policy(&self) -> Policy {
        Policy {
            trusted_registries: self.trusted_registries.clone(),
            label_schema: self.label_schema.clone(),
            strict_labels: self.strict_labels,
            comments_are_ignored: self.comments_are_ignored,
        }
    }
}

impl RuleSettings {
    /// The settings for the linter.
    pub fn options(&self) -> Options {
        let severity = self.severity.iter().map(|(rule, level)| (rule.clone(), level.severity())).collect();
        Options {
            profile: self.profile.into(),
            select: self.select.clone(),
            ignore: self.ignore.clone(),
            severity,
            ..Options::default()
        }
    }

    /// Adds rules that a later layer selects: they run even if an earlier one ignores them.
    pub fn select_also(&mut self, names: &[String]) {
        let selected: Vec<&Rule> = names.iter().flat_map(|name| rules_named(name)).copied().collect();
        self.ignore = self.ignore.iter().flat_map(|name| without(name, &selected)).collect();
        let is_selected = |name: &String| rules_named(name).iter().any(|rule| selected.contains(rule));
        self.severity.retain(|name, level| *level != Level::Off || !is_selected(name));
        self.select.extend(names.iter().cloned());
    }

    /// Takes out rules that a later layer ignores.
    pub fn ignore_also(&mut self, names: &[String]) {
        self.ignore.extend(names.iter().cloned());
    }

    /// Takes severities that a later layer sets, whatever name it has for a rule.
    pub fn set_severities(&mut self, severities: BTreeMap<String, Level>) {
        let set: Vec<&Rule> = severities.keys().flat_map(|name| rules_named(name)).copied().collect();
        let earlier = std::mem::take(&mut self.severity).into_iter();
        let kept =
            earlier.flat_map(|(name, level)| without(&name, &set).into_iter().map(move |name| (name, level)));
        self.severity = kept.chain(severities).collect();
    }

    /// Takes what `by` says over what was there.
    pub fn overrule(&mut self, by: &Override) {
        self.profile = by.profile.unwrap_or(self.profile);
        self.select_also(&by.select);
        self.ignore_also(&by.ignore);
        self.set_severities(by.severity.clone());
    }
}

/// The name itself if none of its rules is among `taken`, else the names of its other rules.
fn without(name: &str, taken: &[&Rule]) -> Vec<String> {
    let rules = rules_named(name);
    if !rules.iter().any(|rule| taken.contains(rule)) {
        return vec![name.to_owned()];
    }
    rules.iter().filter(|rule| !taken.contains(rule)).map(|rule| rule.name.to_owned()).collect()
}

impl From<Profile> for lint::Profile {
    fn from(profile: Profile) -> Self {
        match profile {
            Profile::Recommended => lint::Profile::Recommended,
            Profile::All => lint::Profile::All,
            Profile::Buildkit => lint::Profile::Buildkit,
            Profile::Hadolint => lint::Profile::Hadolint,
            Profile::None => lint::Profile::None,
        }
    }
}

impl Level {
    /// `None`: off.
    pub fn severity(self) -> Option<lint::Severity> {
        match self {
            Level::Error => Some(lint::Severity::Error),
            Level::Warning => Some(lint::Severity::Warning),
            Level::Info => Some(lint::Severity::Info),
            Level::Hint => Some(lint::Severity::Hint),
            Level::Off => None,
        }
    }
}

/// The files that the overrides of one configuration are for.
#[derive(Debug, Default)]
pub struct OverridePaths {
    root: PathBuf,
    sets: Vec<GlobSet>,
}

impl OverridePaths {
    /// Globs with a slash count from `root`, the folder of the file that names them; others match a name
    /// anywhere. The globs that cannot be read are returned with the reason and match nothing.
    pub fn new(overrides: &[Override], root: &Path) -> (Self, Vec<String>) {
        let mut problems = Vec::new();
        let sets = overrides.iter().map(|it| globs(&it.paths, &mut problems)).collect();
        (OverridePaths { root: root.to_owned(), sets }, problems)
    }

    /// For each override, whether it is for `path` (absolute).
    pub fn matches(&self, path: &Path) -> Vec<bool> {
        let path = path.strip_prefix(&self.root).unwrap_or(path);
        self.sets.iter().map(|set| set.is_match(path)).collect()
    }
}

fn globs(paths: &[String], problems: &mut Vec<String>) -> GlobSet {
    let mut set = GlobSet::builder();
    for path in paths {
        let is_name = !path.contains('/');
        let glob = if is_name { format!("**/{path}") } else { path.trim_start_matches("./").to_owned() };
        match Glob::new(&glob) {
            Ok(glob) => _ = set.add(glob),
            Err(error) => {
                problems.push(format!("the glob `{path}` in `overrides` is malformed: {}", error.kind()))
            }
        }
    }
    set.build().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|it| it.to_string()).collect()
    }

    #[test]
    fn what_a_later_layer_selects_is_no_longer_ignored() {
        let mut rules = RuleSettings { ignore: names(&["DL4000", "DL3008"]), ..RuleSettings::default() };
        rules.severity.insert("MaintainerDeprecated".to_owned(), Level::Off);
        rules.select_also(&names(&["deprecated-maintainer"]));
        assert_eq!(rules.ignore, ["DL3008"]);
        assert!(rules.severity.is_empty());
        rules.ignore_also(&names(&["deprecated-maintainer"]));
        assert_eq!(rules.ignore, ["DL3008", "deprecated-maintainer"]);
    }

    #[test]
    fn a_later_layer_wins_under_any_name_of_the_rule() {
        let mut rules = RuleSettings::default();
        rules.severity.insert("MaintainerDeprecated".to_owned(), Level::Off);
        rules.set_severities(BTreeMap::from([("DL4000".to_owned(), Level::Error)]));
        assert_eq!(rules.severity, BTreeMap::from([("DL4000".to_owned(), Level::Error)]));
    }

    #[test]
    fn globs_count_from_the_file_that_names_them() {
        let paths = |paths: &[&str]| Override { paths: names(paths), ..Override::default() };
        let overrides = [paths(&["dev/**"]), paths(&["*.dev"]), paths(&["a["])];
        let (paths, problems) = OverridePaths::new(&overrides, Path::new("/w"));
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(paths.matches(Path::new("/w/dev/x/Dockerfile")), [true, false, false]);
        assert_eq!(paths.matches(Path::new("/w/a/dev/Dockerfile.dev")), [false, true, false]);
        assert_eq!(paths.matches(Path::new("/elsewhere/Dockerfile.dev")), [false, true, false]);
    }
}
