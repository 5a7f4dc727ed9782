//! `CMD ['a']`.

use crate::analysis::lint::prelude::*;

rule! {
    /// What looks like a JSON array is none, so it is read as plain text.
    ///
    /// JSON has double quotes only, a comma between two strings and none behind the last, and `\` is written `\\`. An
    /// array with any fault is not refused: Docker takes it for shell form, and the shell looks for a program that is
    /// called `[node,`.
    ///
    /// ```dockerfile bad
    /// FROM node:24
    /// CMD ['node', 'server.js']
    /// ```
    ///
    /// ```dockerfile bad
    /// FROM node:24
    /// CMD ["node", "server.js"] # starts the server
    /// ```
    ///
    /// ```dockerfile good
    /// FROM node:24
    /// # starts the server
    /// CMD ["node", "server.js"]
    /// ```
    name: "malformed-exec-form",
    aliases: &["JSON_IN_SINGLE_QUOTES"],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#exec-form",
    check: Check::Instruction {
        on: On::Keywords(&[
            Keyword::Run,
            Keyword::Cmd,
            Keyword::Entrypoint,
            Keyword::Healthcheck,
            Keyword::Volume,
            Keyword::Copy,
            Keyword::Add,
        ]),
        deferred: true,
        check,
    },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Some(text) = text_read_plainly(cx.instruction) else { return };
    let value = text.as_str();
    if !value.starts_with('[') {
        return;
    }
    let looks_like_array = looks_like_array(value);
    let array = LooseArray::read(value);
    if let Some(json) = bare_words(value).filter(|_| array.is_none() && starts_program(cx.keyword())) {
        let message = message(cx, "put each word in double quotes");
        let draft = report.at(text.range(), message);
        if text.is_verbatim() {
            draft.unsafe_fix(format!("Write {json}"), vec![TextEdit::new(text.range(), json)]);
        }
        return;
    }
    if !looks_like_array && array.is_none() {
        return;
    }
    let range = text.range();
    let Some(array) = array else {
        report.at(range, message(cx, "a quote, a comma or the last bracket is missing or is one too many"));
        return;
    };
    let json: Vec<String> = array.members.iter().map(|it| quoted(it)).collect();
    let json = format!("[{}]", json.join(", "));
    let draft = report.at(range, message(cx, array.fault()));
    if text.is_verbatim() && array.comment.is_none() && !array.has_backslash {
        draft.unsafe_fix(format!("Write {json}"), vec![TextEdit::new(range, json)]);
    }
}

fn looks_like_array(text: &str) -> bool {
    ["[\"", "['", "[“", "[‘"].iter().any(|it| text.starts_with(it))
}

/// `RUN [ -f x ]` is a test of the shell; as what a container starts it makes no sense.
fn starts_program(keyword: Option<Keyword>) -> bool {
    matches!(keyword, Some(Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck))
}

/// Whether the text of a `CMD` or `ENTRYPOINT` in shell form is meant as a JSON array.
pub fn is_meant_as_json(text: &str) -> bool {
    text.starts_with('[')
        && (looks_like_array(text) || LooseArray::read(text).is_some() || bare_words(text).is_some())
}

/// `[python, app.py]`, or one with quotes at some words only, as JSON.
fn bare_words(text: &str) -> Option<String> {
    let inside = text.strip_prefix('[')?.strip_suffix(']')?.trim();
    let words: Vec<&str> = inside.split(',').map(|it| it.trim().trim_matches(['"', '\''])).collect();
    let is_plain = |it: &&str| !it.is_empty() && !it.contains(['"', '\'', '[', ']', '\\', '\n']);
    let is_list = words.len() > 1 || !inside.contains(char::is_whitespace);
    let json: Vec<String> = words.iter().map(|it| quoted(it)).collect();
    (is_list && words.iter().all(is_plain)).then(|| format!("[{}]", json.join(", ")))
}

fn message(cx: &InstructionContext<'_>, fault: &str) -> String {
    let taken = match cx.keyword() {
        Some(Keyword::Volume | Keyword::Copy | Keyword::Add) => "paths",
        _ => "a command for the shell",
    };
    format!("this is no JSON array, so it is read as {taken}: {fault}")
}

/// The arguments, if they are not read as JSON.
fn text_read_plainly(instruction: &Instruction) -> Option<&SourceText> {
    match &instruction.arguments {
        Arguments::Command(Some(Command::Shell(text))) => Some(text),
        Arguments::Healthcheck(Some(ast::Healthcheck { command: Some(Command::Shell(text)), .. })) => {
            Some(text)
        }
        Arguments::Copy(copy) if !copy.is_json => Some(&instruction.arguments_text),
        Arguments::List(list) if !list.is_json => Some(&instruction.arguments_text),
        _ => None,
    }
}

/// Strings in brackets, whatever their quotes and commas.
#[derive(Debug, Default)]
struct LooseArray<'a> {
    members: Vec<&'a str>,
    comment: Option<&'a str>,
    has_other_quotes: bool,
    has_backslash: bool,
    misses_comma: bool,
    ends_with_comma: bool,
}

impl<'a> LooseArray<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let mut array = LooseArray::default();
        let mut rest = text.strip_prefix('[')?.trim_start();
        while let Some(quote) = rest.chars().next().filter(|c| *c != ']') {
            array.ends_with_comma = false;
            rest = array.member(rest, quote)?.trim_start();
            match rest.strip_prefix(',') {
                Some(after) => {
                    array.ends_with_comma = true;
                    rest = after.trim_start();
                }
                None => array.misses_comma |= !rest.starts_with(']'),
            }
        }
        let after = rest.strip_prefix(']')?.trim();
        array.comment = after.strip_prefix('#').map(str::trim);
        let is_whole = (after.is_empty() || array.comment.is_some()) && !array.members.is_empty();
        is_whole.then_some(array)
    }

    /// Reads one string; what follows it.
    fn member(&mut self, text: &'a str, quote: char) -> Option<&'a str> {
        let close = match quote {
            '"' | '\'' => quote,
            '“' | '”' => '”',
            '‘' | '’' => '’',
            _ => return None,
        };
        self.has_other_quotes |= quote != '"';
        let inner = text.get(quote.len_utf8()..)?;
        let end = inner.find(close)?;
        let member = inner.get(..end)?;
        self.has_backslash |= member.contains('\\');
        self.members.push(member);
        inner.get(end + close.len_utf8()..)
    }

    fn fault(&self) -> &'static str {
        if self.comment.is_some() {
            "nothing may follow the `]`; put the comment on a line of its own"
        } else if self.has_other_quotes {
            "write straight double quotes (`\"`)"
        } else if self.misses_comma {
            "a comma is missing between two strings"
        } else if self.ends_with_comma {
            "remove the comma behind the last string"
        } else if self.has_backslash {
            "write `\\\\` for each `\\`"
        } else {
            "a quote or a comma is wrong"
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn each_fault_is_named() {
        check_rule(
            "malformed-exec-form",
            "FROM a\nCMD ['a', 'b']\n    ^^^^^^^^^^ double quotes\nENTRYPOINT [\"a\" \"b\"]\n           ^^^^^^^^^ a comma is missing\nVOLUME [\"a\",]\n       ^^^^^^ behind the last\nRUN [\"a\"] # c\n    ^^^^^^^^^ line of its own\nHEALTHCHECK CMD [\"a\", b]\n                ^^^^^^^^ each word in double quotes\nVOLUME [\"a\", b]\n       ^^^^^^^^ one too many\n",
        );
    }

    #[test]
    fn tests_of_the_shell_are_no_arrays() {
        check_rule(
            "malformed-exec-form",
            "FROM a\nRUN [ \"$A\" = 'b' ] || exit 1\nRUN [ -f x ]\nRUN [[ $A ]]\nRUN [ \"a\" ]\n",
        );
    }

    #[test]
    fn words_get_their_quotes() {
        check_fix(
            "malformed-exec-form",
            "FROM a\nCMD [python, app.py]\n",
            "FROM a\nCMD [\"python\", \"app.py\"]\n",
        );
    }

    #[test]
    fn quotes_and_commas_are_put_right() {
        check_fix("malformed-exec-form", "FROM a\nCMD ['a', “b\" ”,]\n", "FROM a\nCMD [\"a\", \"b\\\" \"]\n");
    }
}
