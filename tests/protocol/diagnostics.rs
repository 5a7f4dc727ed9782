//! Findings: pushed with their version, or pulled, never both.

use serde_json::{Value, json};

use crate::client::{Client, change, edit};

const FILE: &str = "file:///work/Dockerfile";

fn pulls() -> Value {
    json!({ "capabilities": { "textDocument": { "diagnostic": {} } } })
}

fn publication(client: &mut Client, version: Value) -> Value {
    client.wait("a publication", |it| {
        it["method"] == "textDocument/publishDiagnostics" && it["params"]["version"] == version
    })
}

#[test]
fn every_publication_names_its_version() {
    let mut client = Client::start();
    let result = client.initialize();
    assert_eq!(result["capabilities"].get("diagnosticProvider"), None);
    client.open(FILE, "FROM a\n");
    assert_eq!(publication(&mut client, json!(1))["params"]["uri"], FILE);
    client.change(FILE, 2, json!([edit([0, 0, 0, 0], "#")]));
    publication(&mut client, json!(2));
}

#[test]
fn a_closed_document_has_no_findings() {
    let mut client = Client::start();
    client.initialize();
    client.open(FILE, "FROM a\n");
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": FILE } }));
    let last = publication(&mut client, Value::Null);
    assert_eq!(last["params"]["diagnostics"], json!([]));
}

#[test]
fn many_changes_at_once_are_few_publications_and_the_last_one_comes() {
    let mut client = Client::start();
    client.initialize();
    client.open(FILE, "FROM a\n");
    let edits: Vec<Value> =
        (0..500).map(|at| change(FILE, at + 2, json!([edit([1, 0, 1, 0], "x")]))).collect();
    client.send_together(&edits);
    publication(&mut client, json!(501));
    let published = client.others().len();
    assert!(published < 250, "{published} publications for 500 changes");
}

#[test]
fn a_client_that_pulls_is_not_pushed_to() {
    let mut client = Client::start();
    let result = client.initialize_with(pulls());
    assert_eq!(result["capabilities"]["diagnosticProvider"]["identifier"], "dockwright");
    client.open(FILE, "FROM a\n");
    let document = json!({ "uri": FILE });
    let first = client.call("textDocument/diagnostic", json!({ "textDocument": document }))["result"].take();
    assert_eq!(first["kind"], "full");
    let again = json!({ "textDocument": document, "previousResultId": first["resultId"] });
    let second = client.call("textDocument/diagnostic", again.clone())["result"].take();
    assert_eq!(second, json!({ "kind": "unchanged", "resultId": first["resultId"] }));
    client.change(FILE, 2, json!([edit([0, 0, 0, 0], "#")]));
    let third = client.call("textDocument/diagnostic", again)["result"].take();
    assert_eq!(third["kind"], "full");
    assert_ne!(third["resultId"], first["resultId"]);
    assert!(client.others().iter().all(|it| it["method"] != "textDocument/publishDiagnostics"));
}

#[test]
fn pulling_for_a_document_that_is_not_open_is_answered() {
    let mut client = Client::start();
    client.initialize_with(pulls());
    let params = json!({ "textDocument": { "uri": "file:///nowhere" } });
    let report = client.call("textDocument/diagnostic", params);
    assert_eq!(report["result"], json!({ "kind": "full", "items": [] }));
}

#[test]
fn a_dockerignore_in_the_editor_counts_before_it_is_saved() {
    let folder = tempfile::tempdir().expect("a folder");
    let uri = |name: &str| format!("file://{}/{name}", folder.path().display());
    let (file, ignore) = (uri("Dockerfile"), uri(".dockerignore"));
    let mut client = Client::start();
    let all = json!({ "select": ["CopyIgnoredFile"] });
    client.initialize_with(json!({ "capabilities": {}, "initializationOptions": all }));
    client.open(&file, "FROM scratch\nCOPY a /a\n");
    let findings = |client: &mut Client| {
        let mine = |it: &Value| {
            it["method"] == "textDocument/publishDiagnostics" && it["params"]["uri"] == file.as_str()
        };
        let published = client.wait("a publication", mine);
        published["params"]["diagnostics"].as_array().map(Vec::len)
    };
    assert_eq!(findings(&mut client), Some(0));
    client.open(&ignore, "a\n");
    assert_eq!(findings(&mut client), Some(1));
    client.change(&ignore, 2, json!([edit([0, 0, 0, 1], "b")]));
    assert_eq!(findings(&mut client), Some(0));
}
