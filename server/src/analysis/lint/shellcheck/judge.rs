//! Which of ShellCheck's findings are shown, and how serious they are.

use std::collections::HashMap;

use text_size::TextSize;

use super::ShellFinding;
use crate::analysis::lint::cover::Cover;
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
/// `SC1` stands for all codes that begin so.
const SAID_BY_RULES: &[(&str, &[&str])] = &[
    ("argument-at-run-time", &["SC2154"]),
    ("global-argument-in-command", &["SC2153", "SC2154"]),
    ("heredoc-without-errexit", &["SC2164"]),
    // It is no script, only meant as JSON.
    ("malformed-exec-form", &["SC"]),
    ("run-without-effect", &["SC1090", "SC1091", "SC2034", "SC2164", "SC3046"]),
    ("swallowed-cmd", &["SC2215"]),
    ("swallowed-lines", &["SC1"]),
    ("unexpanded-tilde", &["SC2088"]),
    ("unfinished-command", &["SC1"]),
];

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
        let mut cover = Cover::new(&suppressions, model, &self.plan.policy);
        let mut is_shown = |it: &ShellFinding| {
            !cover.covers_code(model, it.instruction, &it.code) && !is_said(model, native, it)
        };
        let judged = found.into_iter().filter_map(|it| {
            let severity = self.plan.shellcheck.severity(&it, self.plan.profile)?;
            Some(ShellFinding { severity, ..it })
        });
        judged.filter(&mut is_shown).collect()
    }
}

/// Whether a rule of ours has a finding on the same instruction that says the same. `native` is in order.
fn is_said(model: &Model, native: &[Finding], finding: &ShellFinding) -> bool {
    let said = |rule: &str| {
        let is_it = |code: &&str| finding.code.starts_with(*code);
        SAID_BY_RULES.iter().any(|(name, codes)| *name == rule && codes.iter().any(&is_it))
    };
    let (start, end) = extent(model, finding.instruction);
    let first = native.partition_point(|it| it.range.start() < start);
    native.iter().skip(first).take_while(|it| it.range.start() <= end).any(|it| said(it.rule.name))
}

fn extent(model: &Model, id: InstructionId) -> (TextSize, TextSize) {
    let range = model.file().instruction(id).map(|it| it.absolute_range());
    range.map_or_else(Default::default, |it| (it.start(), it.end()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::lint::{Facts, check, rule_named};
    use crate::analysis::syntax::Dockerfile;

    /// What is shown of `code` in the last instruction.
    fn shown(text: &str, code: &str, severity: Severity, options: Options) -> Option<Severity> {
        let linter = Linter::new(&options).0;
        let model = Model::new(&Dockerfile::parse(text));
        let last = model.file().instructions().last()?;
        let (instruction, range) = (last.id, last.absolute_range());
        let found = ShellFinding {
            instruction,
            code: code.into(),
            severity,
            range,
            message: String::new(),
            fix: None,
        };
        let native = check(&model, &linter, &Facts::default());
        linter.judge(&model, vec![found], &native).first().map(|it| it.severity)
    }

    #[test]
    fn a_fault_that_a_rule_explains_is_not_said_twice() {
        let shown = |text, code| shown(text, code, Severity::Warning, Options::default()).is_some();
        assert!(!shown("FROM a:1\nRUN cd /x\n", "SC2164"));
        assert!(shown("FROM a:1\nRUN cd /x\nRUN cd /y; ls\n", "SC2164"));
        assert!(!shown("FROM a:1\nCMD [\"a\"] # b\n", "SC1035"));
    }

    #[test]
    fn rules_that_say_it_too_exist() {
        for (name, _) in SAID_BY_RULES {
            assert!(rule_named(name).is_some_and(|it| it.name == *name), "{name}");
        }
    }

    #[test]
    fn an_error_is_what_stops_the_build() {
        let with = |profile, code| {
            shown("FROM a:1\nRUN b\n", code, Severity::Error, Options { profile, ..Options::default() })
        };
        assert_eq!(with(Profile::Recommended, "SC1073"), Some(Severity::Error));
        assert_eq!(with(Profile::Recommended, "SC2068"), Some(Severity::Warning));
        assert_eq!(with(Profile::Hadolint, "SC2068"), Some(Severity::Error));
        assert_eq!(with(Profile::Buildkit, "SC2068"), None);
    }

    #[test]
    fn names_are_taken_with_their_tool() {
        let ignored = Options { ignore: vec!["shellcheck/sc2086".to_owned()], ..Options::default() };
        assert_eq!(shown("FROM a:1\nRUN b\n", "SC2086", Severity::Info, ignored), None);
        let hint = vec![("SC2086".to_owned(), Some(Severity::Hint))];
        let none = Options { profile: Profile::None, severity: hint, ..Options::default() };
        assert_eq!(shown("FROM a:1\nRUN b\n", "SC2086", Severity::Info, none), Some(Severity::Hint));
    }
}
