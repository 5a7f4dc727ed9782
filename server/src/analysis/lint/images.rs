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

/// The current tag of `image` to write instead of `old`, with the newest version: of the same variant, else of the
/// nearest plainer one, with as many numbers if there is such.
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
    plainer(&old.variant)
        .find_map(|variant| newest(&current, &variant, old.version.len()))
        .map(|it| it.text.clone())
}

/// The newest tag that one would write for `image` when nothing else is asked for.
pub fn plain_tag(image: &OfficialImage<'_>) -> Option<String> {
    let current: Vec<Tag> =
        image.tags().map(|it| Tag::parse(&it.name)).filter(|it| it.prerelease.is_none()).collect();
    let kept: Vec<Tag> =
        current.iter().filter(|it| is_supported_for_long(image.name, &it.version)).cloned().collect();
    newest(if kept.is_empty() { &current } else { &kept }, "", 2).map(|it| it.text.clone())
}

/// Whether a version is one of those that get updates for years, where that shows in its number
/// (<https://ubuntu.com/about/release-cycle>, <https://nodejs.org/en/about/previous-releases>).
fn is_supported_for_long(image: &str, version: &[u64]) -> bool {
    match (image, version) {
        ("ubuntu", [year, month, ..]) => year % 2 == 0 && *month == 4,
        ("node", [major, ..]) => major % 2 == 0,
        _ => true,
    }
}

/// `slim-buster`, `slim`, and nothing; `alpine3.9`, `alpine`, and nothing.
fn plainer(variant: &str) -> impl Iterator<Item = String> {
    let shorter = |variant: &String| {
        let without_number = variant.trim_end_matches(|it: char| it.is_ascii_digit() || it == '.');
        let shorter = match variant.rsplit_once('-') {
            _ if without_number.len() < variant.len() => without_number.trim_end_matches('-'),
            Some((before, _)) => before,
            None => "",
        };
        (!variant.is_empty()).then(|| shorter.to_owned())
    };
    std::iter::successors(Some(variant.to_owned()), shorter)
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
        assert_eq!(plainer("slim-buster").collect::<Vec<_>>(), ["slim-buster", "slim", ""]);
        assert_eq!(plainer("alpine3.9").collect::<Vec<_>>(), ["alpine3.9", "alpine", ""]);
        assert_eq!(plainer("").collect::<Vec<_>>(), [""]);
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
