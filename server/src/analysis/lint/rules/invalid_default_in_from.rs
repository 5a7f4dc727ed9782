//! `ARG VERSION` without a default in `FROM image:$VERSION`.

use crate::analysis::lint::prelude::*;
use crate::analysis::model::value;

rule! {
    /// With the default values of its arguments, `FROM` gets an empty or impossible image name.
    ///
    /// `docker build .` alone then fails: everybody who builds the file has to know which `--build-arg` it needs.
    ///
    /// ```dockerfile bad
    /// ARG VERSION
    /// FROM alpine:${VERSION}
    /// ```
    ///
    /// Give the argument a default, or say in the place where it is used what stands there without it:
    ///
    /// ```dockerfile good
    /// ARG VERSION=3.22
    /// FROM alpine:${VERSION}
    /// ```
    ///
    /// ```dockerfile good
    /// ARG VERSION
    /// FROM alpine:${VERSION:-3.22}
    /// ```
    name: "invalid-default-in-from",
    aliases: &["InvalidDefaultArgInFrom"],
    buildkit: true,
    url: "https://docs.docker.com/go/dockerfile/rule/invalid-default-arg-in-from/",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for (_, from) in cx.stages() {
        let Arguments::From(arguments) = &from.node.arguments else { continue };
        let Some(image) = arguments.image.as_ref().filter(|it| it.has_variables()) else { continue };
        // Without this the one fault would have two names; BuildKit gives it both.
        let is_undeclared = || !super::undefined_argument_in_from::undeclared(cx, image, from.id).is_empty();
        if cx.profile != Profile::Buildkit && is_undeclared() {
            continue;
        }
        let Value::Known(name) = with_defaults(cx, image, from.id) else { continue };
        if !ImageReference::parse(&name).errors.is_empty() {
            let draft = report.at(from.absolute(image.range()), message(image, &name));
            if let Some(argument) = argument_without_default(cx, image, from.id) {
                draft.related(argument, "this argument has no default");
            }
        }
    }
}

fn message(image: &Word, name: &str) -> String {
    let image = image.raw();
    if name.is_empty() {
        format!("without `--build-arg` the image name `{image}` is empty: give the argument a default value")
    } else {
        format!(
            "without `--build-arg` the image is `{name}`, which is no valid name: give the argument a default value"
        )
    }
}

/// The image name if no build argument is given; platform arguments count as set.
fn with_defaults(cx: &ModelContext<'_>, image: &Word, from: InstructionId) -> Value {
    value::expand(image, &|name| match cx.model.global_argument(name, from) {
        Some(argument) => match argument.value.as_ref().map(|value| value.text()) {
            Some(Some(text)) => Lookup::Set(Value::known(text)),
            Some(None) => Lookup::Declared,
            None => Lookup::Unset,
        },
        None if super::undefined_argument_in_from::is_predefined(name) => {
            Lookup::Set(Value::known(PLACEHOLDER))
        }
        None => Lookup::Unset,
    })
}

/// Stands for what the build sets: a word that is valid anywhere in a reference.
const PLACEHOLDER: &str = "x";

fn argument_without_default(cx: &ModelContext<'_>, image: &Word, from: InstructionId) -> Option<TextRange> {
    let argument = image
        .variables()
        .into_iter()
        .find_map(|it| cx.model.global_argument(&it.name, from).filter(|it| it.value.is_none()))?;
    cx.model.file().range(argument.location)
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn names_are_judged_with_the_defaults() {
        check_rule(
            "invalid-default-in-from",
            "ARG A\nARG B=b\nFROM $A\n     ^^ is empty\nFROM x:$A\n     ^^^^ `x:`\nFROM x$A\nFROM $B:1\nFROM ${A:-c}\nFROM ${A:+c}d\n",
        );
    }
}
