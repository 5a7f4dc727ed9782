//! `LABEL org.opencontainers.image.created=yesterday`, where the schema wants a date.

use crate::analysis::lint::labels::{LabelKind, check_kind};
use crate::analysis::lint::prelude::*;

rule! {
    /// A label that the schema calls a date is not written as one.
    ///
    /// Programs sort and compare images by such labels, and read one form only, that of RFC 3339. The setting
    /// `labelSchema` says which labels are dates; without it this rule says nothing. With
    /// `"org.opencontainers.image.created" = "rfc3339"`:
    ///
    /// ```dockerfile bad
    /// FROM scratch
    /// LABEL org.opencontainers.image.created="21.11.2026"
    /// ```
    ///
    /// ```dockerfile good
    /// FROM scratch
    /// LABEL org.opencontainers.image.created="2026-11-21T10:30:00Z"
    /// ```
    ///
    /// Values that only the build knows are not judged.
    name: "label-not-date",
    aliases: &["DL3053"],
    hadolint: Some(Severity::Warning),
    url: "https://docs.docker.com/reference/dockerfile/#label",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    check_kind(cx, LabelKind::Rfc3339, "a moment like `2026-11-21T10:30:00Z`", report);
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn only_values_that_are_known_are_judged() {
        check_rule(
            "label-not-date",
            "FROM a\nARG V\nLABEL org.opencontainers.image.created=$V other=x org.opencontainers.image.created=\n\
             LABEL org.opencontainers.image.created=21.11.2026\n                                       ^^^^^^^^^^\n",
        );
    }
}
