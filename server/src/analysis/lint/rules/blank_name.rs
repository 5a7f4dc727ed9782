//! `ENV =value`.

use crate::analysis::lint::prelude::*;

rule! {
    /// A value stands without a name before its `=`.
    ///
    /// The build stops. There must be no blank around `=`: `ENV NAME = value` is not what it seems.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// ARG =1.0
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// ARG VERSION=1.0
    /// ```
    error,
    name: "blank-name",
    aliases: &["SYNTAX_MISSING_NAMES"],
    url: "https://docs.docker.com/reference/dockerfile/#arg",
    check: Check::Instruction {
        on: On::Keywords(&[Keyword::Arg, Keyword::Env, Keyword::Label]),
        deferred: true,
        check,
    },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let message = "before `=` the name is missing; there must be no blank around `=`";
    match &cx.instruction.arguments {
        Arguments::Arg(declarations) => {
            for declaration in declarations.iter().filter(|it| it.name.raw().is_empty()) {
                report.at(declaration.range, message);
            }
        }
        Arguments::Pairs(pairs) if !pairs.is_legacy => {
            for pair in pairs.pairs.iter().filter(|it| it.key.raw().is_empty()) {
                report.at(pair.range, message);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn blanks_around_equals_leave_no_name() {
        check_rule(
            "blank-name",
            "FROM a\nARG A = 1\n      ^\nENV =b\n    ^^\nENV A = b\nLABEL a=b =c\n          ^^\n",
        );
    }
}
