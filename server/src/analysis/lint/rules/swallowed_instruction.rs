//! `RUN a && \` and then `COPY b c`.

use crate::analysis::lint::prelude::*;

rule! {
    /// An instruction stands on a continued line, so it is read as part of the command above.
    ///
    /// A `\` at the end of a line joins it with the next one. If the last line of a `RUN` ends with `\` (or with
    /// `&& \`), the instruction below becomes a word of the command, and the shell looks for a program called `COPY`.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// RUN apk add --no-cache curl && \
    /// COPY app /app
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// RUN apk add --no-cache curl
    /// COPY app /app
    /// ```
    name: "swallowed-instruction",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#format",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Run]), deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let range = cx.instruction.line_range;
    let source = cx.source(range);
    if !source.contains('\n') {
        return;
    }
    let mut at = usize::from(range.start());
    let mut before: Option<&str> = None;
    let mut end_before = at;
    for line in source.split_inclusive('\n') {
        let text = line.trim_start();
        let start = at + (line.len() - text.len());
        if let Some(keyword) =
            before.filter(|it| can_end(it, cx.setting.escape)).and_then(|_| keyword_at(text))
        {
            found(cx, keyword, start, end_before, report);
            return;
        }
        at += line.len();
        // Neither a comment nor a blank line ends a continuation.
        if !text.starts_with('#') && !text.trim().is_empty() {
            before = Some(line.trim_end());
            end_before = at - (line.len() - line.trim_end().len());
        }
    }
}

fn found(
    cx: &InstructionContext<'_>,
    keyword: &str,
    start: usize,
    end_before: usize,
    report: &mut Report<'_>,
) {
    let at = |offset: usize| TextSize::from(offset as u32);
    let range = TextRange::at(at(start), TextSize::of(keyword));
    let message = format!(
        "this `{keyword}` belongs to the command above, whose last line ends with `{}`: take that away",
        cx.setting.escape
    );
    let line = cx.source(TextRange::new(cx.instruction.line_range.start(), at(end_before)));
    let kept = line.trim_end_matches(cx.setting.escape).trim_end();
    let kept = kept.strip_suffix("&&").or(kept.strip_suffix(';')).unwrap_or(kept).trim_end();
    let waste = TextRange::new(at(end_before - (line.len() - kept.len())), at(end_before));
    report.at(range, message).unsafe_fix("End the command above", vec![TextEdit::delete(waste)]);
}

/// Whether a command can be complete before the escape at the end of `line`: no quote is open there, as far as one
/// line tells.
fn can_end(line: &str, escape: char) -> bool {
    let is_closed = |quote: char| line.matches(quote).count().is_multiple_of(2);
    line.ends_with(escape) && is_closed('"') && is_closed('\'')
}

/// The instruction in capitals that `line` begins with, if what follows looks like its arguments.
fn keyword_at(line: &str) -> Option<&str> {
    let len = line.find(|c: char| !c.is_ascii_uppercase())?;
    let (word, rest) = line.split_at_checked(len)?;
    let keyword = Keyword::parse(word)?;
    let argument = rest.trim();
    let fits = match keyword {
        Keyword::Run
        | Keyword::Copy
        | Keyword::Add
        | Keyword::Workdir
        | Keyword::User
        | Keyword::Entrypoint => true,
        Keyword::Cmd => true,
        Keyword::Env | Keyword::Label | Keyword::Expose | Keyword::Volume => true,
        // `FROM` is also SQL's.
        _ => false,
    };
    let is_word = argument.starts_with(|c: char| c.is_alphanumeric() || "[/.$\"-".contains(c));
    (fits && rest.starts_with([' ', '\t']) && is_word).then_some(word)
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn a_continued_line_begins_with_an_instruction() {
        check_rule(
            "swallowed-instruction",
            "FROM a\nRUN b && \\\n # c\n\n  COPY d e\n  ^^^^ the command above\nRUN x \\\n  ENVIRONMENT RUN\nRUN psql -c \"DROP \\\nUSER x\"\n",
        );
    }

    #[test]
    fn the_command_above_is_ended() {
        check_fix("swallowed-instruction", "FROM a\nRUN b && \\\nRUN c\n", "FROM a\nRUN b\nRUN c\n");
        check_fix("swallowed-instruction", "FROM a\nRUN b \\\n\nCMD c\n", "FROM a\nRUN b\n\nCMD c\n");
    }
}
