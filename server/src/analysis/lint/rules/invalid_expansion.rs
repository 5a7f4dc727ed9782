//! `ENV A="b`.

use crate::analysis::lint::expanded::{expanded_words, heredoc_faults};
use crate::analysis::lint::prelude::*;

rule! {
    /// A quote or a `${` is never closed, or what is in the braces is no substitution.
    ///
    /// The build stops: Docker replaces variables and takes off quotes in most instructions, as a shell does. An
    /// apostrophe begins a quoted text too. Of the shell's substitutions only `-`, `+`, `?`, `#`, `%` and `/` work.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// LABEL description=it's-mine
    /// ```
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// WORKDIR /srv/${NAME^^}
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// LABEL description="it's mine"
    /// WORKDIR /srv/${NAME:-app}
    /// ```
    error,
    name: "invalid-expansion",
    aliases: &["SYNTAX_MISSING_SINGLE_QUOTE", "SYNTAX_MISSING_DOUBLE_QUOTE"],
    url: "https://docs.docker.com/reference/dockerfile/#environment-replacement",
    check: Check::Instruction { on: On::Every, deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let source = if cx.keyword() == Some(Keyword::Copy) { cx.instruction.flag("from") } else { None };
    let source = source.and_then(|flag| flag.value.as_ref());
    let words = expanded_words(cx.instruction);
    let faults = words.iter().copied().chain(source).filter_map(|word| word.fault());
    let faults: Vec<_> = faults.chain(heredoc_faults(cx)).collect();
    for (fault, range) in faults {
        if let Some(message) = message(fault) {
            report.at(range, message);
        }
    }
}

fn message(fault: ExpansionFault) -> Option<&'static str> {
    Some(match fault {
        ExpansionFault::UnclosedSingleQuote => {
            "this `'` begins a quoted text that never ends: write `\\'`, or put double quotes around the value"
        }
        ExpansionFault::UnclosedDoubleQuote => "this `\"` begins a quoted text that never ends",
        ExpansionFault::UnclosedBrace => "this `${` is never closed: a `}` is missing",
        ExpansionFault::BadSubstitution => "between `${` and `}` a variable's name is missing",
        ExpansionFault::UnsupportedModifier => {
            "Docker does not know this substitution: `${NAME:-default}`, `${NAME#prefix}` and their kin work"
        }
        ExpansionFault::MissingReplacement => "`${NAME/pattern/text}` needs a second `/`",
        // Deeper than we look; the build may well take it.
        ExpansionFault::TooDeep => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn faults_are_found_where_the_build_expands() {
        check_rule(
            "invalid-expansion",
            "FROM a\nENV A=b'c\n       ^^ quoted\nCOPY ${x /\n     ^^^\nUSER ${}\n     ^^^ missing\nRUN echo 'it ${\nCMD \"\nHEALTHCHECK CMD '\nMAINTAINER it's me\nONBUILD RUN '\nARG a'b\n",
        );
    }

    #[test]
    fn quotes_mean_nothing_in_heredocs() {
        check_rule("invalid-expansion", "FROM a\nCOPY <<E /x\nit's ${\n     ^^^\nE\n");
    }
}
