//! `yarn install` without `yarn cache clean`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell_rules::append::append;
use crate::analysis::lint::shell_rules::leftovers;

rule! {
    /// `yarn install` leaves what it downloaded in the image.
    ///
    /// `yarn` keeps every package in a cache, in case it is installed once more. In an image it never is.
    ///
    /// ```dockerfile bad
    /// FROM node:24
    /// RUN yarn install
    /// ```
    ///
    /// ```dockerfile good
    /// FROM node:24
    /// RUN yarn install && yarn cache clean
    /// ```
    name: "yarn-cache-left-behind",
    aliases: &["DL3060"],
    severity: Severity::Info,
    hadolint: Some(Severity::Info),
    fix: FixSafety::Safe,
    url: "https://classic.yarnpkg.com/lang/en/docs/cli/cache/",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for (instruction, shell) in cx.runs().filter(|(it, _)| cx.is_shipped(it.id)) {
        let mut commands = shell.commands().skip_while(|it| !(it.is("yarn") && it.has_argument("install")));
        let Some(install) = commands.next() else { continue };
        // `rm -rf $(yarn cache dir)` cleans as well.
        let cleans = |it: &ShellCommand| {
            it.is("yarn") && it.has_argument("cache") && it.has_any_argument(&["clean", "dir"])
        };
        let is_cleaned = commands.any(|it| cleans(&it));
        if is_cleaned || leftovers::is_mounted(&[".cache/yarn"], &shell) {
            continue;
        }
        let message = "leaves its downloads in the image: add `&& yarn cache clean` to this `RUN`";
        let draft = report.at(instruction.absolute(install.words_range()), message);
        if let Some(edit) = append(&shell, install.part, "yarn cache clean") {
            let edit = TextEdit::new(instruction.absolute(edit.range), edit.new_text);
            draft.safe_fix("Add `yarn cache clean`", vec![edit]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn only_stages_that_are_kept_count() {
        check_rule(
            "yarn-cache-left-behind",
            "FROM a\nRUN yarn install\nFROM a AS x\nRUN yarn install\n    ^^^^^^^^^^^^\nFROM x\nRUN yarn install && yarn cache clean\nRUN yarn install && rm -rf $(yarn cache dir)\nRUN --mount=type=cache,target=/root/.cache/yarn yarn install\nONBUILD RUN yarn install\n            ^^^^^^^^^^^^\n",
        );
    }

    #[test]
    fn the_fix_adds_it_at_the_end() {
        check_fix(
            "yarn-cache-left-behind",
            "FROM a\nRUN yarn install\n",
            "FROM a\nRUN yarn install && yarn cache clean\n",
        );
    }
}
