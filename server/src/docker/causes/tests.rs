//! What real programs print, and the cause that is told. The words are those of the programs, from their own runs.

use super::*;

fn check(instruction: &str, exit_code: i32, lines: &[&str], expected: (CauseKind, &str)) {
    let lines: Vec<String> = lines.iter().map(|it| (*it).to_owned()).collect();
    let said = format!("process \"/bin/sh -c x\" did not complete successfully: exit code: {exit_code}");
    let cause = explain(&Evidence {
        said: &said,
        last_lines: &lines,
        instruction: Some(instruction),
        exit_code: Some(exit_code),
        distribution: Some(Distribution::Debian),
        ..Evidence::default()
    });
    let cause = cause.unwrap_or_else(|| panic!("no cause for {lines:?}"));
    let found = (cause.kind, cause.subject.clone().unwrap_or_default());
    assert_eq!(found, (expected.0, expected.1.to_owned()), "{lines:?}");
    is_a_sentence(&cause);
}

fn said(text: &str) -> Option<Cause> {
    let cause = explain(&Evidence { said: text, ..Evidence::default() });
    cause.iter().for_each(is_a_sentence);
    cause
}

fn check_said(text: &str, kind: CauseKind, subject: &str) {
    let cause = said(text).unwrap_or_else(|| panic!("no cause for {text}"));
    assert_eq!((cause.kind, cause.subject.unwrap_or_default().as_str()), (kind, subject), "{text}");
}

fn is_a_sentence(cause: &Cause) {
    for text in [&cause.why, &cause.way_out] {
        assert!(!text.is_empty() && !text.ends_with('.') && !text.contains("``"), "{text}");
        assert!(!text.contains("  ") && !text.contains('\n'), "{text}");
    }
}

#[test]
fn commands_that_are_not_there() {
    use CauseKind::CommandNotFound;
    for line in [
        "/bin/sh: 1: make: not found",
        "/bin/sh: make: not found",
        "/bin/sh: line 1: make: command not found",
        "bash: line 3: make: command not found",
        "zsh:1: command not found: make",
        "/usr/bin/env: ‘make’: No such file or directory",
        "runc run failed: unable to start container process: exec: \"make\": executable file not found in $PATH",
    ] {
        check("RUN make", 127, &["some output", line], (CommandNotFound, "make"));
    }
    check("RUN make; true", 127, &["/bin/sh: 1: make: not found", "and more"], (CommandNotFound, "make"));
    let evidence = Evidence {
        said: "process \"x\" did not complete successfully: exit code: 1",
        last_lines: &["sh: 1: make: not found".to_owned(), "tests failed".to_owned()],
        exit_code: Some(1),
        ..Evidence::default()
    };
    assert_eq!(explain(&evidence), None, "it went on after that");
}

#[test]
fn the_way_out_of_a_missing_command_fits_the_image() {
    let way_out = |command: &str, distribution| {
        let line = format!("/bin/sh: 1: {command}: not found");
        let evidence =
            Evidence { last_lines: &[line], exit_code: Some(127), distribution, ..Evidence::default() };
        explain(&evidence).unwrap().way_out
    };
    assert!(way_out("make", Some(Distribution::Debian)).contains("apt-get install"));
    assert!(way_out("make", Some(Distribution::Alpine)).contains("apk add"));
    assert!(way_out("make", Some(Distribution::WithoutPackages)).contains("earlier stage"));
    assert!(way_out("apt-get", Some(Distribution::Alpine)).contains("with `apk`"));
    assert!(way_out("sudo", None).contains("leave `sudo` out"));
    assert!(way_out("./configure", None).contains("path"));
}

#[test]
fn packages_that_are_not_there() {
    use CauseKind::PackageNotFound;
    for (line, package) in [
        ("E: Unable to locate package curll", "curll"),
        ("E: Package 'libssl1.0' has no installation candidate", "libssl1.0"),
        ("E: Version '7.1' for 'curl' was not found", "curl"),
        ("  curll (no such package):", "curll"),
        ("    breaks: world[curl=7.0-r0]", "curl"),
        ("No match for argument: curll", "curll"),
        ("No package curll available.", "curll"),
        ("error: target not found: curll", "curll"),
        ("ERROR: No matching distribution found for nosuch==9", "nosuch==9"),
        ("npm error 404  'nosuch@*' is not in this registry.", "nosuch@*"),
        ("npm ERR! notarget No matching version found for left-pad@99.", "left-pad@99"),
        ("ERROR:  Could not find a valid gem 'nosuch' (>= 0) in any repository", "nosuch"),
    ] {
        check("RUN x", 100, &["Reading package lists...", line], (PackageNotFound, package));
    }
    let way_out = |instruction| {
        let lines = ["E: Unable to locate package curl".to_owned()];
        let evidence = Evidence { last_lines: &lines, instruction: Some(instruction), ..Evidence::default() };
        explain(&evidence).unwrap().way_out
    };
    assert!(way_out("RUN apt-get install -y curl").contains("`apt-get update` before it"));
    assert!(way_out("RUN apt-get update && apt-get install -y curl").contains("spelling"));
}

#[test]
fn sources_that_are_not_there() {
    use CauseKind::{IgnoredSource, MissingSource};
    check_said("\"/src/app\": not found", MissingSource, "src/app");
    check_said("\"/src/app\" not found: not found", MissingSource, "src/app");
    check_said(
        "file not found in build context or excluded by .dockerignore: stat a.txt: file does not exist",
        MissingSource,
        "a.txt",
    );
    check_said("\"/nothere\": no such file or directory", MissingSource, "nothere");
    check_said(
        "no items matching glob \"/c/secret.txt\" copied (1 filtered out using /c/.dockerignore): no such file or directory",
        IgnoredSource,
        "secret.txt",
    );
    check_said("forbidden path outside the build context: ../a ()", MissingSource, "");
}

#[test]
fn images_that_cannot_be_had() {
    use CauseKind::*;
    check_said("docker.io/library/alpine:nope: not found", UnknownTag, "docker.io/library/alpine:nope");
    check_said(
        "manifest for alpine:nope not found: manifest unknown: manifest unknown",
        UnknownTag,
        "alpine:nope",
    );
    check_said(
        "pull access denied for acme/api, repository does not exist or may require 'docker login'",
        PullDenied,
        "acme/api",
    );
    check_said(
        "acme/api: failed to resolve source metadata for docker.io/acme/api:latest: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
        PullDenied,
        "docker.io/acme/api:latest",
    );
    check_said("toomanyrequests: You have reached your pull rate limit.", TooManyPulls, "");
    check_said("no match for platform in manifest: not found", WrongPlatform, "");
    check_said("target stage \"buidler\" could not be found", UnknownStage, "buidler");
    check_said(
        "creating build container: localhost:1/nope:1: image not known",
        NotPulled,
        "localhost:1/nope:1",
    );
}

#[test]
fn what_cannot_be_reached() {
    check(
        "RUN x",
        6,
        &["curl: (6) Could not resolve host: example.invalid"],
        (CauseKind::NameResolution, ""),
    );
    check(
        "RUN x",
        1,
        &["curl: (60) SSL certificate problem: unable to get local issuer certificate"],
        (CauseKind::Certificate, ""),
    );
    check(
        "RUN x",
        100,
        &[
            "Err:1 http://deb.invalid x",
            "  Temporary failure resolving 'deb.invalid'",
            "E: Unable to locate package a",
        ],
        (CauseKind::NameResolution, ""),
    );
    check_said(
        "Get \"http://127.0.0.1:1/x\": dial tcp 127.0.0.1:1: connect: connection refused",
        CauseKind::Network,
        "",
    );
}

#[test]
fn what_one_may_not_do() {
    use CauseKind::*;
    check(
        "RUN /bin/tool",
        126,
        &["/bin/sh: 1: /bin/tool: Permission denied"],
        (PermissionDenied, "/bin/tool"),
    );
    check("RUN x", 1, &["/bin/sh: can't create /x: Permission denied"], (PermissionDenied, ""));
    check(
        "RUN apt-get update",
        100,
        &["E: Could not open lock file /var/lib/apt/lists/lock - open (13: Permission denied)"],
        (PermissionDenied, ""),
    );
    check_said("unable to find user app: no matching entries in passwd file", UnknownUser, "app");
    check_said("secret token: not found", SecretMissing, "token");
    check_said("secret token not found: not found", SecretMissing, "token");
    check_said("secret required but no secret with id token found", SecretMissing, "token");
    check_said(
        "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
        SocketDenied,
        "",
    );
}

#[test]
fn limits_of_the_machine() {
    check("RUN x", 1, &["cp: error writing '/a': No space left on device"], (CauseKind::NoSpace, ""));
    check("RUN make", 137, &["Killed"], (CauseKind::OutOfMemory, ""));
}

#[test]
fn files_that_cannot_be_read() {
    use CauseKind::*;
    check_said(
        "dockerfile parse error on line 3: unknown instruction: RUNN (did you mean RUN?)",
        Syntax,
        "RUNN",
    );
    check_said(
        "dockerfile parse error on line 2: unknown flag: chwon (did you mean chown?)",
        UnknownFlag,
        "chwon",
    );
    check_said("dockerfile parse error on line 2: COPY requires at least two arguments", Syntax, "");
    check_said("the --mount option requires BuildKit. Refer to x to learn", NeedsBuildKit, "--mount");
    check_said("no build stage in current context", NoFrom, "");
    check_said("the Dockerfile (Dockerfile) cannot be empty", EmptyFile, "");
}

#[test]
fn engines_that_do_not_answer() {
    use CauseKind::*;
    check_said(
        "Cannot connect to the Docker daemon at unix:///x.sock. Is the docker daemon running?",
        NoDaemon,
        "",
    );
    check_said("docker: 'buildx' is not a docker command.", NoBuildx, "");
    check_said("ERROR: BuildKit is enabled but the buildx component is missing or broken.", NoBuildx, "");
    check_said("unable to prepare context: path \"x\" not found", NoDockerfile, "");
    check_said(
        "rpc error: code = ResourceExhausted desc = grpc: received message larger than max",
        ContextTooLarge,
        "",
    );
}

#[test]
fn programs() {
    check("RUN x", 1, &["exec /bin/sh: exec format error"], (CauseKind::WrongPlatform, ""));
    check(
        "RUN x",
        1,
        &[
            "runc run failed: unable to start container process: exec: \"/bin/sh\": stat /bin/sh: no such file or directory",
        ],
        (CauseKind::NoShell, "/bin/sh"),
    );
    check(
        "RUN ./a.sh",
        127,
        &["/usr/bin/env: ‘bash\\r’: No such file or directory"],
        (CauseKind::LineEndings, ""),
    );
}

#[test]
fn what_nobody_knows_has_no_cause() {
    assert_eq!(said("something else"), None);
    assert_eq!(said(""), None);
    let lines = ["tests: 3 failed".to_owned()];
    let evidence = Evidence { last_lines: &lines, exit_code: Some(1), ..Evidence::default() };
    assert_eq!(explain(&evidence), None);
}
