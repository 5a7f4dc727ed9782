//! Which of ShellCheck's findings are shown, and how serious they are.

use std::collections::HashMap;

use text_size::TextSize;

use super::ShellFinding;
use crate::analysis::lint::finding::Finding;
use crate::analysis::lint::options::{Linter, Options};
use crate::analysis::lint::rule::{Profile, Severity};
use crate::analysis::lint::suppress::Suppressions;
use crate::analysis::model::Model;
use crate::analysis::syntax::InstructionId;

/// What the options say about ShellCheck's codes.
#[derive(Debug, Clone, Default)]
pub struct Levels {
    /// Whether codes that nobody names are shown.
    is_on: bool,
    /// By code in upper case.
    codes: HashMap<String, Level>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Off,
    On,
    As(Severity),
}

impl Levels {
    pub fn new(options: &Options) -> Self {
        let is_on = !matches!(options.profile, Profile::None | Profile::Buildkit);
        let mut levels = Levels { is_on, codes: HashMap::new() };
        options.select.iter().for_each(|name| levels.set(name, Level::On));
        for (name, severity) in &options.severity {
            levels.set(name, severity.map_or(Level::Off, Level::As));
        }
        options.ignore.iter().for_each(|name| levels.set(name, Level::Off));
        levels
    }

    fn set(&mut self, name: &str, level: Level) {
        let code = code_of(name).to_ascii_uppercase();
        if code.starts_with("SC") {
            self.codes.insert(code, level);
        }
    }

    /// Whether ShellCheck has anything to say here.
    pub fn are_any_on(&self) -> bool {
        self.is_on || self.codes.values().any(|level| *level != Level::Off)
    }

    /// `None` if the code is switched off.
    fn severity(&self, finding: &ShellFinding, profile: Profile) -> Option<Severity> {
        match self.codes.get(finding.code.as_str()) {
            Some(Level::Off) => None,
            Some(Level::As(severity)) => Some(*severity),
            None if !self.is_on => None,
            Some(Level::On) | None => Some(own_severity(finding, profile)),
        }
    }
}

/// `shellcheck/SC2086`, `hadolint/SC2086` and `SC2086` are one name.
fn code_of(name: &str) -> &str {
    name.trim().rsplit('/').next().unwrap_or_default()
}

/// An error stops the build; of what ShellCheck calls so, that is what it cannot read (SC1000 to SC1999).
fn own_severity(finding: &ShellFinding, profile: Profile) -> Severity {
    let is_syntax = finding.code.starts_with("SC1");
    match finding.severity {
        Severity::Error if profile != Profile::Hadolint && !is_syntax => Severity::Warning,
        severity => severity,
    }
}

/// Rules of ours that say the same as codes of ShellCheck, and why it matters in a Dockerfile.
const SAID_BY_RULES: &[(&str, &[&str])] = &[];

impl Linter {
    /// Whether ShellCheck has anything to say in files of this linter.
    pub fn wants_shellcheck(&self) -> bool {
        self.plan.shellcheck.are_any_on()
    }

    /// The scripts that ShellCheck is to read.
    pub fn shellcheck_scripts(&self) -> super::Scripts {
        if self.plan.profile == Profile::Hadolint { super::Scripts::Run } else { super::Scripts::All }
    }

    /// ShellCheck's findings (absolute) as they are shown: without what is switched off by options or comments, and
    /// without what one of our findings, `native`, says already.
    pub fn judge(&self, model: &Model, found: Vec<ShellFinding>, native: &[Finding]) -> Vec<ShellFinding> {
        if found.is_empty() {
            return found;
        }
        let suppressions = Suppressions::read(model, self.plan.profile);
        let is_shown = |it: &ShellFinding| {
            !suppressions.covers_code(model, &self.plan.policy, it.instruction, &it.code)
                && !is_said(model, native, it)
        };
        let judged = found.into_iter().filter_map(|it| {
            let severity = self.plan.shellcheck.severity(&it, self.plan.profile)?;
            Some(ShellFinding { severity, ..it })
        });
        judged.filter(is_shown).collect()
    }
}

/// Whether a rule of ours has a finding on the same instruction that says the same. `native` is in order.
fn is_said(model: &Model, native: &[Finding], finding: &ShellFinding) -> bool {
    let said = |rule: &str| {
        SAID_BY_RULES.iter().any(|(name, codes)| *name == rule && codes.contains(&finding.code.as_str()))
    };
    let (start, end) = extent(model, finding.instruction);
    let first = native.partition_point(|it| it.range.start() < start);
    native.iter().skip(first).take_while(|it| it.range.start() <= end).any(|it| said(it.rule.name))
}

fn extent(model: &Model, id: InstructionId) -> (TextSize, TextSize) {
    let range = model.file().instruction(id).map(|it| it.absolute_range());
    range.map_or_else(Default::default, |it| (it.start(), it.end()))
}
