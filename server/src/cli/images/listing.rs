//! The tags of a repository, and who says so.

use std::collections::HashMap;
use std::sync::Arc;

use crate::analysis::facts::{Fact, RemotePlatform, RemoteTag, Repository};
use crate::analysis::image::index::{self, Date, OfficialImage, RetiredTag};
use crate::analysis::image::{ImageReference, Platform, tag};

/// Who told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The embedded list of official images.
    Index(Date),
    /// A registry, so many minutes ago; `is_complete`: it listed all tags.
    Registry { host: String, minutes: u64, is_complete: bool },
}

/// What is known about the tags of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    pub tags: Vec<RemoteTag>,
    /// Those that begin like what was asked for, if no current one does.
    pub retired: Vec<RetiredTag>,
    pub source: Source,
}

impl Listing {
    /// What the index knows, `None` if it does not know the image.
    pub fn offline(reference: &ImageReference) -> Option<Listing> {
        let official = reference.official_name().and_then(index::image)?;
        let tags = official.tags().map(|it| RemoteTag {
            platforms: it.platforms().into_iter().map(bare).collect(),
            name: it.name.into(),
            ..RemoteTag::default()
        });
        Some(Listing { tags: tags.collect(), retired: Vec::new(), source: Source::Index(index::date()) })
    }

    /// What the registry answered. Tags that left the list of official images are told from the others, unless they were
    /// pushed after the day of the list.
    pub fn remote(reference: &ImageReference, answer: Fact<Arc<Repository>>) -> Listing {
        let host = reference.registry_host().unwrap_or_default().to_owned();
        let (minutes, Repository { tags, is_complete }) =
            (answer.age.as_secs() / 60, Arc::unwrap_or_clone(answer.value));
        let official = reference.official_name().and_then(index::image);
        let retired: HashMap<String, RetiredTag> =
            official.iter().flat_map(OfficialImage::retired_tags).map(|it| (it.name.clone(), it)).collect();
        let is_retired = |it: &RemoteTag| {
            retired.contains_key(it.name.as_str()) && it.pushed.is_none_or(|pushed| pushed <= index::date())
        };
        let (old, mut tags): (Vec<RemoteTag>, Vec<RemoteTag>) = tags.into_iter().partition(is_retired);
        tags.retain(|it| !tag::Tag::parse(&it.name).is_attachment());
        let retired = old.iter().filter_map(|it| retired.get(it.name.as_str()).cloned()).collect();
        Listing { tags, retired, source: Source::Registry { host, minutes, is_complete } }
    }

    /// Keeps the tags that begin with `prefix` and are there for `platform`, the best first.
    pub fn select(&mut self, reference: &ImageReference, prefix: &str, platform: Option<&Platform>) {
        self.tags
            .retain(|it| it.name.starts_with(prefix) && platform.is_none_or(|platform| has(it, platform)));
        tag::sort_by_tag(&mut self.tags, |it| &it.name, |_| true);
        let is_wanted = self.tags.is_empty() && platform.is_none();
        match &self.source {
            _ if !is_wanted => self.retired.clear(),
            Source::Registry { .. } => {
                self.retired.retain(|it| it.name.starts_with(prefix));
                tag::sort_by_tag(&mut self.retired, |it| &it.name, |_| true);
            }
            Source::Index(_) => {
                let official = reference.official_name().and_then(index::image);
                self.retired = official.map(|it| retired(&it, prefix)).unwrap_or_default();
            }
        }
    }
}

/// A tag without known platforms may have any.
fn has(tag: &RemoteTag, platform: &Platform) -> bool {
    tag.platforms.is_empty() || tag.platforms.iter().any(|it| platform.accepts(&it.platform))
}

fn bare(platform: Platform) -> RemotePlatform {
    RemotePlatform { platform: platform.into(), size: None, digest: None }
}

fn retired(official: &OfficialImage<'_>, prefix: &str) -> Vec<RetiredTag> {
    let mut tags = official.retired_tags();
    tags.retain(|it| it.name.starts_with(prefix));
    tag::sort_by_tag(&mut tags, |it| &it.name, |_| true);
    tags
}
