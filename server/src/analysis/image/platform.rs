//! Platforms: `linux/arm64`, with the spellings Docker accepts for them.
//!
//! Reading and comparing follow <https://github.com/containerd/platforms>, which BuildKit uses for `FROM --platform`.
//! Where containerd fills a missing part from the machine it runs on, this takes `linux` for the system, which BuildKit
//! runs on nearly always, and leaves the architecture open.

use std::fmt;

use serde::{Deserialize, Serialize};
use text_size::{TextRange, TextSize};

/// A platform in its normal form: `aarch64` has become `arm64`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Platform {
    pub os: String,
    /// `None` for a system alone (`linux`): the architecture of the builder.
    pub architecture: Option<String>,
    /// `v7` of `linux/arm/v7`. Never there for arm64's `v8` and amd64's `v1`, which are the normal ones.
    pub variant: Option<String>,
    /// `10.0.20348` of `windows(10.0.20348)/amd64`.
    pub os_version: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlatformError {
    /// Bytes into the text that was read.
    pub range: TextRange,
    pub kind: PlatformErrorKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlatformErrorKind {
    /// Nothing at all, or nothing between two `/`.
    Empty,
    InvalidCharacter,
    /// More than system, architecture and variant.
    TooManyParts,
    /// One word that is neither a known system nor a known architecture.
    UnknownName,
}

impl PlatformErrorKind {
    /// What is wrong and what to write instead: one sentence, lower case, no full stop.
    pub fn message(self) -> &'static str {
        match self {
            Self::Empty => "a part of the platform is missing: write it like `linux/amd64`",
            Self::InvalidCharacter => {
                "a platform holds letters, digits, `_`, `.` and `-` only: write it like `linux/amd64`"
            }
            Self::TooManyParts => {
                "a platform has at most three parts: system, architecture and variant, like `linux/arm/v7`"
            }
            Self::UnknownName => {
                "this is neither a system (`linux`, `windows`) nor an architecture (`amd64`, `arm64`) that Docker knows"
            }
        }
    }
}

/// A platform worth offering, and what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownPlatform {
    pub name: &'static str,
    pub purpose: &'static str,
}

/// The platforms images are published for, the common ones first.
pub const KNOWN: &[KnownPlatform] = &[
    known("linux/amd64", "64-bit PCs, most servers and cloud machines"),
    known("linux/arm64", "Apple silicon, AWS Graviton, 64-bit Raspberry Pi"),
    known("linux/arm/v7", "32-bit Raspberry Pi 2 and later, other ARMv7 boards"),
    known("linux/arm/v6", "Raspberry Pi 1 and Zero"),
    known("linux/arm/v5", "old ARM boards without a floating-point unit"),
    known("linux/386", "32-bit PCs"),
    known("linux/ppc64le", "IBM POWER8 and later"),
    known("linux/s390x", "IBM Z and LinuxONE mainframes"),
    known("linux/riscv64", "64-bit RISC-V boards"),
    known("linux/loong64", "LoongArch PCs and servers"),
    known("linux/mips64le", "64-bit little-endian MIPS boards"),
    known("linux/amd64/v2", "PCs since about 2009 (SSE4.2)"),
    known("linux/amd64/v3", "PCs since about 2015 (AVX2)"),
    known("linux/amd64/v4", "PCs and servers with AVX-512"),
    known("windows/amd64", "Windows containers, on Windows hosts only"),
    known("wasi/wasm", "WebAssembly, on hosts with a WebAssembly runtime"),
];

const fn known(name: &'static str, purpose: &'static str) -> KnownPlatform {
    KnownPlatform { name, purpose }
}

const SYSTEMS: &[&str] = &[
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "windows",
    "zos",
];

const ARCHITECTURES: &[&str] = &[
    "386",
    "amd64",
    "amd64p32",
    "arm",
    "armbe",
    "arm64",
    "arm64be",
    "ppc64",
    "ppc64le",
    "loong64",
    "mips",
    "mipsle",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "ppc",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
    "wasm",
];

impl Platform {
    /// Reads a platform as `--platform` takes it. The value must be free of variables.
    pub fn parse(text: &str) -> Result<Platform, PlatformError> {
        let parts: Vec<&str> = text.split('/').collect();
        check_parts(text, &parts)?;
        let (os, os_version) = split_os_version(parts[0]);
        let os = normal_os(os);
        match parts.as_slice() {
            [_] if SYSTEMS.contains(&os.as_str()) => {
                Ok(Platform { os, architecture: None, variant: None, os_version })
            }
            [architecture] => {
                let platform = Platform::new("linux", architecture, "");
                if platform.has_known_architecture() {
                    Ok(platform)
                } else {
                    Err(error(0, text.len(), PlatformErrorKind::UnknownName))
                }
            }
            [_, architecture] => Ok(Platform { os_version, ..Platform::new(&os, architecture, "") }),
            [_, architecture, variant, ..] => {
                Ok(Platform { os_version, ..Platform::new(&os, architecture, variant) })
            }
            [] => Err(error(0, 0, PlatformErrorKind::Empty)),
        }
    }

    /// From the parts of an image index; an empty `variant` is none.
    pub fn new(os: &str, architecture: &str, variant: &str) -> Platform {
        let (architecture, variant) = normal_architecture(architecture, variant);
        let variant = (!variant.is_empty()).then_some(variant);
        Platform { os: normal_os(os), architecture: Some(architecture), variant, os_version: None }
    }

    /// From the name that the list of official images uses: `arm32v7`, `i386`, `windows-amd64`.
    pub fn from_official_name(name: &str) -> Platform {
        match name {
            "arm32v5" => Platform::new("linux", "arm", "v5"),
            "arm32v6" => Platform::new("linux", "arm", "v6"),
            "arm32v7" => Platform::new("linux", "arm", "v7"),
            "arm64v8" => Platform::new("linux", "arm64", "v8"),
            _ => match name.split_once('-') {
                Some((os, architecture)) => Platform::new(os, architecture, ""),
                None => Platform::new("linux", name, ""),
            },
        }
    }

    /// Docker knows system and architecture. Others are accepted too, and then no image is found.
    pub fn is_known(&self) -> bool {
        let is_known_pair = SYSTEMS.contains(&self.os.as_str()) && self.has_known_architecture();
        is_known_pair || self.to_string() == "wasi/wasm" || self.to_string() == "wasip1/wasm"
    }

    /// Whether BuildKit takes an image of platform `image` where this one is asked for: the same, or one whose programs
    /// run here as well (`arm/v6` for `arm/v7`, `386` for `amd64`).
    pub fn accepts(&self, image: &Platform) -> bool {
        let (Some(wanted), Some(offered)) = (&self.architecture, &image.architecture) else {
            return self.os == image.os;
        };
        let is_runnable = match (wanted.as_str(), offered.as_str()) {
            ("amd64", "386") => true,
            ("arm64", "arm") => image.level(7) <= (8, 0),
            ("arm64", "arm64") => self.arm64_level() >= image.arm64_level(),
            ("arm", "arm") => self.level(7) >= image.level(7),
            ("amd64", "amd64") => self.level(1) >= image.level(1),
            _ => wanted == offered && self.variant == image.variant,
        };
        self.os == image.os && is_runnable
    }

    fn has_known_architecture(&self) -> bool {
        self.architecture.as_deref().is_none_or(|it| ARCHITECTURES.contains(&it))
    }

    /// The numbers of the variant, `v8.2` as (8, 2); `default` where there is none.
    fn level(&self, default: u32) -> (u32, u32) {
        let Some(variant) = self.variant.as_deref() else { return (default, 0) };
        let (major, minor) = variant.split_once('.').unwrap_or((variant, "0"));
        let number = |it: &str| it.trim_start_matches('v').parse().unwrap_or(u32::MAX);
        (number(major), number(minor))
    }

    /// On one scale: Armv9.n includes Armv8.(n+5).
    fn arm64_level(&self) -> (u32, u32) {
        match self.level(8) {
            (9, minor) => (8, minor.saturating_add(5).min(9)),
            level => level,
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(&self.os)?;
        if let Some(version) = &self.os_version {
            write!(formatter, "({version})")?;
        }
        for part in self.architecture.iter().chain(&self.variant) {
            write!(formatter, "/{part}")?;
        }
        Ok(())
    }
}

fn check_parts(text: &str, parts: &[&str]) -> Result<(), PlatformError> {
    let mut start = 0;
    for (index, part) in parts.iter().enumerate() {
        let kind = if index > 2 {
            Some(PlatformErrorKind::TooManyParts)
        } else if part.is_empty() {
            Some(PlatformErrorKind::Empty)
        } else {
            (!is_part(part, index == 0)).then_some(PlatformErrorKind::InvalidCharacter)
        };
        match kind {
            Some(PlatformErrorKind::TooManyParts) => {
                return Err(error(start, text.len(), PlatformErrorKind::TooManyParts));
            }
            Some(kind) => return Err(error(start, start + part.len(), kind)),
            None => start += part.len() + 1,
        }
    }
    Ok(())
}

fn is_part(part: &str, is_first: bool) -> bool {
    let (name, options) = if is_first { split_os_version(part) } else { (part, None) };
    let is_word =
        |it: &str| it.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.' | b'-'));
    let is_options = |it: String| it.bytes().all(|it| it.is_ascii_alphanumeric() || b"_.%+-".contains(&it));
    !name.is_empty() && is_word(name) && options.is_none_or(is_options)
}

/// `windows(10.0.20348)` is the system and its version.
fn split_os_version(part: &str) -> (&str, Option<String>) {
    match part.strip_suffix(')').and_then(|it| it.split_once('(')) {
        Some((os, version)) => (os, Some(version.to_owned())),
        None => (part, None),
    }
}

fn normal_os(os: &str) -> String {
    let os = os.to_ascii_lowercase();
    if os == "macos" { "darwin".to_owned() } else { os }
}

fn normal_architecture(architecture: &str, variant: &str) -> (String, String) {
    let (architecture, variant) = (architecture.to_ascii_lowercase(), variant.to_ascii_lowercase());
    let (architecture, variant) = match (architecture.as_str(), variant.as_str()) {
        ("i386", _) => ("386", ""),
        ("x86_64" | "x86-64" | "amd64", "v1") => ("amd64", ""),
        ("x86_64" | "x86-64", variant) => ("amd64", variant),
        ("aarch64" | "arm64", "8" | "v8") => ("arm64", ""),
        ("aarch64", variant) => ("arm64", variant),
        ("armhf", _) => ("arm", "v7"),
        ("armel", _) => ("arm", "v6"),
        ("arm", "" | "7") => ("arm", "v7"),
        ("arm", "5") => ("arm", "v5"),
        ("arm", "6") => ("arm", "v6"),
        ("arm", "8") => ("arm", "v8"),
        normal => normal,
    };
    (architecture.to_owned(), variant.to_owned())
}

fn error(start: usize, end: usize, kind: PlatformErrorKind) -> PlatformError {
    PlatformError { range: TextRange::new(TextSize::new(start as u32), TextSize::new(end as u32)), kind }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, normal: &str) {
        assert_eq!(Platform::parse(text).map(|it| it.to_string()), Ok(normal.to_owned()), "{text}");
    }

    #[track_caller]
    fn check_error(text: &str, marked: &str, kind: PlatformErrorKind) {
        let error = Platform::parse(text).expect_err("must be refused");
        assert_eq!((&text[error.range], error.kind), (marked, kind), "{text}");
    }

    #[test]
    fn spellings_become_one() {
        check("linux/amd64", "linux/amd64");
        check("linux/x86_64", "linux/amd64");
        check("linux/x86-64", "linux/amd64");
        check("linux/amd64/v1", "linux/amd64");
        check("linux/amd64/v3", "linux/amd64/v3");
        check("Linux/AArch64", "linux/arm64");
        check("linux/arm64/v8", "linux/arm64");
        check("linux/arm", "linux/arm/v7");
        check("linux/arm/7", "linux/arm/v7");
        check("linux/armhf", "linux/arm/v7");
        check("linux/armel", "linux/arm/v6");
        check("linux/i386", "linux/386");
        check("macos/arm64", "darwin/arm64");
        check("windows(10.0.20348)/amd64", "windows(10.0.20348)/amd64");
    }

    #[test]
    fn one_word_is_a_system_or_an_architecture() {
        check("linux", "linux");
        check("arm64", "linux/arm64");
        check("aarch64", "linux/arm64");
        check_error("amd65", "amd65", PlatformErrorKind::UnknownName);
    }

    #[test]
    fn wrong_platforms_are_marked() {
        check_error("", "", PlatformErrorKind::Empty);
        check_error("linux/", "", PlatformErrorKind::Empty);
        check_error("linux/amd64,linux/arm64", "amd64,linux", PlatformErrorKind::InvalidCharacter);
        check_error("linux/*", "*", PlatformErrorKind::InvalidCharacter);
        check_error("linux/arm/v7/x", "x", PlatformErrorKind::TooManyParts);
        check_error("lin ux/arm", "lin ux", PlatformErrorKind::InvalidCharacter);
    }

    #[test]
    fn unknown_pairs_are_platforms_nobody_has() {
        let is_known = |text: &str| Platform::parse(text).is_ok_and(|it| it.is_known());
        assert!(is_known("linux/riscv64"));
        assert!(is_known("wasi/wasm"));
        assert!(!is_known("linux/amd65"));
        assert!(!is_known("lunix/amd64"));
    }

    #[test]
    fn every_offered_platform_is_in_its_normal_form() {
        for known in KNOWN {
            check(known.name, known.name);
            assert!(Platform::parse(known.name).is_ok_and(|it| it.is_known()), "{}", known.name);
        }
    }

    #[test]
    fn older_variants_run_on_newer_machines() {
        let accepts = |wanted: &str, offered: &str| {
            Platform::parse(wanted).and_then(|wanted| Ok(wanted.accepts(&Platform::parse(offered)?)))
        };
        assert_eq!(accepts("linux/arm64", "linux/arm64/v8"), Ok(true));
        assert_eq!(accepts("linux/arm/v7", "linux/arm/v6"), Ok(true));
        assert_eq!(accepts("linux/arm/v6", "linux/arm/v7"), Ok(false));
        assert_eq!(accepts("linux/arm64", "linux/arm/v7"), Ok(true));
        assert_eq!(accepts("linux/amd64", "linux/386"), Ok(true));
        assert_eq!(accepts("linux/amd64", "linux/amd64/v2"), Ok(false));
        assert_eq!(accepts("linux/amd64/v3", "linux/amd64/v2"), Ok(true));
        assert_eq!(accepts("linux/arm64/v9", "linux/arm64/v8.5"), Ok(true));
        assert_eq!(accepts("linux/amd64", "windows/amd64"), Ok(false));
        assert_eq!(accepts("linux/s390x", "linux/ppc64le"), Ok(false));
    }

    #[test]
    fn names_of_the_official_list_are_translated() {
        for (name, platform) in [
            ("amd64", "linux/amd64"),
            ("arm32v5", "linux/arm/v5"),
            ("arm64v8", "linux/arm64"),
            ("i386", "linux/386"),
            ("windows-amd64", "windows/amd64"),
            ("riscv64", "linux/riscv64"),
        ] {
            assert_eq!(Platform::from_official_name(name).to_string(), platform);
        }
    }
}
