//! What a stage starts from: which image, what is in it, how old it is — as far as this file, the built-in list and the answers
//! of registries tell.

use super::text::{code, names};
use super::told::{Teller, joined};
use crate::analysis::facts::{Answer, Facts};
use crate::analysis::ide::remote;
use crate::analysis::image::index::{self, OfficialImage, Status, TagStatus};
use crate::analysis::image::{ImageReference, official_facts};
use crate::analysis::knowledge::{
    Distribution, ImageStart, WELL_KNOWN_IMAGES, distribution, image_start, package_manager,
};
use crate::analysis::model::{Base, Model, Stage, Unknown, Value};

/// Sentences about the beginning of `stage`; `known` is what registries have said.
pub fn about(teller: &Teller<'_>, stage: &Stage, known: &Facts) -> Vec<String> {
    let mut sentences = match &stage.base {
        Base::Stage(id) => vec![format!(
            "It goes on from stage {}: the same files, variables and settings, and what follows on top.",
            teller.stage_name(*id)
        )],
        Base::Scratch => vec![
            "It starts from `scratch`, which is no image but nothing at all: no files, no shell, no package manager. \
             Only what the steps below put in will be there."
                .to_owned(),
        ],
        Base::Missing => vec!["The `FROM` names no image, so it cannot be built.".to_owned()],
        Base::Image(value) => image(teller, stage, value, known),
    };
    sentences.extend(platform(stage));
    sentences
}

fn image(teller: &Teller<'_>, stage: &Stage, value: &Value, known: &Facts) -> Vec<String> {
    let mut sentences = vec![format!("It starts from the image {}.", teller.base_image(stage))];
    if let Some(image) = value.text().map(ImageReference::parse) {
        sentences.extend(contents(&image, known));
    } else if let Value::Unknown(Unknown::BuildArgument(_) | Unknown::Platform(_)) = value {
        sentences.push("So this file alone does not tell what is in it.".to_owned());
    }
    sentences
}

/// What is in an image, and how old it is.
fn contents(image: &ImageReference, known: &Facts) -> Vec<String> {
    let official = image.official_name().and_then(index::image);
    let mut sentences = Vec::new();
    match official {
        Some(official) => sentences.extend(official_image(&official, image, known)),
        None => sentences.extend(other_image(image, known)),
    }
    sentences.extend(told(image, known));
    if image.is_pinned() {
        sentences.push("It is pinned by its digest: every build gets exactly this image.".to_owned());
    }
    sentences
}

fn official_image(official: &OfficialImage<'_>, image: &ImageReference, known: &Facts) -> Vec<String> {
    let mut sentences = Vec::new();
    // What is said of an image that changed its purpose is not so for its old tags.
    let is_retired = |tag: &str| matches!(official.tag(tag), TagStatus::Retired { .. });
    let is_other = official.status == Status::Deprecated && image.effective_tag().is_some_and(is_retired);
    if let Some(purpose) = official_facts::purpose(official.name).filter(|_| !is_other) {
        sentences.push(format!("{} is an official image of Docker Hub: {purpose}", code(official.name)));
    } else {
        sentences.push(format!("{} is an official image of Docker Hub.", code(official.name)));
    }
    sentences.extend(system(official.name, image.effective_tag().unwrap_or_default()));
    sentences.extend(fate(official));
    if matches!(official.status, Status::Current | Status::Deprecated) {
        let tag = image.effective_tag().filter(|_| !image.is_pinned() || !image.tag().is_absent());
        // What the list does not have, the registry may.
        let is_news = |tag: &&str| known.tag(image).is_some() && official.tag(tag) == TagStatus::Unknown;
        let tag = tag.filter(|it| !is_news(it));
        sentences.extend(tag.map(|tag| age(official, tag, image.tag().is_absent())));
    }
    sentences
}

/// The distribution and how to install there.
fn system(repository: &str, tag: &str) -> Option<String> {
    let found = distribution(repository, tag)?;
    let manager = package_manager(found).map(|it| code(it.command));
    let what = match found {
        Distribution::Debian => "a system of the Debian family",
        Distribution::Alpine => "a system of the Alpine family",
        Distribution::RedHat | Distribution::RedHatMinimal | Distribution::OldRedHat => {
            "a system of the Red Hat family"
        }
        Distribution::Suse => "a SUSE system",
        Distribution::Arch => "Arch Linux",
        Distribution::Tdnf => "a small system",
        Distribution::WithoutPackages => return Some("It has no package manager.".to_owned()),
        Distribution::Windows => return Some("It is a Windows image.".to_owned()),
    };
    // The name already says it.
    if ["debian", "alpine", "ubuntu", "fedora"].contains(&repository) {
        return None;
    }
    manager.map(|it| format!("Below that is {what}, where {it} installs packages."))
}

fn fate(official: &OfficialImage<'_>) -> Option<String> {
    let successors = official_facts::successors(official.name);
    let instead = match successors.is_empty() {
        true => String::new(),
        false => {
            format!(" Its successor is {}.", names(successors.iter().copied(), 3).replace(" and ", " or "))
        }
    };
    match official.status {
        Status::Current => None,
        Status::Deprecated => Some(format!("Its makers advise against it for new work.{instead}")),
        Status::WithoutTags => Some(format!("None of its versions gets updates any more.{instead}")),
        Status::Removed(date) => Some(format!(
            "It left the official images on {date}: it gets no security fixes any more.{instead}"
        )),
    }
}

fn age(official: &OfficialImage<'_>, tag: &str, is_unsaid: bool) -> String {
    let name = match is_unsaid {
        true => "No version is asked for, which means `latest`: it".to_owned(),
        false => format!("The tag {}", code(tag)),
    };
    let date = index::date();
    match official.tag(tag) {
        TagStatus::Current { .. } => {
            let meaning = official.meaning(tag).map(|it| format!("stood for {} and ", code(&it)));
            let meaning = meaning.unwrap_or_default();
            format!("{name} {meaning}was kept up to date on {date}, the day of Dockwright's list.")
        }
        TagStatus::Retired { since } => {
            format!("{name} is old: it has had no updates since {since}, and no security fixes either.")
        }
        TagStatus::Unknown => {
            format!("{name} is not in Dockwright's list of {date}: it is newer than that, or misspelt.")
        }
    }
}

fn other_image(image: &ImageReference, known: &Facts) -> Vec<String> {
    let name = image.canonical_name().unwrap_or_default();
    let familiar = image.familiar_name().unwrap_or_default();
    let famous = WELL_KNOWN_IMAGES.iter().find(|(it, _)| *it == familiar || *it == name);
    let mut sentences: Vec<String> =
        famous.map(|(_, what)| format!("{}: {}", code(&familiar), end(what))).into_iter().collect();
    sentences.extend(system(&familiar, image.effective_tag().unwrap_or_default()));
    if known.image(image).is_some() || known.repository(image).is_some() {
        return sentences;
    }
    let registry = registry_of(image);
    sentences.push(format!(
        "It is not one of the official images that Dockwright knows by heart; what else is in it, and how old it is, {registry} could tell (nobody was asked)."
    ));
    sentences
}

fn registry_of(image: &ImageReference) -> String {
    match image.registry_host() {
        Some("docker.io") => "Docker Hub".to_owned(),
        Some(host) => code(host),
        None => "its registry".to_owned(),
    }
}

/// What the registry has said.
fn told(image: &ImageReference, known: &Facts) -> Vec<String> {
    let registry = registry_of(image);
    if known.repository(image).is_some_and(|it| it.value == Answer::Missing) {
        return vec![format!("{registry} has no such repository, or none that you may see.")];
    }
    let tag = image.effective_tag().unwrap_or_default();
    if known.image(image).is_some_and(|it| it.value == Answer::Missing) {
        return vec![format!("{registry} has no tag {} of it.", code(tag))];
    }
    let facts = [meaning(image, known), age_told(image, known), size_told(image, known)];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    let told = match facts.is_empty() {
        true => None,
        false => Some(format!("{registry} has said about it: {}.", facts.join("; "))),
    };
    told.into_iter().chain(settings(image, known)).collect()
}

fn meaning(image: &ImageReference, known: &Facts) -> Option<String> {
    let tag = image.effective_tag().filter(|_| !image.is_pinned())?;
    let full = remote::meaning(known.repository(image)?.found()?, tag)?;
    Some(format!("{} stands for {}", code(tag), code(&full)))
}

fn age_told(image: &ImageReference, known: &Facts) -> Option<String> {
    let created = || known.image(image)?.found()?.config.as_ref()?.created;
    let pushed = known.tag(image).filter(|_| !image.is_pinned()).and_then(|it| it.pushed);
    let (what, date) = pushed.map(|it| ("pushed", it)).or_else(|| Some(("made", created()?)))?;
    let ago = remote::ago(date, known.today).map(|it| format!(" ({it})")).unwrap_or_default();
    Some(format!("it was {what} on {date}{ago}"))
}

fn size_told(image: &ImageReference, known: &Facts) -> Option<String> {
    let platform = remote::chosen(known.platforms(image), None)?;
    let name = code(&platform.platform.to_string());
    Some(format!("{} are pulled for {name}", remote::size(platform.size?)))
}

/// What the steps of this file start with.
fn settings(image: &ImageReference, known: &Facts) -> Option<String> {
    let config = known.image(image)?.found()?.config.as_ref()?;
    let user = config.user.as_deref().map_or("root".to_owned(), code);
    let folder = code(config.workdir.as_deref().unwrap_or("/"));
    let words = [config.entrypoint.as_slice(), &config.command].concat();
    let start = match words.is_empty() {
        true => "names no program to start".to_owned(),
        false => format!("starts {}", code(&joined(&words))),
    };
    Some(format!(
        "Its user is {user}, its working directory {folder}, and it {start}, unless the file says otherwise."
    ))
}

fn end(phrase: &str) -> String {
    format!("{}.", phrase.trim_end_matches('.'))
}

fn platform(stage: &Stage) -> Option<String> {
    Some(match stage.platform.as_ref()? {
        Value::Unknown(Unknown::Platform(name)) if name == "BUILDPLATFORM" => {
            "It runs on the platform of the machine that builds, whatever the image is for (`--platform=$BUILDPLATFORM`).".to_owned()
        }
        Value::Unknown(Unknown::Platform(name)) if name == "TARGETPLATFORM" => return None,
        Value::Known(platform) => format!("It is always taken for the platform {}.", code(platform)),
        Value::Default { text, argument } => {
            format!("It is taken for the platform {}, unless the build argument {} says otherwise.", code(text), code(argument))
        }
        Value::Unknown(_) => return None,
    })
}

/// What the official image at the root of `stage` starts; `None` when that is not known.
pub fn start_of(model: &Model, stage: &Stage) -> Option<&'static ImageStart> {
    let Base::Image(value) = model.root_base(stage.id)? else { return None };
    let image = ImageReference::parse(value.text()?);
    let name = image.official_name()?;
    let is_windows =
        distribution(name, image.effective_tag().unwrap_or_default()) == Some(Distribution::Windows);
    image_start(name).filter(|_| !is_windows)
}

/// User and folder that the official image at the root of `stage` sets, as far as that is known.
pub fn defaults_of(model: &Model, stage: &Stage) -> Option<&'static official_facts::Defaults> {
    let Base::Image(value) = model.root_base(stage.id)? else { return None };
    official_facts::defaults(ImageReference::parse(value.text()?).official_name()?)
}
