//! What completion would like to know from outside, and what it was told.

use super::site::{ImagePlace, Kind, Place, Site};
use super::tag_list::TagLists;
use crate::analysis::facts;
use crate::analysis::ignore::Ignore;
use crate::analysis::image::{ImageReference, Platform};
use crate::analysis::model::Model;

/// Something worth fetching for a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// The listing of a folder of the build context: `/`-separated, empty for the root.
    Folder(String),
    /// Images whose names begin like this.
    Images(String),
    /// The tags of the image (no stage, not `scratch`, all variables resolved), those beginning with `prefix` first.
    Tags { image: ImageReference, prefix: String },
}

/// What was found. The default is what one knows offline.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts<'a> {
    /// Tags of repositories, and the files of the context: of the wanted folder at least.
    pub known: Option<&'a facts::Facts>,
    /// What `.dockerignore` leaves out of the context.
    pub ignore: Option<&'a Ignore>,
    /// Images whose names begin as wanted, the best first.
    pub images: &'a [FoundImage],
    /// The platform builds are for, when the file does not say: tags without it come last.
    pub platform: Option<&'a Platform>,
    /// Remembers the order of the tags from one list to the next.
    pub lists: Option<&'a TagLists>,
    /// Answers are still on their way: asking again may give more.
    pub is_pending: bool,
}

/// An image that a search (or the local engine) gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundImage {
    /// As one writes it in `FROM`, without tag: `bitnami/redis`, `ghcr.io/acme/api`.
    pub name: String,
    /// A few words for the list; may be empty.
    pub description: String,
}

/// What the client can do.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Texts with places to fill in; without it the same texts come filled with their defaults.
    pub supports_snippets: bool,
}

impl Site {
    /// What would make the answer better; empty for most sites.
    pub fn wanted(&self) -> Vec<Wanted> {
        self.places.iter().filter_map(|place| wanted(&place.kind, &place.typed.text)).collect()
    }
}

fn wanted(kind: &Kind, typed: &str) -> Option<Wanted> {
    match kind {
        Kind::ContextPath { folder, .. } => Some(Wanted::Folder(folder.clone())),
        Kind::Image { place } if *place != ImagePlace::Syntax && is_plain(typed) => {
            Some(Wanted::Images(typed.to_owned()))
        }
        Kind::Tag { name, prefix, .. } => {
            let image = ImageReference::parse(name);
            let is_askable = image.errors.is_empty() && !image.is_scratch() && image.is_resolved();
            is_askable.then(|| Wanted::Tags { image, prefix: prefix.clone() })
        }
        _ => None,
    }
}

impl Site {
    /// Whether what is typed may be sent to a search for images: the beginning of a name on Docker Hub, and not that of a stage
    /// of this file, of another host, or, behind `from=`, of a build context.
    pub fn is_searchable(&self, model: &Model) -> bool {
        let place = |it: &&Place| matches!(it.kind, Kind::Image { .. });
        let Some(Place { kind: Kind::Image { place }, typed }) = self.places.iter().find(place) else {
            return false;
        };
        // The cursor may stand inside of a longer name.
        let word = model.file().slice(typed.replace);
        let may_be_local = *place != ImagePlace::From && !word.contains('/');
        let begins = |name: &str| {
            name.get(..typed.text.len()).is_some_and(|start| start.eq_ignore_ascii_case(&typed.text))
        };
        let is_stage = model.stages().iter().filter_map(|it| it.name.as_deref()).any(begins);
        let is_host = word.split('/').next().is_some_and(|it| it.contains('.') || it == "localhost");
        let length = typed.text.rsplit('/').next().unwrap_or_default().len();
        let is_long = length > 1 || typed.text.contains('/');
        is_long && is_plain(word) && !may_be_local && !is_stage && !is_host && !begins("scratch")
    }
}

/// Something a registry could have a name for.
fn is_plain(typed: &str) -> bool {
    !typed.is_empty() && typed.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c))
}
