//! `.hadolint.yaml`: hadolint's own configuration, read so that changing linters changes no settings.
//!
//! Keys from <https://github.com/hadolint/hadolint#configure>. Keys that we do not know are passed over, as
//! hadolint does: they are no reason to stop.

use std::path::{Path, PathBuf};

use saphyr::{LoadableYamlNode, YamlOwned};
use serde_json::{Map, Value, json};

use super::file::{ReadError, variable};
use crate::analysis::lint::Severity;

/// The names that hadolint looks for.
pub const HADOLINT_NAMES: [&str; 2] = [".hadolint.yaml", ".hadolint.yml"];

/// What such a file says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HadolintFile {
    /// What our settings have too, for [`Settings::apply`](super::Settings::apply).
    pub settings: Value,
    /// `failure-threshold`; the inner `None`: nothing fails.
    pub failure_threshold: Option<Option<Severity>>,
    /// Findings never make the exit code 1.
    pub no_fail: bool,
    /// Comments do not switch rules off.
    pub disable_ignore_pragma: bool,
}

/// hadolint's file for a user, where there is none in the project.
pub fn user_hadolint_file() -> Option<PathBuf> {
    let home = variable("HOME").or_else(|| variable("USERPROFILE"));
    let config = variable("XDG_CONFIG_HOME").or_else(|| Some(home.as_ref()?.join(".config")));
    let in_config = config.iter().map(|folder| folder.join("hadolint.yaml"));
    let in_home = home.iter().flat_map(|home| {
        [".hadolint/hadolint.yaml", ".hadolint/config.yaml", ".hadolint.yaml"].map(|it| home.join(it))
    });
    in_config.chain(in_home).find(|path| path.is_file())
}

/// Reads a `.hadolint.yaml`.
pub fn read_hadolint_file(path: &Path) -> Result<HadolintFile, ReadError> {
    let failed = |message: String| ReadError { path: path.to_owned(), message };
    let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    parse(&text).map_err(failed)
}

fn parse(text: &str) -> Result<HadolintFile, String> {
    let documents = YamlOwned::load_from_str(text)
        .map_err(|error| format!("line {}: {}", error.marker().line(), error.info()))?;
    let tree = documents.into_iter().next().map_or(Value::Null, |it| to_json(&it));
    match &tree {
        Value::Null => Ok(HadolintFile::default()),
        Value::Object(keys) => Reader { keys }.read(),
        _ => Err("expected keys such as `ignored:`".to_owned()),
    }
}

fn to_json(yaml: &YamlOwned) -> Value {
    match yaml {
        YamlOwned::Value(saphyr::ScalarOwned::Boolean(it)) => json!(it),
        YamlOwned::Value(saphyr::ScalarOwned::Integer(it)) => json!(it),
        YamlOwned::Value(saphyr::ScalarOwned::String(it)) => json!(it),
        YamlOwned::Sequence(items) => items.iter().map(to_json).collect(),
        YamlOwned::Mapping(entries) => {
            let pairs =
                entries.iter().filter_map(|(key, value)| Some((key.as_str()?.to_owned(), to_json(value))));
            Value::Object(pairs.collect())
        }
        _ => Value::Null,
    }
}

struct Reader<'a> {
    keys: &'a Map<String, Value>,
}

impl Reader<'_> {
    fn read(&self) -> Result<HadolintFile, String> {
        Ok(HadolintFile {
            settings: json!({
                "ignore": self.names(self.keys.get("ignored"), "ignored")?,
                "severity": self.severities()?,
                "trustedRegistries": self.names(self.keys.get("trustedRegistries"), "trustedRegistries")?,
                "labelSchema": self.label_schema()?,
                "strictLabels": self.flag("strict-labels")?,
            }),
            failure_threshold: self.threshold()?,
            no_fail: self.flag("no-fail")?.unwrap_or(false),
            disable_ignore_pragma: self.flag("disable-ignore-pragma")?.unwrap_or(false),
        })
    }

    /// Absent is `null`, which says nothing.
    fn names(&self, value: Option<&Value>, key: &str) -> Result<Value, String> {
        let wrong = || format!("the key `{key}` must be a list of names");
        match value {
            None | Some(Value::Null) => Ok(Value::Null),
            Some(Value::Array(items)) if items.iter().all(Value::is_string) => Ok(json!(items)),
            Some(_) => Err(wrong()),
        }
    }

    fn severities(&self) -> Result<Value, String> {
        let lists = match self.keys.get("override") {
            None | Some(Value::Null) => return Ok(Value::Null),
            Some(Value::Object(lists)) => lists,
            Some(_) => return Err("the key `override` must hold lists by severity".to_owned()),
        };
        let mut severities = Map::new();
        for (level, names) in lists {
            let key = format!("override.{level}");
            let severity = severity(level).ok_or_else(|| wrong_level(&key, level))?;
            let names = self.names(Some(names), &key)?;
            let names = names.as_array().into_iter().flatten().filter_map(Value::as_str);
            severities.extend(names.map(|name| (name.to_owned(), json!(severity.as_str()))));
        }
        Ok(Value::Object(severities))
    }

    fn label_schema(&self) -> Result<Value, String> {
        match self.keys.get("label-schema") {
            None | Some(Value::Null) => Ok(Value::Null),
            Some(Value::Object(labels)) if labels.values().all(Value::is_string) => Ok(json!(labels)),
            Some(_) => {
                Err("the key `label-schema` must hold a kind such as `text` for each label".to_owned())
            }
        }
    }

    fn flag(&self, key: &str) -> Result<Option<bool>, String> {
        match self.keys.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(format!("the key `{key}` must be `true` or `false`")),
        }
    }

    fn threshold(&self) -> Result<Option<Option<Severity>>, String> {
        match self.keys.get("failure-threshold") {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(level)) if level == "none" => Ok(Some(None)),
            Some(level) => {
                let known = level.as_str().and_then(severity);
                known
                    .map(|it| Some(Some(it)))
                    .ok_or_else(|| wrong_level("failure-threshold", &level.to_string()))
            }
        }
    }
}

/// hadolint's levels; `ignore` is an old word for the lowest.
fn severity(level: &str) -> Option<Severity> {
    match level {
        "style" | "ignore" => Some(Severity::Hint),
        level => Severity::parse(level),
    }
}

fn wrong_level(key: &str, level: &str) -> String {
    format!("the key `{key}` has the level {level}; expected `error`, `warning`, `info` or `style`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_hadolint_documents_is_read() {
        let file = parse(
            "failure-threshold: style\nno-fail: true\nignored:\n  - DL3000\n  - SC1010\noverride:\n  error: [DL3001]\n  \
             style:\n    - DL3015\ntrustedRegistries:\n  - my-company.com:500\nlabel-schema:\n  author: text\n\
             strict-labels: true\ndisable-ignore-pragma: true\nformat: json\n",
        );
        let settings = json!({
            "ignore": ["DL3000", "SC1010"], "severity": { "DL3001": "error", "DL3015": "hint" },
            "trustedRegistries": ["my-company.com:500"], "labelSchema": { "author": "text" }, "strictLabels": true,
        });
        let expected = HadolintFile {
            settings,
            failure_threshold: Some(Some(Severity::Hint)),
            no_fail: true,
            disable_ignore_pragma: true,
        };
        assert_eq!(file, Ok(expected));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let message = |text| parse(text).unwrap_err();
        assert!(message("ignored: [").starts_with("line "), "{}", message("ignored: ["));
        assert_eq!(message("ignored: DL3000"), "the key `ignored` must be a list of names");
        assert!(message("override:\n  loud: [DL3000]").starts_with("the key `override.loud`"));
        assert!(message("failure-threshold: 3").starts_with("the key `failure-threshold`"));
        assert!(message("- DL3000").starts_with("expected keys"));
    }

    #[test]
    fn an_empty_file_says_nothing() {
        assert_eq!(parse("# nothing\n"), Ok(HadolintFile::default()));
    }
}
