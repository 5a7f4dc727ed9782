//! `FROM Alpine`.

use std::collections::HashSet;

use crate::analysis::lint::prelude::*;

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
    check: Check::Model(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    // Stages are looked up before images, in exactly this case.
    let mut above: HashSet<&str> = HashSet::new();
    for (stage, from) in cx.stages() {
        check_base(cx, from, &above, report);
        above.extend(stage.name.as_deref());
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

fn check_base(
    cx: &ModelContext<'_>,
    from: InstructionRef<'_>,
    above: &HashSet<&str>,
    report: &mut Report<'_>,
) {
    let Arguments::From(arguments) = &from.node.arguments else { return };
    let Some(image) = &arguments.image else { return };
    let is_undeclared = !super::undefined_argument_in_from::undeclared(cx, image, from.id).is_empty();
    let value = cx.model.expand(image, from.id);
    let Some(name) = value.certain().filter(|name| !is_undeclared && !above.contains(name)) else { return };
    judge(cx, from.absolute(image.range()), name, image.literal().is_some(), report);
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
