//! Containers that run: what the lenses say when they end, are found again, or are taken away by somebody else.

use serde_json::{Value, json};

use crate::client::Client;
use crate::fake_engine::{DOCKER, Lab, is_running};

const ID: &str = "4444444444444444444444444444444444444444444444444444444444444444";

/// An engine with one container: it is there while the file `there` is, and has ended once `ended` holds a code.
const ENGINE: &str = r##"
case "$1" in
  run) touch "$S/there"; echo ID;;
  ps) [ -e "$S/there" ] && echo ID;;
  inspect)
    [ -e "$S/there" ] || { echo '[]'; echo 'Error: No such object: ID' >&2; exit 1; }
    if [ -e "$S/ended" ]; then state="{\"Status\":\"exited\",\"Running\":false,\"ExitCode\":$(cat "$S/ended")}"
    else state='{"Status":"running","Running":true,"ExitCode":0}'; fi
    if [ "$2" = --format ]; then echo "$state"; exit 0; fi
    echo "[{\"Id\":\"ID\",\"Name\":\"/shop\",\"State\":$state,\"NetworkSettings\":{\"Ports\":{\"80/tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"61234\"}]}}}]";;
  wait) while [ -e "$S/there" ] && [ ! -e "$S/ended" ]; do sleep 0.05; done; cat "$S/ended" 2>/dev/null || echo 137;;
  stop) echo 143 >"$S/ended";;
  rm) rm -f "$S/there";;
esac
exit 0
"##;

fn lab() -> Lab {
    let lab = Lab::new("FROM scratch\nEXPOSE 61234\n");
    let state = lab.path("engine");
    std::fs::create_dir(&state).expect("a folder");
    let script = ENGINE.replace("$S", state.to_str().expect("UTF-8")).replace("ID", ID);
    lab.install("docker", &(DOCKER.to_owned() + &script));
    lab
}

fn titles(lab: &Lab, client: &mut Client) -> Vec<String> {
    let document = json!({ "textDocument": { "uri": lab.uri() } });
    let lenses = client.call("textDocument/codeLens", document)["result"].take();
    let all = lenses.as_array().expect("a list").iter();
    all.map(|it| it["command"]["title"].as_str().expect("a title").to_owned()).collect()
}

/// The lenses once they have `title` (`is_there`) or have it no more; the editor asks whenever it is told to.
fn titles_with(lab: &Lab, client: &mut Client, title: &str, is_there: bool) -> Vec<String> {
    loop {
        let titles = titles(lab, client);
        if titles.iter().any(|it| it == title) == is_there {
            return titles;
        }
        let refresh = client.server_request("workspace/codeLens/refresh");
        client.reply(&refresh["id"], Value::Null);
    }
}

fn waiting(lab: &Lab) -> usize {
    lab.calls().iter().filter(|it| it[1] == "wait").count()
}

#[test]
fn a_container_that_ends_by_itself_is_shown_and_told() {
    let lab = lab();
    let mut client = lab.start(json!({}));
    lab.execute(&mut client, "dockwright.run", json!({}));
    titles_with(&lab, &mut client, "`shop` running on http://localhost:61234", true);
    Lab::wait_until("somebody waits", || waiting(&lab) == 1);
    lab.write("engine/ended", "3\n");
    let titles = titles_with(&lab, &mut client, "`shop` ended with exit code 3", true);
    assert!(
        titles.contains(&"Remove container".to_owned()) && !titles.contains(&"Stop".to_owned()),
        "{titles:?}"
    );
    let told = client.wait("the message", |it| it["params"]["type"] == 2);
    assert_eq!(told["params"]["message"], "`shop` ended with exit code 3 (its logs tell why)");
}

#[test]
fn containers_of_an_earlier_server_are_found_again() {
    let lab = lab();
    let mut first = lab.start(json!({}));
    lab.execute(&mut first, "dockwright.run", json!({}));
    assert_eq!(first.leave(), 0);
    let mut client = lab.start(json!({}));
    let titles = titles_with(&lab, &mut client, "`shop` running on http://localhost:61234", true);
    assert_eq!(titles[1..4], ["Stop", "Logs", "Shell"]);
    let shell = lab.execute(&mut client, "dockwright.shell", json!({ "dryRun": true }));
    assert_eq!(shell["result"]["argv"], json!(["docker", "exec", "-it", ID, "sh"]));
    let stopped = lab.execute(&mut client, "dockwright.stop", json!({}));
    assert_eq!((&stopped["result"]["ok"], &stopped["result"]["containerId"]), (&json!(true), &json!(ID)));
    titles_with(&lab, &mut client, "`shop` running on http://localhost:61234", false);
    assert_eq!(lab.execute(&mut client, "dockwright.remove", json!({}))["result"]["ok"], true);
    // Nobody asks about what is gone for good.
    let asked = lab.calls().len();
    assert_eq!(client.leave(), 0);
    let mut client = lab.start(json!({}));
    self::titles(&lab, &mut client);
    assert_eq!(client.leave(), 0);
    assert_eq!(lab.calls().len(), asked);
}

#[test]
fn a_shell_goes_to_the_container_of_an_earlier_server() {
    let lab = lab();
    lab.write("engine/there", "");
    let mut client = lab.start(json!({}));
    let answer = lab.execute(&mut client, "dockwright.shell", json!({}));
    assert_eq!(answer["result"]["terminal"]["argv"], json!(["docker", "exec", "-it", ID, "sh"]), "{answer}");
}

#[test]
fn one_that_somebody_else_took_away_is_shown_no_more() {
    let lab = lab();
    let mut client = lab.start(json!({}));
    lab.execute(&mut client, "dockwright.run", json!({}));
    titles_with(&lab, &mut client, "`shop` running on http://localhost:61234", true);
    std::fs::remove_file(lab.path("engine/there")).expect("it was there");
    let titles = titles_with(&lab, &mut client, "`shop` running on http://localhost:61234", false);
    assert!(!titles.iter().any(|it| it.starts_with("`shop` ended")), "{titles:?}");
}

#[test]
fn nobody_waits_for_containers_of_a_file_that_is_closed() {
    let lab = lab();
    let mut client = lab.start(json!({}));
    lab.execute(&mut client, "dockwright.run", json!({}));
    Lab::wait_until("somebody waits", || waiting(&lab) == 1);
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": lab.uri() } }));
    let all = lab.processes();
    Lab::wait_until("nobody waits", || !all.iter().any(|it| is_running(*it)));
    assert!(lab.path("engine/there").exists() && !lab.path("engine/ended").exists());
}

#[test]
fn nothing_is_asked_about_a_file_that_never_ran_nor_in_an_untrusted_workspace() {
    let lab = lab();
    lab.write("engine/there", "");
    let mut client = lab.start(json!({}));
    titles(&lab, &mut client);
    assert_eq!(client.leave(), 0);
    assert_eq!(lab.calls(), [[""; 0]; 0]);
    let mut client = lab.start(json!({}));
    lab.execute(&mut client, "dockwright.run", json!({}));
    assert_eq!(client.leave(), 0);
    let asked = lab.calls().len();
    let mut client = lab.start(json!({ "trusted": false }));
    titles(&lab, &mut client);
    assert_eq!(client.leave(), 0);
    assert_eq!(lab.calls().len(), asked);
}
