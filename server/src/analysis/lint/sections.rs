//! Findings of whole sections, kept while nothing they depend on changes.
//!
//! A file falls into sections: what stands before the first `FROM`, and each stage. What [`Check::Section`] and
//! [`Check::Stage`] find in one depends on its instructions, on the stages it is built from, on the section before
//! the first `FROM`, and on the [`Shape`] of the file. So an edit in one stage leaves the findings of all others.
//!
//! [`Check::Section`]: super::rule::Check::Section
//! [`Check::Stage`]: super::rule::Check::Stage

use std::collections::HashSet;
use std::ops::Range;

use memchr::memmem;
use smol_str::SmolStr;
use text_size::TextSize;

use super::finding::Finding;
use crate::analysis::model::shell::ShellComment;
use crate::analysis::model::{Base, Model, StageId};
use crate::analysis::syntax::{InstructionId, InstructionRef};

/// The sections of a file as indexes of instructions: the one before the first `FROM`, then the stages.
#[derive(Debug, Clone, Default)]
pub struct Sections(Vec<Range<u32>>);

impl Sections {
    pub fn of(model: &Model) -> Self {
        let end = model.file().len() as u32;
        let first = model.stages().first().map_or(end, |stage| stage.from.0);
        let stages = model.stages().iter().map(|stage| stage.instructions.clone());
        Sections(std::iter::once(0..first).chain(stages).collect())
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = Range<u32>> {
        self.0.iter().cloned()
    }

    /// The section of an instruction, and the instruction's index in it.
    fn place_of(&self, id: InstructionId) -> Option<(usize, u32)> {
        let section = self.0.partition_point(|section| section.end <= id.0);
        Some((section, id.0.checked_sub(self.0.get(section)?.start)?))
    }

    fn instruction(&self, (section, index): (usize, u32)) -> Option<InstructionId> {
        let section = self.0.get(section)?;
        let id = section.start.checked_add(index)?;
        section.contains(&id).then_some(InstructionId(id))
    }

    /// Which sections a rule has to see again, given those of which an instruction has changed: a stage with all it is
    /// built from and all that is built from it, and the last one, as what stands behind it may have changed.
    pub fn with_relatives(&self, model: &Model, mut is_changed: Vec<bool>) -> Vec<bool> {
        if let Some(last) = is_changed.last_mut() {
            *last = true;
        }
        if is_changed.first().copied().unwrap_or(true) {
            return vec![true; self.len()];
        }
        let mut roots: Vec<usize> = Vec::with_capacity(model.stages().len());
        for stage in model.stages() {
            let root = base_of(&stage.base).and_then(|base| roots.get(base.index()).copied());
            roots.push(root.unwrap_or(stage.id.index()));
        }
        let changed: HashSet<usize> = roots
            .iter()
            .zip(is_changed.iter().skip(1))
            .filter_map(|(root, is_changed)| is_changed.then_some(*root))
            .collect();
        let changed = roots.iter().map(|root| changed.contains(root));
        std::iter::once(false).chain(changed).collect()
    }
}

fn base_of(base: &Base) -> Option<StageId> {
    match base {
        Base::Stage(base) => Some(*base),
        _ => None,
    }
}

/// What a section may know of the others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    escape: Option<char>,
    is_for_several_platforms: bool,
    stages: Vec<StageShape>,
    /// Comments that name a shell, with the place of the instruction that follows.
    shells: Vec<((usize, u32), Vec<SmolStr>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct StageShape {
    name: Option<SmolStr>,
    base: Option<StageId>,
    /// Whether another stage is built from it or copies from it.
    is_used: bool,
}

impl Shape {
    pub fn of(model: &Model, sections: &Sections, shells: &[ShellComment]) -> Self {
        let shape = |(name, base)| StageShape { name, base, is_used: false };
        let all = model.stages().iter().map(|it| (it.name.clone(), base_of(&it.base)));
        let mut stages: Vec<StageShape> = all.map(shape).collect();
        for it in model.stage_references().iter().filter(|it| it.stage != it.target) {
            if let Some(used) = it.target.and_then(|target| stages.get_mut(target.index())) {
                used.is_used = true;
            }
        }
        let place = |it: &ShellComment| Some((sections.place_of(it.next)?, it.shell.words.clone()));
        let shells = shells.iter().filter_map(place).collect();
        let is_for_several_platforms = is_for_several_platforms(model.file().text());
        Shape { escape: Some(model.file().escape()), is_for_several_platforms, stages, shells }
    }
}

/// Whether a file mentions the platforms of the build.
pub fn is_for_several_platforms(text: &str) -> bool {
    let names = ["TARGETARCH", "TARGETPLATFORM", "BUILDPLATFORM"];
    names.iter().any(|it| memmem::find(text.as_bytes(), it.as_bytes()).is_some())
}

/// What was found in one section the last time; `None` where it cannot be kept.
pub type KeptSection = Option<Vec<KeptFinding>>;

/// A finding that moves with the instructions it speaks of.
#[derive(Debug)]
pub struct KeptFinding {
    /// Counted from the start of the first anchor.
    finding: Finding,
    first: Anchor,
    others: Vec<Anchor>,
}

/// An instruction that a finding points into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Anchor {
    place: (usize, u32),
    /// How far behind the first anchor it stands.
    offset: TextSize,
}

/// Makes the findings of a section ready to be kept.
pub fn keep(model: &Model, sections: &Sections, findings: &[Finding]) -> KeptSection {
    findings.iter().map(|finding| KeptFinding::new(model, sections, finding)).collect()
}

/// The findings where they stand now; `None` when instructions they speak of have moved apart.
pub fn restore(model: &Model, sections: &Sections, kept: &[KeptFinding]) -> Option<Vec<Finding>> {
    kept.iter().map(|it| it.restore(model, sections)).collect()
}

impl KeptFinding {
    fn new(model: &Model, sections: &Sections, finding: &Finding) -> Option<Self> {
        let mut instructions = Vec::new();
        for range in finding.all_ranges() {
            instructions.push(instruction_around(model, range.start())?);
            instructions.push(instruction_around(model, range.end())?);
        }
        instructions.sort_by_key(|it| it.id);
        instructions.dedup_by_key(|it| it.id);
        let base = instructions.first()?.start;
        let anchors = instructions
            .iter()
            .map(|it| Some(Anchor { place: sections.place_of(it.id)?, offset: it.start - base }));
        let mut anchors = anchors.collect::<Option<Vec<_>>>()?.into_iter();
        Some(KeptFinding {
            finding: finding.counted_from(base),
            first: anchors.next()?,
            others: anchors.collect(),
        })
    }

    fn restore(&self, model: &Model, sections: &Sections) -> Option<Finding> {
        let start_of =
            |anchor: &Anchor| Some(model.file().instruction(sections.instruction(anchor.place)?)?.start);
        let base = start_of(&self.first)?;
        let is_in_place = |it: &Anchor| start_of(it) == base.checked_add(it.offset);
        self.others.iter().all(is_in_place).then(|| self.finding.at(base))
    }
}

/// The instruction that `offset` is in, or that ends in the line before.
fn instruction_around(model: &Model, offset: TextSize) -> Option<InstructionRef<'_>> {
    let line_break = [0, 1, 2].map(TextSize::from);
    line_break.into_iter().find_map(|back| model.file().instruction_at(offset.checked_sub(back)?))
}
