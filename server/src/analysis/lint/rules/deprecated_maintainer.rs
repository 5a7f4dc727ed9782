//! `MAINTAINER`.

use crate::analysis::knowledge::authors_label;
use crate::analysis::lint::prelude::*;

rule! {
    /// `MAINTAINER` is deprecated: a label took its place.
    ///
    /// Docker has not documented `MAINTAINER` since 2017. Tools that list images read labels, and a label can hold any
    /// fact about an image, not only a name.
    ///
    /// ```dockerfile bad
    /// FROM scratch
    /// MAINTAINER Jane Doe <jane@example.com>
    /// ```
    ///
    /// Write the label that the OCI image specification names for it:
    ///
    /// ```dockerfile good
    /// FROM scratch
    /// LABEL org.opencontainers.image.authors="Jane Doe <jane@example.com>"
    /// ```
    name: "deprecated-maintainer",
    aliases: &["MaintainerDeprecated", "DL4000", "DEPRECATED_MAINTAINER"],
    buildkit: true,
    hadolint: Some(Severity::Error),
    fix: FixSafety::Safe,
    tag: Some(Tag::Deprecated),
    url: "https://docs.docker.com/go/dockerfile/rule/maintainer-deprecated/",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Maintainer]), deferred: false, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Arguments::Single(maintainer) = &cx.instruction.arguments else { return };
    let message = "`MAINTAINER` is deprecated: write `LABEL org.opencontainers.image.authors=\"…\"` instead";
    let draft = report.at(cx.instruction.name.range(), message);
    if let Some(maintainer) = maintainer {
        let label = authors_label(maintainer.raw(), cx.setting.escape);
        draft.safe_fix("Write a `LABEL`", vec![TextEdit::new(cx.instruction.line_range, label)]);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn the_fix_keeps_quotes_and_dollars() {
        check_fix(
            "deprecated-maintainer",
            "FROM a\nMAINTAINER \"J\" $x \\\n  <j@x>\nUSER u\n",
            "FROM a\nLABEL org.opencontainers.image.authors=\"\\\"J\\\" \\$x   <j@x>\"\nUSER u\n",
        );
    }

    #[test]
    fn only_the_keyword_is_marked() {
        check_rule("deprecated-maintainer", "FROM a\nmaintainer x\n^^^^^^^^^^\n");
    }
}
