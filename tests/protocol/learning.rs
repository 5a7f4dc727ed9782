//! Four first tutorials, typed as a newcomer types them, with the slips: what the editor says at each step.
//!
//! `server/docs/learning.md` is written by this test (`UPDATE_EXPECT=1`) and compared with it.

mod tutorials;

use std::fmt::Write as _;

use expect_test::expect_file;
use serde_json::{Value, json};

use crate::client::Client;

/// A tutorial.
struct Tutorial {
    title: &'static str,
    /// What the newcomer wants.
    about: &'static str,
    steps: &'static [Step],
}

/// The file as it stands at one moment.
struct Step {
    /// What was typed, and what the newcomer thinks.
    what: &'static str,
    file: &'static str,
    /// The rules that must speak, each on its line (1-based), and whether there is a mend by one click.
    said: &'static [(usize, &'static str, Mend)],
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mend {
    /// By one click.
    Click,
    /// Only the person knows what is meant.
    Hand,
}

const HEAD: &str = "\
# What the editor says to a newcomer

Four first tutorials, typed with the slips that people make, and what Dockwright says at each step. This page is written
by a test that types them into the real server (`tests/protocol/learning.rs`), so it is what you will see.

Words that are new to you: hover over them, or ask in the terminal, such as `dockwright explain 'build context'`. In a folder
with a project the editor offers on an empty file to *Write a Dockerfile for this project*, as `dockwright init --explain`
does; the steps below are for doing it by hand.
";

const FILE: &str = "file:///learning/Dockerfile";

fn started() -> Client {
    let mut client = Client::start();
    client.initialize_with(json!({
        "initializationOptions": { "shellcheck": { "enable": false } },
        "capabilities": { "textDocument": {
            "diagnostic": {},
            "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix"] } } },
        } },
    }));
    client.open(FILE, "");
    client
}

/// What the editor shows for a text, in the order of the lines.
fn diagnostics(client: &mut Client, version: i32, text: &str) -> Vec<Value> {
    client.change(FILE, version, json!([{ "text": text }]));
    let document = json!({ "textDocument": { "uri": FILE } });
    let mut report = client.call("textDocument/diagnostic", document)["result"].take();
    std::mem::take(report["items"].as_array_mut().expect("a list"))
}

/// The titles of the mends for a finding; what only silences it is none.
fn mends(client: &mut Client, diagnostic: &Value) -> Vec<String> {
    let context = json!({ "diagnostics": [diagnostic], "only": ["quickfix"] });
    let params = json!({ "textDocument": { "uri": FILE }, "range": diagnostic["range"], "context": context });
    let actions = client.call("textDocument/codeAction", params)["result"].take();
    let solves = |it: &&Value| it["diagnostics"][0]["code"] == diagnostic["code"];
    let titles =
        actions.as_array().expect("a list").iter().filter(solves).filter_map(|it| it["title"].as_str());
    titles.filter(|it| !it.starts_with("Ignore ")).map(str::to_owned).collect()
}

fn line_of(diagnostic: &Value) -> usize {
    diagnostic["range"]["start"]["line"].as_u64().expect("a line") as usize + 1
}

/// Plays a step; its part of the page.
fn play(client: &mut Client, version: i32, step: &Step) -> String {
    let mut page = format!("\n{}\n\n```dockerfile\n{}```\n\n", step.what, step.file);
    let found = diagnostics(client, version, step.file);
    let mut said = Vec::new();
    for diagnostic in &found {
        let (line, rule) = (line_of(diagnostic), diagnostic["code"].as_str().expect("a name").to_owned());
        let mends = mends(client, diagnostic);
        let severity = ["error", "warning", "information", "hint"]
            [diagnostic["severity"].as_u64().expect("a number") as usize - 1];
        let message = diagnostic["message"].as_str().expect("a text");
        let _ = writeln!(page, "- Line {line}, {severity}: {message} ([why](rules/{rule}.md))");
        for mend in &mends {
            let _ = writeln!(page, "  - one click: *{mend}*");
        }
        said.push((line, rule, if mends.is_empty() { Mend::Hand } else { Mend::Click }));
    }
    if found.is_empty() {
        page.push_str("Nothing to find.\n");
    }
    let expected: Vec<_> =
        step.said.iter().map(|(line, rule, mend)| (*line, (*rule).to_owned(), *mend)).collect();
    assert_eq!(said, expected, "{}\n{}\n{found:#?}", step.what, step.file);
    page
}

#[test]
fn every_slip_gets_a_message_that_helps() {
    let mut client = started();
    let (mut page, mut version) = (HEAD.to_owned(), 1);
    for (number, tutorial) in tutorials::TUTORIALS.iter().enumerate() {
        let _ = write!(page, "\n## {}. {}\n\n{}\n", number + 1, tutorial.title, tutorial.about);
        for step in tutorial.steps {
            version += 1;
            page.push_str(&play(&mut client, version, step));
        }
        let is_done = tutorial.steps.last().is_some_and(|it| it.said.is_empty());
        assert!(is_done, "{}: the last step is the way it should be", tutorial.title);
    }
    expect_file![concat!(env!("CARGO_MANIFEST_DIR"), "/server/docs/learning.md")].assert_eq(&page);
}

/// A click does what it says: after all first mends, one after the other, the slip is gone.
#[test]
fn every_mend_mends() {
    let mut client = started();
    let mut version = 1;
    let steps = tutorials::TUTORIALS.iter().flat_map(|it| it.steps);
    for step in steps {
        for (line, rule, _) in step.said.iter().filter(|it| it.2 == Mend::Click) {
            version += 1;
            let found = diagnostics(&mut client, version, step.file);
            let finding = found.iter().find(|it| it["code"] == *rule && line_of(it) == *line).expect(rule);
            let params = json!({
                "textDocument": { "uri": FILE }, "range": finding["range"],
                "context": { "diagnostics": [finding], "only": ["quickfix"] },
            });
            let actions = client.call("textDocument/codeAction", params)["result"].take();
            let action =
                actions.as_array().expect("a list").iter().find(|it| it["diagnostics"][0]["code"] == *rule);
            let edits = action.expect("the mend")["edit"]["changes"][FILE].clone();
            let mended = apply(step.file, &edits);
            version += 1;
            let left = diagnostics(&mut client, version, &mended);
            let is_left = left.iter().filter(|it| it["code"] == *rule).count();
            let was_there = found.iter().filter(|it| it["code"] == *rule).count();
            assert!(is_left < was_there, "{rule}:\n{}\n->\n{mended}", step.file);
        }
    }
}

/// The text after the edits; the files here are plain ASCII.
fn apply(text: &str, edits: &Value) -> String {
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|it| it.0 + 1)).collect();
    let offset = |at: &Value| {
        let number = |key: &str| at[key].as_u64().expect("a number") as usize;
        starts.get(number("line")).map_or(text.len(), |it| it + number("character"))
    };
    let mut edits: Vec<(usize, usize, &str)> = edits
        .as_array()
        .expect("edits")
        .iter()
        .map(|it| {
            (
                offset(&it["range"]["start"]),
                offset(&it["range"]["end"]),
                it["newText"].as_str().expect("a text"),
            )
        })
        .collect();
    edits.sort_unstable();
    let mut mended = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        mended.replace_range(start..end, new);
    }
    mended
}
