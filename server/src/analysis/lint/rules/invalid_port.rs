//! `EXPOSE http`.

use crate::analysis::lint::ports::{fault, ports};
use crate::analysis::lint::prelude::*;

rule! {
    /// `EXPOSE` is given something that is no port.
    ///
    /// The build stops. A port is a number up to 65535 or a range of them, and may name a protocol.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29
    /// EXPOSE 80/http
    /// ```
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29
    /// EXPOSE 80, 443
    /// ```
    ///
    /// Several ports are separated by blanks:
    ///
    /// ```dockerfile good
    /// FROM nginx:1.29
    /// EXPOSE 80/tcp 443 8000-8010
    /// ```
    error,
    name: "invalid-port",
    aliases: &["DL3011", "INVALID_PORT", "INVALID_PROTO"],
    hadolint: Some(Severity::Error),
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#expose",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for port in ports(cx) {
        let parts = port.parts();
        let Some(fault) = fault(&parts) else { continue };
        match port.text.strip_suffix(',').filter(|_| port.is_literal()) {
            Some(bare) => {
                let comma = TextRange::new(port.range.end() - TextSize::from(1), port.range.end());
                report
                    .at(port.range, "ports are separated by blanks, not by commas")
                    .unsafe_fix(format!("Write `{bare}`"), vec![TextEdit::delete(comma)]);
            }
            None => {
                let is_protocol = !parts.protocol.is_empty() && fault.contains("protocol");
                let part = if is_protocol { parts.protocol } else { &port.text };
                report.at(port.range_of(part), fault);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn all_kinds_of_faults_are_named() {
        check_rule(
            "invalid-port",
            "FROM a\nEXPOSE 80/xyz\n          ^^^ `xyz` is no protocol\nEXPOSE 70000 x 9-8\n       ^^^^^ too large\n             ^ no port\n               ^^^ ends before\nEXPOSE x:1:2 :/tcp\n       ^^^^^ IP address\n             ^^^^^ missing\n",
        );
    }

    #[test]
    fn good_ports_and_unknown_values_are_fine() {
        check_rule(
            "invalid-port",
            "FROM a\nARG P\nARG Q=1\nEXPOSE $P $Q 0 1-2/UDP 80/ 1.2.3.4:1:2 [::1]:1:2 5-6:7\n",
        );
    }

    #[test]
    fn commas_are_taken_away() {
        check_fix("invalid-port", "FROM a\nEXPOSE 1, 2,\n", "FROM a\nEXPOSE 1 2\n");
    }
}
