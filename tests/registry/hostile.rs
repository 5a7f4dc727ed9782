//! Registries that mean harm or are broken: the editor goes on, and nothing of what they say does anything.

use std::time::Duration;

use serde_json::json;

use crate::client::LIMIT;
use crate::session::{Session, labels};
use crate::stand_in::{Asked, Reply, Server, digest, hub_tag};

/// Of the server; an editor that waited for a registry so long would be given up before.
const PATIENCE_MS: u64 = 2 * LIMIT.as_secs() * 1000;

/// Completion, hover and findings with this as Docker Hub, its registry, and another registry; none of them has anything
/// to say. The session, to see what else it does.
fn survives(what: &str, server: &Server) -> Session {
    let mut session = Session::start(
        json!({ "hubUrl": server.url(), "hubRegistryUrl": server.url(), "allow": [server.host], "timeoutMs": PATIENCE_MS }),
        json!({}),
    );
    let other = format!("{}/acme/api", server.host);
    session.open(&format!("FROM acme/api:1\nFROM {other}:1\nFROM python:\nRUN ls\n"));
    session.complete(0, 14);
    session.complete(1, other.len() as u32 + 6);
    let list = session.complete(2, 12);
    assert!(
        labels(&list).contains(&"3-slim".to_owned()),
        "{what}: the list of official images is still there"
    );
    session.hover(0, 8);
    session.hover(1, 8);
    assert!(session.hover(3, 1).contains("RUN"), "{what}");
    session
}

#[test]
fn answers_that_are_none_do_no_harm() {
    for (what, reply) in [
        ("nonsense", Reply::new(200, "{\"results\": [{")),
        ("deep", Reply::new(200, "[".repeat(1_000_000))),
        ("another type", Reply::new(200, "{\"results\": 3, \"tags\": {\"a\": 1}, \"config\": []}")),
        ("cut off", Reply::cut("{\"tags\": [\"1\"")),
        ("a bomb", gzip_bomb()),
        ("huge", Reply::new(200, vec![b' '; 20 << 20])),
        (
            "forbidden",
            Reply::new(401, "").with("www-authenticate", "Bearer realm=\"https://evil.example/t\""),
        ),
        ("gone", Reply::new(404, "")),
        ("broken", Reply::new(500, "")),
    ] {
        let server = Server::start(move |_| reply.clone());
        let session = survives(what, &server);
        assert_eq!(session.client.leave(), 0, "{what}");
    }
}

/// A small answer that becomes 200 MB.
fn gzip_bomb() -> Reply {
    let mut body = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    body.extend(miniz_oxide::deflate::compress_to_vec(&vec![b' '; 200 << 20], 1));
    body.extend([0; 8]);
    Reply::new(200, body).with("content-encoding", "gzip")
}

#[test]
fn a_stream_without_end_is_left() {
    let server = Server::start(|_| Reply::endless());
    let session = survives("endless", &server);
    let before = session.memory();
    std::thread::sleep(Duration::from_secs(2));
    assert!(session.memory() < before + 64_000, "kilobytes: {before}, then {}", session.memory());
}

#[test]
fn a_redirect_in_circles_ends() {
    let server = Server::start(|asked| Reply::new(302, "").with("location", format!("{}x", asked.path)));
    survives("redirects", &server);
    std::thread::sleep(Duration::from_millis(300));
    assert!(server.asked().len() < 60, "{:?}", server.paths());
}

#[test]
fn pages_without_end_are_cut() {
    let server = Server::start(|asked: &Asked| {
        let page: usize = asked.query("page").and_then(|it| it.parse().ok()).unwrap_or(1);
        let host = asked.header("host").unwrap_or_default();
        let path = asked.path.split('?').next().unwrap_or_default();
        Reply::json(json!({
            "results": [hub_tag(&format!("1.{page}"), &digest('a'))],
            "next": format!("http://{host}{path}?page={}", page + 1),
        }))
    });
    let mut session = Session::with_hub(&server);
    session.open("FROM acme/api:\n");
    session.until("the end of the list", |it| it.complete(0, 14)["isIncomplete"] == false);
    assert!((50..=101).contains(&server.asked().len()), "{}", server.asked().len());
}

#[test]
fn a_host_that_wants_a_pause_gets_it() {
    let server = Server::start(|_| Reply::new(429, "").with("retry-after", "300"));
    let mut session = Session::with_hub(&server);
    session.open("FROM acme/api:1\nFROM acme/other:1\n");
    session.hover_with("takes no more questions for now", 0, 8);
    let asked = server.asked().len();
    for _ in 0..3 {
        session.hover(0, 8);
        session.hover(1, 8);
        session.complete(1, 16);
    }
    assert_eq!(server.asked().len(), asked, "{:?}", server.paths());
}

#[test]
fn names_and_texts_are_only_shown() {
    let config = digest('c');
    let manifest = json!({ "config": { "digest": config, "size": 1 }, "layers": [] }).to_string();
    let evil = "](http://evil.example) <img src=x> `code` \u{1b}[31m\n# heading";
    let blob = json!({ "os": "linux", "architecture": evil, "config": {
        "User": evil, "Cmd": [evil], "Env": [format!("A={evil}")],
        "Labels": { "org.opencontainers.image.source": format!("https://a.example/{evil}") },
    } })
    .to_string();
    let server = Server::start(move |asked| {
        let body = match asked.segments().as_slice() {
            [.., "list"] => {
                json!({ "tags": ["1", "\u{1b}[31mred", "[x](http://evil.example)", "a\nb", "2;rm"] })
                    .to_string()
            }
            [.., "blobs", _] => blob.clone(),
            _ => manifest.clone(),
        };
        Reply::new(200, body).with("docker-content-digest", digest('d'))
    });
    let mut session = Session::with_registry(&server);
    let name = format!("{}/acme/api", server.host);
    session.open(&format!("FROM {name}:1\n"));
    session.list_of(&["1"], 0, name.len() as u32 + 6);
    let text = session.hover_with("Working directory", 0, 8);
    assert!(!text.contains('\u{1b}') && !text.contains("\n# heading"), "{text}");
    // Outside of code nothing of it is left: neither a link nor a tag.
    let outside = outside_of_code(&text);
    assert!(!outside.contains("evil.example)") && !outside.contains("<img"), "{outside}");
}

/// Markdown without its spans of code: each ends at as many backticks as it begins with.
fn outside_of_code(text: &str) -> String {
    let (mut outside, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('`') {
        let more = after.len() - after.trim_start_matches('`').len();
        let inside = &after[more..];
        outside.push_str(before);
        rest = end_of_code(inside, more + 1).map_or(inside, |end| &inside[end..]);
    }
    outside + rest
}

fn end_of_code(text: &str, length: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = text[at..].find('`') {
        let start = at + found;
        at = start + text[start..].bytes().take_while(|it| *it == b'`').count();
        if at - start == length {
            return Some(at);
        }
    }
    None
}

#[test]
fn spans_of_code_are_told_from_text() {
    assert_eq!(outside_of_code("a `b` c `` d ` e `` f ` g"), "a  c  f  g");
}

#[test]
fn a_login_goes_to_no_other_host() {
    let thief = Server::start(|_| Reply::json(json!({ "token": "x" })));
    let target = format!("{}/blob", thief.url());
    let server = Server::start(move |asked| match (asked.header("authorization"), asked.segments().last()) {
        (None, _) => Reply::new(401, "").with("www-authenticate", "Basic realm=\"x\""),
        (Some(_), Some(&"list")) => Reply::json(json!({ "tags": ["1"] })),
        (Some(_), _) => Reply::new(307, "").with("location", target.clone()),
    });
    let docker = tempfile::tempdir().expect("a folder");
    let auths = json!({ "auths": { &server.host: { "auth": "bWU6aHVudGVyMg==" } } });
    std::fs::write(docker.path().join("config.json"), auths.to_string()).expect("it can be written");
    let settings = json!({ "registry": {
        "hubUrl": "http://127.0.0.1:9", "hubRegistryUrl": "http://127.0.0.1:9", "allow": [server.host],
        "useDockerCredentials": true,
    } });
    let mut session =
        Session::start_in(settings, json!({}), &[("DOCKER_CONFIG", docker.path().to_str().unwrap())]);
    let name = format!("{}/acme/api", server.host);
    session.open(&format!("FROM {name}:1\n"));
    // It is logged in.
    session.list_of(&["1"], 0, name.len() as u32 + 6);
    session.hover(0, 8);
    assert!(
        server.asked().iter().any(|it| it.header("authorization").is_some_and(|it| it.starts_with("Basic ")))
    );
    session.until("the redirect", |_| !thief.asked().is_empty());
    assert!(thief.asked().iter().all(|it| it.header("authorization").is_none()));
}
