//! `LABEL version=`, where the schema has the label.

use crate::analysis::lint::labels::labels;
use crate::analysis::lint::prelude::*;

rule! {
    /// A label that the schema demands is empty.
    ///
    /// Whoever asks for the label gets nothing. The setting `labelSchema` says which labels are wanted; without it this
    /// rule says nothing. With `"org.opencontainers.image.title" = "text"`:
    ///
    /// ```dockerfile bad
    /// FROM scratch
    /// LABEL org.opencontainers.image.title=""
    /// ```
    ///
    /// ```dockerfile good
    /// FROM scratch
    /// LABEL org.opencontainers.image.title="The shop"
    /// ```
    name: "empty-label",
    aliases: &["DL3051"],
    hadolint: Some(Severity::Warning),
    url: "https://docs.docker.com/reference/dockerfile/#label",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for label in labels(cx).iter().filter(|it| cx.policy.label_schema.contains_key(&it.key)) {
        if label.value(cx).is_some_and(|it| it.is_empty()) {
            report.at(label.key_range(), format!("the label `{}` is empty: give it a value", label.key));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn only_labels_of_the_schema_count() {
        check_rule(
            "empty-label",
            "FROM a\nLABEL x= maintainer=''\n         ^^^^^^^^^^\nARG M\nLABEL maintainer=$M\n",
        );
    }
}
