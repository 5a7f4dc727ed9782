//! How a session begins and ends.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Client, edit, notification, request, wait_exit};

#[test]
fn shutdown_and_exit_in_one_write_end_with_0() {
    let mut client = Client::start();
    client.initialize();
    client.send_together(&[request(7, "shutdown", Value::Null), notification("exit", Value::Null)]);
    assert_eq!(client.response(7)["result"], Value::Null);
    assert_eq!(client.wait_exit(), 0);
}

#[test]
fn exit_ends_the_server_although_its_input_stays_open() {
    let mut client = Client::start();
    client.initialize();
    // With parameters of `null`, which tower-lsp itself refuses.
    assert_eq!(client.call("shutdown", Value::Null)["result"], Value::Null);
    client.notify("exit", Value::Null);
    assert_eq!(client.wait_exit(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn memory_is_given_back_in_a_pause_and_nothing_is_lost() {
    let uri = "file:///memory/Dockerfile";
    let mut client = Client::start();
    client.initialize();
    client.open(uri, "FROM debian\nMAINTAINER me\n");
    let first = client.notification("textDocument/publishDiagnostics");
    let busy = client.memory("RssFile");
    let end = Instant::now() + Duration::from_secs(30);
    while client.memory("RssFile") > busy / 2 {
        assert!(Instant::now() < end, "still {} of {busy} bytes", client.memory("RssFile"));
        std::thread::sleep(Duration::from_millis(20));
    }
    client.change(uri, 2, json!([edit([1, 11, 1, 13], "you")]));
    let second = client.notification("textDocument/publishDiagnostics");
    assert_eq!(first["diagnostics"][0]["code"], second["diagnostics"][0]["code"]);
    assert_eq!(client.text(uri), "FROM debian\nMAINTAINER you\n");
}

#[test]
fn a_message_after_exit_is_not_waited_for() {
    let mut client = Client::start();
    client.initialize();
    client.call("shutdown", json!({}));
    client.send_together(&[
        notification("exit", Value::Null),
        notification("textDocument/didSave", json!({ "textDocument": { "uri": "file:///a" } })),
        request(9, "shutdown", Value::Null),
    ]);
    assert_eq!(client.wait_exit(), 0);
}

#[test]
fn exit_without_shutdown_ends_with_1() {
    let mut client = Client::start();
    client.initialize();
    client.notify("exit", Value::Null);
    assert_eq!(client.wait_exit(), 1);
}

#[test]
fn a_request_after_shutdown_is_refused() {
    let mut client = Client::start();
    client.initialize();
    client.call("shutdown", Value::Null);
    assert_eq!(client.call("dockwright/test/null", Value::Null)["error"]["code"], -32600);
    client.notify("exit", Value::Null);
    assert_eq!(client.wait_exit(), 0);
}

#[test]
fn the_end_of_the_input_lets_running_requests_finish() {
    let mut client = Client::start();
    client.initialize();
    let id = client.request("dockwright/test/sleep", json!({ "ms": 300 }));
    client.close_input();
    assert_eq!(client.response(id)["result"], 300);
    assert_eq!(client.wait_exit(), 1);
}

#[test]
fn the_end_of_the_input_ends_handlers_that_wait_for_the_client() {
    let mut client = Client::start();
    client.initialize();
    client.request("dockwright/test/askClient", json!({ "ms": 600_000 }));
    client.server_request("workspace/workspaceFolders");
    client.close_input();
    let start = Instant::now();
    assert_eq!(client.wait_exit(), 1);
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[test]
fn a_client_that_is_gone_at_once_ends_the_server() {
    let mut client = Client::start();
    client.close_input();
    assert_eq!(client.wait_exit(), 1);
}

#[cfg(unix)]
#[test]
fn the_end_of_the_editor_ends_the_server() {
    let mut editor = Command::new("sleep").arg("600").spawn().expect("start a process");
    let mut client = Client::start();
    client.initialize_with(json!({ "processId": editor.id(), "capabilities": {} }));
    assert_eq!(client.call("dockwright/test/null", Value::Null)["result"], Value::Null);
    editor.kill().expect("end the process");
    editor.wait().expect("end the process");
    assert_eq!(client.wait_exit(), 1);
}

#[test]
fn an_editor_that_is_not_to_be_seen_does_not_end_the_server() {
    let mut client = Client::start();
    client.initialize_with(json!({ "processId": 0x7fff_fff0, "capabilities": {} }));
    assert_eq!(client.call("dockwright/test/sleep", json!({ "ms": 100 }))["result"], 100);
    assert_eq!(client.leave(), 0);
}

#[test]
fn a_client_that_does_not_read_is_left_after_64_megabytes() {
    let (mut server, mut input) = Client::start_without_reading();
    let mut send = |message: Value| {
        use std::io::Write;
        // Errors come when the server has ended, as it should.
        let _ = input.write_all(&crate::client::frame(&message));
    };
    send(request(0, "initialize", json!({ "capabilities": {} })));
    for id in 1..=80 {
        send(request(id, "dockwright/test/fill", json!({ "bytes": 1 << 20 })));
    }
    assert_eq!(wait_exit(&mut server), 1);
    let mut log = String::new();
    server.stderr.take().expect("piped").read_to_string(&mut log).expect("read the log");
    assert!(log.contains("the client does not read"), "{log}");
}

#[test]
fn a_client_that_reads_late_gets_everything() {
    let mut client = Client::start();
    client.initialize();
    let ids: Vec<i64> =
        (0..40).map(|_| client.request("dockwright/test/fill", json!({ "bytes": 1 << 20 }))).collect();
    std::thread::sleep(Duration::from_millis(300));
    for id in ids {
        assert_eq!(client.response(id)["result"].as_str().map(str::len), Some(1 << 20));
    }
    assert_eq!(client.leave(), 0);
}

#[test]
fn a_socket_serves_as_well() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("listen");
    let port = listener.local_addr().expect("bound").port();
    let mut server = Command::new(env!("CARGO_BIN_EXE_dockwright"))
        .arg(format!("--socket={port}"))
        .stdin(Stdio::null())
        .spawn()
        .expect("start the server");
    let (mut stream, _) = listener.accept().expect("the server connects");
    let messages = [
        request(1, "initialize", json!({ "capabilities": {} })),
        request(2, "shutdown", Value::Null),
        notification("exit", Value::Null),
    ];
    for message in &messages {
        std::io::Write::write_all(&mut stream, &crate::client::frame(message)).expect("write");
    }
    let mut output = String::new();
    stream.read_to_string(&mut output).expect("read to the end");
    assert!(output.contains("\"dockwright\"") && output.contains("\"id\":2"), "{output}");
    assert_eq!(wait_exit(&mut server), 0);
}

#[test]
fn node_ipc_is_refused_with_a_way_out() {
    let output = Command::new(env!("CARGO_BIN_EXE_dockwright")).arg("--node-ipc").output().expect("run");
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("use `--stdio`"), "{message}");
}

#[test]
fn other_spellings_of_the_start_are_understood() {
    for arguments in [&["--stdio"][..], &["start", "--stdio"], &["lsp"], &[]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dockwright"));
        command.args(arguments);
        let mut client = Client::start_command(command);
        client.initialize();
        assert_eq!(client.leave(), 0, "{arguments:?}");
    }
}
