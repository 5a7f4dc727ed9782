//! `COPY . ~/app`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `~` is not the home folder here: only a shell replaces it.
    ///
    /// `COPY app ~/app` makes a folder that is called `~` in the working directory, and `WORKDIR ~` moves into one.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// COPY app ~/app
    /// ```
    ///
    /// Write the whole path:
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// COPY app /root/app
    /// ```
    name: "unexpanded-tilde",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#copy",
    check: Check::Instruction {
        on: On::Keywords(&[Keyword::Add, Keyword::Copy, Keyword::Volume, Keyword::Workdir]),
        deferred: true,
        check,
    },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let words: Vec<&Word> = match &cx.instruction.arguments {
        Arguments::Copy(copy) => copy.sources.iter().chain(&copy.destination).collect(),
        Arguments::List(list) => list.items.iter().collect(),
        Arguments::Single(word) => word.iter().collect(),
        _ => Vec::new(),
    };
    for word in words.into_iter().filter(|it| begins_with_home(it.raw())) {
        let is_source = matches!(&cx.instruction.arguments, Arguments::Copy(it) if it.sources.iter().any(|it| it == word));
        match is_source {
            true => source(word, report),
            false => destination(word, report),
        }
    }
}

/// The home folder of the one who builds is no part of the build.
fn source(word: &Word, report: &mut Report<'_>) {
    let message = "`~` is not replaced here, and your home folder is no part of the build: write a path inside of the build context";
    let draft = report.at(word.range(), message);
    let name = word.raw().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    if !name.is_empty() && name != "~" && !name.contains(['"', '\'']) {
        let title = format!("Write `{name}`, and put that into the folder you build from");
        draft.unsafe_fix(title, vec![TextEdit::new(word.range(), name)]);
    }
}

/// The home folder in the image, which is that of root unless somebody says otherwise.
fn destination(word: &Word, report: &mut Report<'_>) {
    let message =
        "`~` is not replaced here, a folder of that name is meant: write the whole path, such as `/root/…`";
    let path = word.raw().replacen('~', "/root", 1);
    report
        .at(word.range(), message)
        .unsafe_fix(format!("Write `{path}`"), vec![TextEdit::new(word.range(), path)]);
}

fn begins_with_home(path: &str) -> bool {
    let path = path.trim_start_matches(['"', '\'']);
    path == "~" || path.starts_with("~/")
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn a_real_path_is_written() {
        check_fix(
            "unexpanded-tilde",
            "FROM a\nCOPY ~/m/a.txt ~/b\nWORKDIR ~\n",
            "FROM a\nCOPY a.txt /root/b\nWORKDIR /root\n",
        );
    }

    #[test]
    fn no_instruction_knows_the_home_folder() {
        check_rule(
            "unexpanded-tilde",
            "FROM a\nCOPY ~/a b~ \"~/c\"\n     ^^^\n            ^^^^^\nWORKDIR ~\n        ^\nRUN cd ~/x\n",
        );
    }
}
