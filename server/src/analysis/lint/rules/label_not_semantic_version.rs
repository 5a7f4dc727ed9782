//! `LABEL org.opencontainers.image.version=1.4`, where the schema wants a semantic version.

use crate::analysis::lint::labels::{LabelKind, check_kind};
use crate::analysis::lint::prelude::*;

rule! {
    /// A label that the schema calls a semantic version is none.
    ///
    /// Programs compare such versions number by number, and need all three: `major.minor.patch`, without a `v`. The setting
    /// `labelSchema` says which labels are versions; without it this rule says nothing. With
    /// `"org.opencontainers.image.version" = "semver"`:
    ///
    /// ```dockerfile bad
    /// FROM scratch
    /// LABEL org.opencontainers.image.version="v1.4"
    /// ```
    ///
    /// ```dockerfile good
    /// FROM scratch
    /// LABEL org.opencontainers.image.version="1.4.0"
    /// ```
    ///
    /// Values that only the build knows are not judged.
    name: "label-not-semantic-version",
    aliases: &["DL3056"],
    hadolint: Some(Severity::Warning),
    url: "https://docs.docker.com/reference/dockerfile/#label",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    check_kind(cx, LabelKind::Semver, "a version of three numbers, like `1.4.0`", report);
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn only_values_that_are_known_are_judged() {
        check_rule(
            "label-not-semantic-version",
            "FROM a\nARG V\nLABEL org.opencontainers.image.version=$V other=x org.opencontainers.image.version=\n\
             LABEL org.opencontainers.image.version=v1.4\n                                       ^^^^\n",
        );
    }
}
