//! What an editor gets about images, over the protocol.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use crate::client::LIMIT;
use crate::session::{FILE, Session, labels};
use crate::stand_in::{Reply, Server, digest, digest_of, hub, hub_reply, hub_tag, oci_reply, registry};

#[test]
fn a_list_of_tags_is_there_at_once_and_gets_better() {
    let hub = Server::start(|asked| {
        hub_reply(&[("library/python", &["3.99.1", "3.99", "3.6-stretch"])], asked)
            .after(Duration::from_millis(300))
    });
    let mut session = Session::with_hub(&hub);
    session.open("FROM python:\n");
    let first = session.complete(0, 12);
    assert_eq!(first["isIncomplete"], true);
    assert!(labels(&first).contains(&"3-slim".to_owned()), "{first}");
    session.until("the registry's tags", |it| labels(&it.complete(0, 12)).contains(&"3.99.1".to_owned()));
    let list = session.complete(0, 12);
    assert_eq!(list["isIncomplete"], false);
    let labels = labels(&list);
    assert_eq!(labels[..2], ["latest", "3.99.1"], "the newest version first");
    assert!(!labels.contains(&"3.6-stretch".to_owned()), "it is retired");
}

/// Docker Hub with two pages of `acme/api`; the second one comes when the test says so.
fn hub_of_two_pages(is_open: Arc<(Mutex<bool>, Condvar)>) -> Server {
    Server::start(move |asked| {
        let host = asked.header("host").unwrap_or_default();
        let (tags, next) = match asked.query("page") {
            Some("2") => (["1.1", "1.0"], Value::Null),
            _ => (
                ["2.1", "2.0"],
                json!(format!("http://{host}/v2/namespaces/acme/repositories/api/tags?page=2")),
            ),
        };
        if next.is_null() {
            let (lock, opened) = &*is_open;
            let guard = lock.lock().expect("no test panics with it");
            drop(opened.wait_while(guard, |it| !*it));
        }
        let results = tags.map(|it| hub_tag(it, &digest_of(it)));
        Reply::json(json!({ "next": next, "results": results }))
    })
}

#[test]
fn a_long_list_is_shown_page_by_page() {
    let is_open = Arc::new((Mutex::new(false), Condvar::new()));
    let hub = hub_of_two_pages(is_open.clone());
    let mut session = Session::with_hub(&hub);
    session.open("FROM acme/api:\n");
    session.until("the first page", |it| labels(&it.complete(0, 14)) == ["2.1", "2.0"]);
    let list = session.complete(0, 14);
    assert_eq!(
        (labels(&list), &list["isIncomplete"]),
        (vec!["2.1".to_owned(), "2.0".to_owned()], &json!(true))
    );
    *is_open.0.lock().expect("no thread panics with it") = true;
    is_open.1.notify_all();
    session.until("the second page", |it| labels(&it.complete(0, 14)) == ["2.1", "2.0", "1.1", "1.0"]);
    assert_eq!(session.complete(0, 14)["isIncomplete"], false);
    assert_eq!(hub.asked().len(), 2, "{:?}", hub.paths());
}

#[test]
fn an_explanation_tells_what_a_registry_has_said() {
    let hub = hub(&[("acme/api", &["1.0", "1.0.4"])]);
    let mut session = Session::with_hub(&hub);
    session.open("FROM acme/api:1.0\n");
    session.hover(0, 8);
    session.complete(0, 17);
    session.until("what the registry said", |it| {
        let explain = json!({ "command": "dockwright.explain", "arguments": [{ "uri": FILE }] });
        let answer = it.client.call("workspace/executeCommand", explain);
        let text = answer["result"]["markdown"].as_str().unwrap_or_default();
        text.contains("Docker Hub has said about it: `1.0` stands for `1.0.4`; it was pushed on 2026-07-02")
    });
}

#[test]
fn typing_on_asks_nothing_again() {
    let registry = registry(&["1.0", "1.1", "2.0"]);
    let mut session = Session::with_registry(&registry);
    let name = format!("{}/acme/api", registry.host);
    session.open(&format!("FROM {name}:"));
    let column = name.len() as u32 + 6;
    session.list_of(&["2.0", "1.1", "1.0"], 0, column);
    let asked = registry.asked().len();
    for (version, typed) in ["1", "1.", "1.1"].into_iter().enumerate() {
        session.change(version as i32 + 2, &format!("FROM {name}:{typed}"));
        session.complete(0, column + typed.len() as u32);
    }
    assert_eq!(registry.asked().len(), asked, "{:?}", registry.paths());
}

#[test]
fn a_tag_is_described_when_it_is_looked_at() {
    let hub = hub(&[("acme/api", &["1.0", "2.0"])]);
    let mut session = Session::with_hub(&hub);
    session.open("FROM acme/api:\n");
    let list = session.list_of(&["2.0", "1.0"], 0, 14);
    let item = list["items"]
        .as_array()
        .and_then(|it| it.iter().find(|it| it["label"] == "1.0"))
        .expect("it is there");
    assert_eq!(item["detail"], "pushed 2026-07-02, 40.0 MB");
    let text =
        session.client.call("completionItem/resolve", item.clone())["result"]["documentation"].to_string();
    for part in ["Pushed 2026-07-02", "`linux/amd64` 40.0 MB", "`linux/arm64` 39.0 MB", &digest_of("1.0")] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_hover_tells_what_the_image_sets() {
    let registry = registry(&["1.0"]);
    let mut session = Session::with_registry(&registry);
    session.open(&format!("FROM {}/acme/api:1.0\n", registry.host));
    let text = session.hover_with("said so just now", 0, 8);
    for part in [
        &digest('1'),
        "Created 2026-06-01",
        "`linux/amd64` 7.5 MB",
        "User: `app`",
        "Working directory: `/srv`",
        "`ENTRYPOINT`: `[\"/api\"]`",
        "`CMD`: `[\"--port\", \"80\"]`",
        "`MODE=production`",
        "`80/tcp`",
        "Made from <https://example.com/acme/api>",
        "said so just now",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_hover_says_why_it_knows_no_more() {
    let mut session = Session::with_hub(&hub(&[]));
    session.open("FROM registry.stranger.example/a:1\n");
    assert!(session.hover(0, 8).contains("`registry.allow`"));
    let hub = hub(&[("acme/api", &["1.0"])]);
    let mut session = Session::with_hub(&hub);
    session.open("FROM acme/gone:1\nFROM acme/api:2\n");
    let text = session.hover_with("has no such repository", 0, 8);
    assert!(!text.contains("has no tag"), "{text}");
    session.hover_with("has no tag `2`", 1, 8);
    let broken = Server::start(|_| Reply::new(401, ""));
    let mut session = Session::with_registry(&broken);
    session.open(&format!("FROM {}/acme/api:1.0\n", broken.host));
    session.hover_with("docker login", 0, 8);
}

#[test]
fn what_came_back_feeds_diagnostics_and_hints() {
    let hub = hub(&[("acme/api", &["1.0", "1.0.4", "2.0"])]);
    let mut session = Session::with_hub(&hub);
    session.open("FROM acme/api:1.00\n");
    assert_eq!(session.codes(1), [""; 0], "nothing is known yet");
    session.complete(0, 14);
    let found = session.diagnostics_with("unknown-tag");
    assert_eq!(found["version"], 1);
    assert!(found["diagnostics"].to_string().contains("did you mean `1.0`?"), "{found}");
    session.change(2, "FROM acme/api:1.0\nMAINTAINER me\n");
    assert_eq!(session.codes(2), ["deprecated-maintainer"]);
    session.until("a hint", |it| it.hints().contains("= 1.0.4, 40.0 MB"));
}

#[test]
fn a_pulling_client_is_told_to_look_again() {
    let hub = hub(&[("acme/api", &["1.0"])]);
    let mut session = Session::start(
        json!({ "hubUrl": hub.url(), "hubRegistryUrl": hub.url() }),
        json!({
            "textDocument": { "diagnostic": {}, "hover": { "contentFormat": ["markdown"] } },
            "workspace": { "inlayHint": { "refreshSupport": true } },
        }),
    );
    session.open("FROM acme/api:1.1\n");
    let pull = json!({ "textDocument": { "uri": FILE } });
    let before = session.client.call("textDocument/diagnostic", pull.clone());
    assert_eq!(before["result"]["items"], json!([]));
    session.hover(0, 8);
    for method in ["workspace/diagnostic/refresh", "workspace/inlayHint/refresh"] {
        let request = session.client.server_request(method);
        session.client.reply(&request["id"], Value::Null);
    }
    session.until("the finding", |it| {
        it.client.call("textDocument/diagnostic", pull.clone())["result"].to_string().contains("unknown-tag")
    });
}

/// Whether the title of an action begins so.
fn starts(action: &Value, start: &str) -> bool {
    action["title"].as_str().is_some_and(|it| it.starts_with(start))
}

#[test]
fn an_image_is_pinned_and_updated() {
    let hub = hub(&[("acme/api", &["1.0.1", "1.0.2", "1.4.0", "1.0.1-slim"])]);
    let mut session = Session::with_hub(&hub);
    session.open("FROM acme/api:1.0.1\n");
    let has = |it: &mut Session, start: &str| it.actions(0, 8).iter().any(|it| starts(it, start));
    session.until("all that the registry knows", |it| has(it, "Pin to") && has(it, "Use the slim"));
    let actions = session.actions(0, 8);
    let texts: Vec<(String, String)> = actions
        .iter()
        .map(|it| {
            let title = it["title"].as_str().unwrap_or_default().to_owned();
            (title, it["edit"]["changes"][FILE][0]["newText"].as_str().unwrap_or_default().to_owned())
        })
        .collect();
    let text_of = |start: &str| texts.iter().find(|it| it.0.starts_with(start)).map(|it| it.1.as_str());
    assert_eq!(text_of("Pin to the digest"), Some(format!("@{}", digest_of("1.0.1")).as_str()), "{texts:?}");
    assert_eq!(text_of("Update to the newest patch"), Some("1.0.2"));
    assert_eq!(text_of("Update to the newest minor"), Some("1.4.0"));
    assert_eq!(text_of("Use the slim variant"), Some("1.0.1-slim"));
    session.change(2, &format!("FROM acme/api:1.0.1@{}\n", digest('f')));
    session.until("the digest", |it| has(it, "Update to the digest"));
    let actions = session.actions(0, 8);
    let update = actions.iter().find(|it| it["title"].to_string().contains("Update to the digest"));
    assert!(update.is_some_and(|it| it.to_string().contains(&digest_of("1.0.1"))), "{actions:?}");
    session.until("a hint", |it| it.hints().contains("1.0.1 has moved on"));
}

#[test]
fn names_are_searched_for_and_then_narrowed_down() {
    let hub = hub(&[
        ("acme/api", &["1"]),
        ("acme/app", &["1"]),
        ("acme/apache", &["1"]),
        ("acme/apex", &["1"]),
        ("acme/apt", &["1"]),
        ("other/tool", &["1"]),
    ]);
    let mut session = Session::with_hub(&hub);
    session.open("FROM acme/a");
    session.until("a name", |it| labels(&it.complete(0, 11)).contains(&"acme/app".to_owned()));
    let asked = hub.asked().len();
    session.change(2, "FROM acme/ap");
    assert!(labels(&session.complete(0, 12)).contains(&"acme/apex".to_owned()));
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(hub.asked().len(), asked, "{:?}", hub.paths());
}

#[test]
fn files_are_looked_up_on_opening_only_if_the_user_wants_that() {
    let hub = hub(&[("acme/api", &["1.0"])]);
    let mut session = Session::with_hub(&hub);
    session.open("FROM acme/api:1.1\n");
    session.codes(1);
    session.hints();
    assert_eq!(hub.connections(), 0);
    let mut session = Session::start(
        json!({ "hubUrl": hub.url(), "hubRegistryUrl": hub.url(), "lookup": "onOpen" }),
        json!({}),
    );
    session.open("FROM acme/api:1.1\nFROM acme/gone\n");
    session.client.wait("findings on both", |it| {
        let text = it["params"]["diagnostics"].to_string();
        text.contains("\"unknown-tag\"") && text.contains("\"unknown-image\"")
    });
}

#[test]
fn what_is_known_is_known_after_a_restart() {
    let hub = hub(&[("acme/api", &["1.0"])]);
    let cache = tempfile::tempdir().expect("a folder");
    let settings = json!({ "hubUrl": hub.url(), "hubRegistryUrl": hub.url(), "cacheDir": cache.path() });
    let mut first = Session::start(settings.clone(), json!({}));
    first.open("FROM acme/api:\n");
    first.until("the tags", |it| labels(&it.complete(0, 14)) == ["1.0"]);
    drop(first);
    let asked = hub.asked().len();
    let mut second = Session::start(settings, json!({}));
    second.open("FROM acme/api:1.1\n");
    second.diagnostics_with("unknown-tag");
    let list = second.complete(0, 14);
    assert_eq!((labels(&list).len(), &list["isIncomplete"]), (1, &json!(false)));
    assert_eq!(hub.asked().len(), asked);
}

#[test]
fn a_slow_registry_delays_nothing_else() {
    // Whatever waited for it would not be there when the test gives up.
    let slow = Server::start(|_| {
        std::thread::sleep(2 * LIMIT);
        Reply::new(404, "")
    });
    let quick = Server::start(|asked| oci_reply(&["1.0"], asked));
    let mut session = Session::start(
        json!({
            "hubUrl": slow.url(), "hubRegistryUrl": slow.url(), "allow": [quick.host],
            "timeoutMs": 2 * LIMIT.as_secs() * 1000,
        }),
        json!({}),
    );
    session.open(&format!("FROM acme/slow:1\nFROM {}/acme/api:1.0\nRUN ls\n", quick.host));
    session.codes(1);
    let waiting: Vec<i64> = (0..8).map(|_| session.request_hover(0, 8)).collect();
    session.hover_with("`/srv`", 1, 8);
    assert!(session.hover(2, 1).contains("RUN"), "another instruction");
    session.complete(0, 16);
    session.change(2, &format!("FROM acme/slow:1\nFROM {}/acme/api:1.1\nRUN ls\n", quick.host));
    session.codes(2);
    for id in waiting {
        assert!(session.client.response(id)["result"].to_string().contains("still being asked"));
    }
}
