//! `curl` here, `wget` there.

use crate::analysis::lint::prelude::*;

rule! {
    /// Both `curl` and `wget` are used, though one would do.
    ///
    /// Each of them brings its libraries into the image.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// RUN curl -fsSLO https://example.com/a
    /// RUN wget -q https://example.com/b
    /// ```
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// RUN curl -fsSLO https://example.com/a
    /// RUN curl -fsSLO https://example.com/b
    /// ```
    name: "curl-and-wget",
    aliases: &["DL4001"],
    severity: Severity::Info,
    recommended: false,
    hadolint: Some(Severity::Warning),
    url: "https://docs.docker.com/build/building/best-practices/#dont-install-unnecessary-packages",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    let (mut has_curl, mut has_wget) = (false, false);
    for instruction in cx.instructions().filter(|it| it.node.innermost().keyword == Some(Keyword::Run)) {
        let Some(shell) = cx.cx.shell(instruction.id) else { continue };
        let mut calls = shell.calls(&["curl", "wget"]);
        has_curl |= shell.calls(&["curl"]).next().is_some();
        has_wget |= shell.calls(&["wget"]).next().is_some();
        if let Some(called) = calls.next().filter(|_| has_curl && has_wget) {
            let message = "this stage uses both `curl` and `wget`: one of them would do";
            report.at(instruction.absolute(called.name_range()), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn every_stage_has_its_own() {
        check_rule(
            "curl-and-wget",
            "FROM a\nRUN curl b\nRUN wget c\n    ^^^^\nRUN curl d\n    ^^^^\nFROM e\nRUN wget f; apt-get install curl\nFROM e\nRUN curl a\nONBUILD RUN wget f\n            ^^^^\n",
        );
    }
}
