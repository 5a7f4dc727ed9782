//! `COPY --from=build / /`.

use crate::analysis::lint::prelude::*;

rule! {
    /// A whole file system is copied from another stage.
    ///
    /// One copies from a stage to take the few files that are needed and to leave the tools behind. This takes everything,
    /// in one layer as large as the whole image.
    ///
    /// ```dockerfile bad
    /// FROM golang:1.25 AS build
    /// RUN go build -o /app .
    /// FROM scratch
    /// COPY --from=build / /
    /// ```
    ///
    /// ```dockerfile good
    /// FROM golang:1.25 AS build
    /// RUN go build -o /app .
    /// FROM scratch
    /// COPY --from=build /app /app
    /// ```
    ///
    /// Some do it on purpose, to make one layer of many; so the quiet profile says nothing.
    name: "copy-of-whole-root",
    aliases: &["DL3067"],
    recommended: false,
    hadolint: Some(Severity::Warning),
    url: "https://docs.docker.com/build/building/multi-stage/",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Copy]), deferred: false, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Arguments::Copy(copy) = &cx.instruction.arguments else { return };
    let is_root = |word: &Word| word.literal().as_deref() == Some("/");
    let source = copy.sources.iter().find(|it| is_root(it));
    let is_to_root = copy.destination.as_ref().is_some_and(is_root);
    if let Some(source) = source.filter(|_| is_to_root && cx.instruction.flag("from").is_some()) {
        report.at(source.range(), "this copies everything there is: name the files that are needed");
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn only_root_to_root_from_elsewhere_is_meant() {
        check_rule(
            "copy-of-whole-root",
            "FROM a AS b\nCOPY / /\nCOPY --from=b / /x\nCOPY --from=b /x /\nCOPY --from=b \"/\" /x /\n              ^^^\n",
        );
    }
}
