//! `FROM a b`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `FROM` takes an image, and optionally `AS` and a name; something else stands there.
    ///
    /// The build stops. A comment needs a line of its own: behind an instruction `#` is a word like any other.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22 # small
    /// ```
    ///
    /// ```dockerfile bad
    /// FROM alpine 3.22
    /// ```
    ///
    /// ```dockerfile good
    /// # small
    /// FROM alpine:3.22
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22 AS base
    /// ```
    error,
    name: "invalid-from-arguments",
    aliases: &["ARGUMENT_REQUIRES_ONE_OR_THREE", "INVALID_AS"],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#from",
    check: Check::Instruction { on: On::Keywords(&[Keyword::From]), deferred: false, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Arguments::From(from) = &cx.instruction.arguments else { return };
    let (Some(image), Some(second)) = (&from.image, &from.as_keyword) else { return };
    let is_as = second.as_str().eq_ignore_ascii_case("as");
    if is_as && from.name.is_some() && from.rest.is_empty() {
        return;
    }
    let words: Vec<&SourceText> = std::iter::once(second).chain(&from.name).chain(&from.rest).collect();
    if let Some(comment) = words.iter().find(|word| word.as_str().starts_with('#')) {
        trailing_comment(cx, comment.range().start(), report);
        return;
    }
    if let Some(mark) = parted(image, second) {
        let whole = format!("{}{mark}{}", image.raw(), second.as_str());
        let message = format!("no blank can stand inside of the name of an image: write `{whole}`");
        report
            .at(second.range(), message)
            .unsafe_fix(format!("Write `{whole}`"), vec![TextEdit::new(between(image, second), mark)]);
        return;
    }
    match (is_as, &from.name) {
        (true, None) => {
            let message = format!("after `{}` the name of the stage is missing", second.as_str());
            report.at(second.range(), message);
        }
        (true, Some(_)) => {
            report.at(rest(&from.rest, second), "nothing can stand behind the name of the stage");
        }
        (false, None) => {
            let message =
                format!("`{}` does not belong here: `AS` must stand before a name", second.as_str());
            report
                .at(second.range(), message)
                .unsafe_fix(
                    format!("Name the stage `{}`", second.as_str()),
                    vec![TextEdit::insert(second.range().start(), "AS ")],
                )
                .unsafe_fix("Make it the tag", vec![TextEdit::new(between(image, second), ":")]);
        }
        (false, Some(_)) => {
            let message = format!(
                "`{}` does not belong here: behind the image only `AS name` can stand",
                second.as_str()
            );
            report.at(second.range(), message);
        }
    }
}

/// What should stand instead of the blank, when `second` is the tag or the digest: `python :3.9`, `python: 3.9`,
/// `python 3.9`.
fn parted(image: &Word, second: &SourceText) -> Option<&'static str> {
    let (image, second) = (image.raw(), second.as_str());
    let is_whole = second.len() > 1 && second.starts_with([':', '@']) || image.ends_with([':', '@']);
    let is_version = second.starts_with(|it: char| it.is_ascii_digit()) && !image.contains([':', '@']);
    match (is_whole, is_version) {
        (true, _) => Some(""),
        (false, true) => Some(":"),
        (false, false) => None,
    }
}

fn between(image: &Word, second: &SourceText) -> TextRange {
    TextRange::new(image.range().end(), second.range().start())
}

fn rest(words: &[SourceText], otherwise: &SourceText) -> TextRange {
    match (words.first(), words.last()) {
        (Some(first), Some(last)) => first.range().cover(last.range()),
        _ => otherwise.range(),
    }
}

fn trailing_comment(cx: &InstructionContext<'_>, start: TextSize, report: &mut Report<'_>) {
    let range = TextRange::new(start, cx.instruction.line_range.end());
    let before = cx.source(TextRange::new(cx.instruction.line_range.start(), start));
    let blanks = TextSize::from((before.len() - before.trim_end().len()) as u32);
    let edits = vec![
        TextEdit::insert(cx.instruction.range.start(), format!("{}\n", cx.source(range))),
        TextEdit::delete(TextRange::new(start - blanks, range.end())),
    ];
    let draft = report.at(range, "a comment cannot stand behind an instruction: give it a line of its own");
    if !cx.is_deferred && !cx.source(range).contains('\n') {
        draft.unsafe_fix("Move the comment to its own line", edits);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn each_fault_is_named_where_it_is() {
        check_rule(
            "invalid-from-arguments",
            "FROM a b\n       ^\nFROM a as\n       ^^ missing\nFROM a as b c d\n            ^^^\nFROM a b c\n       ^\nFROM a AS b # c\n            ^^^ comment\nFROM a\nFROM a aS b\n",
        );
    }

    #[test]
    fn a_tag_stands_directly_behind_the_name() {
        check_fix("invalid-from-arguments", "FROM python :3.14 AS x\n", "FROM python:3.14 AS x\n");
    }

    #[test]
    fn a_comment_gets_its_own_line() {
        check_fix("invalid-from-arguments", "FROM a  # b c\n", "# b c\nFROM a\n");
    }
}
