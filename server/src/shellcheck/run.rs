//! One process that is waited for: not longer than a limit, and not after somebody says that it is not needed.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Says that nobody needs the answer any more. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What the process gets.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    None,
    /// On standard input.
    Text(&'a str),
    /// Files in the folder that it runs in.
    Folder(&'a Path),
}

#[derive(Debug)]
pub struct Output {
    /// `None`: ended by a signal.
    pub code: Option<i32>,
    pub text: Vec<u8>,
    /// The beginning of its standard error.
    pub error: String,
}

/// Why there is no output.
#[derive(Debug, PartialEq, Eq)]
pub enum Stopped {
    Cancelled,
    TooLong,
    Failed(String),
}

/// How often it is looked whether the answer is still needed.
const LOOK: Duration = Duration::from_millis(10);
/// Output (bytes) that is read.
const MOST_OUTPUT: u64 = 64 << 20;
const MOST_ERROR: u64 = 4 << 10;

/// Runs `program` to its end.
pub fn run(
    program: &Path,
    arguments: &[String],
    input: Input<'_>,
    limit: Duration,
    cancel: &Cancel,
) -> Result<Output, Stopped> {
    let end = Instant::now() + limit;
    if cancel.is_cancelled() {
        return Err(Stopped::Cancelled);
    }
    let mut child = Running::start(program, arguments, input)?;
    let error = child.0.stderr.take().map(|it| read(it, MOST_ERROR));
    let text = child.0.stdout.take().map(|it| read(it, MOST_OUTPUT));
    let text = receive(text, end, cancel)?;
    let code = child.wait(end, cancel)?;
    let error = receive(error, Instant::now() + LOOK, cancel).unwrap_or_default();
    Ok(Output { code, text, error: String::from_utf8_lossy(&error).into_owned() })
}

/// A process that is ended when nobody waits for it any more.
struct Running(Child);

impl Running {
    fn start(program: &Path, arguments: &[String], input: Input<'_>) -> Result<Running, Stopped> {
        let mut command = Command::new(program);
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Options of the environment could ask for another format.
        command.env_remove("SHELLCHECK_OPTS");
        command.stdin(if matches!(input, Input::Text(_)) { Stdio::piped() } else { Stdio::null() });
        if let Input::Folder(folder) = input {
            command.current_dir(folder);
        }
        apart(&mut command);
        let child = command.spawn().map_err(|error| Stopped::Failed(error.to_string()))?;
        let mut running = Running(child);
        if let (Input::Text(text), Some(mut stdin)) = (input, running.0.stdin.take()) {
            let text = text.to_owned();
            // It may end before it has read all.
            std::thread::spawn(move || drop(stdin.write_all(text.as_bytes())));
        }
        Ok(running)
    }

    fn wait(&mut self, end: Instant, cancel: &Cancel) -> Result<Option<i32>, Stopped> {
        loop {
            match self.0.try_wait() {
                Ok(Some(status)) => return Ok(status.code()),
                Ok(None) if cancel.is_cancelled() => return Err(Stopped::Cancelled),
                Ok(None) if Instant::now() >= end => return Err(Stopped::TooLong),
                Ok(None) => std::thread::sleep(Duration::from_millis(1)),
                Err(error) => return Err(Stopped::Failed(error.to_string())),
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !matches!(self.0.try_wait(), Ok(Some(_))) {
            kill(&mut self.0);
            let _ = self.0.wait();
        }
    }
}

/// In a group of its own, so that a program that starts others is ended with them.
#[cfg(unix)]
fn apart(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
    // It may run for hours: when we are gone, however that came, so is the thread that waits for it.
    #[cfg(target_os = "linux")]
    // SAFETY: between fork and exec only this system call is made.
    unsafe {
        command.pre_exec(|| {
            libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
            Ok(())
        })
    };
}

/// Without a window.
#[cfg(windows)]
fn apart(command: &mut Command) {
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    std::os::windows::process::CommandExt::creation_flags(command, CREATE_NO_WINDOW);
}

#[cfg(not(any(unix, windows)))]
fn apart(_: &mut Command) {}

fn kill(child: &mut Child) {
    #[cfg(unix)]
    if let Ok(id) = libc::pid_t::try_from(child.id()) {
        // SAFETY: no memory is involved. The child was not waited for, so its id is not anybody else's.
        unsafe { libc::kill(-id, libc::SIGKILL) };
    }
    let _ = child.kill();
}

/// Reads to the end in a thread of its own; nobody waits for it if a grandchild keeps the pipe.
fn read(from: impl Read + Send + 'static, most: u64) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = from.take(most).read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    receiver
}

fn receive(from: Option<Receiver<Vec<u8>>>, end: Instant, cancel: &Cancel) -> Result<Vec<u8>, Stopped> {
    let Some(from) = from else { return Ok(Vec::new()) };
    loop {
        match from.recv_timeout(LOOK) {
            Ok(bytes) => return Ok(bytes),
            Err(RecvTimeoutError::Disconnected) => return Ok(Vec::new()),
            Err(RecvTimeoutError::Timeout) if cancel.is_cancelled() => return Err(Stopped::Cancelled),
            Err(RecvTimeoutError::Timeout) if Instant::now() >= end => return Err(Stopped::TooLong),
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn sh(script: &str, input: Input<'_>, limit: Duration, cancel: &Cancel) -> Result<Output, Stopped> {
        run(Path::new("/bin/sh"), &["-c".to_owned(), script.to_owned()], input, limit, cancel)
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn input_output_and_code_go_through() {
        let output = sh("cat; echo why >&2; exit 3", Input::Text("é"), LONG, &Cancel::default()).unwrap();
        assert_eq!(
            (output.code, output.text.as_slice(), output.error.as_str()),
            (Some(3), "é".as_bytes(), "why\n")
        );
    }

    #[test]
    fn a_process_that_takes_too_long_is_ended_with_those_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let script = "sleep 600 & echo $! > id; wait";
        let stopped =
            sh(script, Input::Folder(folder.path()), Duration::from_millis(300), &Cancel::default());
        assert_eq!(stopped.unwrap_err(), Stopped::TooLong);
        let id: i32 = std::fs::read_to_string(folder.path().join("id")).unwrap().trim().parse().unwrap();
        // SAFETY: no memory is involved; signal 0 only asks.
        let is_gone = || unsafe { libc::kill(id, 0) } != 0 || is_dead(id);
        assert!(
            (0..500).any(|_| is_gone() || {
                std::thread::sleep(LOOK);
                false
            }),
            "the child of {id} runs on"
        );
    }

    /// A process that ended and that nobody has asked for yet.
    fn is_dead(id: i32) -> bool {
        std::fs::read_to_string(format!("/proc/{id}/stat")).is_ok_and(|it| it.contains(") Z "))
    }

    #[test]
    fn a_process_that_nobody_needs_is_ended() {
        let cancel = Cancel::default();
        let canceller = cancel.clone();
        let thread = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(50));
            canceller.cancel();
        });
        assert_eq!(sh("sleep 600", Input::None, LONG, &cancel).unwrap_err(), Stopped::Cancelled);
        assert_eq!(sh("true", Input::None, LONG, &cancel).unwrap_err(), Stopped::Cancelled);
        thread.join().unwrap();
    }

    #[test]
    fn a_program_that_is_not_there_is_a_failure() {
        let failed = run(Path::new("/nowhere/it"), &[], Input::None, LONG, &Cancel::default());
        assert!(matches!(failed, Err(Stopped::Failed(_))));
    }
}
