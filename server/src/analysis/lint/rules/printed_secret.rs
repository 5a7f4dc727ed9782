//! `RUN --mount=type=secret,id=x cat /run/secrets/x`.

use crate::analysis::lint::prelude::*;
use crate::analysis::model::mount::{MountKind, mounts};

rule! {
    /// A secret is printed, so it stands in the log of the build.
    ///
    /// Logs are kept and shared, in CI often with everyone who can see the project.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// RUN --mount=type=secret,id=token cat /run/secrets/token
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// RUN --mount=type=secret,id=token curl -H "Authorization: Bearer $(cat /run/secrets/token)" https://example.org
    /// ```
    name: "printed-secret",
    aliases: &[],
    url: "https://docs.docker.com/build/building/secrets/",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    let secrets: Vec<Secret> = mounts(cx.instruction)
        .iter()
        .filter(|it| it.kind == MountKind::Secret)
        .map(|it| Secret {
            path: match (it.target(), it.option(&["id"])) {
                (Some(target), _) => target.as_str().to_owned(),
                (None, Some(id)) => format!("/run/secrets/{}", id.as_str()),
                (None, None) => String::new(),
            },
            variable: it.option(&["env"]).map(|it| format!("${}", it.as_str())),
        })
        .collect();
    if secrets.is_empty() {
        return;
    }
    for called in cx.commands().filter(|it| is_shown(it.command)) {
        let shown = called.arguments.iter().find(|word| {
            secrets.iter().any(|it| match called.name() {
                "cat" => !it.path.is_empty() && word.as_str() == it.path,
                _ => it.is_in(word.as_str()),
            })
        });
        if let Some(word) = shown {
            report.at(word.range, "this prints the secret into the log of the build: take it away");
        }
    }
}

struct Secret {
    path: String,
    variable: Option<String>,
}

impl Secret {
    /// Whether the word holds the secret when it is printed.
    fn is_in(&self, text: &str) -> bool {
        let is_named = |name: &str| text == name || text == format!("${{{}}}", name.trim_start_matches('$'));
        let is_read = !self.path.is_empty() && text.starts_with("$(cat ") && text.contains(&self.path);
        self.variable.as_deref().is_some_and(is_named) || is_read
    }
}

/// Prints, and nothing else reads it.
fn is_shown(command: &ShellCommand) -> bool {
    let place = command.place;
    let is_open = place.pipeline.is_none() && !place.is_in_substitution && command.redirections.is_empty();
    command.is_any(&["cat", "echo", "printf"]) && is_open
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn only_what_reaches_the_log() {
        check_rule(
            "printed-secret",
            "FROM a\nRUN --mount=type=secret,id=x,env=X echo \"$X\" && echo $X | y && echo $X > z\n                                        ^^^^ log\nRUN --mount=type=secret,id=x A=$(cat /run/secrets/x) b; cat /run/secrets/x\n                                                            ^^^^^^^^^^^^^^\nRUN cat /run/secrets/x\n",
        );
    }
}
