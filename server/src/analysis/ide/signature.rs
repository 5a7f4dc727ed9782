//! Signature help: the form of the instruction being typed, and which part the cursor is in.

use text_size::TextSize;

use crate::analysis::knowledge::{self, InstructionDoc, Keyword, MountType};
use crate::analysis::model::Model;
use crate::analysis::model::mount::{MountKind, mounts};
use crate::analysis::syntax::ast::{Arguments, Command, Instruction};

/// The forms to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureHelp {
    pub signatures: Vec<Signature>,
    /// Index of the form that fits what is written.
    pub active: usize,
}

/// One form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub label: String,
    pub documentation: String,
    /// Parts of the label, as bytes of it.
    pub parameters: Vec<Parameter>,
    pub active_parameter: Option<usize>,
}

/// A part of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    pub start: usize,
    pub end: usize,
    pub documentation: String,
}

/// The forms of the instruction at `offset`, or nothing before its arguments begin.
pub fn signature_help(model: &Model, offset: TextSize) -> Option<SignatureHelp> {
    let instruction = model.file().instruction_at(offset)?;
    let local = instruction.local(offset)?;
    if local > instruction.node.line_range.end() + blanks_after(model, instruction.absolute_range().end()) {
        return None;
    }
    let node = innermost_at(instruction.node, local);
    if local <= node.name.range().end() {
        return None;
    }
    mount_help(node, local).or_else(|| instruction_help(node, local))
}

/// Blanks between the last word and the cursor still belong to the line.
fn blanks_after(model: &Model, end: TextSize) -> TextSize {
    let rest = model.file().text().get(usize::from(end)..).unwrap_or_default();
    TextSize::from((rest.len() - rest.trim_start_matches([' ', '\t']).len()) as u32)
}

fn innermost_at(node: &Instruction, offset: TextSize) -> &Instruction {
    match &node.arguments {
        Arguments::Onbuild(Some(inner)) if offset > inner.name.range().end() => innermost_at(inner, offset),
        _ => node,
    }
}

fn instruction_help(node: &Instruction, offset: TextSize) -> Option<SignatureHelp> {
    let doc = knowledge::instruction(node.keyword?);
    let words_before = words_before(node, offset);
    let is_in_flags = node.flags.iter().any(|flag| flag.range.contains_inclusive(offset));
    let signatures: Vec<Signature> =
        doc.syntax.iter().map(|label| signature(doc, label, words_before, is_in_flags)).collect();
    let active = active_form(node).min(signatures.len().saturating_sub(1));
    (!signatures.is_empty()).then_some(SignatureHelp { signatures, active })
}

/// How many arguments (flags not counted) end before the cursor.
fn words_before(node: &Instruction, offset: TextSize) -> usize {
    let text = &node.arguments_text;
    let before = text.as_str().get(..text.value_index(offset)).unwrap_or_default();
    let done = before.split_whitespace().count();
    if offset > text.range().end() {
        return done;
    }
    if before.ends_with(|c: char| !c.is_whitespace()) { done.saturating_sub(1) } else { done }
}

/// Exec form is the first or second form, as written; `[` decides.
fn active_form(node: &Instruction) -> usize {
    let is_list = node.arguments_text.as_str().starts_with('[');
    let is_exec = matches!(&node.arguments, Arguments::Command(Some(Command::Exec(_)))) || is_list;
    let Some(keyword) = node.keyword else { return 0 };
    let forms = knowledge::instruction(keyword).syntax;
    let wanted = forms.iter().position(|form| form.contains("[\"") == is_exec);
    wanted.unwrap_or(0)
}

fn signature(doc: &InstructionDoc, label: &str, words_before: usize, is_in_flags: bool) -> Signature {
    let parameters = parameters(doc.keyword, label);
    let is_flag =
        |parameter: &Parameter| label.get(parameter.start..parameter.end).is_some_and(|it| it.contains("--"));
    let arguments: Vec<usize> =
        (0..parameters.len()).filter(|&at| parameters.get(at).is_some_and(|it| !is_flag(it))).collect();
    let active_parameter = if is_in_flags {
        parameters.iter().position(is_flag)
    } else {
        arguments.get(words_before.min(arguments.len().saturating_sub(1))).copied()
    };
    Signature { label: label.to_owned(), documentation: doc.summary.to_owned(), parameters, active_parameter }
}

/// The words of a form after the keyword; what stands in brackets is one.
fn parameters(keyword: Keyword, label: &str) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    let mut depth = 0usize;
    let mut start = None;
    for (at, c) in label.char_indices().chain([(label.len(), ' ')]) {
        match c {
            '[' | '<' => depth += 1,
            ']' | '>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if c == ' ' && depth == 0 {
            parameters.extend(start.take().map(|start| Parameter {
                start,
                end: at,
                documentation: String::new(),
            }));
        } else {
            start.get_or_insert(at);
        }
    }
    parameters.retain(|it| label.get(it.start..it.end) != Some(keyword.as_str()));
    for parameter in &mut parameters {
        let text = label.get(parameter.start..parameter.end).unwrap_or_default();
        parameter.documentation = flag_summary(keyword, text).unwrap_or_default();
    }
    parameters
}

fn flag_summary(keyword: Keyword, text: &str) -> Option<String> {
    let name = text.split("--").nth(1)?.split(['=', ']', ' ']).next()?;
    knowledge::flag(keyword, name).map(|doc| doc.summary.to_owned())
}

/// Inside `--mount=…`: the options of the type that is written.
fn mount_help(node: &Instruction, offset: TextSize) -> Option<SignatureHelp> {
    let mount = mounts(node).into_iter().find(|mount| mount.range.contains_inclusive(offset))?;
    let mount_type = match mount.kind {
        MountKind::Cache => MountType::Cache,
        MountKind::Tmpfs => MountType::Tmpfs,
        MountKind::Secret => MountType::Secret,
        MountKind::Ssh => MountType::Ssh,
        _ => MountType::Bind,
    };
    let doc = knowledge::mount_type(mount_type);
    let mut label = format!("--mount=type={}", mount_type.as_str());
    let mut parameters = Vec::new();
    for option in doc.options {
        let text = format!("{}={}", option.name, option.value.placeholder());
        let text = if option.needed { text } else { format!("[{text}]") };
        let start = label.len() + 1;
        label = format!("{label},{text}");
        parameters.push(Parameter { start, end: label.len(), documentation: option.doc.to_owned() });
    }
    let current = mount.options.iter().find(|option| option.range.contains_inclusive(offset));
    let active_parameter = current
        .and_then(|current| doc.options.iter().position(|option| option.is_called(current.name.as_str())));
    let signature = Signature { label, documentation: doc.summary.to_owned(), parameters, active_parameter };
    Some(SignatureHelp { signatures: vec![signature], active: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Fixture;

    /// The active form with the active part in `»«`.
    fn shown(source: &str) -> Option<String> {
        let fixture = Fixture::new(source);
        let help = signature_help(&fixture.model(), fixture.cursor())?;
        let signature = &help.signatures[help.active];
        let mut label = signature.label.clone();
        if let Some(active) = signature.active_parameter {
            let parameter = &signature.parameters[active];
            label.insert(parameter.end, '«');
            label.insert(parameter.start, '»');
        }
        Some(label)
    }

    #[test]
    fn the_part_being_typed_is_marked() {
        let shown = |source: &str| shown(source).unwrap();
        assert!(shown("FROM <|>").contains("»<image>"), "{}", shown("FROM <|>"));
        assert!(shown("FROM a <|>").contains("»[AS <name>]«"));
        assert!(shown("FROM --pl<|> a").contains("»[--platform=<platform>]«"));
        assert!(shown("FROM a\nCOPY x <|>").contains("dest"));
    }

    #[test]
    fn exec_form_has_its_own_signature() {
        assert!(shown("FROM a\nCMD [\"a\"<|>]").unwrap().contains("[\""));
        assert!(!shown("FROM a\nCMD a<|>").unwrap().contains("[\""));
    }

    #[test]
    fn mounts_show_the_options_of_their_type() {
        let text = shown("FROM a\nRUN --mount=type=cache,targ<|>").unwrap();
        assert!(text.starts_with("--mount=type=cache,"), "{text}");
        assert!(shown("FROM a\nRUN --mount=type=cache,target=/x<|> ls").unwrap().contains("»target="));
    }

    #[test]
    fn nothing_is_shown_on_the_name_or_elsewhere() {
        for source in ["FR<|>OM a", "FROM a\n<|>", "# c<|>\nFROM a", "FROM a\nRUN <<E\nx<|>\nE\n"] {
            assert_eq!(shown(source), None, "{source}");
        }
    }
}
