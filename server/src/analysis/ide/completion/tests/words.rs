//! Words from tables: users, ports, signals, names, commands, rules.

use super::*;

#[test]
fn users_of_the_stage_come_first() {
    check_first("FROM debian\nRUN useradd -r -s /bin/false app\nUSER <|>", &["app"]);
    check_first("FROM alpine\nRUN addgroup -S web && adduser -S web -G web\nUSER <|>", &["web"]);
    check_first("FROM node\nUSER <|>", &["node"]);
    check_first("FROM node\nCOPY --chown=<|>", &["node"]);
    check_first("FROM a\nUSER app:<|>", &["app"]);
    check_has_not("FROM a\nRUN useradd app\nFROM b\nUSER <|>", &["app"]);
}

#[test]
fn ports_and_protocols() {
    check_first("FROM postgres\nEXPOSE <|>", &["5432"]);
    check_first("FROM a\nEXPOSE <|>", &["8080", "80"]);
    check_has_not("FROM a\nEXPOSE 8080 <|>", &["8080"]);
    check("FROM a\nEXPOSE 53/<|>", &["tcp", "udp", "sctp"]);
}

#[test]
fn signals_that_stop_come_first() {
    check_first("FROM a\nSTOPSIGNAL <|>", &["SIGTERM"]);
    check_first("FROM nginx\nSTOPSIGNAL <|>", &["SIGQUIT"]);
    check("FROM a\nSTOPSIGNAL sigq<|>", &["SIGQUIT"]);
}

#[test]
fn health_checks() {
    check(
        "FROM a\nHEALTHCHECK <|>",
        &["CMD", "NONE", "--interval=", "--timeout=", "--start-period=", "--start-interval=", "--retries="],
    );
    check(
        "FROM a\nHEALTHCHECK --retries=3 <|>",
        &["CMD", "--interval=", "--timeout=", "--start-period=", "--start-interval="],
    );
    check("FROM a\nHEALTHCHECK CMD c<|>", &["curl"]);
    check("FROM a\nHEALTHCHECK NONE <|>", &[]);
}

#[test]
fn shells_fit_the_base() {
    check_first("FROM alpine\nSHELL <|>", &[r#"["/bin/ash", "-eo", "pipefail", "-c"]"#]);
    check_first(
        "# escape=`\nFROM a\nSHELL <|>",
        &[r#"["powershell", "-Command", "$ErrorActionPreference = 'Stop';"]"#],
    );
}

#[test]
fn environment_names_and_values() {
    check("FROM a\nENV PYTHONUNB<|>", &["PYTHONUNBUFFERED"]);
    check("FROM a\nENV LANG=<|>", &["C.UTF-8"]);
    check("FROM a\nENV A=1 PYTHONUNB<|>", &["PYTHONUNBUFFERED"]);
    check_has_not("FROM a\nENV LANG=C LAN<|>", &["LANG"]);
    check("FROM a\nENV NAME some va<|>", &[]);
    check_after("FROM a\nENV PYTHONUNB<|>=1", "PYTHONUNBUFFERED", "FROM a\nENV PYTHONUNBUFFERED=1");
}

#[test]
fn label_keys() {
    check_has("FROM a\nLABEL org.<|>", &["org.opencontainers.image.source"]);
    check("FROM a\nLABEL a=org.<|>", &[]);
    check_has("FROM a\nLABEL a=b \\\n  org.<|>", &["org.opencontainers.image.title"]);
}

#[test]
fn arguments_to_take_over() {
    check_first("ARG V=1\nFROM a\nARG <|>", &["V", "TARGETPLATFORM"]);
    check_has_not("ARG V=1\nFROM a\nARG V\nARG <|>", &["V"]);
    check("ARG <|>", &[]);
}

#[test]
fn the_package_manager_of_the_base_comes_first() {
    check_first("FROM debian\nRUN <|>", &["apt-get"]);
    check_first("FROM alpine\nRUN <|>", &["apk"]);
    check_has_not("FROM alpine\nRUN <|>", &["apt-get", "dnf"]);
    check_first("FROM python:3-alpine\nRUN <|>", &["apk", "pip"]);
    check("FROM debian\nRUN apt-get update && apt-g<|>", &["apt-get"]);
    check("FROM debian\nRUN x \\\n  && apt-g<|>", &["apt-get"]);
    check("FROM debian\nRUN <<EOF\napt-g<|>\nEOF\n", &["apt-get"]);
    check("FROM debian\nRUN <<EOF\n#!/usr/bin/env python3\napt-g<|>\nEOF\n", &[]);
    check(
        "FROM mcr.microsoft.com/windows/nanoserver:x\nRUN <|>",
        &["--mount=", "--network=", "--security=", "--device="],
    );
}

#[test]
fn subcommands_and_flags_of_commands() {
    check_has("FROM debian\nRUN apt-get <|>", &["install", "update"]);
    check_first("FROM debian\nRUN apt-get install -<|>", &["--no-install-recommends", "-y"]);
    check_has_not("FROM debian\nRUN apt-get install -y -<|>", &["-y"]);
    check("FROM debian\nRUN apt-get install --no-install-r<|>", &["--no-install-recommends"]);
    check("FROM debian\nRUN apt-get install --ye<|>", &["--yes"]);
    check_has("FROM alpine\nRUN sudo apk add --no-c<|>", &["--no-cache"]);
    check("FROM a\nCMD apt-g<|>", &[]);
}

#[test]
fn directives_stand_at_the_top() {
    check(
        "# <|>\nFROM a",
        &[
            "syntax=",
            "escape=",
            "check=",
            "hadolint ignore=",
            "hadolint global ignore=",
            "hadolint shell=",
            "dockwright: ignore[",
            "dockwright: format off",
            "dockwright: format on",
        ],
    );
    check("# syn<|>", &["syntax="]);
    check("#syn<|>", &["syntax="]);
    check("# escape=`\n# sy<|>\nFROM a", &["syntax="]);
    check("# escape=`\n# esc<|>\nFROM a", &[]);
    check("FROM a\n# syn<|>", &[]);
    check("\n# syn<|>", &[]);
    check("# escape=<|>", &["\\", "`"]);
    check("\u{feff}# syn<|>", &["syntax="]);
}

#[test]
fn checks_are_named_as_buildkit_does() {
    check("# check=<|>", &["skip=", "error=", "experimental="]);
    check("# check=error=<|>", &["true", "false"]);
    check("# check=skip=JSONA<|>", &["JSONArgsRecommended"]);
    check("# check=skip=JSONArgsRecommended,Stage<|>;error=true", &["StageNameCasing"]);
    check_has_not("# check=skip=JSONArgsRecommended,<|>", &["JSONArgsRecommended", "all"]);
    check("# check=skip=A;<|>", &["error=", "experimental="]);
    check("# check=experimental=<|>", &["InvalidDefinitionDescription", "all"]);
}

#[test]
fn rules_can_be_switched_off_by_name() {
    check("FROM a\n# hadolint ignore=DL4000<|>\nRUN x", &["DL4000"]);
    check_has_not("FROM a\n# hadolint ignore=DL4000,<|>\nRUN x", &["DL4000", "deprecated-maintainer"]);
    check("FROM a\n# dockwright: ignore[deprecated-m<|>\nRUN x", &["deprecated-maintainer"]);
    check("FROM a\n# dockwright: ignore[deprecated-maintainer] be<|>\nRUN x", &[]);
    check("FROM a\n# hadolint ignore=DL4000 # beca<|>\nRUN x", &[]);
    check("FROM a\n# hadolint ig<|>\nRUN x", &["hadolint ignore="]);
}

#[test]
fn an_open_heredoc_offers_its_end() {
    check("FROM a\nRUN <<EOF\nE<|>", &["ENV", "ENTRYPOINT", "EXPOSE", "EOF"]);
    check_after("FROM a\nRUN <<EOF\nls\n<|>", "EOF", "FROM a\nRUN <<EOF\nls\nEOF");
}
