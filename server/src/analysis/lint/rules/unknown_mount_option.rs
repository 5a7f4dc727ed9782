//! `RUN --mount=type=cache,taget=/x`.

use crate::analysis::knowledge::MOUNT_KEYS;
use crate::analysis::lint::prelude::*;
use crate::analysis::model::mount::mounts;

rule! {
    /// `RUN --mount=` has an option that no mount has.
    ///
    /// The build stops.
    ///
    /// ```dockerfile bad
    /// FROM golang:1.25
    /// RUN --mount=type=cache,taget=/root/.cache go build
    /// ```
    ///
    /// ```dockerfile good
    /// FROM golang:1.25
    /// RUN --mount=type=cache,target=/root/.cache go build
    /// ```
    error,
    name: "unknown-mount-option",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#run---mount",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Run]), deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    for mount in mounts(cx.instruction) {
        let is_unknown = |name: &str| !MOUNT_KEYS.iter().any(|it| it.eq_ignore_ascii_case(name));
        for option in mount.options.iter().filter(|it| is_unknown(it.name.as_str())) {
            let written = option.name.as_str();
            // Quotes hold commas together; what is inside is not taken apart here.
            if written.is_empty() || written.contains('"') {
                continue;
            }
            match did_you_mean(written, MOUNT_KEYS.iter().copied()) {
                Some(meant) => report
                    .at(
                        option.name.range(),
                        format!("mounts have no option `{written}`; did you mean `{meant}`?"),
                    )
                    .unsafe_fix(format!("Write `{meant}`"), vec![TextEdit::new(option.name.range(), meant)]),
                None => report.at(option.name.range(), format!("mounts have no option `{written}`")),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn options_are_known_in_any_case() {
        check_rule(
            "unknown-mount-option",
            "FROM a\nRUN --mount=Type=cache,DST=/x,foo=bar ls\n                              ^^^ no option\n",
        );
    }

    #[test]
    fn a_slip_is_repaired() {
        check_fix(
            "unknown-mount-option",
            "FROM a\nRUN --mount=taregt=/x ls\n",
            "FROM a\nRUN --mount=target=/x ls\n",
        );
    }
}
