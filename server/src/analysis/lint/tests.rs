//! What holds for all rules, and helpers for the tests of each.

use expect_test::expect_file;

use super::*;
use crate::analysis::facts::{Answer, Fact, RemotePlatform, RemoteTag, Repository};
use crate::analysis::image::Platform;
use crate::analysis::syntax::Dockerfile;
use crate::analysis::testing::{Fixture, assert_annotated};
use crate::analysis::text::apply_edits;

/// The rule alone; with all others when it is about suppressing them.
pub fn only(rule: &str) -> Linter {
    let is_about_others = rule_named(rule).is_some_and(|it| matches!(it.check, rule::Check::Suppression));
    let profile = if is_about_others { Profile::All } else { Profile::None };
    let policy = policy_of_examples(rule);
    let options = Options { profile, select: vec![rule.to_owned()], policy, ..Options::default() };
    let (linter, unknown) = Linter::new(&options);
    assert_eq!(unknown, [], "no such rule");
    linter
}

/// The policy that the pages of those rules speak of which need one.
fn policy_of_examples(rule: &str) -> Policy {
    let labels: &[(&str, LabelKind)] = match rule {
        "missing-label" => &[("org.opencontainers.image.source", LabelKind::Url)],
        _ => &[
            ("maintainer", LabelKind::Email),
            ("org.opencontainers.image.created", LabelKind::Rfc3339),
            ("org.opencontainers.image.licenses", LabelKind::Spdx),
            ("org.opencontainers.image.revision", LabelKind::Hash),
            ("org.opencontainers.image.source", LabelKind::Url),
            ("org.opencontainers.image.title", LabelKind::Text),
            ("org.opencontainers.image.version", LabelKind::Semver),
        ],
    };
    Policy {
        trusted_registries: vec!["docker.io".to_owned(), "*.example.com".to_owned()],
        label_schema: labels.iter().map(|(key, kind)| (key.to_string(), *kind)).collect(),
        strict_labels: true,
        comments_are_ignored: false,
    }
}

/// What `rule` alone finds in `text`.
pub fn findings(rule: &str, text: &str) -> Vec<Finding> {
    findings_with(rule, text, &Facts::default())
}

fn findings_with(rule: &str, text: &str, facts: &Facts) -> Vec<Finding> {
    let mut found = check(&Model::new(&Dockerfile::parse(text)), &only(rule), facts);
    found.retain(|it| it.rule.name == rule);
    found
}

/// What lies around the Dockerfile, from the other files of a fixture: its `.dockerignore`, and `registry`, which has a line
/// for each repository that was asked about: its canonical name and its tags, with `=` and their platforms where those
/// matter. Without tags it is not there.
fn facts_of(fixture: &Fixture) -> Facts {
    let text = |name: &str| fixture.files.iter().find(|(path, _)| path == name).map(|it| it.1.as_str());
    let mut facts = text(".dockerignore").map(Facts::with_ignore_file).unwrap_or_default();
    let registry = std::sync::Arc::make_mut(&mut facts.registry);
    for line in text("registry").unwrap_or_default().lines() {
        let (name, tags) = line.split_once(' ').unwrap_or((line, ""));
        let tags: Vec<RemoteTag> = tags.split_whitespace().map(remote_tag).collect();
        let value = match tags.is_empty() {
            true => Answer::Missing,
            false => Answer::Found(Repository { tags, is_complete: true }.into()),
        };
        registry.repositories.insert(name.to_owned(), Fact { value, age: Default::default() });
    }
    facts
}

fn remote_tag(text: &str) -> RemoteTag {
    let (name, platforms) = text.split_once('=').unwrap_or((text, ""));
    let platforms = platforms.split(',').filter_map(|it| Platform::parse(it).ok());
    let platforms = platforms
        .map(|platform| RemotePlatform { platform: platform.into(), size: None, digest: None })
        .collect();
    RemoteTag { name: name.into(), platforms, ..RemoteTag::default() }
}

/// Asserts that `rule` finds exactly the annotated ranges; where an annotation has a text, the message holds it.
pub fn check_rule(rule: &str, source: &str) {
    let fixture = Fixture::new(source);
    let found = findings_with(rule, &fixture.text, &facts_of(&fixture));
    let expected = |range| fixture.annotations.iter().find(|it| it.0 == range).map_or("", |it| &it.1);
    let found = found.iter().map(|it| {
        let wanted = expected(it.range);
        let text = if it.message().contains(wanted) { wanted } else { it.message() };
        (it.range, text.to_owned())
    });
    let found = found.collect();
    assert_annotated(&fixture, found);
}

/// Asserts that the first fixes of all findings of `rule`, applied at once, make `after` of `before`, and that a
/// safe one leaves nothing to find.
pub fn check_fix(rule: &str, before: &str, after: &str) {
    let found = findings(rule, before);
    let fixes: Vec<_> = found.iter().filter_map(Finding::fix).collect();
    let mut edits: Vec<_> = fixes.iter().flat_map(|fix| fix.edits.clone()).collect();
    edits.sort_by_key(|it| (it.range.start(), it.range.end(), it.new_text.clone()));
    edits.dedup();
    let fixed = apply_edits(before, &edits).expect("the edits do not overlap");
    assert_eq!(fixed, after);
    if fixes.iter().all(|fix| fix.safe) {
        let left: Vec<_> = findings(rule, &fixed).iter().map(|it| it.message().to_owned()).collect();
        assert_eq!(left, Vec::<String>::new(), "after the fix");
    }
}

#[test]
fn every_rule_is_well_formed_and_in_order() {
    assert!(RULES.is_sorted_by_key(|rule| rule.name));
    for rule in RULES {
        let name = rule.name;
        assert!(name.chars().all(|it| it.is_ascii_lowercase() || it == '-'), "{name}");
        assert!(rule.summary().ends_with('.') && rule.summary().len() < 120, "{name}: summary");
        assert!(rule.url.starts_with("https://"), "{name}: url");
        let is_model = matches!(rule.check, rule::Check::Model(_) | rule::Check::Parts { .. });
        assert!(!rule.experimental || is_model, "{name}: experimental rules look at the model");
    }
}

#[test]
fn every_rule_file_is_in_the_table() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/server/src/analysis/lint/rules");
    let files = std::fs::read_dir(folder).expect("the source is there").filter_map(|it| it.ok());
    let mut names: Vec<_> = files
        .filter_map(|it| it.file_name().to_str()?.strip_suffix(".rs").map(|name| name.replace('_', "-")))
        .filter(|name| name != "mod")
        .collect();
    names.sort();
    let table: Vec<_> = RULES.iter().map(|rule| rule.name.to_owned()).collect();
    assert_eq!(names, table);
}

#[test]
fn every_example_shows_what_it_says() {
    for rule in RULES {
        let examples = rule.examples();
        assert!(examples.iter().any(|it| it.is_bad), "{} has no bad example", rule.name);
        assert!(examples.iter().any(|it| !it.is_bad), "{} has no good example", rule.name);
        for example in examples {
            let fixture = Fixture::new(&example.text.replace("{65536 times x}", &"x".repeat(65_536)));
            let found = findings_with(rule.name, &fixture.text, &facts_of(&fixture));
            let found: Vec<_> = found.iter().map(|it| it.message()).collect();
            assert_eq!(!found.is_empty(), example.is_bad, "{}: {found:?} in\n{}", rule.name, example.text);
        }
    }
}

#[test]
fn the_checks_of_buildkit_have_the_names_of_the_knowledge_table() {
    for check in crate::analysis::knowledge::CHECKS.iter() {
        let rules = rules_named(check.name);
        assert!(rules.is_empty() || rules.iter().any(|rule| rule.name == check.rule), "{}", check.name);
        assert!(rules.iter().all(|rule| rule.buildkit), "{}", check.name);
    }
}

#[test]
fn the_rule_pages_are_up_to_date() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/server/docs/rules/");
    for rule in RULES {
        expect_file![format!("{folder}{}.md", rule.name)].assert_eq(&rule.page());
    }
    expect_file![format!("{folder}README.md")].assert_eq(&docs::index(RULES));
}
