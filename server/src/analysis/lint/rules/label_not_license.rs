//! `LABEL org.opencontainers.image.licenses=GPL`, where the schema wants a licence.

use crate::analysis::lint::labels::{LabelKind, check_kind};
use crate::analysis::lint::prelude::*;

rule! {
    /// A label that the schema calls a licence has a name that is not in the SPDX list.
    ///
    /// Programs that check licences know them by the names of <https://spdx.org/licenses/> only. Several are combined with
    /// `AND` and `OR`. The setting `labelSchema` says which labels are licences; without it this rule says nothing. With
    /// `"org.opencontainers.image.licenses" = "spdx"`:
    ///
    /// ```dockerfile bad
    /// FROM scratch
    /// LABEL org.opencontainers.image.licenses="GPL"
    /// ```
    ///
    /// ```dockerfile good
    /// FROM scratch
    /// LABEL org.opencontainers.image.licenses="GPL-3.0-or-later"
    /// ```
    ///
    /// Values that only the build knows are not judged.
    name: "label-not-license",
    aliases: &["DL3054"],
    hadolint: Some(Severity::Warning),
    url: "https://docs.docker.com/reference/dockerfile/#label",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    check_kind(cx, LabelKind::Spdx, "an SPDX licence name, like `MIT` or `Apache-2.0`", report);
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn only_values_that_are_known_are_judged() {
        check_rule(
            "label-not-license",
            "FROM a\nARG V\nLABEL org.opencontainers.image.licenses=$V other=x org.opencontainers.image.licenses=\n\
             LABEL org.opencontainers.image.licenses=GPL\n                                        ^^^\n",
        );
    }
}
