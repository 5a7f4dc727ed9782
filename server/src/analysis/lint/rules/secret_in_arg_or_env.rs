//! `ENV API_TOKEN=…`.

use crate::analysis::knowledge::secrets::{is_harmless, is_secret};
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
    let is_env = cx.keyword() == Some(Keyword::Env);
    if (!cx.setting.is_in_stage || cx.is_deferred) && !is_like_hadolint {
        return;
    }
    let mut judge = |key: &Word, value: Option<&Word>| {
        let name = key.literal().unwrap_or_else(|| key.raw().into());
        let is_found = match cx.setting.profile {
            Profile::Hadolint => is_secret_to_hadolint(&name),
            Profile::Buildkit => is_secret(&name),
            _ => {
                is_secret(&name)
                    && !is_harmless(&name, value.and_then(|it| value_text(&name, it)).as_deref(), is_env)
            }
        };
        if is_found {
            report.at(key.range(), message(&name, is_env));
        }
    };
    match &cx.instruction.arguments {
        Arguments::Arg(declarations) => declarations.iter().for_each(|it| judge(&it.name, it.value.as_ref())),
        Arguments::Pairs(pairs) => pairs.pairs.iter().for_each(|it| judge(&it.key, it.value.as_ref())),
        _ => {}
    }
}

fn message(name: &str, is_env: bool) -> String {
    let advice = if is_env {
        "is kept in the image for all to read: give it when the container starts, or use `RUN --mount=type=secret`"
    } else {
        "stays in the history of the image for all to read: use `RUN --mount=type=secret` instead"
    };
    format!("`{name}` looks like a secret, and its value {advice}")
}

/// Without quotes; `${NAME:-}` of a name like its own is nothing, unless an `ARG` gives it something.
fn value_text(name: &str, value: &Word) -> Option<String> {
    let raw = value.raw().trim_matches('"');
    let passes_on = raw.strip_prefix("${").and_then(|it| it.strip_suffix(":-}"));
    if passes_on == Some(name) {
        return Some(String::new());
    }
    value.literal().map(Into::into)
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
    use crate::analysis::lint::{Facts, Linter, Options, check};
    use crate::analysis::syntax::Dockerfile;

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
