//! `COPY` of what `.dockerignore` leaves out.

use crate::analysis::ignore::{Ignore, context_path};
use crate::analysis::lint::prelude::*;

rule! {
    /// `COPY` or `ADD` names a file that `.dockerignore` keeps out of the build context, so it is not found.
    ///
    /// Files that match `.dockerignore` are not sent to the build. `COPY` of such a file fails, or copies nothing if the
    /// source has wildcards.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29
    /// COPY dist /usr/share/nginx/html
    /// //- .dockerignore
    /// dist
    /// ```
    ///
    /// Take the pattern out of `.dockerignore`, or bring the file back with an exception (`!dist`):
    ///
    /// ```dockerfile good
    /// FROM nginx:1.29
    /// COPY dist /usr/share/nginx/html
    /// //- .dockerignore
    /// node_modules
    /// ```
    name: "copy-of-ignored-file",
    aliases: &["CopyIgnoredFile"],
    buildkit: true,
    url: "https://docs.docker.com/go/dockerfile/rule/copy-ignored-file/",
    check: Check::Model(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    // With exceptions BuildKit says nothing, as a folder may be left out and still hold files.
    let Some(ignore) = cx.facts.ignore.as_ref().filter(|it| !it.has_exceptions() && !it.patterns.is_empty())
    else {
        return;
    };
    for instruction in cx.with_keyword(Keyword::Add).chain(cx.with_keyword(Keyword::Copy)) {
        let Arguments::Copy(copy) = &instruction.node.arguments else { continue };
        let is_from_context =
            instruction.node.flag("from").is_none() && cx.model.stage_of(instruction.id).is_some();
        let is_heredoc = |word: &Word| instruction.node.heredocs.iter().any(|it| it.marker == word.range());
        let sources =
            copy.sources.iter().filter(|it| is_from_context && copy.destination.is_some() && !is_heredoc(it));
        for source in sources {
            check_source(cx, ignore, instruction, source, report);
        }
    }
}

fn check_source(
    cx: &ModelContext<'_>,
    ignore: &Ignore,
    instruction: InstructionRef<'_>,
    source: &Word,
    report: &mut Report<'_>,
) {
    let value = cx.model.expand(source, instruction.id);
    let Some(path) = value.text().filter(|it| !it.contains("://") && !it.starts_with("git@")) else { return };
    let pattern = match context_path(path) {
        // The context itself is left out only by a pattern for everything.
        None => ignore.patterns.iter().find(|it| matches!(it.text(), "*" | "**" | "**/*")),
        Some(path) => ignore.is_excluded(&path),
    };
    if let Some(pattern) = pattern {
        let message = format!(
            "`{path}` is left out of the build by `{}` in `.dockerignore`, so it is not found",
            pattern.text()
        );
        report.at(instruction.absolute(source.range()), message);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn parents_count_and_exceptions_silence() {
        check_rule(
            "copy-of-ignored-file",
            "FROM a\nCOPY ./x/y z /d/\n     ^^^^^ by `x`\nADD https://e.org/x /d\nCOPY --from=b x /d\nCOPY . /d\n//- .dockerignore\nx\n",
        );
        check_rule("copy-of-ignored-file", "FROM a\nCOPY x /d\n//- .dockerignore\nx\n!x/y\n");
    }

    #[test]
    fn the_whole_context_can_be_left_out() {
        check_rule("copy-of-ignored-file", "FROM a\nCOPY . /d\n     ^\n//- .dockerignore\n*\n");
    }
}
