//! Paths of the context, of the image and of other stages.

use super::*;

const FILES: &str = "\
//- src/main.go
//- src/web/index.html
//- package.json
//- go.mod
//- notes of mine.txt
//- Dockerfile
//- secret.env
//- .dockerignore
*.env
";

fn check_in_project(source: &str, expected: &[&str]) {
    check(&format!("{source}\n{FILES}"), expected);
}

#[test]
fn sources_are_the_files_of_the_context() {
    let all = ["package.json", "go.mod", "src/"];
    check_in_project("FROM a\nCOPY --link s<|>", &["src/"]);
    check_in_project("FROM a\nCOPY p<|> .", &["package.json"]);
    check_in_project("FROM a\nCOPY src/<|> .", &["web/", "main.go"]);
    check_in_project("FROM a\nCOPY ./src/m<|> .", &["main.go"]);
    check_in_project("FROM a\nCOPY /src/m<|> .", &["main.go"]);
    check_in_project("FROM a\nCOPY [\"src/m<|>\", \".\"]", &["main.go"]);
    check_in_project("ARG D\nFROM a\nENV D=src\nCOPY $D/m<|> .", &["main.go"]);
    let labels = ask(&format!("FROM a\nCOPY <|> .\n{FILES}")).labels();
    assert_eq!(labels[1..4], all);
    assert!(!labels.contains(&"secret.env".into()) && !labels.contains(&"notes of mine.txt".into()));
    check_has(&format!("FROM a\nCOPY [\"n<|>\"]\n{FILES}"), &["notes of mine.txt"]);
}

#[test]
fn a_source_is_offered_once() {
    check_in_project("FROM a\nCOPY package.json p<|> ./", &[]);
}

#[test]
fn nothing_outside_the_context_is_offered() {
    check_in_project("FROM a\nCOPY ../<|> .", &[]);
    check_in_project("FROM a\nADD https://exam<|> .", &[]);
}

#[test]
fn a_segment_is_replaced() {
    check_after(&format!("FROM a\nCOPY s<|>/main.go .\n{FILES}"), "src/", "FROM a\nCOPY src/main.go .\n");
    check_after(&format!("FROM a\nCOPY src/m<|> .\n{FILES}"), "main.go", "FROM a\nCOPY src/main.go .\n");
}

#[test]
fn destinations_come_behind_a_source() {
    check_first("FROM a\nWORKDIR /srv/x\nCOPY a <|>", &["./", ".", "/srv/x/"]);
    check("FROM a\nCOPY a /usr/l<|>", &["/usr/local/bin/"]);
    check_first("FROM nginx\nCOPY a /u<|>", &["/usr/share/nginx/html/"]);
    check_has("FROM a\nCOPY [\"a\", \"/usr/l<|>\"]", &["/usr/local/bin/"]);
}

#[test]
fn a_stage_offers_what_it_has_made() {
    let copy = |stage: &str| ask(&format!("{stage}\nFROM x\nCOPY --from=0 <|>")).labels();
    assert_eq!(
        copy("FROM golang\nWORKDIR /src\nCOPY . .\nRUN go build -o bin/app ./cmd && go build -o /out/tool ."),
        ["/out/tool", "/src/bin/app", "/src/", "--chown=", "--chmod=", "--link", "--parents", "--exclude="]
    );
    assert_eq!(copy("FROM rust\nWORKDIR /w\nRUN cargo build --release")[..2], ["/w/target/release/", "/w/"]);
    assert_eq!(
        copy("FROM node\nWORKDIR /w\nRUN npm ci && npm run build")[..3],
        ["/w/dist/", "/w/build/", "/w/node_modules/"]
    );
    assert_eq!(
        copy("FROM a\nRUN <<EOF\nmkdir -p /a /b\ncurl -fsSLo /b/x https://e.org/x\nEOF")[..3],
        ["/b/x", "/b/", "/a/"]
    );
    assert_eq!(copy("FROM a\nCOPY x.conf /etc/\nCOPY a /opt/a/")[..3], ["/opt/a/", "/etc/x.conf", "/etc/"]);
    assert_eq!(copy("FROM a\nRUN cd /x && touch y && cd $Z && touch q")[..1], ["/x/y"]);
}

#[test]
fn a_stage_offers_what_its_base_stage_has_made() {
    let labels =
        ask("FROM a AS b\nWORKDIR /w\nFROM b AS c\nRUN touch t\nFROM x\nCOPY --from=c /<|>").labels();
    assert_eq!(labels, ["/w/t", "/w/"]);
}

#[test]
fn files_of_an_image_are_not_known() {
    check("FROM a\nCOPY --from=nginx /<|>", &[]);
}

#[test]
fn working_folders_of_the_file_come_first() {
    check_first("FROM a\nWORKDIR /srv\nFROM b\nWORKDIR <|>", &["/srv", "/app", "/src"]);
    check("FROM postgres\nVOLUME /var/lib/p<|>", &["/var/lib/postgresql"]);
}

#[test]
fn caches_of_the_command_come_first() {
    check_first("FROM a\nRUN --mount=type=cache,target=<|> pip install x", &["/root/.cache/pip"]);
    check_first("FROM golang\nRUN --mount=type=cache,target=<|>", &["/go/pkg/mod"]);
    check_has_not("FROM alpine\nRUN --mount=type=cache,target=<|>", &["/var/cache/apt"]);
    let after = ask("FROM debian\nRUN --mount=type=cache,target=<|> apt-get update").after("/var/cache/apt");
    assert_eq!(
        after,
        "FROM debian\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update"
    );
}

#[test]
fn a_mount_shows_files_of_the_context_or_of_a_stage() {
    check_in_project("FROM a\nRUN --mount=type=bind,source=go<|>,target=x ls", &["go.mod"]);
    check("FROM a AS b\nWORKDIR /w\nFROM c\nRUN --mount=from=b,source=/<|>,target=x ls", &["/w/"]);
}
