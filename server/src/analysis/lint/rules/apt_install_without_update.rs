//! `RUN apt-get install curl` in a fresh image.

use crate::analysis::image::index;
use crate::analysis::lint::packages::{first_of_list, needs_apt_lists, root_image, updates_apt};
use crate::analysis::lint::prelude::*;

rule! {
    /// A package is installed before the package lists are there.
    ///
    /// The official images come without the lists of packages, to be small. `apt-get install` looks for the package in the
    /// lists, and the build stops: "Unable to locate package".
    ///
    /// ```dockerfile bad
    /// FROM python:3.14
    /// RUN apt-get install -y --no-install-recommends poppler-utils
    /// ```
    ///
    /// ```dockerfile good
    /// FROM python:3.14
    /// RUN apt-get update && apt-get install -y --no-install-recommends poppler-utils
    /// ```
    name: "apt-install-without-update",
    aliases: &[],
    fix: FixSafety::Safe,
    url: "https://docs.docker.com/build/building/best-practices/#apt-get",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    let image = root_image(cx.cx, cx.stage);
    let is_without_lists =
        image.is_some_and(|it| it.official_name().is_some_and(|it| index::image(it).is_some()));
    // What a stage before has fetched, this one has.
    let is_first = cx.cx.model.lineage(cx.stage.id).nth(1).is_none();
    if !is_without_lists || !is_first {
        return;
    }
    for instruction in cx.instructions() {
        let brings_files =
            matches!(instruction.keyword, Some(Keyword::Copy | Keyword::Add | Keyword::Onbuild));
        if brings_files {
            continue;
        }
        let Some(shell) = cx.cx.shell(instruction.id).filter(|_| instruction.keyword == Some(Keyword::Run))
        else {
            continue;
        };
        // A script may do anything, and a mount may hold the lists.
        let runs_script = shell.commands().any(|it| it.name().contains('/') || it.name().ends_with(".sh"));
        if runs_script || !instruction.node.heredocs.is_empty() || !shell.volatile_targets().is_empty() {
            return;
        }
        for called in shell.commands() {
            if updates_apt(called.command) || !is_quiet_name(called.name()) {
                return;
            }
            if needs_apt_lists(called.command) {
                tell(cx, instruction, called, report);
                return;
            }
        }
    }
}

/// Whether the command can be trusted not to fetch the lists itself.
fn is_quiet_name(name: &str) -> bool {
    !matches!(
        name,
        "bash"
            | "sh"
            | "dash"
            | "eval"
            | "."
            | "source"
            | "make"
            | "install_packages"
            | "apt-install"
            | "aptitude"
            | "extrepo"
            | "add-apt-repository"
    )
}

fn tell(cx: &StageContext<'_>, instruction: InstructionRef<'_>, called: Called<'_>, report: &mut Report<'_>) {
    let range = instruction.absolute(called.words_range());
    let name = called.name();
    let message = format!(
        "the image has no package lists, so nothing is found to install: write `{name} update && {name} install …`"
    );
    let draft = report.at(range, message);
    if let Some(place) = first_of_list(cx.cx, instruction, called) {
        draft.safe_fix(
            format!("Put `{name} update` before it"),
            vec![TextEdit::insert(place, format!("{name} update && "))],
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn the_lists_must_be_fetched_first() {
        check_rule(
            "apt-install-without-update",
            "FROM debian\nRUN echo a && apt install -y b\n              ^^^^^^^^^^^^^^^^ `apt update && apt install …`\nFROM debian\nRUN apt-get update\nRUN apt-get install b\nFROM acme/x\nRUN apt-get install b\nFROM debian\nRUN ./setup.sh\nRUN apt-get install b\nFROM debian\nRUN apt-get install ./b.deb\n",
        );
    }

    #[test]
    fn behind_another_program_it_is_for_the_author() {
        let found = crate::analysis::lint::tests::findings(
            "apt-install-without-update",
            "FROM debian\nRUN sudo apt-get install b\n",
        );
        assert!(found[0].fix().is_none());
    }

    #[test]
    fn what_a_stage_before_has_fetched_is_there() {
        check_rule(
            "apt-install-without-update",
            "FROM debian AS a\nRUN apt-get update\nFROM a\nRUN apt-get install b\n",
        );
    }

    #[test]
    fn the_fix_fetches_them() {
        check_fix(
            "apt-install-without-update",
            "FROM debian\nRUN apt-get install -y b\n",
            "FROM debian\nRUN apt-get update && apt-get install -y b\n",
        );
    }
}
