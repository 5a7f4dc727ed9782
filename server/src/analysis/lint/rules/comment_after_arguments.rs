//! `WORKDIR /app # the code`.

use crate::analysis::lint::prelude::*;

rule! {
    /// A `#` behind the arguments begins no comment: it and what follows become arguments.
    ///
    /// Docker knows comments only where a line begins with `#`. `WORKDIR /app # code` makes a folder called
    /// `/app # code`, and `COPY a b # c` copies three things to a folder called `c`. (In the commands of `RUN` it works:
    /// there the shell reads the comment.)
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// WORKDIR /app # here lives the code
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// # here lives the code
    /// WORKDIR /app
    /// ```
    name: "comment-after-arguments",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#format",
    check: Check::Instruction {
        on: On::Keywords(&[
            Keyword::Add,
            Keyword::Arg,
            Keyword::Copy,
            Keyword::Env,
            Keyword::Label,
            Keyword::User,
            Keyword::Volume,
            Keyword::Workdir,
        ]),
        deferred: true,
        check,
    },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let text = &cx.instruction.arguments_text;
    // Without `=` in a pair the build stops, and another rule says why.
    let stops = cx.instruction.problems.iter().any(|it| matches!(it.kind, ProblemKind::MissingEquals(_)));
    let Some(at) = comment_start(text.as_str()).filter(|_| !stops) else { return };
    let range = text.source_range(at, text.as_str().len());
    let draft = report.at(range, "a comment cannot stand behind an instruction: give it a line of its own");
    if text.is_verbatim() && !cx.is_deferred {
        let comment = text.as_str().get(at..).unwrap_or_default();
        let arguments = text.as_str().get(..at).unwrap_or_default().trim_end();
        let behind = TextRange::new(text.source_offset(arguments.len()), text.range().end());
        let before = TextEdit::insert(cx.instruction.range.start(), format!("{comment}\n"));
        draft.unsafe_fix("Move the comment to its own line", vec![before, TextEdit::delete(behind)]);
    }
}

/// The first `#` outside of quotes that has a blank before it and a word behind it.
fn comment_start(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut before = 'x';
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '#' && before.is_whitespace() && is_comment(text.get(at..)?) => return Some(at),
            None => {}
        }
        before = c;
    }
    None
}

/// `# word`, not a colour or a name such as `#1`.
fn is_comment(text: &str) -> bool {
    let rest = text.trim_start_matches('#');
    rest.starts_with([' ', '\t']) && rest.contains(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn only_what_reads_like_a_comment() {
        check_rule(
            "comment-after-arguments",
            "FROM a\nCOPY b c # d e\n         ^^^^^ own\nENV A b # c\n        ^^^\nENV B=\"x # y\" C=#fff\nENV D x #1\nARG E=1 # c\n        ^^^\nRUN a # b\n",
        );
    }

    #[test]
    fn the_comment_moves_up() {
        check_fix("comment-after-arguments", "FROM a\nUSER b  ## c d\n", "FROM a\n## c d\nUSER b\n");
    }
}
