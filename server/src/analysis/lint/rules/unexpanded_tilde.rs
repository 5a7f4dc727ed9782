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
        let message = "`~` is not replaced here, a folder of that name is meant: write the whole path, such as `/root/…`";
        report.at(word.range(), message);
    }
}

fn begins_with_home(path: &str) -> bool {
    let path = path.trim_start_matches(['"', '\'']);
    path == "~" || path.starts_with("~/")
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn no_instruction_knows_the_home_folder() {
        check_rule(
            "unexpanded-tilde",
            "FROM a\nCOPY ~/a b~ \"~/c\"\n     ^^^\n            ^^^^^\nWORKDIR ~\n        ^\nRUN cd ~/x\n",
        );
    }
}
