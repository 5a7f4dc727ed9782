//! A line that begins with no instruction.

use crate::analysis::knowledge::{Keyword, did_you_mean};
use crate::analysis::lint::context::ModelContext;
use crate::analysis::lint::report::Report;
use crate::analysis::lint::rule::{Check, FixSafety, rule};
use crate::analysis::syntax::InstructionRef;
use crate::analysis::text::TextEdit;

rule! {
    /// A line begins with a word that is no instruction.
    ///
    /// The build stops: every logical line starts with one of the 18 instructions. Either the word is a slip, or the
    /// line before it should go on: a shell command that spans several lines needs a `\` at the end of each line but
    /// the last.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// RUN apk add --no-cache curl &&
    ///     curl --version
    /// ```
    ///
    /// ```dockerfile bad
    /// FORM alpine:3.22
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// RUN apk add --no-cache curl && \
    ///     curl --version
    /// ```
    error,
    name: "unknown-instruction",
    aliases: &["UNKNOWN_INSTRUCTION", "DL1000"],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#format",
    check: Check::Model(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    let mut before: Option<InstructionRef<'_>> = None;
    for instruction in cx.instructions() {
        if instruction.keyword.is_none() {
            found(cx, before, instruction, report);
        }
        // One lost `\` breaks all lines behind it: they are one fault.
        let goes_on = instruction.keyword.is_none();
        before = Some(instruction).filter(|_| !goes_on);
    }
}

fn found(
    cx: &ModelContext<'_>,
    before: Option<InstructionRef<'_>>,
    instruction: InstructionRef<'_>,
    report: &mut Report<'_>,
) {
    let _ = (cx, before);
    let written = instruction.name.as_str();
    let range = instruction.absolute(instruction.name.range());
    let meant = did_you_mean(written, Keyword::ALL.iter().map(|it| it.as_str()));
    match meant {
        Some(meant) => {
            report
                .at(range, format!("unknown instruction `{written}`; did you mean `{meant}`?"))
                .unsafe_fix(format!("Write `{meant}`"), vec![TextEdit::new(range, meant)]);
        }
        None => {
            report.at(range, format!("`{written}` is no instruction"));
        }
    }
}
