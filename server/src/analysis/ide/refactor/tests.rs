//! What every refactoring must keep to, on its own example and on files of many kinds.

use expect_test::expect_file;
use text_size::{TextRange, TextSize};

use super::*;
use crate::analysis::model::Model;
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
