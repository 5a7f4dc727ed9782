//! Frames and bodies, good and bad.

use serde_json::{Value, json};

use crate::client::{Client, request};

#[test]
fn a_body_that_is_no_json_is_answered_and_the_next_one_works() {
    let mut client = Client::start();
    client.initialize();
    client.send_bytes(b"Content-Length: 9\r\n\r\n{\"id\": 1,");
    let answer = client.wait("an error", |it| it["id"].is_null() && it.get("error").is_some());
    assert_eq!(answer["error"]["code"], -32700);
    assert_eq!(client.call("dockwright/test/null", Value::Null)["result"], Value::Null);
}

#[test]
fn json_that_is_no_message_is_an_invalid_request() {
    let mut client = Client::start();
    client.initialize();
    for body in [json!([]), json!(1), json!({}), json!({ "id": 1.5, "method": "a" })] {
        client.send(&body);
        let answer = client.wait("an error", |it| it["id"].is_null() && it.get("error").is_some());
        assert_eq!(answer["error"]["code"], -32600, "{body}");
    }
    assert_eq!(client.leave(), 0);
}

#[test]
fn headers_come_in_any_case_and_in_company() {
    let mut client = Client::start();
    client.initialize();
    let body = request(50, "dockwright/test/null", Value::Null).to_string();
    client.send_bytes(format!("content-length: {}\r\n\r\n{body}", body.len()).as_bytes());
    client.response(50);
    let body = request(51, "dockwright/test/null", Value::Null).to_string();
    let header = "Content-Type: application/vscode-jsonrpc\r\nX-Something: 3";
    client.send_bytes(format!("{header}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    client.response(51);
    assert_eq!(client.leave(), 0);
}

#[test]
fn rubbish_between_messages_is_passed_over() {
    let mut client = Client::start();
    client.initialize();
    client.send_bytes(b"\xff\x00rubbish\r\n\r\nContent-Length: many\r\n\r\n");
    let answer = client.wait("an error", |it| it["id"].is_null() && it.get("error").is_some());
    assert_eq!(answer["error"]["code"], -32700);
    assert_eq!(client.call("dockwright/test/null", Value::Null)["result"], Value::Null);
}

#[test]
fn a_result_of_null_is_there() {
    let mut client = Client::start();
    client.initialize();
    let response = client.call("dockwright/test/null", Value::Null);
    assert_eq!(response.get("result"), Some(&Value::Null));
}

#[test]
fn unknown_methods_and_bad_parameters_have_their_own_errors() {
    let mut client = Client::start();
    client.initialize();
    assert_eq!(client.call("no/such", json!({}))["error"]["code"], -32601);
    assert_eq!(client.call("$/noSuch", json!({}))["error"]["code"], -32601);
    assert_eq!(client.call("textDocument/hover", json!({ "no": 1 }))["error"]["code"], -32602);
    assert_eq!(client.call("textDocument/hover", Value::Null)["error"]["code"], -32602);
    client.notify("no/such", json!({}));
    client.notify("$/noSuch", json!({}));
    client.notify("textDocument/didOpen", json!({ "no": 1 }));
    assert_eq!(client.leave(), 0);
}

#[test]
fn methods_for_tests_exist_only_in_tests() {
    let mut command = Client::command();
    command.env_remove("DOCKWRIGHT_TEST_METHODS");
    let mut client = Client::start_command(command);
    client.initialize();
    assert_eq!(client.call("dockwright/test/panic", Value::Null)["error"]["code"], -32601);
}

#[test]
fn requests_before_initialize_are_refused() {
    let mut client = Client::start();
    assert_eq!(client.call("textDocument/hover", json!({}))["error"]["code"], -32002);
    client.initialize();
    assert_eq!(client.leave(), 0);
}
