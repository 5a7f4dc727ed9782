//! Small searches in source files: enough to find a name or a number, no more.

/// What stands in the first quotes behind `mark`, in the same line.
pub fn quoted_after<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    let line = text.split_once(mark)?.1.lines().next()?;
    quoted(line)
}

/// What stands in the first quotes of `line`.
pub fn quoted(line: &str) -> Option<&str> {
    let start = line.find(['"', '\''])?;
    let quote = line[start..].chars().next()?;
    let rest = &line[start + 1..];
    rest.split_once(quote).map(|(inside, _)| inside)
}

/// The first number of `text`.
pub fn number(text: &str) -> Option<u64> {
    let start = text.find(|it: char| it.is_ascii_digit())?;
    let rest = &text[start..];
    let end = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

/// The name that `line` assigns, if it calls `call` on the right: `app` in `app = Flask(__name__)`.
pub fn assigned<'t>(text: &'t str, call: &str) -> Option<&'t str> {
    text.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        let value = value.trim_start();
        let called = value.split('(').next()?.rsplit('.').next()?;
        let name = name.split(':').next().unwrap_or(name).trim_end();
        let is_name = !name.is_empty() && name.chars().all(|it| it.is_alphanumeric() || it == '_');
        (called == call && value.contains('(') && is_name).then_some(name)
    })
}

/// The text without what is behind `//` or `#` in a line.
pub fn without_comments(text: &str, mark: &str) -> String {
    let kept = text.lines().map(|line| match line.find(mark) {
        // `https://` is no comment.
        Some(at) if !line[..at].ends_with(':') => &line[..at],
        _ => line,
    });
    kept.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_found() {
        assert_eq!(quoted_after("a\nruby \"3.4\"\n", "ruby "), Some("3.4"));
        assert_eq!(quoted_after("ruby\n'x'", "ruby"), None);
        assert_eq!(number("go1.23"), Some(1));
        assert_eq!(assigned("x\napp = flask.Flask(__name__)", "Flask"), Some("app"));
        assert_eq!(assigned("api: FastAPI = FastAPI()", "FastAPI"), Some("api"));
        assert_eq!(assigned("    app = Flask(x)", "Flask"), None);
        assert_eq!(without_comments("a // b\nhttps://c", "//"), "a \nhttps://c");
    }
}
