//! `git clone https://user:token@example.org/…`.

use crate::analysis::lint::prelude::*;

rule! {
    /// An address holds a password or a token.
    ///
    /// The command is kept in the history of the image (`docker history` shows it), and `git clone` writes the address
    /// into `.git/config`. Build arguments in it are shown in the history too.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// ARG GITHUB_TOKEN
    /// RUN git clone https://$GITHUB_TOKEN@github.com/acme/app.git
    /// ```
    ///
    /// A secret is there only while that one command runs
    /// (`docker build --secret id=github,env=GITHUB_TOKEN .`):
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// RUN --mount=type=secret,id=github,env=GITHUB_TOKEN \
    ///     git clone https://$GITHUB_TOKEN@github.com/acme/app.git && rm app/.git/config
    /// ```
    ///
    /// For Git over SSH there is `RUN --mount=type=ssh`.
    name: "credentials-in-url",
    aliases: &[],
    url: "https://docs.docker.com/build/building/secrets/",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    let has_secret = cx.instruction.flags.iter().any(|it| {
        it.name.as_str() == "mount" && it.value.as_ref().is_some_and(|it| it.raw().contains("secret"))
    });
    for part in cx.parts {
        let words = part.script.commands().flat_map(|it| &it.arguments);
        for word in words {
            let is_secret = credentials(word.as_str()).is_some_and(|it| {
                let is_variable = it.contains('$');
                !is_variable || !has_secret
            });
            if is_secret {
                let message =
                    "the password or token in this address stays in the image: use `RUN --mount=type=secret`";
                report.at(word.range, message);
            }
        }
    }
}

/// The secret part in front of the `@` of an address; `None` without one.
fn credentials(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("://")?;
    let end = rest.find(['/', ' ', '?', '"', '\'']).unwrap_or(rest.len());
    let (user, _) = rest.get(..end)?.rsplit_once('@')?;
    let secret = match user.split_once(':') {
        Some((_, password)) => password,
        None => user,
    };
    let is_placeholder = secret.starts_with(['<', '{']) || secret.is_empty();
    // A lone name, such as `git@`, opens nothing; a variable or a long word may.
    let is_secret =
        user.contains(':') || secret.starts_with('$') && speaks_of_secret(secret) || secret.len() >= 20;
    (is_secret && !is_placeholder).then_some(secret)
}

fn speaks_of_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["token", "pass", "secret", "key", "auth", "cred", "pat"].iter().any(|it| name.contains(it))
}

#[cfg(test)]
mod tests {
    use super::credentials;
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn a_password_or_token_stands_before_the_at() {
        assert_eq!(credentials("https://me:pw@h/x"), Some("pw"));
        assert_eq!(credentials("https://$TOKEN@h/x"), Some("$TOKEN"));
        for harmless in
            ["https://git@h/x", "https://h/a@b:c", "ssh://git@h:22/x", "git@h:x", "https://${USER}@h"]
        {
            assert_eq!(credentials(harmless), None, "{harmless}");
        }
    }

    #[test]
    fn a_secret_mount_may_give_it() {
        check_rule(
            "credentials-in-url",
            "FROM a\nRUN git clone https://u:$P@h/x\n              ^^^^^^^^^^^^^^^^ stays\nRUN --mount=type=secret,id=p,env=P git clone https://u:$P@h/x\n",
        );
    }
}
