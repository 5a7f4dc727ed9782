//! A container engine made of a shell script: it notes what it is called with, and prints what a test wants.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::{Client, LIMIT};

/// A workspace with a Dockerfile, and a PATH on which nothing is but what a test puts there.
pub struct Lab {
    folder: TempDir,
}

/// A docker with a new buildx.
pub const DOCKER: &str = r#"
case "$1 $2" in
  "--version ") echo 'Docker version 28.2.2, build e6534b4'; exit 0;;
  "buildx version") echo 'github.com/docker/buildx v0.24.0 d0e5e86'; exit 0;;
esac
"#;

impl Lab {
    pub fn new(dockerfile: &str) -> Lab {
        let lab = Lab { folder: tempfile::tempdir().expect("a folder") };
        for name in ["bin", "calls", "state", "shop"] {
            std::fs::create_dir(lab.path(name)).expect("a folder");
        }
        lab.write("shop/Dockerfile", dockerfile);
        lab
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().expect("it is there").join(name)
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("below")).expect("a folder");
        std::fs::write(&path, text).expect("written");
        path
    }

    /// Puts a program on the PATH: it notes its words and then does what `script` says.
    pub fn install(&self, name: &str, script: &str) {
        let calls = self.path("calls");
        let note = format!(
            "#!/bin/sh\nfor word in {name} \"$@\"; do printf '%s\\0' \"$word\"; done >\"{0}/$$.new\"\n\
             PATH=/usr/bin:/bin\nexport PATH\n\
             env >\"{0}/$$.env\"\nmv \"{0}/$$.new\" \"{0}/$$.call\"\n",
            calls.display()
        );
        let path = self.write(&format!("bin/{name}"), &(note + script));
        std::fs::set_permissions(path, Permissions::from_mode(0o755)).expect("executable");
    }

    /// What was started so far, but for questions about versions, in no order.
    pub fn calls(&self) -> Vec<Vec<String>> {
        let all = self.files("call").into_iter().map(|path| {
            let bytes = std::fs::read(path).expect("readable");
            let words = bytes.strip_suffix(b"\0").unwrap_or(&bytes).split(|it| *it == 0);
            words.map(|it| String::from_utf8_lossy(it).into_owned()).collect::<Vec<_>>()
        });
        let is_probe = |call: &Vec<String>| {
            let words: Vec<&str> = call.iter().skip(1).map(String::as_str).collect();
            words == ["--version"] || words == ["buildx", "version"]
        };
        all.filter(|it| !is_probe(it)).collect()
    }

    /// The one call whose words hold `word`.
    pub fn call_with(&self, word: &str) -> Vec<String> {
        let calls = self.calls();
        let found = calls.iter().find(|it| it.iter().any(|it| it == word));
        found.unwrap_or_else(|| panic!("no call with `{word}`: {calls:?}")).clone()
    }

    /// Processes that were started, by their ids.
    pub fn processes(&self) -> Vec<u32> {
        let stem = |path: PathBuf| path.file_stem()?.to_str()?.parse().ok();
        self.files("call").into_iter().filter_map(stem).collect()
    }

    /// The environment of the call that has `name` in it.
    pub fn environment_with(&self, name: &str) -> Option<String> {
        let all = self.files("env").into_iter().filter_map(|it| std::fs::read_to_string(it).ok());
        let mut lines = all.flat_map(|it| it.lines().map(str::to_owned).collect::<Vec<_>>());
        lines.find_map(|it| it.strip_prefix(&format!("{name}=")).map(str::to_owned))
    }

    fn files(&self, ending: &str) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.path("calls")).expect("readable").flatten();
        entries.map(|it| it.path()).filter(|it| it.extension().is_some_and(|it| it == ending)).collect()
    }

    pub fn uri(&self) -> String {
        self.uri_of("shop/Dockerfile")
    }

    pub fn uri_of(&self, name: &str) -> String {
        let path = self.path(name);
        let bytes = path.to_str().expect("UTF-8").bytes();
        let encoded = bytes.map(|it| match it {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => char::from(it).to_string(),
            it => format!("%{it:02X}"),
        });
        format!("file://{}", encoded.collect::<String>())
    }

    pub fn command(&self) -> Command {
        let mut command = Client::command();
        command
            .env("PATH", self.path("bin"))
            .env("XDG_STATE_HOME", self.path("state"))
            .env("XDG_CONFIG_HOME", self.path("state"))
            .env("HOME", self.path("state"))
            .env_remove("DOCKER_BUILDKIT")
            .env_remove("DOCKER_HOST");
        command
    }

    /// A server for the folder `shop`, with the Dockerfile open.
    pub fn start(&self, options: Value) -> Client {
        let mut client = Client::start_command(self.command());
        client.initialize_with(json!({
            "rootUri": self.uri_of("shop"),
            "initializationOptions": options,
            "capabilities": {
                "window": { "workDoneProgress": true, "showDocument": { "support": true } },
                "workspace": { "codeLens": { "refreshSupport": true }, "inlayHint": { "refreshSupport": true } },
                "textDocument": {
                    "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [""] } } },
                    "hover": { "contentFormat": ["markdown"] },
                },
            },
        }));
        let text = std::fs::read_to_string(self.path("shop/Dockerfile")).expect("readable");
        client.open(&self.uri(), &text);
        client
    }

    /// Runs a command about the Dockerfile to its end; the whole response.
    pub fn execute(&self, client: &mut Client, command: &str, more: Value) -> Value {
        let id = self.begin(client, command, more);
        client.response(id)
    }

    /// Sends a command with a token of the client; the id of the request.
    pub fn begin(&self, client: &mut Client, command: &str, more: Value) -> i64 {
        let mut argument = json!({ "uri": self.uri() });
        for (name, value) in more.as_object().expect("an object") {
            argument[name] = value.clone();
        }
        let params = json!({ "command": command, "arguments": [argument], "workDoneToken": "token" });
        client.request("workspace/executeCommand", params)
    }

    /// All `$/progress` values that came so far.
    pub fn progress(client: &mut Client) -> Vec<Value> {
        let all = client.others().into_iter().filter(|it| it["method"] == "$/progress");
        all.map(|mut it| it["params"]["value"].take()).collect()
    }

    pub fn wait_until(what: &str, is_so: impl Fn() -> bool) {
        let end = Instant::now() + LIMIT;
        while !is_so() {
            assert!(Instant::now() < end, "not in {LIMIT:?}: {what}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Whether a process runs (a dead one that nobody has asked for does not).
pub fn is_running(id: u32) -> bool {
    let status = std::fs::read_to_string(Path::new("/proc").join(id.to_string()).join("stat"));
    status.is_ok_and(|it| !it.contains(") Z "))
}
