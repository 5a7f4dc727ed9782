//! What the light bulb offers for findings: all safe repairs at once, the preferred one, comments that switch a rule off.
//! Actions that are completed when they are picked are in `write` and `refactorings`.

use serde_json::{Value, json};

use crate::client::Client;

const FILE: &str = "file:///work/Dockerfile";

fn started(text: &str) -> Client {
    let kinds = json!({ "codeActionKind": { "valueSet": ["quickfix", "source"] } });
    let resolve = json!({ "properties": ["edit"] });
    let actions = json!({ "codeActionLiteralSupport": kinds, "isPreferredSupport": true, "dataSupport": true, "resolveSupport": resolve });
    let capabilities = json!({
        "workspace": { "workspaceEdit": { "documentChanges": true } },
        "textDocument": { "codeAction": actions },
    });
    let mut client = Client::start();
    client.initialize_with(json!({ "capabilities": capabilities }));
    client.open(FILE, text);
    client
}

/// All actions for the whole of `line`, of the kinds `only` if there are such.
fn actions(client: &mut Client, line: u32, only: &[&str]) -> Vec<Value> {
    let range =
        json!({ "start": { "line": line, "character": 0 }, "end": { "line": line, "character": 999 } });
    let mut context = json!({ "diagnostics": [] });
    if !only.is_empty() {
        context["only"] = json!(only);
    }
    let params = json!({ "textDocument": { "uri": FILE }, "range": range, "context": context });
    client.call("textDocument/codeAction", params)["result"].as_array().cloned().unwrap_or_default()
}

fn edits(action: &Value) -> &Vec<Value> {
    action["edit"]["documentChanges"][0]["edits"].as_array().expect("edits")
}

/// `text` (ASCII) after the edits, which come in order.
fn applied(text: &str, edits: &[Value]) -> String {
    let starts: Vec<usize> =
        std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let offset = |at: &Value| {
        let number = |name: &str| at[name].as_u64().expect("a number") as usize;
        starts[number("line")] + number("character")
    };
    let mut result = text.to_owned();
    for edit in edits.iter().rev() {
        let range = offset(&edit["range"]["start"])..offset(&edit["range"]["end"]);
        result.replace_range(range, edit["newText"].as_str().expect("a text"));
    }
    result
}

fn titled<'a>(actions: &'a [Value], title: &str) -> &'a Value {
    let found = actions.iter().find(|it| it["title"] == title);
    found.unwrap_or_else(|| panic!("no `{title}` among {actions:#?}"))
}

#[test]
fn all_safe_repairs_are_one_action() {
    let text = "FROM alpine:3.22 as base\nENV A b\nRUN apk add curl\nWORKDIR app\n";
    let mut client = started(text);
    let found = actions(&mut client, 0, &["source.fixAll.dockwright"]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0]["kind"], "source.fixAll.dockwright");
    // `WORKDIR /app` would be another folder: whoever wants that has to say so.
    let fixed = "FROM alpine:3.22 AS base\nENV A=b\nRUN apk add --no-cache curl\nWORKDIR app\n";
    assert_eq!(applied(text, edits(&found[0])), fixed);
    assert_eq!(found[0]["edit"]["documentChanges"][0]["textDocument"], json!({ "uri": FILE, "version": 1 }));
}

#[test]
fn repairs_that_make_room_for_others_are_followed_to_the_end() {
    let text = "FROM debian:13\nRUN apt install curl\n";
    let mut client = started(text);
    let found = actions(&mut client, 0, &["source.fixAll.dockwright"]);
    assert_eq!(
        applied(text, edits(&found[0])),
        "FROM debian:13\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n"
    );
}

#[test]
fn who_asks_for_any_source_action_gets_it_and_a_light_bulb_does_not() {
    let mut client = started("FROM alpine:3.22 as base\n");
    for only in ["source", "source.fixAll"] {
        assert_eq!(actions(&mut client, 0, &[only]).len(), 1, "{only}");
    }
    let is_source = |it: &Value| it["kind"].as_str().is_some_and(|kind| kind.starts_with("source"));
    assert!(!actions(&mut client, 0, &[]).iter().any(is_source));
    assert_eq!(actions(&mut client, 0, &["source.organizeImports"]), [Value::Null; 0]);
}

#[test]
fn nothing_to_repair_is_no_action() {
    let mut client = started("FROM alpine:3.22\nWORKDIR app\n");
    assert_eq!(actions(&mut client, 0, &["source.fixAll.dockwright"]), [Value::Null; 0]);
}

#[test]
fn only_a_safe_repair_is_preferred() {
    let mut client = started("FROM alpine:3.22 as base\nWORKDIR app\n");
    let safe = actions(&mut client, 0, &["quickfix"]);
    assert_eq!(titled(&safe, "Write `AS`")["isPreferred"], true);
    let others = safe.iter().filter(|it| it["isPreferred"] == true).count();
    assert_eq!(others, 1, "one finding has one preferred repair: {safe:#?}");
    let unsafe_ones = actions(&mut client, 1, &["quickfix"]);
    titled(&unsafe_ones, "Write `/app`");
    assert!(unsafe_ones.iter().all(|it| it["isPreferred"] != true), "{unsafe_ones:#?}");
}

#[test]
fn a_comment_is_written_as_the_file_writes_them() {
    for (text, line, title, after) in [
        (
            "FROM alpine\n",
            0,
            "Ignore `untagged-image` for this instruction",
            "# dockwright: ignore[untagged-image]\nFROM alpine\n",
        ),
        (
            "# hadolint ignore=DL3042\nFROM alpine\n",
            1,
            "Ignore `untagged-image` for this instruction",
            "# hadolint ignore=DL3042,DL3006\nFROM alpine\n",
        ),
        (
            "# hadolint global ignore=DL3042\nFROM alpine\n",
            1,
            "Ignore `untagged-image` in this file",
            "# hadolint global ignore=DL3042,DL3006\nFROM alpine\n",
        ),
        (
            "# check=skip=StageNameCasing\nFROM alpine:3.22 as base\n",
            1,
            "Ignore `from-as-case-mismatch` in this file",
            "# check=skip=StageNameCasing,FromAsCasing\nFROM alpine:3.22 as base\n",
        ),
    ] {
        let mut client = started(text);
        let found = actions(&mut client, line, &["quickfix"]);
        let action = titled(&found, title);
        assert_eq!(applied(text, edits(action)), after);
        assert_ne!(action["isPreferred"], true, "to look away is never preferred");
    }
}
