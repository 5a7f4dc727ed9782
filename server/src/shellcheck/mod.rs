//! Runs ShellCheck on the shell texts of Dockerfiles, if it is installed; what it says comes back as findings.
//!
//! * [`program`] — which program that is. A file of a workspace never chooses it (see `config::Door`).
//! * [`run`] — one process: with a limit, ended when nobody waits for it any more.
//! * [`ShellCheck`] — many scripts in few processes. What was said about a script is kept, so only what changed is run.
//!
//! Everything here waits; call it where waiting is allowed.

pub mod program;
pub mod run;

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Deserialize;

pub use self::program::{Missing, Program};
pub use self::run::Cancel;
use self::run::{Input, Stopped};
use crate::analysis::lint::shellcheck::{EXCLUDED, Remark, Script, ShellFinding};

/// Scripts in one process. A few milliseconds each, and the limit is for all of them.
const BATCH: usize = 32;
/// How long one process may take. It reads most scripts in milliseconds, and a few never.
const LIMIT: Duration = Duration::from_secs(20);
/// Scripts whose remarks are kept.
const KEPT: usize = 20_000;

/// Knows what ShellCheck says about scripts. One for all documents.
#[derive(Debug, Default)]
pub struct ShellCheck {
    programs: Mutex<HashMap<String, Program>>,
    known: Mutex<HashMap<Key, Arc<[Remark]>>>,
}

/// All that an answer depends on: the program (with its version), and the script (which names its shell).
type Key = (PathBuf, Arc<str>, Arc<str>);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("nobody waits for it any more")]
    Cancelled,
    #[error("ShellCheck ({path}) does not work: {why}")]
    Broken { path: String, why: String },
}

impl ShellCheck {
    /// The program that the setting `shellcheck.path` names; empty: the one on `PATH`. Starts it once, for its version.
    pub fn program(&self, setting: &str) -> Result<Program, Missing> {
        let mut programs = lock(&self.programs);
        if let Some(program) = programs.get(setting) {
            return Ok(program.clone());
        }
        // One that is missing may be installed in a minute.
        let program = program::find(setting)?;
        programs.insert(setting.to_owned(), program.clone());
        Ok(program)
    }

    /// The findings in each of `scripts`, local to their instructions. Runs those that nothing is known of yet, in
    /// parallel; a script that ShellCheck cannot cope with has none.
    pub fn check(
        &self,
        program: &Program,
        scripts: &[Script],
        cancel: &Cancel,
    ) -> Result<Vec<Vec<ShellFinding>>, Failure> {
        self.prepare(program, scripts.iter().map(Script::text), cancel)?;
        let known = lock(&self.known);
        let remarks = |script: &Script| known.get(&key(program, script.text())).cloned().unwrap_or_default();
        Ok(scripts.iter().map(|script| script.findings(&remarks(script))).collect())
    }

    /// As [`ShellCheck::check`], without running anything; `None` if something is not known yet.
    pub fn known(&self, program: &Program, scripts: &[Script]) -> Option<Vec<Vec<ShellFinding>>> {
        let known = lock(&self.known);
        let findings = |script: &Script| Some(script.findings(known.get(&key(program, script.text()))?));
        scripts.iter().map(findings).collect()
    }

    /// Runs those of `texts` that nothing is known of yet.
    pub fn prepare<'a>(
        &self,
        program: &Program,
        texts: impl Iterator<Item = &'a Arc<str>>,
        cancel: &Cancel,
    ) -> Result<(), Failure> {
        let mut unknown: Vec<Arc<str>> = {
            let known = lock(&self.known);
            texts.filter(|text| !known.contains_key(&key(program, text))).cloned().collect()
        };
        unknown.sort_unstable();
        unknown.dedup();
        let workers = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let batch = unknown.len().div_ceil(workers).clamp(1, BATCH);
        let batches: Vec<&[Arc<str>]> = unknown.chunks(batch).collect();
        in_parallel(&batches, workers, |texts| self.run(program, texts, cancel))
    }

    /// Runs one process on `texts`; if that does not work, one on each.
    fn run(&self, program: &Program, texts: &[Arc<str>], cancel: &Cancel) -> Result<(), Failure> {
        if let [text] = texts {
            return self.run_one(program, text, cancel);
        }
        match run_together(program, texts, cancel) {
            Ok(all) => {
                texts.iter().zip(all).for_each(|(text, remarks)| self.keep(program, text, remarks));
                Ok(())
            }
            Err(Stopped::Cancelled) => Err(Failure::Cancelled),
            // One of them takes too long; or the program may not read our files, as when it runs in a container.
            Err(_) => texts.iter().try_for_each(|text| self.run_one(program, text, cancel)),
        }
    }

    fn run_one(&self, program: &Program, text: &Arc<str>, cancel: &Cancel) -> Result<(), Failure> {
        let mut arguments = arguments();
        arguments.push("-".to_owned());
        match run::run(&program.path, &arguments, Input::Text(text), LIMIT, cancel)
            .and_then(|it| comments(&it))
        {
            Ok(comments) => self.keep(program, text, comments.into_iter().map(|it| it.remark).collect()),
            Err(Stopped::Cancelled) => return Err(Failure::Cancelled),
            // It would take as long the next time.
            Err(Stopped::TooLong) => self.keep(program, text, Vec::new()),
            Err(Stopped::Failed(why)) => {
                return Err(Failure::Broken { path: program.path.display().to_string(), why });
            }
        }
        Ok(())
    }

    fn keep(&self, program: &Program, text: &Arc<str>, remarks: Vec<Remark>) {
        let mut known = lock(&self.known);
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(key(program, text), remarks.into());
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn key(program: &Program, text: &Arc<str>) -> Key {
    (program.path.clone(), program.version.clone(), text.clone())
}

fn arguments() -> Vec<String> {
    // Files such as `.shellcheckrc` are for scripts of their folder.
    ["--format=json1", "--norc", &format!("--exclude={EXCLUDED}")].map(str::to_owned).to_vec()
}

/// What `work` makes of all batches, by several threads; the first failure ends it.
fn in_parallel(
    batches: &[&[Arc<str>]],
    workers: usize,
    work: impl Fn(&[Arc<str>]) -> Result<(), Failure> + Sync,
) -> Result<(), Failure> {
    if let [batch] = batches {
        return work(batch);
    }
    let next = AtomicUsize::new(0);
    let failure = Mutex::new(Ok(()));
    let worker = || {
        while let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(error) = work(batch) {
                *lock(&failure) = Err(error);
                next.store(batches.len(), Ordering::Relaxed);
            }
        }
    };
    std::thread::scope(|scope| (0..workers.min(batches.len())).for_each(|_| drop(scope.spawn(worker))));
    failure.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// The remarks on each of `texts`, from one process.
fn run_together(program: &Program, texts: &[Arc<str>], cancel: &Cancel) -> Result<Vec<Vec<Remark>>, Stopped> {
    let folder = tempfile::tempdir().map_err(|error| Stopped::Failed(error.to_string()))?;
    let mut arguments = arguments();
    for (at, text) in texts.iter().enumerate() {
        let name = at.to_string();
        std::fs::write(folder.path().join(&name), text.as_bytes())
            .map_err(|error| Stopped::Failed(error.to_string()))?;
        arguments.push(name);
    }
    let output = run::run(&program.path, &arguments, Input::Folder(folder.path()), LIMIT, cancel)?;
    let mut all = vec![Vec::new(); texts.len()];
    for Comment { file, remark } in comments(&output)? {
        if let Some(remarks) = file.parse().ok().and_then(|at: usize| all.get_mut(at)) {
            remarks.push(remark);
        }
    }
    Ok(all)
}

/// The format `json1`.
#[derive(Debug, Deserialize)]
struct Answer {
    comments: Vec<Comment>,
}

#[derive(Debug, Deserialize)]
struct Comment {
    file: String,
    #[serde(flatten)]
    remark: Remark,
}

/// 0: nothing found; 1: something found; anything else: it could not do it.
fn comments(output: &run::Output) -> Result<Vec<Comment>, Stopped> {
    if !matches!(output.code, Some(0 | 1)) {
        let said = output.error.lines().next().unwrap_or_default();
        let said = if said.is_empty() { "it ends at once" } else { said };
        return Err(Stopped::Failed(said.to_owned()));
    }
    let answer = serde_json::from_slice::<Answer>(&output.text);
    Ok(answer.map_err(|_| Stopped::Failed("it does not answer in its format `json1`".to_owned()))?.comments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_read_and_what_else_stands_in_it_is_passed_over() {
        let text = r#"{"comments":[{"file":"3","line":2,"endLine":2,"column":1,"endColumn":4,"level":"info","code":2086,
            "message":"m","fix":{"replacements":[{"line":2,"endLine":2,"precedence":7,"insertionPoint":"afterEnd",
            "column":1,"replacement":"\"","endColumn":1}]}}],"new":1}"#;
        let output =
            |code, text: &str| run::Output { code, text: text.into(), error: "why\nmore".to_owned() };
        let read = comments(&output(Some(1), text)).unwrap();
        assert_eq!((read[0].file.as_str(), read[0].remark.code), ("3", 2086));
        let why = |it: Result<Vec<Comment>, Stopped>| match it {
            Err(Stopped::Failed(why)) => why,
            other => panic!("{other:?}"),
        };
        assert_eq!(why(comments(&output(Some(4), text))), "why");
        assert!(why(comments(&output(Some(0), "[]"))).contains("json1"));
    }

    #[test]
    fn all_batches_are_worked_on_and_a_failure_ends_it() {
        let text: Arc<str> = "".into();
        let texts = [text];
        let batches = vec![&texts[..]; 7];
        let done = AtomicUsize::new(0);
        in_parallel(&batches, 3, |_| {
            done.fetch_add(1, Ordering::Relaxed);
            Ok(())
        })
        .unwrap();
        assert_eq!(done.into_inner(), 7);
        assert!(in_parallel(&batches, 3, |_| Err(Failure::Cancelled)).is_err());
    }
}
