//! Runs the rules; keeps what instruction rules found while the instruction stays as it is.
//!
//! Instructions are shared between versions of a file (`Arc`), and an edit changes a stretch of them. So the
//! findings kept from the last run are those before the first and behind the last instruction that differs; and those
//! of the [sections](super::sections) it leaves alone.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::context::{
    InstructionContext, ModelContext, Overview, Setting, Shell, StageContext, shipped_stages,
};
use super::doubled;
use super::facts::Facts;
use super::finding::Finding;
use super::options::{Active, InstructionCheck, InstructionFunction, Linter, Plan};
use super::report::Report;
use super::sections::{self, KeptSection, Sections, Shape};
use super::shell::{ShellContext, ShellPart};
use super::suppress::Suppressions;
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::shell::{ShellComment, Shells, shell_comments};
use crate::analysis::model::{Base, Model, StageId};
use crate::analysis::syntax::ast::{Arguments, Instruction};
use crate::analysis::syntax::{InstructionId, InstructionRef};

/// What the last run found. One for each document.
#[derive(Debug, Default)]
pub struct LintCache {
    plan: Option<Arc<Plan>>,
    facts: Facts,
    shape: Shape,
    /// Those of the last run.
    sections: Sections,
    /// One for each instruction.
    entries: Vec<Entry>,
    /// One for each section.
    kept: Vec<KeptSection>,
    overview: Arc<Overview>,
    /// Of each stage, see [`shipped_stages`].
    shipped: Vec<bool>,
    meaning: Option<KeptMeaning>,
}

/// What was found in the meaning of the file, and in which.
#[derive(Debug)]
struct KeptMeaning {
    model: Model,
    findings: KeptSection,
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

impl Linter {
    /// All findings of the file, in order of position; suppressed ones are left out.
    pub fn check(&self, model: &Model, facts: &Facts, cache: &mut LintCache) -> Vec<Finding> {
        cache.update(&self.plan, model, facts);
        let (kept, meaning) = (std::mem::take(&mut cache.kept), cache.meaning.take());
        let suppressions = Suppressions::read(model, self.plan.profile);
        let cx = ModelContext {
            model,
            facts,
            profile: self.plan.profile,
            policy: &self.plan.policy,
            suppressions: &suppressions,
            span: 0..model.file().len() as u32,
            overview: &cache.overview,
            cache,
        };
        let mut findings = cache.collect(model);
        let kept = check_sections(&self.plan, &cx, &cache.sections, kept, &mut findings);
        let meaning = check_meaning(&self.plan, &cx, &cache.sections, meaning, &mut findings);
        check_model(&self.plan, &cx, &suppressions, &mut findings);
        suppressions.apply(&self.plan, &cx, &mut findings);
        doubled::remove(model, self.plan.profile, &mut findings);
        (cache.kept, cache.meaning) = (kept, Some(meaning));
        findings.sort_by_key(|it| (it.range.start(), it.range.end(), it.rule.name));
        findings
    }
}

impl LintCache {
    /// Makes the cache ready for this version of the file; what may differ from the last one's is forgotten.
    fn update(&mut self, plan: &Arc<Plan>, model: &Model, facts: &Facts) {
        if !self.plan.as_ref().is_some_and(|old| Arc::ptr_eq(old, plan)) {
            *self = LintCache { plan: Some(plan.clone()), ..LintCache::default() };
        }
        let sections = Sections::of(model);
        let shells = shell_comments(model.file());
        let shape = Shape::of(model, &sections, &shells);
        let is_dirty = if shape == self.shape && *facts == self.facts {
            sections.with_relatives(model, self.changed_sections(model, &sections))
        } else {
            vec![true; sections.len()]
        };
        self.meaning = self.meaning.take().filter(|_| *facts == self.facts);
        if !self.has_same_overview(model) {
            self.overview = Arc::new(Overview::new(model));
        }
        self.kept.resize_with(sections.len(), || None);
        for (kept, _) in self.kept.iter_mut().zip(&is_dirty).filter(|(_, is_dirty)| **is_dirty) {
            *kept = None;
        }
        self.shipped = shipped_stages(model, plan.profile);
        let settings = settings(model, plan, &sections, &shells, (&is_dirty, &self.shipped));
        self.update_entries(plan, model, &settings);
        (self.sections, self.shape, self.facts) = (sections, shape, facts.clone());
    }

    fn has_same_overview(&self, model: &Model) -> bool {
        let is_same = |(entry, it): (&Entry, InstructionRef<'_>)| {
            Arc::ptr_eq(&entry.node, it.node) || Overview::is_same_with(&entry.node, it.node)
        };
        let is_first = self.plan.is_none() || self.entries.is_empty();
        let is_as_long = self.entries.len() == model.file().len();
        !is_first && is_as_long && self.entries.iter().zip(model.file().instructions()).all(is_same)
    }

    /// Which sections have other instructions than in the last run, with as many sections.
    fn changed_sections(&self, model: &Model, sections: &Sections) -> Vec<bool> {
        let pairs = self.sections.iter().zip(sections.iter());
        let is_changed = |(old, new): (Range<u32>, Range<u32>)| {
            let same = old.clone().zip(new.clone()).take_while(|(old, new)| {
                let instruction = model.file().instruction(InstructionId(*new));
                let entry = self.entries.get(*old as usize);
                entry.zip(instruction).is_some_and(|(entry, it)| Arc::ptr_eq(&entry.node, it.node))
            });
            old.len() != new.len() || same.count() != new.len()
        };
        pairs.map(is_changed).collect()
    }

    /// `settings`: of each instruction, `None` where it is as in the last run.
    fn update_entries(&mut self, plan: &Plan, model: &Model, settings: &[Option<Setting>]) {
        let is_same =
            |(entry, instruction): &(&Entry, InstructionRef<'_>)| Arc::ptr_eq(&entry.node, instruction.node);
        let instructions = || model.file().instructions();
        let start = self.entries.iter().zip(instructions()).take_while(is_same).count();
        let most = self.entries.len().min(settings.len()) - start;
        let end = self.entries.iter().rev().zip(instructions().rev()).take(most).take_while(is_same).count();
        let changed = instructions().zip(settings).skip(start).take(settings.len() - start - end);
        let fresh =
            |(it, setting): (_, &Option<Setting>)| Some(fresh_entry(plan, model, it, setting.as_ref()?));
        let fresh: Vec<Entry> = changed.filter_map(fresh).collect();
        let old_end = self.entries.len() - end;
        self.entries.splice(start..old_end, fresh);
        for ((entry, instruction), setting) in self.entries.iter_mut().zip(instructions()).zip(settings) {
            if let Some(setting) = setting.as_ref().filter(|setting| entry.setting != **setting) {
                *entry = fresh_entry(plan, model, instruction, setting);
            }
        }
    }

    pub(super) fn is_shipped(&self, stage: StageId) -> bool {
        self.shipped.get(stage.index()).copied().unwrap_or(true)
    }

    pub(super) fn setting(&self, id: InstructionId) -> Option<&Setting> {
        Some(&self.entries.get(id.index())?.setting)
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

/// Runs the rules on the sections of which nothing is kept, and brings the kept findings of the others. Returns what
/// to keep.
fn check_sections(
    plan: &Plan,
    cx: &ModelContext<'_>,
    sections: &Sections,
    kept: Vec<KeptSection>,
    findings: &mut Vec<Finding>,
) -> Vec<KeptSection> {
    let check = |(span, kept): (Range<u32>, KeptSection)| {
        if let Some(old) = kept.as_ref().and_then(|kept| sections::restore(cx.model, sections, kept)) {
            findings.extend(old);
            return kept;
        }
        let first = findings.len();
        check_section(plan, &ModelContext { span, ..cx.clone() }, findings);
        sections::keep(cx.model, sections, findings.get(first..).unwrap_or_default())
    };
    sections.iter().zip(kept).map(check).collect()
}

fn check_section(plan: &Plan, cx: &ModelContext<'_>, findings: &mut Vec<Finding>) {
    for active in &plan.section {
        (active.check)(cx, &mut report(active, false, findings));
    }
    for (stage, _) in cx.stages() {
        for active in &plan.stage {
            (active.check)(&StageContext { cx, stage }, &mut report(active, false, findings));
        }
    }
}

/// As [`check_sections`], for the meaning of the file.
fn check_meaning(
    plan: &Plan,
    cx: &ModelContext<'_>,
    sections: &Sections,
    kept: Option<KeptMeaning>,
    findings: &mut Vec<Finding>,
) -> KeptMeaning {
    let kept = kept.filter(|it| it.model.means_the_same_as(cx.model));
    let old = kept.as_ref().and_then(|kept| sections::restore(cx.model, sections, kept.findings.as_ref()?));
    if let (Some(kept), Some(old)) = (kept, old) {
        findings.extend(old);
        return KeptMeaning { model: cx.model.clone(), ..kept };
    }
    let first = findings.len();
    for active in &plan.meaning {
        (active.check)(cx, &mut report(active, false, findings));
    }
    let fresh = findings.get(first..).unwrap_or_default();
    KeptMeaning { model: cx.model.clone(), findings: sections::keep(cx.model, sections, fresh) }
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

/// What each instruction of the dirty sections depends on besides itself; `None` for the others.
fn settings(
    model: &Model,
    plan: &Plan,
    sections: &Sections,
    comments: &[ShellComment],
    (is_dirty, shipped): (&[bool], &[bool]),
) -> Vec<Option<Setting>> {
    let is_wanted = |stage: StageId| is_dirty.get(stage.index() + 1).copied().unwrap_or(true);
    let readers = Shells::of_stages(model, comments, is_wanted);
    let mut ends: HashMap<StageId, Shell> = HashMap::new();
    let mut settings = vec![None; model.file().len()];
    for (index, section) in
        sections.iter().enumerate().filter(|(index, _)| is_dirty.get(*index) != Some(&false))
    {
        let stage = index.checked_sub(1).and_then(|index| model.stages().get(index));
        let base = match stage.map(|stage| &stage.base) {
            Some(Base::Stage(base)) => ends.get(base).copied(),
            _ => None,
        };
        let mut shell = base.unwrap_or(Shell::Default);
        for id in section {
            let Some(instruction) = model.file().instruction(InstructionId(id)) else { continue };
            let reader = readers.at(instruction.id);
            let setting = Setting {
                escape: model.file().escape(),
                shell,
                reader: reader.kind.clone(),
                has_pipefail: reader.has_pipefail(),
                is_in_stage: stage.is_some(),
                is_shipped: stage.and_then(|it| shipped.get(it.id.index())).copied().unwrap_or(true),
                profile: plan.profile,
            };
            if let Some(slot) = settings.get_mut(id as usize) {
                *slot = Some(setting);
            }
            if instruction.keyword == Some(Keyword::Shell) && stage.is_some() {
                shell = Shell::of(instruction.node).unwrap_or(shell);
            }
        }
        ends.extend(stage.map(|stage| (stage.id, shell)));
    }
    settings
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use text_size::{TextRange, TextSize};

    use crate::analysis::lint::{Facts, Finding, LintCache, Linter, Options, Profile, RULES, check};
    use crate::analysis::model::Model;
    use crate::analysis::syntax::Dockerfile;

    /// What people type, and what changes the meaning of other stages.
    const PIECES: &[&str] = &[
        "x",
        " ",
        "\n",
        "\\\n",
        "\r\n",
        "# c\n",
        "# hadolint shell=bash\n",
        "FROM alpine\n",
        "FROM a AS b\n",
        "FROM b AS c\n",
        "FROM b\n",
        "ARG A\n",
        "ARG A=1\n",
        "ENV A=$A\n",
        "USER app\n",
        "WORKDIR /w\n",
        "RUN x | y\n",
        "SHELL [\"/bin/bash\", \"-c\"]\n",
        "COPY --from=b /x /y\n",
        "RUN --mount=from=b x\n",
        "--mount=from=b ",
        "--from=b ",
        "ENV ",
        "COPY . .\n",
        "RUN npm ci\n",
        "CMD a\n",
        "CMD a\n",
        "ENTRYPOINT [\"a\"]\n",
        "RUN apt-get install -y curl\n",
        "HEALTHCHECK NONE\n",
        "from x\n",
        "$A",
        ":latest",
    ];

    /// The examples of some rules below each other: many stages, many findings.
    fn document() -> impl Strategy<Value = String> {
        let examples: Vec<String> = RULES
            .iter()
            .flat_map(|rule| rule.examples())
            .map(|it| it.text)
            .filter(|it| it.len() < 1_000)
            .collect();
        prop::collection::vec(prop::sample::select(examples), 1..12).prop_map(|all| all.join("\n"))
    }

    /// Where (of 1,000), how many bytes go, and what comes instead.
    fn edit() -> impl Strategy<Value = (usize, usize, &'static str)> {
        (0..=1_000usize, prop_oneof![Just(0), 0..20usize], prop::sample::select(PIECES))
    }

    fn apply(file: &Dockerfile, (at, len, new): (usize, usize, &str)) -> Dockerfile {
        let text = file.text();
        let boundary =
            |at: usize| (0..=at.min(text.len())).rev().find(|it| text.is_char_boundary(*it)).unwrap_or(0);
        let start = boundary(text.len() * at / 1_000);
        let end = boundary(start + len).max(start);
        file.edit(TextRange::new(TextSize::from(start as u32), TextSize::from(end as u32)), new)
    }

    fn shown(findings: &[Finding]) -> Vec<String> {
        let show = |it: &Finding| {
            let related: Vec<_> = it.related().collect();
            let fixes: Vec<_> = it.fixes().collect();
            format!(
                "{:?} {} {:?} {} {related:?} {fixes:?}",
                it.range,
                it.rule.name,
                it.severity,
                it.message()
            )
        };
        findings.iter().map(show).collect()
    }

    proptest! {
        #[test]
        fn what_is_kept_is_what_a_fresh_look_finds(text in document(), edits in prop::collection::vec(edit(), 1..8)) {
            let options = Options { profile: Profile::All, ..Options::default() };
            let (linter, _) = Linter::new(&options);
            let (facts, mut cache) = (Facts::default(), LintCache::default());
            let mut file = Dockerfile::parse(text.as_str());
            let mut model = Model::new(&file);
            linter.check(&model, &facts, &mut cache);
            for edit in edits {
                file = apply(&file, edit);
                let fresh = Model::new(&file);
                model = model.carried_to(&file).unwrap_or_else(|| fresh.clone());
                prop_assert!(model.is_equal_to(&fresh), "in\n{}", file.text());
                let kept = linter.check(&model, &facts, &mut cache);
                prop_assert_eq!(shown(&kept), shown(&check(&fresh, &linter, &facts)), "in\n{}", file.text());
            }
        }
    }
}
