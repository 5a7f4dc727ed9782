//! Hover on a base image: what the reference says, what the index of official images knows about it, and what its registry
//! said.
//!
//! What a registry says is somebody else's text: all of it is shown as code.

use text_size::TextRange;

use super::{Hover, Place, code, paragraphs};
use crate::analysis::facts::{Answer, Fact, ImageConfig, RemotePlatform};
use crate::analysis::ide::remote;
use crate::analysis::image::index::{self, OfficialImage, Status, TagStatus};
use crate::analysis::image::tag::Step;
use crate::analysis::image::{ImageReference, official_facts};
use crate::analysis::knowledge::{self, Distribution};
use crate::analysis::model::{Base, Value};
use crate::analysis::syntax::ast::Arguments;

pub(super) fn hover(at: &Place<'_>) -> Option<Hover> {
    let (range, value) = image_at(at)?;
    if value.text() == Some("scratch") {
        let text = "**scratch** is not an image: the stage starts with no files at all, no shell, no certificates, no time zones. It suits one static program.";
        return Some(Hover::new(range, text));
    }
    Some(Hover::new(range, describe(at, &value)))
}

/// The image named at the cursor, after expansion.
fn image_at(at: &Place<'_>) -> Option<(TextRange, Value)> {
    if let Arguments::From(from) = &at.node.arguments {
        let word = from.image.as_ref().filter(|word| at.touches(word.range()))?;
        let stage = at.model.stage_of(at.instruction.id)?;
        return match &stage.base {
            Base::Image(value) => Some((word.range(), value.clone())),
            Base::Scratch => Some((word.range(), Value::known("scratch"))),
            _ => None,
        };
    }
    let references = at.model.stage_references().iter();
    let here = references.filter(|it| it.location.instruction == at.instruction.id && it.target.is_none());
    let reference = here.into_iter().find(|it| at.touches(it.location.range))?;
    Some((reference.location.range, Value::known(reference.text.clone())))
}

fn describe(at: &Place<'_>, value: &Value) -> String {
    let text = match value {
        Value::Known(text) | Value::Default { text, .. } => text,
        Value::Unknown(why) => {
            return format!("**Image** not known from this file: {}.", super::variable::reason(why));
        }
    };
    let image = ImageReference::parse(text);
    let argument = match value {
        Value::Default { argument, .. } => {
            format!("With the default of `{argument}`; `--build-arg {argument}=…` changes it.")
        }
        _ => String::new(),
    };
    let errors = image.errors.iter().map(|error| format!("**Not a valid name**: {}", error.kind.message()));
    let page = image.page_url().map(|url| format!("[Page of the image]({url})"));
    let official = image.official_name().and_then(index::image);
    let known = official.map(|official| official_parts(at, &official, &image)).unwrap_or_default();
    let remote = remote_parts(at, &image);
    let source = source(at, &image, official.is_some());
    paragraphs(
        [format!("**Image** {}", code(text))]
            .into_iter()
            .chain([image.canonical().map(|name| format!("In full: {}", code(&name))).unwrap_or_default()])
            .chain([tag(&image), argument])
            .chain(errors)
            .chain(known)
            .chain([base_system(&image).unwrap_or_default()])
            .chain(remote)
            .chain([source, page.unwrap_or_default()]),
    )
}

/// Who says all that.
fn source(at: &Place<'_>, image: &ImageReference, is_official: bool) -> String {
    let host = code(image.registry_host().unwrap_or_default());
    let listed = |it: &Fact<Answer<_>>| it.age;
    let described = at.known.image(image).map(|it| it.age);
    let age = described.or(at.known.repository(image).map(listed));
    let note = image.canonical().and_then(|name| at.known.notes.get(&name));
    let registry = match (age.map(|it| it.as_secs() / 60), note) {
        (_, Some(note)) => format!("*{note}.*"),
        (None, None) if is_official => String::new(),
        (None, None) => return String::new(),
        (Some(0), None) => format!("*{host} said so just now.*"),
        (Some(1..=119), None) => {
            format!("*{host} said so {} min ago.*", age.unwrap_or_default().as_secs() / 60)
        }
        (Some(minutes), None) => format!("*{host} said so {} h ago.*", minutes / 60),
    };
    let asked = if age.is_some() || !registry.is_empty() { "" } else { "; no registry was asked" };
    let index =
        is_official.then(|| format!("*From the list of official images of {}{asked}.*", index::date()));
    [index.unwrap_or_default(), registry]
        .into_iter()
        .filter(|it| !it.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// What the registry says.
fn remote_parts(at: &Place<'_>, image: &ImageReference) -> Vec<String> {
    let mut parts = vec![missing(at, image), newer_digest(at, image)];
    let repository = at.known.repository(image).and_then(|it| it.found());
    if let (Some(repository), Some(tag), false) = (repository, image.effective_tag(), image.is_official()) {
        let meaning = remote::meaning(repository, tag);
        parts.extend(meaning.map(|it| format!("{} stands for {}.", code(tag), code(&it))));
    }
    let found = at.known.image(image).and_then(|it| it.found());
    let config = found.and_then(|it| it.config.as_ref());
    parts.push(dates(at, image, config));
    parts.push(platforms(at.known.platforms(image)));
    if !image.is_pinned()
        && let Some(digest) = at.known.digest(image)
    {
        parts.push(format!("Digest: {}", code(&digest)));
    }
    parts.extend(config.map(set_up_of));
    parts.extend(config.and_then(origin));
    parts
}

/// That there is no such thing.
fn missing(at: &Place<'_>, image: &ImageReference) -> String {
    let host = code(image.registry_host().unwrap_or_default());
    let repository = at.known.repository(image).map(|it| &it.value);
    if repository == Some(&Answer::Missing) {
        return format!("**{host} has no such repository**, or none that you may see.");
    }
    let has_tag = repository.and_then(|it| it.found()?.has_tag(image.effective_tag()?));
    let is_missing = at.known.image(image).is_some_and(|it| it.value == Answer::Missing);
    match image.effective_tag() {
        Some(tag) if has_tag == Some(false) || is_missing => {
            format!("**{host} has no tag {}** of it.", code(tag))
        }
        _ => String::new(),
    }
}

/// Whether a pinned tag has moved on.
fn newer_digest(at: &Place<'_>, image: &ImageReference) -> String {
    let pinned = image.digest().known().filter(|_| !image.tag().is_absent());
    match (pinned, at.known.digest(image), image.effective_tag()) {
        (Some(pinned), Some(now), Some(tag)) if pinned == now => {
            format!("That is what {} stands for now.", code(tag))
        }
        (Some(_), Some(now), Some(tag)) => {
            format!("**{} stands for another image now**: {}", code(tag), code(&now))
        }
        _ => String::new(),
    }
}

fn dates(at: &Place<'_>, image: &ImageReference, config: Option<&ImageConfig>) -> String {
    let day = |what: &str, date: index::Date| {
        let ago = remote::ago(date, at.known.today).map(|it| format!(" ({it})")).unwrap_or_default();
        format!("{what} {date}{ago}")
    };
    let created = config.and_then(|it| it.created).map(|it| day("Created", it));
    let pushed = at.known.tag(image).filter(|_| !image.is_pinned()).and_then(|it| it.pushed);
    let pushed = pushed.map(|it| day("Pushed", it));
    created.into_iter().chain(pushed).collect::<Vec<_>>().join(" · ")
}

/// With their compressed sizes.
fn platforms(platforms: &[RemotePlatform]) -> String {
    let told = platforms.iter().map(|it| {
        let size = it.size.map(|bytes| format!(" {}", remote::size(bytes))).unwrap_or_default();
        format!("{}{size}", code(&it.platform.to_string()))
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() { String::new() } else { format!("Platforms (compressed): {}", told.join(", ")) }
}

/// Longer lists push the rest out of sight.
const MAX_VARIABLES: usize = 20;

/// What builds on the image start with.
fn set_up_of(config: &ImageConfig) -> String {
    let list = |words: &[String]| {
        let quoted: Vec<String> = words.iter().map(|it| format!("{it:?}")).collect();
        if words.is_empty() { String::new() } else { code(&format!("[{}]", quoted.join(", "))) }
    };
    let words = |words: &[String]| words.iter().map(|it| code(it)).collect::<Vec<_>>().join(" ");
    let variables = config.environment.iter().take(MAX_VARIABLES);
    let variables: Vec<String> = variables.map(|(name, value)| code(&format!("{name}={value}"))).collect();
    let rows = [
        ("User", code(config.user.as_deref().unwrap_or("root"))),
        ("Working directory", code(config.workdir.as_deref().unwrap_or("/"))),
        ("`ENTRYPOINT`", list(&config.entrypoint)),
        ("`CMD`", list(&config.command)),
        ("`ENV`", variables.join(" ")),
        ("`EXPOSE`", words(&config.exposed_ports)),
        ("`VOLUME`", words(&config.volumes)),
        ("`STOPSIGNAL`", config.stop_signal.as_deref().map(code).unwrap_or_default()),
    ];
    let rows =
        rows.into_iter().filter(|it| !it.1.is_empty()).map(|(name, value)| format!("- {name}: {value}"));
    rows.collect::<Vec<_>>().join("\n")
}

/// From what the image's own labels say that it is made.
fn origin(config: &ImageConfig) -> Option<String> {
    let label = |name: &str| config.labels.iter().find(|it| it.0 == name);
    let base = label("org.opencontainers.image.base.name").map(|it| format!("Base image: {}", code(&it.1)));
    let source = label("org.opencontainers.image.source").map(|it| made_from(&it.1));
    let parts: Vec<String> = base.into_iter().chain(source).collect();
    (!parts.is_empty()).then(|| paragraphs(parts))
}

fn made_from(label: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@=&%+".contains(c);
    let is_link = label.starts_with("https://") && label.chars().all(is_plain);
    if is_link { format!("Made from <{label}>") } else { format!("Made from {}", code(label)) }
}

/// What the index knows about an official image.
fn official_parts(at: &Place<'_>, official: &OfficialImage<'_>, image: &ImageReference) -> Vec<String> {
    let purpose = official_facts::purpose(official.name).unwrap_or_default().to_owned();
    let mut parts = vec![purpose, status(official)];
    if let Some(tag) = image.effective_tag().filter(|_| has_tags(official)) {
        parts.push(tag_status(at, official, image, tag));
        parts.push(newer_versions(official, tag));
    }
    // The registry knows better.
    if at.known.image(image).and_then(|it| it.found()?.config.as_ref()).is_none() {
        parts.push(set_up(official.name));
    }
    parts
}

fn has_tags(official: &OfficialImage<'_>) -> bool {
    matches!(official.status, Status::Current | Status::Deprecated)
}

fn status(official: &OfficialImage<'_>) -> String {
    let fate = match official.status {
        Status::Current => return String::new(),
        Status::Deprecated => "**Deprecated**: its maintainers advise against it for new work.".to_owned(),
        Status::WithoutTags => "**None of its tags is kept up to date any more.**".to_owned(),
        Status::Removed(date) => format!(
            "**Left the official images on {date}**: what is there can still be pulled, and gets no security fixes."
        ),
    };
    let successors: Vec<String> =
        official_facts::successors(official.name).iter().map(|it| code(it)).collect();
    match successors.is_empty() {
        true => fate,
        false => format!("{fate} Use {} instead.", successors.join(" or ")),
    }
}

fn tag_status(at: &Place<'_>, official: &OfficialImage<'_>, image: &ImageReference, tag: &str) -> String {
    let repository = at.known.repository(image).and_then(|it| it.found());
    match official.tag(tag) {
        TagStatus::Current { platforms } => {
            let meaning =
                repository.and_then(|it| remote::meaning(it, tag)).or_else(|| official.meaning(tag));
            let meaning = meaning.map(|it| format!("{} stands for {}.", code(tag), code(&it)));
            let platforms: Vec<String> = platforms.iter().map(|it| code(&it.to_string())).collect();
            let platforms = format!("Platforms: {}", platforms.join(", "));
            let are_told = !at.known.platforms(image).is_empty();
            paragraphs([meaning.unwrap_or_default(), if are_told { String::new() } else { platforms }])
        }
        TagStatus::Retired { since } => format!(
            "**{} is not kept up to date since {since}**: it can still be pulled, and gets no security fixes.",
            code(tag)
        ),
        TagStatus::Unknown if at.known.tag(image).is_some() => String::new(),
        TagStatus::Unknown => format!("The tag {} is not in the list: it is newer, or wrong.", code(tag)),
    }
}

/// Newer versions of the same variant.
fn newer_versions(official: &OfficialImage<'_>, tag: &str) -> String {
    let patch = official.newer(tag, Step::Patch);
    let minor = official.newer(tag, Step::Minor).filter(|it| Some(it) != patch.as_ref());
    let names = [("patch version", patch), ("minor version", minor)];
    let told =
        names.into_iter().filter_map(|(what, it)| it.map(|it| format!("Newest {what}: {}", code(&it))));
    told.collect::<Vec<_>>().join(" · ")
}

/// What the image is made on, as far as its name and the index tell.
fn base_system(image: &ImageReference) -> Option<String> {
    let (name, tag) = (image.familiar_name()?, image.effective_tag()?);
    let official = image.official_name().and_then(index::image);
    let siblings = official.iter().flat_map(|it| it.listed_with(tag));
    let release =
        knowledge::release(tag).or_else(|| siblings.filter_map(|it| knowledge::release(&it)).next());
    let family = knowledge::distribution(&name, tag);
    let system = release.or_else(|| family.and_then(system).map(str::to_owned))?;
    let manager = family.and_then(knowledge::package_manager).map(|it| code(it.command));
    let packages = manager.map(|it| format!(", with {it} for packages")).unwrap_or_default();
    Some(format!("Base system: {system}{packages}"))
}

fn system(family: Distribution) -> Option<&'static str> {
    Some(match family {
        Distribution::Debian => "Debian or Ubuntu",
        Distribution::Alpine => "Alpine or Wolfi",
        Distribution::RedHat | Distribution::RedHatMinimal | Distribution::OldRedHat => "of Red Hat's family",
        Distribution::Suse => "SUSE",
        Distribution::Arch => "Arch Linux",
        Distribution::Tdnf => "Photon or Azure Linux",
        Distribution::Windows => "Windows",
        Distribution::WithoutPackages => return None,
    })
}

/// User and working directory of what is built on the image.
fn set_up(name: &str) -> String {
    let Some(defaults) = official_facts::defaults(name) else { return String::new() };
    let (user, folder) = (defaults.user.unwrap_or("root"), defaults.workdir.unwrap_or("/"));
    format!("User: {} · Working directory: {}", code(user), code(folder))
}

/// What the tag promises.
fn tag(image: &ImageReference) -> String {
    if image.is_pinned() {
        return "Pinned by digest: every build gets exactly this image.".to_owned();
    }
    match image.tag().known() {
        None if image.tag().is_absent() => {
            "No tag, so `latest`: another image after the next release.".to_owned()
        }
        Some("latest") => {
            "`latest` is whatever was published last: another image after the next release.".to_owned()
        }
        _ => String::new(),
    }
}
