//! Images and tags, from the embedded index.

use super::*;
use crate::analysis::facts::{self, Answer, Fact, RemoteTag, Repository};

#[test]
fn official_images_come_first() {
    check_first("FROM <|>", &["scratch", "alpine", "debian", "ubuntu", "node", "python"]);
    check("FROM pyth<|>", &["python"]);
    check("FROM docker.io/library/pyth<|>", &["docker.io/library/python"]);
    check_first("FROM mcr.<|>", &["mcr.microsoft.com/dotnet/sdk"]);
    check_after("FROM pyt<|>:3.12", "python", "FROM python:3.12");
    check_after("FROM py<|>thon AS x", "python", "FROM python AS x");
}

#[test]
fn dead_images_are_marked() {
    let items = ask("FROM centos<|>").items();
    assert!(items.iter().all(|it| it.is_deprecated), "{items:?}");
}

#[test]
fn images_of_the_file_come_before_all() {
    check_first("FROM ghcr.io/acme/base:1 AS x\nFROM <|>", &["x", "ghcr.io/acme/base", "scratch", "alpine"]);
}

#[test]
fn tags_come_in_the_order_of_their_use() {
    let labels = ask("FROM python:<|>").labels();
    assert_eq!(labels[0], "latest");
    let newest = labels[1].clone();
    let numbers = newest.split('.').count();
    assert!(numbers == 3 && newest.bytes().all(|it| it.is_ascii_digit() || it == b'.'), "{newest}");
    let position = |label: &str| labels.iter().position(|it| it == label);
    assert!(position("3") < position("3-slim") && position("3-slim") < position("3-alpine"));
    let prerelease = labels.iter().position(|it| it.contains("rc") || it.contains("a1") || it.contains("b1"));
    assert!(prerelease.is_none() || prerelease > position("3-alpine"));
}

#[test]
fn the_best_tag_is_selected() {
    let selected = |source: &str| {
        let items = ask(source).items();
        items.iter().filter(|it| it.is_preselected).map(|it| it.label.clone()).collect::<Vec<_>>()
    };
    let newest = ask("FROM python:<|>").labels()[1].clone();
    assert_eq!(selected("FROM python:<|>"), [newest]);
    assert_eq!(selected("FROM python:la<|>"), ["latest"]);
    assert_eq!(selected("FROM python:3-sl<|>"), ["3-slim"]);
    assert!(selected("FROM python:3.6-str<|>").is_empty(), "it is retired");
}

#[test]
fn of_a_long_list_the_first_that_fit_are_given() {
    let names = (0..1200).map(|it| format!("{}.{}", it % 2, it / 2));
    let tags = names.map(|name| RemoteTag { name: name.into(), ..RemoteTag::default() }).collect();
    let value = Answer::Found(Repository { tags, is_complete: true }.into());
    let mut known = facts::Facts::default();
    known.repositories.insert("ghcr.io/acme/api".to_owned(), Fact { value, age: Default::default() });
    let facts = Facts { known: Some(&known), ..Facts::default() };
    let fixture = Fixture::new("FROM ghcr.io/acme/api:0<|>");
    let model = fixture.model();
    let site = site(&model, fixture.cursor()).unwrap();
    let found = items(&site, &model, &facts, Options::default());
    assert_eq!((found.items.len(), found.is_incomplete), (500, true));
    assert_eq!((found.items[0].label.as_str(), found.items[499].label.as_str()), ("0.599", "0.100"));
}

#[test]
fn a_tag_replaces_the_tag_alone() {
    check_after("FROM python:3<|>.12-slim@sha256:x", "3-slim", "FROM python:3-slim@sha256:x");
    check("FROM python:3-slim-t<|>", &["3-slim-trixie"]);
    check("FROM a\nCOPY --from=python:3-slim-t<|> a b", &["3-slim-trixie"]);
    check("FROM a\nRUN --mount=from=python:3-slim-t<|>,target=/x ls", &["3-slim-trixie"]);
    check("FROM nosuchimage:<|>", &[]);
}

#[test]
fn a_default_of_an_argument_is_followed() {
    check("ARG I=python\nFROM $I:3-slim-t<|>", &["3-slim-trixie"]);
    check_has("ARG V=3\nFROM python:${V}-<|>", &["${V}-slim", "${V}-alpine"]);
    check("ARG V\nFROM python:$V-sl<|>", &[]);
}

#[test]
fn retired_tags_are_offered_only_when_nothing_else_fits() {
    let items = ask("FROM python:3.6-str<|>").items();
    let shown: Vec<_> =
        items.iter().map(|it| (it.label.as_str(), it.detail.as_str(), it.is_deprecated)).collect();
    assert_eq!(shown, [("3.6-stretch", "no longer maintained since 2021-08", true)]);
    assert!(ask("FROM python:3<|>").items().iter().all(|it| !it.is_deprecated));
}

#[test]
fn what_begins_as_typed_comes_first() {
    let first = |source: &str, count: usize| {
        let fixture = Fixture::new(source);
        let model = fixture.model();
        let site = site(&model, fixture.cursor()).unwrap();
        let mut items = items(&site, &model, &Facts::default(), Options::default()).items;
        items.sort_by(|a, b| a.sort_text.cmp(&b.sort_text));
        items.into_iter().take(count).map(|it| it.label).collect::<Vec<_>>()
    };
    let newest = crate::analysis::image::index::image("python").and_then(|it| it.meaning("3")).unwrap();
    let minor = newest.rsplit_once('.').unwrap().0.to_owned();
    assert_eq!(first("FROM python:3.<|>", 2), [newest, minor]);
    assert_eq!(first("FROM pyth<|>", 1), ["python"]);
    assert_eq!(first("FROM <|>", 1), ["scratch"]);
}

#[test]
fn tags_for_other_platforms_come_last() {
    let labels = ask("FROM --platform=windows/amd64 python:<|>").labels();
    assert!(labels[0].contains("windows") || labels[0] == "latest", "{labels:?}");
    let slim = labels.iter().position(|it| it == "3-slim");
    let windows = labels.iter().position(|it| it == "3-windowsservercore");
    assert!(windows < slim, "{labels:?}");
}

#[test]
fn facts_of_a_registry_are_shown() {
    let fixture = Fixture::new("FROM ghcr.io/acme/api:<|>");
    let model = fixture.model();
    let site = site(&model, fixture.cursor()).unwrap();
    assert!(
        matches!(site.wanted().as_slice(), [Wanted::Tags { image, .. }] if image.text() == "ghcr.io/acme/api")
    );
    let tags =
        ["1.9.0", "1.10.0", "latest"].map(|name| RemoteTag { name: name.into(), ..RemoteTag::default() });
    let value = Answer::Found(Repository { tags: tags.to_vec(), is_complete: true }.into());
    let mut known = facts::Facts::default();
    let name = "ghcr.io/acme/api".to_owned();
    known.repositories.insert(name, Fact { value, age: std::time::Duration::ZERO });
    let facts = Facts { known: Some(&known), is_pending: true, ..Facts::default() };
    let found = items(&site, &model, &facts, Options::default());
    let labels: Vec<_> = found.items.iter().map(|it| it.label.as_str()).collect();
    assert_eq!(labels, ["latest", "1.10.0", "1.9.0"]);
    assert!(found.is_incomplete);
}

#[test]
fn nothing_is_wanted_of_a_name_that_is_not_known() {
    let wanted = |source: &str| {
        let fixture = Fixture::new(source);
        site(&fixture.model(), fixture.cursor()).map(|it| it.wanted()).unwrap_or_default()
    };
    assert_eq!(wanted("ARG I\nFROM $I:<|>"), []);
    assert_eq!(wanted("FROM scratch:<|>"), []);
    assert_eq!(wanted("FROM $I<|>"), []);
    assert_eq!(wanted("FROM <|>"), []);
    assert_eq!(wanted("FROM bitn<|>"), [Wanted::Images("bitn".into())]);
}

#[test]
fn the_frontend_is_known() {
    check("# syntax=<|>", &["docker/dockerfile:1", "docker/dockerfile:1-labs"]);
    check("# syntax=docker/dockerfile:<|>", &["1", "1-labs"]);
}
