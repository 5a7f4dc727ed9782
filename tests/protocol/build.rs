//! Building and running, as an editor does it: each test starts the real binary with a made-up engine on its PATH.

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{Client, edit};
use crate::fake_engine::{DOCKER, Lab, is_running};

const TEXT: &str = "\
FROM scratch AS base
COPY hello /hello
FROM base AS app
RUN exit 3
EXPOSE 61234
VOLUME /data
";

/// What BuildKit prints when line 4 fails.
const FAILING: &str = r##"
case "$*" in *"buildx build"*) ;; *) exit 0;; esac
cat >&2 <<'END'
#5 [base 1/1] COPY hello /hello
#5 CACHED

#6 [app 1/1] RUN exit 3
#6 0.211 oh no: hunter22
#6 ERROR: process "/bin/sh -c exit 3" did not complete successfully: exit code: 3
------
 > [app 1/1] RUN exit 3:
0.211 oh no: hunter22
------
Dockerfile:4
--------------------
   2 |     COPY hello /hello
   3 |     FROM base AS app
   4 | >>> RUN exit 3
   5 |     EXPOSE 61234
   6 |     VOLUME /data
--------------------
ERROR: failed to solve: process "/bin/sh -c exit 3" did not complete successfully: exit code: 3
END
exit 1
"##;

/// A build that goes well, and what is asked about the image afterwards.
const WORKING: &str = r##"
case "$1 $2" in
  "image inspect") echo 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef 2500000'; exit 0;;
  "history "*) echo '{"CreatedBy":"VOLUME [/data]","Size":"0"}'; echo '{"CreatedBy":"EXPOSE [61234/tcp]","Size":"0"}'
    echo '{"CreatedBy":"RUN /bin/sh -c exit 3 # buildkit","Size":"1500000"}'; exit 0;;
  "buildx build") ;;
  "run -d") echo 4444444444444444444444444444444444444444444444444444444444444444; exit 0;;
  "inspect --format") echo '{"Status":"running","Running":true,"ExitCode":0}'; exit 0;;
  "logs --tail") echo "it works"; exit 0;;
  *) exit 0;;
esac
cat >&2 <<'END'
#5 [base 1/1] COPY hello /hello
#5 CACHED

#6 [app 1/1] RUN exit 3
#6 DONE 1.2s

#7 exporting to image
#7 writing image sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef done
#7 DONE 0.0s
END
"##;

/// Version 0.12 of buildx writes plain text only.
fn plain_docker(script: &str) -> String {
    DOCKER.replace("v0.24.0", "v0.12.0") + script
}

fn lab(script: &str) -> Lab {
    let lab = Lab::new(TEXT);
    lab.write("shop/hello", "");
    lab.install("docker", &plain_docker(script));
    lab
}

fn message(client: &mut Client) -> String {
    client.notification("window/showMessage")["message"].as_str().expect("a text").to_owned()
}

/// The diagnostics of builds that are published next which are `count` many.
fn build_errors(client: &mut Client, count: usize) -> Vec<Value> {
    loop {
        let published = client.notification("textDocument/publishDiagnostics");
        let all = published["diagnostics"].as_array().expect("a list").clone();
        let found: Vec<Value> = all.into_iter().filter(|it| it["source"] == "docker build").collect();
        if found.len() == count {
            return found;
        }
    }
}

#[test]
fn a_dry_run_says_what_would_run_and_runs_nothing() {
    let lab = lab("exit 7");
    let mut client = lab.start(json!({}));
    let mut argv = |command: &str| {
        let answer = lab.execute(&mut client, command, json!({ "dryRun": true }));
        let result = &answer["result"];
        assert_eq!(result["cwd"], lab.path("shop").to_str().unwrap(), "{command}: {answer}");
        assert_eq!(result["env"], json!({}), "{command}");
        let words = result["argv"].as_array().unwrap_or_else(|| panic!("{command}: {answer}"));
        words.iter().map(|it| it.as_str().unwrap()).collect::<Vec<_>>().join(" ")
    };
    let build = "docker buildx build --progress=plain -t shop:latest -f Dockerfile .";
    assert_eq!(argv("dockwright.build"), build);
    assert_eq!(argv("dockwright.buildAndRun"), build);
    let label = format!("dockwright.dockerfile={}", lab.path("shop/Dockerfile").display());
    assert_eq!(
        argv("dockwright.run"),
        format!(
            "docker run -d --label {label} --name shop --pull=never -p 127.0.0.1:61234:61234 -v shop-data:/data shop:latest"
        )
    );
    assert_eq!(argv("dockwright.shell"), "docker run --rm -it --pull=never --entrypoint sh shop:latest");
    assert_eq!(argv("dockwright.stop"), "docker stop shop");
    assert_eq!(argv("dockwright.logs"), "docker logs --tail 1000 shop");
    assert_eq!(argv("dockwright.remove"), "docker rm -f -v shop");
    assert_eq!(argv("dockwright.push"), "docker push shop:latest");
    assert_eq!(lab.calls(), [[""; 0]; 0]);
    assert!(!lab.path("state/dockwright").exists(), "nothing is remembered");
}

#[test]
fn what_the_user_says_is_in_the_command() {
    let lab = lab("exit 7");
    let mut client = lab.start(json!({ "cli": { "builder": "farm", "env": { "DOCKER_HOST": "tcp://x" } } }));
    let request = json!({
        "dryRun": true, "target": "base", "tag": "acme/shop:1", "platform": "linux/arm64", "context": "..",
        "buildArgs": { "VERSION": "1 2", "NPM_TOKEN": "hunter22" }, "buildOptions": ["--network=host"],
    });
    let answer = lab.execute(&mut client, "dockwright.build", request);
    let expected = [
        "docker",
        "buildx",
        "build",
        "--builder",
        "farm",
        "--progress=plain",
        "--load",
        "-t",
        "acme/shop:1",
        "-f",
        "Dockerfile",
        "--target",
        "base",
        "--platform",
        "linux/arm64",
        "--build-arg",
        "NPM_TOKEN",
        "--build-arg",
        "VERSION=1 2",
        "--network=host",
    ];
    let argv = answer["result"]["argv"].as_array().expect("a list");
    assert_eq!(argv[..expected.len()], expected.map(Value::from));
    assert_eq!(argv[expected.len()..], [json!(lab.path("").to_str().unwrap().trim_end_matches('/'))]);
    assert_eq!(answer["result"]["env"], json!({ "DOCKER_HOST": "tcp://x", "NPM_TOKEN": "hunter22" }));
}

#[test]
fn a_build_shows_its_steps_and_what_it_cost() {
    let lab = lab(WORKING);
    let mut client = lab.start(json!({}));
    let answer = lab.execute(&mut client, "dockwright.build", json!({}));
    let result = &answer["result"];
    assert_eq!((&result["ok"], &result["exitCode"]), (&json!(true), &json!(0)), "{answer}");
    assert!(result["imageId"].as_str().unwrap().starts_with("sha256:0123456789abcdef"));
    assert!(result["durationMs"].is_u64());
    let progress = Lab::progress(&mut client);
    assert_eq!(progress[0]["kind"], "begin");
    assert_eq!(progress[0]["cancellable"], true);
    let messages: Vec<&str> = progress.iter().filter_map(|it| it["message"].as_str()).collect();
    assert!(messages.iter().any(|it| it.starts_with("base 1/1 COPY hello /hello (cached)")), "{messages:?}");
    assert!(messages.iter().any(|it| it.starts_with("app 1/1 RUN exit 3")), "{messages:?}");
    assert_eq!(progress.last().unwrap()["kind"], "end");

    let document = json!({ "textDocument": { "uri": lab.uri() } });
    let lenses = client.call("textDocument/codeLens", document)["result"].take();
    let titles = titles(&lenses);
    assert!(titles.contains(&"Image shop:latest · 0123456789ab · 2.5 MB".to_owned()), "{titles:?}");
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    let hints = client
        .call("textDocument/inlayHint", json!({ "textDocument": { "uri": lab.uri() }, "range": range }));
    let hints: Vec<(u64, &str)> = hints["result"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["position"]["line"].as_u64().unwrap(), it["label"].as_str().unwrap()))
        .filter(|(_, it)| it.contains("CACHED") || it.contains(" s"))
        .collect();
    assert_eq!(hints, [(1, "CACHED"), (3, "1.5 MB · 1.2 s")]);
    let at = json!({ "textDocument": { "uri": lab.uri() }, "position": { "line": 3, "character": 1 } });
    let hover = client.call("textDocument/hover", at);
    let text = hover["result"]["contents"]["value"].as_str().unwrap();
    assert!(text.contains("**Last build:** The last build needed 1.2 s"), "{text}");
}

fn titles(lenses: &Value) -> Vec<String> {
    let all = lenses.as_array().expect("a list").iter();
    all.map(|it| it["command"]["title"].as_str().expect("a title").to_owned()).collect()
}

#[test]
fn without_a_token_of_the_client_the_server_makes_one() {
    let lab = lab(WORKING);
    let mut client = lab.start(json!({}));
    let params = json!({ "command": "dockwright.build", "arguments": [{ "uri": lab.uri() }] });
    let id = client.request("workspace/executeCommand", params);
    let create = client.server_request("window/workDoneProgress/create");
    let token = create["params"]["token"].clone();
    client.reply(&create["id"], Value::Null);
    assert_eq!(client.response(id)["result"]["ok"], true);
    assert_eq!(client.notification("$/progress")["token"], token);
}

#[test]
fn a_failing_instruction_becomes_an_error_until_it_is_edited() {
    let lab = lab(FAILING);
    let mut client = lab.start(json!({}));
    let secret = json!({ "buildArgs": { "TOKEN": "hunter22" } });
    let answer = lab.execute(&mut client, "dockwright.build", secret);
    assert_eq!((&answer["result"]["ok"], &answer["result"]["exitCode"]), (&json!(false), &json!(1)));
    let found = build_errors(&mut client, 1).remove(0);
    assert_eq!(found["severity"], 1);
    assert_eq!(found["range"]["start"], json!({ "line": 3, "character": 0 }));
    let text = found["message"].as_str().unwrap();
    assert!(text.contains("exit code 3") && text.contains("oh no: ***"), "{text}");
    let told = message(&mut client);
    assert!(told.starts_with("building `shop:latest` failed at line 4"), "{told}");

    let uri = lab.uri();
    client.change(&uri, 2, json!([edit([0, 0, 0, 0], "# one more line\n")]));
    assert_eq!(build_errors(&mut client, 1)[0]["range"]["start"]["line"], 4);
    client.change(&uri, 3, json!([edit([4, 9, 4, 10], "4")]));
    build_errors(&mut client, 0);
    // It does not come back by itself.
    client.change(&uri, 4, json!([edit([0, 0, 1, 0], "")]));
    build_errors(&mut client, 0);
}

#[test]
fn the_next_build_takes_old_errors_away() {
    let lab = lab(FAILING);
    let mut client = lab.start(json!({}));
    lab.execute(&mut client, "dockwright.build", json!({}));
    build_errors(&mut client, 1);
    lab.install("docker", &plain_docker(WORKING));
    assert_eq!(lab.execute(&mut client, "dockwright.build", json!({}))["result"]["ok"], true);
    build_errors(&mut client, 0);
}

/// Prints a step, then hangs with a child that does not listen to anybody.
const HANGING: &str = r##"
case "$1 $2" in "buildx build") ;; *) exit 0;; esac
echo '#5 [base 1/1] COPY hello /hello' >&2
trap '' TERM INT
sh -c 'trap "" TERM INT; echo $$ >"$0/child.pid"; while :; do sleep 1; done' "CALLS" &
echo $! >/dev/null
while :; do sleep 1; done
"##;

fn hanging() -> Lab {
    let lab = Lab::new(TEXT);
    let script = HANGING.replace("CALLS", lab.path("calls").to_str().unwrap());
    lab.install("docker", &plain_docker(&script));
    lab
}

fn child(lab: &Lab) -> u32 {
    let path = lab.path("calls/child.pid");
    Lab::wait_until("the child runs", || std::fs::read_to_string(&path).is_ok_and(|it| it.ends_with('\n')));
    std::fs::read_to_string(path).unwrap().trim().parse().unwrap()
}

fn nothing_is_left(lab: &Lab, child: u32) {
    let all: Vec<u32> = lab.processes().into_iter().chain([child]).collect();
    Lab::wait_until("all processes are gone", || !all.iter().any(|it| is_running(*it)));
}

#[test]
fn cancelling_the_progress_ends_every_process() {
    let lab = hanging();
    let mut client = lab.start(json!({}));
    let id = lab.begin(&mut client, "dockwright.build", json!({}));
    let child = child(&lab);
    client.notify("window/workDoneProgress/cancel", json!({ "token": "token" }));
    let answer = client.response(id);
    assert_eq!((&answer["result"]["ok"], &answer["result"]["cancelled"]), (&json!(false), &json!(true)));
    nothing_is_left(&lab, child);
    assert_eq!(Lab::progress(&mut client).last().unwrap()["kind"], "end");
}

#[test]
fn cancelling_the_request_ends_every_process() {
    let lab = hanging();
    let mut client = lab.start(json!({}));
    let id = lab.begin(&mut client, "dockwright.build", json!({}));
    let child = child(&lab);
    client.notify("$/cancelRequest", json!({ "id": id }));
    assert_eq!(client.response(id)["error"]["code"], -32800);
    nothing_is_left(&lab, child);
    // The place is free again.
    lab.install("docker", &plain_docker(WORKING));
    assert_eq!(lab.execute(&mut client, "dockwright.build", json!({}))["result"]["ok"], true);
}

#[test]
fn nothing_outlives_the_server() {
    let lab = hanging();
    let mut client = lab.start(json!({}));
    lab.begin(&mut client, "dockwright.build", json!({}));
    let child = child(&lab);
    assert_eq!(client.leave(), 0);
    nothing_is_left(&lab, child);
}

#[test]
fn nothing_outlives_a_server_whose_editor_is_gone() {
    let lab = hanging();
    let mut client = lab.start(json!({}));
    lab.begin(&mut client, "dockwright.build", json!({}));
    let child = child(&lab);
    client.close_input();
    assert_eq!(client.wait_exit(), 1);
    nothing_is_left(&lab, child);
}

#[test]
fn of_builds_that_wait_only_the_newest_is_done() {
    let lab = Lab::new(TEXT);
    let gate = lab.path("gate");
    let script = format!(
        "case \"$1 $2\" in \"buildx build\") ;; *) exit 0;; esac\nuntil [ -e {} ]; do sleep 0.02; done",
        gate.display()
    );
    lab.install("docker", &plain_docker(&script));
    let mut client = lab.start(json!({}));
    let first = lab.begin(&mut client, "dockwright.build", json!({ "tag": "a:1" }));
    Lab::wait_until("the first runs", || !lab.calls().is_empty());
    let second = lab.begin(&mut client, "dockwright.build", json!({ "tag": "a:2" }));
    let third = lab.begin(&mut client, "dockwright.build", json!({ "tag": "a:3" }));
    let replaced = client.response(second);
    assert_eq!(replaced["result"]["message"], "a newer build of it came first", "{replaced}");
    let builds = || lab.calls().into_iter().filter(|it| it[1] == "buildx").count();
    assert_eq!(builds(), 1, "one at a time");
    std::fs::write(gate, "").unwrap();
    assert_eq!(client.response(first)["result"]["ok"], true);
    assert_eq!(client.response(third)["result"]["ok"], true);
    assert_eq!(builds(), 2);
    lab.call_with("a:3");
}

#[test]
fn a_container_runs_with_its_ports_told_and_is_stopped_and_removed() {
    let lab = lab(WORKING);
    lab.write("shop/.env", "A=1\n");
    let mut client = lab.start(json!({}));
    let answer = lab.execute(&mut client, "dockwright.run", json!({}));
    let id = "4444444444444444444444444444444444444444444444444444444444444444";
    assert_eq!(
        (&answer["result"]["ok"], &answer["result"]["containerId"]),
        (&json!(true), &json!(id)),
        "{answer}"
    );
    let told = message(&mut client);
    let expected =
        "`shop` is running on http://localhost:61234; its data is kept in the volume `shop-data` (/data)";
    assert_eq!(told, expected);
    let call = lab.call_with("run");
    assert!(call.windows(2).any(|it| it == ["--env-file", ".env"]), "{call:?}");

    let document = json!({ "textDocument": { "uri": lab.uri() } });
    let lenses = client.call("textDocument/codeLens", document.clone())["result"].take();
    let found = titles(&lenses);
    assert_eq!(found[..4], ["`shop` running on http://localhost:61234", "Stop", "Logs", "Shell"]);
    let logs = lab.execute(&mut client, "dockwright.logs", json!({}));
    let shown = std::fs::read_to_string(logs["result"]["log"].as_str().expect("a path")).unwrap();
    assert_eq!(shown, "it works\n");
    assert_eq!(lab.execute(&mut client, "dockwright.stop", json!({}))["result"]["ok"], true);
    assert_eq!(lab.call_with("stop"), ["docker", "stop", id]);
    assert_eq!(lab.execute(&mut client, "dockwright.remove", json!({}))["result"]["ok"], true);
    assert_eq!(lab.call_with("rm"), ["docker", "rm", "-f", "-v", id]);
    let lenses = client.call("textDocument/codeLens", document)["result"].take();
    assert!(!titles(&lenses).iter().any(|it| it.contains("`shop`") && it.contains("ended")));
}

#[test]
fn build_and_run_does_both() {
    let lab = lab(WORKING);
    let mut client = lab.start(json!({}));
    let answer = lab.execute(&mut client, "dockwright.buildAndRun", json!({}));
    let result = &answer["result"];
    assert_eq!(result["ok"], true);
    assert!(result["imageId"].is_string() && result["containerId"].is_string(), "{answer}");
}

#[test]
fn a_container_that_ends_at_once_is_told() {
    let lab = lab(&WORKING.replace(
        r#"{"Status":"running","Running":true,"ExitCode":0}"#,
        r#"{"Status":"exited","Running":false,"ExitCode":2}"#,
    ));
    let mut client = lab.start(json!({}));
    let answer = lab.execute(&mut client, "dockwright.run", json!({}));
    assert_eq!((&answer["result"]["ok"], &answer["result"]["exitCode"]), (&json!(false), &json!(2)));
    assert_eq!(message(&mut client), "`shop` ended at once with exit code 2 (its logs tell why)");
}

#[test]
fn a_container_that_does_not_start_is_taken_away() {
    let lab = lab(
        "case \"$1\" in run) echo 'docker: Error response from daemon: no runtime' >&2; exit 126;; ps) echo 0123456789abcdef;; esac",
    );
    let mut client = lab.start(json!({}));
    let answer = lab.execute(&mut client, "dockwright.run", json!({}));
    assert_eq!((&answer["result"]["ok"], &answer["result"]["exitCode"]), (&json!(false), &json!(126)));
    assert!(lab.call_with("ps").contains(&"name=^shop$".to_owned()));
    assert_eq!(lab.call_with("rm"), ["docker", "rm", "-f", "-v", "0123456789abcdef"]);
}

#[test]
fn an_image_that_was_never_built_is_told() {
    let lab = lab("echo 'docker: Error response from daemon: No such image: shop:latest' >&2; exit 125");
    let mut client = lab.start(json!({}));
    lab.execute(&mut client, "dockwright.run", json!({}));
    let expected = "`shop:latest` does not start: there is no image `shop:latest` yet (build it first, or use Build and run)";
    assert_eq!(message(&mut client), expected);
}

#[test]
fn a_client_with_a_terminal_gets_run_and_shell() {
    let lab = lab("exit 7");
    let mut client = lab.start(json!({ "client": { "commands": ["dockwright.client.runInTerminal"] } }));
    let lenses =
        client.call("textDocument/codeLens", json!({ "textDocument": { "uri": lab.uri() } }))["result"]
            .take();
    let handed: Vec<&Value> = lenses
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["command"])
        .filter(|it| it["command"] == "dockwright.client.runInTerminal")
        .collect();
    let argument =
        &handed.iter().find(|it| it["title"].as_str().unwrap().starts_with("Run")).unwrap()["arguments"][0];
    let dry = lab.execute(&mut client, "dockwright.run", json!({ "dryRun": true }));
    assert_eq!(&dry["result"], argument);
    let words: Vec<&str> =
        argument["argv"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    assert_eq!(words[..4], ["docker", "run", "--rm", "-it"]);
    assert!(handed.iter().any(|it| it["title"] == "Shell"), "{handed:?}");
}

#[test]
fn actions_show_their_command_line_and_are_no_source_actions() {
    let lab = lab("exit 7");
    let mut client = lab.start(json!({}));
    let at = json!({ "line": 1, "character": 0 });
    let mut ask = |context: Value| {
        let range = json!({ "start": at, "end": at });
        let params = json!({ "textDocument": { "uri": lab.uri() }, "range": range, "context": context });
        client.call("textDocument/codeAction", params)["result"].take()
    };
    let all = ask(json!({ "diagnostics": [] }));
    let actions: Vec<(&str, &Value)> = all
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["kind"] == "dockwright")
        .map(|it| (it["title"].as_str().unwrap(), it))
        .collect();
    let titled = |start: &str| {
        actions.iter().find(|it| it.0.starts_with(start)).unwrap_or_else(|| panic!("{start}: {actions:?}"))
    };
    let (title, action) = titled("Build to here (stage `base`)");
    assert_eq!(
        *title,
        "Build to here (stage `base`): docker buildx build --progress=plain -t shop:base -f Dockerfile --target base ."
    );
    assert_eq!(action["command"]["command"], "dockwright.build");
    assert_eq!(action["command"]["arguments"][0], json!({ "uri": lab.uri(), "target": "base" }));
    titled("Build image `shop:latest`: docker buildx build");
    titled("Build and run");
    titled("Run `shop:latest`: docker run");
    titled("Push `shop:latest`: docker push");
    titled("Copy the build command");
    assert!(!actions.iter().any(|it| it.0.starts_with("Check")), "this buildx cannot");
    let quick = ask(json!({ "diagnostics": [], "only": ["quickfix"] }));
    assert!(quick.as_array().unwrap().iter().all(|it| it["kind"] != "dockwright"));
    assert_eq!(lab.calls(), [[""; 0]; 0], "offering runs nothing");
}

#[test]
fn nothing_at_all_happens_in_an_untrusted_workspace() {
    let lab = lab(WORKING);
    let mut client = lab.start(json!({ "trusted": false }));
    let document = json!({ "textDocument": { "uri": lab.uri() } });
    assert_eq!(client.call("textDocument/codeLens", document)["result"], json!([]));
    for command in [
        "build",
        "run",
        "buildAndRun",
        "check",
        "shell",
        "stop",
        "push",
        "pull",
        "logs",
        "remove",
        "builders",
    ] {
        let answer = lab.execute(&mut client, &format!("dockwright.{command}"), json!({}));
        assert_eq!(answer["result"]["ok"], false, "{command}: {answer}");
        assert!(message(&mut client).starts_with("this workspace is not trusted"));
        let answer = lab.execute(&mut client, &format!("dockwright.{command}"), json!({ "dryRun": true }));
        let refused = answer["error"]["message"].as_str().unwrap_or_else(|| panic!("{command}: {answer}"));
        assert!(refused.starts_with("this workspace is not trusted"));
    }
    assert_eq!(lab.processes(), [0; 0], "not even a question for the version");
}

#[test]
fn a_file_of_the_workspace_cannot_choose_the_program() {
    let lab = lab(WORKING);
    lab.install("evil", "");
    lab.write("shop/dockwright.toml", "trusted = true\n[cli]\nprogram = \"evil\"\nenv = { A = \"b\" }\n");
    let mut client = lab.start(json!({}));
    let answer = lab.execute(&mut client, "dockwright.build", json!({ "dryRun": true }));
    assert_eq!((&answer["result"]["argv"][0], &answer["result"]["env"]), (&json!("docker"), &json!({})));
}

#[test]
fn hostile_values_are_refused_or_stay_one_word() {
    let lab = lab(WORKING);
    let mut client = lab.start(json!({}));
    for bad in [
        json!({ "tag": "--privileged" }),
        json!({ "tag": "a b" }),
        json!({ "tag": "a\n--push" }),
        json!({ "target": "-o" }),
        json!({ "target": "none" }),
        json!({ "platform": "--output=type=local,dest=/" }),
        json!({ "context": "-" }),
        json!({ "buildArgs": { "--output": "x" } }),
        json!({ "buildArgs": { "A=B C": "x" } }),
        json!({ "buildArgs": { "A": "\0" } }),
        json!({ "buildArgs": { "LD_PRELOAD_TOKEN": "x" } }),
        json!({ "tag": 7 }),
    ] {
        for dry_run in [true, false] {
            let mut request = bad.clone();
            request["dryRun"] = json!(dry_run);
            let answer = lab.execute(&mut client, "dockwright.build", request);
            assert_eq!(answer["error"]["code"], -32602, "{bad}: {answer}");
        }
    }
    assert_eq!(lab.calls(), [[""; 0]; 0]);
    let value = "$(touch /tmp/x); `id` \"'\n-x";
    let answer = lab.execute(&mut client, "dockwright.build", json!({ "buildArgs": { "A": value } }));
    assert_eq!(answer["result"]["ok"], true, "{answer}");
    lab.call_with(&format!("A={value}"));
}

#[test]
fn a_hostile_file_name_is_one_word() {
    let lab = lab(WORKING);
    let name = "shop/-f $(id) '\";\n.Dockerfile";
    lab.write(name, "FROM scratch\n");
    let mut client = lab.start(json!({}));
    let uri = lab.uri_of(name);
    let answer = lab.execute(&mut client, "dockwright.build", json!({ "uri": uri }));
    assert_eq!(answer["result"]["ok"], true, "{answer}");
    let call = lab.call_with("buildx");
    assert!(call.windows(2).any(|it| it == ["-f", "./-f $(id) '\";\n.Dockerfile"]), "{call:?}");
    let tag = &call[call.iter().position(|it| it == "-t").unwrap() + 1];
    assert!(!tag.contains([' ', '$', '\n', '\'']), "{tag}");
}

#[test]
fn hostile_contents_of_project_files_are_refused() {
    let lab = lab(WORKING);
    let compose = "services:\n  a:\n    image: --privileged\n    build: {context: ., args: {'--x': 1}}\n";
    lab.write("shop/compose.yaml", compose);
    let mut client = lab.start(json!({}));
    let answer = lab.execute(&mut client, "dockwright.build", json!({}));
    assert_eq!(answer["error"]["code"], -32602, "{answer}");
    assert_eq!(lab.calls(), [[""; 0]; 0]);
}

#[test]
fn secrets_are_in_no_log_and_no_memory() {
    let lab = lab(FAILING);
    let mut client = lab.start(json!({}));
    let request = json!({ "buildArgs": { "API_TOKEN": "hunter22", "VERSION": "7" } });
    lab.execute(&mut client, "dockwright.build", request);
    assert_eq!(lab.environment_with("API_TOKEN").as_deref(), Some("hunter22"));
    assert!(lab.call_with("buildx").iter().all(|it| !it.contains("hunter22")));
    let shown = lab.execute(&mut client, "dockwright.showLog", json!({}));
    let log = std::fs::read_to_string(shown["result"]["log"].as_str().expect("a path")).unwrap();
    assert!(log.starts_with("$ docker buildx build") && log.contains("oh no: ***"), "{log}");
    let state = lab.path("state/dockwright/builds.json");
    Lab::wait_until("it is remembered", || state.is_file());
    let state = std::fs::read_to_string(state).unwrap();
    assert!(state.contains("VERSION") && !state.contains("hunter22"), "{state}");
}

#[test]
fn what_was_used_last_is_used_again() {
    let lab = lab(WORKING);
    let mut client = lab.start(json!({}));
    let request = json!({ "tag": "acme/shop:2", "buildArgs": { "V": "2" }, "buildOptions": ["--no-cache", "--network=host"] });
    lab.execute(&mut client, "dockwright.build", request);
    Lab::wait_until("it is remembered", || lab.path("state/dockwright/builds.json").is_file());
    drop(client);
    let mut client = lab.start(json!({}));
    let answer = lab.execute(&mut client, "dockwright.build", json!({ "dryRun": true }));
    let expected = json!([
        "docker",
        "buildx",
        "build",
        "--progress=plain",
        "-t",
        "acme/shop:2",
        "-f",
        "Dockerfile",
        "--build-arg",
        "V=2",
        "--network=host",
        "."
    ]);
    assert_eq!(answer["result"]["argv"], expected);
}

#[test]
fn what_is_missing_is_told_in_one_sentence() {
    let lab = Lab::new(TEXT);
    let mut client = lab.start(json!({}));
    let answer = lab.execute(&mut client, "dockwright.build", json!({}));
    assert_eq!(answer["result"]["ok"], false);
    let told = message(&mut client);
    assert!(told.starts_with("no container engine is installed") && told.contains("`cli.program`"), "{told}");
    let lenses =
        client.call("textDocument/codeLens", json!({ "textDocument": { "uri": lab.uri() } }))["result"]
            .take();
    assert!(titles(&lenses)[0].starts_with("No docker, podman, nerdctl or buildah"));

    lab.install("docker", "[ \"$1\" = --version ] && echo 'Docker version 20.10.24' && exit 0; exit 1");
    lab.execute(&mut client, "dockwright.check", json!({}));
    let told = message(&mut client);
    assert!(told.starts_with("`docker` has no buildx, which BuildKit's check needs"), "{told}");
}

#[test]
fn a_daemon_that_is_not_there_is_told_and_the_lens_says_so() {
    let lab = lab("case \"$1 $2\" in 'buildx build') echo 'ERROR: Cannot connect to the Docker daemon at \
         unix:///var/run/docker.sock. Is the docker daemon running?' >&2; exit 1;; esac; exit 0");
    let mut client = lab.start(json!({}));
    let answer = lab.execute(&mut client, "dockwright.build", json!({}));
    assert_eq!(answer["result"]["ok"], false);
    let told = message(&mut client);
    assert!(told.starts_with("building `shop:latest` failed: no container engine answers"), "{told}");
    let document = json!({ "textDocument": { "uri": lab.uri() } });
    let lenses = client.call("textDocument/codeLens", document)["result"].take();
    assert!(titles(&lenses).iter().any(|it| it.starts_with("no container engine answers")), "{lenses}");
}

#[test]
fn the_project_says_how_a_file_is_built_and_the_lens_says_who() {
    let lab = lab(WORKING);
    let compose =
        "services:\n  web:\n    image: acme/web:7\n    build: { context: ., target: base, args: { A: 1 } }\n";
    lab.write("shop/compose.yaml", compose);
    let mut client = lab.start(json!({}));
    let lenses =
        client.call("textDocument/codeLens", json!({ "textDocument": { "uri": lab.uri() } }))["result"]
            .take();
    let titles = titles(&lenses);
    let build = "Build image `acme/web:7`: docker buildx build --progress=plain -t acme/web:7 -f Dockerfile --target base \
                 --build-arg A=1 .";
    assert!(
        titles.contains(&build.to_owned()) && titles.contains(&"as `web` in compose.yaml".to_owned()),
        "{titles:?}"
    );
}

#[test]
fn another_stage_does_not_take_the_name_of_the_projects_image() {
    let lab = Lab::new("FROM scratch AS app\nFROM scratch AS tests\n");
    lab.write(
        "shop/compose.yaml",
        "services:\n  web:\n    image: acme/web:2\n    build: {context: ., target: app}\n",
    );
    lab.install("docker", &plain_docker("exit 7"));
    let mut client = lab.start(json!({}));
    let mut tag = |target: &str| {
        let request = json!({ "target": target, "dryRun": true });
        lab.execute(&mut client, "dockwright.build", request)["result"]["argv"][5].take()
    };
    assert_eq!((tag("app"), tag("tests")), (json!("acme/web:2"), json!("acme/web:tests")));
}

#[test]
fn a_check_is_merged_with_what_we_say_ourselves() {
    let report = r#"{ "warnings": [
        { "ruleName": "MaintainerDeprecated", "detail": "theirs", "location": { "ranges": [{ "start": { "line": 2 }, "end": { "line": 2 } }] } },
        { "ruleName": "FromTheFuture", "detail": "new", "url": "https://docs.docker.com/x/", "location": { "ranges": [{ "start": { "line": 1 }, "end": { "line": 1 } }] } }
    ] }"#;
    let lab = Lab::new("FROM scratch\nMAINTAINER me\n");
    lab.install("docker", &format!("{DOCKER}\ncat <<'END'\n{report}\nEND\n"));
    let mut client = lab.start(json!({}));
    let answer = lab.execute(&mut client, "dockwright.check", json!({}));
    assert_eq!(
        (&answer["result"]["ok"], &answer["result"]["findings"]),
        (&json!(false), &json!(2)),
        "{answer}"
    );
    lab.call_with("--call=check,format=json");
    let published = client.wait("the finding", |it| {
        let all = it["params"]["diagnostics"].as_array();
        it["method"] == "textDocument/publishDiagnostics"
            && all.is_some_and(|all| all.iter().any(|it| it["source"] == "buildkit"))
    });
    let all = published["params"]["diagnostics"].as_array().unwrap();
    let codes: Vec<&str> =
        all.iter().filter(|it| it["source"] == "buildkit").map(|it| it["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["FromTheFuture"]);
    let maintainer = all.iter().filter(|it| it["range"]["start"]["line"] == 1).count();
    assert_eq!(maintainer, 1, "{all:?}");
}

#[test]
fn a_comment_switches_off_what_buildkit_found_too() {
    let report = r#"{ "warnings": [{ "ruleName": "FromTheFuture", "detail": "new",
        "location": { "ranges": [{ "start": { "line": 2 }, "end": { "line": 2 } }] } }] }"#;
    let lab = Lab::new("FROM scratch\nCOPY a /a\n");
    lab.install("docker", &format!("{DOCKER}\ncat <<'END'\n{report}\nEND\n"));
    let mut client = lab.start(json!({}));
    lab.execute(&mut client, "dockwright.check", json!({}));
    let from_buildkit = |client: &mut Client, count: usize| {
        client.wait("the findings", |it| {
            let all = it["params"]["diagnostics"].as_array();
            let found =
                |all: &Vec<Value>| all.iter().filter(|it| it["source"] == "buildkit").count() == count;
            it["method"] == "textDocument/publishDiagnostics" && all.is_some_and(found)
        })
    };
    from_buildkit(&mut client, 1);
    client.others();
    let comment = "# dockwright: ignore[FromTheFuture] not yet\n";
    client.change(&lab.uri(), 2, json!([edit([1, 0, 1, 0], comment)]));
    from_buildkit(&mut client, 0);
}

#[test]
fn a_check_that_finds_nothing_says_so() {
    let lab = Lab::new("FROM scratch\nCOPY a /a\n");
    lab.install("docker", &format!("{DOCKER}\necho '{{ \"warnings\": null }}'\n"));
    let mut client = lab.start(json!({}));
    let answer = lab.execute(&mut client, "dockwright.check", json!({}));
    assert_eq!(
        (&answer["result"]["ok"], &answer["result"]["findings"]),
        (&json!(true), &json!(0)),
        "{answer}"
    );
    assert_eq!(message(&mut client), "BuildKit's check found nothing");
}

#[test]
fn what_podman_keeps_of_a_cancelled_build_is_told() {
    let lab = Lab::new(TEXT);
    lab.install("podman", "[ \"$1\" = --version ] && echo 'podman version 4.3.1' && exit 0; exec sleep 600");
    let mut client = lab.start(json!({}));
    let id = lab.begin(&mut client, "dockwright.build", json!({}));
    Lab::wait_until("the build runs", || !lab.calls().is_empty());
    client.notify("window/workDoneProgress/cancel", json!({ "token": "token" }));
    assert_eq!(client.response(id)["result"]["cancelled"], true);
    assert!(
        message(&mut client)
            .starts_with("`podman` keeps the working containers of a build that is cancelled")
    );
}

#[test]
fn the_other_engines_are_called_in_their_words() {
    for (name, says, expected) in [
        ("podman", "podman version 4.3.1", "podman build -t shop:latest -f Dockerfile ."),
        ("nerdctl", "nerdctl version 1.7.0", "nerdctl build --progress=plain -t shop:latest -f Dockerfile ."),
        (
            "buildah",
            "buildah version 1.28.2 (image-spec 1.0.2)",
            "buildah build --layers -t shop:latest -f Dockerfile .",
        ),
    ] {
        let lab = Lab::new(TEXT);
        lab.install(name, &format!("[ \"$1\" = --version ] && echo '{says}'; exit 0"));
        let mut client = lab.start(json!({}));
        let answer = lab.execute(&mut client, "dockwright.build", json!({}));
        assert_eq!(answer["result"]["ok"], true, "{answer}");
        assert_eq!(lab.call_with("-f").join(" "), expected);
    }
}

#[test]
fn megabytes_of_output_cost_neither_memory_nor_keys() {
    let lab = lab(r##"
case "$1 $2" in "buildx build") ;; *) exit 0;; esac
echo '#5 [app 1/1] RUN exit 3' >&2
head -c 40000000 /dev/zero | tr '\0' 'x' | fold -w 100 | sed 's/^/#5 0.1 /' >&2
"##);
    let mut client = lab.start(json!({}));
    let id = lab.begin(&mut client, "dockwright.build", json!({}));
    for version in 2..40 {
        client.change(&lab.uri(), version, json!([edit([0, 0, 0, 0], "#\n")]));
        let at = json!({ "textDocument": { "uri": lab.uri() }, "position": { "line": version - 1, "character": 1 } });
        assert!(client.call("textDocument/hover", at)["result"].is_object());
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(client.response(id)["result"]["ok"], true);
    let logs = std::fs::read_dir(lab.path("state/dockwright/logs")).unwrap().flatten();
    let longest = logs.map(|it| it.metadata().unwrap().len()).max().unwrap();
    assert!(longest < 40 << 20, "the log is bounded: {longest}");
    let peak = client.peak_memory();
    assert!(peak < 100 << 20, "{peak} bytes");
}

#[test]
fn a_stage_without_a_name_can_be_built_where_the_engine_takes_numbers() {
    let text = "FROM scratch\nCOPY a /\nFROM scratch\nCOPY b /\nFROM scratch AS named\nFROM scratch\nCOPY --from=1 /b /\n";
    let build_lenses = |name: &str, says: &str| {
        let lab = Lab::new(text);
        lab.install(name, &format!("[ \"$1\" = --version ] && echo '{says}'; exit 0"));
        let mut client = lab.start(json!({}));
        let document = json!({ "textDocument": { "uri": lab.uri() } });
        let lenses = client.call("textDocument/codeLens", document)["result"].take();
        let all = lenses.as_array().expect("a list").iter();
        let stages = all.filter(|it| it["command"]["title"].as_str().unwrap().starts_with("Build stage"));
        let found: Vec<(u64, String)> = stages
            .map(|it| {
                let title = it["command"]["title"].as_str().unwrap().to_owned();
                (it["range"]["start"]["line"].as_u64().unwrap(), title)
            })
            .collect();
        (found, lab.execute(&mut client, "dockwright.build", json!({ "target": "1", "dryRun": true })))
    };
    let (found, answer) = build_lenses("podman", "podman version 4.3.1");
    let expected = [
        (0, "Build stage 0: podman build -t shop:stage-0 -f Dockerfile --target 0 .".to_owned()),
        (2, "Build stage 1: podman build -t shop:stage-1 -f Dockerfile --target 1 .".to_owned()),
        (4, "Build stage `named`: podman build -t shop:named -f Dockerfile --target named .".to_owned()),
    ];
    assert_eq!(found, expected);
    assert!(answer["result"]["argv"].as_array().unwrap().contains(&json!("--target")), "{answer}");
    let (found, answer) = build_lenses("docker", "Docker version 28.2.2, build e6534b4");
    assert_eq!(found.iter().map(|it| it.0).collect::<Vec<_>>(), [4]);
    assert_eq!(answer["error"]["code"], -32602, "{answer}");
    assert!(answer["error"]["message"].as_str().unwrap().starts_with("stage 1 has no name"), "{answer}");
}

#[test]
fn without_a_terminal_a_shell_is_a_command_to_copy() {
    let lab = lab(WORKING);
    let mut client = lab.start(json!({}));
    let id = lab.begin(&mut client, "dockwright.shell", json!({}));
    let shown = client.server_request("window/showDocument");
    client.reply(&shown["id"], json!({ "success": true }));
    let answer = client.response(id);
    assert_eq!(answer["result"]["ok"], true, "{answer}");
    let line = "docker run --rm -it --pull=never --entrypoint sh shop:latest";
    assert_eq!(message(&mut client), format!("a shell needs a terminal; run this there: {line}"));
    let path = shown["params"]["uri"].as_str().unwrap().strip_prefix("file://").unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(
        text,
        format!(
            "# A shell in a new container of `shop:latest`, which goes when you leave it. Run this in a terminal:\n{line}\n"
        )
    );
}
