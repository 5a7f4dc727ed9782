//! Versions of the Dockerfile syntax, which BuildKit calls the frontend.
//!
//! `# syntax=docker/dockerfile:1.20` picks one; without that line the builder's own is used. A
//! feature is here from its first stable release, so `None` in a table means "always was there".

use std::fmt;

/// A release of `docker/dockerfile`, for instance 1.20.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FrontendVersion {
    pub major: u16,
    pub minor: u16,
}

impl FrontendVersion {
    /// Version `1.minor`: so far every release is a 1.
    pub const fn one(minor: u16) -> FrontendVersion {
        FrontendVersion { major: 1, minor }
    }

    /// Reads `1.20`, `1.20.0` or `1.20-labs`; `None` where no minor version is fixed (`1`, `latest`),
    /// because such a tag follows the newest release.
    pub fn parse(tag: &str) -> Option<FrontendVersion> {
        let number = tag.split_once('-').map_or(tag, |(number, _)| number);
        let mut parts = number.split('.');
        let major = parts.next()?.parse().ok()?;
        let minor = parts.next()?.parse().ok()?;
        Some(FrontendVersion { major, minor })
    }
}

impl fmt::Display for FrontendVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_with_a_minor_version_are_read() {
        let version = FrontendVersion::one(20);
        for tag in ["1.20", "1.20.0", "1.20-labs", "1.20.1-labs"] {
            assert_eq!(FrontendVersion::parse(tag), Some(version), "{tag}");
        }
        assert_eq!(version.to_string(), "1.20");
    }

    #[test]
    fn floating_tags_have_no_version() {
        for tag in ["1", "latest", "labs", "", "1.x", "master"] {
            assert_eq!(FrontendVersion::parse(tag), None, "{tag}");
        }
    }

    #[test]
    fn versions_are_ordered_by_number() {
        assert!(FrontendVersion::one(9) < FrontendVersion::one(10));
    }
}
