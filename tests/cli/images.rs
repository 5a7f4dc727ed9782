//! `tags` and `image`, without a network.

use serde_json::Value;

use crate::sandbox::{Run, Sandbox};

fn run(arguments: &[&str]) -> Run {
    Sandbox::new(&[]).run(arguments)
}

fn json(arguments: &[&str]) -> Value {
    let run = run(arguments);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{arguments:?}");
    serde_json::from_str(&run.out).expect("it is JSON")
}

#[test]
fn tags_are_listed_with_the_newest_stable_version_first() {
    let run = run(&["tags", "python:3.", "--limit", "3"]);
    assert_eq!((run.code, run.out.lines().count()), (0, 3), "{run:?}");
    let (first, second) = (run.out.lines().next().unwrap(), run.out.lines().nth(1).unwrap());
    let full = first.split_whitespace().next().unwrap();
    assert!(full.matches('.').count() == 2 && second.contains(&format!("= {full}")), "{run:?}");
    assert!(run.err.contains("3 of ") && run.err.contains("of 2026-"), "{run:?}");
}

#[test]
fn tags_can_be_read_by_scripts() {
    let tags = json(&["tags", "golang", "--platform", "windows/amd64", "--json"]);
    let tags = tags.as_array().expect("a list");
    assert!(!tags.is_empty());
    for tag in tags {
        assert!(tag["platforms"].as_array().unwrap().contains(&"windows/amd64".into()), "{tag}");
    }
}

#[test]
fn retired_tags_are_listed_when_nothing_current_fits() {
    let tags = json(&["tags", "python:3.6-stretch", "--json"]);
    assert_eq!(tags, serde_json::json!([{ "name": "3.6-stretch", "platforms": [], "retired": "2021-08" }]));
}

#[test]
fn an_image_is_described() {
    let image = json(&["image", "python:3", "--json"]);
    assert_eq!(image["reference"], "docker.io/library/python:3");
    assert_eq!(image["status"], "current");
    assert!(image["stands_for"].as_str().is_some_and(|it| it.starts_with("3.")), "{image}");
    assert!(image["platforms"].as_array().is_some_and(|it| it.contains(&"linux/amd64".into())), "{image}");
    let text = run(&["image", "openjdk:8"]).out;
    assert!(text.contains("retired since") && text.contains("eclipse-temurin"), "{text}");
    assert_eq!(json(&["image", "centos:7", "--json"])["status"], "removed");
}

#[test]
fn what_is_not_known_is_said_with_a_guess() {
    for command in ["tags", "image"] {
        let run = run(&[command, "pyhton"]);
        assert_eq!((run.code, run.out.as_str()), (1, ""), "{run:?}");
        assert!(run.err.contains("have no `pyhton`; did you mean `python`?"), "{run:?}");
    }
    assert!(
        run(&["tags", "ghcr.io/a/b"]).err.contains("nothing is known about `ghcr.io/a/b` without a network")
    );
    for (name, word) in [("Python", "lower case"), ("$IMAGE", "variable"), ("scratch", "no files")] {
        let run = run(&["image", name]);
        assert!(run.code == 2 && run.err.contains(word), "{run:?}");
    }
}
