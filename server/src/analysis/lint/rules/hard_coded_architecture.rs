//! A download for amd64 where the platform of the build belongs.

use crate::analysis::knowledge::Distribution;
use crate::analysis::lint::packages::{base_distribution, root_image};
use crate::analysis::lint::prelude::*;
use crate::analysis::lint::sections::is_for_several_platforms;
use crate::analysis::model::Stage;

rule! {
    /// A program for one processor is downloaded, whatever processor the image is built for.
    ///
    /// A program for amd64 does not start on ARM ("exec format error"), or slowly in an emulator: on a Mac with Apple
    /// silicon, on many cloud machines, on a Raspberry Pi. If the file uses `TARGETARCH` or
    /// `--platform=$BUILDPLATFORM`, it is surely built for others too, and this is a warning; else it is a hint.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// ADD https://example.org/tool-linux-amd64 /usr/local/bin/tool
    /// ```
    ///
    /// ```dockerfile bad
    /// FROM --platform=$BUILDPLATFORM golang:1.25 AS build
    /// ARG TARGETARCH
    /// RUN GOARCH=$TARGETARCH go build -o /app .
    ///
    /// FROM debian:13
    /// RUN curl -fsSLO https://example.org/tool-linux-amd64
    /// COPY --from=build /app /app
    /// ```
    ///
    /// BuildKit sets `TARGETARCH` to `amd64`, `arm64` and so on:
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// ARG TARGETARCH
    /// RUN curl -fsSLO https://example.org/tool-linux-$TARGETARCH
    /// ```
    ///
    /// Some projects name the processor in another way (`x86_64`, `aarch64`); `uname -m` does too. If the image is meant
    /// for amd64 only, say so with `FROM --platform=linux/amd64`.
    name: "hard-coded-architecture",
    aliases: &[],
    url: "https://docs.docker.com/build/building/multi-platform/",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    let downloads = [Keyword::Run, Keyword::Add].into_iter().flat_map(|it| cx.with_keyword(it));
    for instruction in downloads {
        let joined = instruction.node.joined.as_str();
        let is_for_one = ARCHITECTURES.iter().any(|it| joined.contains(it)) && !is_handled(joined);
        let stage = cx.model.stage_of(instruction.id).filter(|_| is_for_one);
        if stage.is_some_and(|stage| !is_for_amd64(cx, stage)) {
            check_instruction(cx, instruction, report);
        }
    }
}

/// Whether the text asks which processor it is, or knows others.
fn is_handled(text: &str) -> bool {
    let others = ["arm64", "aarch64", "armhf", "armv7", "uname", "print-arch", "$(arch", "`arch"];
    let variables = ["TARGETARCH", "TARGETPLATFORM", "_ARCH", "$ARCH", "{ARCH", " ARCH="];
    others.iter().chain(&variables).any(|it| text.contains(it))
}

/// Whether the stage is meant for one platform: it says so, or the name of its base image does.
fn is_for_amd64(cx: &ModelContext<'_>, stage: &Stage) -> bool {
    let names_one = |it: ImageReference| {
        let (name, tag) =
            (it.familiar_name().unwrap_or_default(), it.tag().known().unwrap_or_default().to_owned());
        ARCHITECTURES.iter().any(|it| name.contains(it) || tag.contains(it))
    };
    stage.platform.is_some()
        || root_image(cx, stage).is_some_and(names_one)
        || base_distribution(cx, stage) == Some(Distribution::Windows)
}

fn check_instruction(cx: &ModelContext<'_>, instruction: InstructionRef<'_>, report: &mut Report<'_>) {
    if let Arguments::Copy(copy) = &instruction.node.arguments {
        for source in copy.sources.iter().filter(|it| it.raw().contains("://")) {
            if let Some(name) = architecture(source.raw()) {
                found(cx, instruction.absolute(source.range()), name, report);
            }
        }
        return;
    }
    let Some(shell) = cx.shell(instruction.id) else { return };
    let is_download = |it: &Called<'_>| it.is_any(&["curl", "wget", "aria2c"]) && it.place.is_top_level();
    for called in shell.commands().filter(is_download) {
        for word in addresses(called.command) {
            if let Some(name) = architecture(word.as_str()) {
                found(cx, instruction.absolute(word.range), name, report);
            }
        }
    }
}

/// The arguments that say what to download, not where to.
fn addresses(command: &ShellCommand) -> impl Iterator<Item = &ShellWord> + use<'_> {
    let with_value: &[&str] = match command.name() {
        "wget" => &["O", "output-document", "P", "directory-prefix", "header", "o"],
        _ => &["o", "output", "H", "header", "d", "dir"],
    };
    let words = command.arguments_without_flags_and_values(with_value).into_iter();
    words.filter(|it| it.as_str().contains("://") || it.as_str().starts_with('$'))
}

/// Whether the file is the same for every processor, as keys and lists of packages are, or not for Linux.
fn is_for_all(address: &str) -> bool {
    let last = address.rsplit('/').next().unwrap_or(address).trim_end_matches(['"', '\'']);
    let endings = [".repo", ".list", ".asc", ".gpg", ".key", ".txt", ".sig", ".xml", ".json"];
    let is_plain = endings.iter().any(|it| last.ends_with(it));
    is_plain || last.contains("noarch") || address.contains("windows") || address.contains("darwin")
}

fn found(cx: &ModelContext<'_>, range: TextRange, name: &str, report: &mut Report<'_>) {
    if is_for_several_platforms(cx.model.file().text()) {
        let message = format!(
            "this is for `{name}` only, and the file is built for other platforms too: choose it by `TARGETARCH`"
        );
        report.at(range, message);
    } else {
        let instead = match name {
            "amd64" => "add `ARG TARGETARCH` and write `$TARGETARCH` for it",
            _ => "choose the file by `TARGETARCH` or `uname -m`",
        };
        let message = format!(
            "this is for `{name}` only and does not run on ARM (Apple silicon, many cloud machines): {instead}"
        );
        report.at(range, message).severity(Severity::Hint);
    }
}

const ARCHITECTURES: [&str; 4] = ["amd64", "x86_64", "x86-64", "linux-x64"];

/// The processor that the address of a download names.
fn architecture(text: &str) -> Option<&'static str> {
    ARCHITECTURES.into_iter().find(|it| text.contains(it)).filter(|_| !is_for_all(text))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn a_file_for_other_platforms_is_warned() {
        check_rule(
            "hard-coded-architecture",
            "FROM a\nARG TARGETARCH\nRUN curl -O https://x/y-amd64 -o z\n            ^^^^^^^^^^^^^^^^^ `amd64` only, and\nRUN if b; then wget https://x/amd64; fi\nFROM --platform=linux/amd64 a\nRUN wget https://x/x86_64\n",
        );
    }

    #[test]
    fn elsewhere_it_is_a_hint() {
        check_rule(
            "hard-coded-architecture",
            "FROM a\nRUN wget -qO /x-amd64 $URL/y-linux-amd64.tar.gz\n                      ^^^^^^^^^^^^^^^^^^^^^^^^^ ARM\nADD --chown=1 https://x/x86_64.deb /d/\n              ^^^^^^^^^^^^^^^^^^^^ `x86_64`\nRUN curl https://x/amd64-$(uname -m)\nRUN wget https://x/x86_64/epel.noarch.rpm\nADD https://x/amd64/a.repo /\nRUN curl https://x/windows_amd64.zip\nADD x-amd64.tar /\n",
        );
    }

    #[test]
    fn an_image_for_one_platform_is_fine() {
        check_rule("hard-coded-architecture", "FROM amd64/debian\nRUN curl https://x/amd64\n");
        check_rule("hard-coded-architecture", "FROM a:1-amd64\nRUN curl https://x/amd64\n");
    }
}
