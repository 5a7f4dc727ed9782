//! `dockwright tags` and `dockwright image` with a network.

use std::process::Command;

use serde_json::{Value, json};

use crate::stand_in::{Reply, Server, digest_of, hub};

#[derive(Debug)]
struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Runs the binary with `hub` as Docker Hub and an empty home.
fn run(hub: &Server, arguments: &[&str]) -> Run {
    let home = tempfile::tempdir().expect("a folder");
    let output = Command::new(env!("CARGO_BIN_EXE_dockwright"))
        .args(arguments)
        .env_clear()
        .env("HOME", home.path())
        .env("DOCKWRIGHT_CACHE_DIR", home.path().join("cache"))
        .env("DOCKWRIGHT_HUB_URL", hub.url())
        .env("DOCKWRIGHT_HUB_REGISTRY_URL", hub.url())
        .output()
        .expect("the binary starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is text");
    Run { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

fn json_of(run: &Run) -> Value {
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {run:?}"))
}

#[test]
fn tags_come_from_docker_hub() {
    let hub = hub(&[("acme/api", &["latest", "1.10.0", "1.9.0", "1.9.0-slim"])]);
    let run = run(&hub, &["tags", "acme/api", "--json", "--limit", "2"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let tags = json_of(&run);
    assert_eq!(tags[0]["name"], "latest");
    assert_eq!(
        tags[1],
        json!({
            "name": "1.10.0", "platforms": ["linux/amd64", "linux/arm64"], "digest": digest_of("1.10.0"),
            "size": 40_000_000, "last_updated": "2026-07-02",
        })
    );
    assert_eq!(tags.as_array().map(Vec::len), Some(2));
}

#[test]
fn retired_tags_are_told_from_current_ones() {
    let hub = hub(&[("library/python", &["3.6-stretch", "3.14.7", "3.14"])]);
    let names = |arguments: &[&str]| {
        let tags = json_of(&run(&hub, arguments));
        let tags = tags.as_array().expect("a list").clone();
        tags.into_iter().map(|it| (it["name"].to_string(), it["retired"].clone())).collect::<Vec<_>>()
    };
    let current = names(&["tags", "python", "--json"]);
    assert_eq!(current.iter().map(|it| it.0.as_str()).collect::<Vec<_>>(), ["\"3.14.7\"", "\"3.14\""]);
    assert_eq!(names(&["tags", "python:3.6", "--json"])[0].1, "2021-08");
}

#[test]
fn a_registry_that_is_not_there_is_replaced_by_the_list_of_official_images() {
    let hub = Server::start(|_| Reply::new(503, ""));
    let official = run(&hub, &["tags", "python:3.14", "--json"]);
    assert_eq!(official.code, Some(0), "{official:?}");
    assert!(official.err.contains("status 503"), "{official:?}");
    assert!(json_of(&official).as_array().is_some_and(|it| !it.is_empty()));
    let other = run(&hub, &["tags", "acme/api", "--json"]);
    assert_eq!((other.code, other.out.as_str()), (Some(2), ""), "{other:?}");
}

#[test]
fn nothing_is_asked_offline_or_of_strangers() {
    let hub = hub(&[("library/python", &["3"])]);
    assert_eq!(run(&hub, &["tags", "python", "--offline"]).code, Some(0));
    let stranger = run(&hub, &["image", "registry.stranger.example/a:1"]);
    assert_eq!(stranger.code, Some(2), "{stranger:?}");
    assert!(stranger.err.contains("`registry.allow`"), "{stranger:?}");
    assert_eq!(hub.connections(), 0);
}

#[test]
fn what_is_not_there_is_said() {
    let hub = hub(&[("library/python", &["3"])]);
    let run = run(&hub, &["tags", "acme/nothing"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.err.contains("`docker.io` has no repository `acme/nothing`"), "{run:?}");
}
