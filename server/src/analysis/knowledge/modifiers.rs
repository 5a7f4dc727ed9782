//! `${name…}`: what may stand after the name, and where variables are replaced.
//!
//! <https://docs.docker.com/reference/dockerfile/#environment-replacement> and
//! `frontend/dockerfile/shell/lex.go` of BuildKit. In `RUN`, `CMD` and `ENTRYPOINT` the shell
//! replaces variables, with rules of its own.

use super::FrontendVersion;

/// One modifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModifierDoc {
    /// The characters after the name.
    pub symbol: &'static str,
    /// The form, for completion and signatures.
    pub form: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// An expansion, given the value of `example_value`.
    pub example: &'static str,
    /// What the variable of the example holds; `None`: it is not set.
    pub example_value: Option<&'static str>,
    /// What comes out; `None`: the build fails.
    pub example_result: Option<&'static str>,
    pub since: Option<FrontendVersion>,
}

/// The page about modifiers.
pub const MODIFIERS_URL: &str = reference!("#environment-replacement");

const fn since(minor: u16) -> Option<FrontendVersion> {
    Some(FrontendVersion::one(minor))
}

/// All modifiers. In the patterns `?` is any one character and `*` any number of them.
pub static MODIFIERS: &[ModifierDoc] = &[
    ModifierDoc {
        symbol: ":-",
        form: "${name:-default}",
        summary: "The value, or `default` if the variable is not set or empty.",
        example: "${TAG:-latest}",
        example_value: None,
        example_result: Some("latest"),
        since: None,
    },
    ModifierDoc {
        symbol: "-",
        form: "${name-default}",
        summary: "The value, or `default` if the variable is not set; an empty value stays empty.",
        example: "${TAG-latest}",
        example_value: Some(""),
        example_result: Some(""),
        since: since(6),
    },
    ModifierDoc {
        symbol: ":+",
        form: "${name:+other}",
        summary: "`other` if the variable has a value, and nothing if it is not set or empty.",
        example: "${DEBUG:+--verbose}",
        example_value: Some("1"),
        example_result: Some("--verbose"),
        since: None,
    },
    ModifierDoc {
        symbol: "+",
        form: "${name+other}",
        summary: "`other` if the variable is set, even to an empty value.",
        example: "${DEBUG+--verbose}",
        example_value: Some(""),
        example_result: Some("--verbose"),
        since: since(6),
    },
    ModifierDoc {
        symbol: ":?",
        form: "${name:?message}",
        summary: "The value; the build fails with `message` if the variable is not set or empty.",
        example: "${VERSION:?say --build-arg VERSION=...}",
        example_value: None,
        example_result: None,
        since: None,
    },
    ModifierDoc {
        symbol: "?",
        form: "${name?message}",
        summary: "The value; the build fails with `message` if the variable is not set.",
        example: "${VERSION?say --build-arg VERSION=...}",
        example_value: None,
        example_result: None,
        since: since(6),
    },
    ModifierDoc {
        symbol: "#",
        form: "${name#pattern}",
        summary: "The value without the shortest part at its beginning that fits the pattern.",
        example: "${VERSION#v}",
        example_value: Some("v1.2.3"),
        example_result: Some("1.2.3"),
        since: since(7),
    },
    ModifierDoc {
        symbol: "##",
        form: "${name##pattern}",
        summary: "The value without the longest part at its beginning that fits the pattern.",
        example: "${FILE##*/}",
        example_value: Some("a/b/c.txt"),
        example_result: Some("c.txt"),
        since: since(7),
    },
    ModifierDoc {
        symbol: "%",
        form: "${name%pattern}",
        summary: "The value without the shortest part at its end that fits the pattern.",
        example: "${VERSION%.*}",
        example_value: Some("1.2.3"),
        example_result: Some("1.2"),
        since: since(7),
    },
    ModifierDoc {
        symbol: "%%",
        form: "${name%%pattern}",
        summary: "The value without the longest part at its end that fits the pattern.",
        example: "${VERSION%%.*}",
        example_value: Some("1.2.3"),
        example_result: Some("1"),
        since: since(7),
    },
    ModifierDoc {
        symbol: "/",
        form: "${name/pattern/replacement}",
        summary: "The value with the first part that fits the pattern replaced.",
        example: "${ARCH/amd64/x86_64}",
        example_value: Some("amd64"),
        example_result: Some("x86_64"),
        since: since(7),
    },
    ModifierDoc {
        symbol: "//",
        form: "${name//pattern/replacement}",
        summary: "The value with every part that fits the pattern replaced.",
        example: "${VERSION//./-}",
        example_value: Some("1.2.3"),
        example_result: Some("1-2-3"),
        since: since(7),
    },
];

/// The modifier written `symbol`.
pub fn modifier(symbol: &str) -> Option<&'static ModifierDoc> {
    MODIFIERS.iter().find(|it| it.symbol == symbol)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_modifier_is_documented_and_shown_once() {
        for it in MODIFIERS {
            assert!(it.summary.ends_with('.'), "{}", it.symbol);
            assert!(it.form.starts_with(&format!("${{name{}", it.symbol)), "{}", it.form);
            let name_end = it.example.find(|c: char| !c.is_ascii_uppercase() && !"${".contains(c));
            assert!(name_end.is_some_and(|at| it.example[at..].starts_with(it.symbol)), "{}", it.example);
            assert_eq!(MODIFIERS.iter().filter(|other| other.symbol == it.symbol).count(), 1);
        }
        assert_eq!(modifier("##").map(|it| it.since), Some(since(7)));
        assert!(modifier("^").is_none());
    }
}
