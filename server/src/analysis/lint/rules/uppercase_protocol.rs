//! `EXPOSE 80/TCP`.

use crate::analysis::lint::ports::{fault, ports};
use crate::analysis::lint::prelude::*;

rule! {
    /// The protocol in `EXPOSE` is not in lower case.
    ///
    /// Docker writes it in lower case into the image; other tools that read the file may not know it otherwise.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29
    /// EXPOSE 80/TCP
    /// ```
    ///
    /// ```dockerfile good
    /// FROM nginx:1.29
    /// EXPOSE 80/tcp
    /// ```
    name: "uppercase-protocol",
    aliases: &["ExposeProtoCasing"],
    severity: Severity::Info,
    buildkit: true,
    fix: FixSafety::Safe,
    url: "https://docs.docker.com/go/dockerfile/rule/expose-proto-casing/",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for port in ports(cx) {
        let parts = port.parts();
        let lower = parts.protocol.to_lowercase();
        if lower == parts.protocol || fault(&parts).is_some() {
            continue;
        }
        let range = port.range_of(parts.protocol);
        let draft =
            report.at(range, format!("protocol `{}`: write it in lower case, `{lower}`", parts.protocol));
        if port.is_literal() {
            draft.safe_fix(format!("Write `{lower}`"), vec![TextEdit::new(range, lower.clone())]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn the_protocol_is_marked() {
        check_rule(
            "uppercase-protocol",
            "FROM a\nARG P=3/UDP\nEXPOSE 1/tcp 2/Tcp $P\n               ^^^\n                   ^^\n",
        );
    }

    #[test]
    fn the_fix_writes_lower_case() {
        check_fix("uppercase-protocol", "FROM a\nEXPOSE 2/TCP\n", "FROM a\nEXPOSE 2/tcp\n");
    }
}
