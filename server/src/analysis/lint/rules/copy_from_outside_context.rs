//! `COPY ../x`, `COPY /home/me/x`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `COPY` takes a path of your machine, but it sees only the build context.
    ///
    /// The build context is the folder at the end of `docker build …` (often `.`). The builder gets that folder and
    /// nothing else: `..` stops at its top, and `/home/me/app` is looked for *inside* it. Usually the build then stops
    /// with "not found"; at worst another file is copied.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// COPY ../shared /app/shared
    /// ```
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// COPY /home/me/project /app
    /// ```
    ///
    /// Build from a folder that has everything (`docker build -f app/Dockerfile .`) and write paths from there:
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// COPY shared /app/shared
    /// COPY app /app
    /// ```
    ///
    /// Another folder can be given a name: `docker build --build-context shared=../shared .`, then
    /// `COPY --from=shared . /app/shared`.
    name: "copy-from-outside-context",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#adding-files-from-the-build-context",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for instruction in [Keyword::Add, Keyword::Copy].into_iter().flat_map(|it| cx.with_keyword(it)) {
        let Arguments::Copy(copy) = &instruction.node.arguments else { continue };
        if instruction.node.flag("from").is_some() {
            continue;
        }
        for source in copy.sources.iter().filter(|_| copy.destination.is_some()) {
            let value = cx.model.expand(source, instruction.id);
            let Some((path, message)) = value.text().and_then(|it| Some((it, fault(it)?))) else { continue };
            let range = instruction.absolute(source.range());
            let draft = report.at(range, message);
            if let Some(name) = last_name(path).filter(|_| path == source.raw()) {
                let title = format!("Write `{name}`, and put that into the folder you build from");
                draft.unsafe_fix(title, vec![TextEdit::new(range, name)]);
            }
        }
    }
}

fn fault(path: &str) -> Option<String> {
    if leaves_context(path) {
        return Some(format!(
            "`{path}` leads out of the build context, which is all that `COPY` sees: move the context up, or the files in"
        ));
    }
    let is_home = ["/home/", "/Users/", "/mnt/c/"].iter().any(|it| path.starts_with(it));
    let is_drive = matches!(path.as_bytes(), [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic());
    (is_home || is_drive).then(|| {
        format!("`{path}` looks like a path of your machine, but `COPY` looks inside the build context: write it from there")
    })
}

/// The name of the file or folder, as it would be called at the top of the context.
fn last_name(path: &str) -> Option<&str> {
    let name = path.trim_end_matches('/').rsplit(['/', '\\']).next()?;
    (!matches!(name, "" | "." | "..") && !name.contains(':')).then_some(name)
}

/// Whether `..` goes further up than the path has come down.
fn leaves_context(path: &str) -> bool {
    let mut depth = 0i32;
    path.split('/').filter(|it| !it.is_empty() && *it != ".").any(|part| {
        depth += if part == ".." { -1 } else { 1 };
        depth < 0
    })
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn the_file_is_looked_for_where_the_build_looks() {
        check_fix(
            "copy-from-outside-context",
            "FROM a\nCOPY ../m/model.pkl b /x/\nCOPY /home/me/app/ /x\n",
            "FROM a\nCOPY model.pkl b /x/\nCOPY app /x\n",
        );
    }

    #[test]
    fn only_paths_that_cannot_be_in_the_context() {
        check_rule(
            "copy-from-outside-context",
            "FROM a\nCOPY a/../../b C:\\\\c ./d/.. /e\n     ^^^^^^^^^ leads out\n               ^^^^^ your machine\nADD /Users/me/x /\n    ^^^^^^^^^^^ inside the build context\nCOPY /etc/x /etc/x\nCOPY --from=b ../x /home/me/x /\nADD https://a/../b /\n",
        );
    }
}
