//! Settings: the ways they come, and the clients that do not give them.

use serde_json::{Value, json};

use crate::client::Client;

const FILE: &str = "file:///work/Dockerfile";

fn gives_settings() -> Value {
    json!({ "capabilities": { "workspace": {
        "configuration": true,
        "didChangeConfiguration": { "dynamicRegistration": true },
        "didChangeWatchedFiles": { "dynamicRegistration": true },
    } } })
}

fn warning(client: &mut Client) -> String {
    let message = client.notification("window/showMessage");
    message["message"].as_str().expect("a message").to_owned()
}

#[test]
fn a_wrong_value_in_the_initialization_options_is_said_once() {
    let mut client = Client::start();
    let options = json!({ "dockwright": { "profile": "loud" } });
    client.initialize_with(json!({ "capabilities": {}, "initializationOptions": options }));
    client.open(FILE, "FROM a\n");
    assert!(warning(&mut client).contains("`profile`"));
    client.open("file:///work/Dockerfile.dev", "FROM a\n");
    client.call("shutdown", Value::Null);
    assert!(client.others().iter().all(|it| it["method"] != "window/showMessage"));
}

#[test]
fn settings_are_asked_for_and_asked_again_when_they_change() {
    let mut client = Client::start();
    client.initialize_with(gives_settings());
    let registration = client.server_request("client/registerCapability");
    client.reply(&registration["id"], Value::Null);
    let question = client.server_request("workspace/configuration");
    let sections: Vec<&Value> =
        question["params"]["items"].as_array().expect("items").iter().map(|it| &it["section"]).collect();
    assert_eq!(sections, ["dockwright", "docker.languageserver"]);
    client.reply(&question["id"], json!([Value::Null, Value::Null]));
    client.notify("workspace/didChangeConfiguration", json!({ "settings": Value::Null }));
    let question = client.server_request("workspace/configuration");
    client.reply(&question["id"], json!([{ "offline": "maybe" }, Value::Null]));
    client.open(FILE, "FROM a\n");
    assert!(warning(&mut client).contains("`offline`"));
}

#[test]
fn a_client_that_refuses_registrations_is_served_all_the_same() {
    let mut client = Client::start();
    client.initialize_with(gives_settings());
    let registration = client.server_request("client/registerCapability");
    let error = json!({ "code": -32601, "message": "MethodNotFound" });
    client.send(&json!({ "jsonrpc": "2.0", "id": registration["id"], "error": error }));
    let question = client.server_request("workspace/configuration");
    client.reply(&question["id"], Value::Null);
    client.open(FILE, "FROM a\n");
    assert_eq!(client.text(FILE), "FROM a\n");
    assert_eq!(client.leave(), 0);
}

#[test]
fn settings_that_are_sent_are_taken() {
    let mut client = Client::start();
    client.initialize();
    client.open(FILE, "FROM a\n");
    client.notify(
        "workspace/didChangeConfiguration",
        json!({ "settings": { "dockwright": { "offlin": true } } }),
    );
    assert!(warning(&mut client).contains("did you mean `offline`"));
    client.notify("workspace/didChangeConfiguration", json!({ "settings": Value::Null }));
    assert_eq!(client.leave(), 0);
}

#[test]
fn a_broken_file_is_named_and_its_repair_is_seen() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("dockwright.toml");
    std::fs::write(&file, "oops").expect("write");
    let uri = format!("file://{}/Dockerfile", folder.path().display());
    let mut client = Client::start();
    client.initialize();
    client.open(&uri, "FROM a\n");
    assert!(warning(&mut client).contains("dockwright.toml: line 1"));
    std::fs::write(&file, "[registry]\nallow = [\"evil.example\"]\n").expect("write");
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    assert!(warning(&mut client).contains("`registry.allow` is ignored in a file of the workspace"));
}
