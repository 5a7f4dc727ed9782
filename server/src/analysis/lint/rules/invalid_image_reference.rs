//! `FROM Alpine`.

use crate::analysis::lint::prelude::*;
use crate::analysis::model::Stage;

rule! {
    /// The name of an image is empty or impossible.
    ///
    /// The build stops. A name is in lower case; after it a tag may follow (`alpine:3.22`), a digest, or both.
    ///
    /// ```dockerfile bad
    /// FROM Alpine:3.22
    /// ```
    ///
    /// ```dockerfile bad
    /// FROM golang:1.25 AS Build
    /// FROM Build
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// ```
    error,
    name: "invalid-image-reference",
    aliases: &["INVALID_REFERENCE_FORMAT"],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#from",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for (stage, from) in cx.stages() {
        check_base(cx, stage, from, report);
    }
    for reference in super::circular_stages::copies(cx) {
        let text = reference.text.as_str();
        let is_image = reference.target.is_none() && !text.contains('$') && text.parse::<i64>().is_err();
        if let Some(range) =
            cx.model.file().range(reference.location).filter(|_| is_image && !text.is_empty())
        {
            judge(cx, range, text, true, report);
        }
    }
}

fn check_base(cx: &ModelContext<'_>, stage: &Stage, from: InstructionRef<'_>, report: &mut Report<'_>) {
    let Arguments::From(arguments) = &from.node.arguments else { return };
    let Some(image) = &arguments.image else { return };
    let is_undeclared = !super::undefined_argument_in_from::undeclared(cx, image, from.id).is_empty();
    let value = cx.model.expand(image, from.id);
    let Some(name) = value.certain().filter(|name| !is_undeclared && !is_stage_above(cx, stage, name)) else {
        return;
    };
    judge(cx, from.absolute(image.range()), name, image.literal().is_some(), report);
}

/// Stages are looked up before images, in exactly this case.
fn is_stage_above(cx: &ModelContext<'_>, stage: &Stage, name: &str) -> bool {
    let is_called_so = |it: &Stage| it.name.as_deref() == Some(name);
    let last = cx.model.stage_named(name);
    last.is_some_and(|last| match last.id < stage.id {
        true => is_called_so(last),
        false => cx.model.stages().iter().take_while(|it| it.id < stage.id).any(is_called_so),
    })
}

fn judge(cx: &ModelContext<'_>, range: TextRange, name: &str, is_literal: bool, report: &mut Report<'_>) {
    let errors = ImageReference::parse(name).errors;
    let Some(error) = errors.first() else { return };
    let lower = name.to_lowercase();
    let stage = cx.model.stage_named(name).filter(|_| is_literal && lower != name);
    let message = match stage {
        Some(_) => format!("`FROM` finds stages by their name in lower case only: write `{lower}`"),
        None if name.is_empty() => "the image name is empty".to_owned(),
        None => format!("`{name}` is no image name: {}", error.kind.message()),
    };
    let draft = report.at(range, message);
    if is_literal && lower != name && ImageReference::parse(&lower).errors.is_empty() {
        draft.unsafe_fix(format!("Write `{lower}`"), vec![TextEdit::new(range, lower)]);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn names_that_nothing_can_change_are_judged() {
        check_rule(
            "invalid-image-reference",
            "ARG V\nFROM a:\n     ^^\nFROM B:$V\nFROM \"\"\n     ^^ empty\nFROM scratch AS Sc\nFROM Sc\n     ^^ lower case\nCOPY --from=Sc a b\nCOPY --from=X a b\n            ^\nCOPY --from=x/y:1 a b\nCOPY --from= a b\n",
        );
    }

    #[test]
    fn lower_case_is_offered() {
        check_fix("invalid-image-reference", "FROM Alpine:3.22\n", "FROM alpine:3.22\n");
    }
}
