//! `check`: which files, which exit code, and what people see.

use expect_test::expect;

use crate::sandbox::{CLEAN, Sandbox, WARNING, command};

#[test]
fn nothing_found_is_said_plainly() {
    let run = Sandbox::new(&[("Dockerfile", CLEAN), ("a/Dockerfile.dev", CLEAN)]).run(&["check"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "no problems found in 2 files\n", ""));
}

#[test]
fn a_finding_shows_its_line_and_the_way_out() {
    let run = Sandbox::new(&[("Dockerfile", WARNING)]).run(&["check", "Dockerfile"]);
    assert_eq!(run.code, 1);
    expect![[r#"
        warning[deprecated-maintainer]: `MAINTAINER` is deprecated: write `LABEL org.opencontainers.image.authors="…"` instead
         --> Dockerfile:2:1
          |
        2 | MAINTAINER me
          | ^^^^^^^^^^
          = why: Docker has not documented `MAINTAINER` since 2017. Tools that list images read labels, and
                 a label can hold any fact about an image, not only a name
          = fix: write a `LABEL` (--fix)
          = see: https://docs.docker.com/go/dockerfile/rule/maintainer-deprecated/

        1 warning in 1 of 1 file
        1 can be fixed with `--fix`
    "#]]
    .assert_eq(&run.out);
}

#[test]
fn files_come_in_the_order_of_their_names_whatever_the_command_line_says() {
    let sandbox =
        Sandbox::new(&[("b/Dockerfile", WARNING), ("a/Dockerfile", WARNING), ("Dockerfile", WARNING)]);
    let run = sandbox.run(&["check", "--format", "gnu", "b", ".", "a/Dockerfile", "./Dockerfile"]);
    let names: Vec<&str> = run.out.lines().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(names, ["Dockerfile", "a/Dockerfile", "b/Dockerfile"]);
}

#[test]
fn many_files_are_printed_the_same_each_time() {
    let sandbox = Sandbox::new(&[]);
    (0..600).for_each(|at| sandbox.write(&format!("{at}/Dockerfile"), WARNING.as_bytes()));
    let runs = [0; 3].map(|_| sandbox.run(&["check", "--format", "jsonl"]).out);
    assert_eq!(runs[0].lines().count(), 600);
    assert!(runs[0] == runs[1] && runs[1] == runs[2]);
}

#[test]
fn the_exit_code_follows_the_level() {
    let sandbox = Sandbox::new(&[("Dockerfile", WARNING)]);
    let code = |arguments: &[&str]| sandbox.run(&[&["check", "-q"], arguments].concat()).code;
    assert_eq!(code(&[]), 1);
    assert_eq!(code(&["--error-on", "error"]), 0);
    assert_eq!(code(&["--error-on", "never"]), 0);
    assert_eq!(code(&["--error-on", "hint"]), 1);
    assert_eq!(code(&["--ignore", "DL4000"]), 0);
    assert_eq!(code(&["--severity", "DL4000=info"]), 0);
    assert_eq!(code(&["--severity", "DL4000=off"]), 0);
    assert_eq!(code(&["--profile", "none", "--severity", "DL4000=error"]), 1);
    assert_eq!(code(&["--profile", "none"]), 0);
    assert_eq!(code(&["--profile", "none", "--select", "MaintainerDeprecated"]), 1);
}

#[test]
fn wrong_usage_is_explained() {
    let sandbox = Sandbox::new(&[("Dockerfile", WARNING)]);
    let run = sandbox.run(&["check", "--ignore", "deprecated-maintaner"]);
    let expected = "dockwright: there is no rule `deprecated-maintaner` (did you mean `deprecated-maintainer`?), which \
                    `--ignore` names\n";
    assert_eq!((run.code, run.err.as_str()), (2, expected));
    assert_eq!(sandbox.run(&["check", "--profile", "recomended"]).code, 2);
    assert!(sandbox.run(&["check", "--profile", "recomended"]).err.contains("did you mean `recommended`?"));
    assert_eq!(sandbox.run(&["check", "--format", "xml"]).code, 2);
    assert_eq!(sandbox.run(&["check", "--severity", "DL4000"]).code, 2);
    assert_eq!(sandbox.run(&["check", "--severity", "no-such-rule=off"]).code, 2);
    assert_eq!(sandbox.run(&["check", "--config", "nowhere.toml"]).code, 2);
}

#[test]
fn standard_input_has_a_name_and_the_settings_of_its_folder() {
    let sandbox = Sandbox::new(&[("a/dockwright.toml", "ignore = ['DL4000']\n")]);
    let run = sandbox.pipe(&["check", "-", "--format", "gnu"], WARNING);
    assert!(run.code == 1 && run.out.starts_with("<stdin>:2:1: warning: "), "{run:?}");
    let run = sandbox.pipe(&["check", "-", "--format", "gnu", "--stdin-filename", "b/Dockerfile"], WARNING);
    assert!(run.out.starts_with("b/Dockerfile:2:1: "), "{run:?}");
    assert_eq!(sandbox.pipe(&["check", "-", "--stdin-filename", "a/Dockerfile"], WARNING).code, 0);
}

#[test]
fn a_walk_leaves_out_what_git_ignores_and_takes_any_case() {
    let sandbox = Sandbox::new(&[
        (".gitignore", "out/\n"),
        ("out/Dockerfile", WARNING),
        ("DOCKERFILE", WARNING),
        ("x.Containerfile", WARNING),
        ("Dockerfile.dockerignore", "*\n"),
        ("README.md", "MAINTAINER me\n"),
    ]);
    let run = sandbox.run(&["check", "--format", "gnu"]);
    let names: Vec<&str> = run.out.lines().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(names, ["DOCKERFILE", "x.Containerfile"]);
    assert_eq!(sandbox.run(&["check", "-q", "out/Dockerfile"]).code, 1);
    let run = sandbox.run(&["check", "README.md", "--format", "gnu"]);
    assert!(
        run.out.starts_with("README.md:1:"),
        "explicit paths are taken whatever they are called: {run:?}"
    );
}

#[test]
fn a_folder_without_dockerfiles_is_named() {
    let sandbox = Sandbox::new(&[("a/README.md", "")]);
    let run = sandbox.run(&["check", "a"]);
    assert_eq!((run.code, run.err.as_str()), (0, "dockwright: no Dockerfiles in a\n"));
}

#[test]
fn colour_is_for_terminals_or_on_demand() {
    let sandbox = Sandbox::new(&[("Dockerfile", WARNING)]);
    assert!(!sandbox.run(&["check"]).out.contains('\u{1b}'));
    assert!(sandbox.run(&["check", "--color", "always"]).out.contains("\u{1b}[1;33mwarning\u{1b}[0m"));
    assert!(!sandbox.run(&["check", "--color", "always", "--format", "json"]).out.contains('\u{1b}'));
}

#[test]
fn quiet_prints_findings_only_and_verbose_names_the_settings() {
    let sandbox = Sandbox::new(&[("Dockerfile", CLEAN), ("dockwright.toml", "strictLabels = true\n")]);
    assert_eq!(sandbox.run(&["check", "--quiet"]).out, "");
    assert!(sandbox.run(&["check", "--verbose"]).err.contains("settings from dockwright.toml"));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let sandbox = Sandbox::new(&[]);
    (0..300).for_each(|at| sandbox.write(&format!("{at}/Dockerfile"), WARNING.repeat(50).as_bytes()));
    let mut process = command(&sandbox.path(""))
        .args(["check", "--format", "jsonl"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(process.stdout.take());
    let output = process.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.code().is_some());
}
