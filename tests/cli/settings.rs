//! Configuration files on the command line.

use crate::sandbox::{Sandbox, WARNING};

#[test]
fn the_nearest_configuration_counts() {
    let sandbox = Sandbox::new(&[
        ("dockwright.toml", "ignore = ['DL4000']\n"),
        ("Dockerfile", WARNING),
        ("a/dockwright.toml", "profile = 'all'\nignore = ['DL3057']\nseverity = { DL4000 = 'error' }\n"),
        ("a/b/Dockerfile", WARNING),
    ]);
    let run = sandbox.run(&["check", "--format", "gnu", "--select", "deprecated-maintainer"]);
    assert!(run.out.contains("Dockerfile:2:1: warning: "), "selected on the command line: {run:?}");
    let run = sandbox.run(&["check", "--format", "gnu"]);
    assert!(run.out.starts_with("a/b/Dockerfile:2:1: error: "), "{run:?}");
    assert_eq!(run.out.lines().count(), 1);
}

#[test]
fn hadolints_configuration_is_read() {
    let sandbox = Sandbox::new(&[("Dockerfile", WARNING), (".hadolint.yaml", "ignored:\n  - DL4000\n")]);
    assert_eq!(sandbox.run(&["check"]).code, 0);
    sandbox.write(".hadolint.yaml", b"failure-threshold: error\n");
    let run = sandbox.run(&["check"]);
    assert!(run.code == 0 && run.out.contains("1 warning"), "{run:?}");
    assert_eq!(sandbox.run(&["check", "--error-on", "warning"]).code, 1);
    sandbox.write("other.yaml", b"no-fail: true\n");
    assert_eq!(sandbox.run(&["check", "--config", "other.yaml"]).code, 0);
}

#[test]
fn a_broken_configuration_leaves_out_what_it_governs_and_nothing_else() {
    let sandbox = Sandbox::new(&[
        ("a/dockwright.toml", "profile = 7\n"),
        ("a/Dockerfile", WARNING),
        ("a/x/Dockerfile", WARNING),
        ("b/Dockerfile", WARNING),
    ]);
    let run = sandbox.run(&["check", "--format", "gnu"]);
    assert_eq!(run.code, 2);
    assert_eq!(run.err.lines().count(), 1, "{run:?}");
    assert!(run.err.starts_with("dockwright: a/dockwright.toml: the setting `profile` is 7: "), "{run:?}");
    assert_eq!(run.out.lines().count(), 1);
    assert!(run.out.starts_with("b/Dockerfile:2:1: "), "{run:?}");
}

#[test]
fn each_kind_of_fault_names_the_file_and_the_place() {
    let sentence = |name: &str, text: &str| {
        let run = Sandbox::new(&[("Dockerfile", WARNING), (name, text)]).run(&["check"]);
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        run.err.trim_start_matches("dockwright: ").trim_end().to_owned()
    };
    assert!(sentence("dockwright.toml", "\nprofile = \n").starts_with("dockwright.toml: line 2: "));
    let expected = "dockwright.toml: there is no setting `profil`; did you mean `profile`?";
    assert_eq!(sentence("dockwright.toml", "profil = 'all'\n"), expected);
    let expected = "dockwright.toml: there is no rule `no-such-rule`, which `severity` names";
    assert_eq!(sentence("dockwright.toml", "severity = { no-such-rule = 'off' }\n"), expected);
    let expected = ".hadolint.yaml: the key `ignored` must be a list of names";
    assert_eq!(sentence(".hadolint.yaml", "ignored: DL3006\n"), expected);
    assert!(sentence(".hadolint.yaml", "a: [\n").starts_with(".hadolint.yaml: line "));
}

#[test]
fn one_file_can_be_made_to_count_for_all() {
    let sandbox = Sandbox::new(&[
        ("dockwright.toml", "profile = 7\n"),
        ("Dockerfile", WARNING),
        ("ci.toml", "severity = { DL4000 = 'info' }\n"),
    ]);
    let run = sandbox.run(&["check", "--config", "ci.toml", "--format", "gnu"]);
    assert!(run.code == 0 && run.out.contains(": info: "), "{run:?}");
    let variable = [("DOCKWRIGHT_CONFIG", "ci.toml")];
    assert_eq!(sandbox.run_with(&["check", "--format", "gnu"], b"", &variable).out, run.out);
}

#[test]
fn overrides_are_for_their_paths() {
    let toml = "[[overrides]]\npaths = ['dev/**', '*.test']\nignore = ['DL4000']\n";
    let sandbox = Sandbox::new(&[
        ("dockwright.toml", toml),
        ("Dockerfile", WARNING),
        ("Dockerfile.test", WARNING),
        ("dev/x/Dockerfile", WARNING),
    ]);
    let run = sandbox.run(&["check", "--format", "gnu"]);
    assert!(run.out.lines().count() == 1 && run.out.starts_with("Dockerfile:2"), "{run:?}");
}

#[test]
fn a_workspace_cannot_choose_addresses_and_that_is_no_fault() {
    let sandbox = Sandbox::new(&[
        ("dockwright.toml", "[registry]\nhubUrl = 'https://example.com'\n"),
        ("Dockerfile", WARNING),
    ]);
    let run = sandbox.run(&["check", "--verbose"]);
    assert!(
        run.code == 1 && run.err.contains("`registry.hubUrl` is ignored in a file of the workspace"),
        "{run:?}"
    );
}
