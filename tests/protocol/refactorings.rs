//! Refactorings as an editor gets them: kinds, annotations, refusals, and the text afterwards.

use serde_json::{Value, json};

use crate::client::Client;

const FILE: &str = "file:///work/Dockerfile";

/// A client with a preview, that shows what cannot be done and asks for edits when they are needed.
fn capable() -> Value {
    json!({ "capabilities": {
        "workspace": { "workspaceEdit": {
            "documentChanges": true,
            "resourceOperations": ["create"],
            "changeAnnotationSupport": {},
        } },
        "textDocument": { "codeAction": {
            "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["refactor"] } },
            "disabledSupport": true,
            "dataSupport": true,
            "resolveSupport": { "properties": ["edit"] },
        } },
    } })
}

fn started(capabilities: Value, text: &str) -> Client {
    let mut client = Client::start();
    client.initialize_with(capabilities);
    client.open(FILE, text);
    client
}

/// The actions for `[line, column, line, column]`.
fn actions(client: &mut Client, [line, column, end_line, end_column]: [u32; 4], only: Value) -> Vec<Value> {
    let start = json!({ "line": line, "character": column });
    let end = json!({ "line": end_line, "character": end_column });
    let mut context = json!({ "diagnostics": [] });
    if !only.is_null() {
        context["only"] = only;
    }
    let params = json!({
        "textDocument": { "uri": FILE },
        "range": { "start": start, "end": end },
        "context": context,
    });
    client.call("textDocument/codeAction", params)["result"].as_array().expect("a list").clone()
}

fn titled<'a>(actions: &'a [Value], title: &str) -> &'a Value {
    let found = actions.iter().find(|it| it["title"].as_str().is_some_and(|it| it.starts_with(title)));
    found.unwrap_or_else(|| panic!("no {title:?} in {actions:#?}"))
}

/// `text` after the edits of the first document of an action (ASCII only).
fn applied(text: &str, edits: &Value) -> String {
    let lines: Vec<usize> =
        std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let offset = |at: &Value| {
        let number = |key: &str| at[key].as_u64().expect("a number") as usize;
        lines[number("line")] + number("character")
    };
    let mut edits: Vec<(usize, usize, String)> = edits
        .as_array()
        .expect("edits")
        .iter()
        .map(|it| {
            let new = it["newText"].as_str().expect("a text").to_owned();
            (offset(&it["range"]["start"]), offset(&it["range"]["end"]), new)
        })
        .collect();
    edits.sort_by_key(|it| (it.0, it.1));
    let mut text = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        text.replace_range(start..end, &new);
    }
    text
}

#[test]
fn an_action_is_annotated_and_does_what_it_says() {
    let text = "FROM alpine:3.22\nRUN a\n# why\nRUN b\n";
    let mut client = started(capable(), text);
    let actions = actions(&mut client, [1, 4, 1, 4], Value::Null);
    let merge = titled(&actions, "Merge 2 `RUN` instructions");
    assert_eq!(merge["kind"], "refactor.rewrite");
    let change = &merge["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"], json!({ "uri": FILE, "version": 1 }));
    let id = change["edits"][0]["annotationId"].as_str().expect("an annotation");
    let annotation = &merge["edit"]["changeAnnotations"][id];
    assert_eq!(annotation["label"], merge["title"]);
    assert_eq!(annotation["needsConfirmation"], false);
    assert_eq!(applied(text, &change["edits"]), "FROM alpine:3.22\nRUN a && \\\n    # why\n    b\n");
}

#[test]
fn a_refusal_has_its_reason_where_the_client_shows_it() {
    let text = "FROM alpine:3.22\nCMD echo $HOME\n";
    let mut client = started(capable(), text);
    let found = actions(&mut client, [1, 5, 1, 5], json!(["refactor"]));
    let refused = titled(&found, "Write in exec form");
    assert!(refused["disabled"]["reason"].as_str().is_some_and(|it| it.contains("$HOME")), "{refused}");
    assert_eq!(refused["edit"], Value::Null);

    let literals = json!({ "codeActionKind": { "valueSet": [] } });
    let plain = json!({ "capabilities": { "textDocument": { "codeAction": { "codeActionLiteralSupport": literals } } } });
    let mut client = started(plain, text);
    let found = actions(&mut client, [1, 5, 1, 5], json!(["refactor"]));
    assert!(found.iter().all(|it| it["disabled"].is_null()), "{found:?}");
}

#[test]
fn only_the_kinds_that_are_asked_for() {
    let mut client = started(capable(), "FROM alpine:3.22\nRUN a && b\n");
    let found = actions(&mut client, [1, 5, 1, 5], json!(["refactor.inline"]));
    assert!(found.iter().all(|it| it["kind"] == "refactor.inline"), "{found:?}");
    let found = actions(&mut client, [1, 5, 1, 5], json!(["quickfix"]));
    assert!(found.iter().all(|it| it["kind"] == "quickfix"), "{found:?}");
}

#[test]
fn clients_without_annotations_get_plain_edits() {
    let literals = json!({ "codeActionKind": { "valueSet": [] } });
    let plain = json!({ "capabilities": { "textDocument": { "codeAction": { "codeActionLiteralSupport": literals } } } });
    let text = "FROM alpine:3.22\r\nRUN a && b\r\n";
    let mut client = started(plain, text);
    let found = actions(&mut client, [1, 5, 1, 5], Value::Null);
    let edits = &titled(&found, "Split into 2")["edit"]["changes"][FILE];
    assert_eq!(applied(text, edits), "FROM alpine:3.22\r\nRUN a\r\nRUN b\r\n");
}

#[test]
fn a_repair_and_a_refactoring_that_do_the_same_are_listed_once() {
    let mut client = started(capable(), "FROM alpine:3.22\nMAINTAINER me\n");
    let found = actions(&mut client, [1, 3, 1, 3], Value::Null);
    assert_eq!(found.iter().filter(|it| it["title"] == "Write a `LABEL`").count(), 1, "{found:#?}");
    let found = actions(&mut client, [1, 3, 1, 3], json!(["refactor"]));
    assert_eq!(titled(&found, "Write a `LABEL`")["kind"], "refactor.rewrite");
}

#[test]
fn a_change_that_others_must_follow_asks_first() {
    let text = "FROM alpine:3.22\nARG API_TOKEN\nRUN x $API_TOKEN\n";
    let mut client = started(capable(), text);
    let found = actions(&mut client, [1, 5, 1, 5], json!(["refactor.rewrite"]));
    let edit = &titled(&found, "Give `API_TOKEN`")["edit"];
    let change = &edit["documentChanges"][0];
    let id = change["edits"][0]["annotationId"].as_str().expect("an annotation");
    let annotation = &edit["changeAnnotations"][id];
    assert_eq!(annotation["needsConfirmation"], true);
    assert!(
        annotation["description"].as_str().is_some_and(|it| it.contains("--secret id=api_token")),
        "{annotation}"
    );
    assert_eq!(
        applied(text, &change["edits"]),
        "FROM alpine:3.22\nRUN --mount=type=secret,id=api_token,env=API_TOKEN \\\n    x $API_TOKEN\n"
    );
}

#[test]
fn a_selection_becomes_a_stage() {
    let text = "FROM alpine:3.22 AS app\nRUN a\nRUN b\n";
    let mut client = started(capable(), text);
    let found = actions(&mut client, [1, 0, 2, 0], json!(["refactor.extract"]));
    let stage = titled(&found, "Extract into a stage");
    assert_eq!(stage["kind"], "refactor.extract");
    let edits = &stage["edit"]["documentChanges"][0]["edits"];
    assert_eq!(
        applied(text, edits),
        "FROM alpine:3.22 AS extracted\nRUN a\n\nFROM extracted AS app\nRUN b\n"
    );
}

/// A Dockerfile on the disk, and what is offered for its `COPY . .`.
fn ignore_action(client: &mut Client, folder: &std::path::Path) -> (String, Value) {
    let uri = format!("file://{}/Dockerfile", folder.display());
    client.open(&uri, "FROM node:24\nCOPY . .\nRUN npm ci\n");
    let at = json!({ "line": 1, "character": 3 });
    let params = json!({
        "textDocument": { "uri": uri },
        "range": { "start": at, "end": at },
        "context": { "diagnostics": [], "only": ["refactor"] },
    });
    let found = client.call("textDocument/codeAction", params)["result"].take();
    let is_it = |it: &&Value| it["title"].as_str().is_some_and(|it| it.contains(".dockerignore"));
    let action = found.as_array().expect("a list").iter().find(is_it).expect("the action").clone();
    (uri, action)
}

#[test]
fn an_ignore_file_is_made_when_it_is_picked() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("package.json"), "{}").expect("write");
    let mut client = Client::start();
    client.initialize_with(capable());
    let (uri, action) = ignore_action(&mut client, folder.path());
    assert_eq!(action["edit"], Value::Null);
    let resolved = client.call("codeAction/resolve", action)["result"].take();
    let ignore = uri.replace("Dockerfile", ".dockerignore");
    let changes = &resolved["edit"]["documentChanges"];
    assert_eq!((&changes[0]["kind"], &changes[0]["uri"]), (&json!("create"), &json!(ignore)));
    let text = changes[1]["edits"][0]["newText"].as_str().expect("a text");
    assert!(text.lines().any(|it| it == "node_modules") && text.lines().any(|it| it == ".git"), "{text}");
    assert!(!folder.path().join(".dockerignore").exists(), "only the client writes");
}

#[test]
fn missing_lines_are_put_above_what_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(".dockerignore"), ".git\n!.env\n").expect("write");
    let literals = json!({ "codeActionKind": { "valueSet": [] } });
    let plain = json!({ "capabilities": { "textDocument": { "codeAction": { "codeActionLiteralSupport": literals } } } });
    let mut client = Client::start();
    client.initialize_with(plain);
    let (uri, action) = ignore_action(&mut client, folder.path());
    let edits = &action["edit"]["changes"][uri.replace("Dockerfile", ".dockerignore")];
    assert_eq!(edits[0]["range"]["start"], json!({ "line": 0, "character": 0 }));
    assert!(edits[0]["newText"].as_str().is_some_and(|it| it.contains("node_modules\n")), "{action}");
}
