//! Dockerfiles of the workspace that are not open.

use std::path::Path;

use serde_json::{Value, json};

use crate::client::Client;

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

fn started(folder: &Path) -> Client {
    let mut client = Client::start();
    let folders = json!([{ "uri": uri(folder), "name": "work" }]);
    let capabilities = json!({ "textDocument": { "diagnostic": {} } });
    client.initialize_with(json!({ "capabilities": capabilities, "workspaceFolders": folders }));
    client
}

fn pull(client: &mut Client, previous: Value) -> Vec<Value> {
    let params = json!({ "previousResultIds": previous });
    let report = client.call("workspace/diagnostic", params);
    report["result"]["items"].as_array().expect("a list").clone()
}

#[test]
fn files_on_the_disk_have_findings_until_they_are_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("Dockerfile");
    std::fs::write(&file, "FROM scratch\nMAINTAINER me\n").expect("write");
    let mut client = started(folder.path());
    let first = pull(&mut client, json!([]));
    assert_eq!((first.len(), &first[0]["kind"]), (1, &json!("full")));
    let codes: Vec<&Value> =
        first[0]["items"].as_array().expect("a list").iter().map(|it| &it["code"]).collect();
    assert!(codes.contains(&&json!("deprecated-maintainer")), "{codes:?}");

    let previous = json!([{ "uri": first[0]["uri"], "value": first[0]["resultId"] }]);
    let second = pull(&mut client, previous.clone());
    assert_eq!((second.len(), &second[0]["kind"]), (1, &json!("unchanged")));

    std::fs::remove_file(&file).expect("remove");
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    let third = pull(&mut client, previous);
    assert_eq!((&third[0]["kind"], &third[0]["items"]), (&json!("full"), &json!([])));
}

#[test]
fn an_open_document_counts_instead_of_its_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("Dockerfile");
    std::fs::write(&file, "FROM scratch\nMAINTAINER me\n").expect("write");
    let mut client = started(folder.path());
    client.open(&uri(&file), "FROM scratch\nLABEL a=b\n");
    let reports = pull(&mut client, json!([]));
    assert_eq!((reports.len(), &reports[0]["version"]), (1, &json!(1)));
    let items = reports[0]["items"].as_array().expect("a list");
    assert!(items.iter().all(|it| it["code"] != "deprecated-maintainer"), "{items:?}");
}

#[test]
fn stages_and_variables_are_found_in_all_files() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("api.Dockerfile"), "FROM scratch AS builder\n").expect("write");
    let mut client = started(folder.path());
    client.open("untitled:new", "FROM scratch AS Build\nENV BOLD=1\n");
    let symbols = client.call("workspace/symbol", json!({ "query": "bld" }))["result"].take();
    let mut names: Vec<&str> =
        symbols.as_array().expect("a list").iter().filter_map(|it| it["name"].as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["BOLD", "build", "builder"]);
}
