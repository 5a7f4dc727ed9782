//! `apt-get update` without `rm -rf /var/lib/apt/lists/*`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell_rules::append::append;

rule! {
    /// The package lists of `apt-get update` stay in the image.
    ///
    /// They take about 20 MB, and are out of date when somebody wants to install from them. A file that is deleted in a later
    /// `RUN` is still in the layer that brought it, so delete them in the same `RUN`:
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// RUN apt-get update && apt-get install -y curl
    /// ```
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
    /// ```
    name: "apt-lists-left-behind",
    aliases: &["DL3009"],
    severity: Severity::Info,
    hadolint: Some(Severity::Info),
    fix: FixSafety::Safe,
    url: "https://docs.docker.com/build/building/best-practices/#apt-get",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    let runs: Vec<_> = cx.runs().collect();
    for (index, (instruction, shell)) in runs.iter().enumerate() {
        let Some(update) = shell.calls(PROGRAMS).find(|it| it.has_argument("update")) else { continue };
        if !cx.is_shipped(instruction.id) || is_cleaned(shell) || is_mounted(shell) {
            continue;
        }
        let message = format!("the package lists stay in the image: add `&& {CLEANUP}` to this `RUN`");
        let draft = report.at(instruction.absolute(update.words_range()), message);
        let later = runs.iter().skip(index + 1).map(|(_, shell)| shell);
        // A lone update serves installs that follow.
        let is_needed = !shell.commands().any(|it| installs(&it)) || later.clone().any(relies_on_lists);
        if let Some(edit) = append(shell, update.part, CLEANUP).filter(|_| !is_needed) {
            let edit = TextEdit::new(instruction.absolute(edit.range), edit.new_text);
            draft.safe_fix(format!("Add `{CLEANUP}`"), vec![edit]);
        }
    }
}

const PROGRAMS: &[&str] = &["apt-get", "apt", "aptitude"];
const CLEANUP: &str = "rm -rf /var/lib/apt/lists/*";

fn installs(command: &ShellCommand) -> bool {
    command.is_any(PROGRAMS) && command.has_any_argument(&["install", "upgrade", "dist-upgrade", "build-dep"])
}

/// Whether it installs from lists that were there before.
fn relies_on_lists(shell: &ShellContext<'_>) -> bool {
    let apt = shell.commands().find(|it| it.is_any(PROGRAMS) && (it.has_argument("update") || installs(it)));
    apt.is_some_and(|it| !it.has_argument("update"))
}

fn is_cleaned(shell: &ShellContext<'_>) -> bool {
    let is_list = |it: &ShellWord| {
        let path = it.as_str();
        path.contains("/var/lib/apt")
            || path.starts_with("/var/lib/{")
            || matches!(path, "/var/lib" | "/var/lib/*")
    };
    let cleans = |it: Called<'_>| it.has_any_argument(&["dist-clean", "distclean"]);
    if shell.calls(PROGRAMS).any(cleans) {
        return true;
    }
    shell.calls(&["rm", "find"]).any(|it| it.command.arguments.iter().any(is_list))
}

fn is_mounted(shell: &ShellContext<'_>) -> bool {
    shell.is_mounted("/var/lib/apt/lists")
        || (shell.is_mounted("/var/lib/apt") && shell.is_mounted("/var/cache/apt"))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule, findings};

    #[test]
    fn lists_may_be_removed_or_mounted() {
        check_rule(
            "apt-lists-left-behind",
            "FROM a\nRUN apt-get update && rm -rf /tmp/x\n    ^^^^^^^^^^^^^^\nRUN apt-get update && apt-get install b && apt-get dist-clean\nRUN apt-get -q update && rm -rf /var/lib/apt/lists/*\nRUN --mount=type=cache,target=/var/lib/apt/lists apt-get update\nONBUILD RUN aptitude update\n            ^^^^^^^^^^^^^^^\n",
        );
    }

    #[test]
    fn only_stages_that_are_kept_count() {
        check_rule(
            "apt-lists-left-behind",
            "FROM a\nRUN apt-get update\nFROM a AS x\nRUN apt-get update\n    ^^^^^^^^^^^^^^\nFROM x\n",
        );
    }

    #[test]
    fn the_fix_adds_it_in_the_layout_of_the_text() {
        check_fix(
            "apt-lists-left-behind",
            "FROM a\nRUN apt-get update \\\n  && apt-get install b\n",
            "FROM a\nRUN apt-get update \\\n  && apt-get install b \\\n  && rm -rf /var/lib/apt/lists/*\n",
        );
    }

    #[test]
    fn lists_that_are_used_later_are_kept() {
        let text = "FROM a\nRUN apt-get update && apt-get install b\nRUN apt-get install c\n";
        assert!(findings("apt-lists-left-behind", text)[0].fix().is_none());
    }
}
