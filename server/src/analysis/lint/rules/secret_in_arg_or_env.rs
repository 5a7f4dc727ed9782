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
    ///
    /// A name such as `KEY_DIR` or `GPG_KEY`, an empty `ENV`, a path, `true` or a small number is not taken for a secret
    /// (in profile `buildkit` it is, as only the name counts there):
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// ENV TOKEN_FILE=/run/secrets/token AUTH=true
    /// ```
    name: "secret-in-arg-or-env",
    aliases: &["SecretsUsedInArgOrEnv", "DL3064"],
    buildkit: true,
    hadolint: Some(Severity::Warning),
    url: "https://docs.docker.com/go/dockerfile/rule/secrets-used-in-arg-or-env/",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Arg, Keyword::Env]), deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let is_like_hadolint = cx.setting.profile == Profile::Hadolint;
    if (!cx.setting.is_in_stage || cx.is_deferred) && !is_like_hadolint {
        return;
    }
    let mut judge = |key: &Word, value: Option<&Word>| {
        let name = key.literal().unwrap_or_else(|| key.raw().into());
        let is_found = match cx.setting.profile {
            Profile::Hadolint => is_secret_to_hadolint(&name),
            Profile::Buildkit => is_secret(&name),
            _ => is_secret(&name) && !is_harmless(&name, value, cx.keyword()),
        };
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
        Arguments::Arg(declarations) => declarations.iter().for_each(|it| judge(&it.name, it.value.as_ref())),
        Arguments::Pairs(pairs) => pairs.pairs.iter().for_each(|it| judge(&it.key, it.value.as_ref())),
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

/// Whether the value, or the rest of the name, shows that this is no secret: `KEY_DIR=/certs`, `AUTH_ENABLED=true`,
/// an empty default, the fingerprint of a public key.
fn is_harmless(name: &str, value: Option<&Word>, keyword: Option<Keyword>) -> bool {
    let has_word =
        |words: &[&str]| name.split('_').any(|it| words.iter().any(|word| word.eq_ignore_ascii_case(it)));
    if has_word(&ABOUT_A_SECRET) || has_word(&["gpg", "pgp"]) {
        return true;
    }
    let Some(value) = value.and_then(|it| it.literal()) else { return false };
    let value = value.as_str();
    // An empty ARG is there to be given a value.
    let is_empty = value.is_empty() && keyword == Some(Keyword::Env);
    let is_switch = matches!(value, "true" | "false" | "yes" | "no" | "on" | "off" | "none");
    let is_number = !value.is_empty() && value.len() < 6 && value.chars().all(|c| c.is_ascii_digit());
    let is_path = value.starts_with(['/', '.']) || value.ends_with(".sh") || value.starts_with("http");
    // `Filters__0__Key=ProcessId`: a key of another kind has no digits in it.
    let is_word = !has_word(&STRONG) && !value.is_empty() && value.chars().all(|c| c.is_ascii_alphabetic());
    is_empty || is_switch || is_number || is_path || is_word || value == name
}

/// Words that mean a secret whatever the value; `key` and `auth` mean much else.
const STRONG: [&str; 8] =
    ["apikey", "credential", "credentials", "password", "pword", "passwd", "secret", "token"];

/// What makes a name speak of something around the secret: where it is, how long it lives.
const ABOUT_A_SECRET: [&str; 20] = [
    "allow",
    "claim",
    "dir",
    "directory",
    "enable",
    "enabled",
    "endpoint",
    "expiry",
    "format",
    "header",
    "id",
    "length",
    "lifetime",
    "method",
    "name",
    "path",
    "server",
    "size",
    "ttl",
    "type",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::lint::tests::check_rule;
    use crate::analysis::lint::{Facts, Linter, Options, check};
    use crate::analysis::syntax::Dockerfile;

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
    fn a_value_can_show_that_it_is_no_secret() {
        check_rule(
            "secret-in-arg-or-env",
            "FROM a\nENV KEY_DIR=x GPG_KEY=0A1 AUTH=true TOKEN= SECRET=/run/x KEY=2048 A__KEY=ProcessId SECRET=SECRET\nARG TOKEN= AUTH=x1\n    ^^^^^\n           ^^^^\n",
        );
        let buildkit = Linter::new(&Options { profile: Profile::Buildkit, ..Options::default() }).0;
        let model = Model::new(&Dockerfile::parse("FROM a\nENV AUTH=true\n"));
        assert_eq!(check(&model, &buildkit, &Facts::default()).len(), 1);
    }

    #[test]
    fn arguments_before_the_first_stage_are_in_no_image() {
        check_rule(
            "secret-in-arg-or-env",
            "ARG TOKEN\nFROM a\nARG TOKEN X\n    ^^^^^\nENV A=1 KEY=$A\n        ^^^\n",
        );
    }
}
