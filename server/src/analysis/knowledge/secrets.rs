//! Which names of variables speak of a secret, and which values show that it is none.
//!
//! The words are those of BuildKit's check `SecretsUsedInArgOrEnv`
//! (<https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/>); the exceptions are ours.

const SECRET: [&str; 10] =
    ["apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token"];

/// What takes a name out of suspicion: `PUBLIC_KEY`, `TOKEN_FILE`, `AUTH_VERSION`.
const HARMLESS: [&str; 3] = ["public", "file", "version"];

/// Whether one of the words of `name`, separated by `_`, speaks of a secret.
pub fn is_secret(name: &str) -> bool {
    let has =
        |words: &[&str]| name.split('_').any(|word| words.iter().any(|it| it.eq_ignore_ascii_case(word)));
    has(&SECRET) && !has(&HARMLESS)
}

/// Whether the value, or the rest of the name, shows that this is no secret: `KEY_DIR=/certs`, `AUTH_ENABLED=true`,
/// an empty default, the fingerprint of a public key. `value`: without quotes, `None` if it is not known.
pub fn is_harmless(name: &str, value: Option<&str>, is_env: bool) -> bool {
    let has_word =
        |words: &[&str]| name.split('_').any(|it| words.iter().any(|word| word.eq_ignore_ascii_case(it)));
    if has_word(&ABOUT_A_SECRET) || has_word(&["gpg", "pgp"]) {
        return true;
    }
    let Some(value) = value else { return false };
    // An empty ARG is there to be given a value.
    let is_empty = value.is_empty() && is_env;
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

    #[test]
    fn words_of_a_name_are_looked_at_one_by_one() {
        for secret in ["TOKEN", "db_Password", "AUTH_X", "a_key_b"] {
            assert!(is_secret(secret), "{secret}");
        }
        for harmless in ["TOKENIZER", "KEYS", "public_key", "TOKEN_FILE", "MONKEY", "KEY_VERSION", ""] {
            assert!(!is_secret(harmless), "{harmless}");
        }
    }
}
