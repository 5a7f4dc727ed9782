//! An image from a registry that the settings do not list.

use crate::analysis::image::reference::DOCKER_HUB;
use crate::analysis::lint::images::images;
use crate::analysis::lint::prelude::*;

rule! {
    /// An image comes from a registry that is not among the trusted ones.
    ///
    /// A base image can do whatever it likes in everything that is built on it. Teams that check their images list the
    /// registries they trust in the setting `trustedRegistries` (or in `.hadolint.yaml`); without such a list this rule
    /// says nothing. With `trustedRegistries = ["docker.io", "*.example.com"]`:
    ///
    /// ```dockerfile bad
    /// FROM quay.io/acme/api:1.2
    /// ```
    ///
    /// ```dockerfile good
    /// FROM registry.example.com/acme/api:1.2
    /// COPY --from=busybox:1.37 /bin/wget /bin/
    /// ```
    ///
    /// A name without a registry comes from Docker Hub, `docker.io`. A `*` at the start or the end of an entry stands for
    /// any text.
    name: "untrusted-registry",
    aliases: &["DL3026"],
    severity: Severity::Error,
    hadolint: Some(Severity::Error),
    url: "https://docs.docker.com/build/building/best-practices/#choose-the-right-base-image",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    let trusted = &cx.policy.trusted_registries;
    if trusted.is_empty() {
        return;
    }
    for image in images(cx) {
        let is_by_variable = !image.is_literal() && cx.source(image.range).starts_with('$');
        // hadolint judges what is written.
        if cx.profile == Profile::Hadolint && is_by_variable {
            continue;
        }
        let Some(registry) = image.reference.registry_host() else { continue };
        // hadolint knows Docker Hub by the address of its page, too.
        let names: &[&str] =
            if registry == DOCKER_HUB { &[DOCKER_HUB, "hub.docker.com"] } else { &[registry] };
        let is_trusted = trusted.iter().any(|pattern| names.iter().any(|it| matches(pattern, it)));
        if !is_trusted {
            let range = image.range_of(image.reference.registry_range());
            report.at(range, format!("`{registry}` is not among the trusted registries"));
        }
    }
}

fn matches(pattern: &str, registry: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        _ if pattern == "*" => true,
        (Some(end), _) => registry.ends_with(end),
        (None, Some(start)) => registry.starts_with(start),
        (None, None) => registry == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::matches;
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn stages_and_scratch_come_from_nowhere() {
        check_rule(
            "untrusted-registry",
            "FROM x.io/a:1 AS b\n     ^^^^\nFROM b\nFROM scratch\nFROM $X/a\nFROM a\nCOPY --from=b x y\nCOPY --from=y.io/a x y\n            ^^^^\nRUN --mount=from=z.io/b:1 c\n                 ^^^^\n",
        );
    }

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(
            matches("*.gcr.io", "eu.gcr.io")
                && matches("x*", "xyz")
                && matches("*", "a")
                && matches("a", "a")
        );
        assert!(!matches("*.gcr.io", "gcr.io") && !matches("a", "ab"));
    }
}
