//! `COPY id_rsa /root/.ssh/`.

use crate::analysis::lint::prelude::*;

rule! {
    /// A file that usually holds a secret is copied into the image.
    ///
    /// Everyone who can pull the image can read it, also when a later `RUN rm` deletes it: the layer that has the file
    /// stays part of the image.
    ///
    /// ```dockerfile bad
    /// FROM node:24
    /// COPY .npmrc package.json ./
    /// RUN npm ci
    /// ```
    ///
    /// Let the one command see it that needs it (`docker build --secret id=npmrc,src=.npmrc .`):
    ///
    /// ```dockerfile good
    /// FROM node:24
    /// COPY package.json ./
    /// RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci
    /// ```
    ///
    /// For SSH keys there is `RUN --mount=type=ssh`. In a stage whose files do not reach the final image it matters less,
    /// and a `.npmrc` without a token is no secret: then suppress this finding there.
    name: "copied-secret-file",
    aliases: &[],
    url: "https://docs.docker.com/build/building/secrets/",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for instruction in [Keyword::Add, Keyword::Copy].into_iter().flat_map(|it| cx.with_keyword(it)) {
        let Arguments::Copy(copy) = &instruction.node.arguments else { continue };
        if instruction.node.flag("from").is_some() || copy.destination.is_none() {
            continue;
        }
        for source in &copy.sources {
            let value = cx.model.expand(source, instruction.id);
            let Some(kind) = value.text().and_then(secret_in) else { continue };
            let message = format!(
                "`{}` {kind} becomes part of the image for all to read: use `RUN --mount=type=secret` instead",
                source.raw()
            );
            report.at(instruction.absolute(source.range()), message);
        }
    }
}

/// What makes the file at `path` a secret, as words behind its name.
fn secret_in(path: &str) -> Option<&'static str> {
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    let name = name.strip_suffix('*').unwrap_or(name);
    match name {
        "id_rsa" | "id_dsa" | "id_ecdsa" | "id_ed25519" | ".ssh" => Some("with its SSH key"),
        ".netrc" | "_netrc" | ".git-credentials" | ".pgpass" | ".my.cnf" => Some("with its password"),
        ".npmrc" | ".yarnrc" | ".pypirc" => Some("with the token it may hold"),
        ".env" | ".env.local" | ".env.production" | ".env.prod" => Some("with the secrets it may hold"),
        ".dockercfg" => Some("with its login"),
        "privkey.pem" | "private.pem" | "private.key" | "server.key" | "privatekey.pem" => {
            Some("with its private key")
        }
        "config.json" if path.contains(".docker/") => Some("with its login"),
        "credentials" if path.contains(".aws/") => Some("with its access key"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn files_are_known_by_name() {
        assert!(secret_in("a/.aws/credentials").is_some());
        assert!(secret_in("./.ssh/").is_some());
        for harmless in ["credentials", ".env.example", "id_rsa.pub", "config.json", "app.key.ts", ""] {
            assert_eq!(secret_in(harmless), None, "{harmless}");
        }
    }

    #[test]
    fn only_files_of_the_context() {
        check_rule(
            "copied-secret-file",
            "FROM a\nCOPY .env* x /\n     ^^^^^ `RUN --mount=type=secret`\nCOPY --from=b .npmrc /\n",
        );
    }
}
