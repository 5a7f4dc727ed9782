//! `apk add curl`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell_rules::pins;

rule! {
    /// `apk add` does not say which version of a package it wants.
    ///
    /// Two builds of the same file may install different versions, and one of them may not work. But Alpine keeps only the
    /// newest build of each package, so a full version is soon gone and the build fails; `~` allows later builds of a version.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// RUN apk add --no-cache curl
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// RUN apk add --no-cache curl~8.14
    /// ```
    name: "unpinned-apk-package",
    aliases: &["DL3018"],
    severity: Severity::Info,
    recommended: false,
    hadolint: Some(Severity::Warning),
    url: "https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper#Holding_a_specific_package_back",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    const WITH_VALUE: &[&str] = &["t", "virtual", "repository", "X"];
    for called in cx.calls(&["apk"]).filter(|it| it.has_argument("add")) {
        let mut packages = pins::packages(called.command, &["add"], WITH_VALUE);
        packages.retain(|it| !it.as_str().contains(['=', '~', '>', '<']) && !it.as_str().ends_with(".apk"));
        pins::found(&packages, "name~version", report);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn any_comparison_is_a_pin() {
        check_rule(
            "unpinned-apk-package",
            "FROM a\nRUN apk add --no-cache -t .x b\n                             ^ `b` comes\nRUN apk add 'b>1' c~2 d=3 ./e.apk --virtual .x; apk del f\nONBUILD RUN apk add b\n                    ^\n",
        );
    }
}
