//! Runs the rules; keeps what instruction rules found while the instruction stays as it is.
//!
//! Instructions are shared between versions of a file (`Arc`), and an edit changes a stretch of them. So the
//! findings kept from the last run are those before the first and behind the last instruction that differs.

use std::sync::Arc;

use super::context::{InstructionContext, ModelContext, Overview, Setting, Shell, StageContext};
use super::facts::Facts;
use super::finding::Finding;
use super::options::{Active, InstructionCheck, Linter, Plan};
use super::report::Report;
use super::suppress::Suppressions;
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::{Base, Model};
use crate::analysis::syntax::InstructionRef;
use crate::analysis::syntax::ast::{Arguments, Instruction};

/// What the last run found, per instruction. One for each document.
#[derive(Debug, Default)]
pub struct LintCache {
    plan: Option<Arc<Plan>>,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    node: Arc<Instruction>,
    setting: Setting,
    /// In local ranges.
    findings: Box<[Finding]>,
}

impl Entry {
    fn is_for(&self, instruction: &InstructionRef<'_>, setting: &Setting) -> bool {
        Arc::ptr_eq(&self.node, instruction.node) && self.setting == *setting
    }
}

impl Linter {
    /// All findings of the file, in order of position; suppressed ones are left out.
    pub fn check(&self, model: &Model, facts: &Facts, cache: &mut LintCache) -> Vec<Finding> {
        let overview = Overview::new(settings(model, &self.plan), model);
        cache.update(&self.plan, model, &overview.settings);
        let mut findings = cache.collect(model);
        let cx = ModelContext { model, facts, profile: self.plan.profile, overview: &overview };
        let suppressions = Suppressions::read(model, self.plan.profile);
        check_stages(&self.plan, &cx, &mut findings);
        check_model(&self.plan, &cx, &suppressions, &mut findings);
        suppressions.apply(&self.plan, &cx, &mut findings);
        findings.sort_by_key(|it| (it.range.start(), it.range.end(), it.rule.name));
        findings
    }
}

impl LintCache {
    fn update(&mut self, plan: &Arc<Plan>, model: &Model, settings: &[Setting]) {
        if !self.plan.as_ref().is_some_and(|old| Arc::ptr_eq(old, plan)) {
            self.entries.clear();
            self.plan = Some(plan.clone());
        }
        let is_kept = |(entry, (instruction, setting)): &(&Entry, (InstructionRef<'_>, &Setting))| {
            entry.is_for(instruction, setting)
        };
        let pairs = || model.file().instructions().zip(settings);
        let start = self.entries.iter().zip(pairs()).take_while(is_kept).count();
        let most = self.entries.len().min(settings.len()) - start;
        let end = self.entries.iter().rev().zip(pairs().rev()).take(most).take_while(is_kept).count();
        let changed = pairs().skip(start).take(settings.len() - start - end);
        let fresh: Vec<Entry> = changed.map(|(it, setting)| fresh_entry(plan, model, it, *setting)).collect();
        let old_end = self.entries.len() - end;
        self.entries.splice(start..old_end, fresh);
    }

    fn collect(&self, model: &Model) -> Vec<Finding> {
        let with_findings = self.entries.iter().zip(model.file().instructions());
        with_findings
            .filter(|(entry, _)| !entry.findings.is_empty())
            .flat_map(|(entry, instruction)| entry.findings.iter().map(move |it| it.at(instruction.start)))
            .collect()
    }
}

fn fresh_entry(plan: &Plan, model: &Model, instruction: InstructionRef<'_>, setting: Setting) -> Entry {
    let end = instruction.absolute(instruction.range).end();
    let text = model.file().text().get(usize::from(instruction.start)..usize::from(end)).unwrap_or_default();
    let mut findings = Vec::new();
    let mut cx = InstructionContext { instruction: instruction.node, setting, is_deferred: false, text };
    check_instruction(plan.for_keyword(cx.keyword()), &cx, &mut findings);
    if let Arguments::Onbuild(Some(inner)) = &instruction.node.arguments {
        cx = InstructionContext { instruction: inner, is_deferred: true, ..cx };
        check_instruction(plan.for_keyword(cx.keyword()), &cx, &mut findings);
    }
    Entry { node: instruction.node.clone(), setting, findings: findings.into_boxed_slice() }
}

fn check_instruction(
    rules: &[Active<InstructionCheck>],
    cx: &InstructionContext<'_>,
    findings: &mut Vec<Finding>,
) {
    for active in rules.iter().filter(|it| !cx.is_deferred || it.check.deferred) {
        (active.check.check)(cx, &mut report(active, cx.is_deferred, findings));
    }
}

fn check_stages(plan: &Plan, cx: &ModelContext<'_>, findings: &mut Vec<Finding>) {
    for active in &plan.stage {
        for stage in cx.model.stages() {
            (active.check)(&StageContext { cx, stage }, &mut report(active, false, findings));
        }
    }
}

fn check_model(plan: &Plan, cx: &ModelContext<'_>, suppressions: &Suppressions, findings: &mut Vec<Finding>) {
    for active in &plan.model {
        if !active.is_dormant || suppressions.wants_experimental(active.rule) {
            (active.check)(cx, &mut report(active, false, findings));
        }
    }
}

fn report<'a, C>(active: &Active<C>, is_deferred: bool, findings: &'a mut Vec<Finding>) -> Report<'a> {
    let Active { rule, severity, is_fixed, .. } = *active;
    Report { rule, severity, is_fixed, is_deferred, findings }
}

/// What each instruction depends on besides itself.
fn settings(model: &Model, plan: &Plan) -> Vec<Setting> {
    let escape = model.file().escape();
    let mut setting = Setting { escape, shell: Shell::Default, is_in_stage: false, profile: plan.profile };
    let mut shells: Vec<Shell> = Vec::new();
    let mut settings = Vec::with_capacity(model.file().len());
    for instruction in model.file().instructions() {
        if instruction.keyword == Some(Keyword::From) {
            let base = match model.stages().get(shells.len()).map(|stage| &stage.base) {
                Some(Base::Stage(base)) => shells.get(base.index()).copied(),
                _ => None,
            };
            shells.push(base.unwrap_or(Shell::Default));
            setting.is_in_stage = true;
        }
        setting.shell = shells.last().copied().unwrap_or(Shell::Default);
        settings.push(setting);
        if instruction.keyword == Some(Keyword::Shell)
            && let (Some(last), Some(shell)) = (shells.last_mut(), Shell::of(instruction.node))
        {
            *last = shell;
        }
    }
    settings
}
