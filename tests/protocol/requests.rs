//! Requests that take long, fail, are cancelled, or ask the client in return.

use serde_json::{Value, json};

use crate::client::{Client, notification, request};

#[test]
fn a_cancelled_request_is_answered_at_once_and_the_others_run_on() {
    let mut client = Client::start();
    client.initialize();
    let sleep = |client: &mut Client, ms: u64| client.request("dockwright/test/sleep", json!({ "ms": ms }));
    let others = [sleep(&mut client, 300), sleep(&mut client, 300)];
    // Longer than anybody waits for it.
    let cancelled = sleep(&mut client, 600_000);
    client.notify("$/cancelRequest", json!({ "id": cancelled }));
    assert_eq!(client.response(cancelled)["error"]["code"], -32800);
    for id in others {
        assert_eq!(client.response(id)["result"], 300);
    }
}

#[test]
fn a_request_is_cancelled_before_its_turn() {
    let late = |ms: u64| {
        let mut client = Client::start();
        client.initialize();
        client.send_together(&[
            notification("dockwright/test/pause", json!({ "ms": ms })),
            request("late", "dockwright/test/null", Value::Null),
            notification("$/cancelRequest", json!({ "id": "late" })),
        ]);
        let answer = client.wait("the answer", |it| it["id"] == "late");
        assert_eq!(answer["error"]["code"], -32800);
        client
    };
    // Its turn does not come while this test runs.
    late(600_000);
    let mut client = late(500);
    // No second answer comes when its turn is there.
    assert_eq!(client.call("dockwright/test/null", Value::Null)["result"], Value::Null);
    assert_eq!(client.others(), Vec::<Value>::new());
}

#[test]
fn cancelling_what_is_done_or_was_never_asked_does_nothing() {
    let mut client = Client::start();
    client.initialize();
    let id = client.request("dockwright/test/null", Value::Null);
    client.response(id);
    for id in [json!(id), json!(4711), json!("x"), Value::Null, json!([])] {
        client.notify("$/cancelRequest", json!({ "id": id }));
    }
    // The id may even be used again.
    client.send(&request(id, "dockwright/test/sleep", json!({ "ms": 10 })));
    assert_eq!(client.response(id)["result"], 10);
    assert_eq!(client.leave(), 0);
}

#[test]
fn a_panic_fails_its_request_only() {
    let mut client = Client::start();
    client.initialize();
    for method in ["dockwright/test/panic", "dockwright/test/panicLater"] {
        let id = client.request(method, Value::Null);
        assert_eq!(client.response(id)["error"]["code"], -32603);
        client.send(&request(id, "dockwright/test/sleep", json!({ "ms": 1 })));
        assert_eq!(client.response(id)["result"], 1, "the id is free again");
    }
    assert_eq!(client.leave(), 0);
}

#[test]
fn a_reply_that_comes_too_late_is_ignored() {
    let mut client = Client::start();
    client.initialize();
    let id = client.request("dockwright/test/askClient", json!({ "ms": 50 }));
    let question = client.server_request("workspace/workspaceFolders");
    assert_eq!(client.response(id)["result"], false);
    client.reply(&question["id"], json!([]));
    client.reply(&question["id"], json!([]));
    client.reply(&json!(4711), json!([]));
    client.reply(&json!("unknown"), json!([]));
    assert_eq!(client.leave(), 0);
}

#[test]
fn handlers_that_wait_for_the_client_hold_up_nothing() {
    let mut client = Client::start();
    client.initialize();
    let ids: Vec<i64> =
        (0..4).map(|_| client.request("dockwright/test/askClient", json!({ "ms": 20_000 }))).collect();
    for _ in 0..150 {
        client.notify("dockwright/test/pause", json!({ "ms": 0 }));
    }
    assert_eq!(client.call("dockwright/test/null", Value::Null)["result"], Value::Null);
    for _ in &ids {
        let question = client.server_request("workspace/workspaceFolders");
        client.reply(&question["id"], Value::Null);
    }
    for id in ids {
        assert_eq!(client.response(id)["result"], true);
    }
    assert_eq!(client.leave(), 0);
}

#[test]
fn a_second_request_with_the_same_id_does_no_harm() {
    let mut client = Client::start();
    client.initialize();
    let twice = request(70, "dockwright/test/sleep", json!({ "ms": 100 }));
    client.send_together(&[twice.clone(), twice]);
    let answers = [client.response(70), client.response(70)];
    assert!(answers.iter().any(|it| it["result"] == 100), "{answers:?}");
    assert_eq!(client.call("dockwright/test/null", Value::Null)["result"], Value::Null);
    assert_eq!(client.leave(), 0);
}
