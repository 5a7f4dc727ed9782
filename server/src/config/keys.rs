//! Every setting with its values and its default: what the documentation and the VS Code settings show.

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// With dots between the sections.
    pub name: &'static str,
    /// The JSON type (`string`, `boolean`, `number`, `array`, `object`).
    pub kind: &'static str,
    /// The only values, for a choice.
    pub values: &'static [&'static str],
    /// As JSON.
    pub default: &'static str,
    pub description: &'static str,
    /// Not read from a `dockwright.toml` in a workspace.
    pub is_guarded: bool,
}

const fn key(
    name: &'static str,
    kind: &'static str,
    default: &'static str,
    description: &'static str,
) -> Key {
    Key { name, kind, values: &[], default, description, is_guarded: false }
}

const fn choice(
    name: &'static str,
    values: &'static [&'static str],
    default: &'static str,
    description: &'static str,
) -> Key {
    Key { name, kind: "string", values, default, description, is_guarded: false }
}

const fn guarded(key: Key) -> Key {
    Key { is_guarded: true, ..key }
}

#[rustfmt::skip]
pub const KEYS: &[Key] = &[
    choice("profile", &["recommended", "all", "buildkit", "hadolint", "none"], "\"recommended\"",
        "Which rules report: the quiet choice, all, exactly BuildKit's checks, exactly hadolint's, or none."),
    key("select", "array", "[]", "Rules to add to the profile, by name or alias."),
    key("ignore", "array", "[]", "Rules to take from the profile, by name or alias."),
    key("severity", "object", "{}",
        "What a rule reports as, by name or alias: `error`, `warning`, `info`, `hint` or `off`."),
    key("overrides", "array", "[]",
        "Rule settings for some files: `paths` (globs) and any of `profile`, `select`, `ignore`, `severity`."),
    key("trustedRegistries", "array", "[]", "Registries that base images may come from; empty: any."),
    key("labelSchema", "object", "{}", "Labels that images should have, and the kind of their values."),
    key("strictLabels", "boolean", "false", "Report labels that the schema does not name."),
    key("shellcheck.enable", "boolean", "true", "Check the shell commands with ShellCheck, if it is installed."),
    guarded(key("shellcheck.path", "string", "\"\"", "The ShellCheck program; empty: the one on PATH.")),
    choice("format.keywordCase", &["preserve", "upper", "lower"], "\"preserve\"",
        "How formatting writes instruction names."),
    key("format.indent", "number", "null",
        "Columns that formatting indents continuation lines by; unset: the editor's tab size, 4 on the command line."),
    key("format.ignoreMultilineInstructions", "boolean", "false",
        "Leave instructions of several lines as they are when formatting."),
    key("inlayHints.variables", "boolean", "true", "Show the values of variables."),
    key("inlayHints.stages", "boolean", "true", "Show the indexes of build stages."),
    key("inlayHints.images", "boolean", "true", "Show facts about base images."),
    key("inlayHints.build", "boolean", "true", "Show sizes and times of the last build."),
    key("codeLens.enable", "boolean", "true", "Show actions above stages."),
    key("offline", "boolean", "false", "Never use the network."),
    guarded(choice("registry.lookup", &["onDemand", "onOpen"], "\"onDemand\"",
        "When registries are asked about images: when you ask, or when a file is opened.")),
    guarded(key("registry.hubUrl", "string", "\"\"", "Address of Docker Hub's API; empty: the real one.")),
    guarded(key("registry.hubRegistryUrl", "string", "\"\"", "Address of Docker Hub's registry; empty: the real one.")),
    guarded(key("registry.hubAuthUrl", "string", "\"\"", "Address of Docker Hub's token service; empty: the real one.")),
    guarded(key("registry.allow", "array", "[]", "Hosts of registries that may be asked, beside the well-known ones.")),
    guarded(key("registry.insecure", "array", "[]", "Hosts of registries that are spoken to over http.")),
    guarded(key("registry.useDockerCredentials", "boolean", "false", "Use the logins of `docker login`.")),
    guarded(key("registry.cacheDir", "string", "\"\"", "Folder for what registries answered; empty: the user's cache.")),
    guarded(key("registry.caFile", "string", "\"\"", "A file of certificates to trust in addition (PEM).")),
    guarded(key("registry.timeoutMs", "number", "0", "Time limit of one request in milliseconds; 0: the default.")),
    guarded(key("cli.program", "string", "\"\"", "The program that builds (`docker`, `podman`, …); empty: found by itself.")),
    guarded(key("cli.builder", "string", "\"\"", "The buildx builder to use; empty: the current one.")),
    guarded(key("cli.env", "object", "{}", "Environment variables for the program that builds.")),
    guarded(key("trusted", "boolean", "true", "`false`: start no process and use no network.")),
    guarded(key("client.commands", "array", "[]",
        "Commands that the editor offers to the server (initializationOptions only).")),
];

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    use super::*;

    const HEAD: &str = "# Configuration

Settings come from, later ones win: the defaults; your own `dockwright.toml` in the configuration folder of your system
(`~/.config/dockwright/` on Linux); the editor's settings (section `dockwright`, or `initializationOptions`); the nearest
`.hadolint.yaml`; the nearest `dockwright.toml` beside or above the Dockerfile; the command line.

```toml
# dockwright.toml
profile = \"recommended\"
ignore = [\"DL4000\"]

[severity]
undefined-variable = \"error\"

[format]
indent = 2

[[overrides]]
paths = [\"dev/**\"]
profile = \"none\"
```

A rule goes by any of its names: ours, BuildKit's, hadolint's. Keys may be written `keywordCase` or `keyword-case`. A
setting marked 🔒 is not read from a file in a workspace, since that file comes with somebody else's code. What
registries are asked, and when, says [its own page](registries.md).

| Setting | Default | What it does |
|-|-|-|
";

    fn row(key: &Key) -> String {
        let lock = if key.is_guarded { " 🔒" } else { "" };
        let values: Vec<String> = key.values.iter().map(|it| format!("`{it}`")).collect();
        let values =
            if values.is_empty() { String::new() } else { format!(" One of {}.", values.join(", ")) };
        format!("| `{}`{lock} | `{}` | {}{values} |\n", key.name, key.default, key.description)
    }

    #[test]
    fn the_documentation_lists_every_setting() {
        let page: String = KEYS.iter().map(row).collect();
        expect_file![concat!(env!("CARGO_MANIFEST_DIR"), "/server/docs/configuration.md")]
            .assert_eq(&(HEAD.to_owned() + &page));
    }
}
