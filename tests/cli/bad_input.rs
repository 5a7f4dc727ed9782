//! Whatever lies on the disk: one sentence, the rest is checked, and no panic.

use crate::sandbox::{Sandbox, WARNING};

/// The good file is reported, and the other is named once on standard error.
fn check_with(sandbox: &Sandbox, code: i32, sentence: &str) {
    sandbox.write("good/Dockerfile", WARNING.as_bytes());
    let run = sandbox.run(&["check", "--format", "gnu"]);
    assert_eq!(run.code, code, "{run:?}");
    assert!(run.out.contains("good/Dockerfile:2:1: warning: "), "{run:?}");
    assert_eq!(
        run.err,
        if sentence.is_empty() { String::new() } else { format!("dockwright: {sentence}\n") }
    );
}

#[test]
fn a_missing_file_is_named() {
    let run =
        Sandbox::new(&[("Dockerfile", WARNING)]).run(&["check", "-q", "nowhere/Dockerfile", "Dockerfile"]);
    assert_eq!((run.code, run.err.as_str()), (2, "dockwright: nowhere/Dockerfile: there is no such file\n"));
    assert!(run.out.starts_with("warning"), "{run:?}");
}

#[test]
fn other_encodings_and_binaries_are_refused() {
    let sandbox = Sandbox::new(&[]);
    let utf16: Vec<u8> = "\u{feff}FROM scratch\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    sandbox.write("Dockerfile", &utf16);
    check_with(&sandbox, 2, "Dockerfile: is UTF-16; Docker reads UTF-8 only, so save it as UTF-8");
    sandbox.write("Dockerfile", &[0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe, 0]);
    check_with(&sandbox, 2, "Dockerfile: is a binary file, not a Dockerfile");
}

#[test]
fn odd_bytes_are_read_as_docker_does() {
    let sandbox = Sandbox::new(&[]);
    sandbox.write("Dockerfile", b"# caf\xe9\nFROM scratch\n");
    check_with(&sandbox, 1, "Dockerfile: is not UTF-8 everywhere; odd bytes are shown as \u{fffd}");
}

#[test]
fn a_huge_file_is_not_read() {
    let sandbox = Sandbox::new(&[("Dockerfile", "")]);
    let file = std::fs::OpenOptions::new().write(true).open(sandbox.path("Dockerfile")).unwrap();
    file.set_len(50 << 20).unwrap();
    check_with(&sandbox, 2, "Dockerfile: is larger than 16 MB, which no Dockerfile is; it was not read");
}

#[test]
fn a_line_of_a_megabyte_is_cut_where_it_is_shown() {
    let text = format!("FROM scratch\nMAINTAINER {}\n", "漢\t".repeat(300_000));
    let run = Sandbox::new(&[("Dockerfile", &text)]).run(&["check"]);
    assert!(run.code == 1 && run.out.contains("…\n"), "{}", run.out.len());
    assert!(run.out.lines().all(|line| line.len() < 1000));
}

#[test]
fn what_a_terminal_would_obey_is_shown_as_a_picture() {
    let text = "FROM scratch\nMAINTAINER \u{1b}]0;title\u{7}\u{202e}\0me\n\u{1b}[31mRUNN x\r\n";
    let run = Sandbox::new(&[("Dockerfile", text)]).run(&["check"]);
    assert!(run.out.contains("␛]0;title␇"), "{}", run.out);
    let is_obeyed = |it: char| (it.is_control() && it != '\n') || it == '\u{202e}';
    assert!(!run.out.chars().any(is_obeyed), "{:?}", run.out);
}

#[test]
fn a_folder_called_like_a_dockerfile_is_walked() {
    let sandbox = Sandbox::new(&[("Dockerfile/x/Dockerfile", "FROM scratch\n")]);
    check_with(&sandbox, 1, "");
    assert_eq!(sandbox.run(&["check", "Dockerfile"]).out, "no problems found in 1 file\n");
}

#[test]
fn empty_files_and_odd_texts_do_no_harm() {
    for text in [
        "",
        "\n",
        "\\",
        "FROM scratch\nRUN echo \0 in between\n",
        "# escape=`",
        "FROM",
        "RUN <<",
        "ONBUILD ONBUILD",
        "\u{feff}",
        "\r\r\r",
        "$",
        "{",
    ] {
        let run = Sandbox::new(&[("Dockerfile", text)]).run(&["check"]);
        assert!(run.code < 2 && !run.err.contains("fault of dockwright"), "{text:?}: {run:?}");
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;

    #[test]
    fn links_to_files_are_read_and_broken_ones_named() {
        let sandbox = Sandbox::new(&[("a/real", WARNING)]);
        symlink(sandbox.path("a/real"), sandbox.path("a/Dockerfile")).unwrap();
        check_with(&sandbox, 1, "");
        symlink(sandbox.path("a/nothing"), sandbox.path("Dockerfile")).unwrap();
        check_with(&sandbox, 2, "Dockerfile: is a link to nothing");
    }

    #[test]
    fn loops_of_links_and_pipes_are_passed_over() {
        let sandbox = Sandbox::new(&[("a/x", "")]);
        symlink(sandbox.path(""), sandbox.path("a/loop")).unwrap();
        let pipe = sandbox.path("Dockerfile");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        check_with(&sandbox, 1, "");
        let run = sandbox.run(&["check", "Dockerfile"]);
        assert_eq!((run.code, run.err.as_str()), (2, "dockwright: Dockerfile: is not a regular file\n"));
        let run = sandbox.run(&["explain", "Dockerfile"]);
        assert_eq!(run.code, 2);
        assert!(run.err.contains("cannot explain `Dockerfile`: it is not a regular file"), "{}", run.err);
    }

    #[test]
    fn what_may_not_be_read_is_named() {
        use std::os::unix::fs::PermissionsExt;
        let sandbox = Sandbox::new(&[("Dockerfile", WARNING)]);
        std::fs::set_permissions(sandbox.path("Dockerfile"), std::fs::Permissions::from_mode(0o000)).unwrap();
        // Root reads everything.
        if std::fs::read(sandbox.path("Dockerfile")).is_err() {
            check_with(&sandbox, 2, "Dockerfile: permission denied");
        }
    }
}
