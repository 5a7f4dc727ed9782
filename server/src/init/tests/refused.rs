//! What contradicts itself, or cannot be told: one sentence, and nothing is written.

use super::{try_write, write_as};

fn refusal(files: &[(&str, &str)]) -> String {
    let sentence = try_write(files, None, false).expect_err("it cannot be written").0;
    assert!(!sentence.contains('\n') && !sentence.ends_with('.') && !sentence.contains("  "), "{sentence}");
    sentence
}

#[test]
fn two_kinds_of_project_need_a_word_of_the_user() {
    let files = [("package.json", r#"{"scripts": {"start": "x"}}"#), ("requirements.txt", "flask")];
    assert!(
        refusal(&files)
            .starts_with("`package.json` and `requirements.txt` are of different kinds of project")
    );
    assert_eq!(write_as(&files, Some("python")).stack, "python");
    assert!(refusal(&[("pom.xml", ""), ("build.gradle", "")]).contains("`pom.xml` and `build.gradle`"));
}

#[test]
fn two_lock_files_contradict_each_other() {
    let files = [("package.json", "{}"), ("package-lock.json", ""), ("yarn.lock", "")];
    assert!(refusal(&files).starts_with("`package-lock.json` and `yarn.lock` are of different tools"));
    assert!(write_as(&files, Some("yarn")).title.contains("Yarn"));
    assert!(refusal(&[("uv.lock", ""), ("poetry.lock", "")]).starts_with("`uv.lock` and `poetry.lock`"));
}

#[test]
fn two_versions_contradict_each_other() {
    let files = [("package.json", r#"{"engines": {"node": ">=22"}}"#), (".nvmrc", "v18.1.0")];
    assert_eq!(
        refusal(&files),
        "`.nvmrc` asks for version v18.1.0 and `package.json` for >=22: make them agree first"
    );
}

#[test]
fn broken_files_are_named_with_the_line() {
    assert_eq!(
        refusal(&[("package.json", "{\n\"a\": 1,\n}")]),
        "`package.json` is no valid JSON (line 3): mend it first"
    );
    assert_eq!(
        refusal(&[("pyproject.toml", "[project]\nname = \n")]),
        "`pyproject.toml` is no valid TOML (line 2): mend it first"
    );
    assert_eq!(refusal(&[("pom.xml", "<project>")]), "`pom.xml` names no `artifactId`: mend it first");
}

#[test]
fn libraries_and_collections_are_no_programs() {
    assert!(
        refusal(&[("go.mod", "module x"), ("x.go", "package x")]).starts_with("there is no program here")
    );
    assert!(
        refusal(&[("Cargo.toml", "[package]\nname = 'x'\n"), ("src/lib.rs", "")])
            .starts_with("there is no program here")
    );
    assert!(
        refusal(&[("CMakeLists.txt", "project(x)\nadd_library(x x.c)\n")])
            .starts_with("there is no program here")
    );
    assert!(
        refusal(&[("package.json", r#"{"workspaces": ["a"]}"#)])
            .starts_with("this is the top of several packages")
    );
    let members = [
        ("Cargo.toml", "[workspace]"),
        ("a/Cargo.toml", "[package]\nname='a'"),
        ("a/src/main.rs", ""),
        ("b/Cargo.toml", ""),
        ("b/src/main.rs", ""),
    ];
    assert!(refusal(&members).contains("several programs (`a`, `b`)"));
}

#[test]
fn projects_further_down_are_named() {
    assert_eq!(
        refusal(&[("README.md", ""), ("api/go.mod", ""), ("web/package.json", "")]),
        "there is no project at the top, but there are some in `api`, `web`: name the folder of one of them"
    );
    assert!(refusal(&[]).starts_with("the folder is empty: name the kind with `--stack`"));
    assert!(refusal(&[("notes.txt", "")]).starts_with("no file here tells"));
}
