//! Comments that switch rules off, in every notation people already use.
//!
//! | notation | for |
//! |-|-|
//! | `# check=skip=A,B;error=true;experimental=X` at the top | the file; BuildKit's checks only |
//! | `# check=skip=A` elsewhere | the next instruction; BuildKit's checks only |
//! | `# hadolint ignore=A,B # why` | the next instruction |
//! | `# hadolint global ignore=A`, `# hadolint stage ignore=A` | the file, the stage |
//! | `# dockerfile-utils: ignore` | the next instruction, all rules |
//! | `# tally ignore=A;reason=…`, `# tally global ignore=A` | the next instruction, the file |
//! | `# dockwright: ignore[a, b] why` | the next instruction |
//! | `# dockwright: ignore-file[a, b] why` | the file |

use std::collections::HashMap;

use text_size::{TextRange, TextSize};

use super::context::ModelContext;
use super::cover::Cover;
use super::finding::Finding;
use super::names::RuleName;
use super::options::{Active, Plan};
use super::report::Report;
use super::rule::{Profile, Rule, Severity};
use crate::analysis::knowledge::{CHECKS, check_named, did_you_mean};
use crate::analysis::model::Model;
use crate::analysis::syntax::InstructionId;
use crate::analysis::syntax::directive::DirectiveName;
use crate::analysis::text::TextEdit;

/// All suppressions of one file.
#[derive(Debug, Default)]
pub struct Suppressions {
    profile: Profile,
    list: Vec<Suppression>,
    malformed: Vec<Malformed>,
    experimental: Vec<Name>,
    /// `# check=error=true`: BuildKit's checks stop the build.
    pub is_error: bool,
}

/// One comment that switches rules off.
#[derive(Debug)]
pub struct Suppression {
    /// The comment, absolute.
    pub range: TextRange,
    pub notation: Notation,
    pub scope: Scope,
    pub names: Vec<Name>,
}

/// Whose notation it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// `# check=`: names in exactly BuildKit's case, and errors cannot be skipped.
    Buildkit,
    Hadolint,
    DockerfileUtils,
    Tally,
    Dockwright,
}

/// What a suppression covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    File,
    /// The instruction behind the comment.
    Instruction(InstructionId),
    /// The instructions of a stage.
    Stage(InstructionId, InstructionId),
    /// Nothing follows the comment.
    Nothing,
}

/// One name in a suppression.
#[derive(Debug, Clone)]
pub struct Name {
    /// Absolute.
    pub range: TextRange,
    pub meaning: Meaning,
}

/// What a name in a suppression means.
#[derive(Debug, Clone, PartialEq)]
pub enum Meaning {
    All,
    Rules(RuleName),
}

/// A comment that was meant as one and is none.
#[derive(Debug)]
struct Malformed {
    range: TextRange,
    message: &'static str,
}

impl Suppressions {
    /// Reads the comments of the file.
    ///
    /// Profiles `buildkit` and `hadolint` say what these tools say, so they follow only the comments these tools read,
    /// and our own.
    pub fn read(model: &Model, profile: Profile) -> Self {
        let mut suppressions = Suppressions { profile, ..Suppressions::default() };
        suppressions.read_directive(model);
        let directives = &model.file().directives().list;
        for &comment in model.file().comments() {
            if !directives.iter().any(|it| it.range.start() == comment.start()) {
                suppressions.read_comment(model, comment);
            }
        }
        for instruction in model.file().instructions().filter(|it| !it.node.comments.is_empty()) {
            for &comment in &instruction.node.comments {
                suppressions.read_inner_comment(model, instruction.absolute(comment));
            }
        }
        suppressions
    }

    /// Between the lines of an instruction no tool looks for them.
    fn read_inner_comment(&mut self, model: &Model, comment: TextRange) {
        let mut inner = Suppressions { profile: self.profile, ..Suppressions::default() };
        inner.read_comment(model, comment);
        if inner.list.iter().any(|it| it.notation != Notation::Buildkit) {
            let message = "inside of an instruction this has no effect: write it above the instruction";
            self.malformed.push(Malformed { range: comment, message });
        }
    }

    /// The comments that switch rules off, in order.
    pub fn list(&self) -> &[Suppression] {
        &self.list
    }

    /// Whether `# check=experimental=` at the top asks for `rule`.
    pub(super) fn wants_experimental(&self, rule: &Rule) -> bool {
        self.experimental.iter().any(|name| name.covers(rule, Notation::Buildkit))
    }

    fn read_directive(&mut self, model: &Model) {
        let Some(directive) = model.file().directives().get(DirectiveName::Check) else { return };
        let Ok(options) = check_options(&directive.value, directive.value_range.start()) else { return };
        self.is_error = options.is_error;
        self.experimental = options.experimental;
        self.add(directive.range, Notation::Buildkit, Scope::File, options.skip);
    }

    fn read_comment(&mut self, model: &Model, comment: TextRange) {
        let line = model.file().slice(comment);
        let text = line.trim_start_matches('#').trim_start();
        // Most comments are for people.
        let is_candidate = ["check", "hadolint", "dockerfile-utils", "tally", "dockwright"];
        if !is_candidate.iter().any(|word| text.starts_with(word)) {
            return;
        }
        let at = comment.end() - TextSize::of(text);
        match read(text, at) {
            Some(Ok(read)) => {
                let scope = read.reach.scope(model, comment);
                self.add(comment, read.notation, scope, read.names);
            }
            Some(Err(message)) => self.malformed.push(Malformed { range: comment, message }),
            None => {}
        }
    }

    fn add(&mut self, range: TextRange, notation: Notation, scope: Scope, names: Vec<Name>) {
        let is_read = match self.profile {
            Profile::Buildkit => matches!(notation, Notation::Buildkit | Notation::Dockwright),
            Profile::Hadolint => matches!(notation, Notation::Hadolint | Notation::Dockwright),
            Profile::Recommended | Profile::All | Profile::None => true,
        };
        if is_read && !names.is_empty() {
            self.list.push(Suppression { range, notation, scope, names });
        }
    }

    /// Takes out what is switched off, and reports suppressions that are wrong or do nothing.
    pub(super) fn apply(&self, plan: &Plan, cx: &ModelContext<'_>, findings: &mut Vec<Finding>) {
        let mut cover = Cover::new(self, cx.model, cx.policy);
        if !cover.is_empty() {
            findings.retain(|finding| !cover.covers(cx.model, finding));
        }
        if self.is_error {
            let is_check =
                |it: &&mut Finding| it.rule.buildkit_name().is_some() && it.severity >= Severity::Info;
            findings.iter_mut().filter(is_check).for_each(|finding| finding.severity = Severity::Error);
        }
        for active in &plan.suppression {
            let mut report = self.reporter(active, findings);
            match active.rule.name {
                "malformed-suppression" => self.report_malformed(&mut report),
                "unknown-rule-in-suppression" => self.report_unknown(&mut report),
                "unused-suppression" => self.report_unused(plan, cx, &cover, &mut report),
                _ => {}
            }
        }
    }

    fn reporter<'a>(&self, active: &Active<()>, findings: &'a mut Vec<Finding>) -> Report<'a> {
        let Active { rule, severity, is_fixed, .. } = *active;
        Report { rule, severity, is_fixed, is_deferred: false, findings }
    }

    fn report_malformed(&self, report: &mut Report<'_>) {
        for malformed in &self.malformed {
            report.at(malformed.range, malformed.message);
        }
    }

    fn report_unknown(&self, report: &mut Report<'_>) {
        for suppression in &self.list {
            for name in &suppression.names {
                if let Meaning::Rules(RuleName::Unknown { suggestion }) = &name.meaning {
                    unknown(suppression, name, *suggestion, report);
                }
            }
        }
    }

    fn report_unused(&self, plan: &Plan, cx: &ModelContext<'_>, cover: &Cover, report: &mut Report<'_>) {
        let mut known = HashMap::new();
        for suppression in &self.list {
            let mut is_idle = |name: &&Name| {
                !cover.is_used(cx.model, suppression, name) && name.could_be_used(plan, &mut known)
            };
            let idle: Vec<&Name> = suppression.names.iter().filter(&mut is_idle).collect();
            for name in &idle {
                let text = cx.source(name.range);
                let draft = report
                    .at(name.range, format!("`{text}` finds nothing here: the suppression is not needed"));
                if suppression.names.len() == 1 {
                    let line = TextEdit::delete(cx.with_line_break(suppression.range));
                    draft.safe_fix("Remove the comment", vec![line]);
                } else if let Some(range) = suppression.without(name).filter(|_| idle.len() == 1) {
                    draft.safe_fix(format!("Remove `{text}`"), vec![TextEdit::delete(range)]);
                }
            }
        }
    }
}

impl Suppression {
    /// What to delete to be rid of one of several names.
    fn without(&self, name: &Name) -> Option<TextRange> {
        let at = self.names.iter().position(|it| it.range == name.range)?;
        match at.checked_sub(1).and_then(|before| self.names.get(before)) {
            Some(before) => Some(TextRange::new(before.range.end(), name.range.end())),
            None => Some(TextRange::new(name.range.start(), self.names.get(1)?.range.start())),
        }
    }
}

fn unknown(
    suppression: &Suppression,
    name: &Name,
    suggestion: Option<&'static str>,
    report: &mut Report<'_>,
) {
    let message = match (suppression.notation, suggestion) {
        (Notation::Buildkit, Some(meant)) => {
            format!("BuildKit has no check of this name (case matters); did you mean `{meant}`?")
        }
        (Notation::Buildkit, None) => "BuildKit has no check of this name".to_owned(),
        (_, Some(meant)) => format!("there is no rule of this name; did you mean `{meant}`?"),
        (_, None) => "there is no rule of this name".to_owned(),
    };
    let draft = report.at(name.range, message);
    if let Some(meant) = suggestion {
        draft.unsafe_fix(format!("Write `{meant}`"), vec![TextEdit::new(name.range, meant)]);
    }
}

impl Name {
    fn covers(&self, rule: &Rule, notation: Notation) -> bool {
        match &self.meaning {
            Meaning::All if notation == Notation::Buildkit => rule.buildkit_name().is_some(),
            Meaning::All => true,
            Meaning::Rules(RuleName::Known(rules)) => rules.contains(&rule),
            Meaning::Rules(_) => false,
        }
    }

    /// Whether it would have found something if there were something: the rules run, and need nothing from outside.
    /// `known`: what was asked of the plan before.
    fn could_be_used(&self, plan: &Plan, known: &mut HashMap<&'static str, bool>) -> bool {
        match &self.meaning {
            Meaning::Rules(RuleName::Known(rules)) => rules.iter().all(|rule| {
                let runs = || plan.runs(rule) && !NEEDS_MORE.contains(&rule.name);
                *known.entry(rule.name).or_insert_with(runs)
            }),
            _ => false,
        }
    }
}

/// The build, or hadolint under the same name, may find more of these than we do here.
const NEEDS_MORE: [&str; 24] = [
    "add-of-plain-files",
    "apk-cache-left-behind",
    "apt-get-without-yes",
    "apt-lists-left-behind",
    "constant-platform",
    "copy-of-ignored-file",
    "copy-without-final-slash",
    "dnf-cache-left-behind",
    "dnf-without-yes",
    "pip-cache-left-behind",
    "pipe-without-pipefail",
    "relative-copy-destination",
    "relative-workdir",
    "replaced-bin-sh",
    "root-user",
    "secret-in-arg-or-env",
    "shell-form-command",
    "sudo-in-run",
    "undefined-variable",
    "unknown-stage",
    "useless-command",
    "yarn-cache-left-behind",
    "yum-cache-left-behind",
    "zypper-cache-left-behind",
];

/// The instruction at `offset`; for a comment the one behind it.
pub(super) fn owner(model: &Model, offset: TextSize) -> Option<InstructionId> {
    match model.file().instruction_at(offset) {
        Some(instruction) => Some(instruction.id),
        None => next_instruction(model, offset),
    }
}

fn next_instruction(model: &Model, offset: TextSize) -> Option<InstructionId> {
    let file = model.file();
    // Instructions are in order, so this is a search by halves.
    let (mut low, mut high) = (0, file.len());
    while low < high {
        let middle = (low + high) / 2;
        let starts_before =
            file.instruction(InstructionId(middle as u32)).is_some_and(|it| it.start < offset);
        if starts_before { low = middle + 1 } else { high = middle }
    }
    (low < file.len()).then_some(InstructionId(low as u32))
}

/// How far a comment reaches, before it is known where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    File,
    Stage,
    Instruction,
}

impl Reach {
    fn scope(self, model: &Model, comment: TextRange) -> Scope {
        let next = next_instruction(model, comment.end());
        match (self, next) {
            (Reach::File, _) => Scope::File,
            (Reach::Instruction, Some(next)) => Scope::Instruction(next),
            (Reach::Stage, Some(next)) => match model.stage_of(next) {
                Some(stage) => Scope::Stage(
                    InstructionId(stage.instructions.start),
                    InstructionId(stage.instructions.end),
                ),
                None => Scope::Nothing,
            },
            (_, None) => Scope::Nothing,
        }
    }
}

struct Read {
    notation: Notation,
    reach: Reach,
    names: Vec<Name>,
}

/// Reads a comment without its `#`; `at` is the offset of its first character. `None`: an ordinary comment.
fn read(text: &str, at: TextSize) -> Option<Result<Read, &'static str>> {
    if let Some(rest) = text.strip_prefix("hadolint") {
        return read_pragma(rest, text, at, Notation::Hadolint);
    }
    if let Some(rest) = text.strip_prefix("tally") {
        return read_pragma(rest, text, at, Notation::Tally);
    }
    if let Some(rest) = text.strip_prefix("dockerfile-utils") {
        return read_dockerfile_utils(rest, at);
    }
    if let Some(rest) = text.strip_prefix("dockwright") {
        return read_dockwright(rest, text, at);
    }
    read_check(text.strip_prefix("check")?, text, at)
}

/// `[global|stage] ignore=A,B`; `rest` is what follows the tool's name.
fn read_pragma(
    rest: &str,
    text: &str,
    at: TextSize,
    notation: Notation,
) -> Option<Result<Read, &'static str>> {
    let malformed = match notation {
        Notation::Tally => "write it like `# tally ignore=RULE;reason=why`",
        _ => "write it like `# hadolint ignore=DL3008,DL3015`",
    };
    // `# hadolint is great`, `# hadolint-action`.
    let looks_like_one = rest.contains("ignore") && rest.starts_with([' ', '\t', ':', ',']);
    let words = rest.trim_start_matches([' ', '\t']);
    let (reach, words) = match words.split_once([' ', '\t']) {
        Some(("global", rest)) => (Reach::File, rest.trim_start()),
        Some(("stage", rest)) if notation == Notation::Hadolint => (Reach::Stage, rest.trim_start()),
        _ => (Reach::Instruction, words),
    };
    let list = words.strip_prefix("ignore").map(str::trim_start).and_then(|rest| rest.strip_prefix('='));
    let Some(list) = list.filter(|_| rest.starts_with([' ', '\t'])) else {
        return looks_like_one.then_some(Err(malformed));
    };
    let names = names(list, at + TextSize::from((text.len() - list.len()) as u32));
    let last = names.last().map_or(TextSize::from(0), |(_, range)| range.end() - at);
    let behind = text.get(usize::from(last)..).unwrap_or_default().trim_start();
    if notation == Notation::Hadolint && !names.is_empty() && !behind.is_empty() && !behind.starts_with('#') {
        return Some(Err("hadolint passes over this comment: write the reason behind a second `#`"));
    }
    let names: Vec<_> = names.into_iter().map(|(name, range)| any_name(name, range)).collect();
    Some(if names.is_empty() { Err(malformed) } else { Ok(Read { notation, reach, names }) })
}

fn read_dockerfile_utils(rest: &str, at: TextSize) -> Option<Result<Read, &'static str>> {
    let order = rest.strip_prefix(':')?.trim();
    if order != "ignore" {
        return Some(Err("write it like `# dockerfile-utils: ignore`"));
    }
    let range = TextRange::at(at, TextSize::of("dockerfile-utils"));
    let names = vec![Name { range, meaning: Meaning::All }];
    Some(Ok(Read { notation: Notation::DockerfileUtils, reach: Reach::Instruction, names }))
}

/// `: ignore[a, b] why`.
fn read_dockwright(rest: &str, text: &str, at: TextSize) -> Option<Result<Read, &'static str>> {
    let Some(order) = rest.strip_prefix(':').map(str::trim_start) else {
        // `# dockwright is great` is none.
        return rest.trim_start().starts_with("ignore").then_some(Err(DOCKWRIGHT));
    };
    let (reach, verb) = match order.strip_prefix("ignore-file[") {
        Some(_) => (Reach::File, "ignore-file["),
        None => (Reach::Instruction, "ignore["),
    };
    let list = order.strip_prefix(verb).and_then(|list| list.split_once(']'));
    let Some((list, _)) = list else { return Some(Err(DOCKWRIGHT)) };
    let start = text.len() - order.len() + verb.len();
    let names = names(list, at + TextSize::from(start as u32));
    let names: Vec<_> = names.into_iter().map(|(name, range)| any_name(name, range)).collect();
    let read = Read { notation: Notation::Dockwright, reach, names };
    Some(if read.names.is_empty() { Err(DOCKWRIGHT) } else { Ok(read) })
}

const DOCKWRIGHT: &str = "write it like `# dockwright: ignore[rule, rule] reason`";

/// `check=…` that is not at the top.
fn read_check(rest: &str, text: &str, at: TextSize) -> Option<Result<Read, &'static str>> {
    let value = rest.trim_start().strip_prefix('=')?.trim_start();
    let start = at + TextSize::from((text.len() - value.len()) as u32);
    Some(match check_options(value, start) {
        Ok(options) => {
            Ok(Read { notation: Notation::Buildkit, reach: Reach::Instruction, names: options.skip })
        }
        Err(_) => Err("write it like `# check=skip=JSONArgsRecommended`"),
    })
}

/// What `# check=` says.
#[derive(Debug, Default)]
pub(super) struct CheckOptions {
    pub skip: Vec<Name>,
    pub experimental: Vec<Name>,
    pub is_error: bool,
}

/// An option of `# check=` that BuildKit refuses.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CheckFault {
    pub range: TextRange,
    pub message: String,
    /// The option that was meant.
    pub meant: Option<(TextRange, &'static str)>,
}

/// Reads the value of `# check=` as BuildKit does (`linter.ParseLintOptions`): up to the first blank, at most three
/// parts. `at` is the offset of the value.
pub(super) fn check_options(value: &str, at: TextSize) -> Result<CheckOptions, CheckFault> {
    let value = value.split(' ').next().unwrap_or_default();
    let mut options = CheckOptions::default();
    let mut start = 0;
    for part in value.splitn(3, ';').filter(|_| !value.is_empty()) {
        let range = |from: usize, len: usize| {
            TextRange::at(at + TextSize::from((start + from) as u32), TextSize::from(len as u32))
        };
        let whole = range(0, part.len());
        let Some((key, list)) = part.split_once('=') else {
            return Err(check_fault(whole, part, whole));
        };
        let base = at + TextSize::from((start + key.len() + 1) as u32);
        match key.trim() {
            "skip" => options.skip = check_names(list, base),
            "experimental" => options.experimental = check_names(list, base),
            "error" => match parse_bool(list.trim()) {
                Some(is_error) => options.is_error = is_error,
                None => {
                    let message = format!("`{}` is neither `true` nor `false`", list.trim());
                    return Err(CheckFault { range: range(key.len() + 1, list.len()), message, meant: None });
                }
            },
            other => return Err(check_fault(whole, other, range(0, key.len()))),
        }
        start += part.len() + 1;
    }
    Ok(options)
}

fn check_fault(range: TextRange, written: &str, key: TextRange) -> CheckFault {
    let meant = did_you_mean(written, ["skip", "error", "experimental"]);
    let message = match meant {
        Some(meant) if meant == written => {
            format!("after `{written}` a value is missing: write `{written}=…`")
        }
        Some(meant) => format!("`# check=` has no option `{written}`; did you mean `{meant}`?"),
        None => {
            format!("`# check=` has no option `{written}`: there are `skip=`, `error=` and `experimental=`")
        }
    };
    let meant = meant.filter(|meant| *meant != written).map(|meant| (key, meant));
    CheckFault { range, message, meant }
}

/// Go's `strconv.ParseBool`.
fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

fn check_names(list: &str, at: TextSize) -> Vec<Name> {
    names(list, at).into_iter().map(|(name, range)| buildkit_name(name, range)).collect()
}

/// The names of a list separated by commas, up to the first that something else follows.
fn names(list: &str, at: TextSize) -> Vec<(&str, TextRange)> {
    let mut names = Vec::new();
    let mut start = 0;
    for piece in list.split(',') {
        let name = piece.trim_start();
        let from = start + piece.len() - name.len();
        let len = name.find([' ', '\t', '#', ';']).unwrap_or(name.len());
        let (name, rest) = name.split_at(len);
        if !name.is_empty() {
            names.push((name, TextRange::at(at + TextSize::from(from as u32), TextSize::of(name))));
        }
        start += piece.len() + 1;
        if !rest.trim().is_empty() {
            break;
        }
    }
    names
}

/// In exactly BuildKit's case, as it compares.
fn buildkit_name(name: &str, range: TextRange) -> Name {
    let known = check_named(name).map(|_| RuleName::resolve(name));
    let meaning = match (name, known) {
        ("all", _) => Meaning::All,
        (_, Some(known)) => Meaning::Rules(known),
        _ => Meaning::Rules(RuleName::Unknown { suggestion: meant_check(name) }),
    };
    Name { range, meaning }
}

fn meant_check(name: &str) -> Option<&'static str> {
    let by_other_name = super::rule_named(name).and_then(Rule::buildkit_name);
    by_other_name.or_else(|| did_you_mean(name, CHECKS.iter().map(|it| it.name)))
}

fn any_name(name: &str, range: TextRange) -> Name {
    let is_all = name == "all" || name == "*";
    let meaning = if is_all { Meaning::All } else { Meaning::Rules(RuleName::resolve(name)) };
    Name { range, meaning }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::lint::{Facts, Linter, Options, Policy, check};
    use crate::analysis::syntax::Dockerfile;

    /// Names of the rules with findings, in order.
    fn rules(text: &str) -> Vec<&'static str> {
        let found = check(&Model::new(&Dockerfile::parse(text)), &Linter::default(), &Facts::default());
        found.iter().map(|it| it.rule.name).collect()
    }

    #[test]
    fn every_notation_silences_the_next_instruction() {
        for comment in [
            "# hadolint ignore=DL4000 # we keep it",
            "#hadolint ignore = DL3000, DL4000",
            "# dockerfile-utils: ignore",
            "# tally ignore=buildkit/MaintainerDeprecated;reason=old",
            "# dockwright: ignore[deprecated-maintainer] it stays",
            "# check=skip=MaintainerDeprecated",
            "# hadolint global ignore=DL4000",
            "# dockwright: ignore-file[DL4000]",
            "# hadolint stage ignore=DL4000",
        ] {
            let text = format!("FROM scratch\n{comment}\nMAINTAINER x\n");
            let found = rules(&text);
            assert!(!found.contains(&"deprecated-maintainer"), "{comment}: {found:?}");
        }
    }

    #[test]
    fn only_the_next_instruction_is_silenced() {
        let text = "FROM scratch\n# dockwright: ignore[deprecated-maintainer]\nMAINTAINER x\nMAINTAINER y\n";
        assert_eq!(rules(text), ["deprecated-maintainer"]);
    }

    #[test]
    fn a_policy_can_ignore_comments_but_not_what_the_build_reads() {
        let rules = |comment: &str| {
            let policy = Policy { comments_are_ignored: true, ..Policy::default() };
            let linter = Linter::new(&Options { policy, ..Options::default() }).0;
            let text = format!("{comment}\nFROM scratch\nMAINTAINER x\n");
            let found = check(&Model::new(&Dockerfile::parse(text.as_str())), &linter, &Facts::default());
            found.iter().filter(|it| it.rule.name == "deprecated-maintainer").count()
        };
        assert_eq!(rules("# hadolint global ignore=DL4000"), 1);
        assert_eq!(rules("# check=skip=MaintainerDeprecated"), 0);
    }

    #[test]
    fn the_directive_holds_for_the_file() {
        assert_eq!(rules("# check=skip=MaintainerDeprecated\nFROM scratch\nMAINTAINER x\n"), [""; 0]);
        assert_eq!(rules("# check=skip=all\nFROM scratch as b\nMAINTAINER x\nUSER\n"), ["missing-argument"]);
    }

    #[test]
    fn the_directive_makes_checks_errors() {
        let model = Model::new(&Dockerfile::parse("# check=error=true\nFROM scratch\nMAINTAINER x\n"));
        let found = check(&model, &Linter::default(), &Facts::default());
        assert_eq!(found[0].severity, Severity::Error);
    }

    #[test]
    fn experimental_checks_run_when_the_file_asks() {
        let rest = "FROM scratch\n# x\nARG y\nRUN z\n";
        assert_eq!(rules(rest), [""; 0]);
        for value in ["all", "InvalidDefinitionDescription"] {
            assert_eq!(rules(&format!("# check=experimental={value}\n{rest}")), ["malformed-description"]);
        }
    }

    #[test]
    fn ordinary_comments_are_left_alone() {
        assert_eq!(
            rules("# hadolint is great\n# check this\n# tally: 3\n# dockwright\nFROM scratch\n"),
            [""; 0]
        );
    }
}
