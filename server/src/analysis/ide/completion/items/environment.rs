//! Names for `ENV`, `LABEL` and `ARG`.

use super::Context;
use crate::analysis::ide::completion::cursor::Typed;
use crate::analysis::ide::completion::item::{Draft, ItemKind, List};
use crate::analysis::knowledge;
use crate::analysis::model::{Model, Value, VariableKind};
use crate::analysis::syntax::InstructionRef;
use crate::analysis::syntax::ast::Arguments;

pub fn names(cx: &Context<'_>, typed: &Typed, list: &mut List) {
    let image = cx.base_image().and_then(|image| image.familiar_name()).unwrap_or_default();
    let image = image.rsplit('/').next().unwrap_or_default().to_owned();
    let own = own_keys(cx);
    // An ENV that takes over an ARG is a habit: `ARG VERSION` and `ENV VERSION=$VERSION`.
    let arguments = cx.model.visible_variables(cx.id()).into_iter().filter(|it| it.kind == VariableKind::Arg);
    for argument in arguments {
        add(typed, &argument.name, "keeps the ARG for the container", &own, list);
    }
    let mut known: Vec<_> = knowledge::ENVIRONMENT_VARIABLES.iter().filter(|it| !it.build_only).collect();
    let is_for_image = |read_by: &str| {
        let read_by = read_by.to_ascii_lowercase();
        !image.is_empty()
            && (read_by.contains(&image) || tool_of(&image).is_some_and(|tool| read_by.contains(tool)))
    };
    known.sort_by_key(|it| !is_for_image(it.read_by));
    for it in known {
        add(typed, it.name, &format!("{}, {}", it.read_by, it.example), &own, list);
    }
}

/// The name under which the tables know what is in an image.
fn tool_of(image: &str) -> Option<&'static str> {
    Some(match image {
        "node" => "node.js",
        "golang" => "go",
        "sdk" | "aspnet" | "runtime" => ".net",
        "eclipse-temurin" | "maven" | "gradle" => "java",
        _ => return None,
    })
}

fn add(typed: &Typed, name: &str, detail: &str, own: &[String], list: &mut List) {
    if list.has(name) || own.iter().any(|it| it == name) {
        return;
    }
    let draft = Draft::new(ItemKind::Variable, name).detail(detail).key(format!("variable:{name}"));
    list.add(typed, draft.inserts(with_equals(typed, name)).retriggers());
}

fn with_equals(typed: &Typed, name: &str) -> String {
    if typed.next == Some('=') { name.to_owned() } else { format!("{name}=") }
}

/// The keys that the instruction has already, without the one at the cursor.
fn own_keys(cx: &Context<'_>) -> Vec<String> {
    let Some(instruction) = cx.instruction() else { return Vec::new() };
    let is_other = |range| !instruction.absolute(range).contains_inclusive(cx.site.offset);
    match &instruction.node.innermost().arguments {
        Arguments::Pairs(pairs) => {
            let keys = pairs.pairs.iter().filter(|it| is_other(it.key.range()));
            keys.map(|it| it.key.raw().to_owned()).collect()
        }
        Arguments::Arg(declarations) => {
            let names = declarations.iter().filter(|it| is_other(it.name.range()));
            names.map(|it| it.name.raw().to_owned()).collect()
        }
        _ => Vec::new(),
    }
}

/// A usual value of a well-known variable.
pub fn values(typed: &Typed, name: &str, list: &mut List) {
    let Some(doc) = knowledge::environment_variable(name) else { return };
    // A value with blanks would be several words.
    if !doc.example.is_empty() && !doc.example.contains(char::is_whitespace) {
        let draft = Draft::new(ItemKind::Value, doc.example).detail("a usual value");
        list.add(typed, draft.key(format!("variable:{name}")));
    }
}

pub fn labels(cx: &Context<'_>, typed: &Typed, list: &mut List) {
    let own = own_keys(cx);
    for it in knowledge::LABELS.iter().filter(|it| !own.iter().any(|own| own.trim_matches('"') == it.key)) {
        let draft = Draft::new(ItemKind::Key, it.key).detail(it.summary).key(format!("label:{}", it.key));
        let draft = match (typed.next, cx.options.supports_snippets) {
            (Some('='), _) => draft,
            (_, true) => draft.inserts_snippet(format!("{}=\"${{1:{}}}\"$0", it.key, it.example)),
            (_, false) => draft.inserts(format!("{}=", it.key)),
        };
        list.add(typed, draft);
    }
}

/// `ARG`: in a stage the global ones to take over and what the builder knows.
pub fn arguments(cx: &Context<'_>, typed: &Typed, list: &mut List) {
    let own = own_keys(cx);
    let is_declared =
        |name: &str, list: &List| list.has(name) || own.iter().any(|it| it == name) || is_in_stage(cx, name);
    if cx.stage().is_none() {
        return;
    }
    for variable in cx.model.variables().iter().filter(|it| it.stage.is_none()) {
        if !is_declared(&variable.name, list) {
            let value = variable.value.as_ref().and_then(Value::text).unwrap_or("no default");
            let detail = format!("{value} — global ARG, takes its value over");
            let draft = Draft::new(ItemKind::Variable, variable.name.as_str()).detail(detail);
            list.add(typed, draft.key(format!("variable:{}", variable.name)));
        }
    }
    for it in knowledge::BUILD_VARIABLES.iter().filter(|it| it.kind.needs_declaration_in_stage()) {
        if !is_declared(it.name, list) {
            let draft = Draft::new(ItemKind::Variable, it.name).detail(it.summary);
            list.add(typed, draft.key(format!("variable:{}", it.name)));
        }
    }
}

/// Whether the stage declares the argument above.
fn is_in_stage(cx: &Context<'_>, name: &str) -> bool {
    let Some(stage) = cx.stage() else { return false };
    let (model, id): (&Model, _) = (cx.model, cx.id());
    let is_here = |it: InstructionRef<'_>| it.id >= stage.from && it.id < id;
    model.variables().iter().any(|it| {
        it.name == name
            && it.kind == VariableKind::Arg
            && it.stage == Some(stage.id)
            && model.file().instruction(it.location.instruction).is_some_and(is_here)
    })
}
