//! `COPY app.py .` without a `WORKDIR`.

use crate::analysis::image::official_facts;
use crate::analysis::lint::prelude::*;

rule! {
    /// `COPY` goes to a relative folder, and no `WORKDIR` says which.
    ///
    /// Without a `WORKDIR` the folder of the base image counts. Most have `/`, and then the files stand among those of
    /// the system; and if the base image changes its folder, everything is somewhere else.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// COPY server.py .
    /// ```
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// WORKDIR /app
    /// COPY server.py .
    /// ```
    name: "relative-copy-destination",
    aliases: &["DL3045"],
    severity: Severity::Info,
    hadolint: Some(Severity::Warning),
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#workdir",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    if base_has_workdir(cx) {
        return;
    }
    for instruction in cx.instructions() {
        match &instruction.node.arguments {
            Arguments::Single(_) if instruction.keyword == Some(Keyword::Workdir) => return,
            Arguments::Copy(copy) if instruction.keyword == Some(Keyword::Copy) => {
                let Some(destination) = &copy.destination else { continue };
                // `~/x` has a finding of its own.
                let is_home = cx.cx.profile != Profile::Hadolint && destination.raw().starts_with('~');
                if is_relative(destination.raw()) && !is_home {
                    let message = "where this goes depends on the base image: set a `WORKDIR` before it";
                    let range = instruction.absolute(destination.range());
                    let start = instruction.absolute_range().start();
                    let edit = TextEdit::insert(start, "WORKDIR /app\n");
                    report.at(range, message).unsafe_fix("Set `WORKDIR /app` before it", vec![edit]);
                }
            }
            _ => {}
        }
    }
}

/// A stage it is built from sets one, or the image may: a folder of its own is then meant.
fn base_has_workdir(cx: &StageContext<'_>) -> bool {
    let model = cx.cx.model;
    let is_set = |stage: &crate::analysis::model::Stage| {
        let mut own = stage.instructions.clone().filter_map(|id| model.file().instruction(InstructionId(id)));
        own.any(|it| it.keyword == Some(Keyword::Workdir))
    };
    if model.lineage(cx.stage.id).skip(1).any(is_set) {
        return true;
    }
    if cx.cx.profile == Profile::Hadolint {
        return false;
    }
    match model.root_base(cx.stage.id) {
        Some(Base::Image(image)) => !is_known_to_stay_at_root(image),
        _ => false,
    }
}

fn is_known_to_stay_at_root(image: &Value) -> bool {
    let Some(text) = image.text() else { return false };
    let image = ImageReference::parse(text);
    image.official_name().and_then(official_facts::defaults).is_some_and(|it| it.workdir.is_none())
}

fn is_relative(destination: &str) -> bool {
    let path = destination.trim_matches(['"', '\'']);
    let has_drive = matches!(path.as_bytes(), [drive, b':', ..] if drive.is_ascii_alphabetic());
    !path.starts_with(['/', '\\', '$']) && !has_drive
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn a_workdir_of_the_stage_or_of_its_base_counts() {
        check_rule(
            "relative-copy-destination",
            "FROM debian AS a\nCOPY x y\n       ^\nWORKDIR /z\nCOPY x y\nFROM a\nCOPY x .\nFROM scratch\nCOPY x .\n       ^\nCOPY x /y\nCOPY x $Y\nCOPY x C:\\y\nCOPY x \"/y\"\nCOPY x ~/y\n",
        );
    }

    #[test]
    fn the_fix_sets_a_folder() {
        let found =
            crate::analysis::lint::tests::findings("relative-copy-destination", "FROM debian\nCOPY x .\n");
        let edits = found[0].fix().expect("a fix").edits;
        assert_eq!((usize::from(edits[0].range.start()), edits[0].new_text.as_str()), (12, "WORKDIR /app\n"));
    }

    #[test]
    fn an_image_that_may_set_one_is_left_alone() {
        check_rule("relative-copy-destination", "FROM acme/api\nCOPY x .\nFROM golang\nCOPY x .\n");
    }
}
