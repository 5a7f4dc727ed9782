//! `RUN` above the first `FROM`.

use crate::analysis::lint::prelude::*;

rule! {
    /// An instruction stands before the first `FROM`; only `ARG` may.
    ///
    /// The build stops: there is no image yet that the instruction could change.
    ///
    /// ```dockerfile bad
    /// WORKDIR /app
    /// FROM alpine:3.22
    /// ```
    ///
    /// ```dockerfile good
    /// ARG VERSION=3.22
    /// FROM alpine:${VERSION}
    /// WORKDIR /app
    /// ```
    error,
    name: "instruction-before-from",
    aliases: &["DL3061"],
    hadolint: Some(Severity::Error),
    url: "https://docs.docker.com/reference/dockerfile/#from",
    check: Check::Model(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    // Without any FROM that is what is wrong.
    let Some(first) = cx.model.stages().first() else { return };
    for instruction in cx.instructions().take(first.from.index()) {
        let keyword = instruction.keyword.filter(|it| *it != Keyword::Arg);
        if let Some(keyword) = keyword {
            let range = instruction.absolute(instruction.node.name.range());
            report.at(range, format!("`{keyword}` cannot stand before the first `FROM`: move it below"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn only_arguments_may_come_first() {
        check_rule("instruction-before-from", "ARG A\nENV B=c\n^^^\nLABEL d=e\n^^^^^\nFROM f\nRUN g\n");
        check_rule("instruction-before-from", "RUN a\n");
    }
}
