//! Two stages of one name.

use std::collections::HashMap;

use crate::analysis::lint::prelude::*;

rule! {
    /// Two stages have the same name, so nobody can say which one is meant.
    ///
    /// Docker lets the last one win for `COPY --from=` and `--target`, but a `FROM` between the two means the first.
    /// Case does not matter: `Build` and `build` are one name.
    ///
    /// ```dockerfile bad
    /// FROM golang:1.25 AS build
    /// FROM node:24 AS build
    /// ```
    ///
    /// ```dockerfile good
    /// FROM golang:1.25 AS build-server
    /// FROM node:24 AS build-pages
    /// ```
    name: "duplicate-stage-name",
    aliases: &["DuplicateStageName", "DL3024", "DUPLICATE_BUILD_STAGE_NAME"],
    buildkit: true,
    hadolint: Some(Severity::Error),
    url: "https://docs.docker.com/go/dockerfile/rule/duplicate-stage-name/",
    check: Check::Meaning(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    let mut first: HashMap<&str, TextRange> = HashMap::new();
    for stage in cx.model.stages() {
        let location = stage.name_location().and_then(|it| cx.model.file().range(it));
        let (Some(name), Some(range)) = (stage.name.as_deref(), location) else { continue };
        match first.get(name) {
            Some(earlier) => {
                report
                    .at(
                        range,
                        format!("there is already a stage called `{name}`: give one of them another name"),
                    )
                    .related(*earlier, "the first one");
            }
            None => {
                first.insert(name, range);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn case_does_not_matter() {
        check_rule("duplicate-stage-name", "FROM a AS x\nFROM b AS X\n          ^ `x`\nFROM c AS y\n");
    }
}
