//! `pip install` without `--no-cache-dir`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell_rules::leftovers;

rule! {
    /// `pip install` leaves what it downloaded in the image.
    ///
    /// `pip` keeps every package in a cache, in case it is installed once more. In an image it never is.
    ///
    /// ```dockerfile bad
    /// FROM python:3.14
    /// RUN pip install flask==3.1.2
    /// ```
    ///
    /// ```dockerfile good
    /// FROM python:3.14
    /// RUN pip install --no-cache-dir flask==3.1.2
    /// ```
    ///
    /// Or keep the cache outside the image, where the next build finds it:
    ///
    /// ```dockerfile good
    /// FROM python:3.14
    /// RUN --mount=type=cache,target=/root/.cache/pip pip install flask==3.1.2
    /// ```
    name: "pip-cache-left-behind",
    aliases: &["DL3042"],
    severity: Severity::Info,
    hadolint: Some(Severity::Warning),
    fix: FixSafety::Safe,
    url: "https://pip.pypa.io/en/stable/topics/caching/",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    let is_strict = cx.profile == Profile::Hadolint;
    let mut is_configured = false;
    for (instruction, shell) in cx.runs() {
        is_configured |= !is_strict && shell.commands().any(|it| configures_no_cache(&it));
        if is_configured || !(is_strict || cx.is_shipped(instruction.id)) {
            continue;
        }
        let installs: Vec<_> = shell.commands().filter(|it| keeps_cache(it, is_strict)).collect();
        let is_off = || is_switched_off(cx, instruction, &shell);
        if installs.is_empty() || leftovers::is_mounted(&[".cache/pip"], &shell) || is_off() {
            continue;
        }
        for called in installs {
            if is_strict || !is_taken_away(&called, &folder(cx, instruction, &called), &shell) {
                found(instruction, called, report);
            }
        }
    }
}

/// pip takes the beginning of a flag for the whole.
fn keeps_cache(command: &ShellCommand, is_strict: bool) -> bool {
    let is_off = command.has_flag("no-cache-dir") || (!is_strict && command.has_flag("no-cache"));
    super::unpinned_pip_package::is_pip_install(command) && !is_off
}

/// `pip config set global.no-cache-dir true`
fn configures_no_cache(command: &ShellCommand) -> bool {
    let is_set = command.arguments.windows(2).any(|it| {
        it.first().is_some_and(|key| key.as_str().ends_with(".no-cache-dir"))
            && it.last().is_some_and(|value| is_true(value.as_str()))
    });
    is_set && command.has_argument("config") && command.has_argument("set")
}

/// Where the cache is, as the command and the variables say; else the end of the path that it has in every home folder.
fn folder(cx: &ModelContext<'_>, instruction: InstructionRef<'_>, command: &ShellCommand) -> String {
    let variable = |name: &str| match cx.model.lookup(name, instruction.id) {
        Lookup::Set(value) => value.text().map(str::to_owned),
        _ => None,
    };
    let written = command.flag_value("cache-dir").map(String::from);
    let by_pip = written.or_else(|| variable("PIP_CACHE_DIR"));
    by_pip.or_else(|| variable("XDG_CACHE_HOME")).unwrap_or_else(|| HOME_FOLDER.to_owned())
}

const HOME_FOLDER: &str = "/.cache";

/// Whether a mount has the folder, or the same `RUN` removes it later.
fn is_taken_away(install: &Called<'_>, folder: &str, shell: &ShellContext<'_>) -> bool {
    let mut later = shell.commands().skip_while(|it| !std::ptr::eq(it.command, install.command)).skip(1);
    let removes =
        |it: &Called<'_>| it.is("rm") && it.arguments.iter().any(|word| word.as_str().contains(folder));
    let purges = |it: &Called<'_>| it.has_argument("cache") && it.has_argument("purge");
    if later.any(|it| removes(&it) || purges(&it)) {
        return true;
    }
    let is_home = folder == HOME_FOLDER;
    let ends_so = |it: &String| it.trim_end_matches('/').ends_with(folder);
    shell.is_mounted(folder)
        || is_home && (shell.is_mounted("/root/.cache") || shell.volatile_targets().iter().any(ends_so))
}

fn is_switched_off(cx: &ModelContext<'_>, instruction: InstructionRef<'_>, shell: &ShellContext<'_>) -> bool {
    let in_text = |it: &str| it.split("PIP_NO_CACHE_DIR=").skip(1).any(|rest| is_true(first_word(rest)));
    let by_env = matches!(cx.model.lookup(NAME, instruction.id), Lookup::Set(value) if value.text().is_some_and(is_true));
    by_env || shell.parts.iter().any(|part| in_text(part.script.text.as_str()))
}

fn is_true(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "1" | "true" | "on" | "yes")
}

const NAME: &str = "PIP_NO_CACHE_DIR";

fn first_word(text: &str) -> &str {
    text.split(|c: char| !c.is_ascii_alphanumeric()).find(|it| !it.is_empty()).unwrap_or_default()
}

fn found(instruction: InstructionRef<'_>, called: Called<'_>, report: &mut Report<'_>) {
    let Some(install) = called.command.arguments.iter().find(|it| it.text == "install") else { return };
    let range = instruction.absolute(called.name_range().cover(install.range));
    let draft = report.at(range, "leaves its downloads in the image: write `pip install --no-cache-dir`");
    if called.part.is_editable() {
        let insert = TextEdit::insert(instruction.absolute(install.range).end(), " --no-cache-dir");
        draft.safe_fix("Add `--no-cache-dir`", vec![insert]);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn a_variable_may_switch_it_off() {
        check_rule(
            "pip-cache-left-behind",
            "FROM a AS x\nRUN pip install b\n    ^^^^^^^^^^^\nENV PIP_NO_CACHE_DIR=1\nRUN pip install b\nFROM c\nRUN pip install b\nFROM x\nRUN pip install b\nRUN PIP_NO_CACHE_DIR=1 pip install b; pipx install b\nRUN pip install --no-cache-dir b\nRUN --mount=type=cache,target=/root/.cache/pip pip install b\nENV PIP_NO_CACHE_DIR=0\nONBUILD RUN python -m pip install b\n            ^^^^^^^^^^^^^^^^^^^^^\n",
        );
    }

    #[test]
    fn what_is_removed_or_mounted_is_not_left() {
        check_rule(
            "pip-cache-left-behind",
            "FROM a\nRUN pip install b && rm -rf ~/.cache/pip\nRUN rm -rf ~/.cache && pip install b\n                       ^^^^^^^^^^^\nRUN pip install b; pip cache purge\nRUN --mount=type=cache,target=/home/c/.cache pip install b\nRUN --mount=type=tmpfs,target=/root pip install b\nRUN --mount=type=cache,target=/c pip install --cache-dir /c/pip b\nRUN pip install --no-cache b\nENV PIP_CACHE_DIR=/d\nRUN --mount=type=cache,target=/root/.cache pip install b\n                                           ^^^^^^^^^^^\nRUN --mount=type=cache,target=/d pip install b\n",
        );
    }

    #[test]
    fn a_setting_of_pip_counts_for_what_follows() {
        check_rule(
            "pip-cache-left-behind",
            "FROM a\nRUN pip install b\n    ^^^^^^^^^^^\nRUN pip config set global.no-cache-dir true\nRUN pip install b\n",
        );
    }

    #[test]
    fn the_fix_adds_the_flag() {
        check_fix(
            "pip-cache-left-behind",
            "FROM a\nRUN pip install b\n",
            "FROM a\nRUN pip install --no-cache-dir b\n",
        );
    }
}
