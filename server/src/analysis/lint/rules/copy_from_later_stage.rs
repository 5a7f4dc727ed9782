//! `COPY --from=` of a stage that stands below.

use super::circular_stages::{copies, needs};
use crate::analysis::lint::prelude::*;

rule! {
    /// Files are taken from a stage that comes later in the file.
    ///
    /// The build stops. A stage can use only stages that stand above it.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22 AS run
    /// COPY --from=build /app /app
    /// FROM golang:1.25 AS build
    /// ```
    ///
    /// ```dockerfile good
    /// FROM golang:1.25 AS build
    /// FROM alpine:3.22 AS run
    /// COPY --from=build /app /app
    /// ```
    error,
    name: "copy-from-later-stage",
    aliases: &[],
    url: "https://docs.docker.com/build/building/multi-stage/",
    check: Check::Meaning(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for reference in copies(cx) {
        let (Some(from), Some(target)) = (reference.stage, reference.target) else { continue };
        if target <= from || needs(cx, target, from) {
            continue;
        }
        let later = cx.model.stage(target).and_then(|stage| cx.model.file().instruction(stage.from));
        if let (Some(range), Some(later)) = (cx.model.file().range(reference.location), later) {
            report
                .at(range, format!("stage `{}` comes later: move it above this one", reference.text))
                .related(later.absolute(later.node.line_range), "it begins here");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn names_numbers_and_mounts_are_looked_at() {
        check_rule(
            "copy-from-later-stage",
            "FROM x AS a\nCOPY --from=b y z\n            ^ comes later\nCOPY --from=1 y z\n            ^\nRUN --mount=from=b,target=/y ls\n                 ^\nFROM x AS b\nFROM x AS c\nCOPY --from=a y z\n",
        );
    }
}
