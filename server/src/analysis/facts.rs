//! What the outside told us: registries, the build context, the last build.
//!
//! The edges fetch and fill these in; rules and features read them and never wait. A fact that is absent silences what
//! needs it. [`Fact::age`] is measured by the edge when it hands the fact over, as nothing here has a clock.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use text_size::TextRange;

use super::image::index::Date;
use super::image::{Digest, ImageReference, Platform};

/// Something the outside said, and how long ago.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact<T> {
    pub value: T,
    pub age: Duration,
}

/// The answer of a registry. A look-up that failed is no answer, and so no fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer<T> {
    Found(T),
    /// The registry says that there is no such thing, or none we may see.
    Missing,
}

/// Everything known from outside about one Dockerfile's surroundings.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// By [`ImageReference::canonical_name`].
    pub repositories: HashMap<String, Fact<Answer<Arc<Repository>>>>,
    /// By [`ImageReference::canonical`].
    pub images: HashMap<String, Fact<Answer<RemoteImage>>>,
    /// Why no more is known of an image, as a sentence; by [`ImageReference::canonical`].
    pub notes: HashMap<String, String>,
    /// To tell how old something is.
    pub today: Option<Date>,
    pub context: Option<Fact<ContextListing>>,
    pub build: Option<Fact<BuildResult>>,
}

/// The tags of a repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repository {
    pub tags: Vec<RemoteTag>,
    /// All tags are listed: a tag that is not there does not exist.
    pub is_complete: bool,
}

/// A tag as its registry describes it; few say more than the name. There are thousands of them: what most have lies in
/// the tag itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemoteTag {
    pub name: SmolStr,
    pub pushed: Option<Date>,
    /// Of the index or manifest.
    pub digest: Option<Digest>,
    /// Empty if not told.
    pub platforms: Vec<RemotePlatform>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemotePlatform {
    /// Shared: a list of tags names the same few a thousand times.
    pub platform: Arc<Platform>,
    /// Compressed, in bytes: what is pulled.
    pub size: Option<u64>,
    pub digest: Option<String>,
}

/// An image as its registry describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteImage {
    /// Of the index or manifest that the tag names, with its algorithm: what to pin.
    pub digest: String,
    pub platforms: Vec<RemotePlatform>,
    /// Of one platform, the one asked for.
    pub config: Option<ImageConfig>,
}

/// What an image sets for those who start from it
/// (<https://github.com/opencontainers/image-spec/blob/main/config.md>).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageConfig {
    pub created: Option<Date>,
    /// `None` for root.
    pub user: Option<String>,
    pub workdir: Option<String>,
    pub entrypoint: Vec<String>,
    pub command: Vec<String>,
    pub environment: Vec<(String, String)>,
    /// `80/tcp`
    pub exposed_ports: Vec<String>,
    pub volumes: Vec<String>,
    pub labels: Vec<(String, String)>,
    pub stop_signal: Option<String>,
}

/// The files of a build context, before `.dockerignore`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContextListing {
    /// By path from the context's root, slash-separated, without a leading slash.
    pub entries: BTreeMap<String, EntryKind>,
    /// Everything is listed: a path that is not there does not exist.
    pub is_complete: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    File { size: u64 },
    Folder,
}

/// How a build of this file ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildResult {
    pub target: Option<String>,
    pub succeeded: bool,
    pub findings: Vec<BuildFinding>,
}

/// Something the builder said about a place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildFinding {
    /// Bytes into the file as it was built.
    pub range: TextRange,
    pub message: String,
}

impl Facts {
    pub fn repository(&self, reference: &ImageReference) -> Option<&Fact<Answer<Arc<Repository>>>> {
        self.repositories.get(&reference.canonical_name()?)
    }

    pub fn image(&self, reference: &ImageReference) -> Option<&Fact<Answer<RemoteImage>>> {
        self.images.get(&reference.canonical()?)
    }

    /// The image's tag as the list of tags describes it.
    pub fn tag(&self, reference: &ImageReference) -> Option<&RemoteTag> {
        self.repository(reference)?.found()?.tag(reference.effective_tag()?)
    }

    /// What the image's tag stands for now, whoever told it.
    pub fn digest(&self, reference: &ImageReference) -> Option<String> {
        let image = || Some(self.image(reference)?.found()?.digest.clone());
        let listed = self.tag(reference).and_then(|it| it.digest.as_ref());
        let pinned = reference.is_pinned();
        listed.map(Digest::to_string).or_else(|| image().filter(|_| !pinned))
    }

    /// The image's platforms, whoever told them.
    pub fn platforms(&self, reference: &ImageReference) -> &[RemotePlatform] {
        let image = self.image(reference).and_then(|it| it.found()).map(|it| it.platforms.as_slice());
        let tag = || Some(self.tag(reference).filter(|_| !reference.is_pinned())?.platforms.as_slice());
        image.filter(|it| !it.is_empty()).or_else(tag).unwrap_or_default()
    }
}

impl<T> Fact<Answer<T>> {
    pub fn found(&self) -> Option<&T> {
        self.value.found()
    }
}

impl<T> Answer<T> {
    pub fn found(&self) -> Option<&T> {
        match self {
            Answer::Found(value) => Some(value),
            Answer::Missing => None,
        }
    }
}

impl Repository {
    pub fn tag(&self, name: &str) -> Option<&RemoteTag> {
        self.tags.iter().find(|it| it.name == name)
    }

    /// Whether the repository has `tag`; `None` if the list is not complete and does not show it.
    pub fn has_tag(&self, tag: &str) -> Option<bool> {
        let is_listed = self.tag(tag).is_some();
        (is_listed || self.is_complete).then_some(is_listed)
    }
}

impl ContextListing {
    /// Whether the context has `path` (as `COPY` writes it); `None` if the listing stops before it could tell.
    pub fn has(&self, path: &str) -> Option<bool> {
        let is_listed = super::ignore::context_path(path).is_none_or(|it| self.entries.contains_key(&it));
        (is_listed || self.is_complete).then_some(is_listed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incomplete_list_says_nothing_about_what_it_does_not_show() {
        let tags = vec![RemoteTag { name: "3".into(), ..RemoteTag::default() }];
        let partial = Repository { tags: tags.clone(), is_complete: false };
        assert_eq!((partial.has_tag("3"), partial.has_tag("4")), (Some(true), None));
        assert_eq!(Repository { tags, is_complete: true }.has_tag("4"), Some(false));
    }

    #[test]
    fn a_context_is_asked_as_copy_writes_paths() {
        let entries = BTreeMap::from([("src".to_owned(), EntryKind::Folder)]);
        let listing = ContextListing { entries, is_complete: true };
        assert_eq!(
            (listing.has("./src/"), listing.has("."), listing.has("lib")),
            (Some(true), Some(true), Some(false))
        );
    }

    #[test]
    fn spellings_of_one_image_find_the_same_fact() {
        let mut facts = Facts::default();
        let answer = Fact { value: Answer::Missing, age: Duration::ZERO };
        facts.repositories.insert("docker.io/library/python".to_owned(), answer);
        for text in ["python", "docker.io/python:3", "library/python"] {
            assert!(facts.repository(&ImageReference::parse(text)).is_some(), "{text}");
        }
        assert!(facts.repository(&ImageReference::parse("$IMAGE")).is_none());
    }
}
