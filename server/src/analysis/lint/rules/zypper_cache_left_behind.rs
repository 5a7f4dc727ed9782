//! `zypper install` without `zypper clean`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell_rules::leftovers::{self, Leftovers};

rule! {
    /// `zypper` leaves what it downloaded in the image.
    ///
    /// A file that is deleted in a later `RUN` is still in the layer that brought it, so everyone who pulls the image loads it.
    /// Delete it in the same `RUN`:
    ///
    /// ```dockerfile bad
    /// FROM opensuse/leap:15.6
    /// RUN zypper -n install apache2
    /// ```
    ///
    /// ```dockerfile good
    /// FROM opensuse/leap:15.6
    /// RUN zypper -n install apache2 && zypper clean
    /// ```
    name: "zypper-cache-left-behind",
    aliases: &["DL3036"],
    severity: Severity::Info,
    hadolint: Some(Severity::Warning),
    fix: FixSafety::Safe,
    url: "https://en.opensuse.org/SDB:Zypper_manual",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

const LEFTOVERS: Leftovers = Leftovers {
    programs: &["zypper"],
    installs: &["install", "in"],
    cleans: |it| it.is("zypper") && it.has_any_argument(&["clean", "cc"]),
    folders: &["/var/cache/zypp"],
    message: "`zypper` leaves its downloads in the image",
    cleanup: "{} clean",
};

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    leftovers::check(&LEFTOVERS, cx, report);
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn cleaning_must_come_later() {
        check_rule(
            "zypper-cache-left-behind",
            "FROM a\nRUN zypper clean && zypper -n in b\n                    ^^^^^^^^^^^^^^\nRUN zypper in -y b && zypper cc\nRUN --mount=type=cache,target=/var/cache/zypp zypper -n in b\nONBUILD RUN zypper in b\n            ^^^^^^^^^^^\n",
        );
    }

    #[test]
    fn the_fix_adds_it_at_the_end() {
        check_fix(
            "zypper-cache-left-behind",
            "FROM a\nRUN zypper in -y b\n",
            "FROM a\nRUN zypper in -y b && zypper clean\n",
        );
    }
}
