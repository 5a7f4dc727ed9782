//! `COPY --from=a --from=b`.

use crate::analysis::lint::prelude::*;

rule! {
    /// A flag is given twice.
    ///
    /// The build stops. Only `--mount` and `--device` of `RUN`, and `--exclude`, may be repeated.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// COPY --chown=1000 --chown=1001 app /app
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// COPY --chown=1000:1001 app /app
    /// ```
    error,
    name: "duplicate-flag",
    aliases: &["FLAG_DUPLICATE"],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/",
    check: Check::Instruction { on: On::Every, deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Some(keyword) = cx.keyword() else { return };
    if super::unknown_flag::ignores_flags(cx) {
        return;
    }
    let flags = &cx.instruction.flags;
    for (index, flag) in flags.iter().enumerate() {
        let name = flag.name.as_str();
        let is_single = knowledge::flag(keyword, name).is_some_and(|it| !it.repeatable);
        let earlier = flags.iter().take(index).find(|it| it.name.as_str() == name);
        if let Some(earlier) = earlier.filter(|_| is_single) {
            let before = flags.get(index - 1).map_or(flag.range.start(), |it| it.range.end());
            let delete = TextEdit::delete(TextRange::new(before.min(flag.range.start()), flag.range.end()));
            report
                .at(flag.range, format!("`--{name}` is given twice"))
                .related(earlier.range, "the first one")
                .unsafe_fix("Remove the second one", vec![delete]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn the_second_one_is_marked() {
        check_rule(
            "duplicate-flag",
            "FROM a\nCOPY --link --link a b\n            ^^^^^^\nRUN --mount=target=/a --mount=target=/b ls\n",
        );
    }

    #[test]
    fn the_second_one_goes() {
        check_fix("duplicate-flag", "FROM a\nCOPY --chown=1 --chown=2 a b\n", "FROM a\nCOPY --chown=1 a b\n");
    }
}
