//! `USER node`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `USER` gives a name where some systems need a number.
    ///
    /// Kubernetes can be told to refuse containers that run as root (`runAsNonRoot`). It looks at the image without
    /// starting it, and cannot know what number a name stands for, so it refuses all names.
    ///
    /// ```dockerfile bad
    /// FROM node:24
    /// USER node
    /// ```
    ///
    /// ```dockerfile good
    /// FROM node:24
    /// USER 1000
    /// ```
    ///
    /// Elsewhere a name is fine and easier to read.
    name: "named-user",
    aliases: &["DL3066"],
    severity: Severity::Info,
    recommended: false,
    hadolint: Some(Severity::Info),
    url: "https://docs.docker.com/reference/dockerfile/#user",
    check: Check::Instruction { on: On::Keywords(&[Keyword::User]), deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Arguments::Single(Some(word)) = &cx.instruction.arguments else { return };
    let Some(literal) = word.literal() else { return };
    let name = literal.split(':').next().unwrap_or_default();
    if !name.is_empty() && !name.bytes().all(|it| it.is_ascii_digit()) {
        report
            .at(word.range(), format!("`{name}` is a name: Kubernetes checks numbers only (`runAsNonRoot`)"));
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn the_group_may_have_a_name() {
        check_rule(
            "named-user",
            "FROM a\nUSER 1:x\nUSER \"1\"\nUSER $X\nUSER x:1\n     ^^^\nONBUILD USER x\n             ^\n",
        );
    }
}
