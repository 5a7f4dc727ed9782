//! `ARG VERSION` before `FROM`, and `RUN echo $VERSION`.

use crate::analysis::lint::prelude::*;
use crate::analysis::model::shell::ShellText;

rule! {
    /// A command uses an argument that is declared before the first `FROM` only.
    ///
    /// Such an `ARG` belongs to the `FROM` lines. In a stage it is not set until the stage declares it again, so the
    /// shell puts nothing in its place.
    ///
    /// ```dockerfile bad
    /// ARG VERSION=1.2
    /// FROM alpine:3.22
    /// RUN wget https://example.org/app-$VERSION.tar.gz
    /// ```
    ///
    /// `ARG VERSION` without a value takes over the value from above:
    ///
    /// ```dockerfile good
    /// ARG VERSION=1.2
    /// FROM alpine:3.22
    /// ARG VERSION
    /// RUN wget https://example.org/app-$VERSION.tar.gz
    /// ```
    name: "global-argument-in-command",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    let globals = cx.model.variables().iter().take_while(|it| it.stage.is_none());
    let globals: Vec<&str> = globals.map(|it| it.name.as_str()).collect();
    // Reading shell text is dear: only where one of the names stands.
    let names_one = |it: &InstructionRef<'_>| {
        let text = cx.model.file().slice(it.absolute_range());
        text.contains('$') && globals.iter().any(|name| text.contains(name))
    };
    let mut commands = cx.with_keyword(Keyword::Run).filter(|it| names_one(it)).peekable();
    if globals.is_empty() || commands.peek().is_none() {
        return;
    }
    for instruction in commands {
        for part in cx.shell(instruction.id).iter().flat_map(|it| it.parts) {
            check_text(cx, instruction, &part.text, report);
        }
    }
}

fn check_text(
    cx: &ModelContext<'_>,
    instruction: InstructionRef<'_>,
    text: &ShellText,
    report: &mut Report<'_>,
) {
    let variables = text.variables();
    let mut seen: Vec<&str> = Vec::new();
    for variable in variables.iter().filter(|it| !it.is_assignment && !it.has_default) {
        let name = variable.name.as_str();
        let is_set_there = variables.iter().any(|it| it.is_assignment && it.name == variable.name);
        let is_known =
            cx.model.resolve(name, instruction.id).is_some() || may_be_set(cx, name, instruction.id);
        let Some(global) = cx.model.global_argument(name, instruction.id) else { continue };
        if is_set_there || is_known || seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let range = instruction.absolute(variable.range);
        let message = format!(
            "`{name}` is declared before the first `FROM` only: write `ARG {name}` in this stage too"
        );
        let related = cx.model.file().range(global.location).unwrap_or(range);
        let edit = TextEdit::insert(instruction.start, format!("ARG {name}\n"));
        report
            .at(range, message)
            .related(related, "declared here, for `FROM` lines")
            .unsafe_fix(format!("Add `ARG {name}`"), vec![edit]);
    }
}

/// Whether a base image sets it: for certain, or because the argument is the version of that very image.
fn may_be_set(cx: &ModelContext<'_>, name: &str, at: InstructionId) -> bool {
    let Some(stage) = cx.model.stage_of(at) else { return true };
    let Some(Base::Image(image)) = cx.model.root_base(stage.id) else { return false };
    let repository = image.text().and_then(|it| ImageReference::parse(it).familiar_name());
    let Some(repository) = repository else { return true };
    let product = name.strip_suffix("_VERSION").unwrap_or(name).to_ascii_lowercase();
    knowledge::is_set_by_base_image(&repository, name) || repository.contains(&product)
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn a_stage_sees_what_it_declares() {
        check_rule(
            "global-argument-in-command",
            "ARG AB BC CD\nFROM x AS y\nARG BC\nRUN a $AB $BC\n      ^^^ write `ARG AB`\nFROM y\nRUN <<E\n$BC ${CD:-}\n$CD\n^^^\nE\nRUN AB=1; $AB\nCMD $AB\n",
        );
    }

    #[test]
    fn a_base_image_may_set_it_for_itself() {
        check_rule(
            "global-argument-in-command",
            "ARG NODE_VERSION FOO_VERSION I\nFROM node:1\nRUN $NODE_VERSION\nFROM me/foo\nRUN $FOO_VERSION\nFROM $I\nRUN $I\n",
        );
    }

    #[test]
    fn it_is_declared_again() {
        check_fix(
            "global-argument-in-command",
            "ARG AB\nFROM a\nRUN x $AB\n",
            "ARG AB\nFROM a\nARG AB\nRUN x $AB\n",
        );
    }
}
