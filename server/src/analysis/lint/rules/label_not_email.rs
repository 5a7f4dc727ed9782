//! `LABEL maintainer="Jane"`, where the schema wants an e-mail address.

use crate::analysis::lint::labels::{LabelKind, check_kind};
use crate::analysis::lint::prelude::*;

rule! {
    /// A label that the schema calls an e-mail address is none.
    ///
    /// The address is there to be written to. The setting `labelSchema` says which labels are addresses; without it this
    /// rule says nothing. With `maintainer = "email"`:
    ///
    /// ```dockerfile bad
    /// FROM scratch
    /// LABEL maintainer="Jane"
    /// ```
    ///
    /// ```dockerfile good
    /// FROM scratch
    /// LABEL maintainer="jane@example.com"
    /// ```
    ///
    /// Values that only the build knows are not judged.
    name: "label-not-email",
    aliases: &["DL3058"],
    hadolint: Some(Severity::Warning),
    url: "https://docs.docker.com/reference/dockerfile/#label",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    check_kind(cx, LabelKind::Email, "an e-mail address", report);
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn only_values_that_are_known_are_judged() {
        check_rule(
            "label-not-email",
            "FROM a\nARG V\nLABEL maintainer=$V other=x maintainer=\n\
             LABEL maintainer=Jane\n                 ^^^^\n",
        );
    }
}
