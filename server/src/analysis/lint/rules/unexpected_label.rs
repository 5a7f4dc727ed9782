//! A label that the schema does not have.

use crate::analysis::lint::labels::labels;
use crate::analysis::lint::prelude::*;

rule! {
    /// A label is not in the schema, and the schema is strict.
    ///
    /// It may be a slip in the name of one that is. The settings `labelSchema` and `strictLabels` say which labels there
    /// may be; without both this rule says nothing. With `maintainer = "email"` and `strictLabels = true`:
    ///
    /// ```dockerfile bad
    /// FROM scratch
    /// LABEL maintaner="jane@example.com"
    /// ```
    ///
    /// ```dockerfile good
    /// FROM scratch
    /// LABEL maintainer="jane@example.com"
    /// ```
    name: "unexpected-label",
    aliases: &["DL3050"],
    severity: Severity::Info,
    hadolint: Some(Severity::Info),
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#label",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    let schema = &cx.policy.label_schema;
    if !cx.policy.strict_labels || schema.is_empty() {
        return;
    }
    for label in labels(cx).iter().filter(|it| !schema.contains_key(&it.key)) {
        let range = label.key_range();
        match did_you_mean(&label.key, schema.keys().map(String::as_str)) {
            Some(meant) => {
                let message = format!("the schema has no label `{}`; did you mean `{meant}`?", label.key);
                report
                    .at(range, message)
                    .unsafe_fix(format!("Write `{meant}`"), vec![TextEdit::new(range, meant)]);
            }
            None => _ = report.at(range, format!("the schema has no label `{}`", label.key)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn labels_of_the_schema_are_fine() {
        check_rule("unexpected-label", "FROM a\nLABEL other=1 \"maintainer\"=x\n      ^^^^^\nLABEL $X=1\n");
    }

    #[test]
    fn a_slip_is_repaired() {
        check_fix("unexpected-label", "FROM a\nLABEL maintaner=x\n", "FROM a\nLABEL maintainer=x\n");
    }
}
