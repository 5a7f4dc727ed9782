//! `ADD https://…` without `--checksum`.

use crate::analysis::lint::prelude::*;

rule! {
    /// A file from the network is added without a check of what it holds.
    ///
    /// If the file changes at its address, by mistake or by an attack, the image silently holds the new one.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// ADD https://example.org/app.tar.gz /tmp/
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.org/app.tar.gz /tmp/
    /// ```
    name: "unverified-add",
    aliases: &[],
    severity: Severity::Info,
    recommended: false,
    url: "https://docs.docker.com/reference/dockerfile/#add---checksum",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Add]), deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Arguments::Copy(copy) = &cx.instruction.arguments else { return };
    if cx.instruction.flag("checksum").is_some() || copy.destination.is_none() {
        return;
    }
    for source in &copy.sources {
        let raw = source.raw().trim_start_matches('"');
        let is_git = raw.contains(".git") || raw.contains('#');
        if (raw.starts_with("https://") || raw.starts_with("http://")) && !is_git {
            report.at(source.range(), "nothing checks what this address sends: add `--checksum=sha256:…`");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn only_files_of_the_network() {
        check_rule(
            "unverified-add",
            "FROM a\nADD https://x/y z /d/\n    ^^^^^^^^^^^ --checksum\nADD https://x/y.git#v1 /d\nADD --checksum=sha256:1 https://x/y /d\n",
        );
    }
}
