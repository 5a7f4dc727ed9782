//! `FROM … AS Name`.

use crate::analysis::lint::prelude::*;

rule! {
    /// The name of a stage has capital letters.
    ///
    /// Docker writes stage names in lower case when it reads the file. `COPY --from=Build` still finds `build`, but
    /// `FROM Build` does not, and fails. One spelling everywhere leaves nothing to remember.
    ///
    /// ```dockerfile bad
    /// FROM golang:1.25 AS Build
    /// FROM scratch
    /// COPY --from=Build /src/app /app
    /// ```
    ///
    /// ```dockerfile good
    /// FROM golang:1.25 AS build
    /// FROM scratch
    /// COPY --from=build /src/app /app
    /// ```
    name: "uppercase-stage-name",
    aliases: &["StageNameCasing"],
    buildkit: true,
    fix: FixSafety::Safe,
    url: "https://docs.docker.com/go/dockerfile/rule/stage-name-casing/",
    check: Check::Meaning(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for (stage, from) in cx.stages() {
        let Arguments::From(arguments) = &from.node.arguments else { continue };
        let Some(name) = arguments.name.as_ref().filter(|_| arguments.rest.is_empty()) else { continue };
        if !name.as_str().contains(char::is_uppercase) {
            continue;
        }
        let lower = name.as_str().to_lowercase();
        if lower != name.as_str() {
            let range = from.absolute(name.range());
            let message = format!("stage name `{}` has capital letters: write `{lower}`", name.as_str());
            let mut edits = vec![TextEdit::new(range, lower.clone())];
            edits.extend(references(cx, stage.id, &lower));
            report.at(range, message).safe_fix(format!("Write `{lower}` everywhere"), edits);
        }
    }
}

fn references(cx: &ModelContext<'_>, stage: StageId, lower: &str) -> impl Iterator<Item = TextEdit> {
    let to_stage = cx.model.stage_references().iter().filter(move |it| it.target == Some(stage));
    to_stage
        .filter(move |it| it.text.to_lowercase() == *lower && it.text != *lower)
        .filter_map(move |it| Some(TextEdit::new(cx.model.file().range(it.location)?, lower)))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn the_name_is_marked() {
        check_rule("uppercase-stage-name", "FROM a AS bC\n          ^^ `bc`\nFROM b as c\n");
    }

    #[test]
    fn the_fix_changes_all_references() {
        check_fix(
            "uppercase-stage-name",
            "FROM a AS B\nFROM c\nCOPY --from=B x y\nRUN --mount=from=B,target=/x ls\nCOPY --from=0 x y\n",
            "FROM a AS b\nFROM c\nCOPY --from=b x y\nRUN --mount=from=b,target=/x ls\nCOPY --from=0 x y\n",
        );
    }
}
