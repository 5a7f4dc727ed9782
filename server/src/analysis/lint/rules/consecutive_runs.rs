//! `RUN a` and then `RUN b`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell::ShellPart;

rule! {
    /// A `RUN` with one command follows another such `RUN`.
    ///
    /// Every `RUN` makes a layer of its own, and what one layer adds the next cannot take away. Instructions that belong
    /// together are better one instruction. But one `RUN` for each step is easier to read while you try things out, and a
    /// build stage that is not shipped may have as many as it likes.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// RUN mkdir /data
    /// RUN chown 1000 /data
    /// ```
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// RUN mkdir /data && chown 1000 /data
    /// ```
    name: "consecutive-runs",
    aliases: &["DL3059"],
    severity: Severity::Hint,
    recommended: false,
    hadolint: Some(Severity::Info),
    url: "https://docs.docker.com/build/building/best-practices/#run",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    let mut before: Option<InstructionRef<'_>> = None;
    for instruction in cx.instructions() {
        let run = (instruction.keyword == Some(Keyword::Run)).then_some(instruction);
        if let (Some(before), Some(run)) = (before, run)
            && flags(before) == flags(run)
            && is_short(cx.cx, before)
            && is_short(cx.cx, run)
        {
            report
                .at(run.absolute(run.name.range()), "another `RUN` stands right before: join them with `&&`")
                .related(before.absolute(before.name.range()), "this one");
        }
        before = run;
    }
}

fn flags<'a>(instruction: InstructionRef<'a>) -> Vec<(&'a str, &'a str)> {
    let value = |flag: &'a Flag| flag.value.as_ref().map_or("", |it| it.raw());
    let mut flags: Vec<_> = instruction.node.flags.iter().map(|it| (it.name.as_str(), value(it))).collect();
    flags.sort();
    flags
}

/// Whether it runs one command at most, as far as that can be seen.
fn is_short(cx: &ModelContext<'_>, instruction: InstructionRef<'_>) -> bool {
    let is_read = |it: &ShellPart| it.text.kind.is_posix() && !it.script.has_error;
    let is_named = |it: &&ShellCommand| it.name.as_ref().is_some_and(|name| name.is_literal());
    cx.shell(instruction.id).is_some_and(|shell| {
        let commands = shell.parts.iter().flat_map(|part| part.script.commands());
        shell.parts.iter().all(is_read) && commands.filter(is_named).count() <= 1
    })
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn only_short_ones_with_equal_flags() {
        check_rule(
            "consecutive-runs",
            "FROM a\nRUN b\nRUN c\n^^^\n# x\nRUN $D/x && e\n^^^\nRUN f && g\nRUN i\nRUN --network=none j\nENV k=l\nRUN m\nFROM n\nRUN o\nONBUILD RUN p\nONBUILD RUN q\n",
        );
    }
}
