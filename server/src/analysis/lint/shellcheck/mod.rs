//! The pure half of the bridge to ShellCheck: what it is given to read, and what becomes of what it says.
//!
//! * [`scripts`] — each shell text of a file as a script that ShellCheck understands, with the way back.
//! * [`Remark`] — one thing ShellCheck says, as its `json1` format has it.
//! * [`Script::findings`] — remarks as findings in the Dockerfile, with exact ranges and repairs.
//! * [`Linter::judge`](super::Linter::judge) — without those that are switched off, or that a rule of ours explains.
//!
//! Running the program is the business of `crate::shellcheck`; the analysis starts no processes.

mod judge;
mod remark;
mod script;

pub use self::judge::Levels;
pub use self::remark::{Remark, Repair, Replacement};
pub use self::script::{Script, Scripts, scripts};

use smol_str::SmolStr;
use text_size::{TextRange, TextSize};

use super::finding::Fix;
use super::rule::Severity;
use crate::analysis::syntax::InstructionId;
use crate::analysis::text::TextEdit;

/// Codes that make no sense in a Dockerfile: files that are read in (SC1090, SC1091), a first line that is not the
/// first (SC1128), and that a script for BusyBox is read as one for dash (SC2187).
pub const EXCLUDED: &str = "SC1090,SC1091,SC1128,SC2187";

/// Something ShellCheck found. Ranges are local to the instruction, or absolute after [`ShellFinding::at`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellFinding {
    pub instruction: InstructionId,
    /// `SC2086`
    pub code: SmolStr,
    pub severity: Severity,
    pub range: TextRange,
    pub message: String,
    /// Changes what the command does, so never safe.
    pub fix: Option<Fix>,
}

impl ShellFinding {
    /// The page that explains the code.
    pub fn url(&self) -> String {
        format!("https://www.shellcheck.net/wiki/{}", self.code)
    }

    /// The finding in the file: `instruction` begins at `base`.
    pub fn at(&self, instruction: InstructionId, base: TextSize) -> ShellFinding {
        let edit = |it: &TextEdit| TextEdit::new(it.range + base, it.new_text.clone());
        let fix =
            self.fix.as_ref().map(|fix| Fix { edits: fix.edits.iter().map(edit).collect(), ..fix.clone() });
        ShellFinding { instruction, range: self.range + base, fix, ..self.clone() }
    }
}

#[cfg(test)]
mod tests;
