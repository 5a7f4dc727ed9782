//! One pattern of a `.dockerignore`, of `COPY --exclude` or of `COPY --parents`, as Docker matches it.
//!
//! Docker turns a pattern into a regular expression and takes short cuts where it can
//! (<https://github.com/moby/patternmatcher>). Both show: a pattern that needs the expression treats `|`, `{2}`, `^` and
//! `\d` as the expression's own signs, a pattern that does not takes them literally. This file keeps these quirks,
//! because what counts is what the build will do.

use super::regex::{Regex, RegexError};

/// A checked pattern without its `!`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathPattern {
    /// As Docker cleaned it.
    text: String,
    matcher: Matcher,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Matcher {
    Exact,
    /// `text` without its last two stars is the start of the path.
    Prefix,
    /// `text` without its first two stars is the end of the path.
    Suffix,
    Regex(Regex),
}

/// Why Docker refuses a pattern; a refused pattern stops the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatternError {
    /// `!` with nothing after it.
    EmptyException,
    /// An unclosed or empty `[`, a range without an end, a `\` before nothing.
    Syntax,
    /// Fine as a wildcard, wrong as the regular expression Docker makes of it (`src\packages`: `\p` starts a class).
    Expression,
    /// Repeats so much (`{1000}`) that it is not tried here. Docker may take it.
    TooComplex,
    /// A line longer than 64 kB, which Docker's reader does not take.
    LineTooLong,
}

impl PathPattern {
    /// `text` must be cleaned and without `!`; `budget` bounds the memory of all patterns together, in steps.
    pub(super) fn new(text: &str, budget: &mut usize) -> Result<PathPattern, PatternError> {
        if !super::glob::is_valid(text) {
            return Err(PatternError::Syntax);
        }
        let matcher = match translate(text) {
            Translation::Exact => Matcher::Exact,
            Translation::Prefix => Matcher::Prefix,
            Translation::Suffix => Matcher::Suffix,
            Translation::Regex(source) => {
                Matcher::Regex(Regex::new(&source, budget).map_err(|it| match it {
                    RegexError::Syntax => PatternError::Expression,
                    RegexError::TooLarge => PatternError::TooComplex,
                })?)
            }
        };
        Ok(PathPattern { text: text.to_owned(), matcher })
    }

    /// Whether the whole of `path` (slash-separated, cleaned) matches. What lies below a match is the caller's matter.
    pub fn matches(&self, path: &str) -> bool {
        match &self.matcher {
            Matcher::Exact => path == self.text,
            Matcher::Prefix => self.text.strip_suffix("**").is_some_and(|start| path.starts_with(start)),
            Matcher::Suffix => self.text.strip_prefix("**").is_some_and(|end| {
                // `**/foo` is also `foo` itself.
                path.ends_with(end) || end.strip_prefix('/') == Some(path)
            }),
            Matcher::Regex(regex) => regex.is_match(path),
        }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The one path this stands for, where nothing in it is a wildcard.
    pub(super) fn literal_start(&self) -> Option<&str> {
        let start = self.text.strip_suffix("/**").unwrap_or(&self.text);
        let start = start.strip_suffix("/*").unwrap_or(start);
        (!start.contains(['*', '[', ']', '?', '^', '\\'])).then_some(start)
    }
}

/// What Docker makes of a pattern.
#[derive(Debug, PartialEq, Eq)]
enum Translation {
    Exact,
    Prefix,
    Suffix,
    Regex(String),
}

fn translate(pattern: &str) -> Translation {
    let mut kind = Translation::Exact;
    let mut source = String::from("^");
    let mut rest = pattern.chars().peekable();
    let mut is_first = true;
    let needs_regex = || Translation::Regex(String::new());
    while let Some(it) = rest.next() {
        match it {
            '*' if rest.next_if_eq(&'*').is_some() => {
                // `**/` is `**`.
                rest.next_if_eq(&'/');
                if rest.peek().is_some() {
                    source.push_str("(.*/)?");
                    kind = needs_regex();
                } else if kind == Translation::Exact {
                    kind = Translation::Prefix;
                } else {
                    source.push_str(".*");
                    kind = needs_regex();
                }
                if is_first {
                    kind = Translation::Suffix;
                }
            }
            '*' => {
                source.push_str("[^/]*");
                kind = needs_regex();
            }
            '?' => {
                source.push_str("[^/]");
                kind = needs_regex();
            }
            // Docker means to escape `|`, `{` and `}` too, but its table has room for the first 64 characters only.
            '.' | '+' | '(' | ')' | '$' => source.extend(['\\', it]),
            '\\' => {
                source.push('\\');
                source.extend(rest.next());
                kind = needs_regex();
            }
            _ => {
                source.push(it);
                if matches!(it, '[' | ']') {
                    kind = needs_regex();
                }
            }
        }
        is_first = false;
    }
    source.push('$');
    if matches!(kind, Translation::Regex(_)) { Translation::Regex(source) } else { kind }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> Result<bool, PatternError> {
        PathPattern::new(pattern, &mut 10_000).map(|it| it.matches(path))
    }

    #[test]
    fn translates_as_docker_does() {
        let regex = |source: &str| Translation::Regex(source.to_owned());
        let cases = [
            ("*", regex("^[^/]*$")),
            ("file*", regex("^file[^/]*$")),
            ("a*/b", regex("^a[^/]*/b$")),
            ("**", Translation::Suffix),
            ("**/**", regex("^(.*/)?.*$")),
            ("dir/**", Translation::Prefix),
            ("**/dir", Translation::Suffix),
            ("**file", Translation::Suffix),
            ("**/dir2/*", regex("^(.*/)?dir2/[^/]*$")),
            ("**/file*txt", regex("^(.*/)?file[^/]*txt$")),
            ("a[b-d]e", regex("^a[b-d]e$")),
            (".*", regex("^\\.[^/]*$")),
            ("abc.def", Translation::Exact),
            ("a|b", Translation::Exact),
            ("a|b*", regex("^a|b[^/]*$")),
            ("a\\*b", regex("^a\\*b$")),
            ("a/**/b", regex("^a/(.*/)?b$")),
        ];
        for (pattern, expected) in cases {
            assert_eq!(translate(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn matches_as_docker_does() {
        let cases = [
            ("**", "file", true),
            ("**", "dir/file", true),
            ("**/**", "dir/file", true),
            ("dir/**", "dir/file", true),
            ("dir/**", "dir/dir2/file", true),
            ("dir/**", "dir", false),
            ("**/dir", "dir", true),
            ("**/dir", "dir/file", false),
            ("**/dir2/*", "dir/dir2/file", true),
            ("**/dir2/**", "dir/dir2/dir3/file", true),
            ("**file", "file", true),
            ("**file", "dir/dir/file", true),
            ("**/file", "dir/file", true),
            ("**/file*.txt*", "dir/dir/file.txt", true),
            ("**/**/*.txt2", "dir/dir/file.txt", false),
            ("**/*.txt", "file.txt", true),
            ("a**/*.txt", "a/dir/dir/file.txt", true),
            ("a/*.txt", "a/dir/file.txt", false),
            ("a/*.txt**", "a/file.txt", true),
            ("a[b-d]e", "ae", false),
            ("a[^b-d]e", "aze", true),
            ("abc.def", "abcZdef", false),
            ("abc?def", "abcZdef", true),
            ("**/foo/bar", "dir/dir2/foo/bar", true),
            ("**/.foo", "bar.foo", false),
            ("a(b)c/def", "a(b)c/def", true),
            ("a.|)$(}+{bc", "a.|)$(}+{bc", true),
            ("*.whl", "x+g08acad9-py3.whl", true),
        ];
        for (pattern, path, expected) in cases {
            assert_eq!(matches(pattern, path), Ok(expected), "{pattern} on {path}");
        }
    }

    #[test]
    fn dockers_quirks_are_kept() {
        // Braces do not expand, and a Windows path is read as escapes.
        assert_eq!(matches("*.{js,ts}", "a.js"), Ok(false));
        assert_eq!(matches("*.{js,ts}", "a.{js,ts}"), Ok(true));
        assert_eq!(matches("bin\\Debug", "bin/Debug"), Ok(false));
        assert_eq!(matches("bin\\Debug", "bin-ebug"), Ok(true));
        assert_eq!(matches("src\\packages", ""), Err(PatternError::Expression));
        // A star inside a class becomes a class inside a class.
        assert_eq!(matches("[*]x", "*x"), Ok(false));
        assert_eq!(matches("[*]x", "/]x"), Ok(true));
        assert_eq!(matches("**b*", "ab"), Ok(false));
    }

    #[test]
    fn wrong_patterns_are_refused() {
        for pattern in ["[", "a[", "[]a]", "[x-]", "[-x]", "\\", "[a-b-c]", "[^"] {
            assert_eq!(matches(pattern, ""), Err(PatternError::Syntax), "{pattern}");
        }
        assert_eq!(matches("*{2}", ""), Err(PatternError::Expression));
        assert_eq!(matches(&"a{1000}*".repeat(20), ""), Err(PatternError::TooComplex));
    }
}
