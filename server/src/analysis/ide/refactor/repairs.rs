//! Recipes that mend what a rule finds, where the rule has no repair of its own: the lint knows nothing of recipes.

use text_size::TextRange;

use super::{Context, RECIPES, Refactoring, offer};
use crate::analysis::lint::Finding;
use crate::analysis::model::Model;

/// What mends `finding`, under the recipe's title; `None` where no recipe does, or where it is refused.
pub fn repair(model: &Model, finding: &Finding) -> Option<Refactoring> {
    let (name, place) = recipe_for(finding)?;
    let recipe = RECIPES.iter().find(|it| it.name == name)?;
    offer(recipe, &Context::new(model, TextRange::empty(place.start())))?.outcome.ok()
}

/// The recipe and where it is to be applied.
fn recipe_for(finding: &Finding) -> Option<(&'static str, TextRange)> {
    let related = || finding.related().next().map(|it| it.0);
    match finding.rule.name {
        "copy-before-install" => Some(("move-install", finding.range)),
        "swallowed-cmd" => Some(("to-exec-form", related()?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::lint::{Facts, Linter, Options, Profile, check};
    use crate::analysis::syntax::Dockerfile;
    use crate::analysis::text::apply_edits;

    fn found(rule: &str, text: &str) -> (Model, Vec<Finding>) {
        let options = Options { profile: Profile::None, select: vec![rule.to_owned()], ..Options::default() };
        let model = Model::new(&Dockerfile::parse(text));
        let found = check(&model, &Linter::new(&options).0, &Facts::default());
        (model, found)
    }

    /// The text after the repair, in which the rule finds nothing.
    fn mended(rule: &str, text: &str) -> String {
        let (model, found) = found(rule, text);
        let repair = repair(&model, &found[0]).expect("it can be mended");
        let after = apply_edits(text, &repair.edits).expect("the edits fit");
        assert_eq!(self::found(rule, &after).1.len(), 0, "{after}");
        after
    }

    #[test]
    fn the_install_comes_before_the_sources() {
        assert_eq!(
            mended(
                "copy-before-install",
                "FROM python:3.14\nWORKDIR /app\nCOPY . .\nRUN apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*\nRUN pip install -r requirements.txt\n"
            ),
            "FROM python:3.14\nWORKDIR /app\nCOPY requirements.txt ./\nRUN apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*\nRUN pip install -r requirements.txt\nCOPY . .\n"
        );
    }

    #[test]
    fn the_entrypoint_takes_arguments() {
        assert_eq!(
            mended("swallowed-cmd", "FROM a\nENTRYPOINT echo\nCMD [\"hello\"]\n"),
            "FROM a\nENTRYPOINT [\"echo\"]\nCMD [\"hello\"]\n"
        );
    }

    #[test]
    fn what_the_recipe_refuses_has_no_repair() {
        let (model, found) = found("swallowed-cmd", "FROM a\nENTRYPOINT a && b\nCMD [\"c\"]\n");
        assert_eq!(repair(&model, &found[0]), None);
    }
}
