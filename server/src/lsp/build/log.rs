//! The log of a command: a file that the user can open while it grows.
//!
//! It is bounded ([`LONGEST`]), and values that were passed as secrets never get into it.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::docker::memory;

/// Bytes that are kept from the beginning.
const LONGEST: usize = 32 << 20;
/// Bytes that are kept from the end of a longer one.
const LAST: usize = 256 << 10;
/// A longer line (bytes) is cut in two.
const LONGEST_LINE: usize = 64 << 10;
/// How old what is on the disk may be.
const FRESH: Duration = Duration::from_millis(200);

#[derive(Debug)]
pub struct Log {
    file: Option<BufWriter<File>>,
    written: usize,
    /// The end of what no longer fits.
    last: VecDeque<u8>,
    /// The beginning of a line.
    line: Vec<u8>,
    secrets: Vec<String>,
    flushed: Instant,
}

/// Where the log of a Dockerfile is; `None` where the system has no folder for it.
pub fn path_of(dockerfile: &Path, what: &str) -> Option<PathBuf> {
    let mut hasher = DefaultHasher::new();
    dockerfile.hash(&mut hasher);
    let name = format!("{what}-{:016x}.log", hasher.finish());
    Some(memory::folder()?.join("logs").join(name))
}

/// Values that must not be shown; short ones are no secrets, and would blot out half of the text.
pub fn secrets(
    env: &std::collections::BTreeMap<String, String>,
    own: &std::collections::BTreeMap<String, String>,
) -> Vec<String> {
    let added = env.iter().filter(|(name, _)| !own.contains_key(*name)).map(|(_, value)| value.clone());
    added.filter(|it| it.len() >= 4).collect()
}

/// The text without secrets.
pub fn redacted(text: &str, secrets: &[String]) -> String {
    secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "***"))
}

impl Log {
    /// Begins anew; without a folder for it nothing is kept.
    pub fn create(path: Option<&Path>, secrets: Vec<String>) -> Log {
        let file = path.and_then(|path| match create(path) {
            Ok(file) => Some(BufWriter::new(file)),
            Err(error) => {
                tracing::warn!("the log of the build cannot be written: {error}");
                None
            }
        });
        let (last, line) = (VecDeque::new(), Vec::new());
        Log { file, written: 0, last, line, secrets, flushed: Instant::now() }
    }

    /// Takes output as it comes.
    pub fn raw(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|it| *it == b'\n') {
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") || self.line.len() >= LONGEST_LINE {
                self.end_line();
            }
        }
        self.flush_sometimes();
    }

    /// Takes one line, without its end.
    pub fn line(&mut self, text: &str) {
        self.raw(text.as_bytes());
        self.raw(b"\n");
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if self.secrets.is_empty() {
            self.keep(&line);
        } else {
            let text = redacted(&String::from_utf8_lossy(&line), &self.secrets);
            self.keep(text.as_bytes());
        }
        self.line = line;
        self.line.clear();
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.written + bytes.len() <= LONGEST && self.last.is_empty() {
            self.written += bytes.len();
            self.write(bytes);
            return;
        }
        self.last.extend(bytes);
        let surplus = self.last.len().saturating_sub(LAST);
        self.last.drain(..surplus);
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(file) = &mut self.file
            && file.write_all(bytes).is_err()
        {
            // The disk may be full; the build matters more.
            self.file = None;
        }
    }

    fn flush_sometimes(&mut self) {
        if self.flushed.elapsed() > FRESH {
            self.flushed = Instant::now();
            let _ = self.file.as_mut().map(Write::flush);
        }
    }

    /// Writes what is left.
    pub fn finish(mut self) {
        if !self.line.is_empty() {
            self.end_line();
        }
        if !self.last.is_empty() {
            let last: Vec<u8> = self.last.drain(..).collect();
            self.write(b"\n[... dockwright leaves out the middle of this long log ...]\n");
            self.write(&last);
        }
        let _ = self.file.as_mut().map(Write::flush);
    }
}

/// Readable by the user alone.
fn create(path: &Path) -> std::io::Result<File> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logged(secrets: &[&str], write: impl FnOnce(&mut Log)) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("logs/a.log");
        let mut log = Log::create(Some(&path), secrets.iter().map(|it| (*it).to_owned()).collect());
        write(&mut log);
        log.finish();
        std::fs::read_to_string(path).unwrap()
    }

    #[test]
    fn secrets_are_blotted_out_even_when_they_come_in_pieces() {
        let text = logged(&["hunter22"], |log| {
            log.raw(b"token is hun");
            log.raw(b"ter22\nend");
        });
        assert_eq!(text, "token is ***\nend");
    }

    #[test]
    fn a_log_without_end_keeps_beginning_and_end() {
        let text = logged(&[], |log| {
            log.line("first");
            let line = [b"x".repeat(1023), b"\n".to_vec()].concat();
            (0..(LONGEST + LAST) / 1024 + 10).for_each(|_| log.raw(&line));
            log.line("last");
        });
        assert!(text.starts_with("first\n") && text.ends_with("\nlast\n"));
        assert!(text.contains("leaves out the middle") && text.len() < LONGEST + LAST + 200);
    }
}
