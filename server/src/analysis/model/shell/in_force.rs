//! Which shell is in force where: `SHELL`, inherited from stage to stage, a comment that says what the base
//! image has, or what the base image's name tells.

use std::collections::HashMap;

use smol_str::SmolStr;
use text_size::TextRange;

use super::kind::{ShellKind, is_windows_image};
use super::texts::{ShellText, shell_texts};
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::{Base, Model, Stage, StageId};
use crate::analysis::syntax::ast::{Arguments, Command};
use crate::analysis::syntax::{Dockerfile, InstructionId, InstructionRef};

/// A shell and why it is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shell {
    pub kind: ShellKind,
    /// Program and flags as `SHELL` or a comment gives them; empty when nothing is said.
    pub words: Vec<SmolStr>,
    pub source: ShellSource,
}

/// Who says which shell it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShellSource {
    /// Nobody: `/bin/sh -c`, or `cmd /S /C` on Windows.
    Default,
    /// A `SHELL` instruction, perhaps of a stage this one is built from.
    Instruction(InstructionId),
    /// `# hadolint shell=…`, absolute.
    Comment(TextRange),
}

impl Shell {
    fn unsaid(kind: ShellKind) -> Shell {
        Shell { kind, words: Vec::new(), source: ShellSource::Default }
    }

    /// Whether a pipe fails when any of its commands does: `-o pipefail`.
    pub fn has_pipefail(&self) -> bool {
        let is_option = |word: &SmolStr| word.starts_with('-') && word.ends_with('o');
        let mut pairs = self.words.iter().zip(self.words.iter().skip(1));
        pairs.any(|(flag, value)| is_option(flag) && value == "pipefail")
    }
}

/// A comment that says which shell the base image has: `# hadolint shell=…`.
#[derive(Debug, Clone)]
pub struct ShellComment {
    /// The instruction that follows; one past the last when none does.
    pub next: InstructionId,
    pub shell: Shell,
}

/// The shells of a file.
#[derive(Debug, Clone)]
pub struct Shells {
    /// Each in force from its instruction on up to the next; ascending, several may begin at the same one.
    changes: Vec<(InstructionId, Shell)>,
    unsaid: Shell,
}

impl Shells {
    /// One pass over the file.
    pub fn new(model: &Model) -> Self {
        Shells::of_stages(model, &shell_comments(model.file()), |_| true)
    }

    /// The same for those stages only that are `wanted`; who wants one also wants those it is built from.
    pub fn of_stages(model: &Model, comments: &[ShellComment], wanted: impl Fn(StageId) -> bool) -> Self {
        let mut shells = Shells { changes: Vec::new(), unsaid: Shell::unsaid(ShellKind::Sh) };
        let mut ends: HashMap<StageId, Shell> = HashMap::new();
        for stage in model.stages().iter().filter(|stage| wanted(stage.id)) {
            let first = match stage.base {
                Base::Stage(base) => ends.get(&base).cloned(),
                _ => None,
            };
            let first = first.unwrap_or_else(|| of_base(model, stage, comments));
            let end = shells.add_stage(model, stage, first, comments);
            ends.insert(stage.id, end);
        }
        shells
    }

    /// The shell that reads the text of instruction `at`; a `SHELL` counts from the next instruction on.
    pub fn at(&self, at: InstructionId) -> &Shell {
        let index = self.changes.partition_point(|(from, _)| *from <= at);
        index.checked_sub(1).and_then(|index| self.changes.get(index)).map_or(&self.unsaid, |it| &it.1)
    }

    /// The shell texts of an instruction, see [`shell_texts`].
    pub fn texts(&self, file: &Dockerfile, instruction: InstructionRef<'_>) -> Vec<ShellText> {
        let source = file.text().get(usize::from(instruction.start)..).unwrap_or_default();
        shell_texts(instruction.node, source, &self.at(instruction.id).kind)
    }

    /// Adds what changes in `stage`; returns the shell at its end.
    fn add_stage(&mut self, model: &Model, stage: &Stage, first: Shell, comments: &[ShellComment]) -> Shell {
        let (start, end) = (stage.from, InstructionId(stage.instructions.end));
        let mut changes = vec![(start, first)];
        let inside =
            comments.partition_point(|it| it.next <= start)..comments.partition_point(|it| it.next < end);
        let inside = comments.get(inside).unwrap_or_default();
        changes.extend(inside.iter().map(|it| (it.next, it.shell.clone())));
        for id in stage.instructions.clone() {
            let instruction = model.file().instruction(InstructionId(id));
            let shell = instruction.filter(|it| it.keyword == Some(Keyword::Shell)).and_then(set_by);
            changes.extend(shell.map(|shell| (InstructionId(id + 1), shell)));
        }
        changes.sort_by_key(|(at, _)| *at);
        let last = changes.last().map_or_else(|| self.unsaid.clone(), |(_, shell)| shell.clone());
        self.changes.extend(changes.into_iter().filter(|(at, _)| *at < end));
        last
    }
}

/// The shell a stage begins with that is built from an image.
fn of_base(model: &Model, stage: &Stage, comments: &[ShellComment]) -> Shell {
    let before_stages = model.stages().first().map_or(InstructionId(0), |first| first.from);
    if let Some(comment) = comments.iter().take_while(|it| it.next <= before_stages).last() {
        return comment.shell.clone();
    }
    Shell::unsaid(if is_windows(model, stage) { ShellKind::Cmd } else { ShellKind::Sh })
}

/// The shell a `SHELL` instruction sets.
fn set_by(instruction: InstructionRef<'_>) -> Option<Shell> {
    let Arguments::Command(Some(Command::Exec(exec))) = &instruction.node.arguments else { return None };
    let words: Vec<SmolStr> = exec.arguments.iter().map(|argument| argument.text.to_smol()).collect();
    let kind = ShellKind::of_words(words.iter().map(|word| word.as_str()));
    Some(Shell { kind, words, source: ShellSource::Instruction(instruction.id) })
}

/// An escape character of `` ` `` is of use on Windows only, where `\` stands in paths.
fn is_windows(model: &Model, stage: &Stage) -> bool {
    let platform = stage.platform.as_ref().and_then(|platform| platform.text());
    if let Some(platform) = platform {
        return platform.starts_with("windows");
    }
    let written = model.file().instruction(stage.from).and_then(|from| match &from.node.arguments {
        Arguments::From(from) => from.image.as_ref().map(|image| SmolStr::new(image.raw())),
        _ => None,
    });
    let image = match &stage.base {
        Base::Image(value) => value.text().map(SmolStr::new),
        _ => None,
    };
    model.file().escape() == '`' || image.or(written).is_some_and(|image| is_windows_image(&image))
}

/// Every `# hadolint shell=…`, in order.
pub fn shell_comments(file: &Dockerfile) -> Vec<ShellComment> {
    let comments = file.comments().iter().filter_map(|&range| {
        let words = shell_comment(file.slice(range))?;
        let kind = ShellKind::of_words(words.iter().map(|word| word.as_str()));
        let next = file.first_from(range.end());
        Some(ShellComment { next, shell: Shell { kind, words, source: ShellSource::Comment(range) } })
    });
    comments.collect()
}

/// What `# hadolint shell=/bin/bash -c` names.
fn shell_comment(comment: &str) -> Option<Vec<SmolStr>> {
    let rest = comment.trim_start_matches('#').trim_start().strip_prefix("hadolint")?;
    let value = rest.trim_start().strip_prefix("shell")?.trim_start().strip_prefix('=')?;
    let words: Vec<SmolStr> = value.split_whitespace().map(SmolStr::new).collect();
    (!words.is_empty()).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shell of every `RUN`.
    fn shells(text: &str) -> Vec<String> {
        let file = Dockerfile::parse(text);
        let model = Model::new(&file);
        let shells = Shells::new(&model);
        let runs = file.instructions().filter(|it| it.keyword == Some(Keyword::Run));
        runs.map(|run| shells.at(run.id).kind.as_str().to_owned()).collect()
    }

    #[test]
    fn a_shell_instruction_counts_from_the_next_instruction_on() {
        let text = "FROM a\nRUN x\nSHELL [\"/bin/bash\", \"-c\"]\nRUN y\nFROM b\nRUN z\n";
        assert_eq!(shells(text), ["sh", "bash", "sh"]);
    }

    #[test]
    fn a_stage_inherits_the_shell_of_the_stage_it_is_built_from() {
        let text = "FROM a AS x\nSHELL [\"zsh\", \"-c\"]\nFROM b\nRUN y\nFROM X\nRUN z\n";
        assert_eq!(shells(text), ["sh", "zsh"]);
    }

    #[test]
    fn a_comment_says_what_the_base_image_has() {
        assert_eq!(shells("FROM a\n# hadolint shell=bash\nRUN x\nFROM b\nRUN y\n"), ["bash", "sh"]);
        assert_eq!(shells("# hadolint shell=pwsh\nFROM a\nRUN x\nFROM b\nRUN y\n"), ["PowerShell"; 2]);
        assert_eq!(shells("FROM a\n# hadolint ignore=DL3006\nRUN x\n"), ["sh"]);
    }

    #[test]
    fn windows_is_recognised() {
        assert_eq!(shells("ARG T\nFROM mcr.microsoft.com/windows/nanoserver:$T\nRUN x\n"), ["cmd"]);
        assert_eq!(shells("FROM --platform=windows/amd64 a\nRUN x\n"), ["cmd"]);
        assert_eq!(shells("# escape=`\nFROM a\nRUN x\nSHELL [\"powershell\"]\nRUN y"), ["cmd", "PowerShell"]);
        assert_eq!(shells("# escape=`\nFROM --platform=linux a\nRUN x\n"), ["sh"]);
    }

    #[test]
    fn pipefail_is_an_option_of_the_shell() {
        let shell = |words: &[&str]| Shell {
            words: words.iter().map(SmolStr::new).collect(),
            ..Shell::unsaid(ShellKind::Bash)
        };
        assert!(shell(&["bash", "-eo", "pipefail", "-c"]).has_pipefail());
        assert!(!shell(&["bash", "-c", "pipefail"]).has_pipefail());
    }
}
