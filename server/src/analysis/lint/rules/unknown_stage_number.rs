//! `COPY --from=9`.

use super::circular_stages::copies;
use crate::analysis::lint::prelude::*;
use crate::analysis::model::mount::mounts;

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
    let is_number = |it: &&StageReference| {
        it.kind == StageReferenceKind::CopyFrom && it.target.is_none() && it.text.parse::<i64>().is_ok()
    };
    for reference in copies(cx).filter(is_number) {
        let count = cx.model.stages().len();
        let (Ok(number), Some(range)) =
            (reference.text.parse::<i64>(), cx.model.file().range(reference.location))
        else {
            continue;
        };
        if number < 0 || number >= (count + brought_in(cx, reference)) as i64 {
            let last = count.saturating_sub(1);
            report.at(range, format!("there is no stage {number}: the last one has the number {last}"));
        }
    }
}

/// BuildKit also counts the images and empty sources that copies and mounts before this one have brought in.
fn brought_in(cx: &ModelContext<'_>, reference: &StageReference) -> usize {
    let at = reference.location.instruction;
    let mounts = cx.with_keyword(Keyword::Run).take_while(|it| it.id < at).map(|it| mounts(it.node).len());
    let images = copies(cx).take_while(|it| it.location.instruction < at).filter(|it| it.target.is_none());
    mounts.sum::<usize>() + images.count()
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
