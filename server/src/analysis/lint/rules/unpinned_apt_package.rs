//! `apt-get install curl`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell_rules::pins;

rule! {
    /// `apt-get install` does not say which version of a package it wants.
    ///
    /// Two builds of the same file may install different versions, and one of them may not work. But a version that is named
    /// is soon gone from the archive of Debian or Ubuntu, and then the build fails: name versions only where it matters, or
    /// fix the whole base image by its digest.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// RUN apt-get update && apt-get install -y curl
    /// ```
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// RUN apt-get update && apt-get install -y curl=8.14.1-2
    /// ```
    name: "unpinned-apt-package",
    aliases: &["DL3008"],
    severity: Severity::Info,
    recommended: false,
    hadolint: Some(Severity::Warning),
    url: "https://docs.docker.com/build/building/best-practices/#version-pinning",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    for called in cx.calls(&["apt-get"]).filter(|it| it.has_argument("install")) {
        let mut packages = pins::packages(called.command, &["install"], &["t", "target-release"]);
        packages.retain(|it| !is_pinned(it.as_str()));
        pins::found(&packages, "name=version", report);
    }
}

fn is_pinned(package: &str) -> bool {
    package.contains(['=', '/']) || package.ends_with(".deb")
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn versions_releases_and_files_are_pins() {
        check_rule(
            "unpinned-apt-package",
            "FROM a\nRUN apt-get install -y b c=1 d\n                       ^^^^^^^ `b`, `d` come\nRUN apt-get install -t x b=1 c/stable ./d.deb; apt-get update\nONBUILD RUN apt-get install b\n                            ^ `b` comes\n",
        );
    }
}
