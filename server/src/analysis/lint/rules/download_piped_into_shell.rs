//! `curl https://… | sh`.

use crate::analysis::lint::prelude::*;
use crate::analysis::model::shell::Reach;

rule! {
    /// A script from the network is run as it comes.
    ///
    /// Nobody has looked at what is run, and tomorrow's build may run something else. If the download breaks off, half a
    /// script is run; if the address answers with an error page, the shell reads that.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// RUN curl -fsSL https://example.org/install.sh | sh
    /// ```
    ///
    /// `ADD` can check what it gets:
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.org/install.sh /tmp/
    /// RUN sh /tmp/install.sh && rm /tmp/install.sh
    /// ```
    ///
    /// Many projects recommend to install in this way, so this rule is for those who ask for it. An address with plain
    /// `http://` is worse: everyone on the way can change the script.
    name: "download-piped-into-shell",
    aliases: &[],
    severity: Severity::Info,
    recommended: false,
    url: "https://docs.docker.com/reference/dockerfile/#add---checksum",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    for part in cx.parts {
        for (pipeline, members) in part.script.pipelines.iter().zip(part.pipeline_members(Reach::Behind)) {
            let download = members.iter().find(|it| it.is_any(&["curl", "wget"]));
            let shell = members.iter().find(|it| {
                let name = it.name().rsplit('/').next().unwrap_or_default();
                matches!(name, "sh" | "bash" | "dash" | "ash" | "zsh") && !it.has_flag("c")
            });
            if let (Some(_), Some(_)) = (download, shell) {
                let message = "what this address holds is run unseen: download it, check it, then run it";
                report.at(pipeline.range, message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn the_pipe_leads_from_a_download_to_a_shell() {
        check_rule(
            "download-piped-into-shell",
            "FROM a\nRUN curl x | sudo -E bash -\n    ^^^^^^^^^^^^^^^^^^^^^^^\nRUN curl x | tar x && sh y\nRUN a | sh\n",
        );
    }
}
