//! `HEALTHCHECK curl …`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `HEALTHCHECK` is followed by neither `CMD` with a command nor `NONE` alone.
    ///
    /// The build stops.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29
    /// HEALTHCHECK curl -f http://localhost/
    /// ```
    ///
    /// ```dockerfile good
    /// FROM nginx:1.29
    /// HEALTHCHECK CMD curl -f http://localhost/
    /// ```
    ///
    /// `HEALTHCHECK NONE` switches off the check of the base image:
    ///
    /// ```dockerfile good
    /// FROM nginx:1.29
    /// HEALTHCHECK NONE
    /// ```
    error,
    name: "invalid-healthcheck",
    aliases: &["ARGUMENT_EXTRA", "ARGUMENT_UNNECESSARY", "UNKNOWN_TYPE"],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#healthcheck",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Healthcheck]), deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Arguments::Healthcheck(Some(healthcheck)) = &cx.instruction.arguments else { return };
    let kind = &healthcheck.kind;
    let is_kind = |name: &str| kind.as_str().eq_ignore_ascii_case(name);
    let is_empty = match &healthcheck.command {
        None => true,
        Some(Command::Exec(exec)) => exec.arguments.is_empty(),
        Some(Command::Shell(_)) => false,
    };
    if is_kind("none") {
        if let Some(command) = healthcheck.command.as_ref().filter(|_| !is_empty) {
            let behind = TextRange::new(kind.range().end(), command.range().end());
            report
                .at(command.range(), "nothing can stand behind `HEALTHCHECK NONE`")
                .unsafe_fix("Remove it", vec![TextEdit::delete(behind)]);
        }
    } else if is_kind("cmd") {
        if is_empty {
            report.at(kind.range(), "after `HEALTHCHECK CMD` the command is missing");
        }
    } else {
        let message =
            format!("`{}` cannot stand here: write `HEALTHCHECK CMD` and then the command", kind.as_str());
        report
            .at(kind.range(), message)
            .unsafe_fix("Insert `CMD`", vec![TextEdit::insert(kind.range().start(), "CMD ")]);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn three_faults() {
        check_rule(
            "invalid-healthcheck",
            "FROM a\nHEALTHCHECK curl x\n            ^^^^\nHEALTHCHECK NONE x\n                 ^\nHEALTHCHECK --interval=1s cmd\n                          ^^^\nHEALTHCHECK Cmd []\n            ^^^\nHEALTHCHECK cmd a\nHEALTHCHECK none\n",
        );
    }

    #[test]
    fn cmd_is_inserted() {
        check_fix("invalid-healthcheck", "FROM a\nHEALTHCHECK curl x\n", "FROM a\nHEALTHCHECK CMD curl x\n");
    }
}
