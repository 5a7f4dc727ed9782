//! Lexical shortening of slash-separated paths, as Go's `filepath.Clean` does on Linux.
//!
//! Docker cleans every `.dockerignore` pattern and every `COPY` source with it
//! (<https://pkg.go.dev/path/filepath#Clean>), so `./a//b/../c/` and `a/c` mean the same.

/// The shortest spelling of `path`: no `.`, no empty parts, no `..` that can be resolved, no trailing slash.
/// An empty path becomes `.`; a leading slash stays.
pub fn clean(path: &str) -> String {
    let is_rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|it| *it != "..") => drop(parts.pop()),
            ".." if is_rooted => {}
            _ => parts.push(part),
        }
    }
    match (is_rooted, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// `path` as BuildKit names a file of the build context: cleaned, from the context's root, without a leading slash.
/// `None` for the context itself. `..` cannot leave the context: `COPY ../a .` looks for `a`.
pub fn context_path(path: &str) -> Option<String> {
    let rooted = clean(&format!("/{path}"));
    rooted.strip_prefix('/').filter(|it| !it.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortens_like_go() {
        let cases = [
            ("", "."),
            ("abc", "abc"),
            ("abc/", "abc"),
            ("./a//b/", "a/b"),
            ("a/../b", "b"),
            ("a/b/../..", "."),
            ("../a", "../a"),
            ("../../a", "../../a"),
            ("a/../../b", "../b"),
            ("/", "/"),
            ("//a", "/a"),
            ("/../a", "/a"),
            ("/a/..", "/"),
        ];
        for (path, expected) in cases {
            assert_eq!(clean(path), expected, "{path}");
        }
    }

    #[test]
    fn context_paths_start_at_the_root_of_the_context() {
        assert_eq!(context_path("./src/"), Some("src".to_owned()));
        assert_eq!(context_path("/src"), Some("src".to_owned()));
        assert_eq!(context_path("."), None);
        assert_eq!(context_path("/"), None);
        assert_eq!(context_path("../src"), Some("src".to_owned()));
        assert_eq!(context_path(".."), None);
    }
}
