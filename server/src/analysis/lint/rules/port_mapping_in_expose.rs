//! `EXPOSE 8080:80`.

use crate::analysis::lint::ports::{fault, ports};
use crate::analysis::lint::prelude::*;

rule! {
    /// `EXPOSE` has an address or a second port; mapping ports is done when the container is run.
    ///
    /// `EXPOSE` only says on which port the program in the container listens. The part before the `:` has no effect, and
    /// a later Docker will refuse it.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29
    /// EXPOSE 8080:80
    /// ```
    ///
    /// Write the container's port, and map it with `docker run -p 8080:80`:
    ///
    /// ```dockerfile good
    /// FROM nginx:1.29
    /// EXPOSE 80
    /// ```
    name: "port-mapping-in-expose",
    aliases: &["ExposeInvalidFormat"],
    buildkit: true,
    fix: FixSafety::Safe,
    url: "https://docs.docker.com/go/dockerfile/rule/expose-invalid-format/",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for port in ports(cx) {
        let parts = port.parts();
        if (parts.address.is_empty() && parts.host.is_empty()) || fault(&parts).is_some() {
            continue;
        }
        let own = port.text.rsplit(':').next().unwrap_or_default();
        let message = format!("`EXPOSE` maps no ports: write `{own}`, and map it with `docker run -p`");
        let draft = report.at(port.range, message);
        if port.is_literal() {
            let before = TextRange::new(port.range.start(), port.range_of(own).start());
            draft.safe_fix(format!("Write `{own}`"), vec![TextEdit::delete(before)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn addresses_and_host_ports_are_found() {
        check_rule(
            "port-mapping-in-expose",
            "FROM a\nEXPOSE 1 2:3 1.2.3.4:5:6/udp :7\n         ^^^\n             ^^^^^^^^^^^^^^^\n",
        );
    }

    #[test]
    fn the_fix_keeps_the_port_of_the_container() {
        check_fix("port-mapping-in-expose", "FROM a\nEXPOSE 2:3/udp 4\n", "FROM a\nEXPOSE 3/udp 4\n");
    }
}
