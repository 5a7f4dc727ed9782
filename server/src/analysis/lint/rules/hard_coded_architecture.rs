//! A download for amd64 in a file for several platforms.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::sections::is_for_several_platforms;

rule! {
    /// A file for several platforms downloads the program of one.
    ///
    /// The file uses `TARGETARCH` or `--platform=$BUILDPLATFORM`, so it is built for other processors too. There a
    /// program for amd64 does not start, or slowly in an emulator.
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
    /// ```dockerfile good
    /// FROM --platform=$BUILDPLATFORM golang:1.25 AS build
    /// ARG TARGETARCH
    /// RUN GOARCH=$TARGETARCH go build -o /app .
    ///
    /// FROM debian:13
    /// ARG TARGETARCH
    /// RUN curl -fsSLO https://example.org/tool-linux-$TARGETARCH
    /// COPY --from=build /app /app
    /// ```
    ///
    /// Some projects name the processor in another way (`x86_64`, `aarch64`); `uname -m` does too.
    name: "hard-coded-architecture",
    aliases: &[],
    url: "https://docs.docker.com/build/building/multi-platform/",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    let names_one = |it: &InstructionRef<'_>| architecture(it.node.joined.as_str()).is_some();
    for run in cx.with_keyword(Keyword::Run).filter(names_one) {
        if !is_for_several_platforms(cx.model.file().text()) {
            return;
        }
        let joined = run.node.joined.as_str();
        let is_handled = ["arm64", "aarch64", "TARGETARCH", "TARGETPLATFORM", "uname", "ARCH"];
        let is_fixed = cx.model.stage_of(run.id).is_none_or(|it| it.platform.is_some());
        if is_fixed || is_handled.iter().any(|it| joined.contains(it)) {
            continue;
        }
        let Some(shell) = cx.shell(run.id) else { continue };
        for called in shell.commands().filter(|it| it.is_any(&["curl", "wget"]) && it.place.is_top_level()) {
            let url = called.arguments.iter().find(|it| architecture(it.as_str()).is_some());
            let Some((word, architecture)) = url.and_then(|it| Some((it, architecture(it.as_str())?))) else {
                continue;
            };
            let message = format!(
                "this is a program for `{architecture}` only, and the file is built for other platforms too: use `$TARGETARCH`"
            );
            report.at(run.absolute(word.range), message);
        }
    }
}

const ARCHITECTURES: [&str; 4] = ["amd64", "x86_64", "x86-64", "linux-x64"];

/// The processor that the address of a download names.
fn architecture(text: &str) -> Option<&'static str> {
    ARCHITECTURES.into_iter().find(|it| text.contains("://") && text.contains(it))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn only_where_other_platforms_are_meant() {
        check_rule(
            "hard-coded-architecture",
            "FROM a\nARG TARGETARCH\nRUN curl -O https://x/y-amd64 -o z\n            ^^^^^^^^^^^^^^^^^ `amd64` only\nRUN if b; then wget https://x/amd64; fi\nFROM --platform=linux/amd64 a\nRUN wget https://x/x86_64\n",
        );
        check_rule("hard-coded-architecture", "FROM a\nRUN curl https://x/amd64\n");
    }
}
