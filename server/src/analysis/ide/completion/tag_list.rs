//! The tags of a repository in the order to offer them.
//!
//! Reading thousands of tags and sorting them takes milliseconds, and the list is wanted again with each letter; so the last
//! one is kept until a registry says something else.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::analysis::facts::{RemoteTag, Repository};
use crate::analysis::ide::remote::Retired;
use crate::analysis::image::index::{self, CurrentTag};
use crate::analysis::image::{ImageReference, Platform, tag};

/// The list that was wanted last.
#[derive(Debug, Default)]
pub struct TagLists(Mutex<Option<(Key, Arc<TagList>)>>);

/// What a list is made from.
#[derive(Debug)]
struct Key {
    name: String,
    platform: Option<Platform>,
    /// Keeps the place in memory from being used again, and not what was in it.
    repository: Option<Weak<Repository>>,
}

/// From the registry and from the index, each tag once, those that left the list of official images left out.
#[derive(Debug)]
pub(super) struct TagList {
    offers: Vec<Offer>,
}

#[derive(Debug)]
struct Offer {
    origin: Origin,
    has_platform: bool,
}

#[derive(Debug)]
enum Origin {
    /// The place in the registry's list.
    Registry(usize),
    Index(Box<str>),
}

/// A tag before it is put in order.
#[derive(Debug)]
struct Found<'a> {
    name: &'a str,
    /// In the registry's list.
    place: Option<usize>,
    has_platform: bool,
}

/// A tag of the list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offered<'a> {
    pub name: &'a str,
    pub has_platform: bool,
    /// What the registry says about it.
    pub told: Option<&'a RemoteTag>,
}

impl TagLists {
    /// The list for these; made if it is not the last one.
    pub(super) fn of(
        &self,
        image: &ImageReference,
        repository: Option<&Arc<Repository>>,
        platform: Option<&Platform>,
    ) -> Arc<TagList> {
        let name = image.canonical_name().unwrap_or_default();
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((key, list)) = last.as_ref()
            && key.is_for(&name, repository, platform)
        {
            return list.clone();
        }
        let list = Arc::new(TagList::new(image, repository.map(|it| &**it), platform));
        let key = Key { name, platform: platform.cloned(), repository: repository.map(Arc::downgrade) };
        *last = Some((key, list.clone()));
        list
    }
}

impl Key {
    fn is_for(&self, name: &str, repository: Option<&Arc<Repository>>, platform: Option<&Platform>) -> bool {
        let is_same_repository = match (&self.repository, repository) {
            (Some(old), Some(new)) => std::ptr::eq(old.as_ptr(), Arc::as_ptr(new)),
            (old, new) => old.is_none() && new.is_none(),
        };
        is_same_repository && self.name == name && self.platform.as_ref() == platform
    }
}

impl TagList {
    pub fn new(
        image: &ImageReference,
        repository: Option<&Repository>,
        platform: Option<&Platform>,
    ) -> TagList {
        let (mut found, seen) = repository.map(|it| told_tags(image, it, platform)).unwrap_or_default();
        let official = image.official_name().and_then(index::image);
        let listed: Vec<CurrentTag> = official.iter().flat_map(|image| image.tags()).collect();
        let unseen = listed.iter().filter(|it| !seen.contains(it.name.as_str()));
        let unseen: Vec<Found> = unseen
            .map(|it| Found {
                name: &it.name,
                place: None,
                has_platform: platform.is_none_or(|platform| it.supports(platform)),
            })
            .collect();
        found.extend(unseen);
        tag::sort_by_tag(&mut found, |it| it.name, |it| it.has_platform);
        TagList { offers: found.into_iter().map(Offer::from).collect() }
    }

    pub fn len(&self) -> usize {
        self.offers.len()
    }

    /// The tags, with what the same `repository` says that the list was made from.
    pub fn tags<'a>(
        &'a self,
        repository: Option<&'a Repository>,
    ) -> impl Iterator<Item = Offered<'a>> + use<'a> {
        self.offers.iter().map(move |it| Offered {
            name: it.origin.name(repository),
            has_platform: it.has_platform,
            told: it.origin.told(repository),
        })
    }
}

/// Those of the registry that are offered, and their names.
fn told_tags<'a>(
    image: &ImageReference,
    repository: &'a Repository,
    platform: Option<&Platform>,
) -> (Vec<Found<'a>>, HashSet<&'a str>) {
    let retired = Retired::of(image);
    let mut seen: HashSet<&str> = HashSet::with_capacity(repository.tags.len());
    let has_platform = |told: &RemoteTag, platform: &Platform| {
        told.platforms.is_empty() || told.platforms.iter().any(|it| platform.accepts(&it.platform))
    };
    let places = repository.tags.iter().enumerate();
    let wanted = places.filter(|(_, it)| !retired.has(it) && !tag::is_attachment(&it.name));
    let found = wanted
        .filter(|(_, it)| seen.insert(&it.name))
        .map(|(place, told)| Found {
            name: &told.name,
            place: Some(place),
            has_platform: platform.is_none_or(|it| has_platform(told, it)),
        })
        .collect();
    (found, seen)
}

impl From<Found<'_>> for Offer {
    fn from(found: Found<'_>) -> Offer {
        let origin = found.place.map_or_else(|| Origin::Index(found.name.into()), Origin::Registry);
        Offer { origin, has_platform: found.has_platform }
    }
}

impl Origin {
    fn told<'a>(&self, repository: Option<&'a Repository>) -> Option<&'a RemoteTag> {
        match self {
            Origin::Registry(place) => repository?.tags.get(*place),
            Origin::Index(_) => None,
        }
    }

    fn name<'a>(&'a self, repository: Option<&'a Repository>) -> &'a str {
        match self {
            Origin::Registry(_) => self.told(repository).map_or("", |it| &it.name),
            Origin::Index(name) => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(names: &[&str]) -> Arc<Repository> {
        let tags = names.iter().map(|it| RemoteTag { name: (*it).into(), ..RemoteTag::default() });
        Arc::new(Repository { tags: tags.collect(), is_complete: true })
    }

    #[test]
    fn a_list_is_kept_until_something_else_is_said() {
        let (lists, image) = (TagLists::default(), ImageReference::parse("acme/a"));
        let (first, second) = (repository(&["1"]), repository(&["1"]));
        let of = |it| lists.of(&image, Some(it), None);
        let list = of(&first);
        assert!(Arc::ptr_eq(&list, &of(&first)));
        assert!(!Arc::ptr_eq(&list, &of(&second)));
        assert!(!Arc::ptr_eq(&list, &lists.of(&ImageReference::parse("acme/b"), Some(&first), None)));
        let arm = Platform::new("linux", "arm64", "");
        assert!(!Arc::ptr_eq(&of(&first), &lists.of(&image, Some(&first), Some(&arm))));
    }

    #[test]
    fn a_registrys_tags_and_the_indexs_are_one_list() {
        let image = ImageReference::parse("python");
        let told = repository(&["3.99.0", "3-slim", "3.6-stretch", "3.99.0"]);
        let list = TagList::new(&image, Some(&told), None);
        let names: Vec<&str> = list.tags(Some(&told)).map(|it| it.name).collect();
        let count = |name: &str| names.iter().filter(|it| **it == name).count();
        assert_eq!(names[..2], ["latest", "3.99.0"]);
        assert_eq!([count("3.99.0"), count("3-slim"), count("3.6-stretch"), count("3")], [1, 1, 0, 1]);
    }
}
