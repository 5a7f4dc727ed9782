//! What a check of shell commands gets: the commands of one instruction, read once for all rules.

use text_size::TextRange;

use super::context::Setting;
use super::rule::Profile;
use crate::analysis::model::mount::{Mount, MountKind, mounts};
use crate::analysis::model::shell::{
    Reach, ShellCommand, ShellForm, ShellScript, ShellText, ShellWord, shell_texts,
};
use crate::analysis::syntax::ast::Instruction;

/// A shell text and what it runs.
#[derive(Debug)]
pub struct ShellPart {
    pub text: ShellText,
    pub script: ShellScript,
}

impl ShellPart {
    /// All shell texts of `instruction`; `source` is what local ranges index.
    pub(super) fn read(instruction: &Instruction, source: &str, setting: &Setting) -> Box<[ShellPart]> {
        let texts = shell_texts(instruction, source, &setting.reader);
        // hadolint reads exec form as if a shell did.
        let script = |text: &ShellText| match setting.profile {
            Profile::Hadolint => text.script_as_joined(),
            _ => text.script(),
        };
        texts.into_iter().map(|text| ShellPart { script: script(&text), text }).collect()
    }

    /// The commands of each pipeline, in the order of [`ShellScript::pipelines`].
    pub fn pipeline_members(&self, reach: Reach) -> Vec<Vec<&ShellCommand>> {
        let mut members = vec![Vec::new(); self.script.pipelines.len()];
        for command in self.script.commands_within(reach) {
            let index = command.place.pipeline.map(|(index, _)| index as usize);
            if let Some(pipeline) = index.and_then(|it| members.get_mut(it)) {
                pipeline.push(command);
            }
        }
        members
    }

    /// Whether text can be put in as a shell would read it, which strings of JSON do not allow.
    pub fn is_editable(&self) -> bool {
        self.text.form != ShellForm::Exec
    }
}

/// The shell texts of one instruction. All ranges are local to it.
pub struct ShellContext<'a> {
    /// Behind `ONBUILD`: the deferred one.
    pub instruction: &'a Instruction,
    pub setting: &'a Setting,
    pub is_deferred: bool,
    /// Its line, and heredocs a shell reads. Empty scripts for what is not understood or for another shell.
    pub parts: &'a [ShellPart],
    /// What local ranges index.
    pub(super) text: &'a str,
}

/// One command and where it was found.
#[derive(Debug, Clone, Copy)]
pub struct Called<'a> {
    pub command: &'a ShellCommand,
    pub part: &'a ShellPart,
}

impl std::ops::Deref for Called<'_> {
    type Target = ShellCommand;

    fn deref(&self) -> &ShellCommand {
        self.command
    }
}

impl<'a> ShellContext<'a> {
    /// Every command in source order. Also those behind `sudo`, `env`, `xargs`, `sh -c` or a path, which hadolint does
    /// not see and so not in its profile.
    pub fn commands(&self) -> impl Iterator<Item = Called<'a>> + use<'a> {
        let reach = if self.setting.profile == Profile::Hadolint { Reach::Direct } else { Reach::Behind };
        self.parts.iter().flat_map(move |part| {
            part.script.commands_within(reach).map(move |command| Called { command, part })
        })
    }

    /// The commands called one of `names`.
    pub fn calls(&self, names: &'static [&'static str]) -> impl Iterator<Item = Called<'a>> + use<'a> {
        self.commands().filter(move |it| it.is_any(names))
    }

    /// Whether what is written below `path` stays out of the image: a cache or tmpfs mount has it.
    pub fn is_mounted(&self, path: &str) -> bool {
        mounts(self.instruction).iter().filter(|it| is_volatile(it)).any(|mount| {
            let target = mount.target().map_or("", |it| it.as_str()).trim_end_matches('/');
            !target.is_empty()
                && (path == target || path.strip_prefix(target).is_some_and(|it| it.starts_with('/')))
        })
    }

    /// The targets of cache and tmpfs mounts.
    pub fn volatile_targets(&self) -> Vec<String> {
        let mounts = mounts(self.instruction);
        let targets = mounts.iter().filter(|it| is_volatile(it)).filter_map(Mount::target);
        targets.map(|it| it.as_str().to_owned()).collect()
    }

    /// The source at a local range.
    pub fn source(&self, range: TextRange) -> &'a str {
        self.text.get(usize::from(range.start())..usize::from(range.end())).unwrap_or_default()
    }
}

fn is_volatile(mount: &Mount) -> bool {
    matches!(mount.kind, MountKind::Cache | MountKind::Tmpfs)
}

/// The words with commas between them, as a message shows them: "`curl`, `git` and 3 more".
pub fn listed(words: &[&ShellWord]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<_> = words.iter().take(SHOWN).map(|it| format!("`{it}`", it = it.as_str())).collect();
    match words.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// From the first to the last of `words`; `None` when there are none.
pub fn covering(words: &[&ShellWord]) -> Option<TextRange> {
    words.iter().map(|it| it.range).reduce(TextRange::cover)
}
