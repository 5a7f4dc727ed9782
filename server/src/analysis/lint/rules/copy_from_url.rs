//! `COPY https://…`.

use super::invalid_checksum::{Remote, remote};
use crate::analysis::lint::prelude::*;

rule! {
    /// `COPY` is given an address; only `ADD` downloads.
    ///
    /// The build stops.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// COPY https://example.com/data.tar /data/
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// ADD https://example.com/data.tar /data/
    /// ```
    error,
    name: "copy-from-url",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#copy",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Copy]), deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Arguments::Copy(copy) = &cx.instruction.arguments else { return };
    if copy.destination.is_none() {
        return;
    }
    let address = copy.sources.iter().find_map(|it| Some((it, remote(it.raw())?)));
    let Some((source, kind)) = address else { return };
    let message = match kind {
        Remote::File => "`COPY` downloads nothing: write `ADD` instead",
        Remote::Git => "`COPY` takes nothing from Git: write `ADD` instead",
    };
    let draft = report.at(source.range(), message);
    let fits_add = |flag: &Flag| knowledge::flag(Keyword::Add, flag.name.as_str()).is_some();
    if cx.instruction.flags.iter().all(fits_add) {
        draft.unsafe_fix("Write `ADD`", vec![TextEdit::new(cx.instruction.name.range(), "ADD")]);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn addresses_of_all_kinds() {
        check_rule(
            "copy-from-url",
            "FROM a\nCOPY https://e.org/$X /b\n     ^^^^^^^^^^^^^^^^\nCOPY git@e.org:f /b\n     ^^^^^^^^^^^\nCOPY e.org/x /b\nCOPY a@b /c\n",
        );
    }

    #[test]
    fn add_downloads() {
        check_fix("copy-from-url", "FROM a\nCOPY http://a b\n", "FROM a\nADD http://a b\n");
    }
}
