//! `COPY --from=9`.

use super::circular_stages::copies;
use crate::analysis::lint::prelude::*;

rule! {
    /// `COPY --from=` has the number of a stage that does not exist.
    ///
    /// The build stops. Stages are counted from 0. A name tells more, and does not change when a stage is added.
    ///
    /// ```dockerfile bad
    /// FROM golang:1.25
    /// FROM alpine:3.22
    /// COPY --from=2 /app /app
    /// ```
    ///
    /// ```dockerfile good
    /// FROM golang:1.25 AS build
    /// FROM alpine:3.22
    /// COPY --from=build /app /app
    /// ```
    error,
    name: "unknown-stage-number",
    aliases: &[],
    url: "https://docs.docker.com/build/building/multi-stage/",
    check: Check::Model(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    let stages = cx.model.stages().len();
    // BuildKit also counts the images and empty sources that copies and mounts before this one brought in.
    let mut brought_in = 0;
    for instruction in cx.with_keyword(&[Keyword::Copy, Keyword::Run]) {
        brought_in += crate::analysis::model::mount::mounts(instruction.node).len();
        let own = copies(cx).filter(|it| it.location.instruction == instruction.id);
        for reference in own.filter(|it| it.kind == StageReferenceKind::CopyFrom && it.target.is_none()) {
            let number = reference.text.parse::<i64>();
            match (number, cx.model.file().range(reference.location)) {
                (Ok(number), Some(range)) if number < 0 || number >= (stages + brought_in) as i64 => {
                    let last = stages.saturating_sub(1);
                    report
                        .at(range, format!("there is no stage {number}: the last one has the number {last}"));
                }
                _ => brought_in += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn numbers_begin_with_zero() {
        check_rule(
            "unknown-stage-number",
            "FROM a\nFROM b\nCOPY --from=0 x y\nCOPY --from=2 x y\n            ^ last one has the number 1\nCOPY --from=-1 x y\n            ^^\nCOPY --from=c2 x y\n",
        );
    }
}
