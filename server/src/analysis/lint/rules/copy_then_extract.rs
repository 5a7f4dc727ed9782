//! `COPY a.tar.gz /` and then `RUN tar xf`.

use crate::analysis::lint::prelude::*;

rule! {
    /// An archive is copied and then unpacked, which `ADD` does in one step.
    ///
    /// `COPY` puts the archive into a layer of its own, where it stays even if a later `RUN` deletes it. `ADD` unpacks a local
    /// archive while it copies.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// COPY app.tar.gz /tmp/
    /// RUN tar -xzf /tmp/app.tar.gz -C /opt
    /// ```
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// ADD app.tar.gz /opt/
    /// ```
    name: "copy-then-extract",
    aliases: &["DL3010"],
    severity: Severity::Info,
    hadolint: Some(Severity::Info),
    url: "https://docs.docker.com/build/building/best-practices/#add-or-copy",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    let mut copied: Vec<(InstructionRef<'_>, &Word)> = Vec::new();
    for instruction in cx.instructions() {
        match (instruction.keyword, &instruction.node.arguments) {
            (Some(Keyword::Copy), Arguments::Copy(copy)) if instruction.flag("from").is_none() => {
                let words = copy.sources.iter().chain(&copy.destination);
                copied.extend(words.filter(|it| is_archive(it.raw())).map(|it| (instruction, it)));
            }
            (Some(Keyword::Run), _) => {
                let extracted = extracted(cx.cx, instruction);
                for (copy, word) in take(&mut copied, &extracted) {
                    let message =
                        "`ADD` copies and unpacks an archive in one step, without leaving it in a layer";
                    report.at(copy.absolute(word.range()), message);
                }
            }
            _ => {}
        }
    }
}

/// Takes one word for each `COPY` whose archive is among `names`.
fn take<'a>(
    copied: &mut Vec<(InstructionRef<'a>, &'a Word)>,
    names: &[String],
) -> Vec<(InstructionRef<'a>, &'a Word)> {
    let is_meant = |it: &(InstructionRef<'_>, &Word)| names.iter().any(|name| name == base(it.1.raw()));
    let mut found: Vec<_> = copied.iter().copied().filter(is_meant).collect();
    found.dedup_by_key(|it| it.0.id);
    copied.retain(|it| !found.iter().any(|found| found.0.id == it.0.id));
    found
}

fn base(path: &str) -> &str {
    path.trim_matches(['"', '\'']).rsplit('/').next().unwrap_or_default()
}

fn is_archive(path: &str) -> bool {
    const ENDINGS: &[&str] = &[
        ".tar", ".Z", ".bz2", ".gz", ".lz", ".lzma", ".tZ", ".tb2", ".tbz", ".tbz2", ".tgz", ".tlz", ".tpz",
        ".txz", ".xz",
    ];
    ENDINGS.iter().any(|it| base(path).ends_with(it))
}

/// The names of the archives that a `RUN` unpacks.
fn extracted(cx: &ModelContext<'_>, instruction: InstructionRef<'_>) -> Vec<String> {
    let Some(shell) = cx.shell(instruction.id) else { return Vec::new() };
    let is_strict = cx.profile == Profile::Hadolint;
    let words =
        shell.commands().filter(|it| unpacks(it, is_strict)).flat_map(|it| it.command.arguments.iter());
    words.map(|it| base(it.as_str()).to_owned()).collect()
}

/// hadolint does not know `tar xf`, without a dash.
fn unpacks(command: &ShellCommand, is_strict: bool) -> bool {
    const TOOLS: &[&str] =
        &["unzip", "gunzip", "bunzip2", "unlzma", "unxz", "zgz", "uncompress", "zcat", "gzcat"];
    let first = command.arguments.first().map_or("", |it| it.as_str());
    let has_bundle = !is_strict && !first.starts_with('-') && first.contains('x');
    let is_extracting = || has_bundle || command.has_any_flag(&["x", "extract", "get"]);
    command.is_any(TOOLS) || (command.is("tar") && is_extracting())
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn the_archive_is_known_by_its_name() {
        check_rule(
            "copy-then-extract",
            "FROM a\nCOPY x/b.tgz /tmp/\n     ^^^^^^^\nCOPY c.tgz /tmp/\nCOPY --from=d e.tgz /\nRUN tar xf /tmp/b.tgz && tar -xf e.tgz && tar -czf c.tgz .\nFROM f\nRUN tar -x -f c.tgz\n",
        );
    }
}
