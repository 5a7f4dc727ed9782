//! A folder of its own for each test, and the binary in it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A temporary folder.
pub struct Sandbox {
    folder: TempDir,
}

/// What a run left.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Sandbox {
    /// A folder with these files: (path, content).
    pub fn new(files: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox { folder: tempfile::tempdir().expect("a temporary folder") };
        files.iter().for_each(|(path, text)| sandbox.write(path, text.as_bytes()));
        sandbox
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    /// Runs `dockwright` here.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, b"", &[])
    }

    /// Runs it with this on standard input.
    pub fn pipe(&self, arguments: &[&str], input: &str) -> Run {
        self.run_with(arguments, input.as_bytes(), &[])
    }

    pub fn run_with(&self, arguments: &[&str], input: &[u8], variables: &[(&str, &str)]) -> Run {
        let mut command = command(self.folder.path());
        command.args(arguments).envs(variables.iter().copied());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().expect("the binary starts");
        // A run that does not read its input may be gone already.
        let _ = process.stdin.take().expect("it is piped").write_all(input);
        let output = process.wait_with_output().unwrap();
        Run {
            code: output.status.code().expect("it was not killed"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// The binary with an empty home and without a network, so that nobody's own settings count.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dockwright"));
    command.current_dir(folder).env("HOME", folder.join("home")).env_remove("XDG_CONFIG_HOME");
    for name in ["NO_COLOR", "DOCKWRIGHT_CONFIG", "DOCKWRIGHT_LOG"] {
        command.env_remove(name);
    }
    command.env("DOCKWRIGHT_OFFLINE", "1");
    command
}

/// A Dockerfile with one warning that has a safe fix.
pub const WARNING: &str = "FROM scratch\nMAINTAINER me\n";
/// One in which there is nothing to find.
pub const CLEAN: &str = "FROM scratch\nLABEL a=\"b\"\n";
