//! What an instruction's tokens depend on beside its own text.

use std::collections::HashMap;

use smol_str::SmolStr;

use crate::analysis::knowledge::Keyword;
use crate::analysis::syntax::ast::{Arguments, Command, From};
use crate::analysis::syntax::{Dockerfile, Instruction};

/// Two instructions with equal text and equal context have equal tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// Its shell text is for a shell of the POSIX family, as far as the file tells.
    pub is_posix: bool,
    /// What it is built or copied from is the name of a stage above it.
    pub names_stage: bool,
}

/// The context of every instruction of `file`, in order.
pub fn contexts(file: &Dockerfile) -> Vec<Context> {
    let mut reader = Reader { is_posix: true, base_is_posix: true, stage: None, stages: HashMap::new() };
    if file.escape() == '`' {
        (reader.is_posix, reader.base_is_posix) = (false, false);
    }
    file.instructions().map(|it| reader.next(it.node)).collect()
}

struct Reader {
    is_posix: bool,
    /// What a stage from an image begins with.
    base_is_posix: bool,
    stage: Option<SmolStr>,
    /// Whether each named stage ends in a shell of the POSIX family.
    stages: HashMap<SmolStr, bool>,
}

impl Reader {
    fn next(&mut self, it: &Instruction) -> Context {
        let mut names_stage = false;
        match &it.arguments {
            Arguments::From(from) => names_stage = self.enter(it, from),
            Arguments::Command(Some(command)) if it.keyword == Some(Keyword::Shell) => {
                self.set_shell(command)
            }
            _ => {}
        }
        let from_flag = it.flags.iter().find(|flag| flag.name.as_str() == "from");
        let source = from_flag.and_then(|flag| flag.value.as_ref());
        names_stage |= source.is_some_and(|name| self.stages.contains_key(&lower(name.raw())));
        Context { is_posix: self.is_posix, names_stage }
    }

    /// True when the base is a stage.
    fn enter(&mut self, it: &Instruction, from: &From) -> bool {
        if let Some(stage) = self.stage.take() {
            self.stages.insert(stage, self.is_posix);
        }
        let image = lower(from.image.as_ref().map_or("", |word| word.raw()));
        let base = self.stages.get(&image).copied();
        self.is_posix = base.unwrap_or(self.base_is_posix && !is_windows(it, &image));
        self.stage = from.name.as_ref().map(|name| lower(name.as_str()));
        base.is_some()
    }

    fn set_shell(&mut self, command: &Command) {
        let Command::Exec(exec) = command else { return };
        let Some(program) = exec.arguments.first() else { return };
        let program = program.text.as_str().rsplit(['/', '\\']).next().unwrap_or_default();
        self.is_posix = POSIX_SHELLS.contains(&program);
    }
}

pub const POSIX_SHELLS: &[&str] = &["sh", "bash", "ash", "dash", "zsh", "ksh", "mksh", "busybox", "env"];

fn is_windows(it: &Instruction, image: &str) -> bool {
    let platform = it.flag("platform").and_then(|flag| flag.value.as_ref());
    ["windows", "nanoserver", "servercore"].iter().any(|name| image.contains(name))
        || platform.is_some_and(|word| word.raw().starts_with("windows"))
}

fn lower(name: &str) -> SmolStr {
    name.to_ascii_lowercase().into()
}
