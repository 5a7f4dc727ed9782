//! `apt-get install curl`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell_rules::prompts::{self, Prompts};

rule! {
    /// `apt-get` is not told to go ahead, so it asks, and the build stops.
    ///
    /// Before it installs more than was named, `apt-get` asks "Do you want to continue?". There is nobody to answer in
    /// a build, which it takes for a no.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// RUN apt-get update && apt-get install curl
    /// ```
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// RUN apt-get update && apt-get install -y curl
    /// ```
    name: "apt-get-without-yes",
    aliases: &["DL3014"],
    severity: Severity::Warning,
    hadolint: Some(Severity::Warning),
    fix: FixSafety::Safe,
    url: "https://docs.docker.com/build/building/best-practices/#apt-get",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

const APT_GET: Prompts = Prompts {
    programs: &["apt-get"],
    subcommands: &["install"],
    more: &["upgrade", "dist-upgrade", "full-upgrade", "build-dep", "remove", "purge"],
    has_yes,
    yes: "-y",
    is_yes_first: false,
};

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    prompts::check(&APT_GET, cx, report);
}

/// Twice quiet means yes.
fn has_yes(command: &ShellCommand) -> bool {
    command.has_any_flag(&["y", "yes", "assume-yes"])
        || command.count_flag("q") > 1
        || command.count_flag("quiet") > 1
        || command.has_any_argument(&["-q=2", "--quiet=2", "APT::Get::Assume-Yes=true"])
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn yes_has_many_forms() {
        check_rule(
            "apt-get-without-yes",
            "FROM a\nRUN apt-get install -q a\n    ^^^^^^^^^^^^^^^\nRUN apt-get -yq install a; apt-get --yes install a; apt-get -qq install a; apt-get -q -q install a\nRUN apt-get --assume-yes install a; apt-get install --quiet --quiet a; apt-get install -q=2 a\nRUN yes | apt-get install a; apt-get install -s a; apt-get upgrade --dry-run\nRUN apt-get purge -y a; apt-get remove a\n                        ^^^^^^^^^^^^^^\n",
        );
    }

    #[test]
    fn other_subcommands_ask_too() {
        check_rule(
            "apt-get-without-yes",
            "FROM a\nRUN apt-get upgrade && apt-get update && echo apt-get install\n    ^^^^^^^^^^^^^^^\nONBUILD RUN apt-get install a\n            ^^^^^^^^^^^^^^^\n",
        );
    }

    #[test]
    fn the_flag_goes_behind_the_subcommand() {
        check_fix(
            "apt-get-without-yes",
            "FROM a\nRUN apt-get install \\\n  a && sh -c 'apt-get install b'\n",
            "FROM a\nRUN apt-get install -y \\\n  a && sh -c 'apt-get install -y b'\n",
        );
    }
}
