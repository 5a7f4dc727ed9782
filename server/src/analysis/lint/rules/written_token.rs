//! `ENV X=ghp_…`.

use crate::analysis::lint::prelude::*;

rule! {
    /// A token or a private key is written in the file.
    ///
    /// The beginning of the text tells what it is: `ghp_` begins a token of GitHub, `AKIA` a key of AWS. Everyone who can
    /// read the file or pull the image can use it. Revoke it, as it may have been seen already, and give the build the
    /// new one as a secret.
    ///
    /// ```dockerfile bad
    /// FROM node:24
    /// RUN npm config set //npm.pkg.github.com/:_authToken ghp_0123456789abcdefghijklmnopqrstuvwxyz
    /// ```
    ///
    /// ```dockerfile good
    /// FROM node:24
    /// RUN --mount=type=secret,id=npm,env=TOKEN npm config set //npm.pkg.github.com/:_authToken '${TOKEN}'
    /// ```
    name: "written-token",
    aliases: &[],
    url: "https://docs.docker.com/build/building/secrets/",
    check: Check::Instruction { on: On::Every, deferred: false, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let whole = cx.instruction.range;
    let text = cx.source(whole);
    for (prefix, length, owner) in TOKENS {
        let Some((at, len)) = token(text, prefix, *length) else { continue };
        let start = whole.start() + TextSize::from(at as u32);
        let message = format!(
            "{owner} is written here for all to read: revoke it, and give the new one with `RUN --mount=type=secret`"
        );
        report.at(TextRange::at(start, TextSize::from(len as u32)), message);
    }
}

/// How a secret begins, how many characters follow at least, and what it is.
const TOKENS: &[(&str, usize, &str)] = &[
    ("AKIA", 16, "an AWS access key"),
    ("ghp_", 36, "a token of GitHub"),
    ("gho_", 36, "a token of GitHub"),
    ("ghs_", 36, "a token of GitHub"),
    ("github_pat_", 50, "a token of GitHub"),
    ("glpat-", 20, "a token of GitLab"),
    ("hf_", 30, "a token of Hugging Face"),
    ("npm_", 36, "a token of npm"),
    ("pypi-AgEI", 50, "a token of PyPI"),
    ("dckr_pat_", 20, "a token of Docker Hub"),
    ("xoxb-", 30, "a token of Slack"),
    ("xoxp-", 30, "a token of Slack"),
    ("sk_live_", 20, "a key of Stripe"),
    ("AIza", 35, "a key of Google"),
    ("-----BEGIN RSA PRIVATE KEY-----", 0, "a private key"),
    ("-----BEGIN PRIVATE KEY-----", 0, "a private key"),
    ("-----BEGIN OPENSSH PRIVATE KEY-----", 0, "a private key"),
];

/// Place and length of the first word that begins with `prefix` and goes on for `length` characters or more.
fn token(text: &str, prefix: &str, length: usize) -> Option<(usize, usize)> {
    text.match_indices(prefix).find_map(|(at, _)| {
        let before = text.get(..at)?.chars().next_back();
        let after = text.get(at + prefix.len()..)?;
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let rest = after.find(|c| !is_part(c)).unwrap_or(after.len());
        let is_word = before.is_none_or(|c| !c.is_ascii_alphanumeric());
        // Placeholders repeat one character: `ghp_xxxxxxxx`.
        let body = after.get(..rest)?;
        let is_real = length == 0 || body.chars().any(|c| !body.starts_with(c));
        (is_word && is_real && rest >= length)
            .then_some((at, prefix.len() + if length == 0 { 0 } else { rest }))
    })
}

#[cfg(test)]
mod tests {
    use super::token;
    use crate::analysis::lint::tests::findings;

    #[test]
    fn a_token_has_its_length() {
        assert_eq!(token("x=ghp_abcd y", "ghp_", 4), Some((2, 8)));
        assert_eq!(token("x=ghp_abc y", "ghp_", 4), None);
        assert_eq!(token("xghp_abcd", "ghp_", 4), None);
        assert_eq!(token("ghp_xxxx", "ghp_", 4), None);
    }

    #[test]
    fn it_is_found_in_every_instruction() {
        let found =
            findings("written-token", "FROM a\nLABEL a=AKIAIOSFODNN7EXAMPLE\nENV A=npm_config_cache\n");
        assert_eq!(found.len(), 1);
        assert_eq!((u32::from(found[0].range.start()), u32::from(found[0].range.len())), (15, 20));
    }
}
