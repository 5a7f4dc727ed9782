//! `LABEL org.opencontainers.image.revision=main`, where the schema wants a commit.

use crate::analysis::lint::labels::{LabelKind, check_kind};
use crate::analysis::lint::prelude::*;

rule! {
    /// A label that the schema calls a commit is no hash of git.
    ///
    /// From the hash one finds the source of an image; the name of a branch means something else the day after. The setting
    /// `labelSchema` says which labels are commits; without it this rule says nothing. With
    /// `"org.opencontainers.image.revision" = "hash"`:
    ///
    /// ```dockerfile bad
    /// FROM scratch
    /// LABEL org.opencontainers.image.revision="main"
    /// ```
    ///
    /// ```dockerfile good
    /// FROM scratch
    /// LABEL org.opencontainers.image.revision="9c9a1a2"
    /// ```
    ///
    /// Values that only the build knows are not judged.
    name: "label-not-commit",
    aliases: &["DL3055"],
    hadolint: Some(Severity::Warning),
    url: "https://docs.docker.com/reference/dockerfile/#label",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    check_kind(cx, LabelKind::Hash, "a commit of 7 or 40 digits from 0-9 and a-f", report);
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn only_values_that_are_known_are_judged() {
        check_rule(
            "label-not-commit",
            "FROM a\nARG V\nLABEL org.opencontainers.image.revision=$V other=x org.opencontainers.image.revision=\n\
             LABEL org.opencontainers.image.revision=main\n                                        ^^^^\n",
        );
    }
}
