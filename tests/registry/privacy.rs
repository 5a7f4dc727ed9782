//! Who is asked, and with which names: every connection of the process is counted.

use serde_json::json;

use crate::session::Session;
use crate::stand_in::{Reply, Server};

/// Names that are nobody's business: stages, variables without a value, private and unknown registries, contexts.
const DOCKERFILE: &str = "\
ARG REGISTRY
ARG SECRET=registry.corp.internal
FROM golang:1.27 AS secretstage
FROM secretstage AS secrettwo
FROM secretlater
FROM ${REGISTRY}secretvariable
FROM $SECRET/secretapi:1
FROM evil.example/secretrepo:1
FROM localhost:5000/secretlocal
FROM 169.254.169.254/secretmeta
FROM scratch
COPY --from=secretstage /a /b
COPY --from=secretcontext /a /b
RUN --mount=type=bind,from=secretbind,target=/x ls
FROM ghcr.io/acme/public:1 AS secretlater
";

/// Hovers, completes and asks for actions at every third character.
fn look_everywhere(session: &mut Session) {
    session.open(DOCKERFILE);
    for (line, text) in DOCKERFILE.lines().enumerate() {
        for character in (0..text.len() as u32 + 1).step_by(3) {
            session.complete(line as u32, character);
        }
        session.hover(line as u32, 8);
        session.hover(line as u32, 14);
        session.actions(line as u32, 10);
    }
    session.hints();
    session.at("textDocument/documentLink", 0, 0);
}

/// A proxy that connects nobody: what is asked for is where the process wants to go.
fn proxy() -> Server {
    Server::start(|_| Reply::new(502, ""))
}

#[test]
fn only_well_known_registries_are_asked() {
    let proxy = proxy();
    let url = proxy.url();
    let mut session = Session::start_in(
        json!({}),
        json!({}),
        &[("HTTPS_PROXY", &url), ("HTTP_PROXY", &url), ("ALL_PROXY", &url)],
    );
    look_everywhere(&mut session);
    let hosts: std::collections::BTreeSet<String> = proxy.paths().into_iter().collect();
    let allowed = ["auth.docker.io:443", "ghcr.io:443", "hub.docker.com:443", "registry-1.docker.io:443"];
    assert!(hosts.contains("hub.docker.com:443") && hosts.contains("ghcr.io:443"), "{hosts:?}");
    assert!(hosts.iter().all(|it| allowed.contains(&it.as_str())), "{hosts:?}");
}

#[test]
fn private_names_are_never_sent() {
    let hub = Server::start(|_| Reply::new(404, "{}"));
    let mut session = Session::with_hub(&hub);
    look_everywhere(&mut session);
    assert!(!hub.asked().is_empty());
    let told: Vec<String> = hub.paths().into_iter().filter(|it| it.contains("secret")).collect();
    assert_eq!(told, [""; 0]);
}

#[test]
fn nothing_is_asked_by_opening_offline_or_untrusted() {
    for settings in [json!({ "offline": true }), json!({ "trusted": false })] {
        let proxy = proxy();
        let url = proxy.url();
        let mut session =
            Session::start_in(settings, json!({}), &[("HTTPS_PROXY", &url), ("ALL_PROXY", &url)]);
        look_everywhere(&mut session);
        assert_eq!(proxy.connections(), 0);
    }
    let proxy = proxy();
    let url = proxy.url();
    let mut session = Session::start_in(json!({}), json!({}), &[("HTTPS_PROXY", &url), ("ALL_PROXY", &url)]);
    session.open(DOCKERFILE);
    session.codes(1);
    session.hints();
    session.at("textDocument/documentLink", 0, 0);
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn nothing_is_asked_before_the_settings_are_known() {
    let hub = Server::start(|_| Reply::new(404, "{}"));
    let mut session = Session::start(
        json!({ "hubUrl": hub.url(), "hubRegistryUrl": hub.url() }),
        json!({ "workspace": { "configuration": true } }),
    );
    session.open("FROM acme/api:1\n");
    session.complete(0, 14);
    session.hover(0, 8);
    assert_eq!(hub.connections(), 0);
    let question = session.client.server_request("workspace/configuration");
    session.client.reply(&question["id"], json!([{ "offline": true }, null]));
    session.complete(0, 14);
    session.hover(0, 8);
    assert_eq!(hub.connections(), 0);
}

#[test]
fn a_file_of_the_workspace_gives_no_permission() {
    let stranger = Server::start(|_| Reply::new(404, "{}"));
    let folder = tempfile::tempdir().expect("a folder");
    let settings = format!(
        "[registry]\nallow = [\"{0}\"]\nhubUrl = \"http://{0}\"\nlookup = \"onOpen\"\nuseDockerCredentials = true\n",
        stranger.host
    );
    std::fs::write(folder.path().join("dockwright.toml"), settings).expect("it can be written");
    let uri = format!("file://{}/Dockerfile", folder.path().display());
    let mut session = Session::start(json!({ "hubUrl": "http://127.0.0.1:9" }), json!({}));
    session.client.open(&uri, &format!("FROM {}/acme/api:1\n", stranger.host));
    let at = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 8 } });
    session.client.call("textDocument/hover", at.clone());
    session.client.call("textDocument/completion", at);
    assert_eq!(stranger.connections(), 0);
}
