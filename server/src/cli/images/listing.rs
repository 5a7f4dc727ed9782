//! The tags of a repository, and who says so.

use crate::analysis::facts::{RemotePlatform, RemoteTag};
use crate::analysis::image::index::{self, Date, OfficialImage, RetiredTag};
use crate::analysis::image::{ImageReference, Platform, tag};

/// Who told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The embedded list of official images.
    Index(Date),
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
            name: it.name,
            ..RemoteTag::default()
        });
        Some(Listing { tags: tags.collect(), retired: Vec::new(), source: Source::Index(index::date()) })
    }

    /// Keeps the tags that begin with `prefix` and are there for `platform`, the best first.
    pub fn select(&mut self, reference: &ImageReference, prefix: &str, platform: Option<&Platform>) {
        self.tags
            .retain(|it| it.name.starts_with(prefix) && platform.is_none_or(|platform| has(it, platform)));
        tag::sort_by_tag(&mut self.tags, |it| &it.name, |_| true);
        let official = reference.official_name().and_then(index::image);
        if let Some(official) = official.filter(|_| self.tags.is_empty() && platform.is_none()) {
            self.retired = retired(&official, prefix);
        }
    }
}

/// A tag without known platforms may have any.
fn has(tag: &RemoteTag, platform: &Platform) -> bool {
    tag.platforms.is_empty() || tag.platforms.iter().any(|it| platform.accepts(&it.platform))
}

fn bare(platform: Platform) -> RemotePlatform {
    RemotePlatform { platform, size: None, digest: None }
}

fn retired(official: &OfficialImage<'_>, prefix: &str) -> Vec<RetiredTag> {
    let mut tags = official.retired_tags();
    tags.retain(|it| it.name.starts_with(prefix));
    tag::sort_by_tag(&mut tags, |it| &it.name, |_| true);
    tags
}
