//! Refactorings: changes of the text that somebody asks for, one file each.
//!
//! A [`Recipe`] looks at the instructions under the cursor or in the selection and answers with edits, with a refusal
//! that says why, or with nothing where it does not fit. Whatever a recipe answers is tried out before it is offered
//! ([`trial`]): the file must parse as well as before, what stands outside of the edits must read as before, and no
//! comment may be lost.
//!
//! Add one: a file with a `RECIPE`, a line in [`RECIPES`], `UPDATE_EXPECT=1 cargo test --lib refactor`.

mod cache_mount;
mod context;
mod convert_add;
mod docs;
mod extract_argument;
mod extract_stage;
mod heredoc_to_run;
mod ignore_file;
mod inline_argument;
mod legacy_pairs;
mod maintainer;
mod merge_runs;
mod move_install;
mod nonroot_user;
mod repairs;
mod run_to_heredoc;
mod secret;
mod segments;
mod sort_packages;
mod split_run;
mod to_exec_form;
mod to_shell_form;
mod trial;

#[cfg(test)]
mod tests;

pub use context::Context;
pub use docs::page;
pub use ignore_file::{IgnoreAction, ignore_action, new_ignore_file};
pub use repairs::repair;

use text_size::TextRange;

use crate::analysis::model::Model;
use crate::analysis::text::TextEdit;

/// One refactoring.
#[derive(Debug)]
pub struct Recipe {
    /// Kebab-case.
    pub name: &'static str,
    pub kind: Kind,
    /// What it does and where it is refused: one paragraph of Markdown.
    pub summary: &'static str,
    /// A Dockerfile with `<|>` at the cursor, or twice around the selection.
    pub before: &'static str,
    pub after: &'static str,
    offer: fn(&Context<'_>) -> Answer,
}

/// The protocol's kinds, below `refactor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Rewrite,
    Extract,
    Inline,
}

impl Kind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Rewrite => "refactor.rewrite",
            Kind::Extract => "refactor.extract",
            Kind::Inline => "refactor.inline",
        }
    }
}

/// A change that can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refactoring {
    pub title: String,
    /// In the document, in order, without overlap.
    pub edits: Vec<TextEdit>,
    /// What to look at before keeping it: something outside the file must follow, or may depend on it.
    pub warning: Option<String>,
}

impl Refactoring {
    fn new(title: impl Into<String>, edits: Vec<TextEdit>) -> Refactoring {
        Refactoring { title: title.into(), edits, warning: None }
    }

    fn warn(self, warning: impl Into<String>) -> Refactoring {
        Refactoring { warning: Some(warning.into()), ..self }
    }
}

/// A change that fits the place but would do harm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub title: String,
    /// A sentence without a full stop.
    pub reason: String,
}

impl Refusal {
    fn new(title: impl Into<String>, reason: impl Into<String>) -> Refusal {
        Refusal { title: title.into(), reason: reason.into() }
    }
}

/// `None`: it does not fit this place.
type Answer = Option<Result<Refactoring, Refusal>>;

/// An answer of a recipe.
#[derive(Debug)]
pub struct Offer {
    pub recipe: &'static Recipe,
    pub outcome: Result<Refactoring, Refusal>,
}

/// All recipes, in the order in which they are offered.
pub static RECIPES: &[&Recipe] = &[
    &extract_stage::RECIPE,
    &extract_argument::RECIPE,
    &inline_argument::RECIPE,
    &move_install::RECIPE,
    &secret::RECIPE,
    &nonroot_user::RECIPE,
    &cache_mount::RECIPE,
    &sort_packages::RECIPE,
    &merge_runs::RECIPE,
    &split_run::RECIPE,
    &run_to_heredoc::RECIPE,
    &heredoc_to_run::RECIPE,
    &to_exec_form::RECIPE,
    &to_shell_form::RECIPE,
    &legacy_pairs::RECIPE,
    &maintainer::RECIPE,
    &convert_add::ADD_TO_COPY,
    &convert_add::COPY_TO_ADD,
    &convert_add::ADD_TO_DOWNLOAD,
    &convert_add::DOWNLOAD_TO_ADD,
];

/// What can be done at the cursor or with the selection `range` (absolute): first what can be applied.
pub fn refactorings(model: &Model, range: TextRange, wants: impl Fn(Kind) -> bool) -> Vec<Offer> {
    let cx = Context::new(model, range);
    if cx.selected().is_empty() {
        return Vec::new();
    }
    let wanted = RECIPES.iter().filter(|recipe| wants(recipe.kind));
    let mut offers: Vec<Offer> = wanted.filter_map(|recipe| offer(recipe, &cx)).collect();
    offers.sort_by_key(|offer| offer.outcome.is_err());
    offers
}

fn offer(recipe: &'static Recipe, cx: &Context<'_>) -> Option<Offer> {
    let outcome = (recipe.offer)(cx)?;
    let is_good = outcome.as_ref().map_or(true, |it| trial::succeeds(cx.file(), &it.edits));
    is_good.then_some(Offer { recipe, outcome })
}
