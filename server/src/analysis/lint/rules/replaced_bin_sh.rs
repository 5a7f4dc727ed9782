//! `RUN ln -sf /bin/bash /bin/sh`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `/bin/sh` is replaced by another shell.
    ///
    /// Scripts of the base image and of its packages are written for the shell that was there; they may break, now or
    /// with the next update, which may also put the old one back.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// RUN ln -sf /bin/bash /bin/sh
    /// ```
    ///
    /// Say which shell reads the commands that follow:
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// SHELL ["/bin/bash", "-c"]
    /// ```
    name: "replaced-bin-sh",
    aliases: &["DL4005"],
    severity: Severity::Warning,
    hadolint: Some(Severity::Warning),
    url: "https://docs.docker.com/reference/dockerfile/#shell",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    let is_strict = cx.setting.profile == Profile::Hadolint;
    for called in cx.calls(&["ln"]).filter(|it| it.has_argument("/bin/sh")) {
        if !is_strict && !replaces(&called, cx) {
            continue;
        }
        report.at(
            called.words_range(),
            "scripts of the image rely on its `/bin/sh`: to write for another shell, say `SHELL [\"/bin/bash\", \"-c\"]`",
        );
    }
}

/// Without `-f`, `ln` makes a `/bin/sh` only where there is none, as in an image with nothing but busybox.
fn replaces(link: &ShellCommand, cx: &ShellContext<'_>) -> bool {
    let takes_away = |it: Called<'_>| it.has_argument("/bin/sh");
    link.has_any_flag(&["f", "force", "b", "backup"]) || cx.calls(&["rm", "mv", "unlink"]).any(takes_away)
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn a_shell_where_there_is_none_replaces_nothing() {
        check_rule("replaced-bin-sh", "FROM a\nRUN ln -s /busybox/sh /bin/sh\n");
    }

    #[test]
    fn any_link_to_it() {
        check_rule(
            "replaced-bin-sh",
            "FROM a\nRUN rm /bin/sh && ln -s /bin/bash /bin/sh\n                  ^^^^^^^^^^^^^^^^^^^^^^^\nONBUILD RUN ln -snf bash /bin/sh\n            ^^^^^^^^^^^^^^^^^^^^\nRUN ln -s /bin/sh.x /bin/y\n",
        );
    }
}
