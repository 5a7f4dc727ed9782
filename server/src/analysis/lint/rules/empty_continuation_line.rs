//! Blank lines inside an instruction.

use crate::analysis::lint::prelude::*;

rule! {
    /// A blank line stands inside of an instruction that is continued with a backslash.
    ///
    /// It looks as if the instruction ended there, and it does not. Docker announces that this will become an error.
    /// A comment line is fine.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// RUN apk add --no-cache \
    ///
    ///     curl
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// RUN apk add --no-cache \
    ///     # to fetch the data
    ///     curl
    /// ```
    name: "empty-continuation-line",
    aliases: &["NoEmptyContinuation", "EMPTY_CONTINUATION_LINE"],
    buildkit: true,
    fix: FixSafety::Safe,
    url: "https://docs.docker.com/go/dockerfile/rule/no-empty-continuation/",
    check: Check::Instruction { on: On::Every, deferred: false, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let blank_lines = &cx.instruction.blank_lines;
    let Some(first) = blank_lines.first() else { return };
    let message = match blank_lines.len() {
        1 => "a blank line inside of an instruction; a later Docker will refuse it".to_owned(),
        count => format!("{count} blank lines inside of an instruction; a later Docker will refuse them"),
    };
    let delete = |line: &TextRange| {
        // With its own line break: after the last line of the file there is none.
        let rest = cx.source(TextRange::new(line.end(), cx.instruction.range.end().max(line.end())));
        let len = rest.find('\n').map_or(0, |at| at + 1);
        TextEdit::delete(TextRange::new(line.start(), line.end() + TextSize::from(len as u32)))
    };
    let is_inside = |line: &&TextRange| line.end() < cx.instruction.line_range.end();
    let edits: Vec<_> = blank_lines.iter().filter(is_inside).map(delete).collect();
    report.at(*first, message).safe_fix("Remove the blank lines", edits);
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, findings};

    #[test]
    fn the_fix_removes_the_lines_and_nothing_else() {
        check_fix(
            "empty-continuation-line",
            "RUN a \\\r\n\r\n  \r\n # c\r\n && b\r\n\r\nRUN c\r\n",
            "RUN a \\\r\n # c\r\n && b\r\n\r\nRUN c\r\n",
        );
    }

    #[test]
    fn one_instruction_is_one_finding() {
        assert_eq!(findings("empty-continuation-line", "RUN a \\\n\n b \\\n\n\n c\n").len(), 1);
    }
}
