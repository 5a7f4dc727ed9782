//! `format`: what it writes and what it says.

use expect_test::expect;

use crate::sandbox::Sandbox;

const UNTIDY: &str = "FROM   scratch\nRUN a && \\\nb\n";
const TIDY: &str = "FROM scratch\nRUN a && \\\n    b\n";

#[test]
fn files_are_formatted_and_named() {
    let sandbox = Sandbox::new(&[("a/Dockerfile", UNTIDY), ("b/Dockerfile", TIDY)]);
    let run = sandbox.run(&["format"]);
    assert_eq!((run.code, run.out.as_str()), (0, "formatted: a/Dockerfile\nformatted 1 of 2 files\n"));
    assert_eq!(sandbox.read("a/Dockerfile"), TIDY);
    assert_eq!(sandbox.run(&["format"]).out, "2 files formatted already\n");
}

#[test]
fn check_lists_and_writes_nothing() {
    let sandbox = Sandbox::new(&[("a/Dockerfile", UNTIDY), ("b/Dockerfile", TIDY)]);
    let run = sandbox.run(&["format", "--check"]);
    assert_eq!(
        (run.code, run.out.as_str()),
        (1, "not formatted: a/Dockerfile\n1 of 2 files not formatted\n")
    );
    assert_eq!(sandbox.read("a/Dockerfile"), UNTIDY);
    assert_eq!(sandbox.run(&["format", "--check", "b"]).code, 0);
}

#[test]
fn a_difference_can_be_seen_first() {
    let run = Sandbox::new(&[("Dockerfile", UNTIDY)]).run(&["format", "--diff"]);
    assert_eq!(run.code, 1);
    expect![[r#"
        --- Dockerfile
        +++ Dockerfile
        @@ -1,3 +1,3 @@
        -FROM   scratch
        +FROM scratch
         RUN a && \
        -b
        +    b
    "#]]
    .assert_eq(&run.out);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let sandbox = Sandbox::new(&[("a/.editorconfig", "root = true\n[*]\nindent_size = 2\n")]);
    for arguments in [&["format", "--stdin"][..], &["format", "-"]] {
        let run = sandbox.pipe(arguments, UNTIDY);
        assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, TIDY, ""));
    }
    let run = sandbox.pipe(&["format", "--stdin", "--stdin-filename", "a/Dockerfile"], UNTIDY);
    assert_eq!(run.out, TIDY.replace("    b", "  b"));
    assert_eq!(sandbox.pipe(&["format", "--stdin"], TIDY).out, TIDY);
    assert_eq!(sandbox.pipe(&["format", "--stdin", "--check"], UNTIDY).code, 1);
}

#[test]
fn our_own_settings_win_over_the_editors() {
    let sandbox = Sandbox::new(&[
        (".editorconfig", "root = true\n[Dockerfile]\nindent_size = 2\nend_of_line = crlf\n"),
        ("a/Dockerfile", UNTIDY),
        ("b/dockwright.toml", "[format]\nindent = 8\nkeyword-case = 'lower'\n"),
        ("b/Dockerfile", UNTIDY),
    ]);
    assert_eq!(sandbox.run(&["format"]).code, 0);
    assert_eq!(sandbox.read("a/Dockerfile"), "FROM scratch\r\nRUN a && \\\r\n  b\r\n");
    assert_eq!(sandbox.read("b/Dockerfile"), "from scratch\r\nrun a && \\\r\n        b\r\n");
}

#[test]
fn what_cannot_be_formatted_is_named_and_the_rest_is_done() {
    let sandbox =
        Sandbox::new(&[("a/Dockerfile", UNTIDY), ("c/dockwright.toml", "[format]\nindent = 'x'\n")]);
    sandbox.write("b/Dockerfile", b"# caf\xe9\nFROM  a\n");
    sandbox.write("c/Dockerfile", UNTIDY.as_bytes());
    let run = sandbox.run(&["format"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("b/Dockerfile: is not UTF-8 everywhere; it is not changed"), "{run:?}");
    assert!(run.err.contains("c/dockwright.toml: the setting `format.indent`"), "{run:?}");
    assert_eq!(sandbox.read("a/Dockerfile"), TIDY);
    assert_eq!(sandbox.read("c/Dockerfile"), UNTIDY);
}
