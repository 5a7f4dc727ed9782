//! The fixture for tests: a small file in, ranges and a cursor beside it.
//!
//! * `//- path` on a line of its own starts another file of the fixture (the first one is `Dockerfile`).
//! * `<|>` is the cursor (`$0` and `|` are the shell's own); it is taken out of the text.
//! * A line whose first mark is `^` names a range in the line above and what is expected there:
//!   `RUN cd /x` / `    ^^ cd-has-no-effect`. Such lines are taken out too. A leading `\^` marks one *character*.

use text_size::{TextRange, TextSize};

use crate::analysis::model::Model;
use crate::analysis::syntax::Dockerfile;

/// A parsed fixture.
pub struct Fixture {
    /// The Dockerfile, marks taken out.
    pub text: String,
    pub cursor: Option<TextSize>,
    /// (range in `text`, expected text).
    pub annotations: Vec<(TextRange, String)>,
    /// Further files: (path, content).
    pub files: Vec<(String, String)>,
}

impl Fixture {
    /// Takes `source` apart. Common indentation is *not* removed: write the text at column 0.
    pub fn new(source: &str) -> Self {
        let (main, files) = split_files(source);
        let mut fixture = Fixture { text: String::new(), cursor: None, annotations: Vec::new(), files };
        let mut line_start = 0;
        for line in main.split_inclusive('\n') {
            if line.trim_start().starts_with('^') {
                fixture.annotate(line, line_start);
            } else {
                line_start = fixture.text.len();
                fixture.push_line(line);
            }
        }
        fixture
    }

    /// The cursor; the fixture must have one.
    pub fn cursor(&self) -> TextSize {
        self.cursor.expect("the fixture has a cursor")
    }

    pub fn parse(&self) -> Dockerfile {
        Dockerfile::parse(self.text.as_str())
    }

    pub fn model(&self) -> Model {
        Model::new(&self.parse())
    }

    /// `found` in the notation of the annotations, for a readable comparison.
    pub fn render(&self, found: &[(TextRange, String)]) -> String {
        let mut out = String::new();
        for (range, text) in found {
            let slice = self.text.get(usize::from(range.start())..usize::from(range.end())).unwrap_or("?");
            out += &format!("{:?} {slice:?}: {text}\n", range);
        }
        out
    }

    fn push_line(&mut self, line: &str) {
        match line.split_once("<|>") {
            Some((before, after)) => {
                self.text.push_str(before);
                self.cursor = Some(TextSize::of(self.text.as_str()));
                self.text.push_str(after);
            }
            None => self.text.push_str(line),
        }
    }

    fn annotate(&mut self, line: &str, line_start: usize) {
        let line = line.trim_end_matches('\n');
        let from = line.find('^').expect("an annotation has a mark");
        let marks = line[from..].find(|c| c != '^').unwrap_or(line.len() - from);
        let range =
            TextRange::new(((line_start + from) as u32).into(), ((line_start + from + marks) as u32).into());
        self.annotations.push((range, line[from + marks..].trim().to_owned()));
    }
}

fn split_files(source: &str) -> (String, Vec<(String, String)>) {
    let mut main = String::new();
    let mut files: Vec<(String, String)> = Vec::new();
    for line in source.split_inclusive('\n') {
        if let Some(path) = line.strip_prefix("//- ") {
            files.push((path.trim().to_owned(), String::new()));
        } else {
            files.last_mut().map_or(&mut main, |file| &mut file.1).push_str(line);
        }
    }
    (main, files)
}

/// Asserts that `found` is exactly what the annotations of `fixture` expect, in any order.
pub fn assert_annotated(fixture: &Fixture, mut found: Vec<(TextRange, String)>) {
    let mut expected = fixture.annotations.clone();
    let key = |it: &(TextRange, String)| (it.0.start(), it.0.end(), it.1.clone());
    expected.sort_by_key(key);
    found.sort_by_key(key);
    assert_eq!(fixture.render(&found), fixture.render(&expected), "in\n{}", fixture.text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_out_of_the_text() {
        let fixture = Fixture::new("FROM a\n     ^ base\nRUN <|>b\n//- .dockerignore\nx\n");
        assert_eq!(fixture.text, "FROM a\nRUN b\n");
        assert_eq!(fixture.cursor(), 11.into());
        assert_eq!(fixture.annotations, [(TextRange::new(5.into(), 6.into()), "base".to_owned())]);
        assert_eq!(fixture.files, [(".dockerignore".to_owned(), "x\n".to_owned())]);
    }
}
