//! ShellCheck's findings in the editor. These tests run the real one, which `.ci/run` installs, or one that is slow.

use serde_json::{Value, json};

use crate::client::{Client, edit};

const FILE: &str = "file:///work/Dockerfile";

/// ShellCheck's diagnostics of the first publication for `version` that has as many.
fn shell_findings(client: &mut Client, version: i64, count: usize) -> Vec<Value> {
    let of = |it: &Value| -> Vec<Value> {
        let all = it["params"]["diagnostics"].as_array().cloned().unwrap_or_default();
        all.into_iter().filter(|it| it["source"] == "shellcheck").collect()
    };
    let is_it = |it: &Value| {
        let is_publication = it["method"] == "textDocument/publishDiagnostics";
        is_publication && it["params"]["version"] == version && of(it).len() == count
    };
    of(&client.wait(&format!("{count} findings of ShellCheck (is it installed?)"), is_it))
}

#[cfg(feature = "real-parts")]
fn actions(client: &mut Client, diagnostic: &Value) -> Vec<Value> {
    let context = json!({ "diagnostics": [diagnostic] });
    let params = json!({ "textDocument": { "uri": FILE }, "range": diagnostic["range"], "context": context });
    client.call("textDocument/codeAction", params)["result"].as_array().cloned().expect("actions")
}

#[cfg(feature = "real-parts")]
fn literal_actions() -> Value {
    let kinds = json!({ "codeActionKind": { "valueSet": ["quickfix"] } });
    json!({ "capabilities": { "textDocument": { "codeAction": { "codeActionLiteralSupport": kinds } } } })
}

#[cfg(feature = "real-parts")]
#[test]
fn findings_come_with_place_code_link_and_repair() {
    let mut client = Client::start();
    client.initialize_with(literal_actions());
    client.open(FILE, "FROM scratch\nRUN true && \\\n  # é\n  echo é $HOME\n");
    let found = shell_findings(&mut client, 1, 1);
    let range = json!({ "start": { "line": 3, "character": 9 }, "end": { "line": 3, "character": 14 } });
    assert_eq!(found[0]["range"], range);
    assert_eq!((&found[0]["code"], &found[0]["severity"]), (&json!("SC2086"), &json!(3)));
    assert_eq!(found[0]["codeDescription"]["href"], "https://www.shellcheck.net/wiki/SC2086");
    let mut actions = actions(&mut client, &found[0]);
    actions.retain(|it| it["kind"] == "quickfix");
    let titles: Vec<&str> = actions.iter().filter_map(|it| it["title"].as_str()).collect();
    assert_eq!(
        titles,
        ["Write `\"$HOME\"`", "Ignore `SC2086` for this instruction", "Ignore `SC2086` in this file"]
    );
    assert!(actions.iter().all(|it| it["isPreferred"] != true));
    assert_eq!(actions[0]["diagnostics"][0]["code"], "SC2086");
    let texts: Vec<&str> = actions[0]["edit"]["changes"][FILE]
        .as_array()
        .expect("edits")
        .iter()
        .filter_map(|it| it["newText"].as_str())
        .collect();
    assert_eq!(texts, ["\"", "\""]);
}

#[cfg(feature = "real-parts")]
#[test]
fn an_instruction_that_is_left_alone_keeps_its_findings_where_it_moves() {
    let mut client = Client::start();
    client.initialize();
    client.open(FILE, "FROM scratch\nRUN echo $A\nRUN echo $B\n");
    shell_findings(&mut client, 1, 2);
    // At once, before anything was read again.
    client.change(FILE, 2, json!([edit([1, 0, 1, 0], "# above\n")]));
    let lines = |found: Vec<Value>| -> Vec<i64> {
        found.iter().filter_map(|it| it["range"]["start"]["line"].as_i64()).collect()
    };
    assert_eq!(lines(shell_findings(&mut client, 2, 2)), [2, 3]);
    client.change(FILE, 3, json!([edit([2, 9, 2, 11], "\"$A\"")]));
    assert_eq!(lines(shell_findings(&mut client, 3, 1)), [3]);
}

#[cfg(feature = "real-parts")]
#[test]
fn a_client_that_pulls_is_told_to_pull_again() {
    let mut client = Client::start();
    client.initialize_with(json!({ "capabilities": { "textDocument": { "diagnostic": {} } } }));
    client.open(FILE, "FROM scratch\nRUN echo $A\n");
    let request = client.server_request("workspace/diagnostic/refresh");
    client.reply(&request["id"], Value::Null);
    let report = client.call("textDocument/diagnostic", json!({ "textDocument": { "uri": FILE } }));
    let items = report["result"]["items"].as_array().expect("items");
    assert_eq!(items.iter().filter(|it| it["source"] == "shellcheck").count(), 1);
}

#[cfg(unix)]
mod stand_in {
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use super::*;

    /// Finds something in the first word of every script; needs an hour for one with `slow` in it. Notes each run.
    const SCRIPT: &str = r#"#!/bin/sh
[ "$1" = --version ] && { echo "version: 1"; exit; }
cd "$(dirname "$0")" || exit 2
script=$(cat)
echo "$script" | tail -n 1 >> runs
case $script in *slow*) exec sleep 3600;; esac
echo '{"comments":[{"file":"-","line":2,"endLine":2,"column":1,"endColumn":2,"level":"style","code":1,"message":"m","fix":null}]}'
"#;

    fn install(folder: &Path) -> String {
        let path = folder.join("shellcheck");
        std::fs::write(&path, SCRIPT).expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("a program");
        path.display().to_string()
    }

    fn runs(folder: &Path) -> String {
        std::fs::read_to_string(folder.join("runs")).unwrap_or_default()
    }

    fn start(options: Value) -> Client {
        let mut client = Client::start();
        client.initialize_with(json!({ "capabilities": {}, "initializationOptions": options }));
        client
    }

    #[test]
    fn what_nobody_waits_for_any_more_is_ended() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut client = start(json!({ "shellcheck": { "path": install(folder.path()) } }));
        client.open(FILE, "FROM scratch\nRUN slow\n");
        while runs(folder.path()).is_empty() {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        client.change(FILE, 2, json!([edit([1, 4, 1, 8], "quick")]));
        assert_eq!(shell_findings(&mut client, 2, 1)[0]["code"], "SC0001");
    }

    #[test]
    fn only_what_changed_is_run() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut client = start(json!({ "shellcheck": { "path": install(folder.path()) } }));
        client.open(FILE, "FROM scratch\nRUN a\n");
        shell_findings(&mut client, 1, 1);
        client.change(FILE, 2, json!([edit([2, 0, 2, 0], "RUN b\n")]));
        shell_findings(&mut client, 2, 2);
        assert_eq!(runs(folder.path()), "a\nb\n");
    }

    #[test]
    fn files_that_nobody_has_open_are_read_when_all_are_asked_for() {
        let tools = tempfile::tempdir().expect("a folder");
        let work = tempfile::tempdir().expect("a folder");
        std::fs::write(work.path().join("Dockerfile"), "FROM scratch\nRUN a\n").expect("written");
        let mut client = Client::start();
        client.initialize_with(json!({
            "capabilities": { "textDocument": { "diagnostic": {} } },
            "workspaceFolders": [{ "uri": format!("file://{}", work.path().display()), "name": "work" }],
            "initializationOptions": { "shellcheck": { "path": install(tools.path()) } },
        }));
        let pull = |client: &mut Client, previous: Value| {
            let report = client.call("workspace/diagnostic", json!({ "previousResultIds": previous }));
            report["result"]["items"][0].clone()
        };
        let is_found = |report: &Value| {
            report["items"].as_array().expect("a list").iter().any(|it| it["source"] == "shellcheck")
        };
        // The first answer does not wait.
        let first = pull(&mut client, json!([]));
        assert!(!is_found(&first));
        let request = client.server_request("workspace/diagnostic/refresh");
        client.reply(&request["id"], Value::Null);
        let previous = json!([{ "uri": first["uri"], "value": first["resultId"] }]);
        let second = pull(&mut client, previous);
        assert!(is_found(&second), "{second:#}");
        let previous = json!([{ "uri": second["uri"], "value": second["resultId"] }]);
        assert_eq!(pull(&mut client, previous)["kind"], "unchanged");
        assert_eq!(runs(tools.path()), "a\n");
    }

    #[test]
    fn nothing_is_started_where_nothing_is_trusted() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = install(folder.path());
        let other = "file:///other/Dockerfile";
        for options in [
            json!({ "trusted": false, "shellcheck": { "path": path } }),
            json!({ "shellcheck": { "path": path, "enable": false } }),
        ] {
            let mut client = start(options);
            client.open(FILE, "FROM scratch\nRUN a\n");
            client.open(other, "FROM scratch\n");
            // Longer than it would take.
            std::thread::sleep(std::time::Duration::from_millis(600));
            client.call(
                "textDocument/hover",
                json!({ "textDocument": { "uri": other }, "position": { "line": 0, "character": 0 } }),
            );
            assert_eq!(runs(folder.path()), "");
        }
    }

    #[test]
    fn a_program_that_cannot_be_used_is_named_once() {
        let mut client = start(json!({ "shellcheck": { "path": "/nowhere/shellcheck" } }));
        client.open(FILE, "FROM scratch\nRUN a\n");
        let message = client.notification("window/showMessage");
        let message = message["message"].as_str().expect("a sentence");
        assert!(message.starts_with("`shellcheck.path` names /nowhere/shellcheck"), "{message}");
    }
}
