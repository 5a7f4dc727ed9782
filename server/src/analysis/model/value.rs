//! What a word becomes when BuildKit expands it, as far as the file alone can tell.
//!
//! Semantics of `shell.Lex` in BuildKit; a value that a build argument, the platform or the base image decides
//! stays unknown and says why. Nothing here guesses.

use smol_str::SmolStr;

use super::pattern;
use crate::analysis::syntax::expansion::{Modifier, Operator, Part, Variable, Word};

/// The value of a word or a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Known(SmolStr),
    /// Known unless the build passes `--build-arg argument=…`.
    Default {
        text: SmolStr,
        argument: SmolStr,
    },
    Unknown(Unknown),
}

/// Why a value is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unknown {
    /// An `ARG` without default: only the build command knows.
    BuildArgument(SmolStr),
    /// `TARGETPLATFORM` and its kin: the build decides.
    Platform(SmolStr),
    /// Not set in the file; the base image may set it.
    BaseImage(SmolStr),
    /// `${name:?message}` would stop the build.
    Required(SmolStr),
    /// The word cannot be expanded at all.
    Fault,
    /// Longer than [`MAX_LEN`].
    TooLong,
}

/// Longer values are given up: `ENV A=$A$A` doubles with every line.
pub const MAX_LEN: usize = 32 * 1024;

impl Value {
    pub fn known(text: impl Into<SmolStr>) -> Self {
        Value::Known(text.into())
    }

    /// The text, also when a build argument could change it.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Known(text) | Value::Default { text, .. } => Some(text),
            Value::Unknown(_) => None,
        }
    }

    /// The text, only when nothing outside the file can change it.
    pub fn certain(&self) -> Option<&str> {
        match self {
            Value::Known(text) => Some(text),
            _ => None,
        }
    }
}

/// What a name stands for at some place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// Set to this value.
    Set(Value),
    /// Declared by `ARG` without a value: unset unless the build passes one.
    Declared,
    /// Certainly not set.
    Unset,
    /// Not set in the file, but the base image may set it.
    MaybeInBase,
}

/// Expands `word`, asking `lookup` for every variable.
pub fn expand(word: &Word, lookup: &dyn Fn(&str) -> Lookup) -> Value {
    if word.fault().is_some() {
        return Value::Unknown(Unknown::Fault);
    }
    expand_parts(&word.parts(), lookup)
}

/// Expands `parts`, asking `lookup` for every variable.
pub fn expand_parts(parts: &[Part], lookup: &dyn Fn(&str) -> Lookup) -> Value {
    let mut text = String::new();
    let mut argument = None;
    for part in parts {
        match expand_part(part, lookup) {
            Value::Known(more) => text.push_str(&more),
            Value::Default { text: more, argument: by } => {
                text.push_str(&more);
                argument.get_or_insert(by);
            }
            unknown => return unknown,
        }
        if text.len() > MAX_LEN {
            return Value::Unknown(Unknown::TooLong);
        }
    }
    with_argument(text, argument)
}

fn with_argument(text: impl Into<SmolStr>, argument: Option<SmolStr>) -> Value {
    match argument {
        None => Value::Known(text.into()),
        Some(argument) => Value::Default { text: text.into(), argument },
    }
}

fn expand_part(part: &Part, lookup: &dyn Fn(&str) -> Lookup) -> Value {
    match part {
        Part::Literal { text, .. } => Value::Known(text.clone()),
        Part::Variable(variable) => expand_variable(variable, lookup),
    }
}

fn expand_variable(variable: &Variable, lookup: &dyn Fn(&str) -> Lookup) -> Value {
    let name = &variable.name;
    let found = lookup(name);
    let Some(modifier) = &variable.modifier else {
        return match found {
            Lookup::Set(value) => value,
            Lookup::Declared => Value::Unknown(Unknown::BuildArgument(name.clone())),
            Lookup::Unset => Value::known(""),
            Lookup::MaybeInBase => Value::Unknown(Unknown::BaseImage(name.clone())),
        };
    };
    // What decides when the file alone cannot.
    let (value, argument) = match found {
        Lookup::Set(Value::Unknown(why)) => return Value::Unknown(why),
        Lookup::Set(Value::Known(text)) => (Some(text), None),
        Lookup::Set(Value::Default { text, argument }) => (Some(text), Some(argument)),
        Lookup::Declared => (None, Some(name.clone())),
        Lookup::Unset => (None, None),
        Lookup::MaybeInBase => return Value::Unknown(Unknown::BaseImage(name.clone())),
    };
    match apply(modifier, name, value, lookup) {
        Value::Known(text) => with_argument(text, argument),
        other => other,
    }
}

fn apply(
    modifier: &Modifier,
    name: &SmolStr,
    value: Option<SmolStr>,
    lookup: &dyn Fn(&str) -> Lookup,
) -> Value {
    let word = || expand_parts(&modifier.word, lookup);
    let is_missing = |empty_too: bool| value.as_ref().is_none_or(|text| empty_too && text.is_empty());
    let kept = || Value::Known(value.clone().unwrap_or_default());
    let text = value.as_deref().unwrap_or_default();
    match modifier.operator {
        Operator::Default { empty_too } if is_missing(empty_too) => word(),
        Operator::Default { .. } => kept(),
        Operator::Alternative { empty_too } if is_missing(empty_too) => Value::known(""),
        Operator::Alternative { .. } => word(),
        Operator::Required { empty_too } if is_missing(empty_too) => {
            Value::Unknown(Unknown::Required(name.clone()))
        }
        Operator::Required { .. } => kept(),
        Operator::RemovePrefix { longest } => {
            with_pattern(word(), |pattern| pattern::trim_prefix(pattern, text, longest))
        }
        Operator::RemoveSuffix { longest } => {
            with_pattern(word(), |pattern| pattern::trim_suffix(pattern, text, longest))
        }
        Operator::Replace { all } => {
            let replacement = expand_parts(&modifier.replacement, lookup);
            let Some(by) = replacement.text() else { return replacement };
            with_pattern(word(), |pattern| pattern::replace(pattern, text, by, all))
        }
    }
}

/// `None` from `transform` means that BuildKit refuses the pattern.
fn with_pattern(pattern: Value, transform: impl Fn(&str) -> Option<String>) -> Value {
    match pattern.text() {
        Some(text) => transform(text).map_or(Value::Unknown(Unknown::Fault), Value::known),
        None => pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::syntax::SourceText;

    fn lookup(name: &str) -> Lookup {
        match name {
            "v" => Lookup::Set(Value::known("foobarbaz")),
            "e" => Lookup::Set(Value::known("")),
            "p" => Lookup::Set(Value::known("a/b*c/d")),
            "d" => Lookup::Set(Value::Default { text: "1".into(), argument: "d".into() }),
            "a" => Lookup::Declared,
            "b" => Lookup::MaybeInBase,
            _ => Lookup::Unset,
        }
    }

    fn value(text: &str) -> Value {
        expand(&Word::parse(SourceText::verbatim(text, 0.into()), '\\'), &lookup)
    }

    #[test]
    fn substitutions_give_what_the_build_gives() {
        // Expectations from the reference's table of substitutions and from running BuildKit's lexer.
        for (text, expected) in [
            ("x${v}y", "xfoobarbazy"),
            ("$e-$u-", "--"),
            ("${u:-w$v}", "wfoobarbaz"),
            ("${e:-w}", "w"),
            ("${e-w}", ""),
            ("${v:+w}", "w"),
            ("${e:+w}", ""),
            ("${e+w}", "w"),
            ("${u+w}", ""),
            ("${v?no}", "foobarbaz"),
            ("${v#f*b}", "arbaz"),
            ("${v##f*b}", "az"),
            ("${v%b*z}", "foobar"),
            ("${v%%b*z}", "foo"),
            ("${v%q}", "foobarbaz"),
            ("${v/ba?/X}", "fooXbaz"),
            ("${v//ba?/X}", "fooXX"),
            ("${v//ba*/X}", "fooX"),
            ("${u/*/x}", "x"),
            (r"${p//\//-}", "a-b*c-d"),
            (r"${p/\*/-}", "a/b-c/d"),
            (r#""$v"'$v'\$v"#, "foobarbaz$v$v"),
        ] {
            assert_eq!(value(text), Value::known(expected), "{text}");
        }
    }

    #[test]
    fn what_the_file_cannot_know_stays_unknown_and_says_why() {
        assert_eq!(value("x$a"), Value::Unknown(Unknown::BuildArgument("a".into())));
        assert_eq!(value("${b:-x}"), Value::Unknown(Unknown::BaseImage("b".into())));
        assert_eq!(value("${u:?needed}"), Value::Unknown(Unknown::Required("u".into())));
        assert_eq!(value("x$d"), Value::Default { text: "x1".into(), argument: "d".into() });
        assert_eq!(value("${a:-w}"), Value::Default { text: "w".into(), argument: "a".into() });
    }
}
