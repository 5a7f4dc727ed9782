//! Runs the rules; keeps what instruction rules found while the instruction stays as it is.
//!
//! Instructions are shared between versions of a file (`Arc`), and an edit changes a stretch of them. So the
//! findings kept from the last run are those before the first and behind the last instruction that differs.

use std::sync::{Arc, OnceLock};

use super::context::{InstructionContext, ModelContext, Overview, Setting, Shell, StageContext};
use super::facts::Facts;
use super::finding::Finding;
use super::options::{Active, InstructionCheck, InstructionFunction, Linter, Plan};
use super::report::Report;
use super::shell::{ShellContext, ShellPart};
use super::suppress::Suppressions;
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::shell::{ShellKind, Shells};
use crate::analysis::model::{Base, Model};
use crate::analysis::syntax::ast::{Arguments, Instruction};
use crate::analysis::syntax::{InstructionId, InstructionRef};

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
    /// What its shell texts run; read when a rule asks first.
    shell: OnceLock<Box<[ShellPart]>>,
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
        let suppressions = Suppressions::read(model, self.plan.profile);
        let cx = ModelContext {
            model,
            facts,
            profile: self.plan.profile,
            policy: &self.plan.policy,
            suppressions: &suppressions,
            overview: &overview,
            cache,
        };
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
        let fresh: Vec<Entry> = changed.map(|(it, setting)| fresh_entry(plan, model, it, setting)).collect();
        let old_end = self.entries.len() - end;
        self.entries.splice(start..old_end, fresh);
    }

    /// The shell texts of an instruction of the last run.
    pub(super) fn shell<'a>(&'a self, id: InstructionId, model: &'a Model) -> Option<ShellContext<'a>> {
        let entry = self.entries.get(id.index())?;
        Some(entry.shell(text_of(model, model.file().instruction(id)?)))
    }

    fn collect(&self, model: &Model) -> Vec<Finding> {
        let with_findings = self.entries.iter().zip(model.file().instructions());
        with_findings
            .filter(|(entry, _)| !entry.findings.is_empty())
            .flat_map(|(entry, instruction)| entry.findings.iter().map(move |it| it.at(instruction.start)))
            .collect()
    }
}

fn fresh_entry(plan: &Plan, model: &Model, instruction: InstructionRef<'_>, setting: &Setting) -> Entry {
    let mut entry = Entry {
        node: instruction.node.clone(),
        setting: setting.clone(),
        shell: OnceLock::new(),
        findings: Box::default(),
    };
    entry.findings = entry.check(plan, text_of(model, instruction)).into_boxed_slice();
    entry
}

/// The document from the start of the instruction's first line to the instruction's end.
fn text_of<'a>(model: &'a Model, instruction: InstructionRef<'_>) -> &'a str {
    let end = instruction.absolute(instruction.range).end();
    model.file().text().get(usize::from(instruction.start)..usize::from(end)).unwrap_or_default()
}

impl Entry {
    fn check(&self, plan: &Plan, text: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut cx =
            InstructionContext { instruction: &self.node, setting: &self.setting, is_deferred: false, text };
        self.check_instruction(plan.for_keyword(cx.keyword()), &cx, &mut findings);
        if let Arguments::Onbuild(Some(inner)) = &self.node.arguments {
            cx = InstructionContext { instruction: inner, is_deferred: true, ..cx };
            self.check_instruction(plan.for_keyword(cx.keyword()), &cx, &mut findings);
        }
        findings
    }

    fn check_instruction(
        &self,
        rules: &[Active<InstructionCheck>],
        cx: &InstructionContext<'_>,
        findings: &mut Vec<Finding>,
    ) {
        for active in rules.iter().filter(|it| !cx.is_deferred || it.check.deferred) {
            let mut report = report(active, cx.is_deferred, findings);
            match active.check.check {
                InstructionFunction::Syntax(check) => check(cx, &mut report),
                InstructionFunction::Shell(check) => check(&self.shell(cx.text), &mut report),
            }
        }
    }

    /// `text`: [`text_of`] the instruction.
    fn shell<'a>(&'a self, text: &'a str) -> ShellContext<'a> {
        let parts = self.shell.get_or_init(|| ShellPart::read(&self.node, text, &self.setting));
        let is_deferred = self.node.keyword == Some(Keyword::Onbuild);
        ShellContext { instruction: self.node.innermost(), setting: &self.setting, is_deferred, parts, text }
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
    let in_force = Shells::new(model);
    let mut setting = Setting {
        escape,
        shell: Shell::Default,
        reader: ShellKind::Sh,
        has_pipefail: false,
        is_in_stage: false,
        profile: plan.profile,
    };
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
        let reader = in_force.at(instruction.id);
        setting.has_pipefail = reader.has_pipefail();
        if setting.reader != reader.kind {
            setting.reader = reader.kind.clone();
        }
        settings.push(setting.clone());
        if instruction.keyword == Some(Keyword::Shell)
            && let (Some(last), Some(shell)) = (shells.last_mut(), Shell::of(instruction.node))
        {
            *last = shell;
        }
    }
    settings
}
