//! The options of `RUN --mount` and their values.

use smol_str::SmolStr;

use super::Context;
use crate::analysis::ide::completion::cursor::Typed;
use crate::analysis::ide::completion::item::{Draft, ItemKind, List};
use crate::analysis::knowledge::{self, MountOption, MountType, ValueKind};
use crate::analysis::model::mount::mounts;

/// What may follow a value of a closed list.
const ENDS_VALUE: &[&str] = &[","];

pub fn options(typed: &Typed, mount_type: MountType, used: &[SmolStr], list: &mut List) {
    if used.is_empty() {
        whole_types(typed, list);
    } else if !used.iter().any(|it| it == "type") {
        let draft = Draft::new(ItemKind::Option, "type=").filter("type").detail("what kind of mount it is");
        list.add(typed, draft.inserts(with_equals(typed, "type")).retriggers());
    }
    for option in knowledge::mount_type(mount_type).options {
        let is_used = used.iter().any(|used| option.is_called(used));
        // One of a pair such as `rw` and `readonly` is enough.
        let is_opposed =
            contradicts(option.name).is_some_and(|other| used.iter().any(|it| other.contains(&it.as_str())));
        if is_used || is_opposed {
            continue;
        }
        let takes_value = !option.may_stand_alone();
        let label = if takes_value { format!("{}=", option.name) } else { option.name.to_owned() };
        let text = if takes_value { with_equals(typed, option.name) } else { label.clone() };
        let draft = Draft::new(ItemKind::Option, label)
            .detail(option.doc)
            .key(format!("option:{}:{}", mount_type.as_str(), option.name))
            .filter(option.name)
            .inserts(text);
        list.add(typed, if takes_value { draft.retriggers() } else { draft.commits_with(ENDS_VALUE) });
    }
}

fn contradicts(name: &str) -> Option<&'static [&'static str]> {
    match name {
        "rw" => Some(&["readonly", "ro"]),
        "readonly" => Some(&["rw", "readwrite"]),
        _ => None,
    }
}

fn with_equals(typed: &Typed, name: &str) -> String {
    if typed.next == Some('=') { name.to_owned() } else { format!("{name}=") }
}

/// `type=cache`, as the first thing in a mount.
fn whole_types(typed: &Typed, list: &mut List) {
    for mount_type in offered_types() {
        let text = format!("type={}", mount_type.as_str());
        list.add(typed, mount_type_draft(mount_type, text.clone(), text));
    }
}

/// What one uses most often first.
fn offered_types() -> [MountType; 5] {
    [MountType::Cache, MountType::Bind, MountType::Secret, MountType::Ssh, MountType::Tmpfs]
}

fn mount_type_draft(mount_type: MountType, label: String, text: String) -> Draft {
    let doc = knowledge::mount_type(mount_type);
    Draft::new(ItemKind::Value, label)
        .detail(doc.summary)
        .key(format!("mount:{}", mount_type.as_str()))
        .inserts(text)
        .commits_with(ENDS_VALUE)
}

pub fn types(typed: &Typed, list: &mut List) {
    for mount_type in offered_types() {
        let name = mount_type.as_str().to_owned();
        list.add(typed, mount_type_draft(mount_type, name.clone(), name));
    }
}

pub fn values(
    cx: &Context<'_>,
    typed: &Typed,
    mount_type: MountType,
    option: &'static MountOption,
    list: &mut List,
) {
    let key = format!("option:{}:{}", mount_type.as_str(), option.name);
    for choice in option.value.choices() {
        let draft = Draft::new(ItemKind::Value, choice.value).detail(choice.doc).key(key.clone());
        list.add(typed, draft.commits_with(ENDS_VALUE));
    }
    for (value, meaning) in examples(cx, mount_type, option) {
        if !list.has(&value) {
            list.add(typed, Draft::new(ItemKind::Value, value).detail(meaning).key(key.clone()));
        }
    }
}

fn examples(cx: &Context<'_>, mount_type: MountType, option: &MountOption) -> Vec<(String, String)> {
    let fixed: &[(&str, &str)] = match option.value {
        ValueKind::OctalMode => &[
            ("0400", "only the owner reads"),
            ("0440", "owner and group read"),
            ("0600", "only the owner reads and writes"),
            ("0755", "everybody reads and enters"),
        ],
        ValueKind::Id => &[("0", "root"), ("1000", "the first user of most images")],
        ValueKind::Size => &[("64m", "64 megabytes"), ("512m", "512 megabytes"), ("1g", "one gigabyte")],
        _ => &[],
    };
    let fixed = fixed.iter().map(|(value, meaning)| (value.to_string(), meaning.to_string()));
    fixed.chain(used_values(cx, mount_type, option)).collect()
}

/// Names that the file has in the same option already: caches and secrets are shared by name.
fn used_values(cx: &Context<'_>, mount_type: MountType, option: &MountOption) -> Vec<(String, String)> {
    if !matches!(option.value, ValueKind::Name | ValueKind::VariableName) {
        return Vec::new();
    }
    let mut found: Vec<(String, String)> = Vec::new();
    for instruction in cx.model.file().instructions().filter(|it| Some(it.id) != cx.site.instruction) {
        for mount in mounts(instruction.node.innermost()) {
            let is_same = mount.kind_text.as_ref().is_some_and(|it| it.as_str() == mount_type.as_str());
            let value = mount.option(&[option.name]).filter(|_| is_same);
            found.extend(value.map(|it| (it.as_str().to_owned(), "used elsewhere in this file".to_owned())));
        }
    }
    if option.value == ValueKind::Name && mount_type == MountType::Ssh {
        found.push(("default".to_owned(), "the agent of `--ssh default`".to_owned()));
    }
    found
}
