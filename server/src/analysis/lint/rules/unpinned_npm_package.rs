//! `npm install express`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell_rules::pins;

rule! {
    /// `npm install` does not say which version of a package it wants.
    ///
    /// Two builds of the same file may install different versions, and one of them may not work.
    ///
    /// ```dockerfile bad
    /// FROM node:24
    /// RUN npm install -g typescript
    /// ```
    ///
    /// ```dockerfile good
    /// FROM node:24
    /// RUN npm install -g typescript@5.9.3
    /// ```
    name: "unpinned-npm-package",
    aliases: &["DL3016"],
    severity: Severity::Info,
    recommended: false,
    hadolint: Some(Severity::Warning),
    url: "https://docs.npmjs.com/cli/commands/npm-install",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    for called in cx.calls(&["npm"]) {
        let words = called.command.arguments_without_flags_and_values(&["loglevel", "registry"]);
        if words.first().is_some_and(|it| it.text == "install") {
            let packages: Vec<_> = words.into_iter().skip(1).filter(|it| !is_pinned(it.as_str())).collect();
            pins::found(&packages, "name@version", report);
        }
    }
}

fn is_pinned(package: &str) -> bool {
    let is_git =
        ["git://", "git+ssh://", "git+http://", "git+https://"].iter().any(|it| package.starts_with(it));
    let is_file = ["/", "./", "../", "~/"].iter().any(|it| package.starts_with(it))
        || [".tar", ".tar.gz", ".tgz"].iter().any(|it| package.ends_with(it));
    // The first `@` of `@scope/name` is part of the name.
    let has_version = package.get(1..).is_some_and(|it| it.contains('@'));
    if is_git { package.contains('#') } else { is_file || has_version }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn scopes_are_no_versions() {
        check_rule(
            "unpinned-npm-package",
            "FROM a\nRUN npm install -g @b/c\n                   ^^^^ `@b/c` comes\nRUN npm install @b/c@1 d@2 ./e f.tgz git+ssh://g#v1; npm install; npm ci\nRUN npm --registry x install git://b\n                             ^^^^^^^\nONBUILD RUN npm install b\n                        ^\n",
        );
    }
}
