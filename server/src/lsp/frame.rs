//! Message frames of the base protocol: header lines, a blank line, a body.
//!
//! <https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#baseProtocol>
//! Reading is tolerant, since one bad message must not end a session: header names in any case, any other
//! headers, `\n` for `\r\n`, and after rubbish the next `Content-Length` found is a new start. Memory grows
//! with the bytes that came, never with a length that was only announced.

use std::io::{self, BufRead, Read, Write};

/// Longest body that is read (bytes): a 50 MB file fits, even if every fourth character is escaped.
pub const MAX_BODY: u64 = 256 << 20;

/// Longest piece of a header that is looked at in one go (bytes).
const MAX_LINE: u64 = 16 << 10;

/// What was found on the wire.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame {
    Body(Vec<u8>),
    /// Something that is no message; the text says what. Reported once for a run of rubbish.
    Bad(String),
}

/// Takes frames from `input` until it ends.
pub struct FrameReader<R> {
    input: R,
    limit: u64,
    is_lost: bool,
}

impl<R: BufRead> FrameReader<R> {
    pub fn new(input: R) -> Self {
        FrameReader::with_limit(input, MAX_BODY)
    }

    /// A reader that refuses bodies of more than `limit` bytes.
    pub fn with_limit(input: R, limit: u64) -> Self {
        FrameReader { input, limit, is_lost: false }
    }

    /// The next frame; `None` at the end of the input, also when it ends within a frame.
    ///
    /// Errors are those of the input; none comes from what was read.
    pub fn next_frame(&mut self) -> io::Result<Option<Frame>> {
        loop {
            let Some(length) = self.header()? else { return Ok(None) };
            let frame = match length {
                Ok(length) if length > self.limit => self.skip_body(length)?,
                Ok(length) => self.body(length)?,
                Err(problem) => Some(Frame::Bad(problem)),
            };
            let was_lost = std::mem::replace(&mut self.is_lost, matches!(frame, Some(Frame::Bad(_))));
            if !(was_lost && self.is_lost) {
                return Ok(frame);
            }
        }
    }

    /// The length that the next header announces; `None` at the end of the input.
    fn header(&mut self) -> io::Result<Option<Result<u64, String>>> {
        let mut length = None;
        let mut is_empty = true;
        let mut line = Vec::new();
        loop {
            line.clear();
            if (&mut self.input).take(MAX_LINE).read_until(b'\n', &mut line)? == 0 {
                return Ok(None);
            }
            let content = line.trim_ascii();
            if !content.is_empty() {
                is_empty = false;
                length = content_length(content).or(length);
            } else if !is_empty {
                let missing = || Err("a message without a `Content-Length` header".to_owned());
                return Ok(Some(length.unwrap_or_else(missing)));
            }
        }
    }

    fn body(&mut self, length: u64) -> io::Result<Option<Frame>> {
        // Not `with_capacity(length)`: the length is only a promise.
        let mut body = Vec::with_capacity(length.min(64 << 10) as usize);
        let read = (&mut self.input).take(length).read_to_end(&mut body)?;
        Ok((read as u64 == length).then_some(Frame::Body(body)))
    }

    fn skip_body(&mut self, length: u64) -> io::Result<Option<Frame>> {
        let skipped = io::copy(&mut (&mut self.input).take(length), &mut io::sink())?;
        let problem = format!("a message of {length} bytes; at most {} are read", self.limit);
        Ok((skipped == length).then_some(Frame::Bad(problem)))
    }
}

/// The number in a `Content-Length` line; `None` for any other header.
fn content_length(line: &[u8]) -> Option<Result<u64, String>> {
    const NAME: &[u8] = b"content-length:";
    let lower = line.to_ascii_lowercase();
    // Not only at the start: the header of the next message may stand right behind some rubbish.
    let at = memchr::memmem::rfind(&lower, NAME)?;
    let is_other_header = at > 0 && lower.get(..at)?.iter().all(|it| it.is_ascii_lowercase() || *it == b'-');
    if is_other_header {
        return None;
    }
    let value = String::from_utf8_lossy(line.get(at + NAME.len()..)?).trim().to_owned();
    Some(value.parse().map_err(|_| format!("`Content-Length` is `{value}`, which is no length")))
}

/// `body` with its header, to be written in one piece.
pub fn encode(body: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(body.len() + 32);
    // Writing into a vector cannot fail.
    let _ = write!(frame, "Content-Length: {}\r\n\r\n", body.len());
    frame.extend_from_slice(body);
    frame
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frames(input: &[u8]) -> Vec<Frame> {
        let mut reader = FrameReader::new(input);
        std::iter::from_fn(|| reader.next_frame().expect("reading from a slice")).collect()
    }

    fn bodies(input: &str) -> Vec<String> {
        let text = |frame| match frame {
            Frame::Body(body) => String::from_utf8_lossy(&body).into_owned(),
            Frame::Bad(_) => "(bad)".to_owned(),
        };
        frames(input.as_bytes()).into_iter().map(text).collect()
    }

    #[test]
    fn header_names_are_read_in_any_case_and_other_headers_are_passed_over() {
        assert_eq!(bodies("content-LENGTH:2\r\n\r\n{}"), ["{}"]);
        assert_eq!(bodies("Content-Type: x\r\nContent-Length: 2\r\nX-Other: 9\r\n\r\n{}"), ["{}"]);
        assert_eq!(bodies("X-Content-Length: 9\nContent-Length: 2\n\n{}"), ["{}"]);
    }

    #[test]
    fn frames_follow_each_other_without_a_gap() {
        assert_eq!(bodies("Content-Length: 1\r\n\r\naContent-Length: 1\r\n\r\nb"), ["a", "b"]);
    }

    #[test]
    fn rubbish_is_reported_once_and_passed_over() {
        assert_eq!(bodies("oh\r\n\r\nno\r\n\r\n{\"a\": 1}Content-Length: 1\r\n\r\na"), ["(bad)", "a"]);
        assert_eq!(bodies("Content-Length: -1\r\n\r\nContent-Length: 1\r\n\r\na"), ["(bad)", "a"]);
    }

    #[test]
    fn a_length_beyond_the_limit_is_refused_without_keeping_the_body() {
        let input = "Content-Length: 4\r\n\r\nlongContent-Length: 3\r\n\r\nabc";
        let mut reader = FrameReader::with_limit(input.as_bytes(), 3);
        assert!(matches!(reader.next_frame(), Ok(Some(Frame::Bad(_)))));
        assert_eq!(reader.next_frame().unwrap(), Some(Frame::Body(b"abc".to_vec())));
    }

    #[test]
    fn an_input_that_ends_within_a_frame_ends() {
        assert_eq!(bodies("Content-Length: 10\r\n\r\n{}"), [""; 0]);
        assert_eq!(bodies("Content-Length: 10"), [""; 0]);
        assert_eq!(bodies("Content-Length: 99999999999999999999\r\n\r\n"), ["(bad)"]);
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_read(parts in prop::collection::vec(".{0,40}", 0..8)) {
            let input: Vec<u8> = parts.iter().flat_map(|part| encode(part.as_bytes())).collect();
            prop_assert_eq!(bodies(&String::from_utf8(input).unwrap()), parts);
        }

        #[test]
        fn any_bytes_come_to_an_end(input: Vec<u8>) {
            frames(&input);
        }
    }
}
