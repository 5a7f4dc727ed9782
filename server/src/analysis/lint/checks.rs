//! What BuildKit's own check (`docker build --call=check`) found, beside our findings: what the user switched off by a
//! comment or an option stays off, by whatever name, and what our rules say already is not said again.

use text_size::TextRange;

use super::finding::Finding;
use super::names::RuleName;
use super::options::Linter;
use super::rule::{Profile, Rule};
use super::rule_named;
use super::suppress::{Meaning, Name, Notation, Scope, Suppression, Suppressions};
use crate::analysis::model::Model;
use crate::analysis::syntax::InstructionId;

/// Judges BuildKit's findings on one version of a file.
#[derive(Debug)]
pub struct Checks<'a> {
    model: &'a Model,
    linter: &'a Linter,
    suppressions: Suppressions,
}

impl Linter {
    pub fn checks<'a>(&'a self, model: &'a Model) -> Checks<'a> {
        Checks { model, linter: self, suppressions: Suppressions::read(model, self.plan.profile) }
    }
}

impl Checks<'_> {
    /// Whether a finding of `check` (BuildKit's name) on the instruction `at` is to be shown.
    pub fn is_wanted(&self, check: &str, at: InstructionId) -> bool {
        let rule = rule_named(check);
        !self.linter.plan.is_switched_off(check, rule) && !self.is_suppressed(check, rule, at)
    }

    fn is_suppressed(&self, check: &str, rule: Option<&Rule>, at: InstructionId) -> bool {
        let ignores_comments = self.linter.plan.policy.comments_are_ignored;
        let is_read = |it: &&Suppression| it.notation == Notation::Buildkit || !ignores_comments;
        let mut all = self.suppressions.list().iter().filter(is_read);
        all.any(|it| self.reaches(it.scope, at) && it.names.iter().any(|name| self.means(name, check, rule)))
    }

    fn reaches(&self, scope: Scope, at: InstructionId) -> bool {
        match scope {
            Scope::File => true,
            Scope::Instruction(instruction) => instruction == at,
            Scope::Stage(first, end) => (first..end).contains(&at),
            Scope::Nothing => false,
        }
    }

    /// A check that is newer than this program has no rule; then the name itself counts.
    fn means(&self, name: &Name, check: &str, rule: Option<&Rule>) -> bool {
        match (&name.meaning, rule) {
            (Meaning::All, _) => true,
            (Meaning::Rules(RuleName::Known(rules)), Some(rule)) => rules.contains(&rule),
            _ => self.model.file().slice(name.range).eq_ignore_ascii_case(check),
        }
    }

    /// Whether one of our findings says what `check` says about the instruction that takes `whole` (absolute).
    pub fn is_said(&self, check: &str, at: InstructionId, whole: TextRange, own: &[Finding]) -> bool {
        let stage = self.model.stage_of(at).map(|it| it.id);
        // hadolint marks other lines than BuildKit for some faults, and its profile does as it does.
        let same_stage = |it: &Finding| {
            self.linter.plan.profile == Profile::Hadolint
                && stage.is_some()
                && self
                    .model
                    .file()
                    .instruction_at(it.range.start())
                    .and_then(|it| self.model.stage_of(it.id))
                    .map(|it| it.id)
                    == stage
        };
        own.iter()
            .filter(|it| it.rule.aliases.contains(&check))
            .any(|it| it.range.intersect(whole).is_some() || same_stage(it))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::lint::Options;
    use crate::analysis::syntax::Dockerfile;

    /// Whether a finding of `check` on the last instruction is wanted.
    fn is_wanted(text: &str, check: &str, options: Options) -> bool {
        let model = Model::new(&Dockerfile::parse(text));
        let linter = Linter::new(&options).0;
        let last = model.file().instructions().last().unwrap().id;
        linter.checks(&model).is_wanted(check, last)
    }

    #[test]
    fn every_notation_of_a_suppression_holds() {
        let wanted = |text: &str| is_wanted(text, "MaintainerDeprecated", Options::default());
        assert!(wanted("FROM a\nMAINTAINER b\n"));
        assert!(!wanted("# check=skip=MaintainerDeprecated\nFROM a\nMAINTAINER b\n"));
        assert!(!wanted("# check=skip=all\nFROM a\nMAINTAINER b\n"));
        assert!(!wanted("FROM a\n# hadolint ignore=DL4000\nMAINTAINER b\n"));
        assert!(!wanted("FROM a\n# dockwright: ignore[deprecated-maintainer] why\nMAINTAINER b\n"));
        assert!(!wanted("FROM a\n# dockerfile-utils: ignore\nMAINTAINER b\n"));
        assert!(wanted("FROM a\n# hadolint ignore=DL4000\nRUN a\nMAINTAINER b\n"));
        assert!(wanted("FROM a\n# hadolint ignore=DL3006\nMAINTAINER b\n"));
    }

    #[test]
    fn a_check_that_no_rule_stands_for_is_switched_off_by_its_name() {
        let wanted = |text: &str| is_wanted(text, "FromTheFuture", Options::default());
        assert!(wanted("FROM a\nRUN b\n"));
        assert!(!wanted("FROM a\n# dockwright: ignore[FromTheFuture] why\nRUN b\n"));
        let options = Options { ignore: vec!["FromTheFuture".to_owned()], ..Options::default() };
        assert!(!is_wanted("FROM a\nRUN b\n", "FromTheFuture", options));
    }

    #[test]
    fn options_switch_off_by_any_name_and_a_profile_does_not() {
        let wanted = |options| is_wanted("FROM a\nMAINTAINER b\n", "MaintainerDeprecated", options);
        let ignore = |name: &str| Options { ignore: vec![name.to_owned()], ..Options::default() };
        assert!(!wanted(ignore("DL4000")));
        assert!(!wanted(ignore("deprecated-maintainer")));
        let severity = vec![("DL4000".to_owned(), None)];
        assert!(!wanted(Options { severity, ..Options::default() }));
        assert!(wanted(Options { profile: Profile::None, ..Options::default() }));
    }
}
