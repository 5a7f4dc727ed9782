//! `RUN ["make", "install"]` to `RUN make install`.

use text_size::TextRange;

use super::to_exec_form::{command, has_exec_entrypoint, is_default_shell};
use super::{Answer, Context, Kind, Recipe, Refactoring, Refusal};
use crate::analysis::knowledge::{Distribution, Keyword};
use crate::analysis::syntax::InstructionRef;
use crate::analysis::syntax::ast::{Command, ExecForm};
use crate::analysis::text::TextEdit;

pub static RECIPE: Recipe = Recipe {
    name: "to-shell-form",
    kind: Kind::Rewrite,
    summary: "Writes a JSON array as text for the shell; strings that the shell would not take as they are get single \
quotes, so the command stays the same. `[\"/bin/sh\", \"-c\", \"…\"]` becomes its text. Refused for `ENTRYPOINT`, which in \
shell form gets neither arguments nor signals, for a `CMD` whose `ENTRYPOINT` takes the strings as arguments, and where \
the image has no shell.",
    before: "\
FROM alpine:3.22
RUN [\"echo\", <|>\"hello world\", \"$HOME\"]
",
    after: "\
FROM alpine:3.22
RUN echo 'hello world' '$HOME'
",
    offer,
};

const TITLE: &str = "Write in shell form";

fn offer(cx: &Context<'_>) -> Answer {
    let instruction = cx.only()?;
    let inner = instruction.node.innermost();
    let Some(Command::Exec(exec)) = command(inner) else { return None };
    let shell = cx.shell(instruction.id);
    if exec.arguments.is_empty() || !shell.kind.is_posix() || !instruction.problems.is_empty() {
        return None;
    }
    let refuse = |reason: &str| Some(Err(Refusal::new(TITLE, reason)));
    if inner.keyword == Some(Keyword::Entrypoint) {
        return refuse("an `ENTRYPOINT` in shell form gets neither arguments nor signals");
    }
    if inner.keyword == Some(Keyword::Cmd) && has_exec_entrypoint(cx, instruction) {
        return refuse("the `ENTRYPOINT` takes these strings as its arguments");
    }
    if cx.distribution(instruction.id) == Some(Distribution::WithoutPackages) {
        return refuse("the image has no shell");
    }
    if exec.arguments.iter().any(|it| it.text.as_str().contains(['\n', '\r'])) {
        return refuse("one of the strings has a line break in it");
    }
    if let Some(script) = script(exec).filter(|_| is_default_shell(shell)) {
        let edit = TextEdit::new(instruction.absolute(exec.range), script);
        return Some(Ok(Refactoring::new(TITLE, vec![edit])));
    }
    Some(Ok(Refactoring::new(TITLE, edits(cx, instruction, exec)?)))
}

/// The text of `["/bin/sh", "-c", "text"]`, if it can stand in a line as it is.
fn script(exec: &ExecForm) -> Option<&str> {
    let [program, flag, text] = exec.arguments.as_slice() else { return None };
    let text = text.text.as_str();
    let is_sh = matches!(program.text.as_str(), "sh" | "/bin/sh") && flag.text.as_str() == "-c";
    // Heredocs, flags and JSON would be read differently there.
    let is_plain = text.trim() == text && !text.is_empty() && !text.contains("<<");
    (is_sh && is_plain && !text.starts_with(['-', '[', '#']) && !text.ends_with(['\\', '`'])).then_some(text)
}

fn edits(cx: &Context<'_>, instruction: InstructionRef<'_>, exec: &ExecForm) -> Option<Vec<TextEdit>> {
    let mut edits = Vec::new();
    let mut covered = exec.range.start();
    for (index, argument) in exec.arguments.iter().enumerate() {
        let gap = TextRange::new(covered, argument.range.start());
        if index == 0 {
            edits.push(TextEdit::delete(instruction.absolute(gap)));
        } else {
            edits.push(without_comma(cx, instruction, gap)?);
        }
        let text = argument.text.as_str();
        let word = if index == 0 { quoted_program(text) } else { quoted(text) };
        edits.push(TextEdit::new(instruction.absolute(argument.range), word));
        covered = argument.range.end();
    }
    edits.push(TextEdit::delete(instruction.absolute(TextRange::new(covered, exec.range.end()))));
    Some(edits)
}

/// What stands between two strings, without its comma but with a blank at least.
fn without_comma(cx: &Context<'_>, instruction: InstructionRef<'_>, gap: TextRange) -> Option<TextEdit> {
    let gap = instruction.absolute(gap);
    let rest = cx.slice(gap).trim_start().strip_prefix(',')?;
    let blank = if rest.starts_with([' ', '\t']) { "" } else { " " };
    Some(TextEdit::new(gap, format!("{blank}{rest}")))
}

/// `text` as one word of the shell.
pub fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:=@%+,".contains(c);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

/// The same for the first word, which must not be taken for an assignment or a word of the shell's grammar.
fn quoted_program(text: &str) -> String {
    const RESERVED: &[&str] = &[
        "if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac", "time",
        "function", "select", "in", "coproc",
    ];
    let word = quoted(text);
    if word == text && (text.contains('=') || RESERVED.contains(&text)) { format!("'{text}'") } else { word }
}

#[cfg(test)]
mod tests {
    use crate::analysis::ide::refactor::tests::{check, refusal};

    #[test]
    fn lines_and_comments_stay() {
        check(
            "to-shell-form",
            "FROM a\r\nrun [ \"a\",\"it's\" , \\\r\n  # c, d\r\n  \"-x=1\", \"\"<|> ]\r\n",
            "FROM a\r\nrun a 'it'\\''s' \\\r\n  # c, d\r\n  -x=1 ''\r\n",
        );
    }

    #[test]
    fn a_shell_in_the_array_goes() {
        check("to-shell-form", "FROM a\nCMD [\"sh\", \"-c\", \"a && $B\"<|>]\n", "FROM a\nCMD a && $B\n");
        check(
            "to-shell-form",
            "FROM a\nCMD [\"bash\", \"-c\", \"a && $B\"<|>]\n",
            "FROM a\nCMD bash -c 'a && $B'\n",
        );
    }

    #[test]
    fn where_it_would_not_start_the_same_it_says_why() {
        assert!(refusal("to-shell-form", "FROM a\nENTRYPOINT [\"b\"<|>]\n").contains("signals"));
        assert!(
            refusal("to-shell-form", "FROM a\nENTRYPOINT [\"b\"]\nCMD [\"c\"<|>]\n").contains("arguments")
        );
        assert!(refusal("to-shell-form", "FROM scratch\nCMD [\"c\"<|>]\n").contains("no shell"));
    }

    #[test]
    fn there_and_back_is_the_same() {
        check("to-exec-form", "FROM a\nRUN b<|> 'c d' e\n", "FROM a\nRUN [\"b\", \"c d\", \"e\"]\n");
        check("to-shell-form", "FROM a\nRUN [\"b\"<|>, \"c d\", \"e\"]\n", "FROM a\nRUN b 'c d' e\n");
    }
}
