//! What every refactoring must keep to, on its own example and on files of many kinds.

use expect_test::expect_file;
use proptest::prelude::*;
use proptest::sample::select;
use text_size::{TextRange, TextSize};

use super::*;
use crate::analysis::model::Model;
use crate::analysis::model::shell::{ShellForm, Shells};
use crate::analysis::syntax::Dockerfile;
use crate::analysis::text::apply_edits;

/// The text without `<|>`, and the cursor or selection it marks.
pub fn marked(source: &str) -> (String, TextRange) {
    let text = source.replace("<|>", "");
    let marks: Vec<usize> = source.match_indices("<|>").map(|(at, _)| at).collect();
    let offset = |index: usize| TextSize::try_from(marks[index] - index * 3).unwrap();
    let start = offset(0);
    let end = if marks.len() > 1 { offset(1) } else { start };
    (text, TextRange::new(start, end))
}

fn outcome(name: &str, source: &str) -> (String, Option<Result<Refactoring, Refusal>>) {
    let recipe = RECIPES.iter().find(|it| it.name == name).expect("a recipe of that name");
    let (text, range) = marked(source);
    let model = Model::new(&Dockerfile::parse(text.as_str()));
    let cx = Context::new(&model, range);
    let found = offer(recipe, &cx).map(|it| it.outcome);
    (text, found)
}

/// Asserts what `source` becomes.
#[track_caller]
pub fn check(name: &str, source: &str, expected: &str) {
    let (text, found) = outcome(name, source);
    let refactoring = found.expect("it is offered").expect("it is not refused");
    let after = apply_edits(&text, &refactoring.edits).expect("the edits fit");
    assert_eq!(after, expected, "{}", refactoring.title);
}

/// The reason why it is refused.
#[track_caller]
pub fn refusal(name: &str, source: &str) -> String {
    let (_, found) = outcome(name, source);
    found.expect("it fits the place").expect_err("it is refused").reason
}

/// Asserts that nothing is offered.
#[track_caller]
pub fn check_silent(name: &str, source: &str) {
    let (_, found) = outcome(name, source);
    assert!(found.is_none(), "{found:?}");
}

#[test]
fn every_recipe_does_what_its_example_says() {
    for recipe in RECIPES {
        check(recipe.name, recipe.before, recipe.after);
    }
}

#[test]
fn the_page_lists_every_recipe() {
    expect_file![concat!(env!("CARGO_MANIFEST_DIR"), "/server/docs/refactorings.md")].assert_eq(&page());
}

/// The words of every command of every instruction, exec form included, in order; without `set -e`.
fn commands(text: &str) -> Vec<Vec<String>> {
    let model = Model::new(&Dockerfile::parse(text));
    let shells = Shells::new(&model);
    let texts = model.file().instructions().flat_map(|it| shells.texts(model.file(), it));
    let read = texts.filter(|it| !matches!(it.form, ShellForm::Document { .. }));
    let found = read.flat_map(|text| {
        let script = text.script();
        let words = |it: &crate::analysis::model::shell::ShellCommand| {
            let assigned = it.assignments.iter().map(|it| it.name.to_string());
            let words = it.name.iter().chain(&it.arguments).map(|it| it.as_str().to_owned());
            assigned.chain(words).collect::<Vec<_>>()
        };
        script.commands().map(words).collect::<Vec<_>>()
    });
    found.filter(|it| *it != ["set", "-e"]).collect()
}

/// Every place that somebody may look at: each instruction, and each with the next.
fn places(text: &str) -> Vec<TextRange> {
    let file = Dockerfile::parse(text);
    let ranges: Vec<TextRange> = file.instructions().map(|it| it.absolute_range()).collect();
    let cursors = ranges.iter().map(|it| TextRange::empty(it.start()));
    let whole = ranges.iter().copied();
    let pairs = ranges.windows(2).map(|pair| pair[0].cover(pair[1]));
    cursors.chain(whole).chain(pairs).collect()
}

fn offers(text: &str, range: TextRange) -> Vec<(&'static str, String)> {
    let model = Model::new(&Dockerfile::parse(text));
    let offers = refactorings(&model, range, |_| true).into_iter();
    let done = offers.filter_map(|it| Some((it.recipe.name, apply_edits(text, &it.outcome.ok()?.edits)?)));
    done.collect()
}

/// Files that have a bit of everything.
const LINES: &[&str] = &[
    "FROM debian:13 AS base",
    "FROM base",
    "FROM node:24-alpine",
    "RUN a && b 'c d' && \\\n    e",
    "RUN x; y || z",
    "RUN cd /x && make",
    "RUN --network=none f \\\n  # why\n  g",
    "RUN apt-get update && apt-get install -y c b \\\n    a && rm -rf /var/lib/apt/lists/*",
    "RUN <<EOF\nset -e\nh\n# why\ni 1\nEOF",
    "RUN npm ci && npm run build",
    "RUN [\"j\", \"k l\"]",
    "RUN pip install --no-cache-dir -r requirements.txt",
    "RUN if a; then b; fi && c",
    "RUN set -ex; d; e",
    "# comment",
    "",
    "COPY . .",
    "ADD --chown=1 src /app/",
    "ADD https://example.com/x /y/",
    "COPY --from=0 a b",
    "ENV OLD some 'old value'",
    "ARG VERSION=1.2",
    "ARG API_TOKEN",
    "RUN m $VERSION ${API_TOKEN}",
    "LABEL a=b c=$VERSION",
    "MAINTAINER me",
    "WORKDIR /app",
    "USER node",
    "EXPOSE 80",
    "CMD node server.js",
    "ENTRYPOINT [\"n\"]",
    "HEALTHCHECK CMD curl -f http://x || exit 1",
    "ONBUILD RUN o p",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_offered_keeps_the_file_sound(
        lines in prop::collection::vec(select(LINES), 1..9),
        crlf in any::<bool>(),
        ends in any::<bool>(),
    ) {
        let mut text = lines.join("\n");
        text.extend(ends.then_some('\n'));
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        let before = Dockerfile::parse(text.as_str());
        for range in places(&text) {
            for (name, after) in offers(&text, range) {
                let parsed = Dockerfile::parse(after.as_str());
                let faults = |it: &Dockerfile| it.instructions().map(|it| it.problems.len()).sum::<usize>();
                prop_assert!(faults(&parsed) <= faults(&before), "{name}:\n{after}");
                prop_assert!(after.matches("# why").count() == text.matches("# why").count(), "{name}:\n{after}");
                prop_assert!(!text.contains("\r\n") || after.replace("\r\n", "").find('\n').is_none(), "{name}: {after:?}");
                if KEEPS_COMMANDS.contains(&name) {
                    prop_assert_eq!(commands(&after), commands(&text), "{}:\n{}", name, after);
                }
                if ONCE.contains(&name) {
                    let again = offers(&after, TextRange::empty(range.start())).into_iter().any(|it| it.0 == name && it.1 == after);
                    prop_assert!(!again, "{name}");
                }
            }
        }
    }

    #[test]
    fn splitting_undoes_merging(bodies in prop::collection::vec(select(&["a", "b 'c d'", "e \\\n  f", "g > /h"][..]), 2..5)) {
        let text: String = bodies.iter().map(|it| format!("RUN {it}\n")).collect();
        let text = format!("FROM a\n{text}");
        let start = TextRange::empty(7.into());
        let merged = offers(&text, start).into_iter().find(|it| it.0 == "merge-runs").expect("it is offered").1;
        let split = offers(&merged, start).into_iter().find(|it| it.0 == "split-run").expect("it is offered").1;
        prop_assert_eq!(split, text);
    }
}

/// What changes how commands are written, but not what runs, and in which order.
const KEEPS_COMMANDS: &[&str] = &[
    "merge-runs",
    "split-run",
    "run-to-heredoc",
    "heredoc-to-run",
    "to-exec-form",
    "to-shell-form",
    "extract-stage",
    "legacy-pairs",
];

/// What there is nothing left to do for afterwards.
const ONCE: &[&str] =
    &["sort-packages", "legacy-pairs", "maintainer-to-label", "to-exec-form", "to-shell-form", "add-user"];

#[test]
fn a_light_bulb_stays_short() {
    let text = "FROM debian:13\nRUN apt-get update && apt-get install -y b a\nRUN x\nCOPY . .\nRUN npm ci\nCMD a b\n";
    for range in places(text) {
        assert!(offers(text, range).len() <= 6, "{:?}", offers(text, range));
    }
    assert_eq!(offers(text, TextRange::empty(text.len().try_into().map(TextSize::new).unwrap())), []);
}
