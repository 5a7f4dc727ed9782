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
    for command in ["lsp", "build", "check", "format", "explain", "init", "image", "tags", "completions"] {
        let help = out(&[command, "--help"]);
        assert!(help.contains(&format!("Examples:\n  dockwright {command}")), "{help}");
    }
    assert!(out(&["--help"]).contains("\n  dockwright check "));
    assert!(out(&["--version"]).starts_with("dockwright "));
}

#[test]
fn shells_get_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(out(&["completions", shell]).contains("stdin-filename"), "{shell}");
    }
}

const FLASK: &str = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nEXPOSE 5000\nCMD [\"python\", \"app.py\"]\n";

#[test]
fn a_dockerfile_is_told_as_a_story() {
    let sandbox = Sandbox::new(&[("shop/Dockerfile", FLASK), ("shop/Dockerfile.dev", "FROM scratch\n")]);
    let run = sandbox.run(&["explain", "shop/Dockerfile"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.starts_with("`Dockerfile` explained\n"), "{}", run.out);
    assert!(
        run.out.contains("    docker build -t shop .\n    docker run --rm -p 5000:5000 shop\n"),
        "{}",
        run.out
    );
    assert!(run.out.lines().all(|it| it.chars().count() <= 90) && !run.out.contains('\u{1b}'), "{}", run.out);
    assert_eq!(sandbox.run(&["explain", "shop"]).out, run.out, "a folder means its Dockerfile");
    let markdown = sandbox.run(&["explain", "shop/Dockerfile.dev", "--format", "markdown"]);
    assert!(markdown.out.starts_with("# `Dockerfile.dev` explained\n\n"), "{}", markdown.out);
    assert!(markdown.out.contains("docker build -t shop -f Dockerfile.dev .\n"), "{}", markdown.out);
    let piped = sandbox.pipe(&["explain", "-"], FLASK);
    assert!(piped.code == 0 && piped.out.contains("python app.py"), "{piped:?}");
    let narrow = sandbox.run_with(&["explain", "shop"], b"", &[("COLUMNS", "50")]);
    assert!(
        narrow.out.lines().filter(|it| !it.contains("docker")).all(|it| it.chars().count() <= 60),
        "{}",
        narrow.out
    );
}

#[test]
fn a_file_and_a_name_are_told_apart() {
    let sandbox =
        Sandbox::new(&[("Dockerfile", FLASK), ("cache/Dockerfile", FLASK), ("cmd", "FROM scratch\n")]);
    assert!(sandbox.run(&["explain", "Dockerfile"]).out.starts_with("`Dockerfile` explained"));
    assert!(!sandbox.run(&["explain", "cache"]).out.contains("explained"), "the name, not the folder");
    assert!(sandbox.run(&["explain", "./cache"]).out.contains("explained"));
    assert!(sandbox.run(&["explain", "cmd"]).out.starts_with("CMD ·"), "the instruction, not the file");
    assert!(sandbox.run(&["explain", "./cmd"]).out.starts_with("`cmd` explained"));
    let empty = Sandbox::new(&[]);
    assert!(empty.run(&["explain", "dockerfile"]).out.starts_with("dockerfile\n"));
}

#[test]
fn what_cannot_be_explained_gets_one_sentence() {
    let sandbox = Sandbox::new(&[
        ("empty/Dockerfile", "# nothing\n"),
        ("text.md", "Some text\nand more\n"),
        ("many/a.Dockerfile", FLASK),
        ("many/b.Dockerfile", FLASK),
        ("none/x", ""),
    ]);
    sandbox.write("binary/Dockerfile", b"\x7fELF\0\0\0\0\xff\xfe\0\0");
    for (name, expected) in [
        ("Dockerfile", "there is no such file"),
        ("no/such/Dockerfile", "there is no such file"),
        ("empty/Dockerfile", "it holds no instruction"),
        ("text.md", "it is no Dockerfile"),
        (
            "many",
            "there are several Dockerfiles in `many`; name one of `many/a.Dockerfile`, `many/b.Dockerfile`",
        ),
        ("none", "there is no Dockerfile in `none`"),
        ("binary", "binary file"),
    ] {
        let run = sandbox.run(&["explain", name]);
        assert_eq!((run.code, run.out.as_str(), run.err.lines().count()), (2, "", 1), "{name}: {run:?}");
        assert!(run.err.contains(expected), "{name}: {}", run.err);
    }
    assert_eq!(sandbox.pipe(&["explain", "-"], "").code, 2);
}

#[test]
fn the_words_of_a_beginner_are_explained() {
    for word in [
        "image",
        "layer",
        "container",
        "registry",
        "repository",
        "tag",
        "digest",
        "build context",
        "stage",
        "volume",
        "bind mount",
        "port publishing",
        "entrypoint against command",
        "build time against run time",
        "cache",
        "platform",
    ] {
        let page = out(&["explain", word]);
        assert!(page.contains(&format!("{word}\n\n")), "{word}: {page}");
    }
    assert!(out(&["explain", "cmd vs entrypoint"]).starts_with("entrypoint against command\n"));
}
