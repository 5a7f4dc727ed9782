//! A Dockerfile on the disk or on standard input, as text.

use std::fs::{File, Metadata};
use std::io::Read;
use std::path::Path;

/// Larger files (bytes) are not read: no Dockerfile is, and one slip in a path must not fill the memory.
pub const LARGEST: u64 = 16 << 20;

const BOM: char = '\u{feff}';

/// A text and what was on the disk beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Without the byte order mark.
    pub text: String,
    pub has_bom: bool,
    /// Some bytes were no UTF-8 and stand as U+FFFD here: this text must never be written back.
    pub is_lossy: bool,
}

impl Source {
    /// The bytes for the disk when the text is `text` now.
    pub fn encode(&self, text: &str) -> Vec<u8> {
        let mark = if self.has_bom { BOM.to_string() } else { String::new() };
        (mark + text).into_bytes()
    }
}

/// Reads a file; the error is the end of a sentence that begins with its name.
pub fn read(path: &Path) -> Result<Source, String> {
    let file = File::open(path).map_err(|error| reason(&error))?;
    let metadata = file.metadata().map_err(|error| reason(&error))?;
    check(&metadata)?;
    read_from(file)
}

/// Reads standard input.
pub fn read_stdin() -> Result<Source, String> {
    read_from(std::io::stdin().lock())
}

fn check(metadata: &Metadata) -> Result<(), String> {
    if metadata.is_dir() {
        return Err("is a folder".to_owned());
    }
    if metadata.len() > LARGEST {
        return Err(too_large());
    }
    Ok(())
}

fn read_from(reader: impl Read) -> Result<Source, String> {
    let mut bytes = Vec::new();
    reader.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| reason(&error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(too_large());
    }
    decode(bytes)
}

fn too_large() -> String {
    format!("is larger than {} MB, which no Dockerfile is; it was not read", LARGEST >> 20)
}

/// What went wrong, without the number of the system.
pub fn reason(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or_default().to_lowercase()
        }
    }
}

/// Bytes as text. Docker reads bytes and minds only what it has to understand, so an odd byte in a comment is
/// no reason to refuse a file; a file in another encoding is.
fn decode(bytes: Vec<u8>) -> Result<Source, String> {
    if is_utf16(&bytes) {
        return Err("is UTF-16; Docker reads UTF-8 only, so save it as UTF-8".to_owned());
    }
    if is_binary(&bytes) {
        return Err("is a binary file, not a Dockerfile".to_owned());
    }
    let (text, is_lossy) = match String::from_utf8(bytes) {
        Ok(text) => (text, false),
        Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), true),
    };
    let has_bom = text.starts_with(BOM);
    let text = if has_bom { text.chars().skip(1).collect() } else { text };
    Ok(Source { text, has_bom, is_lossy })
}

/// A byte order mark, or a zero in every other byte, as English text has.
fn is_utf16(bytes: &[u8]) -> bool {
    let has_mark = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let start = bytes.get(..64).unwrap_or(bytes);
    let is_every_other = |first: usize| start.iter().skip(first).step_by(2).all(|byte| *byte == 0);
    let has_text = start.iter().filter(|byte| **byte != 0).count() >= start.len() / 2;
    has_mark || (start.len() >= 4 && has_text && (is_every_other(0) || is_every_other(1)))
}

/// Zeros in quantity, or zeros among bytes that are no text.
fn is_binary(bytes: &[u8]) -> bool {
    let start = bytes.get(..8192).unwrap_or(bytes);
    let zeros = memchr::memchr_iter(0, start).count();
    let is_cut_character = |error: std::str::Utf8Error| error.error_len().is_none();
    let is_text = std::str::from_utf8(start).map_or_else(is_cut_character, |_| true);
    zeros > 0 && (!is_text || zeros * 20 > start.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> Result<(String, bool, bool), String> {
        decode(bytes.to_vec()).map(|it| (it.text, it.has_bom, it.is_lossy))
    }

    #[test]
    fn a_byte_order_mark_is_kept_aside() {
        assert_eq!(decoded("\u{feff}FROM a\r\n".as_bytes()), Ok(("FROM a\r\n".to_owned(), true, false)));
        let source = decode("\u{feff}FROM a".into()).unwrap();
        assert_eq!(source.encode("FROM b"), "\u{feff}FROM b".as_bytes());
    }

    #[test]
    fn odd_bytes_are_read_and_other_encodings_are_not() {
        assert_eq!(decoded(b"# caf\xe9\nFROM a"), Ok(("# caf\u{fffd}\nFROM a".to_owned(), false, true)));
        assert!(!decoded(b"FROM a\nRUN echo \0 this text is long enough\n").unwrap().2);
        let utf16: Vec<u8> = "FROM alpine".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(decoded(&utf16).unwrap_err().contains("UTF-16"));
        assert!(decoded(&[&[0xff, 0xfe][..], &utf16].concat()).unwrap_err().contains("UTF-16"));
        assert!(decoded(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0").unwrap_err().contains("binary"));
        assert_eq!(decoded(b""), Ok((String::new(), false, false)));
    }

    #[test]
    fn what_is_too_large_is_not_read() {
        let endless = std::io::repeat(b'#');
        assert!(read_from(endless).unwrap_err().contains("larger than 16 MB"));
    }
}
