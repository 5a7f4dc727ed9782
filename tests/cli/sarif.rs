//! SARIF against two schemas: ours, written from the standard (sections 3.13 to 3.58), with the part of SARIF 2.1.0 that we
//! use, where nothing must be installed; and the official one in [`official`], which is not ours to keep here.

use std::path::Path;

use serde_json::{Value, json};

use crate::sandbox::{Sandbox, command};

fn schema() -> Value {
    let text = json!({ "type": "object", "required": ["text"], "properties": { "text": string() } });
    let artifact = json!({ "type": "object", "required": ["uri"], "properties": { "uri": uri() } });
    let region = json!({
        "type": "object",
        "required": ["startLine"],
        "properties": {
            "startLine": from(1), "startColumn": from(1), "endLine": from(1), "endColumn": from(1),
        },
    });
    let physical = json!({
        "type": "object",
        "required": ["artifactLocation"],
        "properties": { "artifactLocation": artifact, "region": region },
    });
    let location =
        json!({ "type": "object", "properties": { "physicalLocation": physical, "message": text } });
    let level = json!({ "type": "string", "enum": ["none", "note", "warning", "error"] });
    let replacement = json!({
        "type": "object",
        "required": ["deletedRegion"],
        "properties": { "deletedRegion": region, "insertedContent": text },
    });
    let change = json!({
        "type": "object",
        "required": ["artifactLocation", "replacements"],
        "properties": { "artifactLocation": artifact, "replacements": list(1, &replacement) },
    });
    let fix = json!({
        "type": "object",
        "required": ["artifactChanges"],
        "properties": { "description": text, "artifactChanges": list(1, &change) },
    });
    let result = json!({
        "type": "object",
        "required": ["message"],
        "properties": {
            "ruleId": string(), "level": level, "message": text, "fixes": list(0, &fix),
            "locations": list(0, &location), "relatedLocations": list(0, &location),
        },
    });
    let notification = json!({
        "type": "object",
        "required": ["message"],
        "properties": { "level": level, "message": text },
    });
    let invocation = json!({
        "type": "object",
        "required": ["executionSuccessful"],
        "properties": {
            "executionSuccessful": { "type": "boolean" },
            "toolExecutionNotifications": list(0, &notification),
        },
    });
    let run = json!({
        "type": "object",
        "required": ["tool"],
        "properties": {
            "columnKind": { "type": "string", "enum": ["utf16CodeUnits", "unicodeCodePoints"] },
            "results": list(0, &result), "tool": tool(&text, &level), "invocations": list(0, &invocation),
        },
    });
    json!({
        "type": "object",
        "required": ["version", "runs"],
        "properties": {
            "$schema": uri(), "version": { "type": "string", "enum": ["2.1.0"] }, "runs": list(0, &run),
        },
    })
}

fn tool(text: &Value, level: &Value) -> Value {
    let help = json!({
        "type": "object",
        "required": ["text"],
        "properties": { "text": string(), "markdown": string() },
    });
    let rule = json!({
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": string(), "name": string(), "helpUri": uri(), "help": help, "shortDescription": text,
            "defaultConfiguration": { "type": "object", "properties": { "level": level } },
            "properties": { "type": "object", "properties": { "tags": list(0, &string()) } },
        },
    });
    let driver = json!({
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": string(), "version": string(), "semanticVersion": string(), "rules": list(0, &rule),
        },
    });
    json!({ "type": "object", "required": ["driver"], "properties": { "driver": driver } })
}

fn string() -> Value {
    json!({ "type": "string" })
}

fn uri() -> Value {
    json!({ "type": "string", "format": "uri-reference" })
}

fn from(minimum: u64) -> Value {
    json!({ "type": "integer", "minimum": minimum })
}

fn list(least: usize, items: &Value) -> Value {
    json!({ "type": "array", "minItems": least, "items": items })
}

/// What in `value` is against `schema`.
fn faults(value: &Value, schema: &Value, path: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fault = |what: String| faults.push(format!("{path}: {what}"));
    let is_type = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_u64(),
        other => panic!("the schema asks for {other:?}"),
    };
    if !is_type {
        fault(format!("{value} is no {}", schema["type"]));
        return faults;
    }
    if schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
        fault(format!("{value} is none of {}", schema["enum"]));
    }
    if schema["minimum"].as_u64().is_some_and(|least| value.as_u64() < Some(least)) {
        fault(format!("{value} is too small"));
    }
    if schema["format"] == "uri-reference" && !value.as_str().is_some_and(is_uri_reference) {
        fault(format!("{value} is no address"));
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(name).is_none() {
            fault(format!("`{name}` is missing"));
        }
    }
    let least = schema["minItems"].as_u64().unwrap_or(0) as usize;
    if value.as_array().is_some_and(|items| items.len() < least) {
        fault("too few items".to_owned());
    }
    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
        faults.extend(self::faults(item, &schema["items"], &format!("{path}[{at}]")));
    }
    for (name, part) in value.as_object().into_iter().flatten() {
        match schema["properties"].get(name) {
            Some(schema) => faults.extend(self::faults(part, schema, &format!("{path}.{name}"))),
            None => faults.push(format!("{path}: there is no `{name}`")),
        }
    }
    faults
}

fn is_uri_reference(text: &str) -> bool {
    let is_legal = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
    text.chars().all(is_legal)
}

fn parsed(output: &[u8]) -> Value {
    serde_json::from_slice(output).expect("JSON")
}

#[test]
fn what_is_written_for_the_examples_is_sarif() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut check = command(root);
    let arguments = ["check", "--profile", "all", "--format", "sarif", "tests/examples", "tests/nowhere"];
    let sarif = parsed(&check.args(arguments).output().expect("it runs").stdout);
    let run = &sarif["runs"][0];
    assert!(run["results"].as_array().is_some_and(|it| it.len() > 20));
    assert!(run["results"].as_array().is_some_and(|it| it.iter().any(|it| it.get("fixes").is_some())));
    assert_eq!(run["invocations"][0]["toolExecutionNotifications"].as_array().map(Vec::len), Some(1));
    assert_eq!(faults(&sarif, &schema(), "sarif"), [""; 0]);
}

#[test]
fn odd_names_of_files_are_addresses() {
    let sandbox = Sandbox::new(&[("ä b#%/x?y.Dockerfile", "FROM scratch\nMAINTAINER é\n")]);
    let sarif = parsed(sandbox.run(&["check", "--format", "sarif"]).out.as_bytes());
    assert_eq!(sarif["runs"][0]["results"].as_array().map(Vec::len), Some(1));
    assert_eq!(faults(&sarif, &schema(), "sarif"), [""; 0]);
}

#[test]
fn the_schema_finds_faults() {
    let wrong = json!({ "version": "2.0.0", "more": 1, "runs": [{ "results": [{
        "level": "info", "message": { "text": 1 },
        "locations": [{ "physicalLocation": { "artifactLocation": { "uri": "a b" }, "region": { "startLine": 0 } } }],
    }] }] });
    let place = "sarif.runs[0].results[0]";
    let region = format!("{place}.locations[0].physicalLocation");
    let mut found = faults(&wrong, &schema(), "sarif");
    found.sort();
    let mut expected = [
        "sarif.version: \"2.0.0\" is none of [\"2.1.0\"]".to_owned(),
        "sarif: there is no `more`".to_owned(),
        "sarif.runs[0]: `tool` is missing".to_owned(),
        format!("{place}.level: \"info\" is none of [\"none\",\"note\",\"warning\",\"error\"]"),
        format!("{place}.message.text: 1 is no \"string\""),
        format!("{region}.artifactLocation.uri: \"a b\" is no address"),
        format!("{region}.region.startLine: 0 is too small"),
    ];
    expected.sort();
    assert_eq!(found, expected);
}

/// Against the official schema itself. `.ci/run` takes it from a package that carries it, and says where it is.
#[cfg(feature = "real-parts")]
mod official {
    use super::*;

    fn schema() -> Value {
        let path = std::env::var_os("SARIF_SCHEMA").expect("SARIF_SCHEMA names the official schema");
        parsed(&std::fs::read(path).expect("the schema"))
    }

    /// What in `value` is against `schema`, a part of `root`. Panics at a keyword that it does not know, so that nothing
    /// passes unseen.
    fn faults(value: &Value, schema: &Value, root: &Value, path: &str) -> Vec<String> {
        let rules = schema.as_object().expect("a schema");
        let one = |(name, rule): (&String, &Value)| match name.as_str() {
            "$ref" => {
                let pointer =
                    rule.as_str().and_then(|it| it.strip_prefix('#')).expect("a place in the schema");
                faults(value, root.pointer(pointer).expect("a definition"), root, path)
            }
            "properties" | "additionalProperties" => of_properties(value, name, schema, root, path),
            "items" => {
                let items = value.as_array().into_iter().flatten().enumerate();
                items.flat_map(|(at, item)| faults(item, rule, root, &format!("{path}[{at}]"))).collect()
            }
            "anyOf" | "oneOf" => {
                let all = rule.as_array().expect("choices");
                let fitting = all.iter().filter(|it| faults(value, it, root, path).is_empty()).count();
                let is_right = if name == "anyOf" { fitting > 0 } else { fitting == 1 };
                said(is_right, path, name, rule)
            }
            _ => said(is_kept(value, name, rule), path, name, rule),
        };
        rules.iter().flat_map(one).collect()
    }

    fn said(is_right: bool, path: &str, name: &str, rule: &Value) -> Vec<String> {
        if is_right { Vec::new() } else { vec![format!("{path}: not {name} {rule}")] }
    }

    fn of_properties(value: &Value, name: &str, schema: &Value, root: &Value, path: &str) -> Vec<String> {
        let named = |key: &String| schema["properties"].get(key);
        let of_one = |(key, part): (&String, &Value)| {
            let path = format!("{path}.{key}");
            match (named(key), &schema[name]) {
                (Some(schema), _) if name == "properties" => faults(part, schema, root, &path),
                (None, Value::Bool(false)) => vec![format!("{path}: is not there")],
                (None, Value::Object(_)) if name == "additionalProperties" => {
                    faults(part, &schema[name], root, &path)
                }
                _ => Vec::new(),
            }
        };
        value.as_object().into_iter().flatten().flat_map(of_one).collect()
    }

    fn is_kept(value: &Value, name: &str, rule: &Value) -> bool {
        let items = || value.as_array().map(Vec::as_slice).unwrap_or_default();
        match name {
            "title" | "description" | "default" | "definitions" | "$schema" | "$id" => true,
            "type" => match rule.as_str().expect("a type") {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "boolean" => value.is_boolean(),
                "integer" => value.is_i64() || value.is_u64(),
                "number" => value.is_number(),
                other => panic!("the schema asks for {other}"),
            },
            "enum" => rule.as_array().is_some_and(|all| all.contains(value)),
            "required" => rule
                .as_array()
                .into_iter()
                .flatten()
                .all(|it| value.get(it.as_str().expect("a name")).is_some()),
            "minimum" => value.as_f64() >= rule.as_f64(),
            "maximum" => value.as_f64() <= rule.as_f64(),
            "minItems" => items().len() as u64 >= rule.as_u64().expect("a number"),
            "uniqueItems" => items().iter().enumerate().all(|(at, it)| !items()[..at].contains(it)),
            "format" if rule == "uri-reference" => value.as_str().is_none_or(is_uri_reference),
            "format" if rule == "uri" => {
                value.as_str().is_none_or(|it| is_uri_reference(it) && it.contains("://"))
            }
            other => panic!("{other} {rule} is not known, and {value} was not checked"),
        }
    }

    fn faults_of(sarif: &Value) -> Vec<String> {
        let schema = schema();
        faults(sarif, &schema, &schema, "sarif")
    }

    #[test]
    fn all_that_is_written_for_the_examples_fits() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for more in [&["--profile", "all"][..], &["--profile", "hadolint"], &["--profile", "none"]] {
            let mut check = command(root);
            check.args(["check", "--format", "sarif", "tests/examples", "tests/nowhere"]).args(more);
            let sarif = parsed(&check.output().expect("it runs").stdout);
            assert_eq!(faults_of(&sarif), [""; 0], "{more:?}");
        }
    }

    #[test]
    fn odd_names_and_texts_fit() {
        let sandbox = Sandbox::new(&[
            ("ä b#%/x?y.Dockerfile", "FROM scratch\nMAINTAINER é\n"),
            ("b/Dockerfile", "FROM a\r\nRUN \u{1}\r\nCOPY <<E /x\r\n🐳\r\n"),
        ]);
        let sarif = parsed(sandbox.run(&["check", "--format", "sarif"]).out.as_bytes());
        assert!(sarif["runs"][0]["results"].as_array().is_some_and(|it| it.len() > 1));
        assert_eq!(faults_of(&sarif), [""; 0]);
    }

    #[test]
    fn the_official_schema_finds_faults() {
        let wrong = json!({ "version": "2.0.0", "more": 1, "runs": [{ "results": [{
            "level": "info", "message": { "text": 1 },
            "locations": [{ "physicalLocation": { "region": { "startLine": 0 } } }],
        }] }] });
        let found = faults_of(&wrong);
        for place in
            ["sarif.version", "sarif.more", "sarif.runs[0]: not required", "level", "text", "startLine"]
        {
            assert!(found.iter().any(|it| it.contains(place)), "{place} in {found:#?}");
        }
    }
}
