//! One process of a container engine: started without a shell, in a process group of its own, ended as a whole.
//!
//! Everything here blocks and is for threads of its own: what a build prints must not cost the protocol's thread a
//! moment. At most [`QUEUED`] pieces of output wait for whoever reads; then the process waits.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::command::CommandLine;
use super::output::Stream;

/// Bytes of one piece of output.
const PIECE: usize = 32 << 10;
/// Pieces that may wait.
const QUEUED: usize = 8;
/// How long a process may take to end by itself once it is told to.
const GRACE: Duration = Duration::from_millis(1000);
/// How long no output may come once the process has ended: somebody it left behind may hold the pipe for ever.
const LINGER: Duration = Duration::from_secs(2);
/// The same where nobody wants the output any more.
const LINGER_CANCELLED: Duration = Duration::from_millis(100);
const TICK: Duration = Duration::from_millis(20);

/// Why a process did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("there is no program `{0}`")]
    NotFound(String),
    #[error("the program `{0}` may not be run by you")]
    NotAllowed(String),
    #[error("`{program}` does not start: {error}")]
    Other { program: String, error: std::io::Error },
}

/// Ends a process from anywhere; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Canceller(Arc<Target>);

#[derive(Debug, Default)]
struct Target {
    is_cancelled: AtomicBool,
    /// The process group, while it runs.
    group: Mutex<Option<u32>>,
}

impl Canceller {
    /// Ends the process and all that it started, within two seconds; one that has not started yet never will.
    pub fn cancel(&self) {
        if !self.0.is_cancelled.swap(true, Ordering::SeqCst) && self.group().is_some() {
            let this = self.clone();
            std::thread::spawn(move || this.end());
        }
    }

    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(Ordering::SeqCst)
    }

    fn group(&self) -> MutexGuard<'_, Option<u32>> {
        self.0.group.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self) {
        let group = *self.group();
        if let Some(group) = group {
            group::end(group, GRACE);
        }
    }
}

/// What is running in this process, so that nothing outlives it.
static RUNNING: Mutex<Vec<Canceller>> = Mutex::new(Vec::new());

fn running() -> MutexGuard<'static, Vec<Canceller>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends everything that runs, and waits for it (at most a bit more than a second).
pub fn end_all() {
    let all = std::mem::take(&mut *running());
    let threads = all.into_iter().map(|it| {
        std::thread::spawn(move || {
            it.0.is_cancelled.store(true, Ordering::SeqCst);
            it.end();
        })
    });
    threads.collect::<Vec<_>>().into_iter().for_each(|it| drop(it.join()));
}

/// Runs `line` to its end and hands on what it prints; its exit code, `None` if a signal ended it or it was cancelled
/// before it began.
pub fn run(
    line: &CommandLine,
    canceller: &Canceller,
    mut on_output: impl FnMut(Stream, &[u8]),
) -> Result<Option<i32>, StartError> {
    if canceller.is_cancelled() {
        return Ok(None);
    }
    let mut child = start(line)?;
    enter(&child, canceller);
    let pieces = read_pipes(&mut child);
    let status = follow(&mut child, &pieces, canceller, &mut on_output);
    leave(canceller);
    Ok(status)
}

/// From now on the process can be cancelled.
fn enter(child: &Child, canceller: &Canceller) {
    *canceller.group() = Some(child.id());
    running().push(canceller.clone());
    if canceller.is_cancelled() {
        canceller.end();
    }
}

fn leave(canceller: &Canceller) {
    *canceller.group() = None;
    running().retain(|it| !Arc::ptr_eq(&it.0, &canceller.0));
}

/// Runs a command that prints little and sleeps most of its time; what it printed. Unlike [`run`] it sleeps as well.
pub fn wait_for(line: &CommandLine, canceller: &Canceller) -> Result<String, StartError> {
    if canceller.is_cancelled() {
        return Ok(String::new());
    }
    let mut child = start(line)?;
    enter(&child, canceller);
    drop(child.stderr.take());
    let mut output = Vec::new();
    if let Some(pipe) = child.stdout.take() {
        let _ = pipe.take(MOST_CAPTURED as u64).read_to_end(&mut output);
    }
    let _ = child.wait();
    leave(canceller);
    Ok(String::from_utf8_lossy(&output).into_owned())
}

/// What a short command printed.
#[derive(Debug, Clone, Default)]
pub struct Captured {
    pub exit_code: Option<i32>,
    pub output: String,
    pub error: String,
}

impl Captured {
    pub fn is_ok(&self) -> bool {
        self.exit_code == Some(0)
    }
}

/// Output that is kept of a short command (bytes of each pipe).
const MOST_CAPTURED: usize = 4 << 20;

/// Runs a short command and keeps what it prints; it is ended after `limit`, or when `outer` is cancelled.
pub fn capture(line: &CommandLine, outer: &Canceller, limit: Duration) -> Result<Captured, StartError> {
    let (mut output, mut error) = (Vec::new(), Vec::new());
    let canceller = Canceller::default();
    let watching = watch(canceller.clone(), outer.clone(), limit);
    let exit_code = run(line, &canceller, |stream, bytes| {
        let kept = if stream == Stream::Output { &mut output } else { &mut error };
        let room = MOST_CAPTURED.saturating_sub(kept.len()).min(bytes.len());
        kept.extend_from_slice(bytes.get(..room).unwrap_or_default());
    })?;
    drop(watching);
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ok(Captured { exit_code, output: text(output), error: text(error) })
}

/// Cancels `inner` after `limit` or with `outer`, until the answer is dropped.
fn watch(inner: Canceller, outer: Canceller, limit: Duration) -> SyncSender<()> {
    let (done, is_done) = sync_channel::<()>(1);
    let since = Instant::now();
    std::thread::spawn(move || {
        while is_done.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
            if since.elapsed() > limit || outer.is_cancelled() {
                return inner.cancel();
            }
        }
    });
    done
}

fn start(line: &CommandLine) -> Result<Child, StartError> {
    let name = line.argv.first().cloned().unwrap_or_default();
    let mut command = Command::new(&line.program);
    command.args(line.argv.iter().skip(1)).envs(&line.env).current_dir(&line.cwd);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    group::separate(&mut command);
    command.spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound if line.cwd.is_dir() => StartError::NotFound(name),
        std::io::ErrorKind::PermissionDenied => StartError::NotAllowed(name),
        _ => StartError::Other { program: name, error },
    })
}

type Piece = (Stream, Vec<u8>);

fn read_pipes(child: &mut Child) -> Receiver<Piece> {
    let (sender, pieces) = sync_channel(QUEUED);
    if let Some(pipe) = child.stdout.take() {
        read_pipe(Stream::Output, pipe, sender.clone());
    }
    if let Some(pipe) = child.stderr.take() {
        read_pipe(Stream::Error, pipe, sender);
    }
    pieces
}

fn read_pipe(stream: Stream, mut pipe: impl Read + Send + 'static, sender: SyncSender<Piece>) {
    std::thread::spawn(move || {
        let mut buffer = vec![0; PIECE];
        while let Ok(length) = pipe.read(&mut buffer) {
            let piece = buffer.get(..length).unwrap_or_default();
            if piece.is_empty() || sender.send((stream, piece.to_vec())).is_err() {
                return;
            }
        }
    });
}

/// Hands output on until the process has ended and its pipes are closed or silent.
fn follow(
    child: &mut Child,
    pieces: &Receiver<Piece>,
    canceller: &Canceller,
    on_output: &mut impl FnMut(Stream, &[u8]),
) -> Option<i32> {
    let (mut ended, mut heard) = (None, Instant::now());
    loop {
        match pieces.recv_timeout(TICK) {
            Ok((stream, bytes)) => {
                on_output(stream, &bytes);
                heard = Instant::now();
            }
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {}
        }
        if ended.is_none() {
            ended = child.try_wait().ok().flatten().map(|status| (status.code(), Instant::now()));
        }
        if ended.is_some_and(|(_, at)| is_enough(at, heard.max(at), canceller)) {
            break;
        }
    }
    match ended {
        Some((code, _)) => code,
        None => child.wait().ok().and_then(|status| status.code()),
    }
}

/// Whether a process that ended at `ended` will say nothing more that is worth waiting for.
fn is_enough(ended: Instant, heard: Instant, canceller: &Canceller) -> bool {
    let silence = if canceller.is_cancelled() { LINGER_CANCELLED } else { LINGER };
    heard.elapsed() > silence || ended.elapsed() > 3 * silence
}

/// Process groups.
#[cfg(unix)]
mod group {
    use std::os::unix::process::CommandExt;
    use std::process::Command;
    use std::time::{Duration, Instant};

    use super::TICK;

    /// The process leads a group of its own, and on Linux ends with the thread that started it: a server that is
    /// killed takes its builds along.
    pub fn separate(command: &mut Command) {
        command.process_group(0);
        #[cfg(target_os = "linux")]
        // SAFETY: between fork and exec only prctl is called, which is a plain system call.
        unsafe {
            command.pre_exec(|| {
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGTERM);
                Ok(())
            });
        }
    }

    /// Asks the group to end, and after `grace` makes it; also those who left the group.
    pub fn end(group: u32, grace: Duration) {
        let Ok(group) = libc::pid_t::try_from(group) else { return };
        let others = descendants::of(group);
        signal(-group, libc::SIGTERM);
        let since = Instant::now();
        while since.elapsed() < grace && (is_there(-group) || others.iter().any(descendants::is_there)) {
            std::thread::sleep(TICK);
        }
        signal(-group, libc::SIGKILL);
        others.iter().filter(|it| descendants::is_there(it)).for_each(|it| signal(it.id, libc::SIGKILL));
    }

    fn signal(target: libc::pid_t, signal: libc::c_int) {
        // SAFETY: the call takes two integers; a target that is not there is an error that does not matter.
        unsafe { libc::kill(target, signal) };
    }

    fn is_there(target: libc::pid_t) -> bool {
        // SAFETY: as above; signal 0 only asks.
        unsafe { libc::kill(target, 0) == 0 }
    }

    /// Processes below another one. Programs may put their children into groups of their own (Docker does so with
    /// its plugins), where a signal to the group does not reach them.
    mod descendants {
        pub struct Descendant {
            pub id: libc::pid_t,
            /// Tells it from a later process with the same id.
            started: String,
        }

        struct Status {
            parent: libc::pid_t,
            started: String,
            is_zombie: bool,
        }

        /// All processes below `root`, as far as the system tells (`/proc`, so on Linux).
        pub fn of(root: libc::pid_t) -> Vec<Descendant> {
            let ids = std::fs::read_dir("/proc").into_iter().flatten().flatten();
            let ids = ids.filter_map(|it| it.file_name().to_str()?.parse().ok());
            let all: Vec<(libc::pid_t, Status)> = ids.filter_map(|id| Some((id, status(id)?))).collect();
            let mut found: Vec<libc::pid_t> = vec![root];
            let mut at = 0;
            while let Some(parent) = found.get(at).copied() {
                found.extend(all.iter().filter(|(_, it)| it.parent == parent).map(|(id, _)| *id));
                at += 1;
            }
            let is_below = |id: &libc::pid_t| *id != root && found.contains(id);
            let below = all.into_iter().filter(|(id, _)| is_below(id));
            below.map(|(id, it)| Descendant { id, started: it.started }).collect()
        }

        pub fn is_there(it: &Descendant) -> bool {
            status(it.id).is_some_and(|now| now.started == it.started && !now.is_zombie)
        }

        /// See proc(5): behind the name, which may hold anything, state is the first field and the start the 20th.
        fn status(id: libc::pid_t) -> Option<Status> {
            let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
            let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
            let started = (*fields.get(19)?).to_owned();
            Some(Status { parent: fields.get(1)?.parse().ok()?, started, is_zombie: *fields.first()? == "Z" })
        }
    }
}

#[cfg(not(unix))]
mod group {
    use std::process::{Command, Stdio};
    use std::time::Duration;

    pub fn separate(_: &mut Command) {}

    /// Windows has no groups that one could signal; its own tool ends a tree of processes.
    pub fn end(root: u32, _: Duration) {
        let mut command = Command::new("taskkill");
        command.args(["/T", "/F", "/PID", &root.to_string()]);
        let _ = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> CommandLine {
        let argv = ["sh", "-c", script].map(str::to_owned).to_vec();
        CommandLine { program: "/bin/sh".into(), argv, cwd: "/".into(), env: Default::default() }
    }

    #[test]
    fn output_and_exit_code_come_back() {
        let line = shell("echo out; echo err >&2; exit 3");
        let captured = capture(&line, &Canceller::default(), Duration::from_secs(20)).unwrap();
        assert_eq!(captured.exit_code, Some(3));
        assert_eq!((captured.output.as_str(), captured.error.as_str()), ("out\n", "err\n"));
    }

    #[test]
    fn what_sleeps_can_be_waited_for_and_cancelled() {
        assert_eq!(wait_for(&shell("echo 3"), &Canceller::default()).unwrap(), "3\n");
        let canceller = Canceller::default();
        let during = canceller.clone();
        let waiting = std::thread::spawn(move || wait_for(&shell("exec sleep 600"), &during).unwrap());
        while canceller.group().is_none() {
            std::thread::yield_now();
        }
        canceller.cancel();
        assert_eq!(waiting.join().unwrap(), "");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let mut line = shell("");
        line.program = "/no/such/engine".into();
        line.argv[0] = "engine".to_owned();
        let error = capture(&line, &Canceller::default(), Duration::from_secs(20)).unwrap_err();
        assert_eq!(error.to_string(), "there is no program `engine`");
    }

    #[test]
    fn cancelling_ends_the_whole_group_even_if_it_does_not_listen() {
        let canceller = Canceller::default();
        let line = shell("trap '' TERM; sleep 600 & echo started $!; wait");
        let mut text = String::new();
        let during = canceller.clone();
        let code = run(&line, &canceller, |_, bytes| {
            text.push_str(&String::from_utf8_lossy(bytes));
            during.cancel();
        });
        assert_eq!(code.unwrap(), None);
        let child = text.trim().rsplit(' ').next().unwrap().to_owned();
        let state = std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
        assert!(state.is_empty() || state.contains(") Z "), "{state}");
    }

    #[test]
    fn a_process_left_behind_that_never_is_silent_is_not_waited_for() {
        let line = shell("(while echo more; do sleep 0.01; done) & echo built");
        let captured = capture(&line, &Canceller::default(), Duration::from_secs(600)).unwrap();
        assert_eq!(captured.exit_code, Some(0));
        assert!(captured.output.contains("built\n"), "{}", captured.output);
    }

    #[test]
    fn what_was_cancelled_before_does_not_begin() {
        let canceller = Canceller::default();
        canceller.cancel();
        assert_eq!(run(&shell("exec sleep 600"), &canceller, |_, _| ()).unwrap(), None);
    }

    #[test]
    fn somebody_who_holds_the_pipe_is_not_waited_for() {
        let line = shell("sleep 600 >&1 & echo $!");
        let captured = capture(&line, &Canceller::default(), Duration::from_secs(20)).unwrap();
        assert_eq!(captured.exit_code, Some(0));
        let left: libc::pid_t = captured.output.trim().parse().unwrap();
        // SAFETY: the process was started above.
        unsafe { libc::kill(left, libc::SIGKILL) };
    }

    #[test]
    fn a_short_command_that_hangs_is_ended() {
        let captured = capture(&shell("exec sleep 600"), &Canceller::default(), Duration::from_millis(50));
        assert_eq!(captured.unwrap().exit_code, None);
    }
}
