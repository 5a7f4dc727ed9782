//! Answers as they lie in files: short, as a list of thousands of tags is read before the editor gets its own.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::cache::Kept;
use super::text::Text;
use crate::analysis::facts::{Answer, RemoteImage, RemotePlatform, RemoteTag, Repository};
use crate::analysis::image::index::Date;
use crate::analysis::image::{Digest, Platform};

/// An answer worth a file; borrows from the answer or from the file's text.
#[derive(Serialize, Deserialize)]
pub enum Stored<'a> {
    #[serde(borrow)]
    Tags(StoredList<'a>),
    Image(Box<RemoteImage>),
    Names(Vec<(String, String)>),
}

#[derive(Serialize, Deserialize)]
pub struct StoredList<'a> {
    is_complete: bool,
    /// What the tags' numbers mean.
    platforms: Vec<Platform>,
    #[serde(borrow)]
    tags: Vec<StoredTag<'a>>,
}

/// Name, days since 1970, digest, and for each platform its number and size.
#[derive(Serialize, Deserialize)]
struct StoredTag<'a>(
    #[serde(borrow)] Text<'a>,
    Option<u64>,
    #[serde(borrow)] Option<Text<'a>>,
    Vec<(usize, Option<u64>)>,
);

/// The platforms of a list, each held once.
#[derive(Debug, Default)]
pub struct Platforms {
    list: Vec<Arc<Platform>>,
    places: HashMap<Arc<Platform>, usize>,
}

impl Platforms {
    /// The same object for the same platform.
    pub fn shared(&mut self, platform: Platform) -> Arc<Platform> {
        let at = self.position(&platform);
        self.list.get(at).cloned().unwrap_or_else(|| Arc::new(platform))
    }

    fn position(&mut self, platform: &Platform) -> usize {
        if let Some(place) = self.places.get(platform) {
            return *place;
        }
        let shared = Arc::new(platform.clone());
        self.list.push(shared.clone());
        self.places.insert(shared, self.list.len() - 1);
        self.list.len() - 1
    }
}

impl Stored<'_> {
    /// `None` for an answer that says that something is missing: that is soon wrong, and not worth a file.
    pub fn of(answer: &Kept) -> Option<Stored<'_>> {
        Some(match answer {
            Kept::Tags(Answer::Found(list)) => Stored::Tags(StoredList::of(list)),
            Kept::Image(Answer::Found(image)) => Stored::Image(Box::new(image.clone())),
            Kept::Names(names) => Stored::Names(names.clone()),
            Kept::Tags(Answer::Missing) | Kept::Image(Answer::Missing) => return None,
        })
    }

    pub fn into_kept(self) -> Kept {
        match self {
            Stored::Tags(list) => Kept::Tags(Answer::Found(Arc::new(list.into_repository()))),
            Stored::Image(image) => Kept::Image(Answer::Found(*image)),
            Stored::Names(names) => Kept::Names(names),
        }
    }
}

impl StoredList<'_> {
    fn of(list: &Repository) -> StoredList<'_> {
        let mut platforms = Platforms::default();
        let tags = list.tags.iter().map(|tag| {
            let told = tag.platforms.iter().map(|it| (platforms.position(&it.platform), it.size));
            let digest = tag.digest.as_ref().map(|it| Text(it.to_string().into()));
            StoredTag(Text::from(tag.name.as_str()), tag.pushed.map(Date::days), digest, told.collect())
        });
        let tags = tags.collect();
        let platforms = platforms.list.iter().map(|it| (**it).clone()).collect();
        StoredList { is_complete: list.is_complete, platforms, tags }
    }

    fn into_repository(self) -> Repository {
        let platforms: Vec<Arc<Platform>> = self.platforms.into_iter().map(Arc::new).collect();
        let platform = |(number, size): (usize, Option<u64>)| {
            Some(RemotePlatform { platform: platforms.get(number)?.clone(), size, digest: None })
        };
        let tags = self.tags.into_iter().map(|StoredTag(name, days, digest, told)| RemoteTag {
            name: (*name).into(),
            pushed: days.map(Date::from_days),
            digest: digest.map(|it| Digest::from(&*it)),
            platforms: told.into_iter().filter_map(platform).collect(),
        });
        Repository { tags: tags.collect(), is_complete: self.is_complete }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository() -> Repository {
        let mut platforms = Platforms::default();
        let mut tag = |name: &str, told: &[&str]| RemoteTag {
            name: name.into(),
            pushed: Some(Date { year: 2026, month: 2, day: 28 }),
            digest: Some(Digest::from("sha256:\"quoted\"")),
            platforms: told
                .iter()
                .map(|it| RemotePlatform {
                    platform: platforms.shared(Platform::parse(it).expect("a platform")),
                    size: Some(it.len() as u64),
                    digest: None,
                })
                .collect(),
        };
        let mut tags = vec![tag("1", &["linux/amd64", "linux/arm/v7"]), tag("2", &["linux/arm/v7"])];
        tags.push(RemoteTag { name: "3".into(), ..RemoteTag::default() });
        Repository { tags, is_complete: true }
    }

    #[test]
    fn a_list_survives_being_written_and_read() {
        let kept = Kept::Tags(Answer::Found(Arc::new(repository())));
        let text = serde_json::to_string(&Stored::of(&kept).expect("it is worth a file")).expect("JSON");
        let read: Stored = serde_json::from_str(&text).expect("it is what was written");
        assert_eq!(read.into_kept(), kept);
    }

    #[test]
    fn equal_platforms_are_one() {
        let list = repository();
        let platform = |tag: usize, at: usize| list.tags[tag].platforms[at].platform.clone();
        assert!(Arc::ptr_eq(&platform(0, 1), &platform(1, 0)));
        assert!(!Arc::ptr_eq(&platform(0, 0), &platform(0, 1)));
    }

    #[test]
    fn numbers_without_a_platform_are_dropped() {
        let text = r#"{"is_complete":false,"platforms":[],"tags":[["1",null,null,[[7,1]]]]}"#;
        let list: StoredList = serde_json::from_str(text).expect("a list");
        assert_eq!(list.into_repository().tags[0].platforms, []);
    }
}
