//! `RUN --mount=type=cahce`.

use crate::analysis::knowledge::MountType;
use crate::analysis::lint::prelude::*;
use crate::analysis::model::mount::{MountKind, mounts};

rule! {
    /// `RUN --mount=type=` is given a type that does not exist.
    ///
    /// The build stops. The types are `bind`, `cache`, `secret`, `ssh` and `tmpfs`.
    ///
    /// ```dockerfile bad
    /// FROM golang:1.25
    /// RUN --mount=type=cahce,target=/root/.cache go build
    /// ```
    ///
    /// ```dockerfile good
    /// FROM golang:1.25
    /// RUN --mount=type=cache,target=/root/.cache go build
    /// ```
    error,
    name: "unknown-mount-type",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#run---mount",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Run]), deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    for mount in mounts(cx.instruction) {
        let (MountKind::Other(written), Some(text)) = (&mount.kind, &mount.kind_text) else { continue };
        if written.contains(['$', '\'', '"', '\\']) {
            continue;
        }
        let names = MountType::ALL.iter().map(|it| it.as_str());
        match did_you_mean(written, names) {
            Some(meant) => report
                .at(text.range(), format!("there is no mount of type `{written}`; did you mean `{meant}`?"))
                .unsafe_fix(format!("Write `{meant}`"), vec![TextEdit::new(text.range(), meant)]),
            None => report.at(
                text.range(),
                format!(
                    "there is no mount of type `{written}`: write `bind`, `cache`, `secret`, `ssh` or `tmpfs`"
                ),
            ),
        };
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn types_are_known_in_any_case() {
        check_rule(
            "unknown-mount-type",
            "FROM a\nRUN --mount=type=Cache,target=/x --mount=type=vol,target=/x ls\n                                              ^^^ no mount\nRUN --mount=type=$X,target=/x ls\n",
        );
    }

    #[test]
    fn a_slip_is_repaired() {
        check_fix(
            "unknown-mount-type",
            "FROM a\nRUN --mount=type=scret,id=x ls\n",
            "FROM a\nRUN --mount=type=secret,id=x ls\n",
        );
    }
}
