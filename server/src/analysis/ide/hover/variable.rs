//! Hover on a variable: its value here, where it comes from, and what a well-known name means.

use super::{Hover, Place, code, link, paragraphs};
use crate::analysis::ide::shell_names;
use crate::analysis::knowledge;
use crate::analysis::model::shell::Shells;
use crate::analysis::model::{Lookup, Unknown, Value, Variable, VariableKind};
use crate::analysis::syntax::expansion::{self, Operator};

pub(super) fn hover(at: &Place<'_>) -> Option<Hover> {
    used(at).or_else(|| used_in_shell(at)).or_else(|| defined(at))
}

/// On `$name` or `${name…}`.
fn used(at: &Place<'_>) -> Option<Hover> {
    let words = at.node.words();
    let parts = at.model.heredoc_parts(at.instruction);
    let mut in_heredocs = Vec::new();
    expansion::collect_variables(&parts, &mut in_heredocs);
    let all = words.iter().flat_map(|word| word.variables()).chain(in_heredocs);
    let variable = all.filter(|it| at.touches(it.range)).min_by_key(|it| it.range.len())?;
    let operator = variable.modifier.as_ref().map(|modifier| describe_operator(modifier.operator));
    let text = paragraphs([describe(at, &variable.name), operator.unwrap_or_default()]);
    Some(Hover::new(variable.range, text))
}

fn used_in_shell(at: &Place<'_>) -> Option<Hover> {
    let shells = Shells::new(at.model);
    let (name, range) = shell_names::uses(at.model, &shells, at.instruction)
        .into_iter()
        .find(|(_, range)| at.touches(*range))?;
    Some(Hover::new(range, describe(at, &name)))
}

/// On the name in `ARG name` or `ENV name=`.
fn defined(at: &Place<'_>) -> Option<Hover> {
    let own = at
        .model
        .variables()
        .iter()
        .find(|it| it.location.instruction == at.instruction.id && at.touches(it.location.range))?;
    let text = paragraphs([describe_definition(at, own), about_name(&own.name), uses_of(own)]);
    Some(Hover::new(own.location.range, text))
}

fn describe(at: &Place<'_>, name: &str) -> String {
    let id = at.instruction.id;
    match at.model.resolve(name, id) {
        Some(variable) => paragraphs([describe_definition(at, variable), about_name(name)]),
        None => paragraphs([describe_unset(at, name), about_name(name)]),
    }
}

fn describe_definition(at: &Place<'_>, variable: &Variable) -> String {
    let keyword = match variable.kind {
        VariableKind::Arg => "ARG",
        VariableKind::Env => "ENV",
    };
    let source = at.model.file().range(variable.location).and_then(|range| {
        let instruction = at.model.file().instruction_at(range.start())?;
        let line = at.model.file().text().get(..usize::from(range.start()))?.matches('\n').count() + 1;
        let first = instruction.node.joined.as_str().trim().chars().take(100).collect::<String>();
        Some(format!("Set on line {line}: {}", code(&first)))
    });
    let own_stage = at.model.stage_of(at.instruction.id).map(|stage| stage.id);
    let inherited = match variable.stage.filter(|stage| Some(*stage) != own_stage) {
        Some(stage) => {
            at.model.stage(stage).map(|stage| format!("Inherited from stage {}.", code(&stage.label())))
        }
        None => None,
    };
    let global = variable
        .global
        .and_then(|id| at.model.variable(id))
        .map(|_| "Takes the value of the `ARG` before the first `FROM`.".to_owned());
    paragraphs([
        format!("**{}** · {keyword}", variable.name),
        describe_value(variable.value.as_ref(), &variable.name),
        source.unwrap_or_default(),
        global.unwrap_or_default(),
        inherited.unwrap_or_default(),
    ])
}

fn describe_value(value: Option<&Value>, name: &str) -> String {
    match value {
        Some(Value::Known(text)) => format!("Value: {}", shown(text)),
        Some(Value::Default { text, argument }) => {
            format!("Value: {} unless the build passes `--build-arg {argument}=…`", shown(text))
        }
        Some(Value::Unknown(why)) => format!("Value not known from this file: {}.", reason(why)),
        None => format!("No value unless the build passes `--build-arg {name}=…`"),
    }
}

fn shown(text: &str) -> String {
    if text.is_empty() { "empty".to_owned() } else { code(&text.chars().take(300).collect::<String>()) }
}

/// Why a value is not known, to go behind a colon.
pub(in crate::analysis::ide) fn reason(why: &Unknown) -> String {
    match why {
        Unknown::BuildArgument(name) => format!("the build argument `{name}` decides"),
        Unknown::Platform(name) => format!("BuildKit sets `{name}` for each build"),
        Unknown::BaseImage(name) => format!("`{name}` may come from the base image"),
        Unknown::Required(name) => format!("`{name}` has none here, and `?` stops the build then"),
        Unknown::Fault => "the text cannot be expanded".to_owned(),
        Unknown::TooLong => "it is too long".to_owned(),
    }
}

/// Nothing in the file sets it here.
fn describe_unset(at: &Place<'_>, name: &str) -> String {
    let id = at.instruction.id;
    let title = format!("**{name}**");
    if at.model.global_argument(name, id).is_some() {
        let hint = format!(
            "Declared before the first `FROM`, so it is not visible in this stage. Add `ARG {name}` to the stage."
        );
        return paragraphs([title, hint]);
    }
    let text = match at.model.lookup(name, id) {
        Lookup::Set(value) => describe_value(Some(&value), name),
        Lookup::Unset => "Not set anywhere: it becomes an empty text.".to_owned(),
        _ => "Not set in this file. If the base image does not set it either, it becomes an empty text."
            .to_owned(),
    };
    paragraphs([title, text])
}

/// What a well-known name means.
pub(in crate::analysis::ide) fn about_name(name: &str) -> String {
    if let Some(doc) = knowledge::build_variable(name) {
        return paragraphs([
            doc.summary.to_owned(),
            format!("For example `{}`. {}", doc.example, link(doc.url)),
        ]);
    }
    let Some(doc) = knowledge::environment_variable(name) else { return String::new() };
    let build_only = if doc.build_only {
        " Needed while building only: better an `ARG`, or set in front of the command."
    } else {
        ""
    };
    format!("Read by {}: {}{build_only} {}", doc.read_by, doc.summary, link(doc.url))
}

fn uses_of(variable: &Variable) -> String {
    match variable.kind {
        VariableKind::Arg => "An `ARG` exists while building only; the running container does not see it. It is no place for secrets: the image's history shows it.".to_owned(),
        VariableKind::Env => "An `ENV` is set for later build steps *and* in the running container.".to_owned(),
    }
}

fn describe_operator(operator: Operator) -> String {
    let symbol = match operator {
        Operator::Default { empty_too: true } => ":-",
        Operator::Default { .. } => "-",
        Operator::Alternative { empty_too: true } => ":+",
        Operator::Alternative { .. } => "+",
        Operator::Required { empty_too: true } => ":?",
        Operator::Required { .. } => "?",
        Operator::RemovePrefix { longest: true } => "##",
        Operator::RemovePrefix { .. } => "#",
        Operator::RemoveSuffix { longest: true } => "%%",
        Operator::RemoveSuffix { .. } => "%",
        Operator::Replace { all: true } => "//",
        Operator::Replace { .. } => "/",
    };
    knowledge::modifier(symbol).map_or_else(String::new, |doc| format!("`{}`: {}", doc.form, doc.summary))
}
