//! Sample projects of every kind: what is written for them is clean, and does what their files say.

mod refused;
mod samples;

use std::collections::BTreeMap;

use super::project::Project;
use super::stack::{Choice, named};
use super::{Refusal, Start, images, start};
use crate::analysis::ide::format::{FormatOptions, document};
use crate::analysis::lint::{Facts, Linter, check};
use crate::analysis::model::Model;
use crate::analysis::syntax::Dockerfile;

/// What is written for a folder `shop` with these files.
fn try_write(files: &[(&str, &str)], stack: Option<&str>, explain: bool) -> Result<Start, Refusal> {
    let texts: BTreeMap<String, String> =
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let read = |path: &str| texts.get(path).cloned();
    let project = Project::new("Shop", texts.keys().cloned(), &read);
    let choice: Option<Choice> = stack.map(|it| named(it, &project).expect("a name of a stack"));
    start(&project, choice, explain)
}

/// As [`try_write`], and whatever is written is clean.
fn write_as(files: &[(&str, &str)], stack: Option<&str>) -> Start {
    for explain in [true, false] {
        let written = try_write(files, stack, explain).expect("nothing contradicts itself");
        assert_clean(&written);
    }
    try_write(files, stack, false).expect("as before")
}

fn write(files: &[(&str, &str)]) -> Start {
    write_as(files, None)
}

/// It parses, has no finding, formats to itself, and starts from images that are kept up to date.
fn assert_clean(written: &Start) {
    let text = &written.dockerfile;
    let file = Dockerfile::parse(text.as_str());
    let model = Model::new(&file);
    let facts = Facts::with_ignore_file(&written.dockerignore);
    let findings = check(&model, &Linter::default(), &facts);
    let told: Vec<_> = findings.iter().map(|it| (it.rule.name, it.message())).collect();
    assert!(told.is_empty(), "{}: {told:#?}\n{text}", written.title);
    let edits = document(&file, &FormatOptions::default());
    assert!(edits.is_empty(), "{}: {edits:?}\n{text}", written.title);
    assert_current(text);
    let last = text.rsplit("\nFROM ").next().unwrap_or_default();
    assert!(last.contains("\nUSER ") && last.contains("\nCMD ["), "{text}");
    assert!(written.dockerignore.contains(".git\n"), "{}", written.dockerignore);
}

fn assert_current(text: &str) {
    for line in text.lines().filter_map(|it| it.strip_prefix("FROM ")) {
        let image = line.split(' ').next().unwrap_or_default();
        let (name, tag) = image.split_once(':').expect("every image has a tag");
        // Microsoft's images are no official images of Docker Hub.
        assert!(images::is_current(name, tag) || name.starts_with("mcr.microsoft.com/"), "{image}");
    }
}

/// The lines of the Dockerfile that begin with one of `words`, of the last stage.
fn last_lines(written: &Start, words: &[&str]) -> Vec<String> {
    let last = written.dockerfile.rsplit("\nFROM ").next().unwrap_or_default().to_owned();
    let last = format!("FROM {last}");
    last.lines().filter(|line| words.iter().any(|it| line.starts_with(it))).map(str::to_owned).collect()
}

/// What the container does.
fn command(written: &Start) -> String {
    last_lines(written, &["CMD "]).concat()
}
