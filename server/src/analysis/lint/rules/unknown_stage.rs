//! `COPY --from=biuld`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `COPY --from=` names no stage that stands above it.
    ///
    /// What is no stage is taken for the name of an image and downloaded: with luck the build fails because there is none,
    /// with bad luck it copies from a stranger's image.
    ///
    /// ```dockerfile bad
    /// FROM golang:1.25 AS build
    /// RUN go build -o /app
    /// FROM scratch
    /// COPY --from=biuld /app /app
    /// ```
    ///
    /// ```dockerfile good
    /// FROM golang:1.25 AS build
    /// RUN go build -o /app
    /// FROM scratch
    /// COPY --from=build /app /app
    /// ```
    ///
    /// An image is named with its tag, so that nobody takes it for a stage:
    ///
    /// ```dockerfile good
    /// FROM php:8.4
    /// COPY --from=composer:2 /usr/bin/composer /usr/bin/composer
    /// ```
    ///
    /// A folder given by `--build-context` can be meant too, so only names that are close to a stage's are reported.
    name: "unknown-stage",
    aliases: &["DL3022"],
    hadolint: Some(Severity::Warning),
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#copy---from",
    check: Check::Meaning(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    let is_strict = cx.profile == Profile::Hadolint;
    let is_looked_at = |it: &StageReference| match it.kind {
        StageReferenceKind::CopyFrom => true,
        StageReferenceKind::MountFrom => !is_strict,
        StageReferenceKind::From => false,
    };
    let references = cx.model.stage_references().iter().filter(|it| it.stage.is_some() && is_looked_at(it));
    for reference in references {
        // A stage that comes later has a rule of its own.
        let is_late = reference.target > reference.stage && is_strict;
        let is_known = reference.target.is_some() && !is_late;
        let name = reference.text.as_str();
        let Some(range) = cx.model.file().range(reference.location).filter(|_| !is_known) else { continue };
        let earlier = cx.model.stages().iter().take_while(|it| Some(it.id) < reference.stage);
        let names: Vec<&str> = earlier.filter_map(|it| it.name.as_deref()).collect();
        let meant = did_you_mean(name, names.iter().copied()).or_else(|| longer_or_shorter(name, &names));
        match meant.filter(|_| !name.contains([':', '/', '@', '$', '.'])) {
            Some(meant) => {
                // An image that is looked for instead may be there; one with such a name cannot.
                let is_fatal = !is_strict && !ImageReference::parse(name).errors.is_empty();
                report
                    .at(range, format!("there is no stage `{name}`; did you mean `{meant}`?"))
                    .severity_or_own(is_fatal.then_some(Severity::Error))
                    .unsafe_fix(format!("Write `{meant}`"), vec![TextEdit::new(range, meant)]);
            }
            None if is_strict && !name.contains(':') => {
                report.at(range, format!("no stage `{name}` stands above"));
            }
            None => {}
        }
    }
}

/// `build` and `builder`: the one of which the other is the beginning.
fn longer_or_shorter<'a>(name: &str, stages: &[&'a str]) -> Option<&'a str> {
    const FEWEST_LETTERS: usize = 4;
    const MOST_LETTERS_MORE: usize = 3;
    let is_close = |it: &&str| {
        let (long, short) = if it.len() > name.len() { (*it, name) } else { (name, *it) };
        let is_beginning = long.get(..short.len()).is_some_and(|start| start.eq_ignore_ascii_case(short));
        is_beginning && short.len() >= FEWEST_LETTERS && long.len() - short.len() <= MOST_LETTERS_MORE
    };
    stages.iter().copied().find(is_close)
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn images_contexts_and_stages_are_fine() {
        check_rule(
            "unknown-stage",
            "FROM a AS build\nFROM b\nCOPY --from=BUILD x y\nCOPY --from=0 x y\nCOPY --from=builds:1 x y\nCOPY --from=sources x y\nCOPY --from=biuld x y\n            ^^^^^\n",
        );
    }

    #[test]
    fn mounts_name_stages_too() {
        check_rule(
            "unknown-stage",
            "FROM a AS build\nFROM b\nRUN --mount=type=bind,from=biuld,target=/x y\n                           ^^^^^ `build`\nRUN --mount=from=build,target=/x y\n",
        );
    }

    #[test]
    fn the_beginning_of_a_name_is_close_to_it() {
        check_rule(
            "unknown-stage",
            "FROM a AS builder\nFROM b AS deps\nFROM b\nCOPY --from=build x y\n            ^^^^^ `builder`\nCOPY --from=dep x y\n            ^^^ `deps`\nCOPY --from=building-tools x y\n",
        );
    }

    #[test]
    fn a_slip_is_repaired() {
        check_fix(
            "unknown-stage",
            "FROM a AS build\nFROM b\nCOPY --from=biuld x y\n",
            "FROM a AS build\nFROM b\nCOPY --from=build x y\n",
        );
    }
}
