//! Which rules run, and how serious each is.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::context::{InstructionContext, ModelContext, StageContext};
use super::labels::LabelKind;
use super::names::RuleName;
use super::report::Report;
use super::rule::{Check, On, Profile, Rule, Severity};
use super::rules::RULES;
use super::shell::ShellContext;
use super::shellcheck;
use crate::analysis::knowledge::Keyword;

/// What a user configures. Names may be any name of a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    pub profile: Profile,
    /// Rules to add to the profile.
    pub select: Vec<String>,
    /// Rules to take from it.
    pub ignore: Vec<String>,
    /// Severity of rules; `None` switches a rule off, a severity switches it on.
    pub severity: Vec<(String, Option<Severity>)>,
    pub policy: Policy,
}

/// What a team demands of its images; empty: nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// Registries that images may come from, with a `*` at the start or the end for any text. Empty: any.
    pub trusted_registries: Vec<String>,
    /// Labels that every image should have, and what their values are.
    pub label_schema: BTreeMap<String, LabelKind>,
    /// No other labels than those of the schema.
    pub strict_labels: bool,
    /// No comment switches anything off but `# check=`, which the build reads.
    pub comments_are_ignored: bool,
}

/// A name in [`Options`] that no rule has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRule {
    pub name: String,
    pub suggestion: Option<&'static str>,
}

/// Options made ready to run. Cheap to clone; one serves all documents with the same options.
#[derive(Debug, Clone)]
pub struct Linter {
    pub(super) plan: Arc<Plan>,
}

/// The active rules, sorted by what they look at.
#[derive(Debug)]
pub(super) struct Plan {
    pub profile: Profile,
    pub policy: Policy,
    /// By keyword, as `Keyword as usize`; the last one is for unknown names.
    by_keyword: Vec<Vec<Active<InstructionCheck>>>,
    pub section: Vec<Active<ModelCheck>>,
    pub stage: Vec<Active<StageCheck>>,
    pub meaning: Vec<Active<ModelCheck>>,
    pub model: Vec<Active<ModelCheck>>,
    pub suppression: Vec<Active<()>>,
    pub shellcheck: shellcheck::Levels,
    /// Names of what the user switched off.
    switched_off: Vec<String>,
}

/// A rule that runs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Active<C> {
    pub rule: &'static Rule,
    pub severity: Severity,
    /// Set by the user.
    pub is_fixed: bool,
    /// Experimental and not selected: runs only if the file asks for it.
    pub is_dormant: bool,
    pub check: C,
}

pub(super) type StageCheck = fn(&StageContext<'_>, &mut Report<'_>);
pub(super) type ModelCheck = fn(&ModelContext<'_>, &mut Report<'_>);

#[derive(Debug, Clone, Copy)]
pub(super) struct InstructionCheck {
    pub deferred: bool,
    pub check: InstructionFunction,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum InstructionFunction {
    Syntax(fn(&InstructionContext<'_>, &mut Report<'_>)),
    Shell(fn(&ShellContext<'_>, &mut Report<'_>)),
}

impl<C> Active<C> {
    fn with<D>(self, check: D) -> Active<D> {
        let Active { rule, severity, is_fixed, is_dormant, .. } = self;
        Active { rule, severity, is_fixed, is_dormant, check }
    }
}

impl Linter {
    /// Makes `options` ready; names that no rule has are returned and otherwise passed over.
    pub fn new(options: &Options) -> (Linter, Vec<UnknownRule>) {
        let mut unknown = Vec::new();
        let levels = levels(options, &mut unknown);
        (Linter { plan: Arc::new(Plan::new(options, &levels)) }, unknown)
    }

    /// The rules that run, with their severities.
    pub fn active_rules(&self) -> impl Iterator<Item = (&'static Rule, Severity)> + '_ {
        RULES.iter().filter_map(|&rule| Some((rule, self.severity_of(rule)?)))
    }

    /// How serious `rule` is here; `None` if it does not run.
    pub fn severity_of(&self, rule: &Rule) -> Option<Severity> {
        let plan = &self.plan;
        let instruction = plan.by_keyword.iter().flatten().map(|it| it.with(()));
        let mut all = instruction.chain(plan.others()).chain(plan.suppression.iter().copied());
        all.find(|it| it.rule == rule && !it.is_dormant).map(|it| it.severity)
    }

    pub fn profile(&self) -> Profile {
        self.plan.profile
    }
}

impl Default for Linter {
    fn default() -> Self {
        Linter::new(&Options::default()).0
    }
}

/// For each rule of the table: its severity and whether the user set it; `None`: off.
fn levels(options: &Options, unknown: &mut Vec<UnknownRule>) -> Vec<Level> {
    let mut levels: Vec<_> =
        RULES.iter().map(|rule| rule.severity_in(options.profile).map(|it| (it, false))).collect();
    for name in &options.select {
        each(name, unknown, &mut levels, |rule, level| level.or(Some((rule.severity, false))));
    }
    for (name, severity) in &options.severity {
        each(name, unknown, &mut levels, |_, _| severity.map(|severity| (severity, true)));
    }
    for name in &options.ignore {
        each(name, unknown, &mut levels, |_, _| None);
    }
    levels
}

type Level = Option<(Severity, bool)>;

fn switched_off(options: &Options) -> Vec<String> {
    let off = options.severity.iter().filter(|(_, severity)| severity.is_none()).map(|(name, _)| name);
    options.ignore.iter().chain(off).map(|it| it.trim().to_owned()).collect()
}

/// Changes the level of all rules called `name`.
fn each(
    name: &str,
    unknown: &mut Vec<UnknownRule>,
    levels: &mut [Level],
    change: impl Fn(&Rule, Level) -> Level,
) {
    match RuleName::resolve(name.trim()) {
        RuleName::Known(rules) => {
            for (rule, level) in RULES.iter().zip(levels).filter(|(rule, _)| rules.contains(rule)) {
                *level = change(rule, *level);
            }
        }
        RuleName::Foreign => {}
        RuleName::Unknown { suggestion } => unknown.push(UnknownRule { name: name.to_owned(), suggestion }),
    }
}

impl Plan {
    fn new(options: &Options, levels: &[Level]) -> Self {
        let profile = options.profile;
        let mut plan = Plan {
            profile,
            policy: options.policy.clone(),
            by_keyword: vec![Vec::new(); Keyword::ALL.len() + 1],
            section: Vec::new(),
            stage: Vec::new(),
            meaning: Vec::new(),
            model: Vec::new(),
            suppression: Vec::new(),
            shellcheck: shellcheck::Levels::new(options),
            switched_off: switched_off(options),
        };
        for (&rule, level) in RULES.iter().zip(levels) {
            let dormant = (rule.experimental && profile != Profile::None).then_some((rule.severity, false));
            if let Some((severity, is_fixed)) = level.or(dormant) {
                plan.add(Active { rule, severity, is_fixed, is_dormant: level.is_none(), check: () });
            }
        }
        plan
    }

    fn add(&mut self, active: Active<()>) {
        match active.rule.check {
            Check::Instruction { on, deferred, check } => {
                let check = InstructionFunction::Syntax(check);
                self.add_for(on, active.with(InstructionCheck { deferred, check }));
            }
            Check::Shell { on, deferred, check } => {
                let check = InstructionFunction::Shell(check);
                self.add_for(On::Keywords(on), active.with(InstructionCheck { deferred, check }));
            }
            Check::Section(check) => self.section.push(active.with(check)),
            Check::Stage(check) => self.stage.push(active.with(check)),
            Check::Parts { stage, model } => {
                self.stage.push(active.with(stage));
                self.model.push(active.with(model));
            }
            Check::Meaning(check) => self.meaning.push(active.with(check)),
            Check::Model(check) => self.model.push(active.with(check)),
            Check::Suppression => self.suppression.push(active),
        }
    }

    /// Whether the user switched a check off, by its name or as `rule`; not whether the profile has it.
    pub fn is_switched_off(&self, check: &str, rule: Option<&Rule>) -> bool {
        self.switched_off.iter().any(|name| match (RuleName::resolve(name), rule) {
            (RuleName::Known(rules), Some(rule)) => rules.contains(&rule),
            _ => name.eq_ignore_ascii_case(check),
        })
    }

    /// Whether `rule` runs.
    pub fn runs(&self, rule: &Rule) -> bool {
        let mut instruction = self.by_keyword.iter().flatten();
        instruction.any(|it| it.rule == rule) || self.others().any(|it| it.rule == rule && !it.is_dormant)
    }

    /// All that do not look at single instructions or at comments.
    fn others(&self) -> impl Iterator<Item = Active<()>> {
        let sections = self.section.iter().chain(&self.meaning).chain(&self.model).map(|it| it.with(()));
        sections.chain(self.stage.iter().map(|it| it.with(())))
    }

    fn add_for(&mut self, on: On, active: Active<InstructionCheck>) {
        match on {
            On::Every => self.by_keyword.iter_mut().for_each(|list| list.push(active)),
            On::Keywords(keywords) => {
                for keyword in keywords {
                    self.by_keyword[*keyword as usize].push(active);
                }
            }
        }
    }

    /// The rules that want to see an instruction with this keyword.
    pub fn for_keyword(&self, keyword: Option<Keyword>) -> &[Active<InstructionCheck>] {
        let index = keyword.map_or(Keyword::ALL.len(), |keyword| keyword as usize);
        self.by_keyword.get(index).map_or(&[], |list| list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::lint::rule_named;

    fn severity(options: Options) -> Option<Severity> {
        Linter::new(&options).0.severity_of(rule_named("deprecated-maintainer").unwrap())
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|it| it.to_string()).collect()
    }

    #[test]
    fn a_profile_is_changed_by_select_severity_and_ignore() {
        let none = Options { profile: Profile::None, ..Options::default() };
        assert_eq!(severity(Options::default()), Some(Severity::Warning));
        assert_eq!(severity(none.clone()), None);
        assert_eq!(severity(Options { select: names(&["DL4000"]), ..none.clone() }), Some(Severity::Warning));
        assert_eq!(
            severity(Options { ignore: names(&["maintainerdeprecated"]), ..Options::default() }),
            None
        );
        let hint = vec![("DEPRECATED_MAINTAINER".to_owned(), Some(Severity::Hint))];
        assert_eq!(severity(Options { severity: hint, ..none }), Some(Severity::Hint));
    }

    #[test]
    fn unknown_names_are_returned() {
        let options = Options { ignore: names(&["deprecated-maintaner", "SC1000"]), ..Options::default() };
        let unknown = Linter::new(&options).1;
        assert_eq!(unknown.len(), 1);
        assert_eq!(unknown[0].suggestion, Some("deprecated-maintainer"));
    }
}
