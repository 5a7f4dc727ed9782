//! `ENV A=1 B`.

use crate::analysis::lint::prelude::*;

rule! {
    /// A word of `ENV` or `LABEL` has no `=`.
    ///
    /// The build stops. Most often a value with blanks stands without quotes.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// ENV GREETING=hello world
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// ENV GREETING="hello world"
    /// ```
    error,
    name: "missing-equals",
    aliases: &["SYNTAX_MISSING_EQUALS"],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#env",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Env, Keyword::Label]), deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Arguments::Pairs(pairs) = &cx.instruction.arguments else { return };
    let mut before: Option<&ast::Pair> = None;
    for pair in &pairs.pairs {
        // `A=b c d` is one fault.
        let is_first = before.is_none_or(|before| before.value.is_some());
        if pair.value.is_none() && !pairs.is_legacy && is_first {
            found(cx, pairs, before, pair, report);
        }
        before = Some(pair);
    }
}

fn found(
    cx: &InstructionContext<'_>,
    pairs: &ast::Pairs,
    before: Option<&ast::Pair>,
    pair: &ast::Pair,
    report: &mut Report<'_>,
) {
    let word = pair.key.raw();
    let message = if word.starts_with('#') {
        "a comment cannot stand behind an instruction: give it a line of its own".to_owned()
    } else {
        format!("`{word}` has no `=`: put quotes around a value with blanks, or write `{word}=value`")
    };
    let draft = report.at(pair.range, message).severity(Severity::Error);
    if word.starts_with('#') {
        if let Some(edits) = own_line(cx, pair.range.start()) {
            draft.unsafe_fix("Move the comment to its own line", edits);
        }
        return;
    }
    let value = before.and_then(|before| before.value.as_ref());
    if let Some(value) = value {
        let followers = pairs.pairs.iter().skip_while(|it| it.range.start() < pair.range.start());
        let end = followers
            .take_while(|it| it.value.is_none())
            .last()
            .map_or(pair.range.end(), |it| it.range.end());
        let whole = TextRange::new(value.range().start(), end);
        if !cx.source(whole).contains(['"', '\'', '\\', '\n', cx.setting.escape]) {
            let edits = vec![TextEdit::insert(whole.start(), "\""), TextEdit::insert(whole.end(), "\"")];
            draft.unsafe_fix("Put quotes around the value", edits);
        }
    }
}

/// Puts the comment that begins at `start` above the instruction; `None` if more lines follow.
fn own_line(cx: &InstructionContext<'_>, start: TextSize) -> Option<Vec<TextEdit>> {
    let range = TextRange::new(start, cx.instruction.line_range.end());
    let comment = cx.source(range);
    if cx.is_deferred || comment.contains('\n') {
        return None;
    }
    let before = cx.source(TextRange::new(cx.instruction.line_range.start(), start));
    let blanks = TextSize::from((before.len() - before.trim_end().len()) as u32);
    let above = TextEdit::insert(cx.instruction.range.start(), format!("{comment}\n"));
    Some(vec![above, TextEdit::delete(TextRange::new(start - blanks, range.end()))])
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn the_first_word_without_equals_is_marked() {
        check_rule("missing-equals", "FROM a\nENV A=b c d E=f g\n        ^\n                ^\nENV a b c\n");
    }

    #[test]
    fn a_comment_moves_up() {
        check_fix("missing-equals", "FROM a\nENV A=b # c d\n", "FROM a\n# c d\nENV A=b\n");
    }

    #[test]
    fn quotes_go_around_the_whole_value() {
        check_fix("missing-equals", "FROM a\nENV A=b c d E=f\n", "FROM a\nENV A=\"b c d\" E=f\n");
    }
}
