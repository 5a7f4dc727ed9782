//! Stages that need each other.

use crate::analysis::lint::prelude::*;

rule! {
    /// A stage takes files from itself, or two stages need each other.
    ///
    /// The build stops: neither can be built first.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22 AS base
    /// COPY --from=base /app /app
    /// ```
    ///
    /// ```dockerfile good
    /// FROM golang:1.25 AS build
    /// FROM alpine:3.22 AS base
    /// COPY --from=build /app /app
    /// ```
    error,
    name: "circular-stages",
    aliases: &["DL3023"],
    hadolint: Some(Severity::Error),
    url: "https://docs.docker.com/build/building/multi-stage/",
    check: Check::Meaning(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for reference in copies(cx) {
        let (Some(from), Some(target)) = (reference.stage, reference.target) else { continue };
        let Some(range) = cx.model.file().range(reference.location) else { continue };
        if from == target {
            report.at(range, format!("this stage cannot take files from itself (`{}`)", reference.text));
        } else if target > from && needs(cx, target, from) {
            let message =
                format!("stage `{}` needs this stage, so neither can be built first", reference.text);
            let draft = report.at(range, message);
            if let Some(name) =
                cx.model.stage(target).and_then(|it| cx.model.file().range(it.name_location()?))
            {
                draft.related(name, "the other stage");
            }
        }
    }
}

/// All `COPY --from=` and `RUN --mount=from=` of the span that is looked at.
pub(super) fn copies<'a>(cx: &ModelContext<'a>) -> impl Iterator<Item = &'a StageReference> + use<'a> {
    cx.stage_references().iter().filter(|it| it.kind != StageReferenceKind::From)
}

/// Whether `stage` is built from `wanted` or takes files from it, directly or not.
pub(super) fn needs(cx: &ModelContext<'_>, stage: StageId, wanted: StageId) -> bool {
    let mut seen = vec![false; cx.model.stages().len()];
    let mut open = vec![stage];
    while let Some(stage) = open.pop() {
        match seen.get_mut(stage.index()) {
            Some(seen) if !*seen => *seen = true,
            _ => continue,
        }
        if stage == wanted {
            return true;
        }
        let all = cx.model.stage_references().iter();
        open.extend(all.filter(|it| it.stage == Some(stage)).filter_map(|it| it.target));
    }
    false
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn cycles_of_any_length_are_found() {
        check_rule(
            "circular-stages",
            "FROM x AS a\nCOPY --from=c y z\n            ^\nFROM x AS b\nCOPY --from=a y z\nFROM b AS c\nCOPY --from=2 y z\n            ^ itself\n",
        );
    }
}
