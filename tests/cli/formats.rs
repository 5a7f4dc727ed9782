//! The shapes that scripts and services rely on.

use expect_test::expect;
use serde_json::{Value, json};

use crate::sandbox::{CLEAN, Sandbox};

/// A non-ASCII path and text, so that columns and escapes show.
const PATH: &str = "ä b/Dockerfile";
const TEXT: &str = "FROM scratch\nLABEL a=\"é\"\nMAINTAINER \u{1f433} <a@b>\n";

fn output(format: &str) -> String {
    Sandbox::new(&[(PATH, TEXT), ("Dockerfile", CLEAN)]).run(&["check", "--format", format]).out
}

fn parsed(format: &str) -> Value {
    serde_json::from_str(&output(format)).expect(format)
}

#[test]
fn json_has_the_promised_shape() {
    let place = |line: u32, column: u32| json!({ "line": line, "column": column });
    let expected = json!([{
        "path": PATH,
        "rule": "deprecated-maintainer",
        "aliases": ["MaintainerDeprecated", "DL4000", "DEPRECATED_MAINTAINER"],
        "severity": "warning",
        "message": "`MAINTAINER` is deprecated: write `LABEL org.opencontainers.image.authors=\"…\"` instead",
        "range": { "start": place(3, 1), "end": place(3, 11) },
        "url": "https://docs.docker.com/go/dockerfile/rule/maintainer-deprecated/",
        "fix": {
            "title": "Write a `LABEL`",
            "safe": true,
            "edits": [{
                "range": { "start": place(3, 1), "end": place(3, 19) },
                "new_text": "LABEL org.opencontainers.image.authors=\"\u{1f433} <a@b>\"",
            }],
        },
    }]);
    assert_eq!(parsed("json"), expected);
    let line: Value = serde_json::from_str(output("jsonl").trim_end()).unwrap();
    assert_eq!(json!([line]), expected);
}

#[test]
fn nothing_found_is_still_a_whole_document() {
    let sandbox = Sandbox::new(&[("Dockerfile", CLEAN)]);
    let run = |format| sandbox.run(&["check", "--format", format]).out;
    assert_eq!(run("json"), "[]\n");
    assert_eq!(run("gitlab"), "[]\n");
    assert_eq!(run("jsonl"), "");
    assert_eq!(run("gnu"), "");
    assert_eq!(run("github"), "");
    let sarif: Value = serde_json::from_str(&run("sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["results"], json!([]));
    assert!(run("checkstyle").ends_with("  <file name=\"Dockerfile\">\n  </file>\n</checkstyle>\n"));
    assert!(run("junit").contains("<testcase name=\"no problems\" classname=\"Dockerfile\"/>"));
}

#[test]
fn several_files_are_one_document() {
    let sandbox = Sandbox::new(&[("a/Dockerfile", TEXT), ("b/Dockerfile", CLEAN), ("c/Dockerfile", TEXT)]);
    for format in ["json", "gitlab"] {
        let items: Value =
            serde_json::from_str(&sandbox.run(&["check", "--format", format]).out).expect(format);
        assert_eq!(items.as_array().map(Vec::len), Some(2), "{format}");
    }
    let sarif: Value = serde_json::from_str(&sandbox.run(&["check", "--format", "sarif"]).out).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().map(Vec::len), Some(2));
    assert_eq!(sarif["runs"][0]["tool"]["driver"]["rules"].as_array().map(Vec::len), Some(1));
}

#[test]
fn sarif_names_rules_places_and_fixes() {
    let sarif = parsed("sarif");
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    let result = &run["results"][0];
    assert_eq!(result["ruleId"], run["tool"]["driver"]["rules"][0]["id"]);
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "%C3%A4%20b/Dockerfile");
    assert_eq!(place["region"], json!({ "startLine": 3, "startColumn": 1, "endLine": 3, "endColumn": 11 }));
    let change = &result["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "%C3%A4%20b/Dockerfile");
    assert_eq!(change["replacements"][0]["deletedRegion"]["endColumn"], 19);
}

#[test]
fn sarif_tells_what_could_not_be_read() {
    let run =
        Sandbox::new(&[("Dockerfile", CLEAN)]).run(&["check", "--format", "sarif", "Dockerfile", "nowhere"]);
    let sarif: Value = serde_json::from_str(&run.out).unwrap();
    let invocation = &sarif["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let sentence = &invocation["toolExecutionNotifications"][0]["message"]["text"];
    assert_eq!(sentence, "nowhere: there is no such file");
    assert_eq!(run.code, 2);
}

#[test]
fn line_formats_escape_what_their_readers_would_take_for_syntax() {
    expect![[r#"
        ::warning file=ä b/Dockerfile,line=3,endLine=3,col=1,endColumn=11,title=Dockwright (deprecated-maintainer)::`MAINTAINER` is deprecated: write `LABEL org.opencontainers.image.authors="…"` instead%0Ahttps://docs.docker.com/go/dockerfile/rule/maintainer-deprecated/
    "#]]
    .assert_eq(&output("github"));
    expect![[r#"
        ä b/Dockerfile:3:1: warning: `MAINTAINER` is deprecated: write `LABEL org.opencontainers.image.authors="…"` instead [deprecated-maintainer]
    "#]]
    .assert_eq(&output("gnu"));
    let sandbox = Sandbox::new(&[("a,b:100%/Dockerfile", TEXT)]);
    let run = sandbox.run(&["check", "--format", "github"]);
    assert!(run.out.contains("file=a%2Cb%3A100%25/Dockerfile,"), "{}", run.out);
}

#[test]
fn xml_is_escaped() {
    let checkstyle = output("checkstyle");
    assert!(checkstyle.contains("<file name=\"ä b/Dockerfile\">"), "{checkstyle}");
    assert!(checkstyle.contains("line=\"3\" column=\"1\" severity=\"warning\""), "{checkstyle}");
    assert!(
        checkstyle.contains("authors=&quot;…&quot;` instead\" source=\"dockwright.deprecated-maintainer\"/>")
    );
    let junit = output("junit");
    assert!(junit.contains("tests=\"1\" failures=\"1\""), "{junit}");
    assert!(junit.contains("<failure type=\"warning\" message=\"`MAINTAINER`"), "{junit}");
}

#[test]
fn gitlab_keeps_a_fingerprint_while_lines_move() {
    let fingerprint = |text: &str| {
        let out = Sandbox::new(&[("Dockerfile", text)]).run(&["check", "--format", "gitlab"]).out;
        let items: Value = serde_json::from_str(&out).unwrap();
        items
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["fingerprint"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let moved = fingerprint(&TEXT.replace("FROM", "# moved\n\nFROM"));
    assert_eq!(fingerprint(TEXT), moved);
    let twice = fingerprint(&format!("{TEXT}{}", "MAINTAINER \u{1f433} <a@b>\n"));
    assert!(twice.len() == 2 && twice[0] != twice[1] && twice[0] == moved[0]);
}
