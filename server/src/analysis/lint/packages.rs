//! Package managers as commands call them, and what the base image of a stage has.

use super::prelude::*;
use crate::analysis::knowledge::{Distribution, distribution};
use crate::analysis::model::Stage;
use crate::analysis::model::shell::ShellCommand;

/// The programs that install packages of a distribution.
pub const MANAGERS: &[&str] =
    &["apt-get", "apt", "aptitude", "apk", "yum", "dnf", "microdnf", "tdnf", "zypper", "pacman"];

/// Whether the command changes what is installed.
pub fn installs(command: &ShellCommand) -> bool {
    let has = |words: &[&str]| command.has_any_argument(words);
    match command.name() {
        "apt-get" | "apt" | "aptitude" => {
            has(&["install", "upgrade", "dist-upgrade", "full-upgrade", "build-dep", "remove", "purge"])
        }
        "apk" => has(&["add", "del", "upgrade"]),
        "yum" | "dnf" | "microdnf" | "tdnf" | "zypper" => {
            has(&["install", "update", "upgrade", "in", "remove"])
        }
        "pacman" => command.has_any_flag(&["S", "U", "R"]),
        _ => false,
    }
}

/// Whether `command` downloads Debian's package lists.
pub fn updates_apt(command: &ShellCommand) -> bool {
    command.is_any(&["apt-get", "apt", "aptitude"]) && command.has_argument("update")
}

/// Whether `command` needs Debian's package lists to be there.
pub fn needs_apt_lists(command: &ShellCommand) -> bool {
    let needs = ["install", "build-dep"];
    let is_local = |it: &str| it.ends_with(".deb") || it.starts_with(['.', '/']);
    command.is_any(&["apt-get", "apt", "aptitude"])
        && command.has_any_argument(&needs)
        && !command.has_argument("update")
        && !command.arguments.iter().any(|it| is_local(it.as_str()))
}

/// Where another command and `&&` can be put before `called`, a command of `run`, and before what is set for it; absolute.
/// `None` behind `sudo` and the like, which would then hold for that other command alone.
pub fn first_of_list(cx: &ModelContext<'_>, run: InstructionRef<'_>, called: Called<'_>) -> Option<TextSize> {
    let range = run.absolute(called.words_range());
    let start = run.absolute(called.range).start();
    let before = cx.source(TextRange::new(run.absolute_range().start(), start));
    let last = before.split_whitespace().rfind(|it| *it != "\\")?;
    let begins_list =
        last.eq_ignore_ascii_case("RUN") || last == "&&" || last.ends_with(';') || last.starts_with("--");
    let is_first = begins_list && called.wrappers.is_empty();
    let is_written = called.part.is_editable() && cx.source(range).starts_with(called.name());
    (is_first && is_written).then_some(start)
}

/// Whether the program can be there on that distribution.
pub fn belongs_to(manager: &str, distribution: Distribution) -> bool {
    match distribution {
        Distribution::Debian => matches!(manager, "apt-get" | "apt" | "aptitude"),
        Distribution::Alpine => manager == "apk",
        Distribution::RedHat | Distribution::RedHatMinimal | Distribution::OldRedHat => {
            matches!(manager, "yum" | "dnf" | "microdnf")
        }
        Distribution::Suse => manager == "zypper",
        Distribution::Arch => manager == "pacman",
        Distribution::Tdnf => matches!(manager, "tdnf" | "dnf" | "yum"),
        // Nothing is known of what is put there.
        Distribution::WithoutPackages | Distribution::Windows => true,
    }
}

/// The image at the root of `stage`, if its name is known.
pub fn root_image(cx: &ModelContext<'_>, stage: &Stage) -> Option<ImageReference> {
    match cx.model.root_base(stage.id)? {
        Base::Image(value) => Some(ImageReference::parse(value.text()?)),
        _ => None,
    }
}

/// The distribution of that image, as far as its name tells.
pub fn base_distribution(cx: &ModelContext<'_>, stage: &Stage) -> Option<Distribution> {
    let image = root_image(cx, stage)?;
    let tag = image.tag().known().unwrap_or_default();
    // Debian in older versions, and still with `-debian`.
    if image.official_name() == Some("mysql") && !tag.contains("oracle") {
        return None;
    }
    distribution(&image.familiar_name()?, tag)
}

/// What people call it.
pub fn name_of(distribution: Distribution) -> &'static str {
    match distribution {
        Distribution::Debian => "Debian or Ubuntu",
        Distribution::Alpine => "Alpine",
        Distribution::RedHat | Distribution::RedHatMinimal | Distribution::OldRedHat => "the Red Hat family",
        Distribution::Suse => "SUSE",
        Distribution::Arch => "Arch Linux",
        Distribution::Tdnf => "Azure Linux or Photon",
        Distribution::WithoutPackages => "nothing that has packages",
        Distribution::Windows => "Windows",
    }
}
