//! `STOPSIGNAL KILLL`.

use crate::analysis::knowledge::{SIGNALS, is_signal};
use crate::analysis::lint::prelude::*;

rule! {
    /// `STOPSIGNAL` names no signal.
    ///
    /// The build stops. A signal is a name, with or without `SIG`, or a number.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29
    /// STOPSIGNAL SIGSTOPP
    /// ```
    ///
    /// ```dockerfile good
    /// FROM nginx:1.29
    /// STOPSIGNAL SIGQUIT
    /// ```
    error,
    name: "invalid-signal",
    aliases: &["INVALID_SIGNAL"],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#stopsignal",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for instruction in cx.with_keyword(Keyword::Stopsignal) {
        let Arguments::Single(Some(word)) = &instruction.node.arguments else { continue };
        let value = cx.model.expand(word, instruction.id);
        let Some(signal) = value.text().filter(|it| !is_accepted(it)) else { continue };
        let range = instruction.absolute(word.range());
        let message = match signal.split_once('#') {
            Some((before, _)) if is_accepted(before.trim_end()) => {
                "a comment cannot stand behind an instruction: give it a line of its own".to_owned()
            }
            _ => format!("`{signal}` is no signal: write a name such as `SIGQUIT`, or a number"),
        };
        let draft = report.at(range, message);
        if let Some(meant) = did_you_mean(signal, SIGNALS.iter().map(|it| it.name)) {
            draft.unsafe_fix(format!("Write `{meant}`"), vec![TextEdit::new(range, meant)]);
        }
    }
}

/// BuildKit takes any number but 0.
fn is_accepted(text: &str) -> bool {
    text.parse::<i64>().map_or_else(|_| is_signal(text), |number| number != 0)
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn names_and_numbers_are_signals() {
        check_rule(
            "invalid-signal",
            "FROM a\nARG S\nSTOPSIGNAL 9\nSTOPSIGNAL kill\nSTOPSIGNAL $S\nSTOPSIGNAL 0\n           ^\nSTOPSIGNAL SIGTERM # x\n           ^^^^^^^^^^^ comment\nSTOPSIGNAL RTMIN+3\n",
        );
    }

    #[test]
    fn a_slip_is_repaired() {
        check_fix("invalid-signal", "FROM a\nSTOPSIGNAL SIGTREM\n", "FROM a\nSTOPSIGNAL SIGTERM\n");
    }
}
