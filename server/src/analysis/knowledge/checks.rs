//! BuildKit's build checks: their names, ours, and what each is about.
//!
//! The names are those of `frontend/dockerfile/linter/ruleset.go` and of
//! <https://docs.docker.com/reference/build-checks/>; they are what `# check=skip=` takes, in exactly
//! this case.

/// One of BuildKit's checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckDoc {
    /// BuildKit's name, in its case.
    pub name: &'static str,
    /// Our name for the same fault.
    pub rule: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// Whether it runs without being asked for.
    pub default: CheckDefault,
    /// Can be judged without the network.
    pub offline: bool,
    pub url: &'static str,
}

/// Whether a check runs by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckDefault {
    On,
    /// Only if `# check=experimental=` names it, or says `all`.
    Experimental,
}

const fn check(name: &'static str, rule: &'static str, summary: &'static str, url: &'static str) -> CheckDoc {
    CheckDoc { name, rule, summary, default: CheckDefault::On, offline: true, url }
}

macro_rules! page {
    ($slug:literal) => {
        concat!("https://docs.docker.com/reference/build-checks/", $slug, "/")
    };
}

/// All checks, by name.
pub static CHECKS: [CheckDoc; 22] = [
    check(
        "ConsistentInstructionCasing",
        "inconsistent-keyword-case",
        "Some instructions are in upper case and others in lower case.",
        page!("consistent-instruction-casing"),
    ),
    check(
        "CopyIgnoredFile",
        "copy-of-ignored-file",
        "`COPY` or `ADD` names a file that `.dockerignore` keeps out of the build context, so it is not found.",
        page!("copy-ignored-file"),
    ),
    check(
        "DuplicateStageName",
        "duplicate-stage-name",
        "Two stages have the same name, so nobody can say which one is meant.",
        page!("duplicate-stage-name"),
    ),
    check(
        "ExposeInvalidFormat",
        "port-mapping-in-expose",
        "`EXPOSE` has an address or a second port; mapping ports is done when the container is run.",
        page!("expose-invalid-format"),
    ),
    check(
        "ExposeProtoCasing",
        "uppercase-protocol",
        "The protocol in `EXPOSE` is not in lower case.",
        page!("expose-proto-casing"),
    ),
    check(
        "FromAsCasing",
        "from-as-case-mismatch",
        "`FROM` and `AS` of one line are in different case.",
        page!("from-as-casing"),
    ),
    check(
        "FromPlatformFlagConstDisallowed",
        "constant-platform",
        "`FROM --platform=` has a fixed value, so the file builds for that one kind of processor only.",
        page!("from-platform-flag-const-disallowed"),
    ),
    CheckDoc {
        offline: false,
        ..check(
            "InvalidBaseImagePlatform",
            "wrong-base-platform",
            "The base image is made for another platform than the one that is built for.",
            page!("invalid-base-image-platform"),
        )
    },
    check(
        "InvalidDefaultArgInFrom",
        "invalid-default-in-from",
        "With the default values of its arguments, `FROM` gets an empty or impossible image name.",
        page!("invalid-default-arg-in-from"),
    ),
    CheckDoc {
        default: CheckDefault::Experimental,
        ..check(
            "InvalidDefinitionDescription",
            "malformed-description",
            "The comment above an `ARG` or a stage does not begin with its name, so it is no description of it.",
            page!("invalid-definition-description"),
        )
    },
    check(
        "JSONArgsRecommended",
        "shell-form-command",
        "`CMD` or `ENTRYPOINT` is in shell form, so the program does not receive the stop signal.",
        page!("json-args-recommended"),
    ),
    check(
        "LegacyKeyValueFormat",
        "legacy-key-value",
        "`ENV` or `LABEL` is written with a blank instead of `=`.",
        page!("legacy-key-value-format"),
    ),
    check(
        "MaintainerDeprecated",
        "deprecated-maintainer",
        "`MAINTAINER` is deprecated: a label took its place.",
        page!("maintainer-deprecated"),
    ),
    check(
        "MultipleInstructionsDisallowed",
        "overridden-cmd",
        "A stage has several `CMD`, `ENTRYPOINT` or `HEALTHCHECK`, and only the last one counts.",
        page!("multiple-instructions-disallowed"),
    ),
    check(
        "NoEmptyContinuation",
        "empty-continuation-line",
        "A blank line stands inside of an instruction that is continued with a backslash.",
        page!("no-empty-continuation"),
    ),
    check(
        "RedundantTargetPlatform",
        "redundant-target-platform",
        "`FROM --platform=$TARGETPLATFORM` says what is the default anyway.",
        page!("redundant-target-platform"),
    ),
    check(
        "ReservedStageName",
        "reserved-stage-name",
        "A stage is called `scratch` or `context`, and these names mean something else.",
        page!("reserved-stage-name"),
    ),
    check(
        "SecretsUsedInArgOrEnv",
        "secret-in-arg-or-env",
        "An `ARG` or `ENV` has the name of a secret, and its value can be read in the image.",
        page!("secrets-used-in-arg-or-env"),
    ),
    check(
        "StageNameCasing",
        "uppercase-stage-name",
        "The name of a stage has capital letters.",
        page!("stage-name-casing"),
    ),
    check(
        "UndefinedArgInFrom",
        "undefined-argument-in-from",
        "`FROM` uses a variable that no `ARG` before the first `FROM` declares.",
        page!("undefined-arg-in-from"),
    ),
    check(
        "UndefinedVar",
        "undefined-variable",
        "An instruction uses a variable that is not declared before it; it is replaced by nothing.",
        page!("undefined-var"),
    ),
    check(
        "WorkdirRelativePath",
        "relative-workdir",
        "The first `WORKDIR` of a stage is relative, so the folder depends on the base image.",
        page!("workdir-relative-path"),
    ),
];

/// The check that BuildKit calls `name`, in exactly this case as BuildKit wants it.
pub fn check_named(name: &str) -> Option<&'static CheckDoc> {
    CHECKS.iter().find(|check| check.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_sorted_and_well_formed() {
        assert!(CHECKS.is_sorted_by_key(|check| check.name));
        let mut rules: Vec<_> = CHECKS.iter().map(|check| check.rule).collect();
        rules.sort();
        rules.dedup();
        assert_eq!(rules.len(), CHECKS.len());
        for check in &CHECKS {
            assert!(check.rule.chars().all(|it| it.is_ascii_lowercase() || it == '-'), "{}", check.rule);
            assert!(check.summary.ends_with('.'), "{}", check.name);
            assert!(check.url.starts_with("https://docs.docker.com/reference/build-checks/"));
        }
    }

    #[test]
    fn one_check_needs_the_network_and_one_is_experimental() {
        let online: Vec<_> = CHECKS.iter().filter(|it| !it.offline).map(|it| it.name).collect();
        assert_eq!(online, ["InvalidBaseImagePlatform"]);
        let experimental: Vec<_> =
            CHECKS.iter().filter(|it| it.default == CheckDefault::Experimental).map(|it| it.name).collect();
        assert_eq!(experimental, ["InvalidDefinitionDescription"]);
    }

    #[test]
    fn a_check_is_found_only_in_the_case_of_buildkit() {
        assert_eq!(check_named("UndefinedVar").map(|it| it.rule), Some("undefined-variable"));
        assert!(check_named("undefinedvar").is_none());
    }
}
