//! Reads the facts from the list's own repository and its history.
//!
//! Each file of `library/` is an image. Since 2016 it is a row of paragraphs like mail headers
//! (<https://github.com/docker-library/official-images#instruction-format>), before that a line per tag.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, bail};
use dockwright::analysis::image::ImageReference;
use dockwright::analysis::image::index::{self, Date, Month, Status};

use crate::facts::{self, Facts, Groups, Image, Tags};

/// `docs` is a checkout of the images' documentation, to know which are deprecated.
pub fn read(images: &Path, docs: Option<&Path>) -> anyhow::Result<Facts> {
    let head = git(images, &["log", "-1", "--format=%cs"])?;
    let mut facts = Facts { date: facts::date(head.trim())?, images: BTreeMap::new() };
    let mut contents = Contents::open(images)?;
    for change in changes(images)? {
        let image = facts.images.entry(change.name.clone()).or_default();
        match contents.read(&change)? {
            Some(text) => replace(image, read_tags(&text)?, change.date),
            None => {
                replace(image, Tags::new(), change.date);
                image.status = Status::Removed(change.date);
            }
        }
    }
    facts.images.retain(|_, it| !it.current.is_empty() || !it.retired.is_empty());
    for (name, image) in &mut facts.images {
        image.status = status(name, image, docs);
    }
    Ok(facts)
}

/// What a change of the list makes of an image: tags that are gone have left in that month.
fn replace(image: &mut Image, tags: Tags, date: Date) {
    let month = Month { year: date.year, month: date.month };
    for gone in image.current.keys().filter(|it| !tags.contains_key(*it)) {
        image.retired.insert(gone.clone(), month);
    }
    image.retired.retain(|it, _| !tags.contains_key(it));
    image.current = tags;
    image.status = Status::Current;
}

fn status(name: &str, image: &Image, docs: Option<&Path>) -> Status {
    let is_deprecated = match docs {
        Some(docs) => docs.join(name).join("deprecated.md").exists(),
        None => index::image(name).is_some_and(|it| it.status == Status::Deprecated),
    };
    match image.status {
        Status::Removed(_) => image.status,
        _ if is_deprecated => Status::Deprecated,
        _ if image.current.is_empty() => Status::WithoutTags,
        _ => Status::Current,
    }
}

/// A commit that changed the file of an image.
struct Change {
    commit: String,
    date: Date,
    name: String,
}

/// All changes, the oldest first, dated by their arrival on the main line.
fn changes(repository: &Path) -> anyhow::Result<Vec<Change>> {
    let format = "--format=commit %H %cs";
    let arguments =
        ["log", "--first-parent", "-m", "--reverse", "--no-renames", "--name-only", format, "--", "library"];
    let log = git(repository, &arguments)?;
    let mut changes = Vec::new();
    let mut commit = (String::new(), Date::default());
    for line in log.lines() {
        if let Some((hash, date)) = line.strip_prefix("commit ").and_then(|it| it.split_once(' ')) {
            commit = (hash.to_owned(), facts::date(date)?);
        } else if let Some(name) = line.strip_prefix("library/").filter(|it| is_image_name(it)) {
            changes.push(Change { commit: commit.0.clone(), date: commit.1, name: name.to_owned() });
        }
    }
    Ok(changes)
}

fn is_image_name(name: &str) -> bool {
    ImageReference::parse(name).official_name() == Some(name)
}

/// Files at commits, read through one `git cat-file --batch`.
struct Contents {
    _process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Contents {
    fn open(repository: &Path) -> anyhow::Result<Contents> {
        let mut process = Command::new("git")
            .current_dir(repository)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot run `git`")?;
        let requests = process.stdin.take().context("no input")?;
        let answers = BufReader::new(process.stdout.take().context("no output")?);
        Ok(Contents { _process: process, requests, answers })
    }

    /// `None` if the commit removed the file.
    fn read(&mut self, change: &Change) -> anyhow::Result<Option<String>> {
        writeln!(self.requests, "{}:library/{}", change.commit, change.name)?;
        self.requests.flush()?;
        let mut header = String::new();
        self.answers.read_line(&mut header)?;
        let Some(size) = header.trim().split_once(" blob ").map(|it| it.1) else { return Ok(None) };
        // The content ends with a line end of its own.
        let mut content = vec![0; size.parse::<usize>()? + 1];
        self.answers.read_exact(&mut content)?;
        Ok(Some(String::from_utf8_lossy(&content).into_owned()))
    }
}

fn git(repository: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output =
        Command::new("git").current_dir(repository).args(arguments).output().context("cannot run `git`")?;
    if !output.status.success() {
        bail!("`git {}` failed: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The tags of a file with their architectures. Those that stand in the same paragraphs are a group.
fn read_tags(text: &str) -> anyhow::Result<Tags> {
    let mut tags = Tags::new();
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut defaults = Paragraph::default();
    for (number, paragraph) in paragraphs(text).into_iter().enumerate() {
        if paragraph.tags.is_empty() && defaults.architectures.is_empty() {
            defaults = paragraph;
            continue;
        }
        let stated = if paragraph.architectures.is_empty() {
            &defaults.architectures
        } else {
            &paragraph.architectures
        };
        let standard = ["amd64".to_owned()];
        let architectures = if stated.is_empty() { &standard[..] } else { stated };
        for tag in paragraph.tags {
            places.entry(tag.clone()).or_default().push(number);
            tags.entry(tag).or_default().architectures.extend(architectures.iter().cloned());
        }
    }
    if tags.is_empty() {
        return read_old_tags(text);
    }
    let mut groups = Groups::new();
    for (tag, current) in &mut tags {
        current.group = groups.number(places.remove(tag).unwrap_or_default())?;
    }
    Ok(tags)
}

#[derive(Default)]
struct Paragraph {
    tags: Vec<String>,
    architectures: Vec<String>,
}

fn paragraphs(text: &str) -> Vec<Paragraph> {
    let mut paragraphs = vec![Paragraph::default()];
    let mut field = String::new();
    for line in text.lines().filter(|it| !it.starts_with('#')) {
        if line.trim().is_empty() {
            paragraphs.push(Paragraph::default());
            continue;
        }
        let values = match line.split_once(':') {
            Some((name, values)) if !line.starts_with(char::is_whitespace) => {
                field = name.to_ascii_lowercase();
                values
            }
            _ => line,
        };
        let values = values.split(',').map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
        let Some(paragraph) = paragraphs.last_mut() else { continue };
        match field.as_str() {
            "tags" | "sharedtags" => paragraph.tags.extend(values),
            "architectures" => paragraph.architectures.extend(values),
            _ => {}
        }
    }
    paragraphs
}

/// `3.4.1: git://github.com/…@commit folder`, the form until 2016.
fn read_old_tags(text: &str) -> anyhow::Result<Tags> {
    let lines = text.lines().filter(|it| !it.starts_with('#')).filter_map(|it| it.split_once(':'));
    let lines = lines.filter(|(_, source)| source.contains("://") && source.contains('@'));
    let (mut tags, mut groups) = (Tags::new(), Groups::new());
    for (tag, source) in lines {
        let current = tags.entry(tag.trim().to_owned()).or_default();
        current.architectures.insert("amd64".to_owned());
        current.group = groups.number(source.trim())?;
    }
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Current;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let tags = read_tags(text).expect("groups can be numbered");
        let names = |it: &Current| it.architectures.iter().cloned().collect::<Vec<_>>().join(" ");
        let found: Vec<(&str, String)> = tags.iter().map(|(tag, it)| (tag.as_str(), names(it))).collect();
        let expected: Vec<(&str, String)> =
            expected.iter().map(|(tag, set)| (*tag, (*set).to_owned())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn paragraphs_name_tags_and_architectures() {
        check(
            "# comment\nMaintainers: A (@a),\n             B (@b)\nGitRepo: https://x\n\n\
             Tags: 1-slim, slim\nArchitectures: amd64, arm64v8\n\n\
             Tags: 1-windows\nSharedTags: 1,\n latest\nArchitectures: windows-amd64\n\n\
             Tags: 1-linux\nSharedTags: 1, latest\n",
            &[
                ("1", "amd64 windows-amd64"),
                ("1-linux", "amd64"),
                ("1-slim", "amd64 arm64v8"),
                ("1-windows", "windows-amd64"),
                ("latest", "amd64 windows-amd64"),
                ("slim", "amd64 arm64v8"),
            ],
        );
    }

    #[test]
    fn the_first_paragraph_gives_defaults() {
        check(
            "Architectures: amd64, s390x\n\nTags: 1\n\nTags: 2\nArchitectures: i386\n",
            &[("1", "amd64 s390x"), ("2", "i386")],
        );
    }

    #[test]
    fn the_old_form_has_a_line_a_tag() {
        check(
            "# maintainer: a\n\n1.0: git://github.com/x/y@abc 1.0\nlatest: git://github.com/x/y@abc\n",
            &[("1.0", "amd64"), ("latest", "amd64")],
        );
    }

    #[test]
    fn tags_of_the_same_paragraphs_are_a_group() {
        let text = "Maintainers: a\n\nTags: 1-linux, linux\nSharedTags: 1, latest\n\nTags: 1-windows\nSharedTags: 1, latest\n";
        let tags = read_tags(text).expect("groups can be numbered");
        let together = |a: &str, b: &str| tags[a].group == tags[b].group;
        assert!(together("1", "latest") && together("1-linux", "linux"));
        assert!(!together("1", "1-linux") && !together("1-windows", "1-linux"));
    }

    #[test]
    fn a_tag_that_comes_back_is_not_retired() {
        let tags = |text: &str| {
            read_tags(&format!("Maintainers: a\n\nTags: {text}\n")).expect("groups can be numbered")
        };
        let day = |month| Date { year: 2020, month, day: 1 };
        let mut image = Image::default();
        replace(&mut image, tags("1, 2"), day(1));
        replace(&mut image, tags("2"), day(2));
        assert_eq!(image.retired.get("1"), Some(&Month { year: 2020, month: 2 }));
        replace(&mut image, tags("1, 3"), day(3));
        assert_eq!(image.retired.keys().collect::<Vec<_>>(), ["2"]);
    }
}
