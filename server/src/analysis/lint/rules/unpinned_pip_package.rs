//! `pip install flask`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell_rules::pins;

rule! {
    /// `pip install` does not say which version of a package it wants.
    ///
    /// Two builds of the same file may install different versions, and one of them may not work.
    ///
    /// ```dockerfile bad
    /// FROM python:3.14
    /// RUN pip install --no-cache-dir flask
    /// ```
    ///
    /// ```dockerfile good
    /// FROM python:3.14
    /// RUN pip install --no-cache-dir flask==3.1.2
    /// COPY requirements.txt .
    /// RUN pip install --no-cache-dir -r requirements.txt
    /// ```
    name: "unpinned-pip-package",
    aliases: &["DL3013"],
    severity: Severity::Info,
    recommended: false,
    hadolint: Some(Severity::Warning),
    url: "https://pip.pypa.io/en/stable/topics/repeatable-installs/",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    let is_pipx = |it: &Called<'_>| it.is("pipx") && it.has_argument("install");
    for called in cx.commands().filter(|it| is_pip_install(it) || is_pipx(it)) {
        let has_list =
            called.has_any_flag(&["r", "requirement", "c", "constraint"]) || called.has_argument(".");
        if has_list {
            continue;
        }
        let words = called.command.arguments_without_flags_and_values(WITH_VALUE);
        let behind = words.into_iter().skip_while(|it| it.text != "install").skip(1);
        let packages: Vec<_> = behind.filter(|it| !is_pinned(it.as_str())).collect();
        pins::found(&packages, "name==version", report);
    }
}

/// `pip install`, `pip3 install`, `python -m pip install`.
pub(super) fn is_pip_install(command: &ShellCommand) -> bool {
    let name = command.name();
    let is_pip = name.starts_with("pip") && !name.starts_with("pipenv") && !name.starts_with("pipx");
    let is_module = name.starts_with("python")
        && command
            .arguments
            .iter()
            .zip(command.arguments.iter().skip(1))
            .any(|it| it.0.text == "-m" && it.1.text == "pip");
    (is_pip || is_module) && command.has_argument("install")
}

const WITH_VALUE: &[&str] = &[
    "C",
    "abi",
    "b",
    "build",
    "cache-dir",
    "cert",
    "client-cert",
    "config-setting",
    "config-settings",
    "d",
    "download",
    "e",
    "editable",
    "exists-action",
    "extra-index-url",
    "f",
    "find-links",
    "global-option",
    "group",
    "i",
    "implementation",
    "index-url",
    "install-option",
    "keyring-provider",
    "log",
    "no-binary",
    "only-binary",
    "platform",
    "prefix",
    "progress-bar",
    "proxy",
    "python",
    "python-version",
    "report",
    "resume-retries",
    "retries",
    "root",
    "root-user-action",
    "src",
    "t",
    "target",
    "timeout",
    "trusted-host",
    "upgrade-strategy",
];

fn is_pinned(package: &str) -> bool {
    let has_version = ["==", ">=", "<=", ">", "<", "!=", "~="].iter().any(|it| package.contains(it));
    if ["git+", "hg+", "svn+", "bzr+"].iter().any(|it| package.starts_with(it)) {
        return package.contains('@');
    }
    has_version || package.contains('/') || package.ends_with(".whl") || package.ends_with(".tar.gz")
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn any_comparison_is_a_pin() {
        check_rule(
            "unpinned-pip-package",
            "FROM a\nRUN pip install git+https://e/f\n                ^^^^^^^^^^^^^^^\nRUN pip3 install --index-url x b c==1\n                               ^ `b` comes\nRUN pip install -r b; pip install .; pip install -c x b; pip install b~=1 ./c d.whl git+https://e@v\nRUN python3 -m pip install b; pipenv install b; pipx install b c==1\n                           ^ `b` comes\n                                                             ^ `b` comes\nRUN pip install --python x --report y -C z=1 b==1\nONBUILD RUN pip install b\n                        ^\n",
        );
    }
}
