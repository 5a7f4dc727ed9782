//! A file without `FROM`.

use crate::analysis::lint::prelude::*;

rule! {
    /// The file has no `FROM`, so there is nothing to build on.
    ///
    /// The build stops. Every image starts from another one, or from nothing: `FROM scratch`.
    ///
    /// ```dockerfile bad
    /// RUN echo hello
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// RUN echo hello
    /// ```
    error,
    name: "missing-from",
    aliases: &["NO_SOURCE_IMAGE"],
    url: "https://docs.docker.com/reference/dockerfile/#from",
    check: Check::Model(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    if !cx.model.stages().is_empty() {
        return;
    }
    // A misspelt FROM is already reported as unknown.
    let is_misspelt = |name: &str| did_you_mean(name, ["FROM"]).is_some();
    if cx.instructions().any(|it| it.keyword.is_none() && is_misspelt(it.node.name.as_str())) {
        return;
    }
    let first = cx.instructions().find(|it| !matches!(it.keyword, Some(Keyword::Arg) | None));
    let first = first.or_else(|| cx.instructions().next());
    let range = first.map_or(TextRange::default(), |it| it.absolute(it.node.name.range()));
    report.at(range, "there is no `FROM`: begin with the image to build on, such as `FROM alpine:3.22`");
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_rule, findings};

    #[test]
    fn one_finding_at_the_first_instruction() {
        check_rule("missing-from", "ARG A\nRUN a\n^^^\nRUN b\n");
        check_rule("missing-from", "FORM a\nRUN a\n");
        assert_eq!(findings("missing-from", "").len(), 1);
    }
}
