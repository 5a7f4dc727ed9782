//! What hover says, by its first words, and that it never says nothing where a user expects something.

use super::*;
use crate::analysis::testing::Fixture;

fn shown(source: &str) -> Option<(String, String)> {
    let fixture = Fixture::new(source);
    let hover = hover(&fixture.model(), fixture.cursor())?;
    let text = &fixture.text[usize::from(hover.range.start())..usize::from(hover.range.end())];
    Some((text.to_owned(), hover.markdown))
}

/// Hover at the cursor covers `range` and says each of `words`.
fn check(source: &str, range: &str, words: &[&str]) {
    let (text, markdown) = shown(source).unwrap_or_else(|| panic!("no hover in {source}"));
    assert_eq!(text, range, "in {source}");
    for word in words {
        assert!(markdown.contains(word), "{word:?} is not in\n{markdown}");
    }
}

#[test]
fn instructions_say_when_they_act() {
    check("FROM a\nR<|>UN ls", "RUN", &["**RUN** · build time", "```dockerfile", "docs.docker.com"]);
    check("FROM a\nc<|>md ls", "cmd", &["**CMD** · run time"]);
    check("FROM a\nONBUILD CO<|>PY a b", "COPY", &["Deferred by `ONBUILD`", "**COPY**"]);
    check("FROM a\nRU<|>NN ls", "RUNN", &["Did you mean `RUN`?"]);
}

#[test]
fn flags_and_mount_options_are_explained() {
    check("FROM a\nCOPY --ch<|>own=x a b", "--chown=x", &["**--chown=", "COPY"]);
    check("FROM a\nRUN --mount=type=ca<|>che,target=/x ls", "type=cache", &["**type=cache**"]);
    check("FROM a AS b\nFROM c\nRUN --mount=from=<|>b,target=/x ls", "b", &["**Stage"]);
    check("FROM a\nRUN --mount=from=gol<|>ang:1,target=/x ls", "golang:1", &["**Image** `golang:1`"]);
    check("FROM a\nRUN --mount=type=cache,tar<|>get=/x ls", "target=/x", &["**target=", "type=cache"]);
    check("FROM a\nRUN --netw<|>ork=none ls", "--network=none", &["**--network"]);
    check("FROM a\nRUN --network=no<|>ne ls", "none", &["**none**"]);
}

#[test]
fn variables_show_value_and_origin() {
    check("FROM a\nENV X=1\nUSER u$<|>X", "$X", &["**X** · ENV", "Value: `1`", "Set on line 2"]);
    check("ARG V=3\nFROM python:${V<|>}", "${V}", &["Value: `3` unless the build passes `--build-arg V=…`"]);
    check("ARG V=3\nFROM a\nUSER $<|>V", "$V", &["not visible in this stage. Add `ARG V`"]);
    check("FROM a AS b\nENV X=1\nFROM b\nRUN echo \"$<|>X\"", "X", &["Inherited from stage `b`"]);
    check("FROM a\nUSER ${X:-<|>y}", "${X:-y}", &["`${name:-default}`"]);
    check("FROM a\nENV PYTHONUN<|>BUFFERED=1", "PYTHONUNBUFFERED", &["Read by"]);
    check("FROM a\nARG TARGET<|>ARCH", "TARGETARCH", &["BuildKit sets"]);
}

#[test]
fn stages_and_images_are_told_apart() {
    check(
        "FROM a AS b\nRUN x\nFROM c\nCOPY --from=<|>b /x /y",
        "b",
        &["**Stage `b`** · number 0", "Used by `1`"],
    );
    check("FROM py<|>thon", "python", &["**Image** `python`", "docker.io/library/python", "`latest`"]);
    check("FROM scr<|>atch", "scratch", &["no files at all"]);
    check("FROM a\nCOPY --from=nginx:<|>1 /x /y", "nginx:1", &["**Image** `nginx:1`"]);
    check("FROM a A<|>S b", "AS", &["Gives the stage a name"]);
}

#[test]
fn the_index_tells_about_official_images() {
    let date = crate::analysis::image::index::date();
    let dated = format!("official images of {date}");
    check(
        "FROM py<|>thon:3",
        "python:3",
        &["Python with pip", "`3` stands for `3.", "Platforms: `linux/amd64`", "User: `root`", &dated],
    );
    check("FROM pyth<|>on:3.6-stretch", "python:3.6-stretch", &["not kept up to date since 2021-08"]);
    check(
        "FROM pyth<|>on:3.12.1",
        "python:3.12.1",
        &["Newest patch version: `3.12.", "Newest minor version: `3."],
    );
    check("FROM pyth<|>on:3.999", "python:3.999", &["`3.999` is not in the list"]);
    check(
        "FROM no<|>de:22-slim",
        "node:22-slim",
        &["Base system: Debian 12 (bookworm), with `apt-get` for packages"],
    );
    check(
        "FROM no<|>de:22-alpine3.22",
        "node:22-alpine3.22",
        &["Base system: Alpine 3.22, with `apk` for packages"],
    );
    check("FROM pyth<|>on:3", "python:3", &["Base system: Debian or Ubuntu, with `apt-get` for packages"]);
    check("FROM cen<|>tos:7", "centos:7", &["Left the official images on 2024-07-29"]);
    check("FROM op<|>enjdk:8", "openjdk:8", &["**Deprecated**", "Use `eclipse-temurin` or"]);
    let (_, markdown) = shown("FROM ghcr.io/a/<|>b:1").expect("there is a hover");
    assert!(!markdown.contains("official images"), "{markdown}");
}

#[test]
fn words_with_a_meaning_are_explained() {
    check("FROM a\nEXPOSE 80<|>80/tcp", "8080/tcp", &["**Port 8080/tcp**", "docker run -p 8080:8080"]);
    check("FROM a\nSTOPSIGNAL SIG<|>QUIT", "SIGQUIT", &["**SIGQUIT**"]);
    check("FROM a\nUSER ro<|>ot", "root", &["run as root"]);
    check("FROM a\nWORKDIR /a\nWORKDIR <|>b", "b", &["`/a/b`"]);
    check("# syn<|>tax=docker/dockerfile:1\nFROM a", "# syntax=docker/dockerfile:1", &["**# syntax=**"]);
    check("# check=skip=Stage<|>NameCasing\nFROM a", "StageNameCasing", &["build-checks"]);
}

#[test]
fn shell_commands_and_heredocs_are_explained() {
    check(
        "FROM a\nRUN x && apt<|>-get install -y curl",
        "apt-get",
        &["**apt-get**", "--no-install-recommends"],
    );
    check("FROM a\nRUN apt-get \\\n  inst<|>all -y curl", "install", &["**apt-get install**"]);
    check(
        "FROM a\nRUN apt-get install --no-install-rec<|>ommends curl",
        "--no-install-recommends",
        &["apt-get"],
    );
    check("FROM a\nRUN <<E<|>OF\nls\nEOF", "<<EOF", &["Here-document"]);
    check("FROM a\nRUN <<EOF\npip inst<|>all x\nEOF", "install", &["**pip install**"]);
    check("FROM a\nCOPY <<'E' /x\nls\nE<|>\n", "E", &["become a file", "quoted"]);
}

#[test]
fn nothing_is_said_about_what_needs_no_word() {
    for source in [
        "FROM a\nRUN foo b<|>ar",
        "FROM a\n<|>\nRUN x",
        "# a com<|>ment\nFROM a",
        "<|>",
        "FROM a\nCOPY sr<|>c /x",
    ] {
        assert_eq!(shown(source), None, "{source}");
    }
}

#[test]
fn text_of_the_file_cannot_break_out_of_the_markdown() {
    let (_, markdown) = shown("FROM scratch\nENV X=\"a`b\"\nUSER $<|>X").unwrap();
    assert!(markdown.contains("`` a`b ``"), "{markdown}");
}

#[test]
fn a_rule_is_explained_where_it_is_switched_off() {
    let page = ["**deprecated-maintainer**", "`DL4000`", "```dockerfile", "LABEL"];
    check("FROM a\n# hadolint ignore=DL3006,DL40<|>00\nMAINTAINER b", "DL4000", &page);
    check(
        "FROM a\n# dockwright: ignore[deprecated-<|>maintainer] why\nMAINTAINER b",
        "deprecated-maintainer",
        &page,
    );
    check("FROM a\n# check=skip=Maintainer<|>Deprecated\nMAINTAINER b", "MaintainerDeprecated", &page);
    check("FROM a\n# tally ignore=hadolint/DL4<|>000;reason=x\nMAINTAINER b", "hadolint/DL4000", &page);
    check("FROM a\n# hadolint ignore=SC2<|>086\nRUN b", "SC2086", &["shellcheck.net/wiki/SC2086"]);
    assert_eq!(shown("FROM a\n# hadolint ignore=DL3006 # wh<|>y\nRUN b"), None);
}
