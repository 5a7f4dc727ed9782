//! `ADD --checksum=` where none can be.

use crate::analysis::lint::prelude::*;

rule! {
    /// `ADD --checksum=` stands with something that has no checksum, or the checksum is malformed.
    ///
    /// The build stops. It works with one source, which is an address (`https://…`) or a Git repository.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d data.tar /data/
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d \
    ///     https://example.com/data.tar /data/
    /// ```
    error,
    name: "invalid-checksum",
    aliases: &[],
    url: "https://docs.docker.com/reference/dockerfile/#add---checksum",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Add]), deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Arguments::Copy(copy) = &cx.instruction.arguments else { return };
    let Some(value) = cx.instruction.flag("checksum").and_then(|flag| flag.value.as_ref()) else { return };
    let is_heredoc = |word: &&Word| cx.instruction.heredocs.iter().any(|it| it.marker == word.range());
    let sources: Vec<&Word> = copy.sources.iter().filter(|it| !is_heredoc(it)).collect();
    if copy.destination.is_none() || value.raw().is_empty() {
        return;
    }
    let [source] = sources.as_slice() else {
        report.at(value.range(), "`--checksum` works with exactly one source");
        return;
    };
    let Some(source) = source.literal() else { return };
    match remote(&source) {
        None => {
            report.at(
                value.range(),
                "`--checksum` works with addresses (`https://…`) and Git repositories only",
            );
        }
        Some(Remote::File) if value.literal().is_some_and(|it| !is_digest(&it)) => {
            report.at(
                value.range(),
                "a checksum is written as `sha256:` and 64 hexadecimal digits in lower case",
            );
        }
        Some(_) => {}
    }
}

/// What an address leads to.
#[derive(PartialEq)]
pub(super) enum Remote {
    File,
    Git,
}

/// Whether BuildKit takes `source` for an address, and of what (`dfgitutil.ParseGitRef`).
pub(super) fn remote(source: &str) -> Option<Remote> {
    let path = source.split(['#', '?']).next().unwrap_or(source);
    let is_http = source.starts_with("http://") || source.starts_with("https://");
    let is_git_protocol = source.starts_with("git://") || source.starts_with("ssh://");
    let is_scp = source.split_once('@').is_some_and(|(user, rest)| is_word(user) && rest.contains(':'));
    match is_http {
        true if path.ends_with(".git") => Some(Remote::Git),
        true => Some(Remote::File),
        false if is_git_protocol || is_scp => Some(Remote::Git),
        false => None,
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

fn is_digest(text: &str) -> bool {
    let Some((algorithm, digits)) = text.split_once(':') else { return false };
    let len = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return false,
    };
    digits.len() == len && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn one_remote_source_with_a_digest() {
        check_rule(
            "invalid-checksum",
            "FROM a\nADD --checksum=sha256:0 b c\n               ^^^^^^^^ addresses\nADD --checksum=x https://a https://b c\n               ^ one source\nADD --checksum=x https://a c\n               ^ hexadecimal\nADD --checksum=x https://a/b.git#v1 c\nADD --checksum=$X $Y c\nADD --checksum=x git@a.org:b c\n",
        );
    }
}
