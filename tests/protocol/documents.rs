//! Documents: what a request sees after which edits.

use serde_json::{Value, json};

use crate::client::{Client, change, edit, notification, open, request};

const FILE: &str = "file:///work/Dockerfile";

fn ask_text(id: i64) -> Value {
    request(id, "dockwright/test/text", json!({ "uri": FILE }))
}

#[test]
fn a_request_sees_all_edits_before_it_and_none_after() {
    let mut client = Client::start();
    client.initialize();
    client.send_together(&[
        open(FILE, "FROM a\n"),
        change(FILE, 2, json!([edit([0, 5, 0, 6], "b")])),
        change(FILE, 3, json!([edit([0, 6, 0, 6], "c")])),
        ask_text(70),
        change(FILE, 4, json!([edit([0, 0, 0, 0], "# late\n")])),
        ask_text(71),
    ]);
    assert_eq!(client.response(70)["result"], json!({ "text": "FROM bc\n", "version": 3 }));
    assert_eq!(client.response(71)["result"], json!({ "text": "# late\nFROM bc\n", "version": 4 }));
}

#[test]
fn edits_behind_a_slow_notification_keep_their_order() {
    let mut client = Client::start();
    client.initialize();
    client.send_together(&[
        open(FILE, ""),
        notification("dockwright/test/pause", json!({ "ms": 200 })),
        change(FILE, 2, json!([edit([0, 0, 0, 0], "a")])),
        notification("dockwright/test/pause", json!({ "ms": 100 })),
        change(FILE, 3, json!([edit([0, 1, 0, 1], "b")])),
        ask_text(70),
    ]);
    assert_eq!(client.response(70)["result"]["text"], "ab");
}

#[test]
fn a_whole_session_in_one_write_loses_nothing() {
    let mut client = Client::start();
    client.send_together(&[
        request(1, "initialize", json!({ "capabilities": {} })),
        notification("initialized", json!({})),
        open(FILE, "FROM a\n"),
        ask_text(70),
    ]);
    assert_eq!(client.response(1)["result"]["serverInfo"]["name"], "dockwright");
    assert_eq!(client.response(70)["result"]["text"], "FROM a\n");
}

#[test]
fn the_clients_first_known_encoding_counts_the_columns() {
    for (offered, expected, column) in [
        (json!(["utf-8", "utf-16"]), "utf-8", 9),
        (json!(["utf-32"]), "utf-32", 6),
        (json!(["utf-16", "utf-8"]), "utf-16", 7),
        (Value::Null, "utf-16", 7),
    ] {
        let mut client = Client::start();
        let general = json!({ "positionEncodings": offered });
        let result = client.initialize_with(json!({ "capabilities": { "general": general } }));
        assert_eq!(result["capabilities"]["positionEncoding"], expected);
        client.open(FILE, "FROM 🐳é\n");
        client.change(FILE, 2, json!([edit([0, column, 0, column + 1], "x")]));
        let expected = if expected == "utf-8" { "FROM 🐳é\n" } else { "FROM 🐳x\n" };
        // One byte of the two of `é`: both ends are rounded down to its start.
        let expected = if column == 9 { expected.replace('é', "xé") } else { expected.to_owned() };
        assert_eq!(client.text(FILE), expected.as_str());
    }
}

#[test]
fn odd_ranges_documents_and_orders_are_survived() {
    let mut client = Client::start();
    client.initialize();
    client.change("file:///never/opened", 2, json!([edit([0, 0, 0, 0], "x")]));
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": "file:///never/opened" } }));
    assert_eq!(client.text("file:///never/opened"), Value::Null);
    client.open(FILE, "a\nb");
    client.change(
        FILE,
        2,
        json!([edit([7, 7, 0, 90], "c"), edit([4_000_000_000, 0, 4_000_000_000, 9], "d")]),
    );
    assert_eq!(client.text(FILE), "acd");
    client.change(FILE, 3, json!([]));
    client.change(FILE, 4, json!([{ "text": "whole" }]));
    assert_eq!(client.text(FILE), "whole");
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": FILE } }));
    assert_eq!(client.text(FILE), Value::Null);
    assert_eq!(client.leave(), 0);
}

#[test]
fn changes_out_of_order_are_put_in_order() {
    for name in ["helix", "another"] {
        let mut client = Client::start();
        client.initialize_with(json!({ "capabilities": {}, "clientInfo": { "name": name } }));
        client.open(FILE, "");
        for version in [2, 3, 4, 8, 5, 6, 7, 9] {
            let (column, letter) = (version as u32 - 2, char::from(b'a' + version as u8 - 2).to_string());
            client.change(FILE, version, json!([edit([0, column, 0, column], &letter)]));
        }
        assert_eq!(client.text(FILE), "abcdefgh", "{name}");
    }
}

#[test]
fn names_of_documents_may_be_odd() {
    let mut client = Client::start();
    client.initialize();
    for uri in [
        "untitled:Untitled-1",
        "file:///c%3A/Users/J%C3%B6rg%20M/Dockerfile",
        "file://wsl%24/Ubuntu/home/x/Dockerfile",
        "file:////wsl.localhost/Ubuntu/Dockerfile",
        "file:///a b/ü/Dockerfile",
        "vscode-notebook-cell:/x#W0sZmlsZQ%3D%3D",
        "git:/x/Dockerfile?{\"ref\":\"~\"}",
    ] {
        client.open(uri, uri);
        assert_eq!(client.text(uri), uri);
    }
    assert_eq!(client.leave(), 0);
}

#[test]
fn thousands_of_edits_end_in_the_right_text() {
    let mut client = Client::start();
    client.initialize();
    client.open(FILE, "FROM a\n");
    let edits: Vec<Value> =
        (0..2000).map(|at| change(FILE, at + 2, json!([edit([1, 0, 1, 0], "x")]))).collect();
    client.send_together(&edits);
    assert_eq!(client.text(FILE), format!("FROM a\n{}", "x".repeat(2000)).as_str());
}
