//! `dockwright init`: from a folder to a Dockerfile, and never over one.

use serde_json::Value;

use crate::sandbox::Sandbox;

const FLASK: &[(&str, &str)] =
    &[("requirements.txt", "flask\n"), ("app.py", "from flask import Flask\napp = Flask(__name__)\n")];

#[test]
fn both_files_are_written_and_have_no_finding() {
    let sandbox = Sandbox::new(FLASK);
    let run = sandbox.run(&["init"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    assert!(
        run.out
            .starts_with("This is Python with pip (Flask).\n  Dockerfile written\n  .dockerignore written\n")
    );
    assert!(
        run.out.contains("docker build -t ") && run.out.contains("docker run --rm -p 5000:5000 "),
        "{run:?}"
    );
    assert!(sandbox.read(".dockerignore").contains("__pycache__\n"));
    assert_eq!(sandbox.run(&["check"]).code, 0);
    assert_eq!(sandbox.run(&["format", "--check", "Dockerfile"]).code, 0);
}

#[test]
fn a_dockerfile_that_is_there_is_left_alone() {
    let sandbox = Sandbox::new(FLASK);
    sandbox.write("Dockerfile", b"FROM mine\n");
    let run = sandbox.run(&["init"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{run:?}");
    assert!(run.err.contains("`./Dockerfile` is there already (--force replaces it)"), "{run:?}");
    assert_eq!(sandbox.read("Dockerfile"), "FROM mine\n");
    assert!(!sandbox.path(".dockerignore").exists());
    assert_eq!(sandbox.run(&["init", "--force"]).code, 0);
    assert!(sandbox.read("Dockerfile").contains("flask"));
}

#[test]
fn an_ignore_file_that_is_there_is_kept() {
    let sandbox = Sandbox::new(FLASK);
    sandbox.write(".dockerignore", b"mine\n");
    let run = sandbox.run(&["init"]);
    assert!(run.out.contains(".dockerignore was there and is kept"), "{run:?}");
    assert_eq!(sandbox.read(".dockerignore"), "mine\n");
}

#[test]
fn nothing_is_written_for_a_look() {
    let sandbox = Sandbox::new(FLASK);
    let shown = sandbox.run(&["init", "--dry-run"]);
    assert!(
        shown.out.contains("--- Dockerfile\n# syntax=") && shown.out.contains("would be written"),
        "{shown:?}"
    );
    let explained = sandbox.run(&["init", "--stdout", "--explain"]);
    assert!(explained.out.contains("\n# ") && explained.out.ends_with("]\n"), "{explained:?}");
    let json: Value = serde_json::from_str(&sandbox.run(&["init", "--json", "--dry-run"]).out).unwrap();
    assert_eq!(
        (&json["stack"], &json["files"][0]["fate"]),
        (&Value::from("python"), &Value::from("planned"))
    );
    assert!(!sandbox.path("Dockerfile").exists() && !sandbox.path(".dockerignore").exists());
}

#[test]
fn what_cannot_be_is_one_sentence() {
    let sandbox = Sandbox::new(&[("a/package.json", "{,"), ("b.txt", "")]);
    for (arguments, sentence) in [
        (["init", "missing"], "dockwright: nothing is written: `missing` does not exist\n"),
        (["init", "b.txt"], "dockwright: nothing is written: `b.txt` is not a folder\n"),
        (
            ["init", "a"],
            "dockwright: nothing is written: `package.json` is no valid JSON (line 1): mend it first\n",
        ),
    ] {
        let run = sandbox.run(&arguments);
        assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (2, "", sentence), "{arguments:?}");
    }
    assert!(!sandbox.path("a/Dockerfile").exists());
}

#[test]
fn a_folder_with_too_many_files_is_refused() {
    let sandbox = Sandbox::new(&[("package.json", "{}")]);
    (0..10_001).for_each(|it| std::fs::write(sandbox.path(&format!("{it}")), "").unwrap());
    let run = sandbox.run(&["init"]);
    assert_eq!(
        run.err,
        "dockwright: nothing is written: `.` has more than 10000 files: name the folder of one project in it\n"
    );
}
