//! "Write a Dockerfile for this project": offered on an empty file, made when it is picked.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::Client;

/// A project, and the address of the Dockerfile in it, which is not there.
struct Folder {
    folder: TempDir,
    dockerfile: String,
}

fn folder(files: &[(&str, &str)]) -> Folder {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        std::fs::write(folder.path().join(path), text).expect("written");
    }
    let dockerfile = format!("file://{}/Dockerfile", folder.path().canonicalize().unwrap().display());
    Folder { folder, dockerfile }
}

const FLASK: &[(&str, &str)] = &[("requirements.txt", "flask"), ("app.py", "app = Flask(__name__)\n")];

fn started(resolves: bool, creates: bool) -> Client {
    let mut client = Client::start();
    let mut action = json!({ "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } } });
    if resolves {
        action["dataSupport"] = json!(true);
        action["resolveSupport"] = json!({ "properties": ["edit"] });
    }
    let operations = if creates { json!(["create"]) } else { json!([]) };
    let edit = json!({ "documentChanges": true, "resourceOperations": operations });
    client.initialize_with(json!({ "capabilities": {
        "workspace": { "workspaceEdit": edit },
        "textDocument": { "codeAction": action },
    } }));
    client
}

fn offered(client: &mut Client, uri: &str) -> Vec<Value> {
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } });
    let params = json!({ "textDocument": { "uri": uri }, "range": range, "context": { "diagnostics": [] } });
    let mut actions = client.call("textDocument/codeAction", params)["result"].take();
    let actions = actions.as_array_mut().expect("a list");
    let is_it = |it: &Value| it["title"].as_str().is_some_and(|it| it.starts_with("Write a Dockerfile"));
    actions.drain(..).filter(is_it).collect()
}

/// The new text for `uri` in a list of changes.
fn text_for(action: &Value, uri: &str) -> Option<String> {
    let changes = action["edit"]["documentChanges"].as_array()?;
    let of_it = changes.iter().find(|it| it["textDocument"]["uri"] == uri)?;
    Some(of_it["edits"][0]["newText"].as_str()?.to_owned())
}

#[test]
fn the_file_is_written_when_the_action_is_picked() {
    let folder = folder(FLASK);
    let mut client = started(true, true);
    client.open(&folder.dockerfile, "");
    let actions = offered(&mut client, &folder.dockerfile);
    let titles: Vec<&str> = actions.iter().filter_map(|it| it["title"].as_str()).collect();
    assert_eq!(
        titles,
        ["Write a Dockerfile for this project", "Write a Dockerfile for this project, with explanations"]
    );
    assert_eq!(actions[0]["edit"], Value::Null, "nothing is read before it is picked");
    let plain = client.call("codeAction/resolve", actions[0].clone())["result"].take();
    let text = text_for(&plain, &folder.dockerfile).expect("the Dockerfile");
    assert!(
        text.starts_with("# syntax=docker/dockerfile:1\nFROM python:") && text.contains("\"app:app\""),
        "{text}"
    );
    let ignore_file = folder.dockerfile.replace("Dockerfile", ".dockerignore");
    assert_eq!(plain["edit"]["documentChanges"][0], json!({ "kind": "create", "uri": ignore_file }));
    assert!(text_for(&plain, &ignore_file).expect("the ignore file").contains(".git\n"));
    let explained = client.call("codeAction/resolve", actions[1].clone())["result"].take();
    assert!(text_for(&explained, &folder.dockerfile).unwrap().contains("\n# The image to start from"));
}

#[test]
fn plain_clients_get_the_edit_at_once_and_keep_their_ignore_file() {
    let folder = folder(FLASK);
    let mut client = started(false, false);
    client.open(&folder.dockerfile, "# my first image\n");
    let actions = offered(&mut client, &folder.dockerfile);
    let changes = actions[0]["edit"]["documentChanges"].as_array().expect("the edit");
    assert_eq!(changes.len(), 1);
    assert!(text_for(&actions[0], &folder.dockerfile).unwrap().starts_with("\nFROM python:"));
    std::fs::write(folder.folder.path().join(".dockerignore"), "mine\n").unwrap();
    let mut able = started(false, true);
    able.open(&folder.dockerfile, "");
    let changes = offered(&mut able, &folder.dockerfile)[0]["edit"]["documentChanges"].take();
    assert_eq!(changes.as_array().map(Vec::len), Some(1), "{changes}");
}

#[test]
fn it_is_not_offered_where_it_cannot_be_done() {
    let empty = folder(&[("notes.txt", "")]);
    let mut client = started(true, true);
    client.open(&empty.dockerfile, "");
    assert_eq!(offered(&mut client, &empty.dockerfile), [] as [Value; 0]);
    let written = folder(FLASK);
    client.open(&written.dockerfile, "FROM scratch\n");
    assert_eq!(offered(&mut client, &written.dockerfile), [] as [Value; 0]);
    client.open("untitled:Untitled-1", "");
    assert_eq!(offered(&mut client, "untitled:Untitled-1"), [] as [Value; 0]);
}

#[test]
fn the_workspace_is_the_project_of_what_lies_in_no_folder_of_its_own() {
    let folder = folder(FLASK);
    let root = folder.folder.path().canonicalize().unwrap();
    std::fs::create_dir(root.join("docker")).unwrap();
    let mut client = Client::start();
    let action = json!({ "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } } });
    client.initialize_with(json!({
        "rootUri": format!("file://{}", root.display()),
        "capabilities": { "workspace": { "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create"] } },
            "textDocument": { "codeAction": action } },
    }));
    client.open("untitled:Untitled-1", "");
    let untitled = offered(&mut client, "untitled:Untitled-1");
    assert_eq!(untitled[0]["title"], "Write a Dockerfile for this project");
    assert!(text_for(&untitled[0], "untitled:Untitled-1").unwrap().contains("\"app:app\""));
    let below = format!("file://{}/docker/Dockerfile", root.display());
    client.open(&below, "");
    let above = offered(&mut client, &below);
    let name = root.file_name().unwrap().to_string_lossy();
    assert_eq!(above[0]["title"], format!("Write a Dockerfile for the project `{name}`"));
    assert!(text_for(&above[0], &below).unwrap().contains("\"app:app\""));
    let ignore_file = folder.dockerfile.replace("Dockerfile", ".dockerignore");
    assert_eq!(above[0]["edit"]["documentChanges"][0]["uri"], ignore_file);
}

#[test]
fn two_kinds_of_project_are_two_actions() {
    let folder = folder(&[
        ("package.json", r#"{"main": "a.js"}"#),
        ("a.js", ""),
        ("go.mod", "module x\n"),
        ("main.go", ""),
    ]);
    let mut client = started(true, true);
    client.open(&folder.dockerfile, "");
    let actions = offered(&mut client, &folder.dockerfile);
    assert_eq!(actions.len(), 4);
    let node = client.call("codeAction/resolve", actions[0].clone())["result"].take();
    assert!(text_for(&node, &folder.dockerfile).unwrap().contains(r#"CMD ["node", "a.js"]"#));
    // `main.go` holds no program: a sentence, and nothing is written.
    let go = client.call("codeAction/resolve", actions[1].clone())["result"].take();
    assert_eq!(go["edit"], Value::Null);
    let message = client.notification("window/showMessage");
    assert!(message["message"].as_str().unwrap().starts_with("nothing is written: there is no program here"));
}
