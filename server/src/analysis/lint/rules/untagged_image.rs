//! `FROM python`.

use crate::analysis::lint::images::{base_image, plain_tag};
use crate::analysis::lint::prelude::*;

rule! {
    /// A base image has no tag, so every build takes whatever is the newest.
    ///
    /// Without a tag Docker takes `latest`. One day that is a new version, and a build that worked the day before fails
    /// without a change in the file; and nobody can tell what an older image was made of.
    ///
    /// ```dockerfile bad
    /// FROM python
    /// ```
    ///
    /// Name the version that you use:
    ///
    /// ```dockerfile good
    /// FROM python:3.14-slim
    /// ```
    ///
    /// The names of stages need no tag, and `scratch` has none.
    name: "untagged-image",
    aliases: &["DL3006"],
    hadolint: Some(Severity::Warning),
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    let Some(image) = base_image(cx.cx, cx.stage) else { return };
    let reference = &image.reference;
    // hadolint leaves alone what begins with a variable, whatever its default.
    let is_left_alone = cx.cx.profile == Profile::Hadolint && cx.cx.source(image.range).starts_with('$');
    let is_untagged = reference.tag().is_absent() && reference.digest().is_absent();
    // `python :3.14`, `python 3.14`: another finding says that the blank is too much.
    let behind = cx.cx.model.file().text().get(usize::from(image.range.end())..).unwrap_or_default();
    let is_of_tag = |it: char| it == ':' || it == '@' || it.is_ascii_digit();
    let is_cut = behind.trim_start_matches([' ', '\t']).starts_with(is_of_tag);
    if !is_untagged || reference.text().is_empty() || is_left_alone || is_cut {
        return;
    }
    let message = format!("`{}` has no tag: each build takes the newest image there is", reference.text());
    let tag = image.official().and_then(|it| plain_tag(&it));
    let draft = report.at(image.range, message);
    if let Some((tag, edit)) = tag.and_then(|tag| Some((tag.clone(), image.with_tag(&tag)?))) {
        draft.unsafe_fix(format!("Write `{}:{tag}`", reference.text()), vec![edit]);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_rule, findings};

    #[test]
    fn stages_and_scratch_and_digests_need_no_tag() {
        check_rule(
            "untagged-image",
            "FROM a AS b\n     ^\nFROM B\nFROM scratch\nFROM a@sha256:12\nFROM r:5000/a\n     ^^^^^^^^\nFROM a:\nFROM a :1\nFROM\n",
        );
    }

    #[test]
    fn defaults_of_arguments_are_looked_through() {
        check_rule(
            "untagged-image",
            "ARG A=a\nARG B=b:1\nARG C\nFROM $A\n     ^^ `a`\nFROM $B\nFROM $C\nFROM r/$C\nFROM a$A\n     ^^^\n",
        );
    }

    #[test]
    fn the_fix_names_a_version() {
        let fix = findings("untagged-image", "FROM docker.io/library/debian AS x\n")[0].fix().expect("a fix");
        let edit = &fix.edits[0];
        assert_eq!(usize::from(edit.range.start()), "FROM docker.io/library/debian".len());
        assert!(edit.new_text.starts_with(':') && edit.new_text.contains(char::is_numeric), "{edit:?}");
    }

    #[test]
    fn an_image_that_nobody_knows_gets_no_fix() {
        assert!(findings("untagged-image", "FROM acme/api\n")[0].fix().is_none());
    }
}
