//! From the names people write to rules: ours, BuildKit's, hadolint's, the validator's; in any case.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::rule::Rule;
use super::rules::RULES;
use crate::analysis::knowledge::{check_named, did_you_mean};

static BY_NAME: LazyLock<HashMap<String, Vec<&'static Rule>>> = LazyLock::new(|| {
    let mut by_name: HashMap<String, Vec<&'static Rule>> = HashMap::new();
    for rule in RULES {
        for name in std::iter::once(&rule.name).chain(rule.aliases) {
            by_name.entry(name.to_ascii_lowercase()).or_default().push(rule);
        }
    }
    by_name
});

/// What a written rule name means.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleName {
    /// Several when a peer's one code covers what we tell apart.
    Known(&'static [&'static Rule]),
    /// A name of another tool for which there is no rule here (`SC2086`, `tally/…`): nothing to complain about.
    Foreign,
    Unknown {
        suggestion: Option<&'static str>,
    },
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl RuleName {
    /// Looks `name` up; a prefix such as `hadolint/` or `buildkit/` is passed over.
    pub fn resolve(name: &str) -> RuleName {
        match rules_named(name) {
            [] if is_foreign(name) => RuleName::Foreign,
            [] => RuleName::Unknown { suggestion: suggestion(name) },
            rules => RuleName::Known(rules),
        }
    }
}

/// The rules called `name`, in any case.
pub fn rules_named(name: &str) -> &'static [&'static Rule] {
    let name = name.strip_prefix("buildkit/").or(name.strip_prefix("hadolint/")).unwrap_or(name);
    BY_NAME.get(&name.to_ascii_lowercase()).map_or(&[], |rules| rules)
}

/// The first rule called `name`.
pub fn rule_named(name: &str) -> Option<&'static Rule> {
    rules_named(name).first().copied()
}

/// Whether `name` belongs to another tool: ShellCheck's and hadolint's codes, checks that need the network.
pub fn is_foreign(name: &str) -> bool {
    let is_code = |prefix: &str| {
        name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
            && name.len() == prefix.len() + 4
            && name.bytes().skip(prefix.len()).all(|byte| byte.is_ascii_digit())
    };
    let is_prefixed =
        ["tally/", "hadolint/", "shellcheck/", "buildkit/"].iter().any(|it| name.starts_with(it));
    is_code("SC") || is_code("DL") || is_prefixed || check_named(name).is_some()
}

fn suggestion(name: &str) -> Option<&'static str> {
    did_you_mean(name, RULES.iter().flat_map(|rule| std::iter::once(&rule.name).chain(rule.aliases)).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_taken_in_any_case() {
        let rule = rule_named("deprecated-maintainer").unwrap();
        assert_eq!(rule_named("MaintainerDeprecated"), Some(rule));
        assert_eq!(rule_named("dl4000"), Some(rule));
        assert_eq!(rule_named("buildkit/MaintainerDeprecated"), Some(rule));
        assert_eq!(RuleName::resolve("SC2086"), RuleName::Foreign);
    }

    #[test]
    fn a_slip_gets_a_suggestion() {
        let name = RuleName::resolve("deprecated-maintaner");
        assert_eq!(name, RuleName::Unknown { suggestion: Some("deprecated-maintainer") });
        assert_eq!(RuleName::resolve("xyz"), RuleName::Unknown { suggestion: None });
    }
}
