//! `LABEL org.opencontainers.image.source=example.com`, where the schema wants a URL.

use crate::analysis::lint::labels::{LabelKind, check_kind};
use crate::analysis::lint::prelude::*;

rule! {
    /// A label that the schema calls a URL is none.
    ///
    /// Programs that show the label make a link of it, and one without `https://` leads nowhere. The setting `labelSchema`
    /// says which labels are URLs; without it this rule says nothing. With `"org.opencontainers.image.source" = "url"`:
    ///
    /// ```dockerfile bad
    /// FROM scratch
    /// LABEL org.opencontainers.image.source="example.com/app"
    /// ```
    ///
    /// ```dockerfile good
    /// FROM scratch
    /// LABEL org.opencontainers.image.source="https://example.com/app"
    /// ```
    ///
    /// Values that only the build knows are not judged.
    name: "label-not-url",
    aliases: &["DL3052"],
    hadolint: Some(Severity::Warning),
    url: "https://docs.docker.com/reference/dockerfile/#label",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    check_kind(cx, LabelKind::Url, "a URL with its scheme, like `https://example.com`", report);
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn only_values_that_are_known_are_judged() {
        check_rule(
            "label-not-url",
            "FROM a\nARG V\nLABEL org.opencontainers.image.source=$V other=x org.opencontainers.image.source=\n\
             LABEL org.opencontainers.image.source=example.com/app\n                                      ^^^^^^^^^^^^^^^\n",
        );
    }
}
