//! Flags and their values.

use smol_str::SmolStr;

use super::{Context, stage_paths};
use crate::analysis::ide::completion::cursor::Typed;
use crate::analysis::ide::completion::item::{Draft, ItemKind, List};
use crate::analysis::ide::completion::shell_words;
use crate::analysis::image::platform;
use crate::analysis::knowledge::{self, Channel, FlagDoc, Keyword, ValueKind};

pub fn add(cx: &Context<'_>, typed: &Typed, keyword: Keyword, used: &[SmolStr], list: &mut List) {
    let has_value = typed.next == Some('=');
    for flag in knowledge::flags(keyword).iter().filter(|it| !used.iter().any(|used| used == it.name)) {
        let name = format!("--{}", flag.name);
        let takes_value = !flag.is_bool();
        let label = if takes_value { format!("{name}=") } else { name.clone() };
        let text = if has_value { name.clone() } else { label.clone() };
        let draft = Draft::new(ItemKind::Flag, label)
            .detail(flag.summary)
            .key(format!("flag:{}:{}", keyword.as_str(), flag.name))
            // Without `=`, so that typing it asks for the values.
            .filter(name)
            .inserts(text)
            .deprecated(flag.channel == Channel::Labs);
        list.add(typed, if takes_value { draft.retriggers() } else { draft });
    }
    if keyword == Keyword::Run && !has_value {
        cache_mounts(cx, typed, list);
    }
}

/// Whole cache mounts for the programs that the command runs.
fn cache_mounts(cx: &Context<'_>, typed: &Typed, list: &mut List) {
    let Some(instruction) = cx.instruction() else { return };
    let text = stage_paths::script_text(cx.model, instruction);
    let line = instruction.node.joined.as_str();
    for command in shell_words::commands(&text) {
        let doc = command.first().and_then(|word| knowledge::command(&word.text));
        for folder in doc.iter().flat_map(|doc| doc.cache).filter(|it| !line.contains(it.target)) {
            let flag = folder.mount_flag();
            let detail = format!("keeps the cache of {}", command.first().map_or("", |it| it.text.as_str()));
            if !list.has(&flag) {
                list.add(typed, Draft::new(ItemKind::Flag, flag).detail(detail).key("mount:cache"));
            }
        }
    }
}

pub fn values(cx: &Context<'_>, typed: &Typed, keyword: Keyword, flag: &'static FlagDoc, list: &mut List) {
    let key = format!("flag:{}:{}", keyword.as_str(), flag.name);
    for choice in flag.value.choices() {
        let is_default = flag.default == Some(choice.value);
        let detail = if is_default { format!("{} The default.", choice.doc) } else { choice.doc.to_owned() };
        list.add(typed, Draft::new(ItemKind::Value, choice.value).detail(detail).key(key.clone()));
    }
    if flag.value == ValueKind::Platform {
        return platforms(cx, typed, list);
    }
    let examples = examples(flag);
    for (value, meaning) in examples {
        list.add(typed, Draft::new(ItemKind::Value, value).detail(meaning).key(key.clone()));
    }
}

/// Values that people use where any value of a kind is legal.
fn examples(flag: &FlagDoc) -> Vec<(String, String)> {
    let fixed: &[(&str, &str)] = match (flag.name, flag.value) {
        ("timeout", _) => {
            &[("3s", "three seconds"), ("5s", "five seconds"), ("10s", "ten seconds"), ("30s", "the default")]
        }
        ("start-period", _) => &[
            ("10s", "ten seconds to start"),
            ("30s", "half a minute to start"),
            ("1m", "a minute to start"),
            ("0s", "the default"),
        ],
        ("start-interval", _) => {
            &[("1s", "each second while starting"), ("2s", "each two seconds"), ("5s", "the default")]
        }
        ("interval", _) => &[
            ("30s", "the default"),
            ("10s", "each ten seconds"),
            ("1m", "each minute"),
            ("5m", "each five minutes"),
        ],
        ("retries", _) => {
            &[("3", "the default"), ("1", "unhealthy at the first failure"), ("5", "more patience")]
        }
        (_, ValueKind::Mode) => knowledge::PERMISSIONS.examples,
        (_, ValueKind::OctalMode) => &[
            ("0400", "only the owner reads"),
            ("0600", "only the owner reads and writes"),
            ("0755", "everybody reads and enters"),
        ],
        (_, ValueKind::Duration) => knowledge::DURATION.examples,
        (_, ValueKind::Checksum) => &[("sha256:", "the checksum of the file, 64 hexadecimal digits")],
        (_, ValueKind::Device) => {
            &[("nvidia.com/gpu=all", "all graphics cards of NVIDIA"), ("nvidia.com/gpu", "the first one")]
        }
        _ => &[],
    };
    fixed.iter().map(|(value, meaning)| (value.to_string(), meaning.to_string())).collect()
}

fn platforms(cx: &Context<'_>, typed: &Typed, list: &mut List) {
    let variables = [
        ("$BUILDPLATFORM", "the machine that builds: fast, for cross-compiling"),
        ("$TARGETPLATFORM", "what is built for, as without the flag"),
    ];
    for (name, meaning) in variables {
        list.add(
            typed,
            Draft::new(ItemKind::Variable, name).detail(meaning).key(format!("variable:{}", &name[1..])),
        );
    }
    let used = cx.model.stages().iter().filter_map(|stage| Some(stage.platform.as_ref()?.text()?.to_owned()));
    let used: Vec<String> = used.collect();
    let mut known: Vec<_> = platform::KNOWN.iter().collect();
    known.sort_by_key(|it| !used.iter().any(|used| used == it.name));
    for it in known {
        list.add(typed, Draft::new(ItemKind::Value, it.name).detail(it.purpose));
    }
}
