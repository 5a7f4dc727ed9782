//! Well-known keys of `LABEL`.
//!
//! The `org.opencontainers.image` keys are those of
//! <https://github.com/opencontainers/image-spec/blob/main/annotations.md>.

/// A key that tools read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelDoc {
    pub key: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// A usual value.
    pub example: &'static str,
}

/// The instruction that took the place of `MAINTAINER`, for the text of one: as written, or in double quotes.
pub fn authors_label(maintainer: &str, escape: char) -> String {
    let bare = maintainer.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(maintainer);
    let mut label = String::from("LABEL org.opencontainers.image.authors=\"");
    for c in bare.chars() {
        if c == '"' || c == '$' || c == escape {
            label.push(escape);
        }
        label.push(c);
    }
    label + "\""
}

/// The page of the standard keys.
pub const LABELS_URL: &str = "https://github.com/opencontainers/image-spec/blob/main/annotations.md";

const fn label(key: &'static str, example: &'static str, summary: &'static str) -> LabelDoc {
    LabelDoc { key, summary, example }
}

/// The keys, in the order to offer them.
pub static LABELS: &[LabelDoc] = &[
    label("org.opencontainers.image.title", "My app", "The name of the image for people."),
    label("org.opencontainers.image.description", "What it does", "What is in the image, in a sentence."),
    label(
        "org.opencontainers.image.source",
        "https://github.com/me/app",
        "Where the source is; GitHub ties the image to the repository by it.",
    ),
    label("org.opencontainers.image.version", "1.2.3", "The version of the program inside."),
    label("org.opencontainers.image.revision", "a1b2c3d", "The commit that it was built from."),
    label("org.opencontainers.image.licenses", "MIT", "The licences, as an SPDX expression."),
    label(
        "org.opencontainers.image.authors",
        "Ada <ada@example.com>",
        "Whom to ask; takes the place of `MAINTAINER`.",
    ),
    label("org.opencontainers.image.url", "https://example.com", "A page about the image."),
    label("org.opencontainers.image.documentation", "https://example.com/docs", "Where the manual is."),
    label("org.opencontainers.image.vendor", "Example Inc.", "Who gives the image out."),
    label("org.opencontainers.image.created", "2026-11-21T10:00:00Z", "When it was built, as in RFC 3339."),
    label("org.opencontainers.image.ref.name", "1.2-slim", "The tag or name that the image is for."),
    label(
        "org.opencontainers.image.base.name",
        "docker.io/library/debian:13",
        "The image that it is built on.",
    ),
    label("org.opencontainers.image.base.digest", "sha256:…", "The digest of the image that it is built on."),
    label("maintainer", "ada@example.com", "Whom to ask, in the older way."),
];

/// The key `name`.
pub fn label_named(name: &str) -> Option<&'static LabelDoc> {
    LABELS.iter().find(|it| it.key == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_is_documented_once() {
        for it in LABELS {
            assert!(it.summary.ends_with('.') && !it.example.is_empty(), "{}", it.key);
            assert_eq!(LABELS.iter().filter(|other| other.key == it.key).count(), 1, "{}", it.key);
        }
        assert!(label_named("maintainer").is_some());
    }
}
