//! `ONBUILD FROM`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `ONBUILD` defers an instruction that cannot be deferred: `FROM`, `MAINTAINER` or `ONBUILD`.
    ///
    /// The build stops. What follows `ONBUILD` runs right after the `FROM` of a file that uses this image.
    ///
    /// ```dockerfile bad
    /// FROM node:24
    /// ONBUILD FROM node:24
    /// ```
    ///
    /// ```dockerfile good
    /// FROM node:24
    /// ONBUILD COPY package.json /app/
    /// ```
    error,
    name: "forbidden-onbuild",
    aliases: &["DL3043", "ONBUILD_CHAINING_DISALLOWED", "ONBUILD_TRIGGER_DISALLOWED"],
    hadolint: Some(Severity::Error),
    url: "https://docs.docker.com/reference/dockerfile/#onbuild",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Onbuild]), deferred: false, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Arguments::Onbuild(Some(inner)) = &cx.instruction.arguments else { return };
    if let Some(keyword @ (Keyword::From | Keyword::Maintainer | Keyword::Onbuild)) = inner.keyword {
        report.at(inner.name.range(), format!("`{keyword}` cannot stand behind `ONBUILD`"));
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn three_are_forbidden() {
        check_rule(
            "forbidden-onbuild",
            "FROM a\nONBUILD onbuild RUN a\n        ^^^^^^^\nONBUILD FROM b\n        ^^^^\nONBUILD MAINTAINER c\n        ^^^^^^^^^^\nONBUILD RUN a\n",
        );
    }
}
