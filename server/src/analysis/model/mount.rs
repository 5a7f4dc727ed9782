//! `RUN --mount=…` taken apart (<https://docs.docker.com/reference/dockerfile/#run---mount>).

use smol_str::SmolStr;
use text_size::TextRange;

use crate::analysis::syntax::SourceText;
use crate::analysis::syntax::ast::{FlagOption, Instruction};

/// One `--mount` flag. Ranges are local to the instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// The whole flag.
    pub range: TextRange,
    pub kind: MountKind,
    /// The value of `type=`, when it is given.
    pub kind_text: Option<SourceText>,
    /// All options as written, `type` among them.
    pub options: Vec<FlagOption>,
}

/// What is mounted; `bind` when `type` is not given.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MountKind {
    Bind,
    Cache,
    Tmpfs,
    Secret,
    Ssh,
    /// No such type: the build fails.
    Other(SmolStr),
}

impl MountKind {
    fn parse(text: &str) -> Self {
        match text.to_ascii_lowercase().as_str() {
            "bind" => MountKind::Bind,
            "cache" => MountKind::Cache,
            "tmpfs" => MountKind::Tmpfs,
            "secret" => MountKind::Secret,
            "ssh" => MountKind::Ssh,
            _ => MountKind::Other(text.into()),
        }
    }
}

impl Mount {
    /// The value of the first option with one of these names.
    pub fn option(&self, names: &[&str]) -> Option<&SourceText> {
        let option = self
            .options
            .iter()
            .find(|option| names.iter().any(|name| option.name.as_str().eq_ignore_ascii_case(name)))?;
        option.value.as_ref().map(|value| value.text())
    }

    /// Where it is mounted: `target`, `dst` or `destination`.
    pub fn target(&self) -> Option<&SourceText> {
        self.option(&["target", "dst", "destination"])
    }

    /// The stage, image or build context it comes from.
    pub fn from(&self) -> Option<&SourceText> {
        self.option(&["from"])
    }
}

/// The mounts of an instruction, in order.
pub fn mounts(instruction: &Instruction) -> Vec<Mount> {
    instruction
        .flags
        .iter()
        .filter(|flag| flag.name.as_str() == "mount")
        .map(|flag| {
            let options = flag.options();
            let kind_text = options
                .iter()
                .find(|option| option.name.as_str().eq_ignore_ascii_case("type"))
                .and_then(|option| option.value.as_ref().map(|value| value.text().clone()));
            let kind = kind_text.as_ref().map_or(MountKind::Bind, |text| MountKind::parse(text.as_str()));
            Mount { range: flag.range, kind, kind_text, options }
        })
        .collect()
}
