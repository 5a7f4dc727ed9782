//! The action that tells a whole Dockerfile, and the command behind it.

use serde_json::{Value, json};

use crate::client::Client;

const URI: &str = "file:///work/shop/Dockerfile";

fn client(capabilities: Value) -> (Client, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = Client::command();
    command.env("DOCKWRIGHT_CACHE_DIR", folder.path());
    let mut client = Client::start_command(command);
    client.initialize_with(json!({ "capabilities": capabilities }));
    client.open(URI, "FROM scratch\nCMD [\"/x\"]\n");
    (client, folder)
}

fn explain(client: &mut Client, uri: &str) -> Value {
    client.call(
        "workspace/executeCommand",
        json!({ "command": "dockwright.explain", "arguments": [{ "uri": uri }] }),
    )
}

#[test]
fn the_story_is_shown_as_a_document() {
    let literals = json!({ "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } } });
    let capabilities = json!({ "window": { "showDocument": { "support": true } }, "textDocument": { "codeAction": literals } });
    let (mut client, folder) = client(capabilities);
    let position = json!({ "line": 0, "character": 0 });
    let params = json!({
        "textDocument": { "uri": URI }, "range": { "start": position, "end": position }, "context": { "diagnostics": [] }
    });
    let actions = client.call("textDocument/codeAction", params);
    let actions = actions["result"].as_array().expect("there are actions");
    let action = actions.iter().find(|it| it["title"] == "Explain this Dockerfile").expect("it is offered");
    assert_eq!(action["command"]["command"], "dockwright.explain");
    let arguments = action["command"]["arguments"].clone();
    let id = client.request(
        "workspace/executeCommand",
        json!({ "command": "dockwright.explain", "arguments": arguments }),
    );
    let request = client.server_request("window/showDocument");
    client.reply(&request["id"], json!({ "success": true }));
    let result = client.response(id)["result"].clone();
    assert_eq!(result["uri"], request["params"]["uri"]);
    assert_eq!(result["shown"], true);
    let files: Vec<_> =
        std::fs::read_dir(folder.path().join("explained")).expect("a folder").flatten().collect();
    let text = std::fs::read_to_string(files[0].path()).expect("a file");
    assert_eq!(result["markdown"], text);
    assert!(
        text.starts_with("# `Dockerfile` explained\n") && text.contains("docker build -t shop ."),
        "{text}"
    );
    assert_eq!(client.leave(), 0);
}

#[test]
fn a_client_that_shows_no_documents_gets_the_text_and_a_message() {
    let (mut client, _folder) = client(json!({}));
    let result = explain(&mut client, URI)["result"].clone();
    assert_eq!(result["shown"], false);
    assert!(result["markdown"].as_str().expect("text").contains("A container starts `/x`"));
    let message = client.notification("window/showMessage");
    assert!(message["message"].as_str().expect("text").contains("the explanation is in "), "{message}");
}

#[test]
fn what_cannot_be_explained_is_a_sentence() {
    let (mut client, _folder) = client(json!({}));
    let error = explain(&mut client, "file:///not/open")["error"].clone();
    assert!(error["message"].as_str().expect("text").contains("nothing to explain in `open`"), "{error}");
    let error =
        client.call("workspace/executeCommand", json!({ "command": "dockwright.explain" }))["error"].clone();
    assert_eq!(error["code"], -32602);
    let error = client.call("workspace/executeCommand", json!({ "command": "nothing" }))["error"].clone();
    assert_eq!(error["code"], -32602);
}
