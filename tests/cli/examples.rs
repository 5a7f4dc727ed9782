//! The Dockerfiles in `tests/examples`, which the README shows first.

use std::collections::BTreeMap;
use std::path::Path;

use crate::sandbox::{Sandbox, command};

fn findings() -> BTreeMap<String, usize> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = command(root).args(["check", "--format", "gnu", "tests/examples"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let mut findings = BTreeMap::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let path = line.split(':').next().unwrap_or_default();
        *findings.entry(path.to_owned()).or_default() += 1;
    }
    findings
}

#[test]
fn each_example_but_the_well_kept_one_has_something_to_learn_from() {
    let findings = findings();
    let names: Vec<&str> = findings.keys().filter_map(|path| path.split('/').nth(2)).collect();
    assert_eq!(names, ["first-image", "go-multi-stage", "python-service", "windows"]);
    assert!(findings.values().all(|number| *number >= 3), "{findings:?}");
}

#[test]
fn safe_repairs_leave_examples_that_need_no_more_of_them() {
    let sandbox = Sandbox::new(&[]);
    for name in ["first-image", "go-multi-stage", "python-service", "windows"] {
        let path = format!("tests/examples/{name}/Dockerfile");
        let text = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(&path)).unwrap();
        sandbox.write(&path, &text);
    }
    assert!(sandbox.run(&["check", "--fix"]).out.contains("\nFixed "));
    let again = sandbox.run(&["check", "--fix"]).out;
    assert!(!again.contains("Fixed ") && !again.contains("with `--fix`"), "{again}");
}

#[test]
fn our_own_dockerfile_is_as_we_tell_others() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for arguments in [["check", "--error-on", "hint"].as_slice(), &["format", "--check"]] {
        let output = command(root).args(arguments).arg("server/Dockerfile").output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
    }
}
