//! `COPY --link` under `# syntax=docker/dockerfile:1.2`.

use crate::analysis::knowledge::{Channel, FrontendVersion};
use crate::analysis::lint::prelude::*;
use crate::analysis::syntax::directive::DirectiveName;

rule! {
    /// A feature is newer than the version that `# syntax=` asks for.
    ///
    /// `# syntax=docker/dockerfile:1.2` reads the file with that version of the Dockerfile language, whatever the builder
    /// itself knows. Flags that came later stop the build, and a heredoc is taken for a word.
    ///
    /// ```dockerfile bad
    /// # syntax=docker/dockerfile:1.2
    /// FROM alpine:3.22
    /// COPY --link app /app
    /// ```
    ///
    /// `1` means the newest version that is compatible; that is what nearly all files should ask for:
    ///
    /// ```dockerfile good
    /// # syntax=docker/dockerfile:1
    /// FROM alpine:3.22
    /// COPY --link app /app
    /// ```
    name: "newer-than-syntax",
    aliases: &[],
    severity: Severity::Error,
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/build/buildkit/frontend/#stable-channel",
    check: Check::Model(check),
}

/// What `# syntax=` asks for.
struct Syntax {
    version: FrontendVersion,
    tag_range: TextRange,
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    let Some(syntax) = syntax(cx) else { return };
    for instruction in cx.instructions() {
        let node = instruction.node.innermost();
        let Some(keyword) = node.keyword else { continue };
        for flag in &node.flags {
            let known = knowledge::flag(keyword, flag.name.as_str());
            let since = known.filter(|it| it.channel == Channel::Stable).and_then(|it| it.since);
            let range = instruction.absolute(flag.range);
            found(&syntax, &format!("`--{}`", flag.name.as_str()), since, range, report);
        }
        if let Some(heredoc) = instruction.node.heredocs.first() {
            let range = instruction.absolute(heredoc.marker);
            found(&syntax, "a heredoc", Some(FrontendVersion::one(4)), range, report);
        }
    }
}

/// The version, if the directive fixes one of the stable releases.
fn syntax(cx: &ModelContext<'_>) -> Option<Syntax> {
    let directives = cx.model.file().directives();
    let directive = directives.list.iter().find(|it| it.name == DirectiveName::Syntax)?;
    let reference = ImageReference::parse(&directive.value);
    let tag = reference.tag().known().filter(|it| !it.contains('-'))?;
    let is_official = reference.familiar_name().as_deref() == Some("docker/dockerfile");
    let version = FrontendVersion::parse(tag).filter(|_| is_official)?;
    let place = reference.tag_range()? + directive.value_range.start();
    Some(Syntax { version, tag_range: place })
}

fn found(
    syntax: &Syntax,
    what: &str,
    since: Option<FrontendVersion>,
    range: TextRange,
    report: &mut Report<'_>,
) {
    let Some(since) = since.filter(|since| *since > syntax.version) else { return };
    let message = format!(
        "{what} needs version {since} of the Dockerfile syntax, and `# syntax=` asks for {}: write `docker/dockerfile:1`",
        syntax.version
    );
    report
        .at(range, message)
        .related(syntax.tag_range, "asked for here")
        .unsafe_fix("Ask for version 1", vec![TextEdit::new(syntax.tag_range, "1")]);
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn flags_and_heredocs_have_a_first_version() {
        check_rule(
            "newer-than-syntax",
            "# syntax=docker/dockerfile:1.3.1\nFROM a\nCOPY --link --chown=1 a b\n     ^^^^^^ needs version 1.4\nRUN <<E\n    ^^^ a heredoc\nE\n",
        );
    }

    #[test]
    fn other_frontends_and_floating_tags_are_not_known() {
        for syntax in
            ["docker/dockerfile:1", "docker/dockerfile:1.2-labs", "me/dockerfile:1.2", "docker/dockerfile"]
        {
            check_rule("newer-than-syntax", &format!("# syntax={syntax}\nFROM a\nCOPY --link a b\n"));
        }
    }

    #[test]
    fn the_newest_version_is_asked_for() {
        check_fix(
            "newer-than-syntax",
            "# syntax = docker.io/docker/dockerfile:1.2\nFROM a\nADD --link a b\n",
            "# syntax = docker.io/docker/dockerfile:1\nFROM a\nADD --link a b\n",
        );
    }
}
