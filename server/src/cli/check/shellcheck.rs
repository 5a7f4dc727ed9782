//! ShellCheck for all files of one run.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::analysis::lint::shellcheck::{ShellFinding, scripts};
use crate::analysis::lint::{Finding, Linter};
use crate::analysis::model::Model;
use crate::analysis::syntax::Dockerfile;
use crate::cli::report::Problem;
use crate::cli::settings::FileSettings;
use crate::shellcheck::{Cancel, Failure, Missing, Program, ShellCheck};

/// ShellCheck, as far as the settings allow it and it is installed.
#[derive(Debug, Default)]
pub struct Bridge {
    checker: ShellCheck,
    /// By the setting that names it.
    programs: Mutex<HashMap<String, Option<Program>>>,
    notes: Mutex<BTreeSet<Note>>,
}

/// A sentence for the person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// Nothing is wrong.
    pub is_usual: bool,
    pub sentence: String,
}

/// ShellCheck for one file.
pub struct ForFile<'a> {
    bridge: &'a Bridge,
    program: Program,
}

/// A script that is to be read, and by which program.
pub struct ToRead {
    program: Program,
    text: Arc<str>,
}

impl Bridge {
    /// `None` where it is switched off or missing.
    pub fn for_file(&self, file: &FileSettings) -> Option<ForFile<'_>> {
        let settings = &file.settings;
        let is_wanted = settings.shellcheck.enable && settings.trusted && file.linter.wants_shellcheck();
        let program = is_wanted.then(|| self.program(&settings.shellcheck.path)).flatten()?;
        Some(ForFile { bridge: self, program })
    }

    fn program(&self, setting: &str) -> Option<Program> {
        let mut programs = lock(&self.programs);
        if let Some(known) = programs.get(setting) {
            return known.clone();
        }
        let found = self.checker.program(setting);
        if let Err(missing) = &found {
            self.note(*missing == Missing::NotInstalled, missing.to_string());
        }
        programs.insert(setting.to_owned(), found.clone().ok());
        found.ok()
    }

    /// Reads many scripts at once, so that they are known when each file is looked at.
    pub fn prepare(&self, all: Vec<ToRead>) {
        let mut by_program: HashMap<Program, Vec<Arc<str>>> = HashMap::new();
        for ToRead { program, text } in all {
            by_program.entry(program).or_default().push(text);
        }
        for (program, texts) in by_program {
            if let Err(failure) = self.checker.prepare(&program, texts.iter(), &Cancel::default()) {
                self.give_up(failure);
            }
        }
    }

    /// What does not work will not work for the next file either.
    fn give_up(&self, failure: Failure) {
        self.note(false, failure.to_string());
        lock(&self.programs).values_mut().for_each(|program| *program = None);
    }

    fn note(&self, is_usual: bool, sentence: String) {
        lock(&self.notes).insert(Note { is_usual, sentence });
    }

    /// What there is to say about it, each once.
    pub fn notes(&self) -> Vec<Note> {
        lock(&self.notes).iter().cloned().collect()
    }
}

impl ForFile<'_> {
    /// The scripts in a file.
    pub fn scripts(&self, linter: &Linter, text: &str) -> Vec<ToRead> {
        let model = Model::new(&Dockerfile::parse(text));
        let scripts = scripts(&model, linter.shellcheck_scripts());
        let to_read = |text: &Arc<str>| ToRead { program: self.program.clone(), text: text.clone() };
        scripts.iter().map(|script| to_read(script.text())).collect()
    }

    /// What ShellCheck finds in the file; `native` is what our rules found.
    pub fn problems(&self, linter: &Linter, model: &Model, native: &[Finding]) -> Vec<Problem> {
        let scripts = scripts(model, linter.shellcheck_scripts());
        match self.bridge.checker.check(&self.program, &scripts, &Cancel::default()) {
            Ok(found) => {
                let found = found.into_iter().flatten().filter_map(|it| absolute(model, &it)).collect();
                linter.judge(model, found, native).into_iter().map(Problem::from).collect()
            }
            Err(failure) => {
                self.bridge.give_up(failure);
                Vec::new()
            }
        }
    }
}

fn absolute(model: &Model, finding: &ShellFinding) -> Option<ShellFinding> {
    let instruction = model.file().instruction(finding.instruction)?;
    Some(finding.at(instruction.id, instruction.start))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
