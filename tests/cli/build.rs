//! `dockwright build` with a made-up engine that prints what real ones printed.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::sandbox::{Run, Sandbox, command};

/// A folder with one of the recorded Dockerfiles, and an engine in `bin` that replays what `engine` said of it.
fn recorded(program: &str, engine: &str, case: &str) -> Sandbox {
    let recordings = Path::new(env!("CARGO_MANIFEST_DIR")).join("server/src/docker/output/recordings");
    let text = std::fs::read_to_string(recordings.join(engine).join(format!("{case}.txt"))).unwrap();
    let (code, rest) = text.split_once("\n---- standard output\n").unwrap();
    let (output, error) = rest.split_once("---- standard error\n").unwrap();
    let dockerfile = std::fs::read_to_string(recordings.join(format!("files/{case}.Dockerfile"))).unwrap();
    let sandbox = Sandbox::new(&[("Dockerfile", &dockerfile), ("bin/out", output), ("bin/err", error)]);
    let code = code.trim_start_matches("exit code: ");
    engine_script(&sandbox, program, &format!("cat \"$here/out\"\ncat \"$here/err\" >&2\nexit {code}\n"));
    sandbox
}

/// An engine that tells its versions, writes its words to `bin/words`, and then does `build`.
fn engine_script(sandbox: &Sandbox, program: &str, build: &str) {
    let script = format!(
        "#!/bin/sh\nhere=$(dirname \"$0\")\n\
         case \"$*\" in\n--version) echo '{program} version 20.10.24'; exit ;;\nbuildx\\ version) \
         [ -e \"$here/buildx\" ] && cat \"$here/buildx\" && exit; exit 1 ;;\nesac\n\
         printf '%s\\n' \"$@\" >\"$here/words\"\n{build}"
    );
    sandbox.write(&format!("bin/{program}"), script.as_bytes());
    let path = sandbox.path(&format!("bin/{program}"));
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

fn run(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let path = format!("{}:/usr/bin:/bin", sandbox.path("bin").display());
    let arguments: Vec<&str> = ["build"].iter().chain(arguments).copied().collect();
    sandbox.run_with(&arguments, b"", &[("PATH", &path)])
}

fn objects(run: &Run) -> Vec<Value> {
    run.out.lines().map(|it| serde_json::from_str(it).expect("an object a line")).collect()
}

fn of_kind<'a>(objects: &'a [Value], kind: &str) -> Vec<&'a Value> {
    objects.iter().filter(|it| it["type"] == kind).collect()
}

#[test]
fn a_build_that_fails_is_explained_at_its_line() {
    let sandbox = recorded("docker", "docker-20.10-legacy", "notfound");
    let run = run(&sandbox, &[]);
    assert_eq!(run.code, 127, "{}", run.err);
    for part in [
        "error[command-not-found]: the image has no command `make` (exit code 127)\n",
        " --> Dockerfile:5:5\n",
        "5 |     make all && \\\n  |     ^^^^\n",
        "= way out: ",
        "      /bin/sh: make: not found\n",
        "the build failed after ",
    ] {
        assert!(run.out.contains(part), "no {part:?} in:\n{}", run.out);
    }
    assert_eq!(sandbox.read("bin/words"), "build\n-f\nDockerfile\n.\n");
}

#[test]
fn steps_are_told_and_the_exit_code_is_that_of_the_build() {
    let sandbox = recorded("podman", "podman-4.3", "multiok");
    let run = run(&sandbox, &["--program", "podman"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("[builder 2/5] COPY busybox /bin/sh  cached\n"), "{}", run.out);
    assert!(run.out.contains("built 46cc4263fd37"), "{}", run.out);
    assert!(!run.out.contains('\u{1b}'), "no colours in a pipe");
}

#[test]
fn scripts_get_an_object_a_line() {
    let sandbox = recorded("docker", "buildx-0.13-rawjson", "missing");
    sandbox.write("bin/buildx", b"github.com/docker/buildx 0.13.1 x\n");
    let run = run(&sandbox, &["--json", "--tag", "shop:1", "--target", "0", "--", "--no-cache"]);
    assert_eq!(run.code, 1, "{}", run.err);
    let objects = objects(&run);
    let error = of_kind(&objects, "error")[0];
    assert_eq!((&error["line"], &error["endLine"]), (&Value::from(3), &Value::from(4)));
    assert_eq!(error["range"]["start"], serde_json::json!({ "line": 4, "column": 6 }));
    assert_eq!(error["cause"]["kind"], "missing-source");
    let result = of_kind(&objects, "result")[0];
    assert_eq!((&result["ok"], &result["exitCode"]), (&Value::from(false), &Value::from(1)));
    let steps = of_kind(&objects, "step");
    assert!(steps.iter().any(|it| it["line"] == 2 && it["cached"] == true && it["state"] == "done"));
    let words = sandbox.read("bin/words");
    assert!(words.starts_with("buildx\nbuild\n--progress=rawjson\n-t\nshop:1\n"), "{words}");
    // The only stage has no name to build it by, and needs none.
    assert!(words.contains("--no-cache\n") && !words.contains("--target"), "{words}");
}

#[test]
fn nothing_is_started_when_something_is_wrong() {
    let sandbox = recorded("docker", "docker-20.10-legacy", "ok");
    let cases: [(&[&str], &str); 5] = [
        (&["--target", "nope"], "no stage `nope`"),
        (&["nothere"], "there is no such file"),
        (&["--program", "nothere"], "there is no program `nothere`"),
        (&["--tag=-rf"], "`-rf`"),
        (&["--build-arg", "=x"], "needs a name"),
    ];
    for (arguments, sentence) in cases {
        let run = run(&sandbox, arguments);
        assert!(run.err.contains(sentence), "{arguments:?}: {}", run.err);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
    }
    assert!(!sandbox.path("bin/words").exists());
}

#[test]
fn a_machine_without_an_engine_is_told_so() {
    let sandbox = Sandbox::new(&[("Dockerfile", "FROM scratch\n")]);
    let empty = sandbox.path("empty").display().to_string();
    let run = sandbox.run_with(&["build"], b"", &[("PATH", &empty)]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("no container engine is installed"), "{}", run.err);
}

#[test]
fn a_dry_run_only_shows_the_words() {
    let sandbox = recorded("docker", "docker-20.10-legacy", "ok");
    sandbox.write("$(touch x) & co/Dockerfile", b"FROM scratch\n");
    let run = run(&sandbox, &["--dry-run", "--build-arg", "A=1 2", "$(touch x) & co/Dockerfile"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.starts_with("docker build -f '$(touch x) & co/Dockerfile'"), "{}", run.out);
    assert!(run.out.contains("'A=1 2'"), "{}", run.out);
    assert!(!sandbox.path("bin/words").exists());
}

#[test]
fn what_a_build_prints_cannot_command_the_terminal() {
    let sandbox = Sandbox::new(&[("Dockerfile", "FROM scratch\n")]);
    engine_script(
        &sandbox,
        "docker",
        "printf 'Step 1/1 : FROM \\033]0;x\\007scratch\\n'\nprintf '\\033[2Jx\\n' >&2\nexit 1\n",
    );
    let run = run(&sandbox, &["--verbose"]);
    assert!(!run.out.contains('\u{1b}') && !run.out.contains('\u{7}'), "{:?}", run.out);
    assert_eq!(run.code, 1);
}

#[test]
fn ctrl_c_ends_the_build_with_all_it_started() {
    let sandbox = Sandbox::new(&[("Dockerfile", "FROM scratch\nRUN x\n")]);
    engine_script(
        &sandbox,
        "docker",
        "sleep 300 &\necho $! >\"$here/pid\"\necho 'Step 1/2 : FROM scratch'\necho 'Step 2/2 : RUN x'\nwait\n",
    );
    let path = format!("{}:/usr/bin:/bin", sandbox.path("bin").display());
    let mut build = command(&sandbox.path(""));
    build.args(["build", "--json"]).env("PATH", path).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut build = build.spawn().unwrap();
    let mut lines = BufReader::new(build.stdout.take().unwrap()).lines();
    assert!(lines.any(|it| it.unwrap().contains("RUN x")));
    let sleeper: i32 = sandbox.read("bin/pid").trim().parse().unwrap();
    let since = Instant::now();
    // SAFETY: a signal to a child of ours that has not been waited for.
    unsafe { libc::kill(build.id() as i32, libc::SIGINT) };
    assert_eq!(build.wait().unwrap().code(), Some(130));
    assert!(since.elapsed() < Duration::from_secs(10));
    // A process that ended is gone, or waits for somebody to ask for its exit code; a signal takes a moment to arrive.
    let state = || std::fs::read_to_string(format!("/proc/{sleeper}/stat")).unwrap_or_default();
    let is_gone = || state().is_empty() || state().contains(") Z ");
    while !is_gone() {
        assert!(since.elapsed() < Duration::from_secs(10), "{}", state());
        std::thread::sleep(Duration::from_millis(10));
    }
}
