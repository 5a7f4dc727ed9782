//! `COPY a <<EOF`.

use crate::analysis::lint::prelude::*;

rule! {
    /// The last argument of `COPY` or `ADD` is a heredoc.
    ///
    /// The build stops. A heredoc is what to copy; the file it goes to is named last.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// COPY /etc/motd <<EOF
    /// hello
    /// EOF
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// COPY <<EOF /etc/motd
    /// hello
    /// EOF
    /// ```
    error,
    name: "heredoc-as-destination",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#here-documents",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Copy, Keyword::Add]), deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Arguments::Copy(copy) = &cx.instruction.arguments else { return };
    let Some(destination) = copy.destination.as_ref().filter(|it| is_marker(it.raw())) else { return };
    let draft = report
        .at(destination.range(), "a heredoc cannot be the destination: write it first, and the file last");
    if let [only] = copy.sources.as_slice() {
        let swapped = vec![
            TextEdit::new(only.range(), destination.raw()),
            TextEdit::new(destination.range(), only.raw()),
        ];
        draft.unsafe_fix("Exchange the two", swapped);
    }
}

fn is_marker(text: &str) -> bool {
    let after = text.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("<<");
    let name = after.map(|after| after.strip_prefix('-').unwrap_or(after));
    name.is_some_and(|name| !name.is_empty() && !name.contains('<'))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_fix;

    #[test]
    fn source_and_destination_change_places() {
        check_fix("heredoc-as-destination", "FROM a\nCOPY /b <<E\nx\nE\n", "FROM a\nCOPY <<E /b\nx\nE\n");
    }
}
