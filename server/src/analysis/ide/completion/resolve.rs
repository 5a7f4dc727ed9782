//! The documentation of one item, when the user looks at it.

use super::super::{hover, remote};
use crate::analysis::facts::Facts;
use crate::analysis::image::ImageReference;
use crate::analysis::image::index::{self, Status, TagStatus};
use crate::analysis::knowledge::{self, Keyword, MountType};
use crate::analysis::lint;

/// Markdown for the key of an item, or nothing when there is no more to say.
pub fn resolve(key: &str) -> Option<String> {
    let (kind, rest) = key.split_once(':')?;
    match kind {
        "instruction" => Some(hover::instruction::describe(knowledge::instruction(Keyword::parse(rest)?))),
        "flag" => flag(rest),
        "mount" => Some(hover::flag::describe_type(MountType::parse(rest)?)),
        "option" => option(rest),
        "snippet" => snippet(rest),
        "variable" => Some(hover::variable::about_name(rest)).filter(|it| !it.is_empty()),
        "modifier" => modifier(rest),
        "signal" => hover::list::signal(rest),
        "user" => Some(hover::list::user(rest)),
        "port" => hover::list::port(&rest.replace(':', "/")),
        "directive" => Some(hover::directive::describe(knowledge::directive(rest)?)),
        "check-option" => Some(hover::directive::describe(knowledge::check_option(rest)?)),
        "check" => check(rest),
        "rule" => rule(rest),
        "label" => label(rest),
        "command" => command(rest),
        "shell-flag" => shell_flag(rest),
        "image" => image(rest),
        "tag" => tag(rest),
        _ => None,
    }
}

/// The image with the tag that the key of an item stands for: what to ask a registry about.
pub fn tag_of(key: &str) -> Option<ImageReference> {
    let image = ImageReference::parse(key.strip_prefix("tag:")?);
    (image.errors.is_empty() && image.is_resolved() && !image.is_scratch()).then_some(image)
}

/// As [`resolve`] for the key of a tag, with what its registry said: date, sizes, digest.
pub fn resolve_tag(key: &str, known: &Facts) -> Option<String> {
    let offline = resolve(key);
    let image = tag_of(key)?;
    let platforms = known.platforms(&image).iter().map(|it| {
        let size = it.size.map(|bytes| format!(" {}", remote::size(bytes))).unwrap_or_default();
        format!("{}{size}", hover::code(&it.platform.to_string()))
    });
    let platforms = platforms.collect::<Vec<_>>().join(", ");
    let pushed = known.tag(&image).and_then(|it| it.pushed).map(|date| {
        let ago = remote::ago(date, known.today).map(|it| format!(" ({it})")).unwrap_or_default();
        format!("Pushed {date}{ago}")
    });
    let created = known.image(&image).and_then(|it| it.found()?.config.as_ref()?.created);
    let created = created.map(|date| format!("Created {date}"));
    let digest = known.digest(&image).map(|it| format!("Digest: {}", hover::code(&it)));
    let told = [pushed, created, Some(platforms), digest].map(Option::unwrap_or_default);
    if told.iter().all(String::is_empty) {
        return offline;
    }
    let repository = known.repository(&image).and_then(|it| it.found());
    let meaning = repository.and_then(|it| remote::meaning(it, image.effective_tag()?));
    let meaning = meaning.map(|it| format!("Stands for {}", hover::code(&it))).unwrap_or_default();
    let title = match offline {
        None => format!("**{}**", hover::code(image.text())),
        Some(_) => String::new(),
    };
    let parts = [offline.unwrap_or_default(), title, meaning].into_iter().chain(told);
    Some(hover::paragraphs(parts))
}

fn flag(rest: &str) -> Option<String> {
    let (keyword, name) = rest.split_once(':')?;
    let keyword = Keyword::parse(keyword)?;
    Some(hover::flag::describe(keyword, knowledge::flag(keyword, name)?))
}

fn option(rest: &str) -> Option<String> {
    let (mount_type, name) = rest.split_once(':')?;
    let mount_type = MountType::parse(mount_type)?;
    Some(hover::flag::describe_option(mount_type, knowledge::mount_option(mount_type, name)?))
}

fn snippet(label: &str) -> Option<String> {
    let doc = knowledge::snippet(label)?;
    let text = hover::block("dockerfile", &doc.plain());
    Some(hover::paragraphs([doc.summary.to_owned(), text, format!("[More]({})", doc.url)]))
}

fn modifier(symbol: &str) -> Option<String> {
    let doc = knowledge::modifier(symbol)?;
    let value = doc.example_value.map_or("not set".to_owned(), |value| format!("`{value}`"));
    let result = doc.example_result.map_or("the build fails".to_owned(), |it| format!("`{it}`"));
    let since = doc.since.map(|version| format!("Since Dockerfile syntax {version}. ")).unwrap_or_default();
    Some(hover::paragraphs([
        format!("**{}**", hover::code(doc.form)),
        doc.summary.to_owned(),
        format!("{}, with the variable {value}: {result}", hover::code(doc.example)),
        format!("{since}{}", hover::link(knowledge::MODIFIERS_URL)),
    ]))
}

fn check(name: &str) -> Option<String> {
    let doc = knowledge::check_named(name)?;
    Some(hover::paragraphs([format!("**{}**", doc.name), doc.summary.to_owned(), hover::link(doc.url)]))
}

fn rule(name: &str) -> Option<String> {
    lint::rule_named(name).map(|rule| rule.markdown())
}

fn label(key: &str) -> Option<String> {
    let doc = knowledge::label_named(key)?;
    let example = hover::block("dockerfile", &format!("LABEL {}=\"{}\"", doc.key, doc.example));
    Some(hover::paragraphs([doc.summary.to_owned(), example, hover::link(knowledge::LABELS_URL)]))
}

/// `name` or `name:subcommand`.
fn command(rest: &str) -> Option<String> {
    let (name, subcommand) = rest.split_once(':').unwrap_or((rest, ""));
    let command = knowledge::command(name)?;
    match command.subcommand(subcommand) {
        Some(found) => Some(hover::shell::describe_subcommand(command, found)),
        None => Some(hover::shell::describe_command(command)),
    }
}

/// `name:subcommand:flag`; the subcommand may be empty.
fn shell_flag(rest: &str) -> Option<String> {
    let mut parts = rest.splitn(3, ':');
    let command = knowledge::command(parts.next()?)?;
    let subcommand = command.subcommand(parts.next()?);
    Some(hover::shell::describe_flag(command, command.flag(subcommand, parts.next()?)?))
}

fn image(name: &str) -> Option<String> {
    let image = index::image(name)?;
    let status = match image.status {
        Status::Current => "An official image of Docker Hub.".to_owned(),
        Status::Deprecated => "**Deprecated**: take another image for new work.".to_owned(),
        Status::WithoutTags => "None of its tags is maintained any more.".to_owned(),
        Status::Removed(date) => {
            format!("**Left the official images on {date}**: it gets no security fixes.")
        }
    };
    let tags = image.tags().count();
    let page = format!("[Page of the image](https://hub.docker.com/_/{name})");
    let known = format!("{tags} tags are known, as of {}.", index::date());
    Some(hover::paragraphs([format!("**{name}**"), status, known, page]))
}

fn tag(rest: &str) -> Option<String> {
    let (name, tag) = rest.rsplit_once(':')?;
    let image = index::image(name)?;
    let text = match image.tag(tag) {
        TagStatus::Current { platforms } => {
            let platforms: Vec<String> = platforms.iter().map(|it| hover::code(&it.to_string())).collect();
            format!("Platforms: {}", platforms.join(", "))
        }
        TagStatus::Retired { since } => {
            format!("**Not maintained since {since}**: it can still be pulled, and gets no security fixes.")
        }
        TagStatus::Unknown => return None,
    };
    Some(hover::paragraphs([format!("**{name}:{tag}**"), text, format!("As of {}.", index::date())]))
}
