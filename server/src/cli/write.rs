//! Replaces a file: all of it or nothing, so that a full disk or a killed process never leaves half a file.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes `bytes` in place of the file `path` and keeps its permissions; a link stays a link. The error is the
/// end of a sentence that begins with the file's name.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), String> {
    write(path, bytes).map_err(|error| format!("cannot be written: {}", super::source::reason(&error)))
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = path.canonicalize()?;
    let metadata = path.metadata()?;
    if metadata.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "read-only"));
    }
    let (temporary, mut file) = create_beside(&path)?;
    let done = file
        .write_all(bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| keep_owner(&temporary, &metadata))
        .and_then(|()| std::fs::set_permissions(&temporary, metadata.permissions()))
        .and_then(|()| std::fs::rename(&temporary, &path));
    if done.is_err() {
        // The first error is the one to tell.
        let _ = std::fs::remove_file(&temporary);
    }
    done
}

/// A new file in the same folder: renaming works on one file system only.
fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let id = std::process::id();
    let mut last = None;
    for number in 0..16 {
        let temporary = path.with_file_name(format!(".{name}.{id}.{number}.tmp"));
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Ok(file) => return Ok((temporary, file)),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| io::Error::other("no name is free")))
}

#[cfg(unix)]
fn keep_owner(path: &Path, metadata: &std::fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, chown};
    // Only root may give files away; for all others the owner is the same already, or not theirs to keep.
    let _ = chown(path, Some(metadata.uid()), Some(metadata.gid()));
    Ok(())
}

#[cfg(not(unix))]
fn keep_owner(_path: &Path, _metadata: &std::fs::Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn permissions_and_links_stay_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("Dockerfile"), folder.path().join("link"));
        std::fs::write(&file, "FROM a\n").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        replace(&link, b"FROM b\n").unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), b"FROM b\n");
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_read_only_file_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("Dockerfile");
        std::fs::write(&file, "FROM a\n").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o444)).unwrap();
        assert!(replace(&file, b"x").unwrap_err().contains("permission denied"));
    }
}
