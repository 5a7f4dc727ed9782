//! Keeps the settings and the snippets of the VS Code extension (`editors/vscode`) in step with ours.
//!
//! `UPDATE_EXPECT=1 cargo test --lib vscode` writes them.

use std::path::PathBuf;

use expect_test::expect_file;
use serde_json::{Map, Value, json};

use super::keys::{KEYS, Key};
use crate::analysis::knowledge::templates::{COMMON_IGNORED, TEMPLATES};

/// `None` in a packaged crate, which comes without the editors.
fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/editors/vscode"));
    folder.is_dir().then_some(folder)
}

/// All but what an extension says by itself when it starts the server.
fn settings() -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(|key| !key.name.starts_with("client."))
}

fn property(key: &Key) -> Value {
    let mut property = Map::new();
    let is_optional = key.default == "null";
    property.insert("type".into(), if is_optional { json!([key.kind, "null"]) } else { json!(key.kind) });
    if !key.values.is_empty() {
        property.insert("enum".into(), json!(key.values));
    }
    property.extend(details(key.name));
    property.insert("default".into(), serde_json::from_str(key.default).expect("defaults are JSON"));
    property.insert("scope".into(), json!(if key.is_guarded { "window" } else { "resource" }));
    let note =
        if key.is_guarded { " Read from your own settings only, never from those of a folder." } else { "" };
    property.insert("markdownDescription".into(), json!(format!("{}{note}", key.description)));
    Value::Object(property)
}

/// What is inside of lists and tables.
fn details(name: &str) -> Map<String, Value> {
    let severity = json!({ "type": "string", "enum": ["error", "warning", "info", "hint", "off"] });
    let rules = json!({ "type": "array", "items": { "type": "string" } });
    let profile = KEYS.iter().find(|key| key.name == "profile").map(|key| key.values);
    let details = match name {
        "severity" => json!({ "additionalProperties": severity }),
        "overrides" => json!({ "items": {
            "type": "object",
            "required": ["paths"],
            "properties": {
                "paths": rules,
                "profile": { "type": "string", "enum": profile },
                "select": rules,
                "ignore": rules,
                "severity": { "type": "object", "additionalProperties": severity },
            },
        } }),
        "labelSchema" | "cli.env" => json!({ "additionalProperties": { "type": "string" } }),
        _ if KEYS.iter().any(|key| key.name == name && key.kind == "array") => {
            json!({ "items": { "type": "string" } })
        }
        _ => Value::Null,
    };
    match details {
        Value::Object(details) => details,
        _ => Map::new(),
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("it came from JSON") + "\n"
}

#[test]
fn the_extension_has_every_setting() {
    let Some(path) = folder().map(|it| it.join("package.json")) else { return };
    let text = std::fs::read_to_string(&path).expect("the extension has a manifest");
    let mut manifest: Value = serde_json::from_str(&text).expect("the manifest is JSON");
    let properties: Map<String, Value> =
        settings().map(|key| (format!("dockwright.{}", key.name), property(key))).collect();
    manifest["contributes"]["configuration"][0]["properties"] = Value::Object(properties);
    let guarded = settings().filter(|key| key.is_guarded).map(|key| format!("dockwright.{}", key.name));
    let restricted: Vec<String> = guarded.chain(["dockwright.server.path".to_owned()]).collect();
    manifest["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"] = json!(restricted);
    expect_file![path].assert_eq(&pretty(&manifest));
}

/// VS Code's "Fill File with Snippet" offers them where there is no server yet.
#[test]
fn the_extension_has_every_template_as_a_snippet() {
    let Some(folder) = folder() else { return };
    let snippets: Map<String, Value> =
        TEMPLATES.iter().map(|it| snippet(it.title, it.name, it.body)).collect();
    expect_file![folder.join("snippets/dockerfile.json")].assert_eq(&pretty(&Value::Object(snippets)));
}

#[test]
fn the_extension_has_every_ignore_file_as_a_snippet() {
    let Some(folder) = folder() else { return };
    let common = COMMON_IGNORED.iter().flat_map(|line| [*line, "\n"]).collect::<String>();
    let mut snippets = Map::from_iter([snippet("What no image needs", "common", &common)]);
    snippets.extend(TEMPLATES.iter().map(|it| snippet(it.title, it.name, &it.dockerignore())));
    expect_file![folder.join("snippets/ignore.json")].assert_eq(&pretty(&Value::Object(snippets)));
}

fn snippet(title: &str, name: &str, body: &str) -> (String, Value) {
    let lines: Vec<&str> = body.lines().collect();
    let file = if body.contains("FROM ") { "Dockerfile" } else { ".dockerignore" };
    let snippet = json!({
        "prefix": format!("{}-{name}", file.trim_start_matches('.').to_lowercase()),
        "description": format!("A whole {file}: {title}"),
        "isFileTemplate": true,
        "body": lines,
    });
    (title.to_owned(), snippet)
}
