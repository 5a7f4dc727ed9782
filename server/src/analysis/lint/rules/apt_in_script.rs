//! `RUN apt install curl`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `apt` is meant for people at a terminal, not for scripts.
    ///
    /// Its options and what it prints may change with every version, as it warns itself when it is not at a terminal.
    /// `apt-get` and `apt-cache` stay as they are.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// RUN apt update && apt install -y curl
    /// ```
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// RUN apt-get update && apt-get install -y curl
    /// ```
    name: "apt-in-script",
    aliases: &["DL3027"],
    severity: Severity::Info,
    hadolint: Some(Severity::Warning),
    fix: FixSafety::Safe,
    url: "https://manpages.debian.org/apt.8#SCRIPT_USAGE_AND_DIFFERENCES_FROM_OTHER_APT_TOOLS",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    let Some(first) = cx.calls(&["apt"]).next() else { return };
    let written = stable_program(&first).unwrap_or("apt-get");
    let message = format!("`apt` may change its ways with every version: write `{written}` in scripts");
    let edits: Vec<TextEdit> = cx.calls(&["apt"]).filter_map(|it| edit(cx, it)).collect();
    report.at(first.name_range(), message).safe_fix(format!("Write `{written}`"), edits);
}

/// The other name; `None` with a path in front, in JSON, or if there is none.
fn edit(cx: &ShellContext<'_>, called: Called<'_>) -> Option<TextEdit> {
    let other = stable_program(&called)?;
    let is_bare = called.part.is_editable() && cx.source(called.name_range()) == "apt";
    is_bare.then(|| TextEdit::new(called.name_range(), other))
}

/// The program that does the same. `apt upgrade` also installs what is new, `apt-get upgrade` does not.
fn stable_program(command: &ShellCommand) -> Option<&'static str> {
    match command.subcommand()?.as_str() {
        "install" | "update" | "remove" | "purge" | "autoremove" | "clean" | "autoclean" | "reinstall"
        | "source" | "build-dep" | "download" => Some("apt-get"),
        "show" | "policy" | "depends" | "rdepends" => Some("apt-cache"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn only_the_command_itself() {
        check_rule(
            "apt-in-script",
            "FROM a\nRUN apt update && apt-get install -y apt && rm -rf /etc/apt\n    ^^^\nONBUILD RUN apt list\n            ^^^\n",
        );
    }

    #[test]
    fn what_means_the_same_is_replaced() {
        check_fix(
            "apt-in-script",
            "FROM a\nRUN apt -y install b && apt show c\n",
            "FROM a\nRUN apt-get -y install b && apt-cache show c\n",
        );
    }
}
