//! At every offset of any document: no panic, and ranges that an editor can use.

use proptest::prelude::*;

use super::*;
use crate::analysis::model::Model;
use crate::analysis::syntax::Dockerfile;

/// Pieces of Dockerfiles, half-typed ones among them.
const PIECES: &[&str] = &[
    "FROM ",
    "FROM a AS b",
    "python:",
    "3.1",
    "RUN ",
    "COPY ",
    "--from=",
    "--mount=",
    "type=cache,",
    "target=",
    " \\\n",
    "\\",
    "\n",
    "\r\n",
    "$",
    "${",
    "${A",
    ":-",
    "}",
    "\"",
    "'",
    "[\"",
    "\", \"",
    "]",
    "ENV A=1 ",
    "ARG B",
    "ONBUILD ",
    "# ",
    "# check=skip=",
    "# escape=`\n",
    "# hadolint ignore=",
    "# dockwright: ignore[",
    "<<EOF\n",
    "EOF\n",
    "é",
    "\u{1f600}",
    " ",
    "\t",
    "`\n",
    "HEALTHCHECK ",
    "CMD ",
    "apt-get ",
    "install ",
    "-y",
    "&& ",
    "EXPOSE 80/",
    "USER a:",
    "\u{feff}",
    "/",
    "..",
    ",",
    ";",
    "=",
    "--",
    "-",
    "LABEL ",
    "\0",
];

fn document() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..30).prop_map(|pieces| pieces.concat())
}

fn check_everywhere(text: &str) {
    let model = Model::new(&Dockerfile::parse(text));
    for offset in 0..=text.len() + 1 {
        check_at(text, &model, (offset as u32).into());
    }
}

fn check_at(text: &str, model: &Model, offset: text_size::TextSize) {
    let Some(site) = site(model, offset) else { return };
    for item in items(&site, model, &Facts::default(), Options { supports_snippets: true }).items {
        let line = text.get(std::ops::Range::<usize>::from(item.replace)).expect("whole characters");
        assert!(!line.contains(['\n', '\r']), "{line:?} at {offset:?} of {text:?}");
        assert!(item.replace.contains_inclusive(site.offset), "{:?} at {offset:?} of {text:?}", item.replace);
        assert_eq!(item.insert_range.start(), item.replace.start());
        assert_eq!(item.insert_range.end(), site.offset);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn ranges_are_usable_at_every_offset(text in document()) {
        check_everywhere(&text);
    }
}

#[test]
fn known_hard_texts_are_survived() {
    for text in [
        "RUN a\\\n# c\n\n  b\n",
        "FROM a\r\nRUN x \\\r\n  y\r\n",
        "# escape=`\nFROM a\nRUN x `\n y\n",
        "ONBUILD",
        "\u{feff}",
        "FROM a\nCOPY <<A <<B /\nx\nA\ny\nB\n",
        "RUN --mount=type=cache,\\\n  target=\\\n",
        "\\\nRUN a",
    ] {
        check_everywhere(text);
    }
}
