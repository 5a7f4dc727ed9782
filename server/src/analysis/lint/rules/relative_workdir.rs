//! `WORKDIR app` where no absolute one stands before it.

use crate::analysis::lint::prelude::*;

rule! {
    /// The first `WORKDIR` of a stage is relative, so the folder depends on the base image.
    ///
    /// If the base image changes its own working directory, everything moves, and paths in later instructions no longer
    /// fit.
    ///
    /// ```dockerfile bad
    /// FROM python:3.14
    /// WORKDIR app
    /// ```
    ///
    /// ```dockerfile good
    /// FROM python:3.14
    /// WORKDIR /app
    /// ```
    name: "relative-workdir",
    aliases: &["WorkdirRelativePath", "DL3000", "WORKDIR_IS_NOT_ABSOLUTE"],
    buildkit: true,
    hadolint: Some(Severity::Error),
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/go/dockerfile/rule/workdir-relative-path/",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    if cx.cx.profile == Profile::Hadolint {
        return check_each(cx, report);
    }
    // Only the first one can be relative to the base image.
    let Some(first) = cx.instructions().find(|it| it.keyword == Some(Keyword::Workdir)) else { return };
    let is_set_by_base =
        cx.cx.model.lineage(cx.stage.id).skip(1).any(|stage| has_workdir(cx.cx, &stage.instructions));
    let Arguments::Single(Some(path)) = &first.node.arguments else { return };
    let value = cx.cx.model.expand(path, first.id);
    let Some(text) = value.text().filter(|_| !is_set_by_base) else { return };
    if is_absolute(text) || text.is_empty() && path.has_variables() {
        return;
    }
    let range = first.absolute(path.range());
    let absolute = absolute(text);
    let example = if absolute == "/" { "/app" } else { &absolute };
    let message = match text.trim_matches(['.', '/']) {
        "" => {
            format!("`{text}` depends on the base image's folder: write an absolute path such as `{example}`")
        }
        _ => format!(
            "`{text}` is relative to the base image's folder: write an absolute path such as `{example}`"
        ),
    };
    let draft = report.at(range, message);
    if path.literal().as_deref() == Some(path.raw()) && absolute != "/" {
        draft.unsafe_fix(format!("Write `{absolute}`"), vec![TextEdit::new(range, absolute)]);
    }
}

/// hadolint wants every one to be absolute, also where an earlier one says what it is relative to.
fn check_each(cx: &StageContext<'_>, report: &mut Report<'_>) {
    for instruction in cx.instructions().filter(|it| it.keyword == Some(Keyword::Workdir)) {
        let Arguments::Single(Some(path)) = &instruction.node.arguments else { continue };
        let written = path.raw().trim_matches(['"', '\'']);
        if !written.starts_with(['/', '$']) && !has_drive(written) {
            report.at(instruction.absolute(path.range()), "this is relative: write an absolute path");
        }
    }
}

fn has_workdir(cx: &ModelContext<'_>, instructions: &std::ops::Range<u32>) -> bool {
    let mut all = instructions.clone().filter_map(|id| cx.model.file().instruction(InstructionId(id)));
    all.any(|it| it.keyword == Some(Keyword::Workdir))
}

/// `path` from the root: `/app` for `./app`.
fn absolute(path: &str) -> String {
    let parts = path.split('/').filter(|it| !matches!(*it, "" | "." | ".."));
    format!("/{}", parts.collect::<Vec<_>>().join("/"))
}

/// On Linux or on Windows: what the base image is is seldom known.
fn is_absolute(path: &str) -> bool {
    path.starts_with(['/', '\\']) || has_drive(path)
}

fn has_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [drive, b':', ..] if drive.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn only_the_first_of_a_chain_counts() {
        check_rule(
            "relative-workdir",
            "FROM a AS b\nWORKDIR /x\nWORKDIR y\nFROM b\nWORKDIR z\nFROM c\nWORKDIR w\n        ^\nWORKDIR v\n",
        );
    }

    #[test]
    fn variables_are_looked_through() {
        check_rule(
            "relative-workdir",
            "FROM a\nENV D=/d\nWORKDIR $D/e\nFROM a\nWORKDIR $UNKNOWN\nFROM a\nWORKDIR C:\\x\n",
        );
    }

    #[test]
    fn the_fix_makes_it_absolute() {
        check_fix("relative-workdir", "FROM a\nWORKDIR app\n", "FROM a\nWORKDIR /app\n");
        check_fix("relative-workdir", "FROM a\nWORKDIR ./a/b/\n", "FROM a\nWORKDIR /a/b\n");
        check_rule("relative-workdir", "FROM a\nWORKDIR .\n        ^ such as `/app`\n");
    }
}
