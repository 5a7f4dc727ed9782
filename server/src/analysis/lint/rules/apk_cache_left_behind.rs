//! `apk add` without `--no-cache`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::shell_rules::leftovers;

rule! {
    /// `apk add` leaves the package index in the image.
    ///
    /// Without `--no-cache` the index that `apk` downloads stays in `/var/cache/apk`: megabytes that nobody reads, and that
    /// are out of date when the next command wants to install something.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// RUN apk add curl
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// RUN apk add --no-cache curl
    /// ```
    name: "apk-cache-left-behind",
    aliases: &["DL3019"],
    severity: Severity::Info,
    hadolint: Some(Severity::Info),
    fix: FixSafety::Safe,
    url: "https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    let is_strict = cx.setting.profile == Profile::Hadolint;
    // With a folder there, apk keeps the index in it and nowhere else.
    let is_mounted = leftovers::is_mounted(&["/var/cache/apk"], cx)
        || (!is_strict && leftovers::is_mounted(&["/etc/apk/cache"], cx));
    if is_mounted
        || !leftovers::reaches_an_image(cx)
        || (!is_strict && cx.calls(&["rm"]).any(|it| removes(&it)))
    {
        return;
    }
    // Without the network no index is fetched: what is installed was downloaded before.
    let leaves_nothing =
        |it: &Called<'_>| it.has_flag("no-cache") || (!is_strict && it.has_flag("no-network"));
    for called in cx.calls(&["apk"]).filter(|it| !leaves_nothing(it)) {
        let Some(add) = called.command.arguments.iter().find(|it| it.text == "add") else { continue };
        let message = "leaves the package index in the image: write `apk add --no-cache`";
        let draft = report.at(called.name_range().cover(add.range), message);
        if called.part.is_editable() {
            let insert = TextEdit::insert(add.range.end(), " --no-cache");
            draft.safe_fix("Add `--no-cache`", vec![insert]);
        }
    }
}

fn removes(command: &ShellCommand) -> bool {
    let is_it = |path: &str| {
        path.starts_with("/var/cache/apk") || matches!(path, "/var/cache" | "/var/cache/" | "/var/cache/*")
    };
    command.arguments.iter().any(|it| is_it(it.as_str()))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn what_is_removed_or_mounted_is_not_left() {
        check_rule(
            "apk-cache-left-behind",
            "FROM a\nRUN apk -U add b\n    ^^^^^^^^^^\nRUN apk --no-cache add b; apk del c; apk add --no-network d\nRUN apk add b && rm -rf /var/cache/apk/*\nRUN apk add b && rm -rf /var/cache/*\nRUN --mount=type=cache,target=/var/cache/apk apk add b\nONBUILD RUN apk add b\n            ^^^^^^^\n",
        );
    }

    #[test]
    fn only_stages_that_are_shipped_count() {
        check_rule(
            "apk-cache-left-behind",
            "FROM a AS x\nRUN apk add b\nFROM x AS y\nRUN apk add b\nFROM a AS z\nRUN apk add b\n    ^^^^^^^\nFROM z\nCOPY --from=y b b\n",
        );
    }

    #[test]
    fn the_fix_adds_the_flag() {
        check_fix("apk-cache-left-behind", "FROM a\nRUN apk add b\n", "FROM a\nRUN apk add --no-cache b\n");
    }
}
