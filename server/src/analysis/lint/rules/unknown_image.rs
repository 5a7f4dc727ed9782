//! `FROM acme/apy`, and the registry has no such repository.

use crate::analysis::facts::Answer;
use crate::analysis::image::index;
use crate::analysis::lint::images::images;
use crate::analysis::lint::prelude::*;

rule! {
    /// The registry says that it has no such image.
    ///
    /// Then the build stops, unless the image is already on the machine, or the registry hides it from those who are not
    /// logged in. Reported only when the registry was asked and has answered; see the setting `registry.lookup`.
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
        let is_missing = |it: &crate::analysis::facts::Fact<_>| it.value == Answer::Missing;
        if !cx.facts.registry.repository(reference).is_some_and(is_missing) {
            continue;
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
}
