//! `COPY app`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `COPY` or `ADD` has one argument only: the destination is missing.
    ///
    /// The build stops. The last word is where the files go; what stands before it is what to copy.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29
    /// COPY index.html
    /// ```
    ///
    /// ```dockerfile good
    /// FROM nginx:1.29
    /// COPY index.html /usr/share/nginx/html/
    /// ```
    error,
    name: "copy-without-destination",
    aliases: &["ARGUMENT_REQUIRES_AT_LEAST_TWO"],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#copy",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Copy, Keyword::Add]), deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Arguments::Copy(copy) = &cx.instruction.arguments else { return };
    let ([only], None) = (copy.sources.as_slice(), &copy.destination) else { return };
    let name = cx.name();
    let message = format!("`{name}` needs a source and a destination: write where `{}` goes", only.raw());
    let draft = report.at(only.range(), message);
    if !copy.is_json && cx.instruction.heredocs.is_empty() {
        let here = vec![TextEdit::insert(only.range().end(), " .")];
        draft.unsafe_fix("Copy it to the working directory", here);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn one_word_is_not_enough() {
        check_rule(
            "copy-without-destination",
            "FROM a\nCOPY --from=b x\n              ^\nADD [\"y\"]\n      ^\nCOPY a b\nCOPY a b c\n",
        );
    }

    #[test]
    fn the_working_directory_is_offered() {
        check_fix("copy-without-destination", "FROM a\nCOPY x\n", "FROM a\nCOPY x .\n");
    }
}
