//! The digest of an image, in little room: a list of tags holds thousands.

use std::fmt;

/// `sha256:…`, or a digest by another algorithm; whatever text it was made from is what it shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Digest(Form);

#[derive(Clone, PartialEq, Eq)]
enum Form {
    /// The usual ones: half as long as their text, and nothing of their own to allocate.
    Sha256([u8; 32]),
    Other(Box<str>),
}

impl From<&str> for Digest {
    fn from(text: &str) -> Digest {
        let usual = text.strip_prefix("sha256:").and_then(bytes);
        Digest(usual.map_or_else(|| Form::Other(text.into()), Form::Sha256))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        match &self.0 {
            Form::Other(text) => formatter.write_str(text),
            Form::Sha256(bytes) => {
                let halves = bytes.iter().flat_map(|it| [it >> 4, it & 15]);
                let digits = halves.filter_map(|it| char::from_digit(it.into(), 16));
                formatter.write_str(&"sha256:".chars().chain(digits).collect::<String>())
            }
        }
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// From 64 digits in lower case.
fn bytes(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != bytes.len() || !rest.is_empty() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = value(*high)? << 4 | value(*low)?;
    }
    Some(bytes)
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back_as_it_was() {
        let usual = format!("sha256:{}", "09af".repeat(16));
        let upper = format!("sha256:{}", "09AF".repeat(16));
        let short = &usual[..usual.len() - 1];
        let longer = format!("sha512:{}", "0".repeat(128));
        for text in [&usual, &upper, short, &longer, "sha256:", "a", ""] {
            assert_eq!(Digest::from(text).to_string(), text);
        }
        assert!(matches!(Digest::from(usual.as_str()).0, Form::Sha256(_)));
        assert_ne!(Digest::from(usual.as_str()), Digest::from(upper.as_str()));
    }
}
