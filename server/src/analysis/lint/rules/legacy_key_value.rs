//! `ENV name value`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `ENV` or `LABEL` is written with a blank instead of `=`.
    ///
    /// In this old form everything up to the end of the line is the value: `ENV A 1 B 2` sets `A` to `1 B 2`. It can set
    /// one name only, and it is kept for old files.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// ENV GREETING hello world
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// ENV GREETING="hello world"
    /// ```
    name: "legacy-key-value",
    aliases: &["LegacyKeyValueFormat"],
    buildkit: true,
    fix: FixSafety::Safe,
    tag: Some(Tag::Deprecated),
    url: "https://docs.docker.com/go/dockerfile/rule/legacy-key-value-format/",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Env, Keyword::Label]), deferred: false, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Arguments::Pairs(pairs) = &cx.instruction.arguments else { return };
    let (true, Some(pair)) = (pairs.is_legacy && cx.setting.is_in_stage, pairs.pairs.first()) else { return };
    let Some(value) = &pair.value else { return };
    let has_quotes = pair.key.raw().contains(['\'', '"']);
    let (name, key) = (cx.name(), if has_quotes { "name" } else { pair.key.raw() });
    if let Some(meant) = value.raw().strip_prefix('=').map(str::trim_start).filter(|it| !it.is_empty()) {
        let message = format!(
            "the value of `{key}` begins with the sign: `= …`; write `{name} {key}=…` without blanks"
        );
        let sign = TextRange::new(pair.key.range().end(), value.range().end());
        let edit = TextEdit::new(sign, format!("={meant}"));
        report.at(pair.range, message).unsafe_fix(format!("Write `{key}=…`"), vec![edit]);
        return;
    }
    let draft =
        report.at(pair.range, format!("old form with a blank: write `{name} {key}={}`", shown(value)));
    if let Some(edits) = edits(cx, &pair.key, value) {
        draft.safe_fix(format!("Write `{key}=…`"), edits);
    }
}

/// The value as the new form has it, if it is short and plain enough to be read in a message.
fn shown(value: &Word) -> &str {
    const LONGEST: usize = 24;
    let raw = value.raw();
    let is_plain = raw.len() <= LONGEST && !raw.contains(|c: char| c.is_whitespace() || c == '`');
    if is_plain && !raw.is_empty() { raw } else { "value" }
}

/// The separator becomes `=`, and the value gets quotes where it needs them; `None` when that would change it.
fn edits(cx: &InstructionContext<'_>, key: &Word, value: &Word) -> Option<Vec<TextEdit>> {
    let gap = TextRange::new(key.range().end(), value.range().start());
    let is_one_piece = |range: TextRange| !cx.source(range).contains('\n');
    if !is_one_piece(gap) || key.raw().contains(['\'', '"']) {
        return None;
    }
    let mut edits = vec![TextEdit::new(gap, "=")];
    if is_single_word(value.raw(), cx.setting.escape) {
        return Some(edits);
    }
    // A quote inside would end the new ones; what the expansion makes of it must stay the same.
    let is_quotable = !value.raw().contains(['\'', '"', '\\', cx.setting.escape]) && value.fault().is_none();
    if !is_quotable || !is_one_piece(value.range()) {
        return None;
    }
    edits.push(TextEdit::insert(value.range().start(), "\""));
    edits.push(TextEdit::insert(value.range().end(), "\""));
    Some(edits)
}

/// No blank outside of quotes: it stays one word without more quotes.
fn is_single_word(text: &str, escape: char) -> bool {
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match quote {
            None if c.is_whitespace() => return false,
            None if c == '"' || c == '\'' => quote = Some(c),
            Some(open) if c == open => quote = None,
            // Blanks after an escape are kept by both forms.
            None | Some('"') if c == escape => drop(chars.next()),
            _ => {}
        }
    }
    quote.is_none()
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule, findings};

    #[test]
    fn the_whole_pair_is_marked() {
        check_rule(
            "legacy-key-value",
            "FROM a\nENV A b c\n    ^^^^^ write `ENV A=value`\nLABEL x y\n      ^^^ write `LABEL x=y`\nENV A=b c=d\n",
        );
    }

    #[test]
    fn a_sign_between_blanks_is_part_of_the_value() {
        check_rule("legacy-key-value", "FROM a\nENV A = b\n    ^^^^^ without blanks\n");
        check_fix("legacy-key-value", "FROM a\nENV A = b\n", "FROM a\nENV A=b\n");
    }

    #[test]
    fn the_fix_quotes_what_needs_it() {
        check_fix(
            "legacy-key-value",
            "FROM a\nENV A b\nENV  B  $A c \nLABEL x \"a b\"\n",
            "FROM a\nENV A=b\nENV  B=\"$A c\" \nLABEL x=\"a b\"\n",
        );
    }

    #[test]
    fn a_value_that_would_change_is_left_alone() {
        for text in ["FROM a\nENV A b 'c'\n", "FROM a\nENV A b \\\n c\n", "FROM a\nENV A it\\'s so\n"] {
            assert!(findings("legacy-key-value", text)[0].fix().is_none(), "{text}");
        }
    }
}
