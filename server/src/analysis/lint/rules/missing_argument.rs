//! `WORKDIR` alone on its line.

use crate::analysis::lint::prelude::*;

rule! {
    /// An instruction stands without the arguments that it needs.
    ///
    /// The build stops. `RUN`, `CMD` and `ENTRYPOINT` may stand alone, all others may not.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// WORKDIR
    /// ```
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// VOLUME [""]
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// WORKDIR /app
    /// VOLUME ["/data"]
    /// ```
    error,
    name: "missing-argument",
    aliases: &[
        "ARGUMENT_MISSING", "ARGUMENT_REQUIRES_ONE", "ARGUMENT_REQUIRES_AT_LEAST_ONE", "ARGUMENT_REQUIRES_TWO",
        "SHELL_REQUIRES_ONE",
    ],
    url: "https://docs.docker.com/reference/dockerfile/",
    check: Check::Instruction { on: On::Every, deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Some(keyword) = cx.keyword() else { return };
    if let Some(blank) = blank_volume(cx) {
        report.at(blank, "an empty text is no path: write where the volume is mounted, such as `/data`");
    } else if is_missing(cx) {
        let example = example(keyword);
        report.at(
            cx.instruction.name.range(),
            format!("`{keyword}` needs an argument: write it like `{example}`"),
        );
    }
}

fn is_missing(cx: &InstructionContext<'_>) -> bool {
    match &cx.instruction.arguments {
        Arguments::From(from) => from.image.is_none(),
        Arguments::Command(Some(Command::Exec(exec))) => is_shell(cx) && exec.arguments.is_empty(),
        Arguments::Command(None) => is_shell(cx),
        Arguments::Copy(copy) => copy.sources.is_empty(),
        Arguments::Pairs(pairs) => pairs.pairs.is_empty(),
        Arguments::Arg(declarations) => declarations.is_empty(),
        Arguments::List(list) => list.items.is_empty(),
        Arguments::Single(word) => word.is_none(),
        Arguments::Healthcheck(healthcheck) => healthcheck.is_none(),
        Arguments::Onbuild(_) => cx.instruction.arguments_text.as_str().is_empty(),
        Arguments::Command(Some(Command::Shell(_))) | Arguments::Unknown => false,
    }
}

fn is_shell(cx: &InstructionContext<'_>) -> bool {
    cx.keyword() == Some(Keyword::Shell)
}

/// `VOLUME [""]`.
fn blank_volume(cx: &InstructionContext<'_>) -> Option<TextRange> {
    match &cx.instruction.arguments {
        Arguments::List(list) if cx.keyword() == Some(Keyword::Volume) => list
            .items
            .iter()
            .find(|it| it.literal().is_some_and(|it| it.trim().is_empty()))
            .map(|it| it.range()),
        _ => None,
    }
}

fn example(keyword: Keyword) -> &'static str {
    match keyword {
        Keyword::Add => "ADD https://example.com/data.tar.gz /data/",
        Keyword::Arg => "ARG VERSION=1.0",
        Keyword::Cmd => "CMD [\"program\"]",
        Keyword::Copy => "COPY app /app",
        Keyword::Entrypoint => "ENTRYPOINT [\"program\"]",
        Keyword::Env => "ENV NAME=value",
        Keyword::Expose => "EXPOSE 8080",
        Keyword::From => "FROM alpine:3.22",
        Keyword::Healthcheck => "HEALTHCHECK CMD curl -f http://localhost/",
        Keyword::Label => "LABEL name=\"value\"",
        Keyword::Maintainer => "LABEL org.opencontainers.image.authors=\"name\"",
        Keyword::Onbuild => "ONBUILD COPY . /app",
        Keyword::Run => "RUN apk add --no-cache curl",
        Keyword::Shell => "SHELL [\"/bin/bash\", \"-c\"]",
        Keyword::Stopsignal => "STOPSIGNAL SIGQUIT",
        Keyword::User => "USER app",
        Keyword::Volume => "VOLUME /data",
        Keyword::Workdir => "WORKDIR /app",
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn all_but_commands_need_something() {
        check_rule(
            "missing-argument",
            "FROM\n^^^^\nENV\n^^^\nSHELL []\n^^^^^\nEXPOSE\n^^^^^^\nRUN\nCMD\nENTRYPOINT []\nUSER a\n",
        );
        check_rule(
            "missing-argument",
            "FROM a\nVOLUME []\n^^^^^^\nVOLUME [\"/a\", \" \"]\n               ^ empty\nCOPY []\n^^^^\n",
        );
    }

    #[test]
    fn what_is_deferred_is_only_a_warning() {
        let found = crate::analysis::lint::tests::findings("missing-argument", "FROM a\nONBUILD USER\n");
        assert_eq!(found[0].severity.as_str(), "warning");
    }
}
