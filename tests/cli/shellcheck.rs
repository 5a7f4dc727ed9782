//! ShellCheck in `check`. These tests run the real one, which `.ci/run` installs, and so only with the feature
//! `real-parts`.

use serde_json::{Value, json};

use crate::sandbox::{Run, Sandbox};

const UNQUOTED: &str = "FROM scratch\nARG known\nRUN echo $known \\\n  # é\n  $unknown\nCMD [\"x\"]\n";

/// The codes of ShellCheck with their places: `SC2086 5:3-5:11`.
fn codes(run: &Run) -> Vec<String> {
    let items: Vec<Value> = serde_json::from_str(&run.out).expect("JSON");
    let shell = items.iter().filter(|it| it["rule"].as_str().is_some_and(|rule| rule.starts_with("SC")));
    let place = |it: &Value| format!("{}:{}", it["line"], it["column"]);
    let shown = |it: &Value| {
        let range = &it["range"];
        format!(
            "{} {}-{}",
            it["rule"].as_str().expect("a name"),
            place(&range["start"]),
            place(&range["end"])
        )
    };
    shell.map(shown).collect()
}

#[track_caller]
fn check(text: &str, arguments: &[&str]) -> Vec<String> {
    let sandbox = Sandbox::new(&[("Dockerfile", text)]);
    codes(&sandbox.run(&[&["check", "--format", "json"], arguments].concat()))
}

#[test]
fn findings_stand_where_the_text_stands() {
    assert_eq!(check(UNQUOTED, &[]), ["SC2086 5:3-5:11", "SC2154 5:3-5:11"], "is shellcheck installed?");
}

#[test]
fn the_json_is_as_for_every_rule() {
    let sandbox = Sandbox::new(&[("Dockerfile", "FROM scratch\nRUN echo $HOME\n")]);
    let run = sandbox.run(&["check", "--format", "json"]);
    let items: Vec<Value> = serde_json::from_str(&run.out).expect("JSON");
    let item = items.iter().find(|it| it["rule"] == "SC2086").expect("SC2086");
    assert_eq!((&item["severity"], &item["aliases"]), (&json!("info"), &json!([])));
    assert_eq!(item["url"], "https://www.shellcheck.net/wiki/SC2086");
    assert_eq!((&item["fix"]["safe"], &item["fix"]["title"]), (&json!(false), &json!("Write `\"$HOME\"`")));
}

#[test]
fn repairs_are_for_who_asks_for_unsafe_ones() {
    let sandbox = Sandbox::new(&[("Dockerfile", "FROM scratch\nRUN echo $HOME \\\n  $x$y\n")]);
    sandbox.run(&["check", "--fix"]);
    assert_eq!(sandbox.read("Dockerfile"), "FROM scratch\nRUN echo $HOME \\\n  $x$y\n");
    sandbox.run(&["check", "--unsafe-fixes"]);
    assert_eq!(sandbox.read("Dockerfile"), "FROM scratch\nRUN echo \"$HOME\" \\\n  \"$x\"\"$y\"\n");
}

#[test]
fn codes_are_switched_as_rules_are() {
    let text = "FROM scratch\nRUN echo $HOME\n";
    assert_eq!(check(text, &["--ignore", "SC2086"]), [""; 0]);
    assert_eq!(check(text, &["--profile", "none"]), [""; 0]);
    assert_eq!(check(text, &["--profile", "buildkit"]), [""; 0]);
    assert_eq!(check(text, &["--profile", "none", "--select", "sc2086"]), ["SC2086 2:10-2:15"]);
    let sandbox = Sandbox::new(&[("Dockerfile", text), (".hadolint.yaml", "override:\n  error: [SC2086]\n")]);
    let run = sandbox.run(&["check", "--format", "jsonl"]);
    let item = run.out.lines().find(|line| line.contains("SC2086")).expect("SC2086");
    assert!(item.contains("\"severity\":\"error\""), "{item}");
}

#[test]
fn comments_switch_codes_off_in_every_notation() {
    for comment in [
        "# hadolint ignore=SC2086",
        "# dockwright: ignore[SC2086] why",
        "# shellcheck disable=SC2086",
        "# hadolint global ignore=DL3006,SC2086",
    ] {
        assert_eq!(check(&format!("FROM scratch\n{comment}\nRUN echo $HOME\n"), &[]), [""; 0], "{comment}");
    }
    let other = "FROM scratch\n# hadolint ignore=SC2046\nRUN echo $HOME\n";
    assert_eq!(check(other, &[]), ["SC2086 3:10-3:15"]);
}

#[test]
fn what_is_read_depends_on_the_shell_and_the_profile() {
    let bash = "FROM scratch\nSHELL [\"/bin/bash\", \"-c\"]\nRUN [[ -e x ]]\n";
    assert_eq!(check(bash, &[]), [""; 0]);
    assert_eq!(check("FROM scratch\nRUN [[ -e x ]]\n", &[]), ["SC3010 2:5-2:15"]);
    assert_eq!(check("FROM scratch\nCMD echo $HOME\n", &[]), ["SC2086 2:10-2:15"]);
    assert_eq!(check("FROM scratch\nCMD echo $HOME\n", &["--profile", "hadolint"]), [""; 0]);
    assert_eq!(check("FROM scratch\nONBUILD RUN echo $HOME\n", &[]), ["SC2086 2:18-2:23"]);
    let heredoc = "FROM scratch\nRUN <<EOF\n#!/bin/bash -e\ncd /x\n\techo $HOME\nEOF\n";
    assert_eq!(check(heredoc, &[]), ["SC2086 5:7-5:12"]);
}

#[test]
fn settings_can_switch_it_off() {
    for settings in ["[shellcheck]\nenable = false\n", "trusted = false\n"] {
        let files = [("Dockerfile", "FROM scratch\nRUN echo $HOME\n"), ("dockwright.toml", settings)];
        let run = Sandbox::new(&files).run(&["check", "--format", "json"]);
        assert_eq!(codes(&run), [""; 0], "{settings}");
    }
}

#[test]
fn a_workspace_does_not_choose_the_program() {
    let settings = "[shellcheck]\npath = \"./evil\"\n";
    let files = [("Dockerfile", "FROM scratch\nRUN echo $HOME\n"), ("dockwright.toml", settings)];
    let run = Sandbox::new(&files).run(&["check", "--format", "json", "--verbose"]);
    assert_eq!(codes(&run), ["SC2086 2:10-2:15"]);
    assert!(run.err.contains("shellcheck.path"), "{}", run.err);
}

#[test]
fn that_it_is_missing_is_said_once_to_who_wants_to_know() {
    let sandbox = Sandbox::new(&[("a/Dockerfile", UNQUOTED), ("b/Dockerfile", UNQUOTED)]);
    let said = |arguments: &[&str]| {
        let run = sandbox.run_with(arguments, b"", &[("PATH", "")]);
        run.err.matches("ShellCheck is not installed").count()
    };
    assert_eq!(said(&["check", "--verbose"]), 1);
    assert_eq!(said(&["check"]), 0);
}

#[test]
fn many_files_are_read_together() {
    let files: Vec<(String, String)> = (0..40)
        .map(|at| (format!("{at:02}/Dockerfile"), format!("FROM scratch\nRUN echo $x{at}\nRUN echo ok\n")))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let run =
        Sandbox::new(&files).run(&["check", "--format", "json", "--select", "SC2086", "--profile", "none"]);
    assert_eq!(codes(&run).len(), 40);
}
