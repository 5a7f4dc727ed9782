//! What BuildKit's parser rejects. Parsing goes on after each; the linter turns them into findings.
//!
//! Only faults that the typed tree cannot show are kept here; the rest is judged from the tree.

use smol_str::SmolStr;
use text_size::TextRange;

use super::directive::DirectiveName;

/// A fault and where it stands (local inside an instruction, absolute for directives).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    pub range: TextRange,
}

impl Problem {
    pub fn new(kind: ProblemKind, range: TextRange) -> Self {
        Problem { kind, range }
    }
}

/// The kinds of [`Problem`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// A directive given twice.
    DuplicateDirective(DirectiveName),
    /// `# escape=` with something else than `\` or a backtick.
    InvalidEscape,
    /// `[…]` is JSON, but not all its members are strings.
    JsonNotStrings,
    /// `ENV name` without a value.
    MissingValue,
    /// `ENV a=1 b`: a word without `=` after one that has it.
    MissingEquals(SmolStr),
    /// The end of a heredoc never comes.
    UnterminatedHeredoc(SmolStr),
    /// A quote or `${` is never closed, or what is in the braces is not a substitution.
    Expansion(ExpansionFault),
}

/// Why a word cannot be expanded (BuildKit stops with an error).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpansionFault {
    UnclosedSingleQuote,
    UnclosedDoubleQuote,
    /// `${name` without `}`.
    UnclosedBrace,
    /// `${}`, `${:x}` or `${{x}`.
    BadSubstitution,
    /// `${name^^}` and other operators BuildKit does not know.
    UnsupportedModifier,
    /// `${name/pattern}` without the second `/`.
    MissingReplacement,
    /// Nested deeper than we follow.
    TooDeep,
}
