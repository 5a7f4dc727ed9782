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
    for (instruction, shell) in cx.runs().filter(|(it, _)| is_strict || cx.is_shipped(it.id)) {
        let installs: Vec<_> = shell.commands().filter(|it| keeps_cache(it)).collect();
        let is_off = || is_switched_off(cx, instruction, &shell);
        if installs.is_empty() || leftovers::is_mounted(&[".cache/pip"], &shell) || is_off() {
            continue;
        }
        for called in installs {
            found(instruction, called, report);
        }
    }
}

fn keeps_cache(command: &ShellCommand) -> bool {
    super::unpinned_pip_package::is_pip_install(command) && !command.has_flag("no-cache-dir")
}

fn is_switched_off(cx: &ModelContext<'_>, instruction: InstructionRef<'_>, shell: &ShellContext<'_>) -> bool {
    let is_true = |it: &str| matches!(it.to_ascii_lowercase().as_str(), "1" | "true" | "on" | "yes");
    let in_text = |it: &str| it.split("PIP_NO_CACHE_DIR=").skip(1).any(|rest| is_true(first_word(rest)));
    let by_env = matches!(cx.model.lookup(NAME, instruction.id), Lookup::Set(value) if value.text().is_some_and(is_true));
    by_env || shell.parts.iter().any(|part| in_text(part.script.text.as_str()))
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
    fn the_fix_adds_the_flag() {
        check_fix(
            "pip-cache-left-behind",
            "FROM a\nRUN pip install b\n",
            "FROM a\nRUN pip install --no-cache-dir b\n",
        );
    }
}
