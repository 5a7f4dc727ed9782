//! Findings that say nothing more once a graver one is there: one fault, one finding.

use text_size::{TextRange, TextSize};

use super::finding::Finding;
use super::rule::Profile;
use crate::analysis::model::Model;
use crate::analysis::syntax::InstructionId;

/// Takes them out. hadolint reports each by itself, and so does its profile.
pub fn remove(model: &Model, profile: Profile, findings: &mut Vec<Finding>) {
    if profile == Profile::Hadolint {
        return;
    }
    remove_advice_on_missing_programs(model, findings);
    for (graver, lesser, is_same) in PAIRS {
        let is_graver = |it: &&Finding| it.rule.name == *graver;
        let mut gravers: Vec<TextRange> = findings.iter().filter(is_graver).map(|it| it.range).collect();
        if !gravers.is_empty() {
            gravers.sort_by_key(|it| it.start());
            findings.retain(|it| {
                it.rule.name != *lesser
                    || !near(&gravers, it.range).iter().any(|range| is_same(*range, it.range))
            });
        }
    }
}

/// How far behind the lesser finding the graver one may begin.
const GAP: TextSize = TextSize::new("=\"".len() as u32);

/// Those of `gravers`, sorted, that begin in `range` or right behind it: no pair is farther apart.
fn near(gravers: &[TextRange], range: TextRange) -> &[TextRange] {
    let first = gravers.partition_point(|it| it.start() < range.start());
    let end = gravers.partition_point(|it| it.start() <= range.end() + GAP);
    gravers.get(first..end).unwrap_or_default()
}

/// The graver rule, the lesser one, and whether their ranges speak of the same.
type Pair = (&'static str, &'static str, fn(TextRange, TextRange) -> bool);

const PAIRS: &[Pair] = &[
    // Lists that are fetched for another `RUN` have to stay; once they are not, the second finding comes.
    ("apt-get-update-alone", "apt-lists-left-behind", |graver, lesser| graver == lesser),
    // A slip in a name is no image with a wrong name.
    ("unknown-stage", "invalid-image-reference", |graver, lesser| graver == lesser),
    // What a lone `cd` does not do is worse than how to say it.
    ("run-without-effect", "cd-instead-of-workdir", |graver, lesser| {
        graver.contains_range(lesser) || lesser.contains_range(graver)
    }),
    // `python3.14` is no name with a slip in it and without a tag: the tag is in the name.
    ("misspelled-image", "unknown-image", |graver, lesser| graver == lesser),
    ("misspelled-image", "untagged-image", |graver, lesser| graver == lesser),
    // As JSON it is right for both.
    ("shell-in-distroless", "shell-form-command", |graver, lesser| graver == lesser),
    ("daemon-as-command", "shell-form-command", |graver, lesser| lesser.contains_range(graver)),
    // The value is worse than the name: `HF_TOKEN=hf_…`.
    ("written-token", "secret-in-arg-or-env", |value, name| {
        name.end() <= value.start() && value.start() <= name.end() + GAP
    }),
];

/// A package manager that the base image does not have makes one fault, however many rules know how to call it better.
fn remove_advice_on_missing_programs(model: &Model, findings: &mut Vec<Finding>) {
    let is_missing = |it: &&Finding| it.rule.name == "wrong-package-manager";
    let section = |it: &Finding| {
        let instruction = model.file().instruction_at(it.range.start())?;
        Some(model.stage_of(instruction.id)?.from)
    };
    let missing = findings.iter().filter(is_missing);
    let missing: Vec<(InstructionId, String)> =
        missing.filter_map(|it| Some((section(it)?, program(model, it)?.to_owned()))).collect();
    if missing.is_empty() {
        return;
    }
    findings.retain(|finding| {
        let Some(family) = family_of(finding.rule.name) else { return true };
        let is_family = |program: &str| program.split('-').next() == Some(family);
        let stage = section(finding);
        !missing.iter().any(|(place, program)| Some(*place) == stage && is_family(program))
    });
}

/// The program that is not there.
fn program<'a>(model: &'a Model, finding: &Finding) -> Option<&'a str> {
    model.file().slice(finding.range).rsplit('/').next()
}

/// The package manager that a rule advises on: `apt` of `apt-get-without-yes` and `unpinned-apt-package`.
fn family_of(rule: &str) -> Option<&str> {
    let first = rule.trim_start_matches("unpinned-").split('-').next()?;
    ["apt", "apk", "yum", "dnf", "zypper"].contains(&first).then_some(first)
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::{Facts, Linter, Options, Profile, check};
    use crate::analysis::model::Model;
    use crate::analysis::syntax::Dockerfile;

    fn rules(text: &str, profile: Profile) -> Vec<&'static str> {
        let (linter, _) = Linter::new(&Options { profile, ..Options::default() });
        let model = Model::new(&Dockerfile::parse(text));
        check(&model, &linter, &Facts::default()).iter().map(|it| it.rule.name).collect()
    }

    #[test]
    fn a_program_that_is_not_there_is_one_fault() {
        let text = "FROM debian:13\nRUN apk add curl\n";
        assert_eq!(rules(text, Profile::Recommended), ["wrong-package-manager"]);
        assert!(rules(text, Profile::Hadolint).contains(&"apk-cache-left-behind"));
        let text = "FROM alpine:3.24\nRUN apt-get update && apt-get install curl\nFROM debian:13\nRUN apt-get update && apt-get install -y curl\n";
        assert_eq!(rules(text, Profile::Recommended), ["wrong-package-manager", "apt-lists-left-behind"]);
    }

    #[test]
    fn the_graver_finding_stays() {
        let text = "FROM debian:13\nRUN apt-get update\nRUN apt-get install -y curl\n";
        assert_eq!(rules(text, Profile::Recommended), ["apt-get-update-alone"]);
        assert!(rules(text, Profile::Hadolint).contains(&"apt-lists-left-behind"));
        assert_eq!(rules("FROM python3\n", Profile::Recommended), ["misspelled-image"]);
        let text = "FROM alpine:3.22 AS build\nFROM alpine:3.22\nCOPY --from=Builder /x /x\n";
        assert_eq!(rules(text, Profile::Recommended), ["unknown-stage"]);
        assert!(rules("FROM alpine:3.22\nRUN cd /x\n", Profile::Hadolint).contains(&"cd-instead-of-workdir"));
        assert!(!rules("FROM alpine:3.22\nRUN cd /x\n", Profile::All).contains(&"cd-instead-of-workdir"));
        let text = "FROM gcr.io/distroless/base:latest-amd64\nCMD /app\n";
        assert_eq!(rules(text, Profile::Recommended), ["shell-in-distroless"]);
        let text = "FROM debian:13\nENV B_TOKEN=x1 HF_TOKEN=hf_abcdefghijklmnopqrstuvwxyz123456\n";
        assert_eq!(rules(text, Profile::Recommended), ["secret-in-arg-or-env", "written-token"]);
    }
}
