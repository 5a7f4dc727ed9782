//! Edits that switch a rule off by a comment, in the notation the file already uses.

use text_size::{TextRange, TextSize};

use super::finding::Finding;
use super::rule::{Profile, Rule};
use super::shellcheck::ShellFinding;
use super::suppress::{Notation, Scope, Suppression, Suppressions};
use crate::analysis::model::Model;
use crate::analysis::syntax::directive::DirectiveName;
use crate::analysis::syntax::{InstructionId, InstructionRef};
use crate::analysis::text::TextEdit;

/// How far a suppression is to reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// The instruction the finding stands in.
    Line,
    File,
}

/// What a comment can switch off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suppressible<'a> {
    /// In our own notation.
    pub name: &'a str,
    buildkit: Option<&'a str>,
    hadolint: Option<&'a str>,
    at: TextSize,
}

impl<'a> From<&'a Finding> for Suppressible<'a> {
    fn from(finding: &'a Finding) -> Self {
        let rule: &'static Rule = finding.rule;
        let hadolint = rule.aliases.iter().copied().find(|it| it.starts_with("DL"));
        let at = finding.range.start();
        Suppressible { name: rule.name, buildkit: rule.buildkit_name(), hadolint, at }
    }
}

impl<'a> From<&'a ShellFinding> for Suppressible<'a> {
    fn from(finding: &'a ShellFinding) -> Self {
        let (name, at) = (finding.code.as_str(), finding.range.start());
        Suppressible { name, buildkit: None, hadolint: Some(name), at }
    }
}

/// The edits that switch off `what`: in the notation that the file already uses, as far as that has a
/// name for the rule; else in ours. A comment that is already there gets one more name. Empty if nothing can be written,
/// as for a finding behind the last instruction.
pub fn suppress_edits(model: &Model, what: &Suppressible<'_>, place: Place) -> Vec<TextEdit> {
    let suppressions = Suppressions::read(model, Profile::Recommended);
    let (notation, name) = notation_for(model, &suppressions, what, place);
    let at = instruction_at(model, what.at);
    let is_here = |it: &&Suppression| match (place, it.scope) {
        (Place::File, scope) => scope == Scope::File,
        (Place::Line, Scope::Instruction(id)) => Some(id) == at.map(|it| it.id),
        (Place::Line, _) => false,
    };
    let list = suppressions.list().iter().filter(|it| it.notation == notation);
    let edit = match list.filter(is_here).find_map(|it| one_more_name(it, name)) {
        Some(edit) => Some(edit),
        None if notation == Notation::Buildkit => check_directive(model, name),
        None => match place {
            Place::Line => at.map(|it| above(model, it, &comment(notation, place, name))),
            Place::File => Some(at_top(model, &comment(notation, place, name))),
        },
    };
    edit.into_iter().collect()
}

/// The first of the file's notations that has a name for the rule, and this name.
fn notation_for<'a>(
    model: &Model,
    suppressions: &Suppressions,
    what: &Suppressible<'a>,
    place: Place,
) -> (Notation, &'a str) {
    let named = |notation: Notation| match notation {
        // Above an instruction only the newest versions of BuildKit read it.
        Notation::Buildkit => what.buildkit.filter(|_| place == Place::File),
        Notation::Hadolint => what.hadolint,
        Notation::Dockwright => Some(what.name),
        Notation::DockerfileUtils | Notation::Tally => None,
    };
    let has_directive = model.file().directives().get(DirectiveName::Check).is_some();
    let used = suppressions.list().iter().map(|it| it.notation);
    let mut choices = used.chain(has_directive.then_some(Notation::Buildkit));
    let chosen = choices.find_map(|notation| Some((notation, named(notation)?)));
    chosen.unwrap_or((Notation::Dockwright, what.name))
}

fn comment(notation: Notation, place: Place, name: &str) -> String {
    match (notation, place) {
        (Notation::Hadolint, Place::Line) => format!("# hadolint ignore={name}"),
        (Notation::Hadolint, Place::File) => format!("# hadolint global ignore={name}"),
        (_, Place::Line) => format!("# dockwright: ignore[{name}]"),
        (_, Place::File) => format!("# dockwright: ignore-file[{name}]"),
    }
}

fn one_more_name(comment: &Suppression, name: &str) -> Option<TextEdit> {
    let last = comment.names.last()?;
    let separator = if comment.notation == Notation::Dockwright { ", " } else { "," };
    Some(TextEdit::insert(last.range.end(), format!("{separator}{name}")))
}

/// Adds `skip=` to the directive `# check=`.
fn check_directive(model: &Model, name: &str) -> Option<TextEdit> {
    let directive = model.file().directives().get(DirectiveName::Check)?;
    // BuildKit reads up to the first blank.
    let value = directive.value.split(' ').next().unwrap_or_default();
    let end = directive.value_range.start() + TextSize::of(value);
    Some(TextEdit::insert(end, format!(";skip={name}")))
}

/// The instruction at `offset`, or the one behind it, as a comment above it would mean it.
fn instruction_at(model: &Model, offset: TextSize) -> Option<InstructionRef<'_>> {
    let file = model.file();
    file.instruction_at(offset).or_else(|| {
        let before = file.instructions().take_while(|it| it.start < offset).count();
        file.instruction(InstructionId(before as u32))
    })
}

/// A line above `instruction`, indented as it.
fn above(model: &Model, instruction: InstructionRef<'_>, comment: &str) -> TextEdit {
    let file = model.file();
    let name = instruction.absolute(instruction.name.range()).start();
    let start =
        file.text().get(..usize::from(name)).and_then(|it| it.rfind('\n')).map_or(top(model), |it| it + 1);
    let start = TextSize::from(start as u32).min(name);
    let indent = file.slice(TextRange::new(start, name));
    TextEdit::insert(start, format!("{indent}{comment}{}", line_break(file.text())))
}

/// A line behind the directives, which must stay the first lines.
fn at_top(model: &Model, comment: &str) -> TextEdit {
    let text = model.file().text();
    let line_break = line_break(text);
    let Some(last) = model.file().directives().list.last() else {
        return TextEdit::insert(TextSize::from(top(model) as u32), format!("{comment}{line_break}"));
    };
    let end = usize::from(last.range.end());
    match text.get(end..).and_then(|it| it.find('\n')) {
        Some(at) => TextEdit::insert(TextSize::from((end + at + 1) as u32), format!("{comment}{line_break}")),
        None => TextEdit::insert(TextSize::of(text), format!("{line_break}{comment}")),
    }
}

/// Behind the byte order mark, if there is one.
fn top(model: &Model) -> usize {
    let text = model.file().text();
    text.len() - text.strip_prefix('\u{feff}').unwrap_or(text).len()
}

fn line_break(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::lint::tests::only;
    use crate::analysis::lint::{Facts, check};
    use crate::analysis::syntax::Dockerfile;
    use crate::analysis::text::apply_edits;

    /// Suppresses the last finding of `rule` in `before`; nothing may be left of it then.
    #[track_caller]
    fn check_edits(rule: &str, place: Place, before: &str, after: &str) {
        let model = |text: &str| Model::new(&Dockerfile::parse(text));
        let found = |text: &str| check(&model(text), &only(rule), &Facts::default());
        let findings = found(before);
        let edits = suppress_edits(&model(before), &findings.last().expect("a finding").into(), place);
        let edited = apply_edits(before, &edits).expect("edits that do not overlap");
        assert_eq!(edited, after);
        assert!(found(&edited).len() < findings.len(), "still found in\n{edited}");
    }

    #[test]
    fn without_another_notation_ours_is_written() {
        check_edits(
            "untagged-image",
            Place::Line,
            "# a\nFROM b\n",
            "# a\n# dockwright: ignore[untagged-image]\nFROM b\n",
        );
        check_edits(
            "untagged-image",
            Place::File,
            "# syntax=x\r\nFROM b\r\n",
            "# syntax=x\r\n# dockwright: ignore-file[untagged-image]\r\nFROM b\r\n",
        );
        check_edits(
            "untagged-image",
            Place::File,
            "\u{feff}FROM b",
            "\u{feff}# dockwright: ignore-file[untagged-image]\nFROM b",
        );
    }

    #[test]
    fn the_notation_of_the_file_is_kept() {
        check_edits(
            "untagged-image",
            Place::Line,
            "# hadolint ignore=DL3007\nFROM a\nRUN b\n  FROM \\\n c\n",
            "# hadolint ignore=DL3007\nFROM a\nRUN b\n  # hadolint ignore=DL3006\n  FROM \\\n c\n",
        );
        check_edits(
            "untagged-image",
            Place::File,
            "# hadolint ignore=DL3007\nFROM a\n",
            "# hadolint global ignore=DL3006\n# hadolint ignore=DL3007\nFROM a\n",
        );
    }

    #[test]
    fn a_comment_that_is_there_gets_another_name() {
        check_edits(
            "untagged-image",
            Place::Line,
            "# hadolint ignore=DL3007 # why\nFROM a\n",
            "# hadolint ignore=DL3007,DL3006 # why\nFROM a\n",
        );
        check_edits(
            "deprecated-maintainer",
            Place::File,
            "# check=skip=StageNameCasing;error=true\nFROM a\nMAINTAINER b\n",
            "# check=skip=StageNameCasing,MaintainerDeprecated;error=true\nFROM a\nMAINTAINER b\n",
        );
    }

    #[test]
    fn a_directive_without_names_gets_its_first() {
        check_edits(
            "deprecated-maintainer",
            Place::File,
            "# check=error=true\nFROM a\nMAINTAINER b\n",
            "# check=error=true;skip=MaintainerDeprecated\nFROM a\nMAINTAINER b\n",
        );
    }

    #[test]
    fn a_notation_without_a_name_for_the_rule_is_not_used() {
        check_edits(
            "removed-image",
            Place::Line,
            "# hadolint ignore=DL3006\nFROM centos\n",
            "# hadolint ignore=DL3006\n# dockwright: ignore[removed-image]\nFROM centos\n",
        );
        check_edits(
            "deprecated-maintainer",
            Place::Line,
            "# check=skip=StageNameCasing\nFROM a\nMAINTAINER b\n",
            "# check=skip=StageNameCasing\nFROM a\n# dockwright: ignore[deprecated-maintainer]\nMAINTAINER b\n",
        );
    }
}
