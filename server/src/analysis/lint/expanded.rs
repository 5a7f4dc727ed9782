//! Which words of an instruction the build expands. Not all of those that could hold variables: what BuildKit's
//! `Expand` methods (`instructions/commands.go`) and `convert.go` pass to its lexer.

use super::prelude::*;
use crate::analysis::syntax::expansion;

/// The words BuildKit expands, in source order; of a deferred instruction none.
pub fn expanded_words(instruction: &Instruction) -> Vec<&Word> {
    let mut words = Vec::new();
    // Most instructions hold nothing special.
    if !instruction.arguments_text.as_str().contains(SPECIAL) && instruction.flags.is_empty() {
        return words;
    }
    let expands = |flag: &Flag| expands_flag(instruction.keyword, flag.name.as_str());
    words
        .extend(instruction.flags.iter().filter(|flag| expands(flag)).filter_map(|flag| flag.value.as_ref()));
    match &instruction.arguments {
        Arguments::From(from) => words.extend(&from.image),
        Arguments::Copy(copy) => {
            let is_heredoc = |word: &Word| instruction.heredocs.iter().any(|it| it.marker == word.range());
            words.extend(copy.sources.iter().chain(&copy.destination).filter(|word| !is_heredoc(word)));
        }
        Arguments::Pairs(pairs) => {
            words.extend(pairs.pairs.iter().flat_map(|pair| std::iter::once(&pair.key).chain(&pair.value)));
        }
        // The name of an ARG is taken as it stands.
        Arguments::Arg(declarations) => words.extend(declarations.iter().filter_map(|it| it.value.as_ref())),
        Arguments::List(list) => words.extend(&list.items),
        Arguments::Single(word) if instruction.keyword != Some(Keyword::Maintainer) => words.extend(word),
        Arguments::Single(_)
        | Arguments::Command(_)
        | Arguments::Healthcheck(_)
        | Arguments::Onbuild(_)
        | Arguments::Unknown => {}
    }
    words
}

/// What makes a word more than itself: a quote, a `$`, an escape of either kind.
const SPECIAL: [char; 5] = ['$', '\'', '"', '\\', '`'];

fn expands_flag(keyword: Option<Keyword>, name: &str) -> bool {
    match keyword {
        Some(Keyword::From) => name == "platform",
        Some(Keyword::Copy) => matches!(name, "chown" | "chmod"),
        Some(Keyword::Add) => matches!(name, "chown" | "chmod" | "checksum"),
        Some(Keyword::Run) => name == "mount",
        _ => false,
    }
}

/// Faults in the bodies of `COPY` and `ADD` heredocs, which are expanded too; local ranges.
pub fn heredoc_faults(cx: &InstructionContext<'_>) -> Vec<(ExpansionFault, TextRange)> {
    if !matches!(cx.keyword(), Some(Keyword::Copy | Keyword::Add)) {
        return Vec::new();
    }
    let bodies = cx.instruction.heredocs.iter().filter(|heredoc| heredoc.expands);
    bodies
        .filter_map(|heredoc| {
            let text = SourceText::verbatim(cx.source(heredoc.body), heredoc.body.start());
            expansion::parse_unquoted(&text).1
        })
        .collect()
}
