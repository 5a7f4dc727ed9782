//! `USER node` and then `RUN apt-get install`.

use crate::analysis::lint::packages::{MANAGERS, installs, updates_apt};
use crate::analysis::lint::prelude::*;
use crate::analysis::lint::user::{User, user_at};

rule! {
    /// Packages are installed as a user who may not do that.
    ///
    /// `USER` holds for all instructions behind it. Only root may write where packages go, so the command ends with
    /// "permission denied" or "are you root?".
    ///
    /// ```dockerfile bad
    /// FROM node:24
    /// USER node
    /// RUN apt-get update && apt-get install -y git
    /// ```
    ///
    /// Install first, and switch to the user at the end:
    ///
    /// ```dockerfile good
    /// FROM node:24
    /// RUN apt-get update && apt-get install -y git
    /// USER node
    /// ```
    ///
    /// If the base image itself sets a user, write `USER root` before and that user again behind it.
    name: "install-without-root",
    aliases: &[],
    url: "https://docs.docker.com/reference/dockerfile/#user",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    for run in cx.instructions().filter(|it| it.keyword == Some(Keyword::Run)) {
        let Some(shell) = cx.cx.shell(run.id) else { continue };
        let commands = shell.parts.iter().flat_map(|it| it.script.commands());
        let install = commands
            .filter(|it| it.place.is_top_level() && it.is_any(MANAGERS))
            .find(|it| installs(it) || updates_apt(it));
        let Some(install) = install else { continue };
        let User::Other(user, place) = user_at(cx.cx, run.id) else { continue };
        let message = format!(
            "`{}` needs root, and here the user is `{user}`: move this above `USER`, or write `USER root` before it",
            install.name()
        );
        let draft = report.at(run.absolute(install.words_range()), message);
        if let Some(place) = place {
            draft.related(place, "sets the user");
        }
        return;
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn the_user_in_force_counts() {
        check_rule(
            "install-without-root",
            "FROM a AS b\nUSER x\nRUN sudo apt-get install y\nRUN apt-get install y\n    ^^^^^^^^^^^^^^^^^ the user is `x`\nFROM b\nRUN apk add y\n    ^^^^^^^^^ needs root\nUSER 0:0\nRUN apk add y\nUSER $U\nRUN apk add y\nFROM haproxy\nRUN apt-get update\n    ^^^^^^^^^^^^^^ `haproxy`\n",
        );
    }
}
