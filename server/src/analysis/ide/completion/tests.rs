//! What is offered where, as an editor shows it: only items that go on as it is typed.

mod everywhere;
mod images;
mod paths;
mod words;

use super::*;
use crate::analysis::facts::{self, ContextListing, EntryKind, Fact};
use crate::analysis::ignore;
use crate::analysis::testing::Fixture;

/// A cursor in a file, and the files around it.
struct Asked {
    fixture: Fixture,
    options: Options,
}

/// A plain editor's question at `<|>`. Further files of the fixture are the build context.
fn ask(source: &str) -> Asked {
    Asked { fixture: Fixture::new(source), options: Options::default() }
}

/// The same in an editor that can do snippets.
fn ask_with_snippets(source: &str) -> Asked {
    Asked { options: Options { supports_snippets: true }, ..ask(source) }
}

impl Asked {
    fn items(&self) -> Vec<Item> {
        let model = self.fixture.model();
        let Some(site) = site(&model, self.fixture.cursor()) else { return Vec::new() };
        let ignore = self.fixture.files.iter().find(|(path, _)| path == ".dockerignore");
        let ignore = ignore.map(|(_, text)| ignore::parse(text));
        let known = facts::Facts { context: Some(self.context()), ..facts::Facts::default() };
        let facts = Facts { ignore: ignore.as_ref(), known: Some(&known), ..Facts::default() };
        let items = items(&site, &model, &facts, self.options).items;
        items.into_iter().filter(|it| self.matches(it)).collect()
    }

    /// As an editor filters: what stands before the cursor begins the filter text.
    fn matches(&self, item: &Item) -> bool {
        let typed = &self.fixture.text[item.insert_range];
        item.filter_text.starts_with(typed)
    }

    fn context(&self) -> Fact<ContextListing> {
        let files = self.fixture.files.iter().map(|(path, _)| (path.clone(), EntryKind::File { size: 1 }));
        let listing = ContextListing { entries: files.collect(), is_complete: true };
        Fact { value: listing, age: std::time::Duration::ZERO }
    }

    fn labels(&self) -> Vec<String> {
        self.items().into_iter().map(|it| it.label).collect()
    }

    /// The file after the item was taken; snippets are shown as they are.
    fn after(&self, label: &str) -> String {
        let item = self.items().into_iter().find(|it| it.label == label);
        let item = item.unwrap_or_else(|| panic!("{label} is not offered: {:?}", self.labels()));
        let (Insert::Plain(text) | Insert::Snippet(text)) = item.insert;
        let mut whole = self.fixture.text.clone();
        whole.replace_range(std::ops::Range::<usize>::from(item.replace), &text);
        whole
    }
}

/// All labels at `<|>`, in order.
#[track_caller]
fn check(source: &str, expected: &[&str]) {
    assert_eq!(ask(source).labels(), expected, "{source}");
}

/// The first labels.
#[track_caller]
fn check_first(source: &str, expected: &[&str]) {
    let labels = ask(source).labels();
    let first = labels.iter().take(expected.len()).collect::<Vec<_>>();
    assert_eq!(first, expected, "{source}");
}

#[track_caller]
fn check_has(source: &str, expected: &[&str]) {
    let labels = ask(source).labels();
    for label in expected {
        assert!(labels.iter().any(|it| it == label), "{label} is missing in {labels:?}\n{source}");
    }
}

#[track_caller]
fn check_has_not(source: &str, unwanted: &[&str]) {
    let labels = ask(source).labels();
    for label in unwanted {
        assert!(!labels.iter().any(|it| it == label), "{label} is offered\n{source}");
    }
}

/// The file after `label` was taken.
#[track_caller]
fn check_after(source: &str, label: &str, expected: &str) {
    assert_eq!(ask(source).after(label), expected);
}

#[test]
fn before_the_first_stage_only_arg_and_from_may_stand() {
    check("<|>", &["FROM", "ARG"]);
    check("ARG A\n<|>", &["FROM", "ARG"]);
    check("F<|>ROM a", &["FROM"]);
}

#[test]
fn instructions_are_offered_at_the_start_of_a_line() {
    check_first("FROM a\n<|>", &["FROM", "RUN", "COPY", "WORKDIR"]);
    check("FROM a\n  CO<|>", &["COPY"]);
    check("FROM a\nCO<|>\nRUN x", &["COPY"]);
    check("FROM a\r\nCO<|>\r\n", &["COPY"]);
    check_after("FROM a\nCO<|>", "COPY", "FROM a\nCOPY ");
    check_after("FROM a\nCO<|> . .", "COPY", "FROM a\nCOPY . .");
    check_after("FROM a\nC<|>PY . .", "COPY", "FROM a\nCOPY . .");
}

#[test]
fn the_case_of_the_file_is_kept() {
    check("from a\nrun x\nco<|>", &["copy"]);
    check("FROM a\nRUN x\nco<|>", &["COPY"]);
    check("from a as b\nfrom a a<|>\nrun x", &["as"]);
}

#[test]
fn onbuild_defers_what_it_may() {
    check_has("FROM a\nONBUILD <|>", &["RUN", "COPY", "ARG"]);
    check_has_not("FROM a\nONBUILD <|>", &["FROM", "ONBUILD", "MAINTAINER"]);
    check("FROM a\nONBUILD COPY --ch<|>", &["--chown=", "--chmod="]);
    check("FROM a\nONBUILD ONBUILD <|>", &[]);
}

#[test]
fn the_old_way_is_marked_and_comes_last() {
    let items = ask("FROM a\n<|>").items();
    let last = items.last().unwrap();
    assert_eq!((last.label.as_str(), last.is_deprecated), ("MAINTAINER", true));
}

#[test]
fn snippets_come_where_they_fit() {
    let labels = |source: &str| -> Vec<String> {
        let items = ask_with_snippets(source).items().into_iter();
        items.filter(|it| it.kind == ItemKind::Snippet).map(|it| it.label).collect()
    };
    assert_eq!(labels("<|>"), ["first-image", "multi-stage", "stage", "cross-compile", "syntax"]);
    let debian = labels("FROM python:3\n<|>");
    assert_eq!(debian[..2], ["cache-pip", "cache-uv"]);
    assert!(debian.contains(&"apt-install".into()) && !debian.contains(&"apk-add".into()));
    assert!(!debian.contains(&"cache-npm".into()) && debian.contains(&"cache-apt".into()));
    assert_eq!(labels("FROM gradle:9\n<|>")[0], "cache-gradle");
    assert!(labels("FROM acme/tools\n<|>").contains(&"cache-npm".into()));
    let alpine = labels("FROM alpine\n<|>");
    assert!(!alpine.contains(&"apt-install".into()) && alpine.contains(&"apk-add".into()));
    assert!(!labels("FROM scratch\n<|>").contains(&"heredoc".into()));
    assert!(!labels("FROM a\nONBUILD <|>").contains(&"heredoc".into()));
    assert_eq!(ask("FROM a\n<|>").items().iter().filter(|it| it.kind == ItemKind::Snippet).count(), 0);
    assert!(!labels("FROM scratch\n<|>").contains(&"healthcheck-curl".into()));
    let late = labels("FROM debian\nHEALTHCHECK NONE\nUSER app\nCMD a\n<|>");
    for label in ["healthcheck-curl", "entrypoint-cmd", "apt-install", "user-debian"] {
        assert!(debian.contains(&label.into()) && !late.contains(&label.into()), "{label}");
    }
    assert!(labels("FROM debian\nUSER root\n<|>\nUSER app\n").contains(&"apt-install".into()));
}

#[test]
fn snippets_follow_the_case_of_the_file() {
    let after = ask_with_snippets("from a\nrun x\nstag<|>").after("stage");
    assert_eq!(after, "from a\nrun x\nfrom ${1:image} as ${2:name}\n$0");
}

#[test]
fn flags_are_offered_once() {
    check("FROM --pl<|>", &["--platform="]);
    check("FROM a\nCOPY --fr<|>", &["--from="]);
    check("FROM a\nCOPY --<|>", &["--from=", "--chown=", "--chmod=", "--link", "--parents", "--exclude="]);
    check("FROM a\nCOPY --link --<|>", &["--from=", "--chown=", "--chmod=", "--parents", "--exclude="]);
    check("FROM a\nCOPY --exclude=a --ex<|>", &["--exclude="]);
    check("FROM a\nCOPY -<|>", &["--from=", "--chown=", "--chmod=", "--link", "--parents", "--exclude="]);
    check("FROM a\nCOPY --from=x --li<|> a b", &["--link"]);
    check("FROM a\nCOPY a --fr<|>", &[]);
    check("FROM a\nWORKDIR --<|>", &[]);
    check("FROM a\ncopy --from=x \\\n  --li<|> a b", &["--link"]);
    check("FROM a\nHEALTHCHECK --st<|>", &["--start-period=", "--start-interval="]);
    check_after("FROM a\nCOPY --fr<|>=x a b", "--from=", "FROM a\nCOPY --from=x a b");
    check_after("FROM a\nCOPY --fro<|>m=x a b", "--from=", "FROM a\nCOPY --from=x a b");
}

#[test]
fn between_flags_only_flags_fit() {
    check("FROM a\nCOPY <|> --link a b", &["--from=", "--chown=", "--chmod=", "--parents", "--exclude="]);
}

#[test]
fn flag_values_are_offered_by_kind() {
    check("FROM a\nRUN --network=<|>", &["default", "none", "host"]);
    check("FROM a\nRUN --network=n<|> ls", &["none"]);
    check("FROM a\nCOPY --link=<|>", &["true", "false"]);
    check_first("FROM a\nCOPY --chmod=<|>", &["755", "644"]);
    check_first(
        "FROM --platform=<|> a",
        &["$BUILDPLATFORM", "$TARGETPLATFORM", "linux/amd64", "linux/arm64"],
    );
    check_first("FROM --platform=linux/arm<|> a", &["linux/arm64", "linux/arm/v7"]);
    check_first("FROM a\nHEALTHCHECK --interval=<|>", &["30s", "10s"]);
    check("FROM a\nRUN --network=\"n<|>\" ls", &["none"]);
    check("FROM a\nRUN --nosuch=<|>", &[]);
}

#[test]
fn mounts_are_completed_by_type() {
    check("FROM a\nRUN --mount=type=ca<|>", &["cache"]);
    check_first(
        "FROM a\nRUN --mount=<|>",
        &["type=cache", "type=bind", "type=secret", "type=ssh", "type=tmpfs", "target="],
    );
    check(
        "FROM a\nRUN --mount=type=cache,<|>",
        &["target=", "id=", "sharing=", "from=", "source=", "mode=", "uid=", "gid=", "readonly", "rw"],
    );
    check("FROM a\nRUN --mount=type=cache,sharing=<|>", &["shared", "private", "locked"]);
    check("FROM a\nRUN --mount=type=cache,sharing=l<|>,target=/x ls", &["locked"]);
    check("FROM a\nRUN --mount=type=ssh,<|>", &["id=", "target=", "required", "mode=", "uid=", "gid="]);
    check("FROM a\nRUN --mount=type=secret,required=<|>", &["true", "false"]);
    check("FROM a\nRUN --mount=target=/x,ty<|> ls", &["type="]);
    check_has_not("FROM a\nRUN --mount=type=bind,rw,<|>", &["rw", "readonly", "type="]);
    check("FROM a\nRUN --mount=type=cache,\\\n  ta<|>", &["tar"]);
    check("FROM a\nRUN --mount=type=cache,\\\nta<|>", &["target="]);
}

#[test]
fn the_cache_of_what_runs_is_offered_as_a_whole() {
    check("FROM a\nRUN --mo<|> npm ci", &["--mount=", "--mount=type=cache,target=/root/.npm"]);
    check("FROM a\nRUN --mount=type=cache,target=/root/.npm --mo<|> npm ci", &["--mount="]);
}

#[test]
fn the_escape_directive_is_followed() {
    check("# escape=`\nFROM scratch\nENV A=1\nCOPY --link `\n  --fr<|>", &["--from="]);
    check("# escape=`\nFROM scratch\nENV A=1\nCOPY C:\\$<|> .", &["A"]);
    check("# escape=`\nFROM scratch\nENV A=1\nCOPY `$<|> .", &[]);
}

#[test]
fn a_copied_heredoc_has_variables_unless_it_is_quoted() {
    check("FROM scratch\nENV A=1\nCOPY <<EOF /x\nit's $<|>\nEOF\n", &["A"]);
    check("FROM scratch\nENV A=1\nCOPY <<'EOF' /x\n$<|>\nEOF\n", &[]);
    check("FROM scratch\nENV A=1\nCOPY <<EOF /x\n\\$<|>\nEOF\n", &[]);
    check("FROM scratch\nENV A=1\nCOPY <<EOF /x\nRU<|>\nEOF\n", &[]);
}

#[test]
fn names_of_caches_are_remembered() {
    check("FROM a\nRUN --mount=type=cache,id=pip,target=/c ls\nRUN --mount=type=cache,id=<|>", &["pip"]);
}

#[test]
fn stages_are_offered_where_they_can_be_used() {
    let file = "FROM golang AS build\nRUN x\nFROM alpine\nRUN y\nFROM scratch AS last\n";
    let ask_stages = |line: &str| -> Vec<String> {
        let items = ask(&format!("{file}{line}")).items().into_iter();
        items.filter(|it| it.kind == ItemKind::Stage).map(|it| it.label).collect()
    };
    assert_eq!(ask_stages("FROM <|>"), ["last", "build"]);
    assert_eq!(ask_stages("COPY --from=<|>"), ["build", "1", "0"]);
    assert_eq!(ask_stages("RUN --mount=from=<|>"), ["build", "1", "0"]);
    assert_eq!(ask_stages("COPY --from=<|> a b\nFROM x AS later"), ["build", "1", "0"]);
    check_has_not("FROM a<|> AS own\nFROM b AS later", &["own", "later"]);
}

#[test]
fn from_knows_as_and_free_names() {
    check("FROM a <|>", &["AS"]);
    check("FROM a A<|>", &["AS"]);
    check("from a a<|>\nrun x", &["as"]);
    check("FROM a <|> AS b", &[]);
    check("FROM a AS <|>", &["build", "base", "deps", "runtime", "test", "dev", "final"]);
    check("FROM a AS build\nFROM b AS b<|>", &["base"]);
    check("FROM a AS b <|>", &[]);
}

#[test]
fn variables_in_scope_are_offered() {
    let file = "ARG G=1\nFROM scratch\nARG A=2\nENV E=3\n";
    check(&format!("{file}COPY $<|> /"), &["A", "E"]);
    check(&format!("{file}COPY a/$<|>/b /"), &["A", "E"]);
    check(&format!("{file}COPY ${{<|> /"), &["A", "E"]);
    check(&format!("{file}ENV P=\"x:$<|>\""), &["A", "E"]);
    check(&format!("{file}ENV P='$<|>'"), &[]);
    check(&format!("{file}ENV P=\\$<|>"), &[]);
    check(&format!("{file}CMD echo $E<|>"), &["E"]);
    check_has_not(&format!("{file}CMD echo $<|>"), &["A", "G"]);
    check_has(&format!("{file}RUN echo $<|>"), &["A", "E", "HTTP_PROXY"]);
    check_has_not(&format!("{file}RUN echo $<|>"), &["G", "TARGETARCH"]);
    check_first(&format!("{file}FROM x:$<|>"), &["G", "TARGETPLATFORM"]);
    check_has_not(&format!("{file}FROM x:$<|>"), &["A", "E"]);
}

#[test]
fn variables_show_their_value_and_origin() {
    let items = ask("FROM scratch AS b\nENV E=3\nFROM b\nARG A=2\nARG N\nUSER $<|>").items();
    let shown: Vec<_> = items.iter().map(|it| format!("{}: {}", it.label, it.detail)).collect();
    assert_eq!(shown, ["A: 2 — ARG", "E: 3 — ENV of stage b", "N: no default — ARG"]);
}

#[test]
fn a_variable_before_it_on_the_same_line_counts_for_arg_only() {
    check("FROM scratch\nARG A=1 B=$<|>", &["A"]);
    check("FROM scratch\nENV A=1 B=$<|>", &[]);
}

#[test]
fn braces_are_closed_once() {
    let file = "FROM scratch\nENV PATHS=1\n";
    check_after(&format!("{file}USER ${{PA<|>"), "PATHS", &format!("{file}USER ${{PATHS}}"));
    check_after(&format!("{file}USER ${{PA<|>}}"), "PATHS", &format!("{file}USER ${{PATHS}}"));
    check_after(&format!("{file}USER ${{P<|>A:-x}}"), "PATHS", &format!("{file}USER ${{PATHS:-x}}"));
    check_after(&format!("{file}USER $PA<|>"), "PATHS", &format!("{file}USER $PATHS"));
    check_after(&format!("{file}ENV PATH=$P<|>"), "PATHS", &format!("{file}ENV PATH=$PATHS"));
}

#[test]
fn modifiers_follow_the_name() {
    check("FROM a\nENV V=1\nUSER ${V:<|>}", &["${name:-default}", "${name:+other}", "${name:?message}"]);
    check("FROM a\nENV V=1\nUSER ${V#<|>}", &["${name#pattern}", "${name##pattern}"]);
    check_has_not("FROM a\nENV V=1\nRUN echo ${V/<|>}", &["${name/pattern/replacement}"]);
    check_has("FROM a\nSHELL [\"bash\", \"-c\"]\nRUN echo ${V/<|>}", &["${name/pattern/replacement}"]);
    check_after("FROM a\nUSER ${V:<|>", "${name:-default}", "FROM a\nUSER ${V:-}");
    let after = ask_with_snippets("FROM a\nUSER ${V:<|>").after("${name:-default}");
    assert_eq!(after, "FROM a\nUSER ${V:-${1:default}}");
}

#[test]
fn what_a_base_image_sets_is_known() {
    check_has("FROM node:24\nRUN echo $NO<|>", &["NODE_VERSION"]);
    check_has("FROM node:24\nENV PATH=/x:$<|>", &["PATH", "NODE_VERSION"]);
}

#[test]
fn variables_of_a_script_are_known() {
    check("FROM scratch\nRUN ver=1; echo $v<|>", &["ver"]);
    check("FROM scratch\nRUN <<EOF\nver=1\necho ${v<|>\nEOF\n", &["ver"]);
    check("FROM scratch\nRUN echo '$v<|>'", &[]);
}

#[test]
fn nothing_fits_in_text_that_is_free() {
    for source in [
        "# a comm<|>ent\nFROM a",
        "FROM a\nMAINTAINER <|>",
        "FROM a\nNOPE <|>",
        "FROM a\nRUN echo hel<|>",
        "FROM a\nRUN echo \"ap<|>",
        "FROM a\nRUN x \\<|>\n y",
        "FROM a\nRUN x \\\n # comm<|>\n y",
        "FROM a@sha<|>",
        "FROM a\nRUN [\"ap<|>\"]",
        "FROM a\nRUN <<EOF\nx\nEO<|>F\n",
        "FROM a\nUSER a b<|>",
        "FROM a\nRUN <<E<|>",
    ] {
        check(source, &[]);
    }
}

#[test]
fn a_list_opens_after_a_blank_only_where_it_helps() {
    let answers = |source: &str| {
        let fixture = Fixture::new(source);
        site(&fixture.model(), fixture.cursor()).is_some_and(|it| it.answers(' '))
    };
    assert!(answers("FROM <|>") && answers("FROM a\nUSER <|>") && answers("FROM a\nCOPY <|>"));
    assert!(!answers("FROM a\nRUN <|>") && !answers("FROM a\nRUN apt-get <|>") && !answers("FROM a\n <|>"));
}

#[test]
fn the_order_is_kept_by_the_sort_text() {
    let items = ask("FROM python:<|>").items();
    assert!(items.len() > 20 && items.is_sorted_by_key(|it| it.sort_text.clone()));
}

#[test]
fn every_key_has_documentation() {
    let mut seen = std::collections::HashSet::new();
    for source in [
        "<|>",
        "FROM a\n<|>",
        "FROM <|>",
        "FROM a\nCOPY --<|>",
        "FROM a\nRUN --<|>",
        "FROM a\nRUN --mount=type=cache,<|>",
        "FROM a\nSTOPSIGNAL <|>",
        "FROM a\nEXPOSE <|>",
        "FROM a\nUSER <|>",
        "FROM a\nLABEL <|>",
        "FROM a\nENV <|>",
        "FROM a\nRUN <|>",
        "FROM a\nRUN apt-get <|>",
        "# <|>",
        "# check=<|>",
        "# check=skip=<|>",
        "FROM python:<|>",
        "FROM a\nARG <|>",
        "FROM a\nUSER ${A:<|>",
        "FROM a\n# dockwright: ignore[<|>",
    ] {
        for item in ask_with_snippets(source).items() {
            let Some(key) = item.key.filter(|it| seen.insert(it.clone())) else { continue };
            let is_well_known = key.starts_with("image:") || key.starts_with("variable:");
            assert!(resolve(&key).is_some() || is_well_known, "{key}");
        }
    }
    assert!(seen.len() > 300, "{}", seen.len());
    assert_eq!(resolve("nonsense"), None);
}
