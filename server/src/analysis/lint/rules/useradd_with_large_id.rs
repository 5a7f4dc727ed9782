//! `RUN useradd -u 1234567 app`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `useradd` with a large user id makes a huge log file.
    ///
    /// `/var/log/lastlog` and `/var/log/faillog` have room for every id up to the largest. The file has a hole where
    /// nothing is written, but a layer of an image is stored without holes: gigabytes of zeros.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// RUN useradd -u 1234567 app
    /// ```
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// RUN useradd -l -u 1234567 app
    /// ```
    name: "useradd-with-large-id",
    aliases: &["DL3046"],
    severity: Severity::Warning,
    hadolint: Some(Severity::Warning),
    fix: FixSafety::Safe,
    url: "https://docs.docker.com/build/building/best-practices/#user",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    for called in cx.calls(&["useradd"]) {
        let id = called.command.flag_value("u").or_else(|| called.command.flag_value("uid"));
        let is_large = id.as_ref().is_some_and(|id| id.chars().count() > 5);
        // hadolint counts the letters of a variable's name.
        let is_strict = cx.setting.profile == Profile::Hadolint && called.has_flag("u");
        let is_unknown = id.as_ref().is_some_and(|id| id.contains('$'));
        let is_safe = called.has_any_flag(&["l", "no-log-init"]);
        if !is_large || is_safe || (is_unknown && !is_strict) {
            continue;
        }
        let message = "this large user id makes a log file of gigabytes: write `useradd -l`";
        let draft = report.at(called.words_range(), message);
        if called.part.is_editable() {
            let insert = TextEdit::insert(called.name_range().end(), " -l");
            draft.safe_fix("Add `-l`", vec![insert]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn more_than_five_digits_are_many() {
        check_rule(
            "useradd-with-large-id",
            "FROM a\nRUN useradd -u 123456 b\n    ^^^^^^^^^^^^^^^^^^^\nRUN useradd --uid 123456 b\n    ^^^^^^^^^^^^^^^^^^^^^^\nRUN useradd -u 12345 b; useradd -lu 123456 b; useradd --no-log-init -u 123456 b; useradd -u $USER_ID b; useradd b\nONBUILD RUN useradd -u 123456 b\n            ^^^^^^^^^^^^^^^^^^^\n",
        );
    }

    #[test]
    fn the_fix_adds_the_flag() {
        check_fix(
            "useradd-with-large-id",
            "FROM a\nRUN useradd -u 123456 b\n",
            "FROM a\nRUN useradd -l -u 123456 b\n",
        );
    }
}
