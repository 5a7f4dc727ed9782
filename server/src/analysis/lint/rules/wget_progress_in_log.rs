//! `RUN wget https://…`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `wget` writes its progress bar into the log of the build.
    ///
    /// Without a terminal it prints a line of dots for every 50 kB: thousands of lines for one big file, and what went
    /// wrong is somewhere between them.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// RUN wget https://example.com/tool.tar.gz
    /// ```
    ///
    /// Print less, or only errors:
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// RUN wget --progress=dot:giga https://example.com/tool.tar.gz
    /// RUN wget --no-verbose https://example.com/tool.tar.gz
    /// ```
    ///
    /// The `wget` of Alpine and BusyBox knows only `-q`:
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// RUN wget -q https://example.com/tool.tar.gz
    /// ```
    name: "wget-progress-in-log",
    aliases: &["DL3047"],
    severity: Severity::Info,
    recommended: false,
    hadolint: Some(Severity::Info),
    fix: FixSafety::Safe,
    url: "https://www.gnu.org/software/wget/manual/html_node/Download-Options.html",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    for called in cx.calls(&["wget"]) {
        if is_quiet(&called) {
            continue;
        }
        let message = "fills the log with its progress: write `wget --progress=dot:giga` or `wget -q`";
        let draft = report.at(called.name_range(), message);
        if called.part.is_editable() {
            let edits = vec![TextEdit::insert(called.name_range().end(), " --progress=dot:giga")];
            let title = "Add `--progress=dot:giga`";
            if is_gnu(cx) {
                draft.safe_fix(title, edits)
            } else {
                draft.unsafe_fix(title, edits)
            };
        }
    }
}

fn is_quiet(command: &ShellCommand) -> bool {
    const QUIET: &[&str] =
        &["progress", "quiet", "output-file", "append-output", "no-verbose", "q", "o", "a", "nv"];
    command.has_any_flag(QUIET) || command.has_argument("-nv") || command.has_any_flag(&["version", "help"])
}

/// Whether this is surely not the `wget` of BusyBox, which fails on flags that it does not know.
fn is_gnu(cx: &ShellContext<'_>) -> bool {
    let manager = |name: &str| matches!(name, "apt-get" | "apt" | "yum" | "dnf" | "microdnf" | "zypper");
    cx.commands().any(|it| manager(it.name()) || it.is("apk") && it.has_argument("wget"))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule, findings};

    #[test]
    fn quiet_has_many_forms() {
        check_rule(
            "wget-progress-in-log",
            "FROM a\nRUN wget -O x http://a\n    ^^^^\nRUN wget -nv a; wget -qO- a; wget --progress=bar a; wget -o log a; wget --append-output=x a\nRUN apt-get install -y wget\nONBUILD RUN wget a\n            ^^^^\n",
        );
    }

    #[test]
    fn the_flag_is_added_for_gnu_wget() {
        check_fix(
            "wget-progress-in-log",
            "FROM a\nRUN apt-get install wget && wget a\n",
            "FROM a\nRUN apt-get install wget && wget --progress=dot:giga a\n",
        );
        assert!(!findings("wget-progress-in-log", "FROM alpine\nRUN wget a\n")[0].fix().unwrap().safe);
    }
}
