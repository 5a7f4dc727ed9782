//! Base images: tags that are kept up to date, by the embedded index of official images.

use super::versions::Wish;
use crate::analysis::image::index;
use crate::analysis::image::tag::Tag;

/// The version that a tag names, and what to tell about the choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// As it stands in the tag: `24`.
    pub version: String,
    pub note: Option<String>,
}

/// How an image numbers its tags.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// As people call it in a sentence: `Node.js`.
    pub title: &'a str,
    pub image: &'a str,
    /// Behind the version, without the dash; empty for none.
    pub variant: &'a str,
    /// Numbers in the tag: 2 for `3.14`.
    pub numbers: usize,
    /// The tag whose version is taken if nobody asks for one; empty for the newest version.
    pub usual: &'a str,
    /// What is taken without an index.
    pub otherwise: &'a str,
}

/// A version as a tag says it, and in full.
type Version = (String, Vec<u64>);

impl Line<'_> {
    /// The version for a wish: the usual one if it will do, or else the newest that will.
    pub fn choose(&self, wish: Option<&Wish>) -> Chosen {
        let versions = self.versions();
        let usual = self.usual_version(&versions);
        let (Some(wish), Some(usual)) = (wish, usual) else {
            let version = usual.map_or(self.otherwise.to_owned(), |(short, _)| short.clone());
            return Chosen { version, note: None };
        };
        let fitting = std::iter::once(usual).chain(&versions).find(|(_, full)| wish.allows(full));
        match fitting {
            Some((version, _)) => Chosen { version: version.clone(), note: None },
            None => self.nearest(wish, &versions, usual),
        }
    }

    /// Nothing that is kept up to date will do: the next newer version, or the newest.
    fn nearest(&self, wish: &Wish, versions: &[Version], usual: &Version) -> Chosen {
        let newer = versions.iter().rev().find(|(_, full)| full.as_slice() >= wish.lowest());
        let (version, _) = newer.or(versions.first()).unwrap_or(usual);
        let note = format!(
            "`{}` asks for {} {}, of which no image is kept up to date (as of {}); the Dockerfile has {version}",
            wish.file,
            self.title,
            wish.text,
            index::date()
        );
        Chosen { version: version.clone(), note: Some(note) }
    }

    /// All current versions, the newest first, without pre-releases.
    fn versions(&self) -> Vec<Version> {
        let Some(image) = index::image(self.image) else { return Vec::new() };
        let tags = image.tags().map(|it| Tag::parse(&it.name));
        let is_of_line = |tag: &Tag| {
            let is_plain = tag.prerelease.is_none() && tag.channel.is_none() && !tag.is_dated();
            is_plain && tag.variant == self.variant && tag.version.len() == self.numbers
        };
        let mut versions: Vec<Version> = tags
            .filter(is_of_line)
            .map(|tag| {
                let full = image.meaning(&tag.text).map_or(tag.version.clone(), |it| Tag::parse(&it).version);
                let short = tag.version.iter().map(u64::to_string).collect::<Vec<_>>().join(".");
                (short, full)
            })
            .collect();
        versions.sort_by(|(_, first), (_, second)| second.cmp(first));
        versions
    }

    fn usual_version<'v>(&self, versions: &'v [Version]) -> Option<&'v Version> {
        let meant = index::image(self.image).and_then(|it| it.meaning(self.usual));
        let meant = meant.map(|it| Tag::parse(&it).version).unwrap_or_default();
        let is_usual = |(_, full): &&Version| {
            !meant.is_empty() && full.starts_with(meant.get(..self.numbers).unwrap_or(&meant))
        };
        versions.iter().find(is_usual).or(versions.first())
    }
}

/// Whether the index lists the tag as kept up to date.
pub fn is_current(image: &str, tag: &str) -> bool {
    index::image(image).is_some_and(|it| it.tags().any(|it| it.name == tag))
}

/// The newest stable Debian without extras.
pub fn debian() -> String {
    let line = Line {
        title: "Debian",
        image: "debian",
        variant: "slim",
        numbers: 1,
        usual: "stable-slim",
        otherwise: "13",
    };
    format!("debian:{}-slim", line.choose(None).version)
}

/// The newest Alpine.
pub fn alpine() -> String {
    let line = Line {
        title: "Alpine",
        image: "alpine",
        variant: "",
        numbers: 2,
        usual: "latest",
        otherwise: "3.24",
    };
    format!("alpine:{}", line.choose(None).version)
}

/// The stable nginx, on Alpine.
pub fn nginx() -> String {
    let line = Line {
        title: "nginx",
        image: "nginx",
        variant: "alpine",
        numbers: 2,
        usual: "stable-alpine",
        otherwise: "1.30",
    };
    format!("nginx:{}-alpine", line.choose(None).version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::init::versions::Tilde;

    const NODE: Line = Line {
        title: "Node.js",
        image: "node",
        variant: "slim",
        numbers: 1,
        usual: "lts-slim",
        otherwise: "24",
    };

    fn chosen(text: &str) -> Chosen {
        NODE.choose(Wish::new(".nvmrc", text, Tilde::Minor).as_ref())
    }

    #[test]
    fn the_usual_version_is_taken_if_it_will_do() {
        assert_eq!(NODE.choose(None), chosen(">=18"));
        assert!(is_current("node", &format!("{}-slim", NODE.choose(None).version)));
        for image in [debian(), alpine(), nginx()] {
            let (name, tag) = image.split_once(':').unwrap();
            assert!(is_current(name, tag), "{image}");
        }
    }

    #[test]
    fn a_version_that_is_no_more_is_replaced_by_the_next_and_told() {
        let chosen = chosen("12.1");
        assert!(chosen.note.unwrap().starts_with("`.nvmrc` asks for Node.js 12.1, of which no image"));
        assert!(is_current("node", &format!("{}-slim", chosen.version)));
    }
}
