//! `ADD app.py /app/`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `ADD` copies plain files here, which is what `COPY` is for.
    ///
    /// `ADD` does more than it says: it unpacks archives and downloads addresses. Where none of that is wanted, `COPY`
    /// tells the reader so, and nothing surprising happens when a file is renamed.
    ///
    /// ```dockerfile bad
    /// FROM python:3.14
    /// ADD requirements.txt /app/
    /// ```
    ///
    /// ```dockerfile good
    /// FROM python:3.14
    /// COPY requirements.txt /app/
    /// ```
    ///
    /// `ADD` is right for an archive that is to be unpacked, for an address and for a git repository:
    ///
    /// ```dockerfile good
    /// FROM scratch
    /// ADD rootfs.tar.xz /
    /// ADD https://example.com/data.json /data/
    /// ```
    name: "add-of-plain-files",
    aliases: &["DL3020"],
    severity: Severity::Info,
    hadolint: Some(Severity::Error),
    fix: FixSafety::Safe,
    url: "https://docs.docker.com/build/building/best-practices/#add-or-copy",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Add]), deferred: false, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Arguments::Copy(copy) = &cx.instruction.arguments else { return };
    let is_like_hadolint = cx.setting.profile == Profile::Hadolint;
    let is_heredoc = |word: &Word| cx.instruction.heredocs.iter().any(|it| it.marker == word.range());
    let is_plain = |word: &Word| {
        let path = word.literal().unwrap_or_else(|| word.raw().trim_matches(['"', '\'']).into());
        let needs_add = is_address(&path) || is_archive(&path);
        let is_unsure = word.has_variables() || is_git(&path) || has_archive_pattern(&path);
        !needs_add && !is_heredoc(word) && (is_like_hadolint || !is_unsure)
    };
    let has_plain_file = match is_like_hadolint {
        true => copy.sources.iter().any(is_plain),
        // One archive among the files is a reason for `ADD`.
        false => !copy.sources.is_empty() && copy.sources.iter().all(is_plain),
    };
    if !has_plain_file {
        return;
    }
    let name = cx.instruction.name.range();
    let draft = report.at(name, "plain files are copied with `COPY`: `ADD` also unpacks and downloads");
    let is_for_copy = copy.sources.iter().all(|it| is_plain(it) && !it.has_variables() && !is_git(it.raw()));
    let has_only_flags_of_copy = cx
        .instruction
        .flags
        .iter()
        .all(|it| ["chown", "chmod", "link", "exclude"].contains(&it.name.as_str()));
    if is_for_copy && has_only_flags_of_copy {
        draft.safe_fix("Write `COPY`", vec![TextEdit::new(name, written_as(cx.instruction.name.as_str()))]);
    }
}

fn written_as(old: &str) -> &'static str {
    if old.chars().all(char::is_lowercase) { "copy" } else { "COPY" }
}

fn is_address(path: &str) -> bool {
    ["http://", "https://"].iter().any(|it| path.starts_with(it))
}

/// <https://docs.docker.com/reference/dockerfile/#adding-files-from-a-git-repository>
fn is_git(path: &str) -> bool {
    let has_scheme = ["git://", "ssh://", "git@"].iter().any(|it| path.starts_with(it));
    has_scheme || path.starts_with("github.com/")
}

/// What Docker unpacks by content, and its users name like this.
const ARCHIVES: [&str; 20] = [
    ".tar", ".gz", ".tgz", ".bz2", ".tbz", ".tbz2", ".tb2", ".xz", ".txz", ".lz", ".tlz", ".lzma", ".Z",
    ".tZ", ".tpz", ".tar.gz", ".tar.bz2", ".tar.xz", ".zst", ".tzst",
];

fn is_archive(path: &str) -> bool {
    ARCHIVES.iter().any(|it| path.ends_with(it))
}

/// `dist/*.tar.gz*`, `ROOTFS.TAR.GZ`: an archive all the same.
fn has_archive_pattern(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let end = lower.trim_end_matches(['*', '?']);
    is_archive(end) || lower.contains(".tar") || path == "*"
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule, findings};

    #[test]
    fn archives_and_addresses_are_for_add() {
        check_rule(
            "add-of-plain-files",
            "FROM a\nADD a.tgz /\nADD a.tar b /\nADD https://x/y /\nADD git@x:y /\nADD [\"a.xz\", \"/\"]\nADD $X /\nADD <<E /x\nE\nADD . /\n^^^\nADD b c /\n^^^\n",
        );
    }

    #[test]
    fn the_fix_keeps_case_and_flags() {
        check_fix(
            "add-of-plain-files",
            "FROM a\nadd --chown=1 b /\nADD c /\n",
            "FROM a\ncopy --chown=1 b /\nCOPY c /\n",
        );
        assert!(findings("add-of-plain-files", "FROM a\nADD --unpack=false b /\n")[0].fix().is_none());
    }
}
