//! `COPY --from build`.

use crate::analysis::lint::prelude::*;

rule! {
    /// A flag stands without the value that it needs.
    ///
    /// The build stops. The value follows after `=`, without a blank: `--from=build`.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// COPY --from build /app /app
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// COPY --from=build /app /app
    /// ```
    error,
    name: "flag-without-value",
    aliases: &["FLAG_MISSING_VALUE"],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/",
    check: Check::Instruction { on: On::Every, deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Some(keyword) = cx.keyword() else { return };
    if super::unknown_flag::ignores_flags(cx) {
        return;
    }
    for flag in &cx.instruction.flags {
        let Some(known) = knowledge::flag(keyword, flag.name.as_str()) else { continue };
        let name = known.name;
        match &flag.value {
            Some(value) if known.is_bool() && value.raw().is_empty() => {
                report
                    .at(flag.range, format!("after `--{name}=` the value is missing: write `--{name}` alone"))
                    .unsafe_fix(
                        format!("Write `--{name}`"),
                        vec![TextEdit::new(flag.range, format!("--{name}"))],
                    );
            }
            None if !known.is_bool() => {
                let value = known.value.placeholder();
                report
                    .at(flag.range, format!("`--{name}` needs a value: write `--{name}={value}`"))
                    .unsafe_fix("Take the next word as its value", join_with_next(cx, flag));
            }
            _ => {}
        }
    }
}

/// The blanks behind `flag` become `=`; nothing when no word follows on the line.
fn join_with_next(cx: &InstructionContext<'_>, flag: &Flag) -> Vec<TextEdit> {
    let rest = cx.source(TextRange::new(flag.range.end(), cx.instruction.line_range.end()));
    let word = rest.trim_start_matches([' ', '\t']);
    let blanks = TextSize::from((rest.len() - word.len()) as u32);
    if word.is_empty() || word.starts_with(['-', '\\', '`', '\n', '\r']) {
        return Vec::new();
    }
    vec![TextEdit::new(TextRange::at(flag.range.end(), blanks), "=")]
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn only_yes_or_no_flags_stand_alone() {
        check_rule(
            "flag-without-value",
            "FROM --platform a\n     ^^^^^^^^^^\nCOPY --link --link= a b\n            ^^^^^^^\nCOPY --chown= a b\n",
        );
    }

    #[test]
    fn the_next_word_becomes_the_value() {
        check_fix("flag-without-value", "FROM a\nCOPY --from  b a b\n", "FROM a\nCOPY --from=b a b\n");
    }
}
