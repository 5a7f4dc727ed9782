//! `--fix`, `--unsafe-fixes` and `--diff`: what is written, and what is left alone.

use expect_test::expect;

use crate::sandbox::{CLEAN, Sandbox, WARNING};

const FIXED: &str = "FROM scratch\nLABEL org.opencontainers.image.authors=\"me\"\n";

#[test]
fn safe_repairs_are_written_and_told() {
    let sandbox = Sandbox::new(&[("Dockerfile", WARNING), ("a/Dockerfile", CLEAN)]);
    let run = sandbox.run(&["check", "--fix"]);
    assert_eq!(run.code, 0);
    assert_eq!(run.out, "Fixed 1 problem in 1 file.\nno problems found in 2 files\n");
    assert_eq!(sandbox.read("Dockerfile"), FIXED);
    assert_eq!(sandbox.run(&["check", "--fix"]).out, "no problems found in 2 files\n");
}

#[test]
fn unsafe_repairs_wait_to_be_asked_for() {
    let sandbox = Sandbox::new(&[("Dockerfile", "FORM scratch\n")]);
    let run = sandbox.run(&["check", "--fix"]);
    assert!(run.code == 1 && run.out.contains("`--unsafe-fixes`"), "{run:?}");
    assert_eq!(sandbox.read("Dockerfile"), "FORM scratch\n");
    assert_eq!(sandbox.run(&["check", "--unsafe-fixes"]).code, 0);
    assert_eq!(sandbox.read("Dockerfile"), "FROM scratch\n");
}

#[test]
fn a_difference_is_shown_and_nothing_written() {
    let sandbox = Sandbox::new(&[("Dockerfile", WARNING)]);
    let run = sandbox.run(&["check", "--diff"]);
    assert_eq!(run.code, 1);
    expect![[r#"
        --- Dockerfile
        +++ Dockerfile
        @@ -1,2 +1,2 @@
         FROM scratch
        -MAINTAINER me
        +LABEL org.opencontainers.image.authors="me"
    "#]]
    .assert_eq(&run.out);
    assert_eq!(sandbox.read("Dockerfile"), WARNING);
    let clean = Sandbox::new(&[("Dockerfile", CLEAN)]).run(&["check", "--diff"]);
    assert_eq!((clean.code, clean.out.as_str()), (0, ""));
}

#[test]
fn byte_order_mark_and_line_ends_stay() {
    let crlf = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let sandbox = Sandbox::new(&[("Dockerfile", &crlf(WARNING))]);
    assert_eq!(sandbox.run(&["check", "--fix"]).code, 0);
    assert_eq!(sandbox.read("Dockerfile"), crlf(FIXED));
}

#[test]
fn standard_input_comes_back_repaired() {
    let run = Sandbox::new(&[]).pipe(&["check", "--fix", "-"], WARNING);
    assert_eq!((run.code, run.out.as_str()), (0, FIXED));
}

#[test]
fn a_file_that_is_not_utf_8_is_never_written() {
    let sandbox = Sandbox::new(&[]);
    let bytes = b"# caf\xe9\nFROM scratch\nMAINTAINER me\n";
    sandbox.write("Dockerfile", bytes);
    let run = sandbox.run(&["check", "--fix"]);
    assert!(run.code == 1 && run.err.contains("is not changed"), "{run:?}");
    assert_eq!(std::fs::read(sandbox.path("Dockerfile")).unwrap(), bytes);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_named_and_the_rest_is_repaired() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new(&[("a/Dockerfile", WARNING), ("b/Dockerfile", WARNING)]);
    let read_only = std::fs::Permissions::from_mode(0o444);
    std::fs::set_permissions(sandbox.path("a/Dockerfile"), read_only).unwrap();
    let run = sandbox.run(&["check", "--fix"]);
    assert_eq!(
        (run.code, run.err.as_str()),
        (2, "dockwright: a/Dockerfile: cannot be written: permission denied\n")
    );
    assert_eq!(sandbox.read("b/Dockerfile"), FIXED);
}
