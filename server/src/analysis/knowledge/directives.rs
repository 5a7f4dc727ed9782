//! Parser directives: comments at the very top of the file that change how it is read.
//!
//! <https://docs.docker.com/reference/dockerfile/#parser-directives>. They count only before the
//! first other comment, blank line or instruction; each may be given once, and the key in any case.

use super::{Choice, FrontendVersion, ValueKind};

/// One parser directive, or one key of `check=`.
#[derive(Debug)]
pub struct DirectiveDoc {
    /// Before the `=`, lower case.
    pub name: &'static str,
    pub value: ValueKind,
    pub default: &'static str,
    pub since: Option<FrontendVersion>,
    /// One sentence.
    pub summary: &'static str,
    /// Markdown.
    pub details: &'static str,
    /// A line that uses it.
    pub example: &'static str,
    pub url: &'static str,
}

/// The directives.
pub static DIRECTIVES: &[DirectiveDoc] = &[
    DirectiveDoc {
        name: "syntax",
        value: ValueKind::Image,
        default: "the version built into the builder",
        since: None,
        summary: "Chooses the version of the Dockerfile language, as an image that the builder fetches.",
        details: "\
`docker/dockerfile:1` is always the newest stable version: new features work with an old Docker, and everybody builds \
with the same rules. `docker/dockerfile:1.20` fixes it; `docker/dockerfile:1-labs` has features that are not settled. The \
image is fetched from the registry, so this line needs the network once.",
        example: "# syntax=docker/dockerfile:1",
        url: reference!("#syntax"),
    },
    DirectiveDoc {
        name: "escape",
        value: ValueKind::OneOf(ESCAPES),
        default: "\\",
        since: None,
        summary: "Chooses the character that continues a line and takes away a special meaning.",
        details: "\
For Windows images: there `\\` separates folders, so a line that ends with `C:\\` would be glued to the next one. With \
`` escape=` `` both work as meant.",
        example: "# escape=`",
        url: reference!("#escape"),
    },
    DirectiveDoc {
        name: "check",
        value: ValueKind::Text,
        default: "all checks that are not experimental, as warnings",
        since: Some(FrontendVersion::one(8)),
        summary: "Configures BuildKit's build checks for this file.",
        details: "\
Several settings are separated by `;`: `# check=skip=JSONArgsRecommended;error=true`. Names of checks are written as \
BuildKit writes them, and in the right case. `docker build --check .` runs the checks without building.",
        example: "# check=skip=JSONArgsRecommended;error=true",
        url: reference!("#check"),
    },
];

static ESCAPES: &[Choice] = &[
    Choice { value: "\\", doc: "The backslash, as usual." },
    Choice { value: "`", doc: "The backtick, for Windows images." },
];

/// The settings in the value of `check=`.
pub static CHECK_OPTIONS: &[DirectiveDoc] = &[
    DirectiveDoc {
        name: "skip",
        value: ValueKind::Checks,
        default: "none",
        since: Some(FrontendVersion::one(8)),
        summary: "Switches checks off: names separated by commas, or `all`.",
        details: "Better than `all` is to name the one that does not fit, and to say why in a comment.",
        example: "# check=skip=JSONArgsRecommended,StageNameCasing",
        url: reference!("#check"),
    },
    DirectiveDoc {
        name: "error",
        value: ValueKind::Bool,
        default: "false",
        since: Some(FrontendVersion::one(8)),
        summary: "Makes the build fail when a check finds something.",
        details: "Fix the version in `# syntax=` as well: a later one may have new checks, and then the build fails by itself.",
        example: "# check=error=true",
        url: reference!("#check"),
    },
    DirectiveDoc {
        name: "experimental",
        value: ValueKind::Checks,
        default: "none",
        since: Some(FrontendVersion::one(10)),
        summary: "Switches experimental checks on: names separated by commas, or `all`.",
        details: "Experimental checks are off by default, because they may still change.",
        example: "# check=experimental=all",
        url: "https://docs.docker.com/build/checks/#experimental-checks",
    },
];

/// The directive called `name`, in any case.
pub fn directive(name: &str) -> Option<&'static DirectiveDoc> {
    DIRECTIVES.iter().find(|it| it.name.eq_ignore_ascii_case(name))
}

/// The setting of `check=` called `name`.
pub fn check_option(name: &str) -> Option<&'static DirectiveDoc> {
    CHECK_OPTIONS.iter().find(|it| it.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_directive_is_documented_and_shown() {
        for it in DIRECTIVES {
            assert!(it.example.starts_with(&format!("# {}=", it.name)), "{}", it.name);
        }
        for it in CHECK_OPTIONS {
            assert!(it.example.starts_with(&format!("# check={}=", it.name)), "{}", it.name);
        }
        for it in DIRECTIVES.iter().chain(CHECK_OPTIONS) {
            assert!(it.summary.ends_with('.') && it.details.ends_with('.'), "{}", it.name);
            assert!(it.url.starts_with("https://docs.docker.com/"), "{}", it.name);
        }
    }

    #[test]
    fn directives_are_found_in_any_case() {
        assert_eq!(directive("Syntax").map(|it| it.name), Some("syntax"));
        assert!(directive("synatx").is_none());
        assert!(check_option("skip").is_some());
    }
}
