//! Package managers that leave downloads in the layer.

use super::append::append;
use crate::analysis::lint::prelude::*;

/// What one package manager leaves behind, and what takes it away.
pub struct Leftovers {
    pub programs: &'static [&'static str],
    /// Subcommands after which something is left.
    pub installs: &'static [&'static str],
    pub cleans: fn(&ShellCommand) -> bool,
    /// Where it is left; a mount there keeps it out of the image.
    pub folders: &'static [&'static str],
    pub message: &'static str,
    /// The command to add; `{}` stands for the program.
    pub cleanup: &'static str,
}

/// Reports the first command of the instruction behind which nothing is cleaned.
pub fn check(leftovers: &Leftovers, cx: &ShellContext<'_>, report: &mut Report<'_>) {
    if !reaches_an_image(cx) {
        return;
    }
    let installs = |it: &Called<'_>| it.is_any(leftovers.programs) && it.has_any_argument(leftovers.installs);
    let Some(install) = cx.commands().find(installs) else { return };
    let mut later = cx.commands().skip_while(|it| !std::ptr::eq(it.command, install.command)).skip(1);
    if later.any(|it| (leftovers.cleans)(&it)) || is_mounted(leftovers.folders, cx) {
        return;
    }
    let cleanup = leftovers.cleanup.replace("{}", install.name());
    let message = format!("{}: add `&& {cleanup}` to this `RUN`", leftovers.message);
    let draft = report.at(install.name_range().cover(install.words_range()), message);
    if let Some(edit) = append(cx, install.part, &cleanup) {
        draft.safe_fix(format!("Add `{cleanup}`"), vec![edit]);
    }
}

/// Whether what is left behind is in an image in the end. hadolint does not ask.
pub fn reaches_an_image(cx: &ShellContext<'_>) -> bool {
    cx.setting.is_shipped || cx.setting.profile == Profile::Hadolint
}

/// Whether a mount keeps one of the folders out of the image.
pub fn is_mounted(folders: &[&str], cx: &ShellContext<'_>) -> bool {
    let targets = cx.volatile_targets();
    folders.iter().any(|folder| cx.is_mounted(folder) || targets.iter().any(|it| it.contains(folder)))
}
