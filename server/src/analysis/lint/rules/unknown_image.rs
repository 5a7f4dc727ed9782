//! `FROM acme/apy`, and the registry has no such repository.

use crate::analysis::facts::Answer;
use crate::analysis::image::index::{self, Status};
use crate::analysis::lint::images::{Image, images};
use crate::analysis::lint::prelude::*;

rule! {
    /// The registry says that it has no such image, or the name is one slip away from an official one.
    ///
    /// Then the build stops, unless the image is already on the machine, or the registry hides it from those who are not
    /// logged in. It is a warning if the registry was asked; see the setting `registry.lookup`. Without its answer only
    /// names that differ in one letter from an official image are reported, as information.
    ///
    /// ```dockerfile bad
    /// FROM acme/apy:1.4
    /// //- registry
    /// docker.io/acme/apy
    /// ```
    ///
    /// ```dockerfile good
    /// FROM acme/api:1.4
    /// //- registry
    /// docker.io/acme/api 1.3 1.4
    /// ```
    name: "unknown-image",
    url: "https://docs.docker.com/reference/dockerfile/#from",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for image in images(cx) {
        let reference = &image.reference;
        match cx.facts.registry.repository(reference).map(|it| &it.value) {
            Some(Answer::Missing) => {}
            None if cx.facts.registry.image(reference).is_none() => {
                misspelt(&image, report);
                continue;
            }
            _ => continue,
        }
        let (Some(host), Some(name)) = (reference.registry_host(), reference.familiar_name()) else {
            continue;
        };
        let names: Vec<&str> = index::images().map(|it| it.name).collect();
        let meant = did_you_mean(&name, names).filter(|_| reference.is_official());
        let hint = meant.map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
        let range = image.range_of(reference.name_range());
        let message =
            format!("`{host}` has no image `{name}`, or none that one may see without a login{hint}");
        let draft = report.at(range, message);
        if let Some((meant, range)) = meant.zip(image.place_of(reference.name_range())) {
            draft.unsafe_fix(format!("Write `{meant}`"), vec![TextEdit::new(range, meant)]);
        }
    }
}

/// A short name is soon like another.
const SHORTEST_NAME: usize = 5;

/// A name that is not in the list of official images, with one slip in it.
fn misspelt(image: &Image, report: &mut Report<'_>) {
    let Some(name) = image.reference.official_name().filter(|it| it.len() >= SHORTEST_NAME) else { return };
    if index::image(name).is_some() || !image.reference.errors.is_empty() {
        return;
    }
    let current = index::images().filter(|it| it.status == Status::Current).map(|it| it.name);
    let is_slip = |it: &&str| strsim::damerau_levenshtein(it, name) == 1;
    let Some(meant) = current.into_iter().find(is_slip) else { return };
    let message = format!("`{name}` is no official image as of {}; did you mean `{meant}`?", index::date());
    let draft = report.at(image.range_of(image.reference.name_range()), message).severity(Severity::Info);
    if let Some(range) = image.place_of(image.reference.name_range()) {
        draft.unsafe_fix(format!("Write `{meant}`"), vec![TextEdit::new(range, meant)]);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn only_what_the_registry_denies_is_reported() {
        check_rule(
            "unknown-image",
            "FROM acme/gone:1\n     ^^^^^^^^^ `docker.io` has no image `acme/gone`\nFROM acme/api\nFROM never/asked\nFROM pyhton\n     ^^^^^^ did you mean `python`?\n//- registry\ndocker.io/acme/gone\ndocker.io/acme/api 1\ndocker.io/library/pyhton\n",
        );
    }

    #[test]
    fn one_slip_in_the_name_of_an_official_image_is_seen_offline() {
        check_rule(
            "unknown-image",
            "FROM pythn:3\n     ^^^^^ `pythn` is no official image as of\nFROM ngnix\n     ^^^^^ did you mean `nginx`?\nFROM backend\nFROM nod\nFROM acme/pythn\nFROM centos\nFROM golang AS pythn\nFROM pythn\n",
        );
    }
}
