//! The formats of values: durations, permissions, owners; and the defaults of shells.
//!
//! `parse_duration` follows Go's `time.ParseDuration`, which BuildKit uses for `HEALTHCHECK`.

use std::time::Duration;

/// How a kind of value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormatDoc {
    /// What it is: `duration`, `permissions`.
    pub name: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// Values and what they mean.
    pub examples: &'static [(&'static str, &'static str)],
    pub url: &'static str,
}

/// Durations in `HEALTHCHECK`.
pub static DURATION: FormatDoc = FormatDoc {
    name: "duration",
    summary: "Numbers with a unit each, without blanks; the units are `ns`, `us`, `ms`, `s`, `m`, `h`. At least 1ms; `0s` means the default.",
    examples: &[
        ("30s", "half a minute"),
        ("1m30s", "one and a half minutes"),
        ("500ms", "half a second"),
        ("1.5h", "an hour and a half"),
    ],
    url: "https://pkg.go.dev/time#ParseDuration",
};

/// Permissions in `--chmod`.
pub static PERMISSIONS: FormatDoc = FormatDoc {
    name: "permissions",
    summary: "Octal digits for user, group and others (read 4, write 2, execute 1), or, since Dockerfile syntax 1.14, the symbols of `chmod`.",
    examples: &[
        ("755", "everybody reads and executes, the owner writes: programs and folders"),
        ("644", "everybody reads, the owner writes: plain files"),
        ("600", "only the owner reads and writes: keys"),
        ("+x", "makes it executable, and changes nothing else"),
        ("u=rwX,go=rX", "folders and programs become 755, other files 644"),
        ("g=u", "the group may do what the owner may: for OpenShift"),
    ],
    url: reference!("#copy---chmod"),
};

/// Owners in `--chown` and `USER`.
pub static OWNER: FormatDoc = FormatDoc {
    name: "owner",
    summary: "A user, and after `:` a group; names that the image knows, or numbers.",
    examples: &[
        ("node", "this user; the group gets the same number"),
        ("node:node", "this user and this group"),
        ("1000:1000", "by number: works without `/etc/passwd`, with `--link` and in `scratch`"),
        ("app:0", "the group root, which some platforms ask for"),
    ],
    url: reference!("#copy---chown"),
};

/// Ports in `EXPOSE`.
pub static PORT: FormatDoc = FormatDoc {
    name: "port",
    summary: "A number from 1 to 65535 or a range, and optionally `/tcp`, `/udp` or `/sctp`.",
    examples: &[
        ("8080", "tcp, as the protocol is missing"),
        ("53/udp", "udp"),
        ("8000-8010", "a range of ports"),
    ],
    url: reference!("#expose"),
};

/// What shell-form instructions run in, without a `SHELL` instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShellDefault {
    /// As in a platform: `linux`, `windows`.
    pub os: &'static str,
    /// Program and arguments; the command is the last one.
    pub command: &'static [&'static str],
}

/// The default shells. <https://docs.docker.com/reference/dockerfile/#shell>
pub static SHELL_DEFAULTS: [ShellDefault; 2] = [
    ShellDefault { os: "linux", command: &["/bin/sh", "-c"] },
    ShellDefault { os: "windows", command: &["cmd", "/S", "/C"] },
];

/// A `SHELL` instruction that people use, for completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShellChoice {
    /// The JSON list.
    pub json: &'static str,
    /// One sentence.
    pub summary: &'static str,
}

/// Shells to offer after `SHELL`.
pub static SHELLS: &[ShellChoice] = &[
    ShellChoice {
        json: r#"["/bin/bash", "-o", "pipefail", "-c"]"#,
        summary: "bash; a pipe fails if any part of it fails. Debian, Ubuntu, Fedora have it, Alpine not.",
    },
    ShellChoice {
        json: r#"["/bin/ash", "-eo", "pipefail", "-c"]"#,
        summary: "The shell of Alpine; stops at the first fault, also inside of a pipe.",
    },
    ShellChoice {
        json: r#"["/bin/sh", "-ec"]"#,
        summary: "The usual shell, and it stops at the first fault.",
    },
    ShellChoice {
        json: r#"["powershell", "-Command", "$ErrorActionPreference = 'Stop';"]"#,
        summary: "Windows PowerShell, and it stops at the first fault.",
    },
    ShellChoice {
        json: r#"["pwsh", "-Command", "$ErrorActionPreference = 'Stop';"]"#,
        summary: "PowerShell 7, and it stops at the first fault.",
    },
    ShellChoice { json: r#"["cmd", "/S", "/C"]"#, summary: "The default of Windows images." },
];

/// What counts when a `HEALTHCHECK` leaves a flag out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HealthcheckDefaults {
    pub interval: Duration,
    pub timeout: Duration,
    pub start_period: Duration,
    pub start_interval: Duration,
    pub retries: u32,
    /// A duration other than zero must not be shorter.
    pub shortest: Duration,
}

/// <https://docs.docker.com/reference/dockerfile/#healthcheck>
pub const HEALTHCHECK_DEFAULTS: HealthcheckDefaults = HealthcheckDefaults {
    interval: Duration::from_secs(30),
    timeout: Duration::from_secs(30),
    start_period: Duration::ZERO,
    start_interval: Duration::from_secs(5),
    retries: 3,
    shortest: Duration::from_millis(1),
};

/// Why a text is no duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DurationError {
    Empty,
    /// Something that is neither a number nor a unit stands there.
    NotANumber,
    /// A number stands without a unit: `30`.
    MissingUnit,
    /// `30d`: no such unit.
    UnknownUnit,
    /// More than about 292 years.
    TooLong,
    /// `-5s`: read, but no health check can use it.
    Negative,
}

impl DurationError {
    /// What is wrong, as the end of a sentence.
    pub fn reason(self) -> &'static str {
        match self {
            DurationError::Empty => "the duration is missing",
            DurationError::NotANumber => "a duration is a number with a unit, such as `30s`",
            DurationError::MissingUnit => {
                "the unit is missing: write `s` for seconds, `m` for minutes or `h` for hours"
            }
            DurationError::UnknownUnit => "the units are `ns`, `us`, `ms`, `s`, `m` and `h`",
            DurationError::TooLong => "the duration is too long",
            DurationError::Negative => "a duration cannot be negative",
        }
    }
}

/// Reads a duration as Go does: `1m30s`, `1.5h`, `500ms`, `0`.
pub fn parse_duration(text: &str) -> Result<Duration, DurationError> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if unsigned.is_empty() {
        return Err(DurationError::Empty);
    }
    if unsigned == "0" {
        return Ok(Duration::ZERO);
    }
    let mut rest = unsigned;
    let mut nanoseconds = 0.0;
    while !rest.is_empty() {
        let (value, after) = duration_part(rest)?;
        nanoseconds += value;
        rest = after;
    }
    if nanoseconds > i64::MAX as f64 {
        return Err(DurationError::TooLong);
    }
    let is_negative = text.starts_with('-') && nanoseconds > 0.0;
    if is_negative { Err(DurationError::Negative) } else { Ok(Duration::from_nanos(nanoseconds as u64)) }
}

/// One number with its unit at the start of `text`, in nanoseconds, and what follows.
fn duration_part(text: &str) -> Result<(f64, &str), DurationError> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or(
        if text.bytes().any(|it| it.is_ascii_digit()) {
            DurationError::MissingUnit
        } else {
            DurationError::NotANumber
        },
    )?;
    let (number, rest) = text.split_at(unit_at);
    let value: f64 = number.parse().map_err(|_| DurationError::NotANumber)?;
    let end = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
    let (unit, after) = rest.split_at(end);
    Ok((value * nanoseconds_of(unit)?, after))
}

fn nanoseconds_of(unit: &str) -> Result<f64, DurationError> {
    Ok(match unit {
        "ns" => 1.0,
        // Go takes the micro sign and the Greek letter as well.
        "us" | "\u{b5}s" | "\u{3bc}s" => 1e3,
        "ms" => 1e6,
        "s" => 1e9,
        "m" => 60e9,
        "h" => 3600e9,
        _ => return Err(DurationError::UnknownUnit),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_reads_them() {
        for (text, milliseconds) in
            [("30s", 30_000), ("1m30s", 90_000), ("1.5h", 5_400_000), ("500ms", 500), ("0", 0), ("+.5s", 500)]
        {
            assert_eq!(parse_duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
    }

    #[test]
    fn faults_in_durations_are_told_apart() {
        for (text, error) in [
            ("", DurationError::Empty),
            ("-", DurationError::Empty),
            ("30", DurationError::MissingUnit),
            ("1m30", DurationError::MissingUnit),
            ("30d", DurationError::UnknownUnit),
            ("30 s", DurationError::UnknownUnit),
            ("abc", DurationError::NotANumber),
            (".", DurationError::NotANumber),
            ("1.2.3s", DurationError::NotANumber),
            ("-5s", DurationError::Negative),
            ("9999999999h", DurationError::TooLong),
        ] {
            assert_eq!(parse_duration(text), Err(error), "{text}");
        }
    }

    #[test]
    fn example_durations_are_durations() {
        for (text, _) in DURATION.examples {
            assert!(parse_duration(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn every_format_is_documented() {
        for it in [&DURATION, &PERMISSIONS, &OWNER, &PORT] {
            assert!(it.summary.ends_with('.') && !it.examples.is_empty(), "{}", it.name);
            assert!(it.url.starts_with("https://"), "{}", it.name);
        }
        assert!(SHELLS.iter().all(|it| it.json.starts_with('[') && it.summary.ends_with('.')));
    }
}
