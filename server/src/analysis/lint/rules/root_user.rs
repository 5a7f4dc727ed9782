//! `USER root` as the last one.

use crate::analysis::lint::prelude::*;

rule! {
    /// The last `USER` is root, so the program in the container runs with all rights.
    ///
    /// Whoever breaks into a program that runs as root is root in the container, and has it easier to get out of it.
    /// Root is needed to install things; then switch back to a user with fewer rights.
    ///
    /// ```dockerfile bad
    /// FROM node:24
    /// USER root
    /// RUN apt-get update && apt-get install --yes git
    /// CMD ["node", "server.js"]
    /// ```
    ///
    /// ```dockerfile good
    /// FROM node:24
    /// USER root
    /// RUN apt-get update && apt-get install --yes git
    /// USER node
    /// CMD ["node", "server.js"]
    /// ```
    name: "root-user",
    aliases: &["DL3002"],
    severity: Severity::Info,
    hadolint: Some(Severity::Warning),
    url: "https://docs.docker.com/build/building/best-practices/#user",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    // Only the last stage becomes the image; hadolint looks at each.
    let is_last = cx.stage.id.index() + 1 == cx.cx.model.stages().len();
    if !is_last && cx.cx.profile != Profile::Hadolint {
        return;
    }
    let Some(last) = cx.instructions().rfind(|it| it.keyword == Some(Keyword::User)) else { return };
    let Arguments::Single(Some(word)) = &last.node.arguments else { return };
    let value = match cx.cx.profile {
        // hadolint judges no variables, whatever their defaults.
        Profile::Hadolint => Value::known(word.raw()),
        _ => cx.cx.model.expand(word, last.id),
    };
    if value.text().is_some_and(is_root) {
        report.at(
            last.absolute(word.range()),
            "the program will run as root: switch to another user at the end",
        );
    }
}

fn is_root(user: &str) -> bool {
    let name = user.split(':').next().unwrap_or(user);
    name == "root" || name == "0"
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn the_last_user_of_the_last_stage_counts() {
        check_rule("root-user", "FROM a AS b\nUSER root\nFROM b\nUSER x\nUSER 0:0\n     ^^^\n");
        check_rule("root-user", "FROM a\nUSER root\nUSER x\n");
        check_rule("root-user", "FROM a\nUSER $U\nONBUILD USER root\n");
    }
}
