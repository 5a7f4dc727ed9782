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
    for (rule, value) in diagnostics.iter().filter(|(_, value)| !value.is_null()) {
        let level = match value.as_str() {
            Some("ignore") => Level::Off,
            Some("warning") => Level::Warning,
            Some("error") => Level::Error,
            _ => {
                problems.push(wrong(rule, value));
                continue;
            }
        };
        // Our own name for the rule was chosen more deliberately.
        settings.rules.severity.entry(rule.clone()).or_insert(level);
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
            "diagnostics": { "emptyContinuationLine": "ignore", "instructionCasing": "error", "x": 1 },
            "formatter": { "ignoreMultilineInstructions": true },
        }));
        assert_eq!(settings.rules.severity["emptyContinuationLine"], Level::Off);
        assert_eq!(settings.rules.severity["instructionCasing"], Level::Error);
        assert!(settings.format.ignore_multiline_instructions);
        assert_eq!(problems.len(), 1);
    }
}
