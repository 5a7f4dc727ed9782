//! Hover on a flag, its value, and the options of `--mount`.

use super::{Hover, Place, block, code, link, paragraphs};
use crate::analysis::knowledge::{self, Channel, FlagDoc, Keyword, MountOption, MountType, ValueKind};
use crate::analysis::model::mount::{Mount, MountKind, mounts};
use crate::analysis::syntax::ast::{Flag, FlagOption};

pub(super) fn hover(at: &Place<'_>) -> Option<Hover> {
    let flag = at.node.flags.iter().find(|flag| at.touches(flag.range))?;
    let keyword = at.node.keyword?;
    let is_mount = keyword == Keyword::Run && flag.name.as_str() == "mount";
    if is_mount && let Some((mount_type, option)) = option_at(at, flag) {
        // A stage or an image has a page of its own.
        if names_source(at, &option) {
            return None;
        }
        if let Some(found) = mount(mount_type, &option) {
            return Some(found);
        }
    }
    let doc = knowledge::flag(keyword, flag.name.as_str())?;
    let on_value = flag.value.as_ref().filter(|value| at.touches(value.range()) && !value.raw().is_empty());
    if let Some(value) = on_value {
        // A stage or an image has a page of its own.
        if matches!(doc.value, ValueKind::Source | ValueKind::Image) {
            return None;
        }
        if let Some(choice) = doc.value.choices().iter().find(|it| it.value == value.raw()) {
            let text = paragraphs([format!("**{}**", choice.value), choice.doc.to_owned(), link(doc.url)]);
            return Some(Hover::new(value.range(), text));
        }
    }
    Some(Hover::new(flag.range, describe(keyword, doc)))
}

/// The page of a flag.
pub fn describe(keyword: Keyword, doc: &FlagDoc) -> String {
    let placeholder = if doc.is_bool() { String::new() } else { format!("={}", doc.value.placeholder()) };
    let labs =
        (doc.channel == Channel::Labs).then_some("Experimental: needs a `labs` version of `# syntax=`.");
    let since = doc.since.map(|version| format!("Since Dockerfile syntax {version}. "));
    let default = doc.default.map(|value| format!("Default: `{value}`."));
    let choices = doc.value.choices().iter().map(|it| format!("- `{}` — {}", it.value, it.doc));
    paragraphs([
        format!("**--{}{placeholder}** · {}", doc.name, keyword.as_str()),
        doc.summary.to_owned(),
        doc.details.to_owned(),
        choices.collect::<Vec<_>>().join("\n"),
        default.unwrap_or_default(),
        labs.unwrap_or_default().to_owned(),
        block("dockerfile", doc.example),
        format!("{}{}", since.unwrap_or_default(), link(doc.url)),
    ])
}

/// The option of a mount under the cursor; nothing on `--mount` itself.
fn option_at(at: &Place<'_>, flag: &Flag) -> Option<(MountType, FlagOption)> {
    let mount = mounts(at.node).into_iter().find(|mount| mount.range == flag.range)?;
    let mount_type = mount_type(&mount)?;
    mount.options.into_iter().find(|option| at.touches(option.range)).map(|it| (mount_type, it))
}

fn names_source(at: &Place<'_>, option: &FlagOption) -> bool {
    let is_source = option.name.as_str().eq_ignore_ascii_case("from");
    is_source && option.value.as_ref().is_some_and(|value| at.touches(value.range()))
}

fn mount(mount_type: MountType, option: &FlagOption) -> Option<Hover> {
    if option.name.as_str().eq_ignore_ascii_case("type") {
        return Some(Hover::new(option.range, describe_type(mount_type)));
    }
    let doc = knowledge::mount_option(mount_type, option.name.as_str())?;
    Some(Hover::new(option.range, describe_option(mount_type, doc)))
}

fn mount_type(mount: &Mount) -> Option<MountType> {
    Some(match mount.kind {
        MountKind::Bind => MountType::Bind,
        MountKind::Cache => MountType::Cache,
        MountKind::Tmpfs => MountType::Tmpfs,
        MountKind::Secret => MountType::Secret,
        MountKind::Ssh => MountType::Ssh,
        MountKind::Other(_) => return None,
    })
}

/// The page of a mount type.
pub fn describe_type(mount_type: MountType) -> String {
    let doc = knowledge::mount_type(mount_type);
    let build = doc.build_command.map(|command| format!("Build with:\n\n{}", block("sh", command)));
    let options = doc.options.iter().map(|it| format!("- `{}` — {}", it.name, it.doc));
    paragraphs([
        format!("**type={}** · RUN --mount", doc.mount_type.as_str()),
        doc.summary.to_owned(),
        doc.details.to_owned(),
        options.collect::<Vec<_>>().join("\n"),
        block("dockerfile", doc.example),
        build.unwrap_or_default(),
        link(doc.url),
    ])
}

pub(in crate::analysis::ide) fn describe_option(mount_type: MountType, doc: &MountOption) -> String {
    let others = doc.aliases.iter().map(|alias| code(alias)).collect::<Vec<_>>().join(", ");
    let others = if others.is_empty() { others } else { format!("Also written {others}.") };
    let default = doc.default.map(|value| format!("Default: `{value}`."));
    paragraphs([
        format!("**{}={}** · type={}", doc.name, doc.value.placeholder(), mount_type.as_str()),
        doc.doc.to_owned(),
        if doc.needed { "Must be given.".to_owned() } else { String::new() },
        default.unwrap_or_default(),
        others,
        link(knowledge::mount_type(mount_type).url),
    ])
}
