//! The questions about a place in a Dockerfile: one plain case each; the cases of the analysis are tested there.

use serde_json::{Value, json};

use crate::client::{Client, edit};

const FILE: &str = "file:///work/Dockerfile";
const TEXT: &str = "\
ARG VERSION=3
FROM alpine:$VERSION AS base
FROM base AS app
RUN echo 🐳 <<EOF
EOF
COPY --from=base /a /b
maintainer me
";

/// What editors of today say about themselves.
fn capable() -> Value {
    json!({ "capabilities": {
        "workspace": { "workspaceEdit": { "documentChanges": true } },
        "textDocument": {
            "publishDiagnostics": { "relatedInformation": true },
            "hover": { "contentFormat": ["markdown", "plaintext"] },
            "definition": { "linkSupport": true },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix"] } } },
            "signatureHelp": { "signatureInformation": { "parameterInformation": { "labelOffsetSupport": true } } },
        },
    } })
}

fn started() -> Client {
    let mut client = Client::start();
    client.initialize_with(capable());
    client.open(FILE, TEXT);
    client
}

fn at(line: u32, character: u32) -> Value {
    json!({ "textDocument": { "uri": FILE }, "position": { "line": line, "character": character } })
}

fn document() -> Value {
    json!({ "textDocument": { "uri": FILE } })
}

fn range(of: &Value) -> [u64; 4] {
    let number = |pointer| of.pointer(pointer).and_then(Value::as_u64).expect("a position");
    [number("/start/line"), number("/start/character"), number("/end/line"), number("/end/character")]
}

/// The published finding of one rule.
fn finding(client: &mut Client, rule: &str) -> Value {
    let mut published = client.notification("textDocument/publishDiagnostics");
    let findings = published["diagnostics"].as_array_mut().expect("a list");
    let at = findings.iter().position(|it| it["code"] == rule).expect("the finding");
    findings.swap_remove(at)
}

#[test]
fn hover_explains_and_marks_the_word() {
    let mut client = started();
    let hover = client.call("textDocument/hover", at(2, 1))["result"].take();
    assert_eq!(hover["contents"]["kind"], "markdown");
    assert_eq!(range(&hover["range"]), [2, 0, 2, 4]);
    assert_eq!(client.call("textDocument/hover", at(99, 0))["result"], Value::Null);
}

#[test]
fn hover_right_behind_a_change_sees_it() {
    let mut client = started();
    client.change(FILE, 2, json!([edit([2, 0, 2, 4], "WORKDIR")]));
    let hover = client.call("textDocument/hover", at(2, 1))["result"].take();
    assert_eq!(range(&hover["range"]), [2, 0, 2, 7]);
}

#[test]
fn definitions_are_links_where_the_client_follows_them() {
    let mut client = started();
    let links = client.call("textDocument/definition", at(5, 13))["result"].take();
    assert_eq!(links[0]["targetUri"], FILE);
    assert_eq!(range(&links[0]["originSelectionRange"]), [5, 12, 5, 16]);
    assert_eq!(range(&links[0]["targetSelectionRange"]), [1, 24, 1, 28]);

    let mut plain = Client::start();
    plain.initialize();
    plain.open(FILE, TEXT);
    let locations = plain.call("textDocument/definition", at(5, 13))["result"].take();
    assert_eq!(range(&locations[0]["range"]), [1, 24, 1, 28]);
}

#[test]
fn references_and_highlights_are_all_places_of_a_name() {
    let mut client = started();
    let mut params = at(0, 5);
    params["context"] = json!({ "includeDeclaration": true });
    let places = client.call("textDocument/references", params.clone())["result"].take();
    assert_eq!(places.as_array().map(Vec::len), Some(2));
    params["context"] = json!({ "includeDeclaration": false });
    let uses = client.call("textDocument/references", params)["result"].take();
    assert_eq!(uses.as_array().map(Vec::len), Some(1));
    let highlights = client.call("textDocument/documentHighlight", at(0, 5))["result"].take();
    assert_eq!([&highlights[0]["kind"], &highlights[1]["kind"]], [3, 2]);
}

#[test]
fn rename_changes_every_place_of_this_version() {
    let mut client = started();
    let prepared = client.call("textDocument/prepareRename", at(1, 25))["result"].take();
    assert_eq!(prepared["placeholder"], "base");
    let mut params = at(1, 25);
    params["newName"] = json!("builder");
    let edit = client.call("textDocument/rename", params.clone())["result"].take();
    let change = &edit["documentChanges"][0];
    assert_eq!(change["textDocument"], json!({ "uri": FILE, "version": 1 }));
    assert_eq!(change["edits"].as_array().map(Vec::len), Some(3));
    params["newName"] = json!("no good");
    let error = client.call("textDocument/rename", params)["error"].take();
    assert_eq!(error["code"], -32803);
    assert!(!error["message"].as_str().unwrap_or_default().is_empty());
}

#[test]
fn the_outline_is_a_tree_or_a_list() {
    let mut client = started();
    let tree = client.call("textDocument/documentSymbol", document())["result"].take();
    let names: Vec<&str> =
        tree.as_array().expect("a list").iter().filter_map(|it| it["name"].as_str()).collect();
    assert!(names.contains(&"base") && names.contains(&"app"), "{names:?}");

    let mut plain = Client::start();
    plain.initialize();
    plain.open(FILE, TEXT);
    let list = plain.call("textDocument/documentSymbol", document())["result"].take();
    assert!(list.as_array().expect("a list").iter().any(|it| it["containerName"] == "app"), "{list}");
}

#[test]
fn images_are_linked() {
    let mut client = started();
    let links = client.call("textDocument/documentLink", document())["result"].take();
    let target = links[0]["target"].as_str().expect("a target");
    assert!(target.contains("hub.docker.com") && target.contains("alpine"), "{target}");
}

#[test]
fn signatures_are_shown_while_typing() {
    let mut client = started();
    let help = client.call("textDocument/signatureHelp", at(5, 22))["result"].take();
    let label = help["signatures"][0]["label"].as_str().expect("a label");
    assert!(label.starts_with("COPY"), "{label}");
    assert!(help["signatures"][0]["parameters"][0]["label"][0].is_u64());
}

#[test]
fn values_are_hinted_until_the_settings_say_no() {
    let mut client = started();
    let mut params = document();
    let (start, end) = (json!({ "line": 0, "character": 0 }), json!({ "line": 9, "character": 0 }));
    params["range"] = json!({ "start": start, "end": end });
    let hints = client.call("textDocument/inlayHint", params.clone())["result"].take();
    assert!(hints.as_array().expect("a list").iter().any(|it| it["label"] == "alpine:3"), "{hints}");
    let off =
        json!({ "dockwright": { "inlayHints": { "variables": false, "stages": false, "images": false } } });
    client.notify("workspace/didChangeConfiguration", json!({ "settings": off }));
    assert_eq!(client.call("textDocument/inlayHint", params)["result"], json!([]));
}

#[test]
fn tokens_come_whole_in_part_and_as_a_difference() {
    let mut client = started();
    let whole = client.call("textDocument/semanticTokens/full", document())["result"].take();
    let data = whole["data"].as_array().expect("numbers").clone();
    assert!(!data.is_empty() && data.len().is_multiple_of(5));

    let mut params = document();
    params["range"] = json!({ "start": { "line": 1, "character": 0 }, "end": { "line": 1, "character": 3 } });
    let part = client.call("textDocument/semanticTokens/range", params)["result"].take();
    assert_eq!(part["data"].as_array().map(Vec::len), Some(5));

    client.change(FILE, 2, json!([edit([2, 0, 2, 0], "\n")]));
    let mut params = document();
    params["previousResultId"] = whole["resultId"].clone();
    let difference = client.call("textDocument/semanticTokens/full/delta", params.clone())["result"].take();
    assert_eq!(difference["edits"].as_array().map(Vec::len), Some(1), "{difference}");
    params["previousResultId"] = json!("long ago");
    let again = client.call("textDocument/semanticTokens/full/delta", params)["result"].take();
    assert_eq!(again["data"].as_array().map(Vec::len), Some(data.len()));
}

#[test]
fn columns_of_tokens_count_in_the_negotiated_unit() {
    let mut lengths = Vec::new();
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        let mut client = Client::start();
        let general = json!({ "positionEncodings": [encoding] });
        client.initialize_with(json!({ "capabilities": { "general": general } }));
        client.open(FILE, "# 🐳\n");
        let tokens = client.call("textDocument/semanticTokens/full", document())["result"].take();
        lengths.push(tokens["data"][2].clone());
    }
    assert_eq!(lengths, [6, 4, 3]);
}

#[test]
fn stages_fold_and_selections_grow() {
    let mut client = started();
    let folds = client.call("textDocument/foldingRange", document())["result"].take();
    let is_stage = |it: &Value| it["startLine"] == 2 && it["endLine"] == 6;
    assert!(folds.as_array().expect("a list").iter().any(is_stage), "{folds}");
    let mut params = document();
    params["positions"] = json!([{ "line": 5, "character": 13 }]);
    let selection = client.call("textDocument/selectionRange", params)["result"][0].take();
    assert_eq!(range(&selection["range"]), [5, 12, 5, 16]);
    assert!(selection["parent"]["parent"].is_object());
}

#[test]
fn formatting_follows_the_editor_and_then_the_settings() {
    let mut client = Client::start();
    client.initialize();
    client.open(FILE, "from a\nRUN a && \\\nb   \n");
    let mut params = document();
    params["options"] = json!({ "tabSize": 2, "insertSpaces": true });
    let edits = client.call("textDocument/formatting", params.clone())["result"].take();
    let texts = |edits: &Value| -> Vec<String> {
        let texts = edits.as_array().expect("a list").iter().map(|it| it["newText"].as_str());
        texts.map(|it| it.expect("a text").to_owned()).collect()
    };
    assert!(texts(&edits).contains(&"  ".to_owned()), "{edits}");
    let settings = json!({ "dockwright": { "format": { "indent": 6, "keywordCase": "upper" } } });
    client.notify("workspace/didChangeConfiguration", json!({ "settings": settings }));
    let edits = client.call("textDocument/formatting", params.clone())["result"].take();
    assert!(
        texts(&edits).contains(&"      ".to_owned()) && texts(&edits).contains(&"FROM".to_owned()),
        "{edits}"
    );
    params["range"] = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 6 } });
    let edits = client.call("textDocument/rangeFormatting", params)["result"].take();
    assert_eq!(texts(&edits), ["FROM"]);
}

#[test]
fn a_new_line_behind_an_escape_is_indented() {
    let mut client = Client::start();
    client.initialize();
    client.open(FILE, "FROM a\nRUN a && \\\n\n");
    let mut params = at(2, 0);
    params["ch"] = json!("\n");
    params["options"] = json!({ "tabSize": 4, "insertSpaces": true });
    let edits = client.call("textDocument/onTypeFormatting", params)["result"].take();
    assert_eq!(edits[0]["newText"], "    ");
}

#[test]
fn a_file_that_no_build_takes_is_left_alone_and_says_so() {
    let mut client = Client::start();
    client.initialize();
    client.open(FILE, &"RUN a\n".repeat(2 << 20));
    let published = client.notification("textDocument/publishDiagnostics");
    assert_eq!(published["diagnostics"].as_array().map(Vec::len), Some(1));
    assert_eq!(published["diagnostics"][0]["severity"], 3);
    assert_eq!(client.call("textDocument/hover", at(0, 1))["result"], Value::Null);
    assert_eq!(client.leave(), 0);
}

fn labels(response: &Value) -> Vec<&str> {
    let items = response["result"]["items"].as_array().expect("a list");
    items.iter().filter_map(|it| it["label"].as_str()).collect()
}

#[test]
fn completion_offers_what_is_legal_and_explains_it_on_demand() {
    let mut client = started();
    client.change(FILE, 2, json!([edit([7, 0, 7, 0], "COPY --from=")]));
    let response = client.call("textDocument/completion", at(7, 12));
    assert!(labels(&response).contains(&"base"), "{response}");

    client.change(FILE, 3, json!([edit([7, 0, 7, 12], "WORK")]));
    let response = client.call("textDocument/completion", at(7, 4));
    let items = response["result"]["items"].as_array().expect("a list");
    let item = items.iter().find(|it| it["label"] == "WORKDIR").expect("the instruction");
    assert_eq!(range(&item["textEdit"]["range"]), [7, 0, 7, 4]);
    assert_eq!(item["insertTextFormat"], Value::Null, "no snippets for a client without them");
    let resolved = client.call("completionItem/resolve", item.clone());
    let text = resolved["result"]["documentation"]["value"].as_str().expect("a text");
    assert!(text.contains("WORKDIR"), "{text}");
}

#[test]
fn completion_lists_the_files_beside_the_dockerfile() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("main.go"), "").expect("write");
    std::fs::write(folder.path().join("secret.env"), "").expect("write");
    std::fs::write(folder.path().join(".dockerignore"), "*.env\n").expect("write");
    let uri = format!("file://{}/Dockerfile", folder.path().display());
    let mut client = Client::start();
    client.initialize();
    client.open(&uri, "FROM scratch\nCOPY \n");
    let position = json!({ "line": 1, "character": 5 });
    let params = json!({ "textDocument": { "uri": uri }, "position": position });
    let response = client.call("textDocument/completion", params);
    let labels = labels(&response);
    assert!(labels.contains(&"main.go") && !labels.contains(&"secret.env"), "{labels:?}");
}

#[test]
fn a_blank_alone_does_not_open_the_list_where_it_is_in_the_way() {
    let mut client = started();
    client.change(FILE, 2, json!([edit([7, 0, 7, 0], "RUN ")]));
    let mut params = at(7, 4);
    params["context"] = json!({ "triggerKind": 2, "triggerCharacter": " " });
    assert_eq!(client.call("textDocument/completion", params)["result"], Value::Null);
}

#[test]
fn findings_name_their_rule_and_its_page() {
    let mut client = started();
    let found = finding(&mut client, "deprecated-maintainer");
    assert_eq!(found["source"], "dockwright");
    assert_eq!(found["range"]["start"]["line"], 6);
    assert!(found["codeDescription"]["href"].as_str().is_some_and(|it| it.starts_with("https://")));
    assert!(
        found["data"]["aliases"].as_array().is_some_and(|it| it.contains(&json!("MaintainerDeprecated")))
    );
}

#[test]
fn findings_follow_the_settings() {
    let mut client = started();
    client.notification("textDocument/publishDiagnostics");
    let none = json!({ "dockwright": { "profile": "none" } });
    client.notify("workspace/didChangeConfiguration", json!({ "settings": none }));
    let published = client.notification("textDocument/publishDiagnostics");
    assert_eq!(published["diagnostics"], json!([]));
}

#[test]
fn an_old_version_of_an_official_image_can_be_updated() {
    let mut client = started();
    client.open("file:///w/old/Dockerfile", "FROM python:3.12.1-slim\n");
    let at = json!({ "line": 0, "character": 9 });
    let params = json!({
        "textDocument": { "uri": "file:///w/old/Dockerfile" },
        "range": { "start": at, "end": at },
        "context": { "diagnostics": [], "only": ["refactor"] },
    });
    let actions = client.call("textDocument/codeAction", params)["result"].take();
    assert_eq!(actions[0]["kind"], "refactor.rewrite", "{actions}");
    let edit = &actions[0]["edit"]["documentChanges"][0]["edits"][0];
    assert_eq!(edit["range"]["start"], json!({ "line": 0, "character": 12 }));
    assert!(
        edit["newText"].as_str().is_some_and(|it| it.starts_with("3.12.") && it.ends_with("-slim")),
        "{edit}"
    );
}

#[test]
fn a_finding_has_its_quick_fix() {
    let mut client = started();
    let finding = finding(&mut client, "deprecated-maintainer");
    let mut params = document();
    params["range"] = finding["range"].clone();
    params["context"] = json!({ "diagnostics": [finding] });
    let actions = client.call("textDocument/codeAction", params.clone())["result"].take();
    let is_it = |it: &&Value| it["diagnostics"][0]["code"] == "deprecated-maintainer";
    let action = actions.as_array().expect("a list").iter().find(is_it).expect("the fix");
    assert_eq!(action["kind"], "quickfix");
    assert_eq!(action["edit"]["documentChanges"][0]["textDocument"]["version"], 1);
    params["context"]["only"] = json!(["refactor"]);
    let others = client.call("textDocument/codeAction", params)["result"].take();
    let is_refactoring = |it: &Value| it["kind"].as_str().is_some_and(|kind| kind.starts_with("refactor"));
    assert!(others.as_array().expect("a list").iter().all(is_refactoring), "{others}");
}

#[test]
fn other_documents_are_not_taken_for_dockerfiles() {
    let mut client = Client::start();
    client.initialize_with(capable());
    let uri = "file:///work/.dockerignore";
    client.open(uri, "node_modules\nmaintainer x\n");
    assert_eq!(client.notification("textDocument/publishDiagnostics")["diagnostics"], json!([]));
    let params = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 0 } });
    assert_eq!(client.call("textDocument/hover", params)["result"], Value::Null);
}
