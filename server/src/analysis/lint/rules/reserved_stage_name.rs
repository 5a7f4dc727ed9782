//! `AS scratch`, `AS context`.

use crate::analysis::lint::prelude::*;

rule! {
    /// A stage is called `scratch` or `context`, and these names mean something else.
    ///
    /// `FROM scratch` begins with nothing, and `context` is the folder that is sent to the build. A stage of that name
    /// cannot be relied on.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22 AS scratch
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22 AS base
    /// ```
    name: "reserved-stage-name",
    aliases: &["ReservedStageName", "DL3063"],
    buildkit: true,
    hadolint: Some(Severity::Warning),
    url: "https://docs.docker.com/go/dockerfile/rule/reserved-stage-name/",
    check: Check::Instruction { on: On::Keywords(&[Keyword::From]), deferred: false, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Arguments::From(from) = &cx.instruction.arguments else { return };
    let Some(name) = from.name.as_ref().filter(|_| from.rest.is_empty()) else { return };
    let lower = name.as_str().to_lowercase();
    if lower == "scratch" || lower == "context" {
        let message = format!("`{lower}` has a meaning of its own: give the stage another name");
        report.at(name.range(), message);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn both_names_are_reserved_in_any_case() {
        check_rule(
            "reserved-stage-name",
            "FROM a AS Scratch\n          ^^^^^^^\nFROM a AS context\n          ^^^^^^^\nFROM scratch\n",
        );
    }
}
