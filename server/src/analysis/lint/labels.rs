//! Labels of images, and what a schema can demand of their values.

use super::prelude::*;

/// What the value of a label has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LabelKind {
    /// Anything.
    #[serde(alias = "rawText")]
    Text,
    /// With a scheme: `https://example.com`.
    Url,
    /// A moment as RFC 3339 writes it: `2026-11-21T10:30:00Z`.
    Rfc3339,
    /// <https://semver.org>: `1.2.3-rc.1`.
    Semver,
    /// A commit of git in 7 or 40 digits.
    Hash,
    Email,
    /// An expression of SPDX licence names.
    Spdx,
}

impl LabelKind {
    pub const ALL: [LabelKind; 7] = [
        LabelKind::Text,
        LabelKind::Url,
        LabelKind::Rfc3339,
        LabelKind::Semver,
        LabelKind::Hash,
        LabelKind::Email,
        LabelKind::Spdx,
    ];

    /// As `.hadolint.yaml` and our settings write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            LabelKind::Text => "text",
            LabelKind::Url => "url",
            LabelKind::Rfc3339 => "rfc3339",
            LabelKind::Semver => "semver",
            LabelKind::Hash => "hash",
            LabelKind::Email => "email",
            LabelKind::Spdx => "spdx",
        }
    }

    /// The kind that `name` spells; `rawText` is an old word for `text`.
    pub fn parse(name: &str) -> Option<LabelKind> {
        let name = if name == "rawText" { "text" } else { name };
        LabelKind::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether `value` is of this kind.
    pub fn accepts(self, value: &str) -> bool {
        match self {
            LabelKind::Text => true,
            LabelKind::Url => is_url(value),
            LabelKind::Rfc3339 => is_moment(value).is_some(),
            LabelKind::Semver => is_semantic_version(value),
            LabelKind::Hash => {
                matches!(value.len(), 7 | 40)
                    && value.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
            }
            LabelKind::Email => is_email(value),
            LabelKind::Spdx => knowledge::is_license_expression(value),
        }
    }
}

/// One `key=value` of a `LABEL`.
pub struct Label<'a> {
    /// The key as the build sees it.
    pub key: String,
    pub pair: &'a ast::Pair,
    pub instruction: InstructionRef<'a>,
}

impl Label<'_> {
    /// The value as the build sees it, or `None` when only the build knows.
    pub fn value(&self, cx: &ModelContext<'_>) -> Option<String> {
        match &self.pair.value {
            None => Some(String::new()),
            Some(value) => cx.model.expand(value, self.instruction.id).text().map(str::to_owned),
        }
    }

    /// The place of the value, absolute; of the key when there is none.
    pub fn value_range(&self) -> TextRange {
        let word = self.pair.value.as_ref().filter(|it| !it.range().is_empty()).unwrap_or(&self.pair.key);
        self.instruction.absolute(word.range())
    }

    pub fn key_range(&self) -> TextRange {
        self.instruction.absolute(self.pair.key.range())
    }
}

/// The labels of all stages whose keys are known.
pub fn labels<'a>(cx: &ModelContext<'a>) -> Vec<Label<'a>> {
    cx.with_keyword(Keyword::Label).flat_map(|it| labels_of(cx, it)).collect()
}

/// The labels of one `LABEL`.
pub fn labels_of<'a>(cx: &ModelContext<'a>, instruction: InstructionRef<'a>) -> Vec<Label<'a>> {
    let Arguments::Pairs(pairs) = &instruction.node.arguments else { return Vec::new() };
    let label = |pair: &'a ast::Pair| {
        let key = cx.model.expand(&pair.key, instruction.id).text()?.to_owned();
        Some(Label { key, pair, instruction })
    };
    pairs.pairs.iter().filter_map(label).collect()
}

/// The values that are not of the `kind` that the schema has for their label. Empty ones have a rule of their own.
pub fn check_kind(cx: &ModelContext<'_>, kind: LabelKind, wanted: &str, report: &mut Report<'_>) {
    if !cx.policy.label_schema.values().any(|it| *it == kind) {
        return;
    }
    for label in labels(cx).iter().filter(|it| cx.policy.label_schema.get(&it.key) == Some(&kind)) {
        let Some(value) = label.value(cx) else { continue };
        let is_left_to_other = value.is_empty() && cx.profile != Profile::Hadolint;
        if !kind.accepts(&value) && !is_left_to_other {
            report.at(label.value_range(), format!("the label `{}` must be {wanted}", label.key));
        }
    }
}

/// An absolute URI of RFC 3986.
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|it: char| it.is_ascii_alphabetic())
        && scheme.bytes().all(|it| it.is_ascii_alphanumeric() || b"+-.".contains(&it));
    let is_allowed = |it: u8| it.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&it);
    let mut escapes = rest.split('%').skip(1);
    let is_escape =
        |it: &str| it.as_bytes().get(..2).is_some_and(|it| it.iter().all(|it| it.is_ascii_hexdigit()));
    is_scheme && rest.bytes().all(is_allowed) && escapes.all(is_escape)
}

/// `2026-11-21T10:30:00.5+01:00`; nothing when it is none.
fn is_moment(text: &str) -> Option<()> {
    let (date, time) = (text.get(..10)?, text.get(11..)?);
    let is_separated = text.get(10..11)?.eq_ignore_ascii_case("t");
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(time.get(..8)?, ':', [2, 2, 2])?;
    let is_day = (1..=12).contains(&month) && (1..=days(year, month)).contains(&day);
    let is_time = hour <= 23 && minute <= 59 && second <= 60;
    let zone = after_fraction(time.get(8..)?)?;
    (is_separated && is_day && is_time && is_zone(zone)).then_some(())
}

fn numbers(text: &str, separator: char, widths: [usize; 3]) -> Option<[u32; 3]> {
    let mut parts = text.split(separator);
    let mut read = |width: usize| {
        let part = parts.next().filter(|it| it.len() == width && it.bytes().all(|it| it.is_ascii_digit()))?;
        part.parse().ok()
    };
    let found = [read(widths[0])?, read(widths[1])?, read(widths[2])?];
    parts.next().is_none().then_some(found)
}

fn days(year: u32, month: u32) -> u32 {
    let is_leap_year = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap_year => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn after_fraction(text: &str) -> Option<&str> {
    let Some(fraction) = text.strip_prefix('.') else { return Some(text) };
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    fraction.get(digits..).filter(|_| digits > 0)
}

fn is_zone(text: &str) -> bool {
    let offset = || {
        let (hour, minute) = text.strip_prefix(['+', '-'])?.split_once(':')?;
        let is_number = |it: &str| it.len() == 2 && it.bytes().all(|it| it.is_ascii_digit());
        (is_number(hour) && is_number(minute) && hour <= "23" && minute <= "59").then_some(())
    };
    text.eq_ignore_ascii_case("z") || offset().is_some()
}

/// <https://semver.org/#backusnaur-form-grammar-for-valid-semver-versions>
fn is_semantic_version(text: &str) -> bool {
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (core, before) = text.split_once('-').map_or((text, None), |(core, before)| (core, Some(before)));
    let is_digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let is_number = |it: &str| is_digits(it) && (it == "0" || !it.starts_with('0'));
    let is_name = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
    let is_core = core.split('.').count() == 3 && core.split('.').all(is_number);
    let mut before = before.into_iter().flat_map(|it| it.split('.'));
    let mut build = build.into_iter().flat_map(|it| it.split('.'));
    is_core && before.all(|it| is_name(it) && (!is_digits(it) || is_number(it))) && build.all(is_name)
}

/// What mail programs take; quoted names and addresses of hosts in brackets are too rare to be meant.
fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    let is_character = |it: u8| it.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&it);
    let is_atom = |it: &str| !it.is_empty() && it.bytes().all(is_character);
    let is_part = |it: &str| {
        let is_plain = it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
        !it.is_empty() && is_plain && !it.starts_with('-') && !it.ends_with('-')
    };
    name.split('.').all(is_atom) && host.split('.').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: LabelKind, good: &[&str], bad: &[&str]) {
        for value in good {
            assert!(kind.accepts(value), "{value} is {kind:?}");
        }
        for value in bad {
            assert!(!kind.accepts(value), "{value} is no {kind:?}");
        }
    }

    #[test]
    fn urls_have_a_scheme_and_only_characters_of_urls() {
        let good =
            ["https://example.com/a?b=c#d", "mailto:a@b", "HTTP://x", "http://[::1]/", "https://x/%20"];
        check(
            LabelKind::Url,
            &good,
            &["example.com", "//x", "http://a b", "http://ü", "a%zz:", "https://%2"],
        );
    }

    #[test]
    fn moments_are_of_this_calendar() {
        let good = ["2021-03-10T10:26:33.56+01:00", "2024-02-29t23:59:60z"];
        let bad = [
            "2021-03-10",
            "2021-03-10 10:26:33Z",
            "2021-02-29T10:26:33Z",
            "2021-03-10T10:26:33",
            "2021-03-10T24:00:00Z",
            "2021-03-10T10:26:33.Z",
            "2021-03-10T10:26:33+1:00",
            "ü021-03-10T10:26:33Z",
        ];
        check(LabelKind::Rfc3339, &good, &bad);
    }

    #[test]
    fn versions_have_three_numbers() {
        let good = ["1.2.3", "0.0.0-rc.1+build.007", "1.0.0-0a", "1.2.3-a-b"];
        check(
            LabelKind::Semver,
            &good,
            &["1.2", "v1.2.3", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3+", "1.2.3-a_b"],
        );
    }

    #[test]
    fn hashes_and_addresses() {
        let bad = ["2dbfae", "2DBFAE9", "2dbfae91"];
        check(LabelKind::Hash, &["2dbfae9", "43c572f1272b6b3171dd1db9e41b7027128ce080"], &bad);
        check(
            LabelKind::Email,
            &["a.b+c@d-e.org", "a@b"],
            &["a", "A <a@b.c>", "a..b@c", "a@-b", "a@b.", "a@b@c@"],
        );
    }

    #[test]
    fn names_of_kinds_are_those_of_the_settings() {
        assert_eq!(LabelKind::parse("rawText"), Some(LabelKind::Text));
        assert!(LabelKind::ALL.into_iter().all(|kind| LabelKind::parse(kind.as_str()) == Some(kind)));
        assert_eq!(LabelKind::parse("uri"), None);
    }
}
