//! Wildcards as Go's `filepath.Match` reads them: `*`, `?`, `[a-z]`, `[^a-z]` and `\` before a character to take literally.
//!
//! `COPY` and `ADD` match their sources with it, one whole path at a time
//! (<https://docs.docker.com/reference/dockerfile/#copy>, <https://pkg.go.dev/path/filepath#Match>). There is no `**`
//! here: two stars are one. `COPY --parents` and `--exclude` go through [`super::pattern`] instead, which knows `**`.
//!
//! Time grows with (pattern length × path length) at worst: only the last `*` is ever retried.

/// A checked pattern, ready to match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    chunks: Vec<Chunk>,
}

/// What stands between two stars.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Chunk {
    after_star: bool,
    tokens: Vec<Token>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Literal(char),
    /// `?`: any character but `/`.
    Any,
    /// `[…]`: may match `/`, as in Go.
    Class {
        is_negated: bool,
        ranges: Vec<(char, char)>,
    },
}

/// Whether Go would refuse the pattern: an unclosed or empty `[`, a wrong range, a `\` at the end.
pub fn is_valid(pattern: &str) -> bool {
    Glob::new(pattern).is_some()
}

/// Whether BuildKit treats a `COPY` source as a pattern rather than as one path that must exist.
pub fn has_wildcards(source: &str) -> bool {
    let mut chars = source.chars();
    while let Some(it) = chars.next() {
        match it {
            '*' | '?' | '[' => return true,
            '\\' => drop(chars.next()),
            _ => {}
        }
    }
    false
}

/// Whether the `COPY`/`ADD` source `source` selects the context file or folder `path` itself (not what lies below it).
///
/// Both are slash-separated; leading `/` and `./` mean the context's root. Like BuildKit, a source without wildcards
/// is compared as it is, and a wrong pattern selects nothing.
pub fn source_selects(source: &str, path: &str) -> bool {
    let (Some(source), Some(path)) = (super::context_path(source), super::context_path(path)) else {
        return false;
    };
    if has_wildcards(&source) {
        Glob::new(&source).is_some_and(|it| it.matches(&path))
    } else {
        source == path
    }
}

impl Glob {
    /// `None` where Go says "syntax error in pattern".
    pub fn new(pattern: &str) -> Option<Glob> {
        let mut chunks = vec![Chunk { after_star: false, tokens: Vec::new() }];
        let mut rest = pattern.chars();
        while let Some(it) = rest.next() {
            let token = match it {
                '*' => {
                    // Several stars in a row are one.
                    chunks.pop_if(|it| it.after_star && it.tokens.is_empty());
                    chunks.push(Chunk { after_star: true, tokens: Vec::new() });
                    continue;
                }
                '?' => Token::Any,
                '[' => class(&mut rest)?,
                '\\' => Token::Literal(rest.next()?),
                _ => Token::Literal(it),
            };
            chunks.last_mut()?.tokens.push(token);
        }
        Some(Glob { chunks })
    }

    /// Whether the whole of `name` matches.
    pub fn matches(&self, name: &str) -> bool {
        let mut rest = name;
        for (index, chunk) in self.chunks.iter().enumerate() {
            let is_last = index + 1 == self.chunks.len();
            if chunk.after_star && is_last && chunk.tokens.is_empty() {
                return !rest.contains('/');
            }
            match chunk.find(rest, is_last) {
                Some(after) => rest = after,
                None => return false,
            }
        }
        rest.is_empty()
    }
}

impl Chunk {
    /// What is left of `name` after the first place this chunk fits; the last chunk must use up everything.
    fn find<'a>(&self, name: &'a str, is_last: bool) -> Option<&'a str> {
        let mut start = name;
        loop {
            if let Some(after) = self.strip_from(start)
                && (after.is_empty() || !is_last)
            {
                return Some(after);
            }
            let mut chars = start.chars();
            let is_skippable = self.after_star && chars.next().is_some_and(|it| it != '/');
            if !is_skippable {
                return None;
            }
            start = chars.as_str();
        }
    }

    fn strip_from<'a>(&self, name: &'a str) -> Option<&'a str> {
        let mut chars = name.chars();
        self.tokens
            .iter()
            .all(|token| chars.next().is_some_and(|it| token.accepts(it)))
            .then_some(chars.as_str())
    }
}

impl Token {
    fn accepts(&self, it: char) -> bool {
        match self {
            Token::Literal(literal) => *literal == it,
            Token::Any => it != '/',
            Token::Class { is_negated, ranges } => {
                ranges.iter().any(|(low, high)| (*low..=*high).contains(&it)) != *is_negated
            }
        }
    }
}

/// The rest of a class after its `[`.
fn class(rest: &mut std::str::Chars) -> Option<Token> {
    let is_negated = rest.as_str().starts_with('^');
    if is_negated {
        rest.next();
    }
    let mut ranges = Vec::new();
    loop {
        if !ranges.is_empty() && rest.as_str().starts_with(']') {
            rest.next();
            return Some(Token::Class { is_negated, ranges });
        }
        let low = class_char(rest)?;
        let mut high = low;
        if rest.as_str().starts_with('-') {
            rest.next();
            high = class_char(rest)?;
        }
        ranges.push((low, high));
    }
}

/// One end of a range: never a bare `-` or `]`.
fn class_char(rest: &mut std::str::Chars) -> Option<char> {
    match rest.next()? {
        '-' | ']' => None,
        '\\' => rest.next(),
        it => Some(it),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, name: &str) -> Option<bool> {
        Glob::new(pattern).map(|it| it.matches(name))
    }

    #[test]
    fn agrees_with_go_on_its_own_examples() {
        let cases = [
            ("abc", "abc", true),
            ("*", "abc", true),
            ("*c", "abc", true),
            ("a*", "a", true),
            ("a*", "ab/c", false),
            ("a*/b", "abc/b", true),
            ("a*/b", "a/c/b", false),
            ("a*b*c*d*e*/f", "axbxcxdxe/f", true),
            ("a*b*c*d*e*/f", "axbxcxdxexxx/f", true),
            ("a*b*c*d*e*/f", "axbxcxdxe/xxx/f", false),
            ("a*b?c*x", "abxbbxdbxebxczzx", true),
            ("a*b?c*x", "abxbbxdbxebxczzy", false),
            ("ab[c]", "abc", true),
            ("ab[e-g]", "abc", false),
            ("ab[^e-g]", "abc", true),
            ("a\\*b", "a*b", true),
            ("a\\*b", "ab", false),
            ("a?b", "a☺b", true),
            ("a[^a]b", "a☺b", true),
            ("a???b", "a☺b", false),
            ("[a-ζ]*", "α", true),
            ("*[a-ζ]", "A", false),
            ("a?b", "a/b", false),
            ("[\\]a]", "]", true),
            ("[\\-x]", "-", true),
            ("*x", "xxx", true),
            ("**", "a/b", false),
            ("a**b", "axxb", true),
        ];
        for (pattern, name, expected) in cases {
            assert_eq!(matches(pattern, name), Some(expected), "{pattern} on {name}");
        }
    }

    #[test]
    fn refuses_what_go_refuses() {
        for pattern in
            ["[]a]", "[-]", "[x-]", "[-x]", "\\", "[a-b-c]", "[", "[^", "[^bc", "a[", "*[", "a\\", "[]", "[a"]
        {
            assert!(!is_valid(pattern), "{pattern}");
        }
    }

    #[test]
    fn a_source_selects_paths_from_the_root_of_the_context() {
        assert!(source_selects("./package*.json", "package-lock.json"));
        assert!(source_selects("/src/", "src"));
        assert!(source_selects("src/[ab].c", "src/a.c"));
        assert!(!source_selects("*.c", "src/a.c"));
        assert!(source_selects("../*.c", "a.c"));
        assert!(!source_selects("**/*.c", "src/deep/a.c"));
    }

    #[test]
    fn escaped_wildcards_are_no_wildcards() {
        assert!(has_wildcards("a*"));
        assert!(!has_wildcards("a\\*"));
        assert!(has_wildcards("a\\\\*"));
    }

    #[test]
    fn many_stars_do_not_explode() {
        let pattern = "*a".repeat(500) + "b";
        assert_eq!(matches(&pattern, &"a".repeat(5000)), Some(false));
    }
}
