//! `ENV API_TOKEN=…`.

use crate::analysis::lint::prelude::*;

rule! {
    /// An `ARG` or `ENV` has the name of a secret, and its value can be read in the image.
    ///
    /// `ENV` is part of the image, and values of `ARG` stand in its history: whoever can pull the image can read both,
    /// also when a later instruction removes them.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// ARG API_TOKEN
    /// RUN wget --header="Authorization: Bearer $API_TOKEN" https://example.com/data
    /// ```
    ///
    /// Give the secret to the one command that needs it, and build with `--secret id=api_token`:
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// RUN --mount=type=secret,id=api_token \
    ///     wget --header="Authorization: Bearer $(cat /run/secrets/api_token)" https://example.com/data
    /// ```
    ///
    /// What the program needs when it runs is given to `docker run`, not to the image.
    name: "secret-in-arg-or-env",
    aliases: &["SecretsUsedInArgOrEnv", "DL3064"],
    buildkit: true,
    hadolint: Some(Severity::Warning),
    url: "https://docs.docker.com/go/dockerfile/rule/secrets-used-in-arg-or-env/",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Arg, Keyword::Env]), deferred: false, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    if !cx.setting.is_in_stage {
        return;
    }
    let mut judge = |key: &Word| {
        let name = key.literal().unwrap_or_else(|| key.raw().into());
        let is_like_hadolint = cx.setting.profile == Profile::Hadolint;
        let is_found = if is_like_hadolint { is_secret_to_hadolint(&name) } else { is_secret(&name) };
        if is_found {
            let kept = if cx.keyword() == Some(Keyword::Env) {
                "is kept in the image"
            } else {
                "stays in its history"
            };
            let message = format!(
                "`{name}` looks like a secret, and its value {kept}: use `RUN --mount=type=secret` instead"
            );
            report.at(key.range(), message);
        }
    };
    match &cx.instruction.arguments {
        Arguments::Arg(declarations) => declarations.iter().for_each(|it| judge(&it.name)),
        Arguments::Pairs(pairs) => pairs.pairs.iter().for_each(|it| judge(&it.key)),
        _ => {}
    }
}

const SECRET: [&str; 10] =
    ["apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token"];

/// What takes a name out of suspicion: `PUBLIC_KEY`, `TOKEN_FILE`, `AUTH_VERSION`.
const HARMLESS: [&str; 3] = ["public", "file", "version"];

/// Whether one of the words of `name`, separated by `_`, speaks of a secret.
fn is_secret(name: &str) -> bool {
    let has =
        |words: &[&str]| name.split('_').any(|word| words.iter().any(|it| it.eq_ignore_ascii_case(word)));
    has(&SECRET) && !has(&HARMLESS)
}

/// What hadolint looks for anywhere in a name, in any case.
const SECRET_TO_HADOLINT: [&str; 10] = [
    "api_key",
    "application_key",
    "aws_access_key_id",
    "client_key",
    "facebook_app_id",
    "password",
    "private",
    "secret",
    "token",
    "username",
];

fn is_secret_to_hadolint(name: &str) -> bool {
    let name = name.to_lowercase();
    SECRET_TO_HADOLINT.iter().any(|it| name.contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn words_of_a_name_are_looked_at_one_by_one() {
        for secret in ["TOKEN", "db_Password", "AUTH_X", "a_key_b"] {
            assert!(is_secret(secret), "{secret}");
        }
        for harmless in ["TOKENIZER", "KEYS", "public_key", "TOKEN_FILE", "MONKEY", "KEY_VERSION", ""] {
            assert!(!is_secret(harmless), "{harmless}");
        }
    }

    #[test]
    fn arguments_before_the_first_stage_are_in_no_image() {
        check_rule(
            "secret-in-arg-or-env",
            "ARG TOKEN\nFROM a\nARG TOKEN X\n    ^^^^^\nENV A=1 KEY=$A\n        ^^^\n",
        );
    }
}
