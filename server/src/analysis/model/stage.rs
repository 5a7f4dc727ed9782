//! Build stages, what each is built from, and who refers to whom
//! (<https://docs.docker.com/build/building/multi-stage/>).

use std::ops::Range;

use smol_str::SmolStr;
use text_size::TextRange;

use super::value::Value;
use crate::analysis::syntax::{InstructionId, Location};

/// The position of a stage in its file, from 0; `COPY --from=0` counts the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StageId(pub u32);

impl StageId {
    /// As an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One build stage: a `FROM` and what follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    pub id: StageId,
    /// The `FROM`.
    pub from: InstructionId,
    /// Indexes of its instructions, the `FROM` included.
    pub instructions: Range<u32>,
    /// Lower case, as BuildKit compares it; absent without `AS`.
    pub name: Option<SmolStr>,
    /// The name after `AS`, local to the `FROM`.
    pub name_range: Option<TextRange>,
    pub base: Base,
    /// `--platform`, expanded.
    pub platform: Option<Value>,
}

/// What a stage is built from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base {
    /// An earlier stage of this file.
    Stage(StageId),
    /// Nothing: `FROM scratch`.
    Scratch,
    /// An image, by the reference written there after expansion.
    Image(Value),
    /// `FROM` without an image.
    Missing,
}

impl Stage {
    /// Whether instruction `id` stands in this stage.
    pub fn contains(&self, id: InstructionId) -> bool {
        self.instructions.contains(&id.0)
    }

    /// The name, or the index for a stage without one: what `--target` and `--from` take.
    pub fn label(&self) -> SmolStr {
        self.name.clone().unwrap_or_else(|| self.id.0.to_string().into())
    }

    /// The place of the name after `AS`.
    pub fn name_location(&self) -> Option<Location> {
        self.name_range.map(|range| Location { instruction: self.from, range })
    }
}

/// Where a stage (or an image) is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageReference {
    pub kind: StageReferenceKind,
    pub location: Location,
    /// The stage the reference stands in; `None` before the first `FROM`.
    pub stage: Option<StageId>,
    /// The stage meant; `None` when it is an image or a named build context.
    pub target: Option<StageId>,
    /// What is written there.
    pub text: SmolStr,
}

/// The three places that can name a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StageReferenceKind {
    From,
    CopyFrom,
    MountFrom,
}
