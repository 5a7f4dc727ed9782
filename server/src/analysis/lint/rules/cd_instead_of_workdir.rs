//! `RUN cd /app && make`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `cd` is called in a `RUN` where `WORKDIR` would do.
    ///
    /// A `cd` holds until the end of its `RUN`: the next instruction starts in the old folder again. `WORKDIR` holds
    /// for all that follows, also for the container that is started, and it creates the folder.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// RUN cd /app && make
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// WORKDIR /app
    /// RUN make
    /// ```
    name: "cd-instead-of-workdir",
    aliases: &["DL3003"],
    severity: Severity::Info,
    recommended: false,
    hadolint: Some(Severity::Warning),
    url: "https://docs.docker.com/build/building/best-practices/#workdir",
    check: Check::Shell { on: &[Keyword::Run], deferred: false, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    for called in cx.calls(&["cd"]) {
        let message =
            "`cd` holds only until the end of this `RUN`: `WORKDIR` sets the folder for all that follows";
        report.at(called.words_range(), message);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn every_call_is_marked() {
        check_rule(
            "cd-instead-of-workdir",
            "FROM a\nRUN a && cd /b && (cd c; d)\n         ^^^^^\n                   ^^^^\nRUN echo cd\nONBUILD RUN cd /x\n",
        );
    }
}
