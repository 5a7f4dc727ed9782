//! Packages that are installed in whatever version is newest on the day of the build.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell::{covering, listed};

/// Reports `packages` of one command as unpinned, if there are any; `example` shows how to name a version.
pub fn found(packages: &[&ShellWord], example: &str, report: &mut Report<'_>) {
    let Some(range) = covering(packages) else { return };
    let verb = if packages.len() == 1 { "comes" } else { "come" };
    let names = listed(packages);
    report.at(
        range,
        format!("{names} {verb} in whatever version is newest on the day of the build: write `{example}`"),
    );
}

/// The arguments of `command` that are packages: no flags, no values of `with_value`, not the first `subcommand`.
pub fn packages<'a>(
    command: &'a ShellCommand,
    subcommands: &[&str],
    with_value: &[&str],
) -> Vec<&'a ShellWord> {
    let words = command.arguments_without_flags_and_values(with_value);
    words.into_iter().filter(|it| !subcommands.contains(&it.as_str())).collect()
}

/// `name-1.2`: how the package managers of Red Hat name a version; also files, and what `is_known` says of a variable.
pub fn is_rpm_pinned(package: &str) -> bool {
    let has_version =
        package.rsplit('-').any(|it| it.starts_with(|c: char| c.is_ascii_digit())) && package.contains('-');
    let starts_with_variable = |it: &str| it.starts_with('$');
    let has_variable_version =
        package.split_once('-').is_some_and(|(_, rest)| rest.split('-').any(starts_with_variable));
    has_version || has_variable_version || package.ends_with(".rpm")
}
