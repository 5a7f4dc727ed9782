//! What comes from a registry is somebody else's text: only what has the right form passes.

use smol_str::SmolStr;

use crate::analysis::image::ImageReference;

const MAX_NAME: usize = 255;

/// A tag by Docker's grammar; `None` for control characters, Markdown and the like.
pub fn tag(text: &str) -> Option<SmolStr> {
    let is_word = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.' | b'-');
    let starts_well = !text.starts_with(['.', '-']);
    (starts_well && (1..=128).contains(&text.len()) && text.bytes().all(|it| is_word(&it)))
        .then(|| text.into())
}

/// `sha256:…`
pub fn digest(text: String) -> Option<String> {
    is_digest(&text).then_some(text)
}

pub fn is_digest(text: &str) -> bool {
    let Some((algorithm, value)) = text.split_once(':') else { return false };
    let is_algorithm = matches!((algorithm, value.len()), ("sha256", 64) | ("sha384", 96) | ("sha512", 128));
    let is_value = value.bytes().all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it));
    is_algorithm && is_value
}

/// The name of a repository of Docker Hub as one writes it in `FROM`.
pub fn repository(text: &str) -> Option<String> {
    let reference = ImageReference::parse(text.strip_prefix("library/").unwrap_or(text));
    let is_name = text.len() <= MAX_NAME && reference.is_resolved() && reference.tag().is_absent();
    is_name.then(|| reference.familiar_name()).flatten()
}

/// At most `max` bytes of one line.
pub fn text(text: &str, max: usize) -> String {
    let mut end = text.len().min(max);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].chars().map(|it| if it.is_control() { ' ' } else { it }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_the_right_form_passes() {
        assert_eq!(tag("3.14-slim").as_deref(), Some("3.14-slim"));
        for text in ["", "a b", "a\u{1b}[31m", "[x](y)", ".a", "é", &"a".repeat(129)] {
            assert_eq!(tag(text), None, "{text}");
        }
        assert!(digest(format!("sha256:{}", "a".repeat(64))).is_some());
        assert!(digest(format!("sha256:{}", "A".repeat(64))).is_none());
        assert_eq!(repository("library/python").as_deref(), Some("python"));
        assert_eq!(repository("bitnami/redis").as_deref(), Some("bitnami/redis"));
        assert_eq!((repository("a b"), repository("a:1"), repository("$X")), (None, None, None));
        assert_eq!(text("a\nbé", 3), "a b");
    }
}
