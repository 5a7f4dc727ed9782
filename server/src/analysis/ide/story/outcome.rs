//! What an image made of a stage is set up to do: the settings that count after all that was inherited and replaced.
//!
//! As BuildKit has it (`dispatchCmd`, `dispatchEntrypoint` in `dockerfile2llb`): the last instruction of a kind wins,
//! and an `ENTRYPOINT` throws away a `CMD` that was inherited.

use std::collections::HashSet;

use crate::analysis::knowledge::Keyword;
use crate::analysis::model::shell::{ShellKind, Shells};
use crate::analysis::model::{Base, Model, Stage, StageId, Variable, VariableKind};
use crate::analysis::syntax::ast::{Arguments, Command};
use crate::analysis::syntax::expansion::Word;
use crate::analysis::syntax::{InstructionId, InstructionRef};

/// Who decides a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting<T> {
    /// The base image, which is not this file's to know.
    Base,
    /// Nobody.
    None,
    Here(T),
}

impl<T> Setting<T> {
    pub fn here(&self) -> Option<&T> {
        match self {
            Setting::Here(value) => Some(value),
            _ => None,
        }
    }
}

/// A `CMD` or `ENTRYPOINT`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandLine {
    pub at: InstructionId,
    /// The words that are started, the shell's own included.
    pub words: Vec<String>,
    pub is_shell_form: bool,
}

/// The settings of an image.
#[derive(Debug, Clone)]
pub struct Outcome<'a> {
    pub entrypoint: Setting<CommandLine>,
    pub cmd: Setting<CommandLine>,
    /// The `ENTRYPOINT` that threw an inherited `CMD` away.
    pub cmd_reset_by: Option<InstructionId>,
    pub user: Setting<InstructionId>,
    /// Absolute, or relative to the base image's; `None` when that decides.
    pub workdir: Option<String>,
    pub healthcheck: Setting<InstructionId>,
    pub stop_signal: Setting<InstructionId>,
    /// In order; those of the base image are not among them.
    pub ports: Vec<(InstructionId, &'a Word)>,
    pub volumes: Vec<(InstructionId, &'a Word)>,
    /// The last of each name.
    pub environment: Vec<&'a Variable>,
    pub triggers: Vec<InstructionId>,
}

/// What a container starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// Neither `ENTRYPOINT` nor `CMD`: `docker run` must name a program.
    Nothing,
    /// As the base image says.
    Base,
    /// The base image's entrypoint with these arguments or, when it has none, this program.
    BaseEntrypointWith(CommandLine),
    /// These words; `is_cmd_lost` when a shell-form `ENTRYPOINT` swallows the `CMD`.
    Program { words: Vec<String>, is_cmd_lost: bool, is_shell_form: bool },
}

/// The settings at the end of `stage`.
pub fn outcome<'a>(model: &'a Model, shells: &Shells, stage: &Stage) -> Outcome<'a> {
    let mut lineage: Vec<&Stage> = model.lineage(stage.id).collect();
    lineage.reverse();
    let mut outcome = Outcome::of_base(lineage.first().map(|root| &root.base));
    for stage in lineage {
        outcome.add_stage(model, shells, stage);
    }
    outcome.workdir = model.workdir_of(stage);
    keep_last(&mut outcome.environment);
    outcome
}

/// Of each name, the definition that counts.
fn keep_last(variables: &mut Vec<&Variable>) {
    let mut seen = HashSet::new();
    let mut last: Vec<&Variable> =
        variables.iter().rev().filter(|it| seen.insert(&it.name)).copied().collect();
    last.reverse();
    *variables = last;
}

impl<'a> Outcome<'a> {
    fn of_base(base: Option<&Base>) -> Self {
        fn setting<T>(is_scratch: bool) -> Setting<T> {
            if is_scratch { Setting::None } else { Setting::Base }
        }
        let is_scratch = matches!(base, Some(Base::Scratch));
        Outcome {
            entrypoint: setting(is_scratch),
            cmd: setting(is_scratch),
            cmd_reset_by: None,
            user: setting(is_scratch),
            workdir: None,
            healthcheck: setting(is_scratch),
            stop_signal: setting(is_scratch),
            ports: Vec::new(),
            volumes: Vec::new(),
            environment: Vec::new(),
            triggers: Vec::new(),
        }
    }

    fn add_stage(&mut self, model: &'a Model, shells: &Shells, stage: &Stage) {
        let mut has_own_cmd = false;
        for id in stage.instructions.clone().map(InstructionId) {
            let Some(instruction) = model.file().instruction(id) else { continue };
            self.add(instruction, shells, &mut has_own_cmd);
        }
        let is_own = |it: &&Variable| it.stage == Some(stage.id) && it.kind == VariableKind::Env;
        self.environment.extend(model.variables().iter().filter(is_own));
    }

    fn add(&mut self, instruction: InstructionRef<'a>, shells: &Shells, has_own_cmd: &mut bool) {
        let id = instruction.id;
        let node: &'a crate::analysis::syntax::ast::Instruction = instruction.node;
        match (node.keyword, &node.arguments) {
            (Some(Keyword::Cmd), Arguments::Command(Some(command))) => {
                *has_own_cmd = true;
                self.cmd = Setting::Here(command_line(id, command, shells));
                self.cmd_reset_by = None;
            }
            (Some(Keyword::Entrypoint), Arguments::Command(Some(command))) => {
                self.entrypoint = Setting::Here(command_line(id, command, shells));
                if !*has_own_cmd {
                    self.cmd_reset_by = (self.cmd != Setting::None).then_some(id);
                    self.cmd = Setting::None;
                }
            }
            (Some(Keyword::User), Arguments::Single(Some(_))) => self.user = Setting::Here(id),
            (Some(Keyword::Healthcheck), Arguments::Healthcheck(Some(it))) => {
                let is_none = it.kind.as_str().eq_ignore_ascii_case("none");
                self.healthcheck = if is_none { Setting::None } else { Setting::Here(id) };
            }
            (Some(Keyword::Stopsignal), Arguments::Single(Some(_))) => self.stop_signal = Setting::Here(id),
            (Some(Keyword::Expose), Arguments::List(list)) => {
                self.ports.extend(list.items.iter().map(|it| (id, it)));
            }
            (Some(Keyword::Volume), Arguments::List(list)) => {
                self.volumes.extend(list.items.iter().map(|it| (id, it)));
            }
            (Some(Keyword::Onbuild), _) => self.triggers.push(id),
            _ => {}
        }
    }

    /// What a container starts.
    pub fn start(&self) -> Start {
        let words = |it: &Setting<CommandLine>| it.here().map(|it| it.words.clone()).unwrap_or_default();
        let entrypoint = self.entrypoint.here().filter(|it| !it.words.is_empty());
        match (entrypoint, &self.entrypoint, &self.cmd) {
            (Some(program), _, cmd) => {
                let mut all = program.words.clone();
                let cmd = words(cmd);
                if !program.is_shell_form {
                    all.extend(cmd.iter().cloned());
                }
                Start::Program {
                    words: all,
                    is_cmd_lost: program.is_shell_form && !cmd.is_empty(),
                    is_shell_form: program.is_shell_form,
                }
            }
            (None, Setting::Base, Setting::Here(cmd)) => Start::BaseEntrypointWith(cmd.clone()),
            (None, Setting::Base, _) => Start::Base,
            (None, _, Setting::Here(cmd)) if !cmd.words.is_empty() => {
                let is_shell_form = cmd.is_shell_form;
                Start::Program { words: cmd.words.clone(), is_cmd_lost: false, is_shell_form }
            }
            _ => Start::Nothing,
        }
    }
}

/// What a `CMD` or `ENTRYPOINT` says; `None` when nothing is written there.
pub fn command_line_of(instruction: InstructionRef<'_>, shells: &Shells) -> Option<CommandLine> {
    match &instruction.node.arguments {
        Arguments::Command(Some(command)) => Some(command_line(instruction.id, command, shells)),
        _ => None,
    }
}

fn command_line(at: InstructionId, command: &Command, shells: &Shells) -> CommandLine {
    match command {
        Command::Exec(exec) => {
            let words = exec.arguments.iter().map(|it| it.text.as_str().to_owned()).collect();
            CommandLine { at, words, is_shell_form: false }
        }
        Command::Shell(text) => {
            let shell = shells.at(at);
            let by_default: &[&str] = match shell.kind {
                ShellKind::Cmd => &["cmd", "/S", "/C"],
                _ => &["/bin/sh", "-c"],
            };
            let mut words: Vec<String> = match shell.words.is_empty() {
                true => by_default.iter().map(|it| (*it).to_owned()).collect(),
                false => shell.words.iter().map(|it| it.to_string()).collect(),
            };
            words.push(text.as_str().to_owned());
            CommandLine { at, words, is_shell_form: true }
        }
    }
}

/// The stages that BuildKit builds for `target`: those it is built on, takes files from or mounts, and so on.
pub fn needed_for(model: &Model, target: &Stage) -> Vec<bool> {
    let mut needed = vec![false; model.stages().len()];
    let mut named: Vec<Vec<StageId>> = vec![Vec::new(); model.stages().len()];
    for reference in model.stage_references() {
        let from = reference.stage.and_then(|it| named.get_mut(it.index()));
        if let (Some(from), Some(target)) = (from, reference.target) {
            from.push(target);
        }
    }
    let mut open = vec![target.id];
    while let Some(id) = open.pop() {
        let Some(slot) = needed.get_mut(id.index()) else { continue };
        if std::mem::replace(slot, true) {
            continue;
        }
        open.extend(named.get(id.index()).into_iter().flatten());
    }
    needed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Fixture;

    fn start(source: &str) -> Start {
        let model = Fixture::new(source).model();
        let shells = Shells::new(&model);
        outcome(&model, &shells, model.stages().last().expect("there is a stage")).start()
    }

    fn program(words: &[&str]) -> Start {
        let words = words.iter().map(|it| (*it).to_owned()).collect();
        Start::Program { words, is_cmd_lost: false, is_shell_form: false }
    }

    fn in_shell(words: &[&str], is_cmd_lost: bool) -> Start {
        let words = words.iter().map(|it| (*it).to_owned()).collect();
        Start::Program { words, is_cmd_lost, is_shell_form: true }
    }

    #[test]
    fn entrypoint_and_command_combine_as_the_reference_says() {
        // https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact
        let of = |lines: &str| start(&format!("FROM scratch\n{lines}\n"));
        assert_eq!(of(""), Start::Nothing);
        assert_eq!(of("CMD [\"c\", \"p\"]"), program(&["c", "p"]));
        assert_eq!(of("CMD c p"), in_shell(&["/bin/sh", "-c", "c p"], false));
        assert_eq!(of("ENTRYPOINT e p"), in_shell(&["/bin/sh", "-c", "e p"], false));
        assert_eq!(of("ENTRYPOINT e p\nCMD [\"c\"]"), in_shell(&["/bin/sh", "-c", "e p"], true));
        assert_eq!(of("ENTRYPOINT e p\nCMD c"), in_shell(&["/bin/sh", "-c", "e p"], true));
        assert_eq!(of("ENTRYPOINT [\"e\"]"), program(&["e"]));
        assert_eq!(of("CMD [\"c\"]\nENTRYPOINT [\"e\"]"), program(&["e", "c"]));
        assert_eq!(of("ENTRYPOINT [\"e\"]\nCMD c"), program(&["e", "/bin/sh", "-c", "c"]));
        assert_eq!(of("ENTRYPOINT []\nCMD [\"c\"]"), program(&["c"]));
        assert_eq!(of("CMD [\"a\"]\nCMD [\"b\"]"), program(&["b"]));
        assert_eq!(of("CMD []"), Start::Nothing);
    }

    #[test]
    fn a_base_image_has_its_say() {
        assert_eq!(start("FROM a"), Start::Base);
        assert!(matches!(start("FROM a\nCMD x"), Start::BaseEntrypointWith(cmd) if cmd.is_shell_form));
        assert_eq!(start("FROM a\nENTRYPOINT [\"e\"]"), program(&["e"]));
        assert_eq!(start("FROM a\nENTRYPOINT []\nCMD [\"c\"]"), program(&["c"]));
    }

    #[test]
    fn an_entrypoint_throws_an_inherited_command_away_and_keeps_its_own() {
        let source = "FROM scratch AS a\nCMD [\"c\"]\nFROM a\n";
        assert_eq!(start(source), program(&["c"]));
        assert_eq!(start(&format!("{source}ENTRYPOINT [\"e\"]")), program(&["e"]));
        assert_eq!(start(&format!("{source}ENTRYPOINT [\"e\"]\nCMD [\"d\"]")), program(&["e", "d"]));
        let inherited = "FROM scratch AS a\nENTRYPOINT [\"e\"]\nCMD [\"c\"]\nFROM a\nCMD [\"d\"]";
        assert_eq!(start(inherited), program(&["e", "d"]));
        assert_eq!(
            start("FROM scratch\nSHELL [\"/bin/bash\", \"-ec\"]\nCMD x"),
            in_shell(&["/bin/bash", "-ec", "x"], false)
        );
    }

    #[test]
    fn only_stages_that_are_asked_for_are_built() {
        let source =
            "FROM a AS x\nFROM b AS y\nFROM c AS z\nCOPY --from=y /1 /\nFROM x\nRUN --mount=from=z ls";
        let model = Fixture::new(source).model();
        assert_eq!(needed_for(&model, &model.stages()[3]), [true, true, true, true]);
        assert_eq!(needed_for(&model, &model.stages()[2]), [false, true, true, false]);
    }
}
