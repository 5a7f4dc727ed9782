//! `LABEL My Key=…`.

use crate::analysis::lint::labels::labels;
use crate::analysis::lint::prelude::*;

rule! {
    /// The name of a label is not one that tools agree on.
    ///
    /// Labels are looked up by name, also in commands and addresses, where capital letters, blanks and `$` make trouble.
    /// Names begin with a letter; small letters, digits, and single `.`, `-`, `_` and `/` between them follow. Names that
    /// begin with `com.docker.`, `io.docker.` and `org.dockerproject.` belong to Docker.
    ///
    /// ```dockerfile bad
    /// FROM scratch
    /// LABEL Description="The shop"
    /// ```
    ///
    /// ```dockerfile good
    /// FROM scratch
    /// LABEL org.opencontainers.image.description="The shop"
    /// ```
    name: "invalid-label-key",
    aliases: &["DL3048"],
    severity: Severity::Hint,
    hadolint: Some(Severity::Hint),
    url: "https://docs.docker.com/engine/manage-resources/labels/#key-format-recommendations",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for label in labels(cx) {
        if let Some(fault) = fault(&label.key) {
            report.at(label.key_range(), format!("`{}` is no good name for a label: {fault}", label.key));
        }
    }
}

const OF_DOCKER: [&str; 3] = ["com.docker.", "io.docker.", "org.dockerproject."];

fn fault(key: &str) -> Option<&'static str> {
    let is_allowed = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || b".-_/".contains(&it);
    let is_separator = |it: &u8| b".-".contains(it);
    if OF_DOCKER.iter().any(|it| key.starts_with(it)) {
        Some("it belongs to Docker")
    } else if key.bytes().any(|it| it.is_ascii_uppercase()) {
        Some("write small letters")
    } else if !key.bytes().all(is_allowed) {
        Some("use small letters, digits, `.`, `-`, `_` and `/` only")
    } else if !key.starts_with(|it: char| it.is_ascii_lowercase()) {
        Some("it begins with no letter")
    } else if !key.ends_with(|it: char| it.is_ascii_lowercase() || it.is_ascii_digit()) {
        Some("it ends with no letter or digit")
    } else if key.as_bytes().windows(2).any(|two| two.iter().all(is_separator) && two.first() == two.last()) {
        Some("a `.` or `-` is doubled")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::fault;
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn names_of_the_recommended_form_are_fine() {
        for good in
            ["a", "org.opencontainers.image.title", "a/b_c-d.e", "a__b", "a1", "com.dockerx", "com.docker"]
        {
            assert_eq!(fault(good), None, "{good}");
        }
        for bad in ["A", "a..b", "a--b", "1a", "a-", "a b", "com.docker.x", "io.docker.x", "", "ä"] {
            assert!(fault(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn each_name_is_marked() {
        check_rule(
            "invalid-label-key",
            "FROM a\nLABEL a=1 \"B\"=2 C=3\n          ^^^\n                ^\nLABEL $X=1\n",
        );
    }
}
