//! `go install example.com/tool`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell_rules::pins;

rule! {
    /// `go install`, `go get` or `go run` does not say which version of a package it wants.
    ///
    /// Two builds of the same file may fetch different versions, and one of them may not work.
    ///
    /// ```dockerfile bad
    /// FROM golang:1.25
    /// RUN go install example.com/tool@latest
    /// ```
    ///
    /// ```dockerfile good
    /// FROM golang:1.25
    /// RUN go install example.com/tool@v1.2.3
    /// ```
    name: "unpinned-go-package",
    aliases: &["DL3062"],
    severity: Severity::Info,
    recommended: false,
    hadolint: Some(Severity::Warning),
    url: "https://go.dev/ref/mod#go-install",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    let is_strict = cx.setting.profile == Profile::Hadolint;
    for called in cx.calls(&["go"]) {
        let words = called.command.arguments_without_flags_and_values(WITH_VALUE);
        let Some((first, rest)) = words.split_first() else { continue };
        let packages: Vec<_> = match first.as_str() {
            "install" | "get" => {
                rest.iter().copied().filter(|it| is_unpinned(it.as_str(), is_strict)).collect()
            }
            // The other words are for the program.
            "run" => rest.iter().take(1).copied().filter(|it| is_unpinned(it.as_str(), is_strict)).collect(),
            _ => continue,
        };
        pins::found(&packages, "package@version", report);
    }
}

const WITH_VALUE: &[&str] =
    &["ldflags", "gcflags", "asmflags", "tags", "mod", "modfile", "o", "p", "exec", "C"];

fn is_unpinned(package: &str, is_strict: bool) -> bool {
    // hadolint takes a file for a package.
    let is_file = package.ends_with(".go") && !is_strict;
    if is_file || package == "tool" || package.starts_with(['.', '/', '$']) {
        return false;
    }
    match package.split_once('@') {
        None => true,
        Some((_, version)) => matches!(version, "latest" | "none" | ""),
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn latest_is_no_version() {
        check_rule(
            "unpinned-go-package",
            "FROM a\nRUN go install b.c/d@latest ./x\n               ^^^^^^^^^^^^\nRUN go get -u b.c/d@v1 && go run ./cmd && go build b.c/d && go run x.go\nONBUILD RUN go get b.c/d\n                   ^^^^^\n",
        );
    }
}
