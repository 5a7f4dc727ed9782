//! The settings of docker-langserver, so that changing servers changes no findings.
//!
//! Names from <https://github.com/rcjsuen/dockerfile-language-server>; its rules' names are aliases of ours.

use serde_json::{Map, Value};

use super::{Level, Problem, Settings};

/// Takes `diagnostics.*` and `formatter.*` of the tree below `docker.languageserver`.
pub fn apply(settings: &mut Settings, tree: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(Value::Object(diagnostics)) = tree.get("diagnostics") {
        severities(settings, diagnostics, &mut problems);
    }
    if let Some(Value::Bool(ignore)) = tree.pointer("/formatter/ignoreMultilineInstructions") {
        settings.format.ignore_multiline_instructions = *ignore;
    }
    problems
}

fn severities(settings: &mut Settings, diagnostics: &Map<String, Value>, problems: &mut Vec<Problem>) {
    for (key, value) in diagnostics.iter().filter(|(_, value)| !value.is_null()) {
        let Some((_, rule)) = RULES.iter().find(|(name, _)| name == key) else { continue };
        match level(value) {
            Some(level) => set(settings, rule, level),
            None => problems.push(wrong(key, value)),
        }
    }
}

/// Its settings, and the names of the findings that they are about.
#[rustfmt::skip]
const RULES: &[(&str, &str)] = &[
    ("deprecatedMaintainer", "DEPRECATED_MAINTAINER"),
    ("directiveCasing", "CASING_DIRECTIVE"),
    ("emptyContinuationLine", "EMPTY_CONTINUATION_LINE"),
    ("instructionCasing", "CASING_INSTRUCTION"),
    // One rule here: the most serious of the three counts.
    ("instructionCmdMultiple", "MULTIPLE_INSTRUCTIONS"),
    ("instructionEntrypointMultiple", "MULTIPLE_INSTRUCTIONS"),
    ("instructionHealthcheckMultiple", "MULTIPLE_INSTRUCTIONS"),
    ("instructionJSONInSingleQuotes", "JSON_IN_SINGLE_QUOTES"),
    ("instructionWorkdirRelative", "WORKDIR_IS_NOT_ABSOLUTE"),
];

fn level(value: &Value) -> Option<Level> {
    match value.as_str()? {
        "ignore" => Some(Level::Off),
        "warning" => Some(Level::Warning),
        "error" => Some(Level::Error),
        _ => None,
    }
}

fn set(settings: &mut Settings, rule: &str, level: Level) {
    let rank = |level: Level| [Level::Off, Level::Warning, Level::Error].iter().position(|it| *it == level);
    let severity = &mut settings.rules.severity;
    let before = severity.get(rule).copied();
    if before.is_none_or(|before| rank(before) < rank(level)) {
        severity.insert(rule.to_owned(), level);
    }
}

fn wrong(rule: &str, value: &Value) -> Problem {
    let key = format!("docker.languageserver.diagnostics.{rule}");
    let message = format!(
        "the setting `{key}` is {value}: expected `ignore`, `warning` or `error`; it is left as it was"
    );
    Problem { key, message }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn severities_and_the_formatter_option_are_taken() {
        let mut settings = Settings::default();
        let problems = settings.apply_legacy(&json!({
            "diagnostics": {
                "emptyContinuationLine": "ignore", "instructionCasing": 1, "x": 1,
                "instructionCmdMultiple": "error", "instructionEntrypointMultiple": "ignore",
            },
            "formatter": { "ignoreMultilineInstructions": true },
        }));
        assert_eq!(settings.rules.severity["EMPTY_CONTINUATION_LINE"], Level::Off);
        assert_eq!(settings.rules.severity["MULTIPLE_INSTRUCTIONS"], Level::Error);
        assert!(settings.format.ignore_multiline_instructions);
        assert_eq!(problems.len(), 1);
    }
}
