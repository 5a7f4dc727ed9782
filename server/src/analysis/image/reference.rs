//! Image references, as Docker reads and completes them: `python:3` is `docker.io/library/python:3`.
//!
//! The grammar is <https://pkg.go.dev/github.com/distribution/reference>. Reading never fails: a half-typed or wrong
//! reference still has parts, and a list of what Docker will refuse. A part that holds an unresolved variable is
//! *unknown*, and so is any part the variable's value could contain: `$IMAGE` may hold a tag.

use std::fmt::Write as _;
use std::ops::Range;

use text_size::{TextRange, TextSize};

/// The registry of a name without one.
pub const DOCKER_HUB: &str = "docker.io";
const OFFICIAL_NAMESPACE: &str = "library/";
const MAX_REPOSITORY: usize = 255;
const MAX_TAG: usize = 128;

/// A reference and where its parts are. All ranges are bytes into [`ImageReference::text`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageReference {
    text: String,
    registry: Slot,
    path: Slot,
    tag: Slot,
    digest: Slot,
    /// What Docker refuses, in the order of the text.
    pub errors: Vec<ReferenceError>,
}

/// One part of a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// Not there, for certain.
    Absent,
    /// There or not, depending on a variable.
    Unknown,
    Known(&'a str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReferenceError {
    pub range: TextRange,
    pub kind: ReferenceErrorKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceErrorKind {
    Empty,
    /// An upper-case letter in the repository.
    UpperCase,
    InvalidRegistry,
    InvalidRepository,
    RepositoryTooLong,
    /// `name:` or `name:@digest`.
    EmptyTag,
    InvalidTag,
    TagTooLong,
    /// Not `sha256:` with 64 hexadecimal digits in lower case (or the same for sha384, sha512).
    InvalidDigest,
    /// 64 hexadecimal digits: Docker takes them for an image's id.
    LooksLikeId,
}

/// Where a part is written, if it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Slot {
    range: Option<Range<usize>>,
    is_unknown: bool,
}

impl<'a> Part<'a> {
    pub fn known(self) -> Option<&'a str> {
        match self {
            Part::Known(it) => Some(it),
            Part::Absent | Part::Unknown => None,
        }
    }

    pub fn is_absent(self) -> bool {
        self == Part::Absent
    }
}

impl ReferenceErrorKind {
    /// What is wrong and what to write instead: one sentence, lower case, no full stop.
    pub fn message(self) -> &'static str {
        match self {
            Self::Empty => "an image name is missing here",
            Self::UpperCase => {
                "a repository name must be in lower case; Docker does not accept capital letters here"
            }
            Self::InvalidRegistry => {
                "this is not a registry: write a host name and, if needed, a port number, like `registry.example.com:5000`"
            }
            Self::InvalidRepository => {
                "a repository name holds lower-case letters and digits, with single `.`, `_`, `__` or `-` between them, and `/` between its parts"
            }
            Self::RepositoryTooLong => "a repository name has at most 255 characters",
            Self::EmptyTag => "a tag must follow the `:`; without the `:` Docker takes `latest`",
            Self::InvalidTag => {
                "a tag holds letters, digits, `_`, `.` and `-`, and starts with none of `.` and `-`"
            }
            Self::TagTooLong => "a tag has at most 128 characters",
            Self::InvalidDigest => "a digest is `sha256:` and 64 hexadecimal digits in lower case",
            Self::LooksLikeId => {
                "64 hexadecimal digits are an image id, which a build cannot start from; write a name, or `name@sha256:…`"
            }
        }
    }
}

impl ImageReference {
    pub fn parse(text: &str) -> ImageReference {
        let mut reference = split(text);
        reference.errors = reference.check();
        reference
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The registry as written.
    pub fn registry(&self) -> Part<'_> {
        self.part(&self.registry)
    }

    /// The repository as written, without the registry.
    pub fn path(&self) -> Part<'_> {
        self.part(&self.path)
    }

    pub fn tag(&self) -> Part<'_> {
        self.part(&self.tag)
    }

    /// With its algorithm: `sha256:…`.
    pub fn digest(&self) -> Part<'_> {
        self.part(&self.digest)
    }

    pub fn registry_range(&self) -> Option<TextRange> {
        self.registry.range.clone().map(text_range)
    }

    pub fn path_range(&self) -> Option<TextRange> {
        self.path.range.clone().map(text_range)
    }

    /// Without the `:`; empty for `name:`.
    pub fn tag_range(&self) -> Option<TextRange> {
        self.tag.range.clone().map(text_range)
    }

    /// Without the `@`; empty for `name@`.
    pub fn digest_range(&self) -> Option<TextRange> {
        self.digest.range.clone().map(text_range)
    }

    /// Registry and repository as written: what stays when the tag changes.
    pub fn name_range(&self) -> Option<TextRange> {
        let path = self.path.range.as_ref()?;
        let start = self.registry.range.as_ref().map_or(path.start, |it| it.start);
        Some(text_range(start..path.end))
    }

    /// No part depends on a variable and Docker accepts all of them.
    pub fn is_resolved(&self) -> bool {
        let is_known = [&self.registry, &self.path, &self.tag, &self.digest].iter().all(|it| !it.is_unknown);
        is_known && self.errors.is_empty()
    }

    /// The empty image, which is no repository (<https://docs.docker.com/build/building/base-images/>).
    pub fn is_scratch(&self) -> bool {
        self.text == "scratch"
    }

    /// The registry Docker asks: `docker.io` for a name without one. `None` if it depends on a variable.
    pub fn registry_host(&self) -> Option<&str> {
        match self.registry() {
            Part::Absent | Part::Known("index.docker.io") => Some(DOCKER_HUB),
            Part::Known(host) => Some(host),
            Part::Unknown => None,
        }
    }

    /// The repository on that registry, with Docker Hub's `library/` for official images: `library/python`.
    /// `None` if it depends on a variable, or is wrong.
    pub fn repository(&self) -> Option<String> {
        let path = self.valid_path()?;
        let is_official = self.registry_host()? == DOCKER_HUB && !path.contains('/');
        Some(if is_official { format!("{OFFICIAL_NAMESPACE}{path}") } else { path.to_owned() })
    }

    /// `docker.io/library/python`; `None` if it depends on a variable, or is wrong.
    pub fn canonical_name(&self) -> Option<String> {
        Some(format!("{}/{}", self.registry_host()?, self.repository()?))
    }

    /// `docker.io/library/python:3`, with `latest` for a name alone; `None` if a part depends on a variable or is wrong.
    pub fn canonical(&self) -> Option<String> {
        let suffix = self.suffix()?;
        let suffix = if suffix.is_empty() { ":latest" } else { &suffix };
        Some(self.canonical_name()? + suffix)
    }

    /// The shortest name Docker understands, as its messages write it: `python` for `docker.io/library/python`.
    pub fn familiar_name(&self) -> Option<String> {
        let (host, repository) = (self.registry_host()?, self.repository()?);
        Some(match self.official_name() {
            Some(name) => name.to_owned(),
            None if host == DOCKER_HUB => repository,
            None => format!("{host}/{repository}"),
        })
    }

    /// [`ImageReference::familiar_name`] with the tag and digest as written.
    pub fn familiar(&self) -> Option<String> {
        Some(self.familiar_name()? + &self.suffix()?)
    }

    /// The tag Docker takes: `latest` where neither tag nor digest is written. `None` if unknown, or if a digest
    /// alone decides.
    pub fn effective_tag(&self) -> Option<&str> {
        match (self.tag(), self.digest()) {
            (Part::Known(tag), _) => Some(tag),
            (Part::Absent, Part::Absent) => Some("latest"),
            _ => None,
        }
    }

    /// A digest is written, so the content cannot change under the name.
    pub fn is_pinned(&self) -> bool {
        self.digest.range.as_ref().is_some_and(|it| !it.is_empty())
    }

    /// The name of an official image of Docker Hub: `python` for `python`, `docker.io/python` and
    /// `index.docker.io/library/python`. Whether there is such an image is [`super::index`]'s matter.
    pub fn official_name(&self) -> Option<&str> {
        let path = self.valid_path().filter(|_| self.registry_host() == Some(DOCKER_HUB))?;
        let name = path.strip_prefix(OFFICIAL_NAMESPACE).unwrap_or(path);
        (!name.contains('/')).then_some(name)
    }

    pub fn is_official(&self) -> bool {
        self.official_name().is_some()
    }

    /// Docker takes the first part for a registry only because it has a capital letter: most likely a namespace that
    /// should be in lower case.
    pub fn has_accidental_registry(&self) -> bool {
        self.registry().known().is_some_and(|it| !it.contains(['.', ':']) && it != "localhost")
    }

    /// The page about this repository, on registries that have one for everybody to see.
    pub fn page_url(&self) -> Option<String> {
        let repository = self.repository()?;
        let parts: Vec<&str> = repository.split('/').collect();
        match (self.registry_host()?, parts.as_slice()) {
            (DOCKER_HUB, ["library", name]) => Some(format!("https://hub.docker.com/_/{name}")),
            (DOCKER_HUB, [namespace, name]) => Some(format!("https://hub.docker.com/r/{namespace}/{name}")),
            ("quay.io", [_, _]) => Some(format!("https://quay.io/repository/{repository}")),
            // GitHub leads from here to the package's page, of a user or of an organisation.
            ("ghcr.io", [_, _, ..]) => Some(format!("https://ghcr.io/{repository}")),
            ("mcr.microsoft.com", _) => {
                Some(format!("https://mcr.microsoft.com/artifact/mar/{repository}/about"))
            }
            ("public.ecr.aws", [_, ..]) => Some(format!("https://gallery.ecr.aws/{repository}")),
            ("gcr.io", [_, _, ..]) => Some(format!("https://gcr.io/{repository}")),
            ("registry.gitlab.com", [group, project]) => {
                Some(format!("https://gitlab.com/{group}/{project}/container_registry"))
            }
            ("cgr.dev", ["chainguard", name]) => {
                Some(format!("https://images.chainguard.dev/directory/image/{name}/overview"))
            }
            ("nvcr.io", ["nvidia", name]) => {
                Some(format!("https://catalog.ngc.nvidia.com/orgs/nvidia/containers/{name}"))
            }
            _ => None,
        }
    }

    fn part(&self, slot: &Slot) -> Part<'_> {
        match &slot.range {
            _ if slot.is_unknown => Part::Unknown,
            None => Part::Absent,
            Some(range) => Part::Known(self.text.get(range.clone()).unwrap_or_default()),
        }
    }

    fn valid_path(&self) -> Option<&str> {
        self.path().known().filter(|it| is_repository(it))
    }

    /// `:tag`, `@digest`, both or nothing.
    fn suffix(&self) -> Option<String> {
        let mut suffix = String::new();
        for (mark, part, is_valid) in
            [(':', self.tag(), is_tag as fn(&str) -> bool), ('@', self.digest(), is_digest)]
        {
            match part {
                Part::Absent => {}
                Part::Known(it) if is_valid(it) => write!(suffix, "{mark}{it}").ok()?,
                _ => return None,
            }
        }
        Some(suffix)
    }

    fn check(&self) -> Vec<ReferenceError> {
        use ReferenceErrorKind as Kind;
        if self.text.is_empty() {
            return vec![error(0..0, Kind::Empty)];
        }
        if self.text.len() == 64 && self.text.bytes().all(is_lower_hexadecimal) {
            return vec![error(0..64, Kind::LooksLikeId)];
        }
        let mut errors = Vec::new();
        let mut check = |part: Part, slot: &Slot, fault: fn(&str) -> Option<Fault>| {
            if let (Part::Known(part), Some(range)) = (part, &slot.range)
                && let Some((inside, kind)) = fault(part)
            {
                errors.push(error(range.start + inside.start..range.start + inside.end, kind));
            }
        };
        check(self.registry(), &self.registry, |it| {
            (!is_registry(it)).then_some((0..it.len(), Kind::InvalidRegistry))
        });
        check(self.path(), &self.path, repository_fault);
        check(self.tag(), &self.tag, tag_fault);
        check(self.digest(), &self.digest, |it| {
            (!is_digest(it)).then_some((0..it.len(), Kind::InvalidDigest))
        });
        errors
    }
}

/// Finds the parts without judging them.
fn split(text: &str) -> ImageReference {
    let variables = variables(text);
    let find = |mark: char, within: Range<usize>| {
        let is_literal = |at: &usize| !variables.iter().any(|it| it.contains(at));
        text.get(within.clone())?.match_indices(mark).map(|(at, _)| within.start + at).find(is_literal)
    };
    let has_variable =
        |range: &Range<usize>| variables.iter().any(|it| it.start < range.end && range.start < it.end);
    let slot = |range: Range<usize>| Slot { is_unknown: has_variable(&range), range: Some(range) };

    let first_slash = find('/', 0..text.len());
    let registry =
        first_slash.map(|at| 0..at).filter(|it| has_variable(it) || is_like_registry(&text[it.clone()]));
    let name_start = registry.as_ref().map_or(0, |it| it.end + 1);
    let at_sign = find('@', name_start..text.len());
    let name_end = at_sign.unwrap_or(text.len());
    let colon = find(':', name_start..name_end);

    let mut path = slot(name_start..colon.unwrap_or(name_end));
    let mut tag = colon.map_or(Slot::default(), |at| slot(at + 1..name_end));
    let mut digest = at_sign.map_or(Slot::default(), |at| slot(at + 1..text.len()));
    let registry =
        registry.map_or(Slot { range: None, is_unknown: path_may_hold_registry(text, &path) }, slot);
    // The value of a variable can reach into what follows, where nothing written says otherwise.
    tag.is_unknown |= path.is_unknown && colon.is_none();
    digest.is_unknown |= tag.is_unknown && at_sign.is_none();
    // `${PREFIX}/python`: the value can hold the start of the repository as well.
    path.is_unknown |= registry.is_unknown;
    ImageReference { text: text.to_owned(), registry, path, tag, digest, errors: Vec::new() }
}

/// `${REGISTRY}python` and `$IMAGE`: a variable at the very start can hold the registry.
fn path_may_hold_registry(text: &str, path: &Slot) -> bool {
    path.is_unknown && text.starts_with('$')
}

/// The ranges of `$NAME` and `${…}`.
fn variables(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|it| it.find('$')).map(|at| from + at) {
        let length = variable_length(&text[start + 1..]);
        if length > 0 {
            found.push(start..start + 1 + length);
        }
        from = start + 1 + length;
    }
    found
}

/// The length of what belongs to a `$`: a name, or braces with whatever is inside, closed or not.
fn variable_length(after: &str) -> usize {
    if !after.starts_with('{') {
        return after.bytes().take_while(|it| it.is_ascii_alphanumeric() || *it == b'_').count();
    }
    let mut depth = 0;
    for (at, it) in after.bytes().enumerate() {
        match it {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    after.len()
}

/// Whether Docker takes the part before the first `/` for a registry and not for a namespace of Docker Hub.
fn is_like_registry(part: &str) -> bool {
    part == "localhost" || part.contains(['.', ':']) || part.to_lowercase() != part
}

fn is_registry(registry: &str) -> bool {
    let (host, port) = match registry.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (registry, None),
    };
    let is_port = port.is_none_or(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()));
    let is_address = host
        .strip_prefix('[')
        .and_then(|it| it.strip_suffix(']'))
        .is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_hexdigit() || it == b':'));
    is_port && (is_address || host.split('.').all(is_domain_part))
}

fn is_domain_part(part: &str) -> bool {
    let is_allowed = part.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
    !part.is_empty() && is_allowed && !part.starts_with('-') && !part.ends_with('-')
}

fn is_repository(path: &str) -> bool {
    repository_fault(path).is_none()
}

/// What is wrong inside a part, and where.
type Fault = (Range<usize>, ReferenceErrorKind);

fn repository_fault(path: &str) -> Option<Fault> {
    use ReferenceErrorKind as Kind;
    if path.chars().any(char::is_uppercase) {
        return Some((0..path.len(), Kind::UpperCase));
    }
    let mut start = 0;
    for part in path.split('/') {
        if !is_path_part(part) {
            // An empty part has nothing to mark but the whole.
            let range = if part.is_empty() { 0..path.len() } else { start..start + part.len() };
            return Some((range, Kind::InvalidRepository));
        }
        start += part.len() + 1;
    }
    (path.len() > MAX_REPOSITORY).then_some((0..path.len(), Kind::RepositoryTooLong))
}

/// Letters and digits, separated by one `.`, one or two `_`, or any number of `-`.
fn is_path_part(part: &str) -> bool {
    let is_plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit();
    let is_allowed = part.chars().all(|it| is_plain(it) || matches!(it, '.' | '_' | '-'));
    let has_plain_ends = part.starts_with(is_plain) && part.ends_with(is_plain);
    let mut separators = part.split(is_plain).filter(|it| !it.is_empty());
    is_allowed
        && has_plain_ends
        && separators.all(|it| matches!(it, "." | "_" | "__") || it.bytes().all(|it| it == b'-'))
}

fn is_tag(tag: &str) -> bool {
    tag_fault(tag).is_none()
}

fn tag_fault(tag: &str) -> Option<Fault> {
    let is_word = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let is_shaped = tag.starts_with(is_word) && tag.chars().all(|it| is_word(it) || matches!(it, '.' | '-'));
    let kind = match tag.len() {
        0 => ReferenceErrorKind::EmptyTag,
        _ if !is_shaped => ReferenceErrorKind::InvalidTag,
        length if length > MAX_TAG => ReferenceErrorKind::TagTooLong,
        _ => return None,
    };
    Some((0..tag.len(), kind))
}

/// The algorithms BuildKit knows (<https://pkg.go.dev/github.com/opencontainers/go-digest>).
pub(super) fn is_digest(digest: &str) -> bool {
    let length = match digest.split_once(':') {
        Some(("sha256", _)) => 64,
        Some(("sha384", _)) => 96,
        Some(("sha512", _)) => 128,
        _ => return false,
    };
    let encoded = &digest["sha256:".len()..];
    encoded.len() == length && encoded.bytes().all(is_lower_hexadecimal)
}

fn is_lower_hexadecimal(it: u8) -> bool {
    matches!(it, b'0'..=b'9' | b'a'..=b'f')
}

/// Marks the `:` or `@` where the part itself is empty.
fn error(range: Range<usize>, kind: ReferenceErrorKind) -> ReferenceError {
    let start = if range.is_empty() { range.start.saturating_sub(1) } else { range.start };
    ReferenceError { range: text_range(start..range.end), kind }
}

fn text_range(range: Range<usize>) -> TextRange {
    TextRange::new(TextSize::new(range.start as u32), TextSize::new(range.end as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:e5a2b4c1e5a2b4c1e5a2b4c1e5a2b4c1e5a2b4c1e5a2b4c1e5a2b4c1e5a2b4c1";

    #[track_caller]
    fn check(text: &str, familiar: &str, canonical: &str) {
        let reference = ImageReference::parse(text);
        assert_eq!(reference.errors, [], "{text}");
        assert_eq!(reference.familiar().as_deref(), Some(familiar));
        assert_eq!(reference.canonical().as_deref(), Some(canonical));
    }

    #[track_caller]
    fn check_errors(text: &str, expected: &[(&str, ReferenceErrorKind)]) {
        let found: Vec<_> =
            ImageReference::parse(text).errors.iter().map(|it| (&text[it.range], it.kind)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn short_names_are_completed_as_docker_does() {
        check("python", "python", "docker.io/library/python:latest");
        check("python:3.12-slim", "python:3.12-slim", "docker.io/library/python:3.12-slim");
        check("docker.io/python:3", "python:3", "docker.io/library/python:3");
        check("index.docker.io/library/python", "python", "docker.io/library/python:latest");
        check("library/python", "python", "docker.io/library/python:latest");
        check("grafana/grafana:11", "grafana/grafana:11", "docker.io/grafana/grafana:11");
        check("docker.io/library/a/b", "library/a/b", "docker.io/library/a/b:latest");
    }

    #[test]
    fn the_first_part_is_a_registry_if_it_looks_like_a_host() {
        check("ghcr.io/acme/api:1", "ghcr.io/acme/api:1", "ghcr.io/acme/api:1");
        check("localhost/api", "localhost/api", "localhost/api:latest");
        check("localhost:5000/api:1", "localhost:5000/api:1", "localhost:5000/api:1");
        check("registry:5000/a/b/c", "registry:5000/a/b/c", "registry:5000/a/b/c:latest");
        check("127.0.0.1:80/a", "127.0.0.1:80/a", "127.0.0.1:80/a:latest");
        check("[fd00::1]:5000/a", "[fd00::1]:5000/a", "[fd00::1]:5000/a:latest");
        check("Acme/api", "Acme/api", "Acme/api:latest");
        assert!(ImageReference::parse("Acme/api").has_accidental_registry());
        assert!(!ImageReference::parse("acme/api").has_accidental_registry());
        assert_eq!(ImageReference::parse("acme/api").registry(), Part::Absent);
    }

    #[test]
    fn a_digest_can_follow_a_name_or_a_tag() {
        check(
            &format!("python:3@{DIGEST}"),
            &format!("python:3@{DIGEST}"),
            &format!("docker.io/library/python:3@{DIGEST}"),
        );
        let pinned = ImageReference::parse(&format!("python@{DIGEST}"));
        assert!(pinned.is_pinned());
        assert_eq!(pinned.tag(), Part::Absent);
        assert_eq!(pinned.effective_tag(), None);
        assert_eq!(pinned.digest(), Part::Known(DIGEST));
        assert!(!ImageReference::parse("python@").is_pinned());
    }

    #[test]
    fn ranges_point_into_the_text() {
        let text = format!("ghcr.io/acme/api:1.2@{DIGEST}");
        let reference = ImageReference::parse(&text);
        assert_eq!(reference.registry_range().map(|it| &text[it]), Some("ghcr.io"));
        assert_eq!(reference.path_range().map(|it| &text[it]), Some("acme/api"));
        assert_eq!(reference.name_range().map(|it| &text[it]), Some("ghcr.io/acme/api"));
        assert_eq!(reference.tag_range().map(|it| &text[it]), Some("1.2"));
        assert_eq!(reference.digest_range().map(|it| &text[it]), Some(DIGEST));
        assert_eq!(ImageReference::parse("python:").tag_range(), Some(TextRange::empty(7.into())));
    }

    #[test]
    fn what_docker_refuses_is_marked() {
        use ReferenceErrorKind::*;
        check_errors("", &[("", Empty)]);
        check_errors("Python:3", &[("Python", UpperCase)]);
        check_errors("acme/Api", &[("acme/Api", UpperCase)]);
        check_errors("python:", &[(":", EmptyTag)]);
        check_errors("python:-3", &[("-3", InvalidTag)]);
        check_errors("python:3!", &[("3!", InvalidTag)]);
        check_errors("python:3:4", &[("3:4", InvalidTag)]);
        check_errors(&format!("a:{}", "1".repeat(129)), &[(&"1".repeat(129), TagTooLong)]);
        check_errors(&format!("a:{}", "1".repeat(128)), &[]);
        check_errors("a..b", &[("a..b", InvalidRepository)]);
        check_errors("acme/a___b", &[("a___b", InvalidRepository)]);
        check_errors("acme/a__b---c", &[]);
        check_errors("acme//b", &[("acme//b", InvalidRepository)]);
        check_errors("acme/", &[("acme/", InvalidRepository)]);
        check_errors("-a", &[("-a", InvalidRepository)]);
        check_errors(&"a".repeat(256), &[(&"a".repeat(256), RepositoryTooLong)]);
        check_errors("python:3/slim", &[]);
        check_errors("python:x/slim", &[("python:x", InvalidRegistry)]);
        check_errors("-host.io/a", &[("-host.io", InvalidRegistry)]);
        check_errors("a@sha256:12", &[("sha256:12", InvalidDigest)]);
        check_errors("a@", &[("@", InvalidDigest)]);
        check_errors("a:@sha256:12", &[(":", EmptyTag), ("sha256:12", InvalidDigest)]);
        check_errors(&"0a".repeat(32), &[(&"0a".repeat(32), LooksLikeId)]);
        check_errors("é", &[("é", InvalidRepository)]);
    }

    #[test]
    fn a_variable_makes_unknown_what_it_could_hold() {
        let parts = |text: &str| {
            let it = ImageReference::parse(text);
            assert_eq!(it.errors, [], "{text}");
            let show = |part: Part| match part {
                Part::Absent => "-".to_owned(),
                Part::Unknown => "?".to_owned(),
                Part::Known(it) => it.to_owned(),
            };
            [it.registry(), it.path(), it.tag(), it.digest()].map(show).join(" ")
        };
        assert_eq!(parts("$IMAGE"), "? ? ? ?");
        assert_eq!(parts("python:$TAG"), "- python ? ?");
        assert_eq!(parts("python:${TAG:-3.12@x/y}-slim"), "- python ? ?");
        assert_eq!(parts("python${SUFFIX}"), "- ? ? ?");
        assert_eq!(parts("$REGISTRY/python:3"), "? ? 3 -");
        assert_eq!(parts("${REGISTRY:-ghcr.io/acme}/python:3"), "? ? 3 -");
        assert_eq!(parts("ghcr.io/$OWNER/api:1"), "ghcr.io ? 1 -");
        assert_eq!(parts("python@$DIGEST"), "- python - ?");
        assert_eq!(parts("python:${TAG"), "- python ? ?");
    }

    #[test]
    fn a_reference_with_variables_has_no_canonical_form_but_keeps_its_name() {
        let reference = ImageReference::parse("python:$TAG");
        assert_eq!(reference.canonical(), None);
        assert_eq!(reference.familiar_name().as_deref(), Some("python"));
        assert_eq!(reference.official_name(), Some("python"));
        assert!(!reference.is_resolved());
        assert_eq!(ImageReference::parse("$A/b").canonical_name(), None);
    }

    #[test]
    fn a_wrong_reference_has_no_canonical_form() {
        for text in ["Python", "python:", "a..b:1", "a@sha256:12", ""] {
            assert_eq!(ImageReference::parse(text).canonical(), None, "{text}");
        }
    }

    #[test]
    fn pages_are_known_for_the_common_registries() {
        let url = |text: &str| ImageReference::parse(text).page_url();
        assert_eq!(url("python:3").as_deref(), Some("https://hub.docker.com/_/python"));
        assert_eq!(url("grafana/grafana").as_deref(), Some("https://hub.docker.com/r/grafana/grafana"));
        assert_eq!(url("quay.io/a/b:1").as_deref(), Some("https://quay.io/repository/a/b"));
        assert_eq!(
            url("mcr.microsoft.com/dotnet/sdk:9.0").as_deref(),
            Some("https://mcr.microsoft.com/artifact/mar/dotnet/sdk/about")
        );
        assert_eq!(url("localhost:5000/a"), None);
        assert_eq!(url("$X/a"), None);
        assert_eq!(url("Python"), None);
    }

    #[test]
    fn scratch_is_not_an_image() {
        assert!(ImageReference::parse("scratch").is_scratch());
        assert!(!ImageReference::parse("scratch:1").is_scratch());
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_strange(text in "[a-cA:/@${}._\u{e9}-]{0,20}") {
            let reference = ImageReference::parse(&text);
            for range in reference.errors.iter().map(|it| it.range) {
                proptest::prop_assert!(text.get(std::ops::Range::<usize>::from(range)).is_some());
            }
            reference.canonical();
            reference.page_url();
        }
    }
}
