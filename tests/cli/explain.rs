//! `explain`, `completions` and `--help`.

use crate::sandbox::Sandbox;

fn out(arguments: &[&str]) -> String {
    let run = Sandbox::new(&[]).run(arguments);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{arguments:?}");
    run.out
}

#[test]
fn a_rule_is_explained_by_any_of_its_names() {
    let page = out(&["explain", "deprecated-maintainer"]);
    assert!(page.starts_with("deprecated-maintainer\n"), "{page}");
    assert!(page.contains("    MAINTAINER Jane Doe"), "{page}");
    assert_eq!(out(&["explain", "dl4000"]), page);
    assert!(out(&["explain", "DL4000", "--format", "markdown"]).starts_with("# deprecated-maintainer\n"));
}

#[test]
fn instructions_flags_and_words_are_explained() {
    assert!(out(&["explain", "entrypoint"]).contains("ENTRYPOINT · run time"));
    assert!(out(&["explain", "COPY", "--link"]).contains("--link"));
    assert!(out(&["explain", "exec form"]).starts_with("exec form\n"));
    assert!(out(&["explain", "TARGETPLATFORM"]).contains("variable of the builder"));
    assert!(out(&["explain", "type=cache"]).contains("RUN --mount"));
}

#[test]
fn what_is_unknown_gets_a_hint() {
    let run = Sandbox::new(&[]).run(&["explain", "entrypiont"]);
    let expected = "dockwright: there is nothing to say about `entrypiont`: did you mean `ENTRYPOINT`?\n";
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (2, "", expected));
    assert!(Sandbox::new(&[]).run(&["explain", "SC2086"]).err.contains("shellcheck.net/wiki/SC2086"));
}

#[test]
fn without_a_name_everything_is_listed() {
    let list = out(&["explain"]);
    for name in
        ["ENTRYPOINT ", "RUN --mount", "# escape=", "TARGETPLATFORM", "deprecated-maintainer", "exec form"]
    {
        assert!(list.contains(name), "{name}: {list}");
    }
}

#[test]
fn every_command_helps_with_examples() {
    for command in ["lsp", "check", "format", "explain", "completions"] {
        let help = out(&[command, "--help"]);
        assert!(help.contains(&format!("Examples:\n  dockwright {command}")), "{help}");
    }
    assert!(out(&["--help"]).contains("Examples:\n  dockwright check"));
    assert!(out(&["--version"]).starts_with("dockwright "));
}

#[test]
fn shells_get_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(out(&["completions", shell]).contains("stdin-filename"), "{shell}");
    }
}
