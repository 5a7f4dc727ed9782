//! `COPY a b dest`.

use crate::analysis::lint::prelude::*;

rule! {
    /// Several files are copied to a destination without `/` at the end.
    ///
    /// Many files can only go into a folder. Newer versions of Docker take the destination for one; older ones and other
    /// builders stop. With the `/` everybody sees that it is a folder.
    ///
    /// ```dockerfile bad
    /// FROM node:24
    /// COPY package.json package-lock.json /app
    /// ```
    ///
    /// ```dockerfile good
    /// FROM node:24
    /// COPY package.json package-lock.json /app/
    /// ```
    name: "copy-without-final-slash",
    aliases: &["DL3021", "INVALID_DESTINATION"],
    severity: Severity::Info,
    hadolint: Some(Severity::Error),
    fix: FixSafety::Safe,
    url: "https://docs.docker.com/reference/dockerfile/#copy",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Copy]), deferred: false, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Arguments::Copy(copy) = &cx.instruction.arguments else { return };
    let Some(destination) = copy.destination.as_ref().filter(|_| copy.sources.len() > 1) else { return };
    let written = destination.raw().trim_end_matches(['"', '\'']);
    let is_like_hadolint = cx.setting.profile == Profile::Hadolint;
    let is_folder = written.ends_with(['/', '\\']);
    let is_surely_folder =
        matches!(written, "." | "..") || destination.has_variables() && !written.contains('/');
    if is_folder || is_surely_folder && !is_like_hadolint {
        return;
    }
    let draft = report.at(destination.range(), "several files need a folder: end the destination with `/`");
    if destination.literal().as_deref() == Some(written) && destination.text().is_verbatim() {
        let end = destination.range().start() + TextSize::of(written);
        draft.safe_fix("Add the `/`", vec![TextEdit::insert(end, "/")]);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn one_file_can_go_anywhere() {
        check_rule(
            "copy-without-final-slash",
            "FROM a\nCOPY b c\nCOPY b c d/\nCOPY b c .\nCOPY b c $D\nCOPY b c \"d/\"\nCOPY b c d\n         ^\nONBUILD COPY b c d\n",
        );
    }

    #[test]
    fn the_fix_adds_the_slash() {
        check_fix(
            "copy-without-final-slash",
            "FROM a\nCOPY b c /d\nCOPY [\"b\", \"c\", \"d\"]\n",
            "FROM a\nCOPY b c /d/\nCOPY [\"b\", \"c\", \"d/\"]\n",
        );
    }
}
