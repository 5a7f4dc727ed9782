//! An editor with one Dockerfile open, whose registries are where the test says.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Client, LIMIT};
use crate::stand_in::Server;

pub const FILE: &str = "file:///nowhere/at/all/Dockerfile";

pub struct Session {
    pub client: Client,
    /// Deleted with the session.
    _home: tempfile::TempDir,
}

impl Session {
    /// With `registry` as the settings of that name, and the client's capabilities.
    pub fn start(registry: Value, capabilities: Value) -> Session {
        Session::start_in(json!({ "registry": registry }), capabilities, &[])
    }

    /// The same with all settings, and with variables in the environment.
    pub fn start_in(mut settings: Value, capabilities: Value, variables: &[(&str, &str)]) -> Session {
        let home = tempfile::tempdir().expect("a folder");
        if settings["registry"]["cacheDir"].is_null() {
            settings["registry"]["cacheDir"] = json!(home.path().join("cache"));
        }
        let mut command = command(home.path());
        command.envs(variables.iter().copied());
        let client = Client::start_command(command);
        let mut session = Session { client, _home: home };
        let capabilities = merged(
            json!({ "textDocument": {
                "hover": { "contentFormat": ["markdown"] },
                "completion": { "completionItem": { "documentationFormat": ["markdown"] } },
                "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } } },
            } }),
            capabilities,
        );
        let params = json!({ "capabilities": capabilities, "initializationOptions": settings });
        session.client.initialize_with(params);
        session
    }

    /// For whom `hub` is Docker Hub.
    pub fn with_hub(hub: &Server) -> Session {
        Session::start(json!({ "hubUrl": hub.url(), "hubRegistryUrl": hub.url() }), json!({}))
    }

    /// Who allows `registry`; Docker Hub is nowhere.
    pub fn with_registry(registry: &Server) -> Session {
        let nowhere = "http://127.0.0.1:9";
        Session::start(
            json!({ "hubUrl": nowhere, "hubRegistryUrl": nowhere, "allow": [registry.host] }),
            json!({}),
        )
    }

    pub fn open(&mut self, text: &str) {
        self.client.open(FILE, text);
    }

    pub fn change(&mut self, version: i32, text: &str) {
        self.client.change(FILE, version, json!([{ "text": text }]));
    }

    pub fn at(&mut self, method: &str, line: u32, character: u32) -> Value {
        let params = json!({
            "textDocument": { "uri": FILE }, "position": { "line": line, "character": character },
        });
        self.client.call(method, params)["result"].take()
    }

    pub fn complete(&mut self, line: u32, character: u32) -> Value {
        self.at("textDocument/completion", line, character)
    }

    /// The text of a hover.
    pub fn hover(&mut self, line: u32, character: u32) -> String {
        let hover = self.at("textDocument/hover", line, character);
        hover["contents"]["value"].as_str().unwrap_or_default().to_owned()
    }

    /// The text of the first hover with `part` in it: on a busy machine one may not wait for the answer of a registry.
    pub fn hover_with(&mut self, part: &str, line: u32, character: u32) -> String {
        let mut text = String::new();
        self.until(part, |it| {
            text = it.hover(line, character);
            text.contains(part)
        });
        text
    }

    /// The first list that offers `labels` and nothing else.
    pub fn list_of(&mut self, labels: &[&str], line: u32, character: u32) -> Value {
        let mut list = Value::Null;
        self.until(&format!("{labels:?}"), |it| {
            list = it.complete(line, character);
            self::labels(&list) == labels
        });
        list
    }

    pub fn request_hover(&mut self, line: u32, character: u32) -> i64 {
        let params = json!({
            "textDocument": { "uri": FILE }, "position": { "line": line, "character": character },
        });
        self.client.request("textDocument/hover", params)
    }

    pub fn actions(&mut self, line: u32, character: u32) -> Vec<Value> {
        let at = json!({ "line": line, "character": character });
        let params = json!({
            "textDocument": { "uri": FILE }, "range": { "start": at, "end": at }, "context": { "diagnostics": [] },
        });
        let actions = self.client.call("textDocument/codeAction", params)["result"].take();
        actions.as_array().cloned().unwrap_or_default()
    }

    /// The labels of all hints.
    pub fn hints(&mut self) -> String {
        let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 999, "character": 0 } });
        let params = json!({ "textDocument": { "uri": FILE }, "range": range });
        let hints = self.client.call("textDocument/inlayHint", params)["result"].take();
        hints
            .as_array()
            .into_iter()
            .flatten()
            .map(|it| format!("{}\n", it["label"].as_str().unwrap_or_default()))
            .collect()
    }

    /// The rules whose findings are published for this version.
    pub fn codes(&mut self, version: i32) -> Vec<String> {
        let published = self.client.wait(&format!("the findings on version {version}"), |it| {
            it["method"] == "textDocument/publishDiagnostics" && it["params"]["version"] == version
        });
        let diagnostics = published["params"]["diagnostics"].as_array().cloned().unwrap_or_default();
        diagnostics.iter().map(|it| it["code"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// The next publication in which a rule has found something.
    pub fn diagnostics_with(&mut self, rule: &str) -> Value {
        self.client.wait(&format!("a finding of {rule}"), |it| {
            let diagnostics = it["params"]["diagnostics"].as_array();
            diagnostics.is_some_and(|all| all.iter().any(|it| it["code"] == rule))
        })["params"]
            .take()
    }

    /// Kilobytes that the server holds in memory.
    pub fn memory(&self) -> u64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.client.id())).expect("this is Linux");
        let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:")).expect("it is there");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }

    /// Asks again and again until it is so.
    pub fn until(&mut self, what: &str, mut is_so: impl FnMut(&mut Session) -> bool) {
        let end = Instant::now() + LIMIT;
        while !is_so(self) {
            assert!(Instant::now() < end, "{what} did not come");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The server with a network, and with nobody's own settings.
fn command(home: &std::path::Path) -> Command {
    let mut command = Client::command();
    command.env_remove("DOCKWRIGHT_OFFLINE").env("HOME", home).env_remove("XDG_CONFIG_HOME");
    command.env_remove("DOCKER_CONFIG").env_remove("XDG_CACHE_HOME");
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        command.env_remove(name);
    }
    command
}

fn merged(mut base: Value, more: Value) -> Value {
    match (base.as_object_mut(), more) {
        (Some(object), Value::Object(more)) => {
            for (key, value) in more {
                let old = object.remove(&key).unwrap_or_default();
                object.insert(key, merged(old, value));
            }
            base
        }
        (_, Value::Null) => base,
        (_, more) => more,
    }
}

pub fn labels(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().into_iter().flatten();
    items.map(|it| it["label"].as_str().unwrap_or_default().to_owned()).collect()
}
