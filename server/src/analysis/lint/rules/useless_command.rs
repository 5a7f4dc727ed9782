//! `RUN service nginx start`.

use crate::analysis::lint::prelude::*;

rule! {
    /// The command makes no sense while an image is built.
    ///
    /// A build keeps files, nothing else: processes that it starts are gone when the `RUN` ends, mounts too. And there
    /// is nobody to look at `top` or to type into `vim` or `ssh`.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// RUN service nginx start
    /// ```
    ///
    /// Start a program when the container starts:
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// CMD ["nginx", "-g", "daemon off;"]
    /// ```
    name: "useless-command",
    aliases: &["DL3001"],
    severity: Severity::Info,
    hadolint: Some(Severity::Info),
    url: "https://docs.docker.com/reference/dockerfile/#run",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    const USELESS: &[&str] = &["free", "kill", "mount", "ps", "service", "shutdown", "ssh", "top", "vim"];
    for called in cx.calls(USELESS) {
        if cx.setting.profile == Profile::Hadolint || !has_a_use(&called) {
            report.at(called.name_range(), format!("`{}` {}", called.name(), why(called.name())));
        }
    }
}

/// Asking for the version, an `ssh` that a mount serves, a process that this `RUN` (or the installation of its
/// package) has started itself.
fn has_a_use(command: &ShellCommand) -> bool {
    let asks = command.has_any_flag(&["version", "help", "V"]);
    let stops = command.name() == "service" && command.has_any_argument(&["stop", "status"]);
    asks || stops || matches!(command.name(), "ssh" | "kill" | "ps")
}

fn why(name: &str) -> &'static str {
    match name {
        "service" => {
            "starts a program that is gone when this `RUN` ends: start it with `CMD` or `ENTRYPOINT`"
        }
        "mount" => "is not allowed in a build, and what it mounts would be gone when this `RUN` ends",
        "shutdown" => "has nothing to shut down: a build is no machine",
        "ssh" => "would leave its keys in the image, and nobody can answer what it asks",
        "kill" | "ps" | "top" | "free" => "looks after processes, and none outlives its `RUN`",
        _ => "waits for somebody to type, and nobody is there",
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn exactly_these_names() {
        check_rule(
            "useless-command",
            "FROM a\nRUN vim x && mount -t tmpfs t /t\n    ^^^\n             ^^^^^\nRUN apt-get install -y vim ssh\nONBUILD RUN service a start\n            ^^^^^^^ CMD\n",
        );
    }

    #[test]
    fn what_can_have_a_use_is_left_to_hadolint() {
        check_rule(
            "useless-command",
            "FROM a\nRUN --mount=type=ssh ssh -T git@x; x & kill $!; vim --version; service x stop\n",
        );
    }
}
