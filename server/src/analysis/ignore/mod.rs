//! `.dockerignore`: which files of the build context Docker leaves out.
//!
//! The rules are Docker's own, quirks included: reading as `moby/patternmatcher/ignorefile` does, matching as BuildKit's
//! file transfer does (<https://docs.docker.com/build/concepts/context/#dockerignore-files>). It is not `.gitignore`:
//! patterns start at the context's root, a trailing `/` means nothing, a `#` starts a comment only as the first
//! character of a line, and a folder that is left out can still hold files that an exception (`!`) brings back.
//!
//! Paths are text here; nothing looks at a disk. They follow the rules of Linux and macOS (`\` escapes).

mod clean;
pub mod glob;
mod pattern;
mod regex;

use text_size::{TextRange, TextSize};

pub use clean::{clean, context_path};
pub use pattern::{PathPattern, PatternError};

/// Docker's reader takes lines up to this length, in bytes.
const MAX_LINE: usize = 64 * 1024;

/// No file has a longer path on Linux; longer ones are not worth walking down.
const MAX_PATH: usize = 4096;

/// A read `.dockerignore`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ignore {
    /// The patterns Docker can use, in order.
    pub patterns: Vec<Pattern>,
    /// Each of these stops the build.
    pub errors: Vec<LineError>,
}

/// One line that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The pattern as written, with its `!`, without the white space around it; bytes into the file.
    pub range: TextRange,
    /// Written with `!`: brings back what earlier patterns left out.
    pub is_exception: bool,
    pattern: PathPattern,
}

/// One line that Docker refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineError {
    /// The pattern as written, without the white space around it; bytes into the file.
    pub range: TextRange,
    pub error: PatternError,
}

/// Which patterns apply to everything below a folder. The default is the context's root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inherited(Vec<bool>);

/// Reads the text of a `.dockerignore`. A wrong line is reported and skipped.
pub fn parse(text: &str) -> Ignore {
    let mut ignore = Ignore::default();
    // Normal patterns need a few steps a character; only `{1000}` needs more.
    let mut budget = text.len() * 4 + 100_000;
    for line in lines(text) {
        match read_line(text, line, &mut budget) {
            Some(Ok(pattern)) => ignore.patterns.push(pattern),
            Some(Err(error)) => ignore.errors.push(error),
            None => {}
        }
    }
    ignore
}

/// The patterns of `COPY --exclude`, which differ from a file's in that a leading `/` stays. Their ranges are empty.
pub fn from_excludes<'a>(excludes: impl IntoIterator<Item = &'a str>) -> Result<Ignore, PatternError> {
    let mut budget = 100_000;
    let mut ignore = Ignore::default();
    for exclude in excludes.into_iter().map(str::trim).filter(|it| !it.is_empty()) {
        ignore.patterns.push(read_pattern(&clean(exclude), TextRange::default(), &mut budget)?);
    }
    Ok(ignore)
}

impl Ignore {
    /// The pattern that leaves `path` out of the build context, or `None` if the build sees it.
    ///
    /// `path` is slash-separated from the context's root; a leading `/` or `./` and a trailing `/` do not matter.
    /// Files and folders are alike to Docker. A folder that is left out may still hold files that are not: see
    /// [`Ignore::may_hold_included`]. Time: folders on the way × patterns.
    pub fn is_excluded(&self, path: &str) -> Option<&Pattern> {
        let path = context_path(path).filter(|it| it.len() <= MAX_PATH)?;
        let mut inherited = Inherited::default();
        for (end, _) in path.match_indices('/') {
            inherited = self.enter(&path[..end], &inherited).1;
        }
        self.enter(&path, &inherited).0
    }

    /// [`Ignore::is_excluded`] for a walk from the top: takes what [`Ignore::enter`] gave for the folder that holds
    /// `path`, and gives the same for what lies below `path`, if it is a folder. `path` must be cleaned.
    // A pattern that was skipped for a folder is not tried on that folder again for its contents. This loses
    // exceptions such as `a/b`, `!a` for `a/b`, in BuildKit too (patternmatcher's MatchesUsingParentResults).
    pub fn enter(&self, path: &str, inherited: &Inherited) -> (Option<&Pattern>, Inherited) {
        let mut deciding: Option<&Pattern> = None;
        let mut below = vec![false; self.patterns.len()];
        for (index, pattern) in self.patterns.iter().enumerate() {
            let could_change = pattern.is_exception == deciding.is_some();
            let applies =
                inherited.0.get(index) == Some(&true) || could_change && pattern.pattern.matches(path);
            below[index] = applies;
            if applies {
                deciding = (!pattern.is_exception).then_some(pattern);
            }
        }
        (deciding, Inherited(below))
    }

    /// Whether a walk must look into the excluded folder `folder`, as an exception may bring back something inside.
    /// BuildKit skips the same folders.
    pub fn may_hold_included(&self, folder: &str) -> bool {
        let Some(folder) = context_path(folder) else { return true };
        let inside = format!("{folder}/");
        self.exceptions().any(|it| match it.pattern.literal_start() {
            Some(start) => format!("{start}/").starts_with(&inside),
            None => true,
        })
    }

    /// Whether any pattern starts with `!`. BuildKit's own check of `COPY` sources says nothing then.
    pub fn has_exceptions(&self) -> bool {
        self.exceptions().next().is_some()
    }

    fn exceptions(&self) -> impl Iterator<Item = &Pattern> {
        self.patterns.iter().filter(|it| it.is_exception)
    }
}

impl Pattern {
    /// As Docker cleaned it, without its `!`.
    pub fn text(&self) -> &str {
        self.pattern.text()
    }

    /// Whether this pattern alone matches `path` (cleaned, slash-separated), not what lies above it.
    pub fn matches(&self, path: &str) -> bool {
        self.pattern.matches(path)
    }
}

/// The ranges of the lines, without line ends and without a byte order mark at the start of the file.
fn lines(text: &str) -> impl Iterator<Item = TextRange> {
    let mut start = text.len() - text.trim_start_matches('\u{feff}').len();
    start = start.min('\u{feff}'.len_utf8());
    text[start..].split_inclusive('\n').map(move |line| {
        let range = range_at(start, line.len());
        start += line.len();
        range
    })
}

fn read_line(text: &str, line: TextRange, budget: &mut usize) -> Option<Result<Pattern, LineError>> {
    let content = &text[line];
    if content.starts_with('#') {
        return None;
    }
    let trimmed = content.trim();
    let before = content.len() - content.trim_start().len();
    let range = range_at(usize::from(line.start()) + before, trimmed.len());
    if trimmed.is_empty() {
        return None;
    }
    if content.len() >= MAX_LINE {
        return Some(Err(LineError { range, error: PatternError::LineTooLong }));
    }
    let pattern = read_pattern(&without_leading_slash(trimmed), range, budget);
    Some(pattern.map_err(|error| LineError { range, error }))
}

/// A line as the reader hands it on: cleaned, relative to the context's root, with its `!`.
fn without_leading_slash(line: &str) -> String {
    let (mark, pattern) = line.strip_prefix('!').map_or(("", line), |it| ("!", it.trim()));
    if pattern.is_empty() {
        return mark.to_owned();
    }
    let cleaned = clean(pattern);
    let relative = cleaned.strip_prefix('/').filter(|it| !it.is_empty()).unwrap_or(&cleaned);
    // The matcher cleans once more, now with the mark: `!/` becomes `!`, which it refuses.
    clean(&format!("{mark}{relative}"))
}

fn read_pattern(cleaned: &str, range: TextRange, budget: &mut usize) -> Result<Pattern, PatternError> {
    let (is_exception, text) = cleaned.strip_prefix('!').map_or((false, cleaned), |it| (true, it));
    if is_exception && text.is_empty() {
        return Err(PatternError::EmptyException);
    }
    Ok(Pattern { range, is_exception, pattern: PathPattern::new(text, budget)? })
}

fn range_at(start: usize, length: usize) -> TextRange {
    TextRange::at(TextSize::new(start as u32), TextSize::new(length as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, path: &str, expected: Option<&str>) {
        let ignore = parse(text);
        assert_eq!(ignore.errors, []);
        assert_eq!(ignore.is_excluded(path).map(|it| &text[it.range]), expected, "{path}");
    }

    #[test]
    fn the_last_pattern_that_matches_decides() {
        check("*.md\n!README.md\n", "CHANGES.md", Some("*.md"));
        check("*.md\n!README.md\n", "README.md", None);
        check("*.md\n!README*.md\nREADME-secret.md\n", "README-secret.md", Some("README-secret.md"));
        check("!README.md\n*.md\n", "README.md", Some("*.md"));
    }

    #[test]
    fn a_pattern_covers_what_is_below_it() {
        check("node_modules\n", "node_modules/a/b.js", Some("node_modules"));
        check("node_modules\n", "src/node_modules/a.js", None);
        check("**/node_modules\n", "src/node_modules/a.js", Some("**/node_modules"));
        check("*/temp*\n", "a/temporary/b/c", Some("*/temp*"));
        check("docs/\n!docs/README.md\n", "docs/README.md", None);
        check("docs/*\n!docs/README.md\n", "docs/other/x", Some("docs/*"));
        check("**\n!src\n", "src/main.rs", None);
        check("**\n!src\nsrc/main.rs\n", "src/main.rs", Some("src/main.rs"));
    }

    #[test]
    fn the_context_itself_stays() {
        check("*\n**\n.\n", ".", None);
        check("*\n", "/", None);
        check(".\n/\n", "a", None);
    }

    #[test]
    fn spelling_of_the_path_does_not_matter() {
        check("/a/./b/../c/\n", "a/c", Some("/a/./b/../c/"));
        check("a/c\n", "./a/c/", Some("a/c"));
        check("a/c\n", "/a//c", Some("a/c"));
        check("../a\n", "a", None);
        check("/../a\n", "a", Some("/../a"));
    }

    #[test]
    fn comments_start_in_the_first_column_only() {
        check("#a\n", "#a", None);
        check(" #a\n", "#a", Some("#a"));
        check("a # b\n", "a", None);
        check("\\#a\n", "#a", Some("\\#a"));
    }

    #[test]
    fn byte_order_mark_line_ends_and_white_space_are_no_part_of_a_pattern() {
        check("\u{feff}a\r\n \tb\u{a0} \r\n", "a", Some("a"));
        check("\u{feff}a\r\n \tb\u{a0} \r\n", "b", Some("b"));
        check("\u{feff}# a\n", "a", None);
        check("*\n! a \n", "a", None);
        check("a b\n", "a b", Some("a b"));
        check("a", "a", Some("a"));
    }

    #[test]
    fn two_marks_are_an_exception_for_a_name_with_a_mark() {
        check("*\n!!a\n", "!a", None);
        check("*\n!!a\n", "a", Some("*"));
    }

    #[test]
    fn an_exception_for_a_folder_does_not_reach_into_an_excluded_folder_inside_it() {
        check("a/b\n!a\n", "a/b", Some("a/b"));
        check("a/b\n!a\n", "a/b/c", Some("a/b"));
        check("a/b\n!a/**\n", "a/b/c", None);
    }

    #[test]
    fn a_pattern_skipped_for_a_folder_does_not_come_back_inside() {
        check("foo\n!foo/bar\nfo*\n", "foo/bar", None);
        check("foo\n!foo/bar\nfo*\n", "foo/baz", Some("foo"));
    }

    #[test]
    fn wrong_lines_are_reported_where_they_are() {
        let text = "ok\n  a[ \n!\n!/\nsrc\\packages\n";
        let ignore = parse(text);
        let found: Vec<_> = ignore.errors.iter().map(|it| (&text[it.range], it.error)).collect();
        assert_eq!(
            found,
            [
                ("a[", PatternError::Syntax),
                ("!", PatternError::EmptyException),
                ("!/", PatternError::EmptyException),
                ("src\\packages", PatternError::Expression),
            ]
        );
        assert_eq!(ignore.patterns.len(), 1);
    }

    #[test]
    fn a_line_too_long_for_docker_is_an_error() {
        let ignore = parse(&format!("{}\nb\n", "a".repeat(MAX_LINE)));
        assert_eq!(ignore.errors.first().map(|it| it.error), Some(PatternError::LineTooLong));
        assert!(ignore.is_excluded("b").is_some());
    }

    #[test]
    fn folders_without_exceptions_inside_can_be_skipped() {
        let ignore = parse("node_modules\ndist\n!dist/keep/**\n");
        assert!(ignore.has_exceptions());
        assert!(!ignore.may_hold_included("node_modules"));
        assert!(ignore.may_hold_included("dist"));
        assert!(ignore.may_hold_included("dist/keep"));
        assert!(!ignore.may_hold_included("dist/other"));
        assert!(parse("*\n!**/*.md\n").may_hold_included("anything"));
        assert!(!parse("*\n").has_exceptions());
    }

    #[test]
    fn a_walk_gives_the_same_answers() {
        let text = "a\n!a/b\na/b/c\n!**/keep\n**/*.o\n";
        let ignore = parse(text);
        let mut inherited = Inherited::default();
        for path in ["a", "a/b", "a/b/c", "a/b/c/keep", "a/b/c/keep/x.o"] {
            let (deciding, below) = ignore.enter(path, &inherited);
            assert_eq!(deciding, ignore.is_excluded(path), "{path}");
            inherited = below;
        }
    }

    #[test]
    fn excludes_of_copy_are_patterns_too() {
        let excludes = from_excludes(["*.md", "!README.md", ""]).expect("valid patterns");
        assert!(excludes.is_excluded("a.md").is_some());
        assert!(excludes.is_excluded("README.md").is_none());
        assert_eq!(from_excludes(["["]), Err(PatternError::Syntax));
    }

    proptest::proptest! {
        #[test]
        fn no_text_and_no_path_is_too_strange(text in "[-a-c!#/*?\\[\\]\\\\{}|^.,0-9 \n\u{e9}]{0,40}", path in "[-a-c/.\u{e9}]{0,12}") {
            let ignore = parse(&text);
            for range in ignore.patterns.iter().map(|it| it.range).chain(ignore.errors.iter().map(|it| it.range)) {
                proptest::prop_assert!(!text[range].is_empty());
            }
            ignore.is_excluded(&path);
            glob::source_selects(&text, &path);
        }
    }
}
