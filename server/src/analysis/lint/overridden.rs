//! Instructions of which only the last one of a stage counts.

use super::prelude::*;

/// Reports every `keyword` of the stage that a later one replaces.
pub fn check(cx: &StageContext<'_>, keyword: Keyword, report: &mut Report<'_>) {
    let mut earlier: Option<InstructionRef<'_>> = None;
    for later in cx.instructions().filter(|it| it.keyword == Some(keyword)) {
        if let Some(earlier) = earlier.replace(later) {
            found(cx, keyword, earlier, later, report);
        }
    }
}

fn found(
    cx: &StageContext<'_>,
    keyword: Keyword,
    earlier: InstructionRef<'_>,
    later: InstructionRef<'_>,
    report: &mut Report<'_>,
) {
    let ignored = earlier.absolute_range();
    let counts = later.absolute(later.name.range());
    // hadolint complains about the later one.
    let (range, message, related, note) = match cx.cx.profile {
        Profile::Hadolint => (
            counts,
            format!("this stage already has a `{keyword}`; only this one counts"),
            ignored,
            "has no effect",
        ),
        _ => (
            ignored,
            format!("this `{keyword}` has no effect: only the last one of a stage counts"),
            counts,
            "this one comes later",
        ),
    };
    let delete = vec![TextEdit::delete(cx.cx.whole_lines(earlier))];
    report.at(range, message).related(related, note).safe_fix(format!("Remove this `{keyword}`"), delete);
}
