//! `COPY --form=build`.

use crate::analysis::lint::prelude::*;

rule! {
    /// An instruction is given a flag that it does not have.
    ///
    /// The build stops. Options of a program come after its name: `RUN --rm` is an option of `RUN`, `RUN rm --rm` is not.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// COPY --form=build /app /app
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// COPY --from=build /app /app
    /// ```
    error,
    name: "unknown-flag",
    aliases: &["INVALID_SYNTAX", "UNKNOWN_ADD_FLAG", "UNKNOWN_COPY_FLAG", "UNKNOWN_FROM_FLAG", "UNKNOWN_HEALTHCHECK_FLAG"],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/",
    check: Check::Instruction { on: On::Every, deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Some(keyword) = cx.keyword() else { return };
    if ignores_flags(cx) {
        return;
    }
    for flag in &cx.instruction.flags {
        if knowledge::flag(keyword, flag.name.as_str()).is_none() {
            found(keyword, flag, report);
        }
    }
}

/// `HEALTHCHECK NONE` takes whatever stands before it.
pub(super) fn ignores_flags(cx: &InstructionContext<'_>) -> bool {
    match &cx.instruction.arguments {
        Arguments::Healthcheck(Some(healthcheck)) => healthcheck.kind.as_str().eq_ignore_ascii_case("none"),
        _ => false,
    }
}

fn found(keyword: Keyword, flag: &Flag, report: &mut Report<'_>) {
    let written = flag.name.as_str();
    let name_range = TextRange::new(flag.range.start(), flag.name.range().end().max(flag.range.start()));
    let own = knowledge::flags(keyword).iter().map(|it| it.name);
    let meant = did_you_mean(written, own);
    let message = match (meant, owner(written)) {
        (Some(meant), _) => format!("`{keyword}` has no flag `--{written}`; did you mean `--{meant}`?"),
        (None, Some(owner)) => format!("`--{written}` is a flag of `{owner}`, not of `{keyword}`"),
        (None, None) if knowledge::flags(keyword).is_empty() => {
            format!("`{keyword}` has no flags, and `--{written}` is read as one")
        }
        (None, None) => format!("`{keyword}` has no flag `--{written}`"),
    };
    let mut draft = report.at(name_range, message);
    // Until Dockerfile 1.28 these two passed over all flags.
    if matches!(keyword, Keyword::Arg | Keyword::Stopsignal) {
        draft = draft.severity(Severity::Warning);
    }
    if let Some(meant) = meant {
        draft.unsafe_fix(format!("Write `--{meant}`"), vec![TextEdit::new(flag.name.range(), meant)]);
    }
}

/// The instruction that has a flag of that name.
fn owner(name: &str) -> Option<Keyword> {
    Keyword::ALL.into_iter().find(|keyword| knowledge::flag(*keyword, name).is_some())
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule, findings};

    #[test]
    fn unknown_flags_are_found_on_all_instructions() {
        check_rule(
            "unknown-flag",
            "FROM --x a\n     ^^^\nCOPY --mount=y a b\n     ^^^^^^^ of `RUN`\nUSER --rm a\n     ^^^^ has no flags\nHEALTHCHECK --x NONE\nRUN --mount=type=tmpfs,target=/x --network=none ls --x\n",
        );
    }

    #[test]
    fn older_versions_passed_over_them_on_two_instructions() {
        assert_eq!(findings("unknown-flag", "ARG --x a\n")[0].severity.as_str(), "warning");
    }

    #[test]
    fn a_slip_is_repaired() {
        check_fix("unknown-flag", "FROM a\nCOPY --Form=x a b\n", "FROM a\nCOPY --from=x a b\n");
    }
}
