//! What the suppressions of a file switch off: looked up, not searched, because both comments and findings can be many.

use std::collections::HashMap;

use super::finding::Finding;
use super::names::RuleName;
use super::options::Policy;
use super::rule::Rule;
use super::suppress::{Meaning, Name, Notation, Scope, Suppression, Suppressions, owner};
use crate::analysis::model::Model;
use crate::analysis::syntax::InstructionId;

/// What is switched off where, and whether there was something to switch off.
#[derive(Debug, Default)]
pub struct Cover {
    used: HashMap<(Scope, What), bool>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum What {
    Everything,
    /// All checks of BuildKit.
    Checks,
    Rule(&'static str),
    /// A name of another tool, in upper case: `SC2086`.
    Foreign(String),
}

impl Cover {
    pub fn new(suppressions: &Suppressions, model: &Model, policy: &Policy) -> Self {
        let is_read = |it: &&Suppression| it.notation == Notation::Buildkit || !policy.comments_are_ignored;
        let mut cover = Cover::default();
        for suppression in suppressions.list().iter().filter(is_read) {
            let all = suppression.names.iter().flat_map(|name| meant(model, suppression.notation, name));
            cover.used.extend(all.map(|what| ((suppression.scope, what), false)));
        }
        cover
    }

    pub fn is_empty(&self) -> bool {
        self.used.is_empty()
    }

    /// Whether a suppression covers `finding`; all that do are marked as used.
    pub fn covers(&mut self, model: &Model, finding: &Finding) -> bool {
        let at = owner(model, finding.range.start());
        let checks = finding.rule.buildkit_name().map(|_| What::Checks);
        let all = [Some(What::Everything), checks, Some(What::Rule(finding.rule.name))];
        self.mark(&scopes(model, at), all.into_iter().flatten())
    }

    /// The same for a code of ShellCheck, in upper case.
    pub fn covers_code(&mut self, model: &Model, at: InstructionId, code: &str) -> bool {
        self.mark(&scopes(model, Some(at)), [What::Everything, What::Foreign(code.to_owned())])
    }

    fn mark(&mut self, scopes: &[Scope], all: impl IntoIterator<Item = What>) -> bool {
        let mut is_covered = false;
        for what in all {
            for scope in scopes {
                if let Some(used) = self.used.get_mut(&(*scope, what.clone())) {
                    *used = true;
                    is_covered = true;
                }
            }
        }
        is_covered
    }

    /// Whether what `name` of `suppression` switches off was found.
    pub fn is_used(&self, model: &Model, suppression: &Suppression, name: &Name) -> bool {
        let is_used = |what| self.used.get(&(suppression.scope, what)).copied() == Some(true);
        meant(model, suppression.notation, name).into_iter().any(is_used)
    }
}

/// The scopes that an instruction is in.
fn scopes(model: &Model, at: Option<InstructionId>) -> Vec<Scope> {
    let stage = at.and_then(|at| model.stage_of(at)).map(|stage| {
        Scope::Stage(InstructionId(stage.instructions.start), InstructionId(stage.instructions.end))
    });
    std::iter::once(Scope::File).chain(at.map(Scope::Instruction)).chain(stage).collect()
}

fn meant(model: &Model, notation: Notation, name: &Name) -> Vec<What> {
    match &name.meaning {
        Meaning::All if notation == Notation::Buildkit => vec![What::Checks],
        Meaning::All => vec![What::Everything],
        Meaning::Rules(RuleName::Known(rules)) => {
            rules.iter().map(|rule: &&'static Rule| What::Rule(rule.name)).collect()
        }
        // `shellcheck/SC2086` is `SC2086`; BuildKit knows nothing of it.
        Meaning::Rules(RuleName::Foreign) if notation != Notation::Buildkit => {
            let text = model.file().slice(name.range).rsplit('/').next().unwrap_or_default();
            vec![What::Foreign(text.to_ascii_uppercase())]
        }
        Meaning::Rules(_) => Vec::new(),
    }
}
