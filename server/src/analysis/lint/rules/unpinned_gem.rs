//! `gem install rails`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell_rules::pins;

rule! {
    /// `gem install` does not say which version of a gem it wants.
    ///
    /// Two builds of the same file may install different versions, and one of them may not work.
    ///
    /// ```dockerfile bad
    /// FROM ruby:3.4
    /// RUN gem install rails
    /// ```
    ///
    /// ```dockerfile good
    /// FROM ruby:3.4
    /// RUN gem install rails:8.1.1
    /// ```
    name: "unpinned-gem",
    aliases: &["DL3028"],
    severity: Severity::Info,
    recommended: false,
    hadolint: Some(Severity::Warning),
    url: "https://guides.rubygems.org/command-reference/#gem-install",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    for called in cx.calls(&["gem"]) {
        let is_install = called.has_any_argument(&["install", "i"]);
        if !is_install || called.has_any_flag(&["v", "version"]) {
            continue;
        }
        // What follows `--` is for the compiler.
        let words = called.command.arguments.iter().take_while(|it| it.text != "--");
        let packages: Vec<_> = words.filter(|it| is_unpinned(it.as_str())).collect();
        pins::found(&packages, "name:version", report);
    }
}

fn is_unpinned(word: &str) -> bool {
    !word.starts_with('-') && !matches!(word, "install" | "i") && !word.contains(':')
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn versions_are_given_in_two_ways() {
        check_rule(
            "unpinned-gem",
            "FROM a\nRUN gem install b c:1\n                ^ `b` comes\nRUN gem install b -v 1 && gem i b --version=1 && gem install b:1 -- --with-x y; gem update b\nONBUILD RUN gem i b\n                  ^\n",
        );
    }
}
