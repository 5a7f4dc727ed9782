//! `USER node`.

use crate::analysis::lint::prelude::*;
use crate::analysis::model::VariableKind;

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
    check: Check::Model(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for instruction in cx.with_keyword(Keyword::User) {
        let Arguments::Single(Some(word)) = &instruction.node.arguments else { continue };
        let value = cx.model.expand(word, instruction.id);
        let is_number = |user: &str| name_of(user).bytes().all(|it| it.is_ascii_digit());
        let is_name = match value.text() {
            Some(user) => !is_number(user),
            // hadolint trusts build arguments only.
            None => cx.profile == Profile::Hadolint,
        };
        if is_name && !(cx.profile == Profile::Hadolint && uses_argument(cx, instruction, word)) {
            let name = name_of(value.text().unwrap_or(word.raw()));
            let message = format!("`{name}` is a name: Kubernetes checks numbers only (`runAsNonRoot`)");
            report.at(instruction.absolute(word.range()), message);
        }
    }
}

/// The user without the group.
fn name_of(user: &str) -> &str {
    user.split(':').next().unwrap_or(user)
}

/// Whether a build argument decides, declared anywhere above.
fn uses_argument(cx: &ModelContext<'_>, instruction: InstructionRef<'_>, word: &Word) -> bool {
    let is_argument = |name: &str| {
        let mut above = cx.model.variables().iter().take_while(|it| it.location.instruction < instruction.id);
        above.any(|it| it.kind == VariableKind::Arg && it.name == name)
    };
    word.variables().iter().any(|it| it.modifier.is_none() && is_argument(&it.name))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn values_of_variables_are_judged_where_they_are_known() {
        check_rule("named-user", "FROM a\nENV N=1 U=u\nUSER $N\nUSER $U\n     ^^ `u`\nARG A\nUSER $A\n");
    }

    #[test]
    fn the_group_may_have_a_name() {
        check_rule(
            "named-user",
            "FROM a\nUSER 1:x\nUSER \"1\"\nUSER $X\nUSER x:1\n     ^^^\nONBUILD USER x\n",
        );
    }
}
