//! `HEALTHCHECK --interval=30`.

use crate::analysis::knowledge::{DurationError, ValueKind, parse_duration};
use crate::analysis::lint::prelude::*;

rule! {
    /// A flag is given a value that it cannot have.
    ///
    /// The build stops.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29
    /// HEALTHCHECK --interval=30 CMD curl -f http://localhost/
    /// ```
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29
    /// COPY --chmod=rwx start.sh /
    /// ```
    ///
    /// Durations need a unit; permissions are octal digits or symbols such as `u+x`:
    ///
    /// ```dockerfile good
    /// FROM nginx:1.29
    /// COPY --chmod=755 start.sh /
    /// HEALTHCHECK --interval=30s CMD curl -f http://localhost/
    /// ```
    error,
    name: "invalid-flag-value",
    aliases: &[
        "FLAG_AT_LEAST_ONE", "FLAG_INVALID_DURATION", "FLAG_LESS_THAN_1MS", "FLAG_MISSING_DURATION",
        "FLAG_UNKNOWN_UNIT", "FLAG_EXPECTED_BOOLEAN_VALUE",
    ],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/",
    check: Check::Instruction { on: On::Every, deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Some(keyword) = cx.keyword() else { return };
    if super::unknown_flag::ignores_flags(cx) {
        return;
    }
    for flag in &cx.instruction.flags {
        let Some(known) = knowledge::flag(keyword, flag.name.as_str()) else { continue };
        let Some(value) = &flag.value else { continue };
        // Only some flags are expanded; what the others hold is taken as it stands.
        let text = if known.expands { value.literal() } else { Some(value.raw().into()) };
        let Some(text) = text else { continue };
        let Some(fault) = fault(known.value, &text) else { continue };
        let draft = report.at(value.range(), format!("`--{}`: {fault}", known.name));
        if let Some(better) = better(known.value, &text) {
            draft.unsafe_fix(format!("Write `{better}`"), vec![TextEdit::new(value.range(), better)]);
        }
    }
}

/// Why `text` is no value of that kind; `None` if it is one, or if nobody can tell.
fn fault(kind: ValueKind, text: &str) -> Option<String> {
    match kind {
        ValueKind::Bool => bool_fault(text),
        ValueKind::OneOf(choices) => {
            let names: Vec<_> = choices.iter().map(|it| format!("`{}`", it.value)).collect();
            let is_one = choices.iter().any(|it| it.value == text);
            (!is_one).then(|| format!("`{text}` is none of {}", names.join(", ")))
        }
        ValueKind::Duration if !text.is_empty() => duration_fault(text),
        ValueKind::Integer if !text.is_empty() => integer_fault(text),
        ValueKind::Platform if !text.is_empty() => {
            Platform::parse(text).err().map(|error| error.kind.message().to_owned())
        }
        ValueKind::Mode if !text.is_empty() => mode_fault(text),
        ValueKind::Device => device_fault(text),
        _ => None,
    }
}

fn bool_fault(text: &str) -> Option<String> {
    let is_bool = ["", "true", "false"].iter().any(|it| it.eq_ignore_ascii_case(text));
    (!is_bool).then(|| format!("`{text}` is neither `true` nor `false`"))
}

fn duration_fault(text: &str) -> Option<String> {
    let example = "write it like `30s` or `1m30s`";
    match parse_duration(text) {
        Ok(duration) if duration.is_zero() || duration.as_millis() >= 1 => None,
        Ok(_) => Some(format!("`{text}` is less than a millisecond")),
        Err(DurationError::MissingUnit) => Some(format!("`{text}` has no unit: {example}")),
        Err(DurationError::Negative) => Some(format!("`{text}` is negative")),
        Err(DurationError::TooLong) => Some(format!("`{text}` is too long")),
        Err(_) => Some(format!("`{text}` is no duration: {example}")),
    }
}

fn integer_fault(text: &str) -> Option<String> {
    match text.parse::<i32>() {
        Ok(number) if number >= 0 => None,
        Ok(_) => Some(format!("`{text}` is negative")),
        Err(_) => Some(format!("`{text}` is no whole number")),
    }
}

/// Octal digits, or symbols as `chmod` takes them.
fn mode_fault(text: &str) -> Option<String> {
    let example = "write octal digits such as `755`, or symbols such as `u+x`";
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        let is_octal = u32::from_str_radix(text, 8).is_ok_and(|mode| mode <= 0o7777);
        return (!is_octal).then(|| format!("`{text}` is no permission: {example}"));
    }
    let is_symbol = |c: char| "ugoarwxXst+-=,01234567".contains(c);
    let has_operator = |clause: &str| clause.contains(['+', '-', '=']);
    let is_symbolic = text.chars().all(is_symbol) && text.split(',').all(has_operator);
    (!is_symbolic).then(|| format!("`{text}` is no permission: {example}"))
}

/// `name`, `name=…`, `required` and `required=bool`, separated by commas.
fn device_fault(text: &str) -> Option<String> {
    let mut has_name = false;
    for field in text.split(',') {
        let (key, value) = field.split_once('=').map_or((field, None), |(key, value)| (key, Some(value)));
        match (key.to_ascii_lowercase().as_str(), value) {
            ("required", None) => {}
            ("required", Some(value)) if super::invalid_mount::is_bool(value) => {}
            ("required", Some(value)) => return Some(format!("`{value}` is neither `true` nor `false`")),
            (_, _) if !has_name => has_name = true,
            ("name", _) => return Some("the device has two names".into()),
            _ => return Some(format!("`{field}` is nothing that a device can have")),
        }
    }
    None
}

/// What was most likely meant.
fn better(kind: ValueKind, text: &str) -> Option<String> {
    match kind {
        ValueKind::Duration => {
            (parse_duration(text) == Err(DurationError::MissingUnit)).then(|| format!("{text}s"))
        }
        ValueKind::OneOf(choices) => did_you_mean(text, choices.iter().map(|it| it.value)).map(str::to_owned),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn each_kind_of_value_is_looked_at() {
        check_rule(
            "invalid-flag-value",
            "FROM --platform=x/y/z/w a\n                ^^^^^^^\nCOPY --link=yes a b\n            ^^^\nCOPY --chmod=999 a b\n             ^^^\nCOPY --chmod=u+x,g=rX a b\nCOPY --chmod=$M a b\nRUN --network=nope a\n              ^^^^\n",
        );
        check_rule(
            "invalid-flag-value",
            "FROM a\nHEALTHCHECK --retries=-1 CMD a\n                      ^^\nHEALTHCHECK --retries=0 --timeout=1h1.5s --interval=0 CMD a\nHEALTHCHECK --interval=1us CMD a\n                       ^^^\nHEALTHCHECK --interval=x NONE\n",
        );
    }

    #[test]
    fn a_missing_unit_is_added() {
        check_fix(
            "invalid-flag-value",
            "FROM a\nHEALTHCHECK --interval=30 CMD a\n",
            "FROM a\nHEALTHCHECK --interval=30s CMD a\n",
        );
    }
}
