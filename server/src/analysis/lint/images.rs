//! The images a file names: in `FROM`, `COPY --from=` and `RUN --mount=from=`.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use crate::analysis::image::index::{self, OfficialImage};
use crate::analysis::image::tag::{self, Tag};
use crate::analysis::lint::prelude::*;
use crate::analysis::model::mount;

/// One image, as far as the file tells which.
pub struct Image {
    /// Where it is named, absolute.
    pub range: TextRange,
    /// After expansion, with the defaults of arguments; unknown parts where the build decides.
    pub reference: ImageReference,
    /// How it is written, if what is written is what the build sees: then parts of it can be pointed at.
    source: Option<SourceText>,
    base: TextSize,
}

impl Image {
    fn new(instruction: InstructionRef<'_>, word: &SourceText, value: Option<&str>) -> Image {
        let is_literal = value == Some(word.as_str());
        Image {
            range: instruction.absolute(word.range()),
            reference: ImageReference::parse(value.unwrap_or(word.as_str())),
            source: is_literal.then(|| word.clone()),
            base: instruction.start,
        }
    }

    /// The place of `part`, a range in the reference's text; the whole image when it cannot be told.
    pub fn range_of(&self, part: Option<TextRange>) -> TextRange {
        self.place_of(part).unwrap_or(self.range)
    }

    /// The same; `None` when an edit there would not do what it should.
    pub fn place_of(&self, part: Option<TextRange>) -> Option<TextRange> {
        let (part, source) = (part?, self.source.as_ref()?);
        Some(source.source_range(part.start().into(), part.end().into()) + self.base)
    }

    /// Whether nothing in it depends on a variable.
    pub fn is_literal(&self) -> bool {
        self.source.is_some()
    }

    /// What is known without a network, if it is an official image.
    pub fn official(&self) -> Option<OfficialImage<'static>> {
        index::image(self.reference.official_name()?)
    }

    /// The edit that gives it `tag`; `None` when the tag is not written here.
    pub fn with_tag(&self, tag: &str) -> Option<TextEdit> {
        match self.place_of(self.reference.tag_range()) {
            Some(range) => Some(TextEdit::new(range, tag)),
            None => {
                let name = self.place_of(self.reference.name_range())?;
                self.reference.tag().is_absent().then(|| TextEdit::insert(name.end(), format!(":{tag}")))
            }
        }
    }
}

/// The image that a stage is built from; `None` for a stage, `scratch`, or nothing.
pub fn base_image(cx: &ModelContext<'_>, stage: &crate::analysis::model::Stage) -> Option<Image> {
    let Base::Image(value) = &stage.base else { return None };
    let from = cx.model.file().instruction(stage.from)?;
    let Arguments::From(arguments) = &from.node.arguments else { return None };
    let word = arguments.image.as_ref()?.text();
    Some(Image::new(from, word, value.text()))
}

/// All images. A name without tag behind `from=` may be a build context and is not among them.
pub fn images(cx: &ModelContext<'_>) -> Vec<Image> {
    let mut images = Vec::new();
    images.extend(cx.stages().filter_map(|(stage, _)| base_image(cx, stage)));
    images.extend(cx.with_keyword(Keyword::Copy).filter_map(|it| copied_image(cx, it)));
    images.extend(cx.with_keyword(Keyword::Run).flat_map(|it| mounted_images(cx, it)));
    images
}

fn copied_image(cx: &ModelContext<'_>, instruction: InstructionRef<'_>) -> Option<Image> {
    let word = instruction.node.flag("from")?.value.as_ref()?.text();
    from_option(cx, instruction, word)
}

fn mounted_images(cx: &ModelContext<'_>, instruction: InstructionRef<'_>) -> Vec<Image> {
    let mounts = mount::mounts(instruction.node);
    let words = mounts.iter().filter_map(|mount| mount.from());
    words.filter_map(|word| from_option(cx, instruction, word)).collect()
}

/// BuildKit expands no variables there.
fn from_option(cx: &ModelContext<'_>, instruction: InstructionRef<'_>, word: &SourceText) -> Option<Image> {
    let text = word.as_str();
    let is_image = text.contains([':', '/', '@']) && cx.model.stage_copied_from(text).is_none();
    is_image.then(|| Image::new(instruction, word, Some(text)))
}

/// The current tag of `image` to write instead of `old`: of the same variant, else on a newer distribution, else on the
/// one that the image stands on by itself; with the newest version and as many numbers if there is such. `None` if it
/// would lose more than the name of a distribution: `curl`, `jre`, `apache`.
pub fn successor_of(image: &OfficialImage<'_>, old: &str) -> Option<String> {
    let names: Vec<String> = image.tags().map(|it| it.name).collect();
    let is_kept = |it: &&String| is_supported_for_long(image.name, &Tag::parse(it).version);
    let kept: Vec<String> = names.iter().filter(is_kept).cloned().collect();
    let names = if kept.is_empty() { names } else { kept };
    if let Some(newer) = tag::newer(old, names.iter().map(String::as_str), tag::Step::Major) {
        return Some(newer.to_owned());
    }
    let old = Tag::parse(old);
    let current: Vec<Tag> =
        names.iter().map(|it| Tag::parse(it)).filter(|it| it.prerelease.is_none()).collect();
    // `17-jre` for `17-jre-focal`: the version is kept as long as it gets updates.
    let is_same = |it: &&Tag, variant: &str| it.version == old.version && it.variant == variant;
    let by_same_version = || {
        let variants = plainer(&old.variant).into_iter().skip(1);
        let found = variants.filter_map(|variant| current.iter().find(|it| is_same(it, &variant)));
        found.map(|it| it.text.to_string()).next().filter(|_| !old.version.is_empty())
    };
    let by_name = || renamed(&old.text).find(|it| names.contains(it));
    let has_numbers = matches!(image.name, "debian" | "ubuntu" | "alpine");
    let by_number = || {
        plainer(&old.variant)
            .into_iter()
            .find_map(|variant| newest(&current, &variant, old.version.len()))
            .map(|it| it.text.to_string())
    };
    match old.version.is_empty() && !has_numbers {
        true => by_name().or_else(by_number),
        false => by_same_version().or_else(by_number),
    }
}

/// Releases by name, each family with the newest first (<https://www.debian.org/releases/>,
/// <https://ubuntu.com/about/release-cycle>, those with long support).
const CODENAMES: [&[&str]; 2] = [
    &["trixie", "bookworm", "bullseye", "buster", "stretch", "jessie", "wheezy", "squeeze"],
    &["resolute", "noble", "jammy", "focal", "bionic", "xenial", "trusty", "precise"],
];

/// The tag with newer names of releases instead of the one in it, the newest first.
fn renamed(tag: &str) -> impl Iterator<Item = String> {
    let family = |word: &str| CODENAMES.into_iter().find(|it| it.contains(&word));
    let found = tag.split('-').find_map(|word| Some((word, family(word)?)));
    let newer = found.into_iter().flat_map(|(word, family)| {
        family.iter().take_while(move |it| **it != word).map(move |it| (word, *it))
    });
    newer.map(|(word, name)| {
        let words = tag.split('-').map(|it| if it == word { name } else { it });
        words.collect::<Vec<_>>().join("-")
    })
}

/// The newest tag that one would write for `image` when nothing else is asked for.
pub fn plain_tag(image: &OfficialImage<'_>) -> Option<String> {
    let current: Vec<Tag> =
        image.tags().map(|it| Tag::parse(&it.name)).filter(|it| it.prerelease.is_none()).collect();
    let kept: Vec<Tag> =
        current.iter().filter(|it| is_supported_for_long(image.name, &it.version)).cloned().collect();
    newest(if kept.is_empty() { &current } else { &kept }, "", 2).map(|it| it.text.to_string())
}

/// Whether a version is one of those that get updates for years, where that shows in its number
/// (<https://ubuntu.com/about/release-cycle>, <https://nodejs.org/en/about/previous-releases>).
fn is_supported_for_long(image: &str, version: &[u64]) -> bool {
    match (image, version) {
        ("ubuntu", [year, month, ..]) => year % 2 == 0 && *month == 4,
        ("buildpack-deps", [year, month]) => year % 2 == 0 && *month == 4,
        ("node", [major, ..]) => major % 2 == 0,
        _ => true,
    }
}

/// The variant with less and less said about the distribution: `slim-buster` and `slim`; `alpine3.9`, `alpine` and
/// nothing; `focal-curl` and `curl`. A last `slim` or `alpine` goes too, when nothing else stands there.
fn plainer(variant: &str) -> Vec<String> {
    let join = |words: &[&str]| words.join("-");
    let words: Vec<&str> = variant.split('-').filter(|it| !it.is_empty()).collect();
    let unnumbered: Vec<&str> = words.iter().map(|it| without_release(it)).collect();
    let is_codename = |it: &&str| CODENAMES.iter().any(|family| family.contains(it));
    let unnamed: Vec<&str> = unnumbered.iter().copied().filter(|it| !is_codename(it)).collect();
    let mut all = vec![variant.to_owned(), join(&unnumbered), join(&unnamed)];
    if matches!(unnamed.as_slice(), ["slim" | "alpine"]) {
        all.push(String::new());
    }
    all.dedup();
    all
}

/// `alpine` of `alpine3.9`.
fn without_release(word: &str) -> &str {
    let plain = word.trim_end_matches(|it: char| it.is_ascii_digit() || it == '.');
    if plain == "alpine" { plain } else { word }
}

/// The highest version of that variant; the one with `numbers` numbers, or with as few more or less as possible.
fn newest<'a>(tags: &'a [Tag], variant: &str, numbers: usize) -> Option<&'a Tag> {
    let wanted = numbers.max(1);
    // `stable-20260803` and `20260803` are snapshots of one day.
    let is_version = |it: &Tag| it.channel.is_none() && it.version.first().is_some_and(|it| *it < 19_700_101);
    let versions: Vec<&Tag> = tags.iter().filter(|it| it.variant == variant && is_version(it)).collect();
    let highest = versions.iter().map(|it| it.version.first()).max()?;
    let of_highest = versions.iter().filter(|it| it.version.first() == highest);
    of_highest.max_by_key(|it| (std::cmp::Reverse(it.version.len().abs_diff(wanted)), &it.version)).copied()
}

/// A judgement on the tag of an official image, kept between checks: the index never changes, and to unpack it at
/// every key is dear.
pub(super) struct Memo<T>(LazyLock<Mutex<HashMap<(String, String), T>>>);

/// Tags that are kept; no file names so many.
const MAX_KEPT: usize = 2_000;

impl<T: Clone> Memo<T> {
    pub const fn new() -> Self {
        Memo(LazyLock::new(Mutex::default))
    }

    /// What `judge` says of `image:tag`; asked once.
    pub fn of(&self, image: &str, tag: &str, judge: impl FnOnce() -> T) -> T {
        let key = (image.to_owned(), tag.to_owned());
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&key) {
            return known.clone();
        }
        let judged = judge();
        let mut kept = lock();
        if kept.len() >= MAX_KEPT {
            kept.clear();
        }
        kept.insert(key, judged.clone());
        judged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_become_plainer_step_by_step() {
        assert_eq!(plainer("slim-buster"), ["slim-buster", "slim", ""]);
        assert_eq!(plainer("alpine3.9"), ["alpine3.9", "alpine", ""]);
        assert_eq!(plainer("focal-curl"), ["focal-curl", "curl"]);
        assert_eq!(plainer("jre-focal"), ["jre-focal", "jre"]);
        assert_eq!(plainer("onbuild"), ["onbuild"]);
        assert_eq!(plainer(""), [""]);
    }

    #[test]
    fn a_release_by_name_gets_a_newer_name() {
        assert_eq!(renamed("bullseye-curl").collect::<Vec<_>>(), ["trixie-curl", "bookworm-curl"]);
        assert_eq!(renamed("curl").next(), None);
        assert_eq!(renamed("trixie").next(), None);
    }

    #[test]
    fn a_successor_keeps_what_is_in_the_image() {
        let java = index::image("eclipse-temurin").expect("it is listed");
        assert_eq!(successor_of(&java, "21-jre-focal").as_deref(), Some("21-jre"));
        let image = index::image("buildpack-deps").expect("it is listed");
        for (old, end) in [("focal-curl", "-curl"), ("buster-scm", "-scm")] {
            let new = successor_of(&image, old).expect("a newer one");
            assert!(new.ends_with(end) && !new.starts_with(|it: char| it.is_ascii_digit()), "{new}");
        }
    }

    #[test]
    fn a_version_with_long_support_is_preferred() {
        let plain = |name| plain_tag(&index::image(name).expect("it is listed")).expect("it has versions");
        assert!(plain("ubuntu").ends_with(".04"));
        assert!(Tag::parse(&plain("node")).version[0].is_multiple_of(2));
    }

    #[test]
    fn the_newest_tag_has_as_many_numbers_as_the_old_one() {
        let tags = ["4.1.2", "4.1", "4", "3.9.9", "4.1-slim", "latest"].map(Tag::parse);
        let newest = |variant, numbers| newest(&tags, variant, numbers).map(|it| it.text.as_str());
        assert_eq!(newest("", 1), Some("4"));
        assert_eq!(newest("", 2), Some("4.1"));
        assert_eq!(newest("slim", 3), Some("4.1-slim"));
        assert_eq!(newest("alpine", 3), None);
    }
}
