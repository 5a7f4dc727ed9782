//! `dnf install` without `dnf clean all`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell_rules::leftovers::{self, Leftovers};

rule! {
    /// `dnf` leaves what it downloaded in the image.
    ///
    /// A file that is deleted in a later `RUN` is still in the layer that brought it, so everyone who pulls the image loads it.
    /// Delete it in the same `RUN`:
    ///
    /// ```dockerfile bad
    /// FROM fedora:43
    /// RUN dnf install -y httpd
    /// ```
    ///
    /// ```dockerfile good
    /// FROM fedora:43
    /// RUN dnf install -y httpd && dnf clean all
    /// ```
    name: "dnf-cache-left-behind",
    aliases: &["DL3040"],
    severity: Severity::Info,
    hadolint: Some(Severity::Warning),
    fix: FixSafety::Safe,
    url: "https://dnf.readthedocs.io/en/latest/command_ref.html",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

const LEFTOVERS: Leftovers = Leftovers {
    programs: &["dnf", "microdnf"],
    installs: &["install", "in", "upgrade", "up", "upgrade-minimal", "up-min", "reinstall", "rei"],
    cleans: |it| (it.is_any(&["dnf", "microdnf"]) && it.has_argument("clean")) || removes(it),
    folders: &["/var/cache/libdnf5", "/var/cache/dnf"],
    message: "`dnf` leaves its downloads in the image",
    cleanup: "{} clean all",
};

fn removes(command: &ShellCommand) -> bool {
    let is_cache = |it: &str| it.starts_with("/var/cache/libdnf5") || it.starts_with("/var/cache/dnf");
    command.is("rm") && command.arguments.iter().any(|it| is_cache(it.as_str()))
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    leftovers::check(&LEFTOVERS, cx, report);
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn cleaning_must_come_later() {
        check_rule(
            "dnf-cache-left-behind",
            "FROM a\nRUN dnf clean all && dnf install -y b\n                     ^^^^^^^^^^^^^^^^\nRUN dnf install -y b && dnf clean all\nRUN microdnf up && rm -rf /var/cache/libdnf5\nRUN --mount=type=cache,target=/var/cache/libdnf5 dnf install -y b\nONBUILD RUN dnf install b\n            ^^^^^^^^^^^^^\n",
        );
    }

    #[test]
    fn the_fix_adds_it_at_the_end() {
        check_fix(
            "dnf-cache-left-behind",
            "FROM a\nRUN x && \\\n  microdnf install -y b\n",
            "FROM a\nRUN x && \\\n  microdnf install -y b && \\\n  microdnf clean all\n",
        );
    }
}
