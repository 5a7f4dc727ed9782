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
    if !copies(cx).any(is_number) {
        return;
    }
    let count = cx.model.stages().len();
    let mut runs = cx.with_keyword(Keyword::Run).peekable();
    // BuildKit also counts the images and empty sources that copies and mounts before have brought in.
    let mut brought_in = 0;
    for reference in copies(cx) {
        while let Some(run) = runs.next_if(|it| it.id < reference.location.instruction) {
            brought_in += mounts(run.node).len();
        }
        if is_number(reference) {
            judge(cx, reference, count, brought_in, report);
        }
        brought_in += usize::from(reference.target.is_none());
    }
}

fn is_number(reference: &StageReference) -> bool {
    reference.kind == StageReferenceKind::CopyFrom
        && reference.target.is_none()
        && reference.text.parse::<i64>().is_ok()
}

fn judge(
    cx: &ModelContext<'_>,
    reference: &StageReference,
    count: usize,
    brought_in: usize,
    report: &mut Report<'_>,
) {
    let (Ok(number), Some(range)) =
        (reference.text.parse::<i64>(), cx.model.file().range(reference.location))
    else {
        return;
    };
    if number < 0 || number >= (count + brought_in) as i64 {
        let last = count.saturating_sub(1);
        report.at(range, format!("there is no stage {number}: the last one has the number {last}"));
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
