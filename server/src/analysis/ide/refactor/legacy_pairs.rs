//! `ENV name value` to `ENV name=value`.

use super::{Answer, Context, Kind, Recipe, Refactoring};
use crate::analysis::syntax::Dockerfile;
use crate::analysis::syntax::ast::{Arguments, Pair};
use crate::analysis::syntax::expansion::{Part, Word};
use crate::analysis::text::TextEdit;

pub static RECIPE: Recipe = Recipe {
    name: "legacy-pairs",
    kind: Kind::Rewrite,
    summary: "Writes `ENV` and `LABEL` with `=` instead of a blank. The value gets the quotes or escapes it needs to stay \
what it is; over several lines it becomes one.",
    before: "\
FROM debian:13
ENV GREETING <|>hello 'big world'
",
    after: "\
FROM debian:13
ENV GREETING=hello\\ 'big world'
",
    offer,
};

fn offer(cx: &Context<'_>) -> Answer {
    let instruction = cx.only()?;
    let Arguments::Pairs(pairs) = &instruction.node.arguments else { return None };
    let ([pair], true) = (pairs.pairs.as_slice(), pairs.is_legacy) else { return None };
    let value = pair.value.as_ref()?;
    if !instruction.problems.is_empty() || pair.key.raw().contains(['\'', '"', '$']) {
        return None;
    }
    let written = candidates(value.raw(), cx.file().escape())
        .into_iter()
        .find(|it| is_same(it, value, cx.file().escape()))?;
    Some(Ok(Refactoring::new(format!("Write `{}=…`", pair.key.raw()), edits(cx, pair, &written))))
}

/// How the value can be written, the nicest first.
fn candidates(raw: &str, escape: char) -> Vec<String> {
    let mut candidates = vec![raw.to_owned()];
    candidates.extend((!raw.contains('"')).then(|| format!("\"{raw}\"")));
    candidates.push(escaped(raw, escape));
    candidates
}

/// With every blank outside of quotes escaped.
fn escaped(raw: &str, escape: char) -> String {
    let mut out = String::new();
    let mut quote = None;
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        match quote {
            None if c.is_whitespace() => out.push(escape),
            None if c == '"' || c == '\'' => quote = Some(c),
            Some(open) if c == open => quote = None,
            None | Some('"') if c == escape => {
                out.push(c);
                out.extend(chars.next());
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    out
}

/// Whether `text` behind `=` is one word with the value of `old`.
fn is_same(text: &str, old: &Word, escape: char) -> bool {
    let directive = if escape == '`' { "# escape=`\n" } else { "" };
    let file = Dockerfile::parse(format!("{directive}ENV a={text}\n"));
    let Some(new) = file.instructions().next().filter(|_| file.len() == 1) else { return false };
    let Arguments::Pairs(pairs) = &new.node.arguments else { return false };
    let ([pair], false) = (pairs.pairs.as_slice(), pairs.is_legacy) else { return false };
    let same = |word: &Word| pieces(word) == pieces(old) && word.fault().is_none();
    pair.value.as_ref().is_some_and(same) && old.fault().is_none()
}

/// What a word is made of, without where it stands.
fn pieces(word: &Word) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut was_text = false;
    for part in word.parts().iter() {
        match part {
            Part::Literal { text, .. } if was_text => {
                pieces.last_mut().into_iter().for_each(|it| it.push_str(text))
            }
            Part::Literal { text, .. } => pieces.push(text.to_string()),
            Part::Variable(variable) => {
                pieces.push(format!("${} {:?}", variable.name, variable.modifier.is_some()))
            }
        }
        was_text = matches!(part, Part::Literal { .. });
    }
    pieces
}

fn edits(cx: &Context<'_>, pair: &Pair, written: &str) -> Vec<TextEdit> {
    let Some((instruction, value)) = cx.only().zip(pair.value.as_ref()) else { return Vec::new() };
    let gap = text_size::TextRange::new(pair.key.range().end(), value.range().start());
    let mut edits = vec![TextEdit::new(instruction.absolute(gap), "=")];
    let range = instruction.absolute(value.range());
    let quoted = written.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    if quoted == Some(value.raw()) && cx.slice(range) == value.raw() {
        edits.push(TextEdit::insert(range.start(), "\""));
        edits.push(TextEdit::insert(range.end(), "\""));
    } else if cx.slice(range) != written {
        edits.push(TextEdit::new(range, written));
    }
    edits
}

#[cfg(test)]
mod tests {
    use crate::analysis::ide::refactor::tests::{check, check_silent};

    #[test]
    fn quotes_only_where_they_are_needed() {
        check("legacy-pairs", "FROM a\nENV A<|>  b\n", "FROM a\nENV A=b\n");
        check("legacy-pairs", "FROM a\nLABEL a <|>$B c\r\n", "FROM a\nLABEL a=\"$B c\"\r\n");
        check("legacy-pairs", "FROM a\nENV A b\\ c<|>  d\\\n", "FROM a\nENV A=b\\ c\\ \\ d\\\n");
        check(
            "legacy-pairs",
            "FROM a\nENV A <|>\"b\" \\\n   c\nENV D e\n",
            "FROM a\nENV A=\"b\"\\ \\ \\ \\ c\nENV D e\n",
        );
    }

    #[test]
    fn what_has_an_equals_sign_is_fine() {
        check_silent("legacy-pairs", "FROM a\nENV A=b<|>\n");
        check_silent("legacy-pairs", "FROM a\nENV A<|>\n");
    }
}
