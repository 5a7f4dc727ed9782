//! `FROM centos:7`.

use crate::analysis::image::index::Status;
use crate::analysis::image::official_facts;
use crate::analysis::lint::images::images;
use crate::analysis::lint::prelude::*;

rule! {
    /// An official image is no longer one: it gets no updates, not even for security.
    ///
    /// Docker Hub keeps what was once pushed, so the build still works. But faults that are found in it are never repaired,
    /// and after the end of a distribution its packages cannot be installed any more either.
    ///
    /// ```dockerfile bad
    /// FROM centos:7
    /// ```
    ///
    /// Take the image that followed it, or another distribution:
    ///
    /// ```dockerfile good
    /// FROM almalinux:10
    /// ```
    ///
    /// Known without a network, from the list of official images that is part of this program.
    name: "removed-image",
    tag: Some(Tag::Deprecated),
    url: "https://github.com/docker-library/official-images",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for image in images(cx) {
        let Some(official) = image.official() else { continue };
        let Status::Removed(since) = official.status else { continue };
        let instead = match official_facts::successors(official.name) {
            [] => String::new(),
            [first, ..] => format!("; use `{first}` instead"),
        };
        let message = format!(
            "`{}` left the official images in {}-{:02} and gets no updates{instead}",
            official.name, since.year, since.month
        );
        report.at(image.range_of(image.reference.name_range()), message);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn only_official_images_that_left_are_meant() {
        check_rule(
            "removed-image",
            "ARG BASE=centos\nFROM centos:7\n     ^^^^^^ gets no updates\nFROM $BASE:7\n     ^^^^^^^ `centos`\nFROM acme/centos:7\nFROM quay.io/library/centos:7\nFROM debian:13 AS centos\nCOPY --from=centos:7 a b\n            ^^^^^^\n",
        );
    }
}
