//! `apt-get install -y curl` without `--no-install-recommends`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `apt-get install` also installs what the packages merely recommend.
    ///
    /// Recommended packages are what a desktop user may like to have. In an image they cost space and time, and each is
    /// one more program that can have a security hole.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// RUN apt-get update && apt-get install -y curl
    /// ```
    ///
    /// Leave them out, and name those that you need (often `ca-certificates`):
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl
    /// ```
    name: "apt-get-with-recommends",
    aliases: &["DL3015"],
    severity: Severity::Info,
    recommended: false,
    hadolint: Some(Severity::Info),
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/build/building/best-practices/#apt-get",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    for called in cx.calls(&["apt-get"]) {
        let Some(install) = called.command.arguments.iter().find(|it| it.text == "install") else { continue };
        let is_without = called.has_flag("no-install-recommends")
            || called.has_any_argument(&["APT::Install-Recommends=false", "-oAPT::Install-Recommends=false"]);
        if is_without {
            continue;
        }
        let draft = report.at(
            called.name_range().cover(install.range),
            "also installs what the packages only recommend: write `apt-get install --no-install-recommends`",
        );
        if called.part.is_editable() {
            let insert = TextEdit::insert(install.range.end(), " --no-install-recommends");
            draft.unsafe_fix("Add `--no-install-recommends`", vec![insert]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn the_option_has_two_forms() {
        check_rule(
            "apt-get-with-recommends",
            "FROM a\nRUN apt-get -y install b && apt-get update\n    ^^^^^^^^^^^^^^^^^^\nRUN apt-get install --no-install-recommends b; apt-get -o APT::Install-Recommends=false install b\nONBUILD RUN apt-get install b\n            ^^^^^^^^^^^^^^^\n",
        );
    }

    #[test]
    fn the_fix_adds_it() {
        check_fix(
            "apt-get-with-recommends",
            "FROM a\nRUN apt-get install -y \\\n  b\n",
            "FROM a\nRUN apt-get install --no-install-recommends -y \\\n  b\n",
        );
    }
}
