//! A project's folder: the paths in it, and a way to read one.
//!
//! Paths are relative to the folder, with `/` on every system. Reading is lazy: a kind of project reads the few files
//! that tell about it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Refusal;

/// Reads a file by its path in the project; `None` if it cannot be read, is no text, or is too long.
pub type Read<'a> = dyn Fn(&str) -> Option<String> + 'a;

pub struct Project<'a> {
    /// The name of the folder.
    name: String,
    paths: BTreeSet<String>,
    read: &'a Read<'a>,
}

impl<'a> Project<'a> {
    pub fn new(name: &str, paths: impl IntoIterator<Item = String>, read: &'a Read<'a>) -> Project<'a> {
        Project { name: name.to_owned(), paths: paths.into_iter().collect(), read }
    }

    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    pub fn has(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// The first of `candidates` that is there.
    pub fn first<'c>(&self, candidates: &[&'c str]) -> Option<&'c str> {
        candidates.iter().copied().find(|it| self.has(it))
    }

    /// Whether there is something below the folder `path`.
    pub fn has_folder(&self, path: &str) -> bool {
        let start = format!("{path}/");
        self.paths.range(start.clone()..).next().is_some_and(|it| it.starts_with(&start))
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    /// The names directly in the folder.
    pub fn top(&self) -> impl Iterator<Item = &str> {
        self.paths().filter(|it| !it.contains('/'))
    }

    /// Paths with the ending `.{ending}` in at most `depth` folders.
    pub fn with_ending<'s>(&'s self, ending: &'s str, depth: usize) -> impl Iterator<Item = &'s str> {
        let has_it = move |path: &&str| path.strip_suffix(ending).is_some_and(|rest| rest.ends_with('.'));
        self.paths().filter(has_it).filter(move |path| path.matches('/').count() <= depth)
    }

    /// The text of a file; empty if there is none.
    pub fn text(&self, path: &str) -> String {
        if self.has(path) { (self.read)(path).unwrap_or_default() } else { String::new() }
    }

    /// A JSON file; `Null` if there is none. A broken one is for the user to mend.
    pub fn json(&self, path: &str) -> Result<Value, Refusal> {
        if !self.has(path) {
            return Ok(Value::Null);
        }
        let text = (self.read)(path).ok_or_else(|| Refusal(format!("`{path}` cannot be read")))?;
        serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
            Refusal(format!("`{path}` is no valid JSON (line {}): mend it first", error.line()))
        })
    }

    /// As [`Project::json`], for TOML.
    pub fn toml(&self, path: &str) -> Result<toml::Table, Refusal> {
        if !self.has(path) {
            return Ok(toml::Table::new());
        }
        let text = (self.read)(path).ok_or_else(|| Refusal(format!("`{path}` cannot be read")))?;
        text.parse().map_err(|error: toml::de::Error| {
            let before = error.span().and_then(|it| text.get(..it.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            Refusal(format!("`{path}` is no valid TOML (line {line}): mend it first"))
        })
    }

    /// The folder's name as an image may be called.
    pub fn image_name(&self) -> String {
        let letters = self.name.to_lowercase();
        let kept: String =
            letters.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '-' }).collect();
        let words: Vec<&str> = kept.split('-').filter(|it| !it.is_empty()).collect();
        if words.is_empty() { "app".to_owned() } else { words.join("-") }
    }

    /// The name of the folder.
    pub fn name(&self) -> &str {
        &self.name
    }
}
