//! `dockwright check`: finds problems in Dockerfiles, and repairs them if asked.

mod fix;
mod progress;
mod run;
mod shellcheck;

use std::path::{Path, PathBuf};

use clap::Args;

use self::shellcheck::ForFile;
use super::output::Format;
use super::report::Problem;
use super::settings::{CommonArguments, RuleArguments};
use crate::analysis::lint::{Facts, LintCache, Linter};
use crate::analysis::model::Model;
use crate::analysis::syntax::Dockerfile;

pub use self::run::run;

const EXAMPLES: &str = "\
Examples:
  dockwright check                         all Dockerfiles below the current folder
  dockwright check Dockerfile api/         a file and a folder
  dockwright check --fix                   repair what can be repaired safely
  dockwright check --diff                  show what --fix would change
  dockwright check --ignore DL4000,DL4003  leave rules out, by any of their names
  dockwright check --profile buildkit      what `docker build --check` says
  dockwright check --format sarif          for code scanning (also github, gitlab, junit, json, …)
  cat Dockerfile | dockwright check -      standard input

Exit codes:
  0  nothing at or above --error-on
  1  findings
  2  wrong usage or configuration, or an unreadable file";

/// Find problems in Dockerfiles.
#[derive(Debug, Args, Clone)]
#[command(after_help = EXAMPLES)]
pub struct CheckArguments {
    /// Files, folders (walked; what git ignores is left out), or `-` for standard input.
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// How to print what is found.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    #[command(flatten)]
    rules: RuleArguments,
    /// Repair what can be repaired without changing what is built.
    #[arg(long)]
    fix: bool,
    /// Also apply repairs that you have to look at.
    #[arg(long)]
    unsafe_fixes: bool,
    /// Print what --fix would change; write nothing.
    #[arg(long)]
    diff: bool,
    /// What standard input is called, and the folder whose configuration counts.
    #[arg(long, value_name = "PATH", default_value = "<stdin>", hide_default_value = true)]
    stdin_filename: String,
    #[command(flatten)]
    common: CommonArguments,
}

/// Checks texts of one file.
pub struct Lint<'a> {
    linter: &'a Linter,
    facts: Facts,
    shellcheck: Option<ForFile<'a>>,
}

impl Lint<'_> {
    fn problems(&self, text: &str) -> Vec<Problem> {
        let model = Model::new(&Dockerfile::parse(text));
        let findings = self.linter.check(&model, &self.facts, &mut LintCache::default());
        let mut problems: Vec<Problem> = findings.iter().map(Problem::from).collect();
        if let Some(shellcheck) = &self.shellcheck {
            problems.extend(shellcheck.problems(self.linter, &model, &findings));
            problems.sort_by_key(|it| (it.range.start(), it.range.end()));
        }
        problems
    }
}

/// Larger ignore files (bytes) are not read.
const LARGEST_IGNORE_FILE: u64 = 1 << 20;

/// What lies around a Dockerfile. Its folder is taken for the build context.
pub(in crate::cli) fn facts(path: &Path) -> Facts {
    let mut own = path.as_os_str().to_owned();
    own.push(".dockerignore");
    let files = [PathBuf::from(own), path.with_file_name(".dockerignore")];
    let is_small =
        |path: &PathBuf| path.metadata().is_ok_and(|it| it.is_file() && it.len() <= LARGEST_IGNORE_FILE);
    let text = files.iter().filter(|path| is_small(path)).find_map(|path| std::fs::read(path).ok());
    text.map(|bytes| Facts::with_ignore_file(&String::from_utf8_lossy(&bytes))).unwrap_or_default()
}
