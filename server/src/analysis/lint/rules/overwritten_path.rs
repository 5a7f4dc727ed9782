//! `ENV PATH=/app/bin`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `ENV PATH=…` drops the folders that were in `PATH` before.
    ///
    /// Without `/usr/bin` and `/bin` not even `ls` or `sh` is found, and whatever the base image has put into `PATH` is
    /// lost too.
    ///
    /// ```dockerfile bad
    /// FROM python:3.14
    /// ENV PATH=/app/bin
    /// ```
    ///
    /// ```dockerfile good
    /// FROM python:3.14
    /// ENV PATH=/app/bin:$PATH
    /// ```
    name: "overwritten-path",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#env",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for instruction in cx.with_keyword(Keyword::Env) {
        let Arguments::Pairs(pairs) = &instruction.node.arguments else { continue };
        let paths = pairs.pairs.iter().filter(|it| it.key.raw() == "PATH");
        for value in paths.filter_map(|it| it.value.as_ref()) {
            check_value(cx, instruction, value, report);
        }
    }
}

fn check_value(
    cx: &ModelContext<'_>,
    instruction: InstructionRef<'_>,
    value: &Word,
    report: &mut Report<'_>,
) {
    let Some(stage) = cx.model.stage_of(instruction.id) else { return };
    let is_empty_base = matches!(cx.model.root_base(stage.id), Some(Base::Scratch));
    let expanded = cx.model.expand(value, instruction.id);
    let Some(text) = expanded.text().filter(|_| !is_empty_base) else { return };
    let keeps = value.variables().iter().any(|it| it.name == "PATH");
    if keeps || text.is_empty() || has_system_folder(text) {
        return;
    }
    let range = instruction.absolute(value.range());
    let message = "this drops all other folders from `PATH`, `/usr/bin` among them: add `:$PATH` at the end";
    let draft = report.at(range, message);
    let raw = value.raw();
    let end = match raw.ends_with('"') {
        true => instruction.absolute(value.text().source_range(raw.len() - 1, raw.len())).start(),
        false => range.end(),
    };
    if !raw.ends_with('\'') {
        draft.unsafe_fix("Add `:$PATH`", vec![TextEdit::insert(end, ":$PATH")]);
    }
}

/// One of those without which nothing runs; Windows has its own.
fn has_system_folder(path: &str) -> bool {
    let is_windows = path.contains([';', '\\', '%']);
    is_windows || path.split(':').any(|it| matches!(it.trim_end_matches('/'), "/usr/bin" | "/bin"))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn what_keeps_the_system_folders_is_fine() {
        check_rule(
            "overwritten-path",
            "FROM a\nENV A=/x\nENV PATH=$A/bin\n         ^^^^^^ add `:$PATH`\nENV PATH ${PATH}:/x\nENV PATH=/x:/usr/bin\nENV PATH=$UNKNOWN:/x\nENV PATH=C:\\\\x;D:\\\\y\nFROM scratch\nENV PATH=/x\n",
        );
    }

    #[test]
    fn the_old_ones_are_added() {
        check_fix("overwritten-path", "FROM a\nENV PATH=\"/x\"\n", "FROM a\nENV PATH=\"/x:$PATH\"\n");
        check_fix("overwritten-path", "FROM a\nENV PATH /x\n", "FROM a\nENV PATH /x:$PATH\n");
    }
}
